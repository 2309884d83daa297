"""REP-007: networks are joined only where a declared route joins their placements (NET-1, NET-2, JUR-2, JUR-3).

A declared route is lawful for some data class, or the catalogue would not load; so a peering, tunnel or spoke has to be part
of one, lie at its ends, and lead to the other end and nowhere else. What an id does not tell before it exists (a gateway's
address) is told by the link that it is part of; once a region stack has handed it over, it has to be that one. What joins
parts of one placement's network may join its own parts only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from config.model import Cloud, EnvironmentName
from nautilus.federation.link import Fabric, Link, links
from nautilus.federation.plan import PlacementPlan
from policies.kit import reference
from policies.kit.fronts import contracts, every
from policies.kit.law import Law, account_of
from policies.kit.location import provider_region
from policies.kit.props import UNKNOWN_AT_PREVIEW, Props
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show

LINK: Final = "nautilus:interconnect:Interlink"
HUB: Final = "nautilus:interconnect:GcpHub"

Judge = Callable[[Resource, Stack, Law, PlacementPlan, PlacementPlan], Iterator[Fault]]


@lru_cache(maxsize=8)
def declared(law: Law, environment: EnvironmentName) -> Mapping[str, Link]:
    """Give the links of an environment by their route's id."""
    return {link.route.id: link for link in links(law.catalogue, environment)}


def link_of(resource: Resource, stack: Stack, law: Law) -> Link | None:
    """Give the declared link that a resource is part of, None where it is part of none."""
    above = stack.above(resource, LINK)
    return declared(law, law.environment(resource.stack)).get(above.name) if above is not None else None


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    if resource.type == _SPOKE:
        yield from _spoke(resource, stack, law)
        return
    if resource.type in _WITHIN:
        yield from _within(resource, stack, law)
        return
    link = link_of(resource, stack, law)
    if link is None:
        yield Fault(
            f"{_here(resource, law)} is joined to {_there(resource, law)} by no declared route",
            allowed="joins that a route of config/catalogue/backbone.yaml declares",
        )
        return
    ends = [end.plan for end in link.ends]
    near = next((plan for plan in ends if _at(resource, plan)), None)
    if near is None:
        yield Fault(
            f"{_here(resource, law)} is no end of {link.route.id}", allowed=f"its ends: {', '.join(map(_says, ends))}"
        )
        return
    far = next(plan for plan in ends if plan is not near)
    yield from _JUDGES[resource.type](resource, stack, law, near, far)


def _at(resource: Resource, plan: PlacementPlan) -> bool:
    """Give whether a resource is made in a placement's account and region. Raises Undecided where either is unknown."""
    account = account_of(resource)
    return (
        resource.cloud is plan.cloud
        and account is not None
        and account.lower() == plan.account.id.lower()
        and provider_region(resource) == plan.location.region
    )


def _says(plan: PlacementPlan) -> str:
    return f"{plan.name} ({plan.location.id}, {plan.jurisdiction.id})"


def _here(resource: Resource, law: Law) -> str:
    region = provider_region(resource) or "no region"
    where = law.jurisdiction_of(f"{resource.cloud}/{region}")
    return f"{show(region)} ({resource.cloud}, {where or 'no jurisdiction of the catalogue'})"


def _there(resource: Resource, law: Law) -> str:
    for path in ("peerRegion", "remoteVirtualNetwork.id", "peerGcpGateway"):
        if resource.props.known(path) and (text := resource.props.text(path)) is not None:
            read = reference.read(text)
            region = text if read is None else read.region
            owner = law.owner(read.cloud, read.account) if read is not None and read.account is not None else None
            where = law.jurisdiction_of(f"{resource.cloud}/{region}") if region else None
            return f"{show(text)} ({where or (owner[1] if owner else 'no jurisdiction of the catalogue')})"
    return "another network"


