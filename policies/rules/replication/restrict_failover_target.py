"""REP-008: names and balancers lead only to endpoints that may lawfully answer for their front (DNS-1, DNS-2, JUR-2).

Who may answer is derived from the catalogue (`nautilus.federation.front`), the same way as the records themselves are: no
record, profile or backend is trusted for what it is called. A balancer belongs to the jurisdiction of the account it is made
in, and only placements of that jurisdiction may stand behind it. Before a region stack has been deployed its ids are not
known: an endpoint's name, Google's rule that a backend's group is of the service's own project, and a listed region decide
until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from config.model import Cloud
from nautilus.federation.plan import PlacementPlan
from policies.kit import reference
from policies.kit.fronts import apex, behind, endpoint_of, fronts, lawful
from policies.kit.law import Law
from policies.kit.location import locate, place_of
from policies.kit.props import Props, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show
from policies.kit.wire import reveal
from policies.rules.replication.leads import (
    ENDPOINT,
    PROFILE,
    RECORD_53,
    RECORD_AZURE,
    RECORD_GCP,
    Lead,
    front_of,
    leads,
)

INERT: Final = frozenset({"SOA", "TXT", "CAA", "DS"})
"""Record types that lead nobody anywhere."""

ANSWERING: Final = frozenset({"A", "AAAA", "CNAME"})
"""Record types that can be judged by where they lead; any other at a front's name leads it away, or delegates it."""

_TYPES: Final[Mapping[str, str]] = {RECORD_53: "type", RECORD_GCP: "type", RECORD_AZURE: "recordType"}
_PRIVATE: Final = "private"
_GLOBAL: Final = "Global"


