"""Which gateways and links the declared routes ask for, with addresses and AS numbers (NET-1, NET-2, NET-4, CLU-6).

Guarantees that a link exists for every declared route between two placements and for no other pair, that both ends are
derived from the same record, and that nothing is advertised to an end which may not lawfully be reached from there. An end
advertises its own nodes alone: no gateway carries what is for a third placement, so no transit can read it (JUR-2), and two
placements without a route of their own have no way between them at the network's level.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from types import MappingProxyType

from config.model import Catalogue, Cloud, Encryption, EnvironmentName, Group, Medium, Route
from nautilus.federation.addressing import hub, sessions, slot
from nautilus.federation.plan import PlacementPlan, placements

ASN_FIRST = 64512
"""Where the private 16-bit AS numbers begin (RFC 6996); a gateway's is this plus its slot, so at most 64574."""
ASN_AZURE = 65515
"""What every virtual hub and its VPN gateway has (Azure Virtual WAN FAQ, "Can I change the ASN", 2026-11)."""
ASN_CARRIERS = range(64600, 65500)
"""Private AS numbers for carriers, apart from the gateways' and from those that Azure reserves."""
VLAN_FIRST = 1000
"""A port's BGP sessions are tagged with this plus the placement's slot, within all clouds' 2 to 4093."""
PORT_SPEEDS_GBPS = (10, 100)


class Fabric(StrEnum):
    """What a link is made of."""

    NATIVE = "native"
    """Two ways inside one cloud."""
    TUNNELS = "tunnels"
    """Four encrypted tunnels between two clouds, over two gateways' interfaces a side."""


@dataclass(frozen=True, kw_only=True)
class Tunnel:
    """One tunnel: `inside` is its /30 of link-local addresses; `first` and `second` are the ends' addresses in it."""

    index: int
    inside: str
    first: str
    second: str


@dataclass(frozen=True, kw_only=True)
class Port:
    """One leased port of a placement, shared by all its dedicated routes.

    `id` is the path's, `carrier` who runs it, `bandwidth_gbps` 10 or 100. `macsec` says that the link layer is encrypted.
    `vlan` tags the BGP session; `near` and `far` are its two addresses with the prefix length, `far_asn` the carrier's.
    """

    id: str
    carrier: str
    bandwidth_gbps: int
    macsec: bool
    vlan: int
    near: str
    far: str
    far_asn: int


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One placement's end of the backbone; `reach` maps each placement that may be reached to its nodes range.

    `inside` are its own inside addresses of all its tunnels, by its two interfaces, sorted.
    """

    placement: str
    asn: int
    hub: str
    reach: Mapping[str, str]
    ports: tuple[Port, ...]
    inside: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of a link: what it lets the other know and what it takes from it, as IPv4 ranges."""

    plan: PlacementPlan
    asn: int
    advertises: tuple[str, ...]
    learns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One declared route between two placements; `ends[0]` has the first address of each tunnel, AWS where there is one."""

    route: Route
    fabric: Fabric
    ends: tuple[End, End]
    tunnels: tuple[Tunnel, ...]


def links(catalogue: Catalogue, environment: EnvironmentName) -> tuple[Link, ...]:
    """Give every link of an environment, sorted by the route's id; a route that carries copies has none.

    Raises KeyError for an end that is no placement; a validated catalogue holds none.
    """
    plans = _plans(catalogue, environment)
    routes = sorted(catalogue.backbone.routes.items())
    return tuple(_link(route, plans) for _, route in routes if plans.keys() >= set(route.ends))


def gateways(catalogue: Catalogue, environment: EnvironmentName) -> Mapping[str, Gateway]:
    """Give every placement's gateway by the placement's name, sorted."""
    found = links(catalogue, environment)
    plans = _plans(catalogue, environment)
    return MappingProxyType({name: _gateway(catalogue, plans[name], found) for name in sorted(plans)})


def gateway(catalogue: Catalogue, plan: PlacementPlan) -> Gateway:
    """Give one placement's gateway in the plan's environment."""
    return _gateway(catalogue, plan, links(catalogue, plan.environment.id))


def interface(index: int, end: Cloud, peer: Cloud, *, first: bool) -> int:
    """Give on which of its two interfaces an end has a tunnel, 0 or 1.

    An AWS connection is two tunnels to one interface of the other side; elsewhere each interface of the first end joins both
    of the second's.
    """
    return index // 2 if first or Cloud.AWS in {end, peer} else index % 2


def _plans(catalogue: Catalogue, environment: EnvironmentName) -> dict[str, PlacementPlan]:
    return {plan.name: plan for group in Group for plan in placements(catalogue, environment, group)}


def _link(route: Route, plans: Mapping[str, PlacementPlan]) -> Link:
    first, second = sorted((plans[name] for name in route.ends), key=lambda plan: plan.cloud.value)
    return Link(
        route=route,
        fabric=Fabric.NATIVE if first.cloud is second.cloud else Fabric.TUNNELS,
        ends=(_end(first, second), _end(second, first)),
        tunnels=_tunnels(route),
    )


def _end(here: PlacementPlan, there: PlacementPlan) -> End:
    return End(plan=here, asn=_asn(here), advertises=(here.nodes,), learns=(there.nodes,))


def _asn(plan: PlacementPlan) -> int:
    return ASN_AZURE if plan.cloud is Cloud.AZURE else ASN_FIRST + slot(plan)


def _tunnels(route: Route) -> tuple[Tunnel, ...]:
    """Give the four tunnels of a route's block, none where it has no block."""
    if route.inside is None:
        return ()
    nets = IPv4Network(route.inside).subnets(new_prefix=30)
    return tuple(
        Tunnel(index=index, inside=str(net), first=str(net[1]), second=str(net[2])) for index, net in enumerate(nets)
    )