def _peering(resource: Resource, _stack: Stack, _law: Law, near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    """A peering of AWS names the other side's region and account; left out, both are its own."""
    region = resource.props.text("peerRegion") or near.location.region
    account = resource.props.text("peerOwnerId") or resource.props.text("peerAccountId") or near.account.id
    if (region, account) != (far.location.region, far.account.id):
        yield Fault(f"it leads to {show(region)} in account {show(account)}", allowed=_leads(far))


def _accepter(resource: Resource, stack: Stack, law: Law, _near: PlacementPlan, _far: PlacementPlan) -> Iterator[Fault]:
    """An accepter says yes to what its own link asked for, to nothing from elsewhere."""
    prop = "vpcPeeringConnectionId" if "vpcPeering" in resource.type else "transitGatewayAttachmentId"
    own = link_of(resource, stack, law)
    asked = stack.sources(resource, prop)
    if not asked or any(link_of(one, stack, law) is not own for one in asked):
        names = ", ".join(one.name for one in asked)
        yield Fault(f"it accepts {names or 'a peering that this stack does not ask for'}", allowed="its own link's peering")


def _own_part(resource: Resource, stack: Stack, prop: str, far: PlacementPlan) -> Iterator[Fault]:
    """Judge the other side's stand-in that a tunnel goes to: one that its own link makes, never an id from elsewhere."""
    own, sources = stack.above(resource, LINK), stack.sources(resource, prop)
    if not sources:
        yield Fault(f"{prop} is of no part that its link makes", allowed=_leads(far))
    for source in sources:
        if stack.above(source, LINK) is not own:
            yield Fault(f"{prop} comes from {source.name}, which is no part of its link", allowed=_leads(far))


def _connection(resource: Resource, stack: Stack, _law: Law, _near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    yield from _own_part(resource, stack, _STAND_INS[resource.type], far)


def _addresses(
    resource: Resource, stack: Stack, found: Iterator[tuple[Props, str, str]], far: PlacementPlan
) -> Iterator[Fault]:
    """Judge each address of the other side: computed from the link's own resources, or the one that was handed over."""
    handed = _gateway(stack, far)
    own = stack.above(resource, LINK)
    for props, path, top in found:
        sources = stack.sources(resource, top)
        for source in sources:
            if stack.above(source, LINK) is not own:
                yield Fault(f"{top} comes from {source.name}, which is no part of its link", allowed=_leads(far))
        if sources or not props.known(path):
            continue
        text = props.text(path)
        if text is not None and text not in handed:
            yield Fault(f"{path} is {show(text)}, no gateway of {_says(far)}", allowed=_leads(far))


def _gateway(stack: Stack, plan: PlacementPlan) -> tuple[str, ...]:
    gateway = contracts(stack).get(plan.name, {}).get("gateway")
    addresses = gateway.get("addresses") if isinstance(gateway, Mapping) else None
    return tuple(one for one in addresses if isinstance(one, str)) if isinstance(addresses, list) else ()


def _customer(resource: Resource, stack: Stack, _law: Law, _near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    yield from _addresses(resource, stack, iter([(resource.props, "ipAddress", "ipAddress")]), far)


def _external(resource: Resource, stack: Stack, _law: Law, _near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    each = ((one, "ipAddress", "interfaces") for one in resource.props.each("interfaces"))
    yield from _addresses(resource, stack, each, far)


def _tunnel(resource: Resource, stack: Stack, law: Law, _near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    """A tunnel of Google Cloud to another of its gateways says whose project and region that is, once it is there."""
    if resource.props.present("peerExternalGateway"):
        yield from _own_part(resource, stack, "peerExternalGateway", far)
    if resource.props.known("peerGcpGateway") and (text := resource.props.text("peerGcpGateway")) is not None:
        yield from _told(text, far, law, "peerGcpGateway")


def _site(resource: Resource, stack: Stack, _law: Law, _near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    each = ((one, "ipAddress", "vpnSiteLinks") for one in resource.props.each("vpnSiteLinks"))
    yield from _addresses(resource, stack, each, far)
    for index, _ in enumerate(resource.props.elements("addressSpace.addressPrefixes")):
        path = f"addressSpace.addressPrefixes.{index}"
        text = resource.props.text(path)
        if text is not None and not _inside(text, far.nodes):
            yield Fault(f"{path} is {show(text)}", allowed=f"{far.nodes}, the nodes of {far.name}")


def _remote(resource: Resource, _stack: Stack, law: Law, _near: PlacementPlan, far: PlacementPlan) -> Iterator[Fault]:
    props = resource.props
    if props.known("remoteVirtualNetwork.id") and (text := props.text("remoteVirtualNetwork.id")) is not None:
        yield from _told(text, far, law, "remoteVirtualNetwork.id")
    for path in ("allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways"):
        if props.flag(path):
            yield Fault(
                f"{path} is true, so that a third network passes", allowed="no transit: each route joins two placements"
            )


def _told(text: str, far: PlacementPlan, law: Law, path: str) -> Iterator[Fault]:
    read = reference.read(text)
    account = read.account if read is not None else None
    region = read.region if read is not None else None
    if (
        account is None
        or account.lower() != far.account.id.lower()
        or (region or far.location.region) != far.location.region
    ):
        owner = law.owner(read.cloud, account) if read is not None and account is not None else None
        yield Fault(
            f"{path} leads to {show(text)} ({owner[1] if owner else 'no account of the catalogue'})", allowed=_leads(far)
        )


def _spoke(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    """A hub joins every spoke with every other, so that each has to have a link inside Google Cloud in its project."""
    project = account_of(resource)
    plans = {
        plan.name: plan
        for link in declared(law, law.environment(resource.stack)).values()
        for plan in (end.plan for end in link.ends)
        if link.fabric is Fabric.NATIVE
        and plan.cloud is Cloud.GCP
        and len({end.plan.account.id for end in link.ends}) == 1
        and plan.account.id == project
    }
    ranges = resource.props.texts("linkedVpcNetwork.includeExportRanges")
    own = next((plan for plan in plans.values() if list(ranges) == [plan.nodes]), None)
    if own is None or stack.above(resource, HUB) is None:
        yield Fault(
            f"a spoke of {show(project or 'no project')} that gives {', '.join(ranges) or 'every range'}",
            allowed="; ".join(f"{plan.name} with {plan.nodes}" for plan in plans.values()) or "no spoke in this project",
        )
    elif resource.props.known("linkedVpcNetwork.uri") and (text := resource.props.text("linkedVpcNetwork.uri")) is not None:
        read = reference.read(text)
        if read is None or read.account != own.account.id:
            yield Fault(f"linkedVpcNetwork.uri is {show(text)}", allowed=f"the network of {_says(own)}")
    for source in stack.sources(resource, "hub"):
        if account_of(source) != project:
            yield Fault(f"it joins {source.name} of another project", allowed="the hub of its own project")


def _within(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    """What joins parts of one placement's own network: all of them are made in its account and region, by this stack."""
    own = next((plan for plan in every(law, law.environment(resource.stack)).values() if _at(resource, plan)), None)
    if own is None:
        yield Fault(f"{_here(resource, law)} is no placement", allowed="parts of a placement's own network")
        return
    props = resource.props
    for prop, path in _WITHIN[resource.type]:
        sources = stack.sources(resource, prop)
        for source in sources:
            if not _at(source, own):
                yield Fault(f"it joins {source.name}, which is no part of {_says(own)}", allowed=_leads(own))
        text = props.text(path) if props.known(path) else None
        if text is not None and reference.read(text) is not None:
            yield from _told(text, own, law, path)
        elif not sources:
            yield Fault(
                f"{path} is {show(text) if text is not None else UNKNOWN_AT_PREVIEW}, of no part that this stack makes",
                allowed=_leads(own),
            )


def _leads(plan: PlacementPlan) -> str:
    return f"{_says(plan)}, account {plan.account.id}"


def _inside(text: str, whole: str) -> bool:
    try:
        found: Any = ip_network(text)
    except ValueError:
        return False
    return isinstance(found, IPv4Network) and found.subnet_of(IPv4Network(whole))


_SPOKE: Final = "gcp:networkconnectivity/spoke:Spoke"
_WITHIN: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "aws:directconnect/gatewayAssociation:GatewayAssociation": (
        ("dxGatewayId", "dxGatewayId"),
        ("associatedGatewayId", "associatedGatewayId"),
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": (
        ("vpcId", "vpcId"),
        ("transitGatewayId", "transitGatewayId"),
    ),
    "azure-native:network:HubVirtualNetworkConnection": (
        ("remoteVirtualNetwork", "remoteVirtualNetwork.id"),
        ("virtualHubName", "virtualHubName"),
    ),
}
"""What joins parts of one placement, and where it names them: the property, and the path of the id in it."""
_STAND_INS: Final[Mapping[str, str]] = {
    "aws:ec2/vpnConnection:VpnConnection": "customerGatewayId",
    "azure-native:network:VpnConnection": "remoteVpnSite",
}
"""Where a tunnel names what stands for the other side."""
_JUDGES: Final[Mapping[str, Judge]] = {
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": _peering,
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": _accepter,
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": _peering,
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": _accepter,
    "aws:ec2/customerGateway:CustomerGateway": _customer,
    "aws:ec2/vpnConnection:VpnConnection": _connection,
    "gcp:compute/externalVpnGateway:ExternalVpnGateway": _external,
    "gcp:compute/vPNTunnel:VPNTunnel": _tunnel,
    "azure-native:network:VirtualNetworkPeering": _remote,
    "azure-native:network:VpnConnection": _connection,
    "azure-native:network:VpnSite": _site,
}
"""What each type that joins two networks has to be, beside being part of a declared link and lying at one of its ends."""

RULE = Rule(
    id="REP-007",
    title="peering and transit only on declared routes",
    clause=control("REP-007", "JUR-3"),
    severity=Severity.CRITICAL,
    allowed="what a declared route asks for between its two placements",
    fix="take it out, or declare the route in config/catalogue/backbone.yaml, which says whether it may lawfully be",
    stack=_check,
    types=frozenset({*_JUDGES, *_WITHIN, _SPOKE}),
)
