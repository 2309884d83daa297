"""FLT-003: the availability composed from the providers' agreements meets the tier's (CLU-3, FO-4).

Only what is planned counts; what belongs to another stack counts as always there.
"""

from __future__ import annotations

from collections.abc import Iterator

from nautilus.federation.assessment import Concern
from policies.kit.law import Law
from policies.kit.resource import Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.rules.resilience.missed import faults


def _check(stack: Stack, law: Law) -> Iterator[Fault]:
    yield from faults(stack, law, Concern.AVAILABILITY)


RULE = Rule(
    id="FLT-003",
    title="composed availability meets the tier's",
    clause=control("FLT-003", "CLU-3"),
    severity=Severity.HIGH,
    allowed="the tier's availability, or what a declared shortfall accepts",
    fix="plan what the finding names, or another endpoint on another cloud",
    whole=_check,
)
