"""A pack as the engine sees it: one policy for resources and one for the stack, each running all rules of the pack.

Guarantees mandatory enforcement and that whatever a rule does, the engine hears of it as a violation. Two policies, not one
a rule: `pulumi_policy` deserialises every resource again for each policy. `serve` never returns.
"""

from __future__ import annotations

from typing import Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from policies.kit import wire
from policies.kit.finding import Finding, render
from policies.kit.judge import failed, judge_resource, judge_stack
from policies.kit.registry import PURPOSE, Pack, rules
from policies.kit.resource import from_args, from_stack
from policies.kit.rule import Rule

_STACK_URN: Final = ""


def policies(pack: Pack) -> list[Policy]:
    """Give the pack's policies, ready for `pulumi_policy`: `<pack>-resources` and `<pack>-stack` where rules need them."""
    every = rules(pack)
    alone = tuple(rule for rule in every if rule.resource is not None)
    together = tuple(rule for rule in every if rule.together)

    def resource(args: ResourceValidationArgs, report: ReportViolation) -> None:
        _report(_resource_findings(alone, args), report)

    def stack(args: StackValidationArgs, report: ReportViolation) -> None:
        _report(_stack_findings(together, args), report)

    made: list[Policy] = []
    if alone:
        made.append(
            ResourceValidationPolicy(
                name=f"{pack}-resources",
                description=f"{PURPOSE[pack]}: each resource before it is created",
                validate=resource,
                enforcement_level=EnforcementLevel.MANDATORY,
                severity=Severity.CRITICAL,
            )
        )
    if together:
        made.append(
            StackValidationPolicy(
                name=f"{pack}-stack",
                description=f"{PURPOSE[pack]}: the resources of a stack with one another",
                validate=stack,
                enforcement_level=EnforcementLevel.MANDATORY,
                severity=Severity.CRITICAL,
            )
        )
    return made


def serve(pack: Pack) -> None:
    """Serve a pack to the engine until the engine ends this process."""
    wire.install()
    PolicyPack(name=str(pack), policies=policies(pack), enforcement_level=EnforcementLevel.MANDATORY)


def _resource_findings(known: tuple[Rule, ...], args: ResourceValidationArgs) -> list[Finding]:
    try:
        return judge_resource(known, from_args(args))
    except Exception as error:  # noqa: BLE001 - fail closed: what cannot be read cannot be passed
        return [failed(known[0], args.urn, error)]


def _stack_findings(known: tuple[Rule, ...], args: StackValidationArgs) -> list[Finding]:
    try:
        return judge_stack(known, from_stack(args.resources))
    except Exception as error:  # noqa: BLE001 - fail closed: what cannot be read cannot be passed
        return [failed(known[0], _STACK_URN, error)]


def _report(findings: list[Finding], report: ReportViolation) -> None:
    for finding in findings:
        report(render(finding), finding.resource or None)
