"""Rules over a whole stack: judged once, told at the resource that is to be mended, and closed where they break."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.kit.judge import judge_stack
from policies.kit.law import Law, law
from policies.kit.props import Props, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Scope, Severity, control
from policies.kit.wire import Concealed, ConcealedNumber
from tests.policies.analyzer import UNKNOWN

ROOT = "urn:pulumi:prod-emea::nautilus::pulumi:pulumi:Stack::nautilus-prod-emea"
VPC = "urn:pulumi:prod-emea::nautilus::aws:ec2/vpc:Vpc::vpc"


def stack(*more: Resource) -> Stack:
    root = Resource(urn=ROOT, type="pulumi:pulumi:Stack", name="nautilus-prod-emea", props=Props({"members": {}}))
    return Stack([root, Resource(urn=VPC, type="aws:ec2/vpc:Vpc", name="vpc", props=Props({})), *more])


def rule(check: object) -> Rule:
    return Rule(
        id="TST-001",
        title="a test",
        clause=control("TST-001", "OPS-3"),
        severity=Severity.HIGH,
        allowed="nothing",
        fix="none",
        whole=check,  # type: ignore[arg-type]
    )


def told_at(urn: str | None) -> Rule:
    def check(_stack: Stack, _law: Law) -> Iterator[Fault]:
        yield Fault("something", at=urn)

    return rule(check)


def test_a_finding_is_told_once_at_its_resource_or_at_the_stack() -> None:
    assert [one.resource for one in judge_stack([told_at(VPC)], stack())] == [VPC]
    assert [one.resource for one in judge_stack([told_at(None)], stack())] == [ROOT]
    assert told_at(None).scope is Scope.STACK
    assert told_at(None).together


def test_a_rule_that_breaks_or_cannot_tell_stops_the_stack() -> None:
    def breaks(_stack: Stack, _law: Law) -> Iterator[Fault]:
        raise KeyError("secret text")
        yield

    def cannot(_stack: Stack, _law: Law) -> Iterator[Fault]:
        raise Undecided("vpc")
        yield

    broken, unsure = judge_stack([rule(breaks), rule(cannot)], stack())
    assert (broken.resource, unsure.resource) == (ROOT, ROOT)
    assert "KeyError" in broken.found
    assert "secret text" not in broken.found
    assert unsure.verdict == "undecided"


def test_a_rule_that_checks_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="TST-001 checks nothing"):
        rule(None)


def test_a_stack_reads_a_thing_once_and_finds_what_is_above() -> None:
    made: list[int] = []
    child = Resource(urn=f"{VPC}-child", type="aws:ec2/subnet:Subnet", name="child", props=Props({}), parent=VPC)
    looked = stack(child)
    assert [looked.once("x", lambda: made.append(1) or len(made)) for _ in range(3)] == [1, 1, 1]
    above = looked.above(child, "aws:ec2/vpc:Vpc")
    assert above is not None
    assert above.urn == VPC
    assert looked.above(child, "nautilus:interconnect:Interlink") is None
    assert looked.root.urn == ROOT
    assert looked.name == "prod-emea"
    assert Stack([]).name == ""
    assert Stack([]).root.urn == ""


def test_masking_leaves_no_secret_and_one_kind_of_unknown() -> None:
    props = Props({"a": Concealed("s"), "b": [ConcealedNumber(1), UNKNOWN], "c": {"d": "plain", "e": 2.0}})
    assert props.masked("?", "*") == {"a": "*", "b": ["*", "?"], "c": {"d": "plain", "e": 2.0}}


def test_elements_are_counted_though_they_are_unknown() -> None:
    props = Props({"many": [UNKNOWN, "x"], "one": "x", "hidden": UNKNOWN})
    assert len(props.elements("many")) == 2
    assert props.elements("one") == ("x",)
    assert props.elements("none") == ()
    with pytest.raises(Undecided, match="hidden"):
        props.elements("hidden")


def test_the_environment_is_told_by_the_stacks_name() -> None:
    assert law().environment("staging-federation") == "staging"
    with pytest.raises(Undecided, match="begins with none of dev, prod, staging"):
        law().environment("elsewhere")
