"""Where a DNS name leads: every target of a record or profile, as endpoints of the federation (DNS-1, JUR-2).

Guarantees that a target is told by what it is computed from, or by its own text, before by what it calls itself; that what
nothing tells is unknown, never lawful. A value that only a region stack can hand over is told by the endpoint's name that
stands beside it, and only as long as that stack has handed nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.model import Cloud
from policies.kit import reference
from policies.kit.fronts import TRAFFIC_MANAGER, behind, contracts, endpoint_of, named
from policies.kit.law import Law
from policies.kit.props import UNKNOWN_AT_PREVIEW, Props
from policies.kit.resource import Resource, Stack

RECORD_53: Final = "aws:route53/record:Record"
RECORD_GCP: Final = "gcp:dns/recordSet:RecordSet"
RECORD_AZURE: Final = "azure-native:dns:RecordSet"
PROFILE: Final = "azure-native:trafficmanager:Profile"
ENDPOINT: Final = "azure-native:trafficmanager:Endpoint"

_NAMES: Final = frozenset({RECORD_53, RECORD_GCP, RECORD_AZURE, PROFILE})
_BESIDE: Final = frozenset(
    {
        "aws:route53/healthCheck:HealthCheck",
        "aws:route53/zone:Zone",
        "azure-native:dns:Zone",
        "azure-native:resources:ResourceGroup",
        "gcp:compute/healthCheck:HealthCheck",
        "gcp:dns/managedZone:ManagedZone",
    }
)
"""What a name is computed from besides its targets."""
_NESTED: Final = "nestedEndpoints"


@dataclass(frozen=True, kw_only=True)
class Lead:
    """One target: its endpoint `<jurisdiction>-<cloud>`, None for what is none of ours, and how it is told.

    `front` is set in place of an endpoint where it leads to another name of that front.
    """

    says: str
    endpoint: str | None = None
    front: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Value:
    """One value that leads on, as far as it is known, with the name of an endpoint that stands beside it."""

    path: str
    top: str
    text: str | None
    claim: str | None = None


def leads(resource: Resource, stack: Stack, law: Law) -> tuple[Lead, ...]:
    """Give where a name leads, from its sources and its values; a target that cannot be told is one of no endpoint.

    Raises Undecided where it cannot be told how many targets there are.
    """
    return stack.once(("leads", resource.urn), lambda: tuple(_leads(resource, stack, law)))


def _leads(resource: Resource, stack: Stack, law: Law) -> Iterator[Lead]:
    values = list(_values(resource))
    sources: dict[str, list[Resource]] = {}
    for top in dict.fromkeys(value.top for value in values):
        sources[top] = [one for one in stack.sources(resource, top) if one.type not in _BESIDE]
        for source in sources[top]:
            yield _source(source, law)
    addresses = stack.once("addresses", lambda: _addresses(stack, law))
    nameless = _nameless(stack, law)
    unknown: dict[str, int] = {}
    for value in values:
        if value.text is not None:
            yield _told(value, resource, law, addresses)
        elif value.claim is None:
            unknown[value.top] = unknown.get(value.top, 0) + 1
        elif value.claim in nameless:
            yield Lead(endpoint=value.claim, says=f"{value.path}, of {value.claim}")
        elif not _computed(value, sources[value.top], law):
            yield Lead(says=f"{value.path}, which {UNKNOWN_AT_PREVIEW}")
    for top, count in unknown.items():
        if count > len({lead.endpoint for lead in (_source(one, law) for one in sources[top])}) + len(nameless):
            yield Lead(says=f"{top}, some of which {UNKNOWN_AT_PREVIEW}")


def _computed(value: _Value, sources: list[Resource], law: Law) -> bool:
    """Give whether an unknown value is one of those that are computed from sources, as far as its name tells."""
    if value.top != "endpoints":
        return bool(sources)
    if value.path.endswith("targetResourceId"):
        return any(one.type in _NAMES for one in sources)
    return value.claim in {endpoint_of(one, law) for one in sources}


def _values(resource: Resource) -> Iterator[_Value]:
    props = resource.props
    match resource.type:
        case "aws:route53/record:Record":
            claim = _text(props, "setIdentifier")
            for index, _ in enumerate(_list(props, "records")):
                yield _value(props, f"records.{index}", claim)
            for index, _ in enumerate(_list(props, "aliases")):
                yield _value(props, f"aliases.{index}.name", claim)
        case "gcp:dns/recordSet:RecordSet":
            for index, _ in enumerate(_list(props, "rrdatas")):
                yield _value(props, f"rrdatas.{index}", None)
            yield from _policy(props)
        case "azure-native:dns:RecordSet":
            yield from _azure_record(props)
        case _:
            yield from _endpoints(props)


def _policy(props: Props) -> Iterator[_Value]:
    """Yield every address that a routing policy of Cloud DNS holds, wherever it stands."""
    if not props.present("routingPolicy"):
        return
    for path in ("routingPolicy.wrrs", "routingPolicy.geos", "routingPolicy.primaryBackup.backupGeos"):
        for index, _ in enumerate(_list(props, path)):
            for leaf in ("rrdatas", "healthCheckedTargets.externalEndpoints"):
                for place, _ in enumerate(_list(props, f"{path}.{index}.{leaf}")):
                    yield _value(props, f"{path}.{index}.{leaf}.{place}", None)
            for place, _ in enumerate(_list(props, f"{path}.{index}.healthCheckedTargets.internalLoadBalancers")):
                yield _value(props, f"{path}.{index}.healthCheckedTargets.internalLoadBalancers.{place}.ipAddress", None)
    for place, _ in enumerate(_list(props, "routingPolicy.primaryBackup.primary.externalEndpoints")):
        yield _value(props, f"routingPolicy.primaryBackup.primary.externalEndpoints.{place}", None)
    for place, _ in enumerate(_list(props, "routingPolicy.primaryBackup.primary.internalLoadBalancers")):
        yield _value(props, f"routingPolicy.primaryBackup.primary.internalLoadBalancers.{place}.ipAddress", None)


def _azure_record(props: Props) -> Iterator[_Value]:
    if props.present("cnameRecord"):
        yield _value(props, "cnameRecord.cname", None)
    for kind, leaf in (("aRecords", "ipv4Address"), ("aaaaRecords", "ipv6Address")):
        for index, _ in enumerate(_list(props, kind)):
            yield _value(props, f"{kind}.{index}.{leaf}", None)
    if props.present("targetResource"):
        yield _value(props, "targetResource.id", None)


def _endpoints(props: Props) -> Iterator[_Value]:
    for index, _ in enumerate(_list(props, "endpoints")):
        path = f"endpoints.{index}"
        kind = props.text(f"{path}.type") or ""
        name = _text(props, f"{path}.name")
        leaf = "targetResourceId" if kind.endswith(_NESTED) or not props.present(f"{path}.target") else "target"
        yield _value(props, f"{path}.{leaf}", name)


def _value(props: Props, path: str, claim: str | None) -> _Value:
    return _Value(path=path, top=path.split(".", 1)[0], text=_text(props, path), claim=claim)


def _text(props: Props, path: str) -> str | None:
    return props.text(path) if props.known(path) else None


def _list(props: Props, path: str) -> list[Any]:
    """Give a list's elements, known or not. Raises Undecided where how many there are is unknown."""
    return list(props.elements(path))


