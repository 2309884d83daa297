"""RES-002: where a resource will lie is allowed for its home jurisdiction and its data class (JUR-2).

What a resource's own properties and provider tell is judged before it is created; what only a reference tells (a key in its
ring, a subnet in its network) is judged in the stack. Without a data-class label the strictest class is meant. Multi-regions
are RES-004's, types without a place RES-006's and RES-007's.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.model import Cloud
from policies.kit.law import Law
from policies.kit.location import Place, entry, locate, must
from policies.kit.location_entries import How
from policies.kit.props import Told, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, cite, control, show


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    found = entry(resource)
    if found is not None and found.how in (How.OWN, How.MUST):
        if resource.cloud is Cloud.AWS and not resource.props.known("region"):
            return  # RES-003 says so
        yield from _judge(resource, must(locate(resource), resource), law)


def _check_stack(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    found = entry(resource)
    if found is not None and found.how is How.OF:
        yield from _judge(resource, must(_settled(resource, stack), resource), law)


def _settled(resource: Resource, stack: Stack) -> Place | None:
    try:
        return locate(resource, stack)
    except Undecided:
        raise Told("RES-002 of what it refers to, whose own location cannot be known") from None


def _judge(resource: Resource, place: Place, law: Law) -> Iterator[Fault]:
    if not place.single:
        return
    home, data, rule = law.residency(resource)
    where = law.jurisdiction_of(place.id)
    if where is not None and rule.permits(where):
        return
    allowed = law.catalogue.jurisdictions if rule.everywhere else rule.jurisdictions
    lies = f"in jurisdiction {where}" if where else "in no jurisdiction of the catalogue"
    yield Fault(
        found=f"{data} data of {home.id} at {show(place.name)} ({place.cloud}), {lies}",
        allowed=f"{', '.join(sorted(allowed))}: {law.regions(place.cloud, allowed)}",
        clause=cite(rule.clause),
        fix=f"move it to an allowed region, or declare the jurisdiction and class it really serves (home is {home.id})",
    )


RULE = Rule(
    id="RES-002",
    title="effective location allowed for jurisdiction and data class",
    clause=control("RES-002", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="a location in a jurisdiction where its home's law lets its data class rest",
    fix="name a location of the home jurisdiction, on the resource or on its provider",
    resource=_check,
    stack=_check_stack,
)
