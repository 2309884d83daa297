"""FLT-002: no more data is lost than its scenario allows, from the planned replication (FO-3).

A store whose replication nobody can read is taken to lose too much. A stack without stores loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from nautilus.federation.assessment import Concern
from policies.kit.law import Law
from policies.kit.resource import Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.rules.resilience.missed import faults


def _check(stack: Stack, law: Law) -> Iterator[Fault]:
    yield from faults(stack, law, Concern.POINT)


RULE = Rule(
    id="FLT-002",
    title="recovery point within its target",
    clause=control("FLT-002", "FO-3"),
    severity=Severity.HIGH,
    allowed="the scenario's target",
    fix="plan a replication that can be read",
    whole=_check,
)
