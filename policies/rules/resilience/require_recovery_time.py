"""FLT-001: each of the seven disasters is over within its target, from what is planned (FO-3, FO-4).

The time is what planned probes, TTLs and balancers add up to at the worst, with what the catalogue knows of each mechanism.
The finding names the record, probe or balancer that takes most of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from nautilus.federation.assessment import Concern
from policies.kit.law import Law
from policies.kit.resource import Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.rules.resilience.missed import faults


def _check(stack: Stack, law: Law) -> Iterator[Fault]:
    yield from faults(stack, law, Concern.TIME)


RULE = Rule(
    id="FLT-001",
    title="recovery time within its target",
    clause=control("FLT-001", "FO-3"),
    severity=Severity.HIGH,
    allowed="the scenario's target, or what a declared deviation accepts",
    fix="shorten the probe or the TTL that the finding names",
    whole=_check,
)
