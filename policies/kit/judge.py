"""Running rules so that they can only stop a deployment, never let one slip.

Guarantees that an unknown gives the verdict "undecided" and that any error in a rule, or in reading the catalogue, is a
finding that names the rule; both stop the deployment like a failure. No finding built on a secret shows what was read.
Waivers do not live here: `settle` is the one place through which every finding passes.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from policies.kit.finding import COULD_NOT_DECIDE, Finding
from policies.kit.law import Law, law
from policies.kit.location import exempt
from policies.kit.props import UNKNOWN_AT_PREVIEW, Told, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule
from policies.kit.wire import HIDDEN

_CATALOGUE_FIX: Final = "run `nautilus check`, mend the catalogue, and preview again"


def judge_resource(rules: Sequence[Rule], resource: Resource) -> list[Finding]:
    """Give what the rules find in one resource alone, before it is created."""
    if exempt(resource):
        return []
    known = _law()
    if isinstance(known, str):
        return [_no_law(rules[0], resource, known)]
    findings: list[Finding] = []
    for rule in rules:
        check = rule.resource
        if check is not None and rule.applies(resource):
            findings += _run(rule, resource, _bound(check, resource, known))
    return settle(findings)


def judge_stack(rules: Sequence[Rule], stack: Stack) -> list[Finding]:
    """Give what the rules find in each resource of a stack with the stack around it, and in the stack as a whole."""
    known = _law()
    findings: list[Finding] = []
    for resource in stack:
        if exempt(resource):
            continue
        if isinstance(known, str):
            return [_no_law(rules[0], resource, known)]
        for rule in rules:
            check = rule.stack
            if check is not None and rule.applies(resource):
                findings += _run(rule, resource, _bound_stack(check, resource, stack, known))
    if not isinstance(known, str):
        for rule in rules:
            if rule.whole is not None:
                findings += _run(rule, stack.root, _bound_whole(rule.whole, stack, known))
    return settle(findings)


def settle(findings: list[Finding]) -> list[Finding]:
    """Give the findings that stand, each once."""
    return list(dict.fromkeys(findings))


def failed(rule: Rule, urn: str, error: Exception) -> Finding:
    """Give the finding for a rule that broke: its kind and where, never its text, which may hold a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Finding(
        rule=rule.id,
        resource=urn,
        found=f"{COULD_NOT_DECIDE}: {type(error).__name__}{where}",
        allowed=rule.allowed,
        clause=str(rule.clause),
        fix="report this with the resource's definition: a rule that cannot decide stops the deployment",
    )


def _bound(
    check: Callable[[Resource, Law], Iterable[Fault]], resource: Resource, known: Law
) -> Callable[[], Iterable[Fault]]:
    return lambda: check(resource, known)


def _bound_stack(
    check: Callable[[Resource, Stack, Law], Iterable[Fault]], resource: Resource, stack: Stack, known: Law
) -> Callable[[], Iterable[Fault]]:
    return lambda: check(resource, stack, known)


def _bound_whole(check: Callable[[Stack, Law], Iterable[Fault]], stack: Stack, known: Law) -> Callable[[], Iterable[Fault]]:
    return lambda: check(stack, known)


def _run(rule: Rule, resource: Resource, check: Callable[[], Iterable[Fault]]) -> Iterator[Finding]:
    """Give a rule's findings. The secret watch is the resource's own: what a rule reads of it is what it may show."""
    watch = resource.props.watch
    watch.secret = False
    try:
        for fault in check():
            yield Finding(
                rule=rule.id,
                resource=fault.at or resource.urn,
                found=HIDDEN if watch.secret else fault.found,
                allowed=fault.allowed or rule.allowed,
                clause=str(fault.clause or rule.clause),
                fix=fault.fix or rule.fix,
            )
    except Told:
        return
    except Undecided as undecided:
        reason = undecided.reason if undecided.reason == UNKNOWN_AT_PREVIEW or not watch.secret else HIDDEN
        yield Finding(
            rule=rule.id,
            resource=resource.urn,
            found=f"{undecided.path} {reason}",
            allowed=rule.allowed,
            clause=str(rule.clause),
            fix=f"give {undecided.path} a plain value that the preview knows"
            if undecided.reason == UNKNOWN_AT_PREVIEW
            else rule.fix,
        )
    except Exception as error:  # noqa: BLE001 - fail closed: whatever breaks in a rule stops the deployment
        yield failed(rule, resource.urn, error)


@lru_cache(maxsize=1)
def _law() -> Law | str:
    """Give the law, or why there is none; either way once a process."""
    try:
        return law()
    except Exception as error:  # noqa: BLE001 - fail closed: without a catalogue nothing is lawful
        problems = getattr(error, "problems", ())
        return f"{len(problems)} problems" if problems else type(error).__name__


def _no_law(rule: Rule, resource: Resource, why: str) -> Finding:
    return Finding(
        rule=rule.id,
        resource=resource.urn,
        found=f"{COULD_NOT_DECIDE}: the catalogue cannot be read ({why})",
        allowed="a sound catalogue",
        clause=str(rule.clause),
        fix=_CATALOGUE_FIX,
    )