def _name(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    """Judge a record or a profile."""
    if resource.type in _TYPES:
        kind = (resource.props.text(_TYPES[resource.type]) or "").rpartition("/")[2].upper()
        if kind in INERT or _private(resource, stack):
            return
        if kind == "NS" and _apex(resource, law):
            return
        if kind not in ANSWERING:
            yield Fault(f"{_called(resource)} is a record of type {kind or 'unknown'}", allowed=", ".join(sorted(ANSWERING)))
            return
    found = front_of(resource, law)
    if found is None:
        yield Fault(
            f"{_called(resource)} is the name of no front, and leads to {_list(leads(resource, stack, law))}",
            allowed="names of the fronts that follow from the catalogue",
        )
        return
    front = fronts(law, law.environment(resource.stack))[found]
    allowed = lawful(front)
    for lead in leads(resource, stack, law):
        if lead.front == found or lead.endpoint in allowed:
            continue
        what = "another front" if lead.front is not None else lead.endpoint or "no endpoint of the federation"
        yield Fault(
            f"{found} ({front.data} data of {front.jurisdiction}) leads to {lead.says}: {what}",
            allowed=f"{', '.join(sorted(allowed))}, who may lawfully answer for {front.data} data of {front.jurisdiction}",
        )


def _list(found: tuple[Lead, ...]) -> str:
    return ", ".join(lead.says for lead in found) or "nothing"


def _called(resource: Resource) -> str:
    for path in ("name", "relativeRecordSetName", "dnsConfig.relativeName"):
        if resource.props.known(path) and (text := resource.props.text(path)) is not None:
            return show(text)
    return resource.name


def _private(resource: Resource, stack: Stack) -> bool:
    """Give whether a record is in a zone that a network alone can ask, which no client uses."""
    return resource.type == RECORD_GCP and any(
        zone.props.known("visibility") and zone.props.text("visibility") == _PRIVATE
        for zone in stack.sources(resource, "managedZone")
    )


def _apex(resource: Resource, law: Law) -> bool:
    name = (resource.props.text("name") or "").lower().rstrip(".")
    return resource.cloud is not None and name == apex(law, law.environment(resource.stack), resource.cloud)


def _endpoint(resource: Resource, _stack: Stack, _law: Law) -> Iterator[Fault]:
    yield Fault(
        f"{resource.name} is an endpoint that stands outside its profile",
        allowed="endpoints as part of their profile, where they are judged together",
        fix="declare the endpoint in the profile's own list",
    )


def _group(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    """Judge what an accelerator's endpoint group has behind it."""
    endpoint, plans = _members(resource, law)
    region = resource.props.text("endpointGroupRegion")
    if region is None:
        raise Undecided("endpointGroupRegion", "is not set")
    if region not in {plan.location.region for plan in plans}:
        yield _outside(endpoint, plans, f"region {show(region)}", law.jurisdiction_of(f"{Cloud.AWS}/{reveal(region)}"))
    for one in resource.props.each("endpointConfigurations"):
        yield from _behind(one, "endpointId", (endpoint, plans), law)
    for source in stack.sources(resource, "listenerArn", "endpointConfigurations"):
        yield from _same(source, endpoint, law)


def _backends(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    """Judge the groups of a Google backend service."""
    endpoint, plans = _members(resource, law)
    for one in resource.props.each("backends"):
        yield from _behind(one, "group", (endpoint, plans), law)
    for source in stack.sources(resource, "backends"):
        place = locate(source, stack)
        if place is not None and place.single and place.name not in {plan.location.region for plan in plans}:
            yield _outside(endpoint, plans, source.name, law.jurisdiction_of(place.id))
        yield from _same(source, endpoint, law)


def _pools(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    """Judge what an Azure balancer of the Global tier has behind it; a regional one has its own network's nodes."""
    if resource.props.text("sku.tier") != _GLOBAL:
        return
    endpoint, plans = _members(resource, law)
    names = {plan.name for plan in plans}
    for pool in resource.props.each("backendAddressPools"):
        for one in pool.each("loadBalancerBackendAddresses"):
            if one.known("loadBalancerFrontendIPConfiguration.id"):
                yield from _behind(one, "loadBalancerFrontendIPConfiguration.id", (endpoint, plans), law)
                if one.text("ipAddress") is not None:
                    yield Fault(f"backend {show(one.text('ipAddress'))} is a bare address", allowed="a placement's frontend")
            elif one.text("name") not in names:
                yield Fault(
                    f"backend {show(one.text('name') or '')}, whose frontend cannot be known at preview",
                    allowed=f"{', '.join(sorted(names))}, behind {endpoint}",
                )
    for source in stack.sources(resource, "backendAddressPools"):
        yield from _same(source, endpoint, law)


def _members(resource: Resource, law: Law) -> tuple[str, tuple[PlacementPlan, ...]]:
    """Give the endpoint that a balancer is, by the account it is made in, and the placements that may stand behind it."""
    endpoint = endpoint_of(resource, law)
    if endpoint is None:
        raise Undecided("provider", "names no account of the catalogue")
    return endpoint, behind(law, law.environment(resource.stack)).get(endpoint, ())


def _behind(props: Props, path: str, members: tuple[str, tuple[PlacementPlan, ...]], law: Law) -> Iterator[Fault]:
    """Judge one backend by the account and place that its own id tells, where it is known."""
    if not props.known(path):
        return
    endpoint, plans = members
    text = props.text(path)
    read = reference.read(text) if text is not None else None
    if text is None or read is None or read.account is None:
        yield Fault(
            f"backend {show(text or '')} tells neither account nor place",
            allowed=f"the whole id of an entry of {', '.join(sorted(plan.name for plan in plans))}",
        )
        return
    owner = law.owner(read.cloud, read.account)
    place = place_of(text)
    regions = {plan.location.region for plan in plans}
    if owner is None or f"{owner[1]}-{read.cloud}" != endpoint or (place is not None and place.name not in regions):
        where = law.jurisdiction_of(place.id) if place is not None else None
        yield _outside(endpoint, plans, f"backend {show(text)}", where or (owner[1] if owner else None))


def _outside(endpoint: str, plans: tuple[PlacementPlan, ...], what: str, where: str | None) -> Fault:
    return Fault(
        f"{endpoint} has {what} behind it, in {where or 'no jurisdiction of the catalogue'}",
        allowed=", ".join(sorted(f"{plan.name} in {plan.location.region}" for plan in plans)) or "nothing",
    )


def _same(source: Resource, endpoint: str, law: Law) -> Iterator[Fault]:
    other = endpoint_of(source, law)
    if other != endpoint:
        yield Fault(
            f"{endpoint} is joined to {source.name}, of {other or 'no jurisdiction'}",
            allowed=f"resources of {endpoint} alone",
        )


_JUDGES: Final[Mapping[str, Callable[[Resource, Stack, Law], Iterator[Fault]]]] = {
    RECORD_53: _name,
    RECORD_GCP: _name,
    RECORD_AZURE: _name,
    PROFILE: _name,
    ENDPOINT: _endpoint,
    "aws:globalaccelerator/endpointGroup:EndpointGroup": _group,
    "gcp:compute/backendService:BackendService": _backends,
    "azure-native:network:LoadBalancer": _pools,
}


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    yield from _JUDGES[resource.type](resource, stack, law)


RULE = Rule(
    id="REP-008",
    title="names and balancers lead to lawful targets only",
    clause=control("REP-008", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="endpoints that may lawfully answer for the front",
    fix="take the target out: who answers follows from the catalogue's law, roles and operations",
    stack=_check,
    types=frozenset(_JUDGES),
)