def _source(source: Resource, law: Law) -> Lead:
    if source.type in _NAMES:
        front = front_of(source, law)
        return Lead(front=front or "", says=f"{source.name}, a name of {front or 'no front'}")
    return Lead(
        endpoint=endpoint_of(source, law), says=f"{source.name} ({endpoint_of(source, law) or 'of no jurisdiction'})"
    )


def front_of(resource: Resource, law: Law) -> str | None:
    """Give the id of the front that a record's or profile's name belongs to, None for another. Raises Undecided."""
    environment = law.environment(resource.stack)
    match resource.type:
        case "aws:route53/record:Record":
            cloud, name = Cloud.AWS, resource.props.text("name")
        case "gcp:dns/recordSet:RecordSet":
            cloud, name = Cloud.GCP, resource.props.text("name")
        case "azure-native:dns:RecordSet":
            cloud, name = Cloud.AZURE, resource.props.text("relativeRecordSetName")
            name = f"{name}.{environment}.{law.catalogue.traffic.domains[cloud]}" if name else None
        case _:
            cloud, name = Cloud.AZURE, resource.props.text("dnsConfig.relativeName")
    found = named(law, environment, cloud, name) if name else None
    return found.id if found is not None else None


def _told(value: _Value, resource: Resource, law: Law, addresses: Mapping[str, str]) -> Lead:
    """Give what a known text leads to: an address of ours, a name of ours, or an id that tells an account."""
    text = (value.text or "").lower().rstrip(".").strip('"')
    says = f"{value.path} {value.text}"
    if text in addresses:
        return Lead(endpoint=addresses[text], says=f"{says} ({addresses[text]})")
    environment = law.environment(resource.stack)
    provider = resource.cloud or Cloud.AWS
    if text.startswith("/subscriptions/"):
        known = reference.read(text)
        owner = law.owner(Cloud.AZURE, known.account) if known is not None and known.account else None
        if "/trafficmanagerprofiles/" in text:
            profile = named(law, environment, Cloud.AZURE, f"{text.rpartition('/')[2]}.{environment}")
            return Lead(front=profile.id if profile is not None else "", says=says)
        return Lead(endpoint=f"{owner[1]}-azure" if owner else None, says=says)
    if provider is Cloud.AZURE and not text.endswith(TRAFFIC_MANAGER):
        return Lead(says=says)
    front = named(law, environment, provider, text)
    return Lead(front=front.id, says=says) if front is not None else Lead(says=says)


def _addresses(stack: Stack, law: Law) -> Mapping[str, str]:
    """Give every address and name of a balancer that this stack makes or was handed, lower case, to its endpoint."""
    found: dict[str, str] = {}
    known = behind(law, law.environment(stack.name))
    of = {plan.name: name for name, plans in known.items() for plan in plans}
    for placement, contract in contracts(stack).items():
        entry = contract.get("entry")
        address = entry.get("address") if isinstance(entry, Mapping) else None
        if isinstance(address, str) and placement in of:
            found[address.lower()] = of[placement]
    for resource in stack:
        for path in _OWN.get(resource.type, ()):
            endpoint = endpoint_of(resource, law)
            if endpoint is not None and resource.props.known(path):
                for text in _texts(resource.props.get(path)):
                    found[text.lower()] = endpoint
    return found


_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:globalaccelerator/accelerator:Accelerator": ("dnsName", "ipSets"),
    "gcp:compute/globalAddress:GlobalAddress": ("address",),
    "azure-native:network:PublicIPAddress": ("ipAddress",),
}
"""Where a balancer's own address stands among its outputs."""


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever the output holds
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _nameless(stack: Stack, law: Law) -> frozenset[str]:
    """Give the endpoints whose address only a region stack can tell and has not told yet."""

    def make() -> frozenset[str]:
        made = {endpoint_of(resource, law) for resource in stack if resource.type in _OWN}
        told = contracts(stack)
        known = behind(law, law.environment(stack.name))
        return frozenset(
            name for name, plans in known.items() if name not in made and not any(plan.name in told for plan in plans)
        )

    return stack.once("nameless", make)
