"""FLT-005: no route is planned between places that are farther apart than its budget lets light travel (NET-1, CLU-3).

The places are those where the link's two ends are really planned, by their providers, so that a link that was moved is
judged anew. Whether real fibre keeps the budget is not said: the floor is a great circle at 200,000 km/s.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from nautilus.federation.latency import floor_ms
from policies.kit.law import Law
from policies.kit.location import provider_region
from policies.kit.props import Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.rules.replication.restrict_peering import declared
from policies.rules.resilience.require_diverse_paths import parts


def _check(stack: Stack, law: Law) -> Iterator[Fault]:
    routes = declared(law, law.environment(stack.name))
    for name, found in parts(stack).items():
        link = routes.get(name)
        if link is None:
            continue  # REP-007 has said that no route declares it
        places = sorted({_place(resource) for resource in found})
        for first, second in combinations(places, 2):
            here, there = (law.catalogue.locations.get(one) for one in (first, second))
            if here is None or there is None:
                raise Undecided(f"the ends of {name}", f"are not all in the catalogue: {first}, {second}")
            floor = floor_ms(here, there)
            if floor > link.route.budget_ms:
                yield Fault(
                    f"{name} is planned from {here.id} to {there.id}, {floor:.1f} ms apart at best, "
                    f"within {link.route.budget_ms:g} ms",
                    allowed=f"a budget of at least {floor:.1f} ms, or ends that are nearer",
                    at=found[0].urn,
                )


def _place(resource: Resource) -> str:
    region = provider_region(resource)
    if region is None:
        raise Undecided(f"the region of {resource.name}", "is named by no provider")
    return f"{resource.cloud}/{region}"


RULE = Rule(
    id="FLT-005",
    title="a route's budget stands above its physical floor",
    clause=control("FLT-005", "CLU-3"),
    severity=Severity.HIGH,
    allowed="a budget above the floor between the two planned ends",
    fix="raise the route's budget, or place its ends nearer to each other",
    whole=_check,
)
