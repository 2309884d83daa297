"""FLT-004: every route has two ways at least, at both ends, that share no gateway interface, site or medium (NET-1, NET-4).

Links are judged in the stack that plans them, leased ports in the stack of their placement: a port's meet-me site is what it
must not share. That two carriers share no duct is for their contracts to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from config.model import Cloud
from nautilus.federation.link import Fabric, Link, Port, gateway
from nautilus.federation.plan import PlacementPlan
from policies.kit.fronts import every
from policies.kit.law import Law
from policies.kit.location import provider_region
from policies.kit.props import Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.kit.wire import reveal
from policies.rules.replication.restrict_peering import LINK, declared

LEAST: Final = 2
FEDERATION: Final = "federation"

_CONNECTION: Final = "aws:ec2/vpnConnection:VpnConnection"
_TUNNEL: Final = "gcp:compute/vPNTunnel:VPNTunnel"
_AZURE_CONNECTION: Final = "azure-native:network:VpnConnection"
_NATIVE: Final[Mapping[Cloud, frozenset[str]]] = {
    Cloud.AWS: frozenset(
        {
            "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
            "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        }
    ),
    Cloud.AZURE: frozenset({"azure-native:network:VirtualNetworkPeering"}),
    Cloud.GCP: frozenset(),
}
_PORTS: Final[Mapping[Cloud, tuple[str, str, str]]] = {
    Cloud.AWS: ("aws:directconnect/connection:Connection", "{}-gateway-{}", "location"),
    Cloud.GCP: ("gcp:compute/interconnect:Interconnect", "{}-gateway-{}", "location"),
    Cloud.AZURE: ("azure-native:network:ExpressRoutePort", "{}-gateway-ports-{}", "peeringLocation"),
}
"""Each cloud's leased port: its type, its logical name from placement and port, and where it says its site."""


def parts(stack: Stack) -> Mapping[str, tuple[Resource, ...]]:
    """Give every resource of each link by the link's name."""

    def make() -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in stack:
            if resource.cloud is not None and not resource.is_provider:
                above = stack.above(resource, LINK)
                if above is not None:
                    found.setdefault(above.name, []).append(resource)
        return {name: tuple(resources) for name, resources in found.items()}

    return stack.once("links", make)


def _check(stack: Stack, law: Law) -> Iterator[Fault]:
    environment = law.environment(stack.name)
    group = stack.name.partition("-")[2]
    if group == FEDERATION:
        for route, link in declared(law, environment).items():
            yield from _link(link, parts(stack).get(route, ()), stack)
        return
    named = {(resource.type, resource.name): resource for resource in stack}
    for plan in every(law, environment).values():
        if plan.cluster.group == group:
            yield from _leased(plan, gateway(law.catalogue, plan).ports, named)


def _link(link: Link, found: tuple[Resource, ...], stack: Stack) -> Iterator[Fault]:
    for end in link.ends:
        ways = sorted(set(_ways(link, end.plan, found, stack)))
        if len(ways) < LEAST:
            what = f"{len(ways)} way{'' if len(ways) == 1 else 's'}{f' ({ways[0][0]})' if ways else ''}"
            yield Fault(
                f"{link.route.id} has {what} planned at {end.plan.name}",
                allowed=f"at least {LEAST} at each end, of {', '.join(link.route.paths)}",
                at=found[0].urn if found else None,
            )


def _ways(link: Link, plan: PlacementPlan, found: tuple[Resource, ...], stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield each way of one end: what it is, and what tells it from the others, which may be a secret and is not shown.

    A way inside one cloud is both ends', whichever of them asks for it.
    """
    native = link.fabric is Fabric.NATIVE
    for resource in found:
        here = resource.cloud is plan.cloud and provider_region(resource) == plan.location.region
        if native and resource.type in _NATIVE[plan.cloud]:
            yield resource.type.rpartition(":")[2], ""
        elif here and resource.type == _CONNECTION:
            peers = stack.sources(resource, "customerGatewayId")
            yield "connection", peers[0].name if peers else resource.name
        elif here and resource.type == _TUNNEL:
            yield "tunnel", f"{resource.props.number('vpnGatewayInterface')}"
        elif here and resource.type == _AZURE_CONNECTION:
            # Azure gives the pre-shared keys back among these, so that the stack knows all of it as a secret.
            yield from (("link", reveal(one.text("name") or "")) for one in resource.props.each("vpnLinkConnections"))


def _leased(plan: PlacementPlan, ports: tuple[Port, ...], named: Mapping[tuple[str, str], Resource]) -> Iterator[Fault]:
    """Judge a placement's leased ports: each is planned, and no two come to one site."""
    kind, spelling, path = _PORTS[plan.cloud]
    sites: dict[str, str] = {}
    for port in ports:
        resource = named.get((kind, spelling.format(plan.name, port.id)))
        if resource is None:
            yield Fault(f"{plan.name} has no port {port.id} planned", allowed="every leased port of its routes")
            continue
        site = resource.props.text(path)
        if site is None:
            raise Undecided(f"{resource.name}: {path}", "is not set")
        if site in sites:
            yield Fault(
                f"{port.id} and {sites[site]} of {plan.name} both come to {site.rpartition('/')[2]}",
                allowed="a meet-me site of its own for each port",
                at=resource.urn,
            )
        sites.setdefault(site, port.id)


RULE = Rule(
    id="FLT-004",
    title="two diverse paths at least per route",
    clause=control("FLT-004", "NET-4"),
    severity=Severity.HIGH,
    allowed="two ways at each end of a route that do not fail together",
    fix="plan the way that is missing, over another interface or at another site",
    whole=_check,
)
