from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config import loader
from config.loader import CatalogueError
from policies.kit import judge, law
from policies.kit.finding import Verdict
from policies.kit.judge import judge_resource, judge_stack
from policies.kit.law import Law
from policies.kit.props import Props
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control

VPC = Resource(urn="urn:pulumi:prod-emea::nautilus::aws:ec2/vpc:Vpc::x", type="aws:ec2/vpc:Vpc", name="x", props=Props({}))


def rule(check: Any, *, stack: bool = False) -> Rule:
    return Rule(
        id="TST-001",
        title="a test",
        clause=control("TST-001", "OPS-3"),
        severity=Severity.HIGH,
        allowed="nothing",
        fix="none",
        resource=None if stack else check,
        stack=check if stack else None,
    )


def breaks(*_: Any) -> Iterator[Fault]:
    yield Fault("one finding first")
    raise KeyError("CANARY")


@pytest.fixture
def no_catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def load(*_: Any) -> Any:
        raise CatalogueError([])

    monkeypatch.setattr(loader, "load", load)
    law.law.cache_clear()
    judge._law.cache_clear()
    yield
    monkeypatch.undo()
    law.law.cache_clear()
    judge._law.cache_clear()


@pytest.mark.parametrize("stack", [False, True])
def test_a_rule_that_breaks_stops_the_deployment_and_tells_no_values(stack: bool) -> None:
    found = judge_stack([rule(breaks, stack=True)], Stack([VPC])) if stack else judge_resource([rule(breaks)], VPC)
    assert [one.found.split(" at ")[0] for one in found] == ["one finding first", "the rule could not decide: KeyError"]
    assert found[1].verdict is Verdict.UNDECIDED
    assert found[1].rule == "TST-001"
    assert "CANARY" not in str(found)


def test_a_rule_that_breaks_does_not_silence_the_next() -> None:
    def fails(_resource: Resource, _law: Law) -> Iterator[Fault]:
        yield Fault("still here")

    assert "still here" in {one.found for one in judge_resource([rule(breaks), rule(fails)], VPC)}


@pytest.mark.usefixtures("no_catalogue")
def test_without_a_catalogue_nothing_passes() -> None:
    def passes(*_: Any) -> Iterator[Fault]:
        return iter(())

    for found in (judge_resource([rule(passes)], VPC), judge_stack([rule(passes, stack=True)], Stack([VPC]))):
        assert [one.found for one in found] == ["the rule could not decide: the catalogue cannot be read (CatalogueError)"]


def test_a_rule_that_checks_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="TST-001 checks nothing"):
        rule(None)
