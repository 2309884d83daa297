"""FLT-006: a tier-0 service is still answered, lawfully, when any one cloud is gone (FO-3, FO-4, JUR-2).

Its names are read as they are planned: with a cloud go its balancers and its DNS, and one other provider's name must lead to
a lawful endpoint on a third party's cloud. How long that takes is FLT-001's; whether what is left carries the load is not
judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from config.model import Cloud
from policies.kit.fronts import fronts, lawful
from policies.kit.law import Law
from policies.kit.props import Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.rules.replication.leads import PROFILE, RECORD_53, RECORD_GCP, front_of, leads
from policies.rules.resilience.require_diverse_paths import FEDERATION

CRITICAL_TIER: Final = 0

_NAMES: Final[Mapping[str, Cloud]] = {RECORD_53: Cloud.AWS, RECORD_GCP: Cloud.GCP, PROFILE: Cloud.AZURE}


def _check(stack: Stack, law: Law) -> Iterator[Fault]:
    environment = law.environment(stack.name)
    if stack.name.partition("-")[2] != FEDERATION:
        return
    ways = _ways(stack, law)
    for front in fronts(law, environment).values():
        if front.halted or front.tier != CRITICAL_TIER:
            continue
        allowed = lawful(front)
        for lost in Cloud:
            left = [
                (provider, endpoint)
                for provider, endpoint in ways.get(front.id, ())
                if provider is not lost and endpoint in allowed and not endpoint.endswith(f"-{lost}")
            ]
            if not left:
                known = sorted({endpoint for _, endpoint in ways.get(front.id, ())})
                yield Fault(
                    f"{front.id} without {lost}: no planned name leads to a lawful endpoint any more; "
                    f"its names lead to {', '.join(known) or 'nothing'}",
                    allowed=f"a name at another provider that leads to one of {', '.join(sorted(allowed))} on another cloud",
                    fix=f"plan the names of all three providers, and a placement in {front.jurisdiction} on another cloud",
                )


def _ways(stack: Stack, law: Law) -> Mapping[str, frozenset[tuple[Cloud, str]]]:
    """Give, by front, every provider whose planned names lead to an endpoint, with that endpoint."""
    found: dict[str, set[tuple[Cloud, str]]] = {}
    for resource in stack:
        if resource.type in _NAMES:
            front, ends = _read(resource, stack, law)
            found.setdefault(front, set()).update((_NAMES[resource.type], one) for one in ends)
    return {front: frozenset(ways) for front, ways in found.items()}


def _read(resource: Resource, stack: Stack, law: Law) -> tuple[str, frozenset[str]]:
    try:
        front = front_of(resource, law)
        ends = frozenset(lead.endpoint for lead in leads(resource, stack, law) if lead.endpoint is not None)
    except Undecided:
        return "", frozenset()  # REP-008 has said so; what cannot be read serves nobody
    return front or "", ends


RULE = Rule(
    id="FLT-006",
    title="a tier-0 service survives the loss of any one cloud, lawfully",
    clause=control("FLT-006", "FO-3"),
    severity=Severity.CRITICAL,
    allowed="lawful endpoints and names on two clouds at least",
    fix="plan names at all three providers, and a placement of the jurisdiction on another cloud",
    whole=_check,
)