def _gateway(catalogue: Catalogue, plan: PlacementPlan, every: tuple[Link, ...]) -> Gateway:
    own = [link for link in every if plan.name in {end.plan.name for end in link.ends}]
    others = {end.plan.name: end.plan.nodes for link in own for end in link.ends if end.plan.name != plan.name}
    return Gateway(
        placement=plan.name,
        asn=_asn(plan),
        hub=str(hub(plan)),
        reach=MappingProxyType(dict(sorted(others.items()))),
        ports=_ports(plan, [route for route in catalogue.backbone.routes.values() if plan.name in route.ends]),
        inside=_inside(plan, own),
    )


def _inside(plan: PlacementPlan, own: list[Link]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: tuple[list[str], list[str]] = ([], [])
    for link in own:
        first = link.ends[0].plan.name == plan.name
        peer = link.ends[first].plan.cloud
        for tunnel in link.tunnels:
            found[interface(tunnel.index, plan.cloud, peer, first=first)].append(tunnel.first if first else tunnel.second)
    return tuple(sorted(found[0], key=IPv4Address)), tuple(sorted(found[1], key=IPv4Address))


def _ports(plan: PlacementPlan, routes: list[Route]) -> tuple[Port, ...]:
    """Give the ports that the dedicated routes of a placement share, sorted by id; none where the environment has none.

    Routes to an exchange count as well as links. A port is as wide as the widest of its routes asks, not as their sum: they
    do not all fill up at once, and where one port is lost the other carries them all.
    """
    if not plan.environment.dedicated_ports:
        return ()
    by_id: dict[str, list[Route]] = {}
    for route in routes:
        for path_id, path in route.paths.items():
            if path.medium is Medium.DEDICATED:
                by_id.setdefault(path_id, []).append(route)
    return tuple(_port(plan, index, path_id, by_id[path_id]) for index, path_id in enumerate(sorted(by_id)))


def _port(plan: PlacementPlan, index: int, path_id: str, routes: list[Route]) -> Port:
    """Give one port. It has a /29 of the placement's sessions: the first /30 is `near` and `far`, the second is kept free
    for a cloud that holds two sessions a port."""
    carrier = routes[0].paths[path_id].provider
    base = sessions(plan)[index * 8]
    capacity = max(route.capacity_gbps for route in routes)
    return Port(
        id=path_id,
        carrier=carrier,
        bandwidth_gbps=next((speed for speed in PORT_SPEEDS_GBPS if speed >= capacity), PORT_SPEEDS_GBPS[-1]),
        macsec=any(route.encryption in {Encryption.MACSEC, Encryption.BOTH} for route in routes),
        vlan=VLAN_FIRST + slot(plan),
        near=f"{base + 1}/30",
        far=f"{base + 2}/30",
        # From the name, so that a further carrier renumbers no other.
        far_asn=ASN_CARRIERS[zlib.crc32(carrier.encode()) % len(ASN_CARRIERS)],
    )
