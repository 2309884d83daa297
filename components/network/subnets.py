"""How a placement's ranges are carved into the subnets of its tiers, the same on every cloud (CLU-6).

Guarantees that subnets never overlap, that a zone's subnets depend on that zone's own name only, so that adding, dropping or
reordering zones moves nobody else's, and that the same plan always gives the same ranges. It does not check that
placements stay clear of one another: `config.validation` does.

Of a /16, in eighths (/19): six are the private tier of zones a-f (or 1-6); the seventh holds the data tier, a /22 a zone;
the last holds the public tier, a /24 a zone, in its lower half, and in its upper half a /20 that no tier uses, for
control planes, attachments and what clouds want a subnet of its own for. Where the cloud wants none, its first half holds
the nodes in zones outside the region, a /24 a slot, and the last eighth of the pods' /16 their pods, a /22 a slot. A cloud
whose subnets span zones takes `regional`, which cuts at the same borders.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

ZONES_MAX: Final = 6
"""Zones a placement can spread over; no region of the three clouds has more."""

OUTPOSTS_MAX: Final = 8
"""Zones outside its region that one placement can extend to."""

_EIGHTHS: Final = 3
_DATA_SLOT: Final = 6
_PUBLIC_SLOT: Final = 7
_SMALLEST_PREFIX: Final = 20
"""A longer prefix would give public subnets below /28, which AWS refuses."""


class Tier(StrEnum):
    """The three tiers."""

    PUBLIC = "public"
    """NAT gateways and nothing else: no node, no load balancer, no public address on launch."""
    PRIVATE = "private"
    """Nodes, internal load balancers, private endpoints."""
    DATA = "data"
    """Databases and caches; no route out of the network."""


@dataclass(frozen=True, kw_only=True)
class ZoneRanges:
    """The subnets of one zone, as CIDRs."""

    public: str
    private: str
    data: str
    pods: str

    def of(self, tier: Tier) -> str:
        """Give the range of a tier."""
        return str(getattr(self, tier.value))


@dataclass(frozen=True, kw_only=True)
class RegionalRanges:
    """The subnets of clouds whose subnets span zones, as CIDRs; `reserved` belongs to no tier."""

    public: str
    private: str
    data: str
    reserved: str

    def of(self, tier: Tier) -> str:
        """Give the range of a tier."""
        return str(getattr(self, tier.value))


@dataclass(frozen=True, kw_only=True)
class OutpostRanges:
    """The subnets of a zone outside the region, as CIDRs: nodes are of the private tier."""

    nodes: str
    pods: str


def carve(nodes: str, pods: str, zones: tuple[str, ...]) -> Mapping[str, ZoneRanges]:
    """Give the subnets of each zone, in the order of `zones`.

    `nodes` and `pods` are IPv4 CIDRs no longer than /20, normally /16s. For nodes 10.0.0.0/16, zone a has private
    10.0.0.0/19, data 10.0.192.0/22 and public 10.0.224.0/24; of pods 100.64.0.0/16 it has 100.64.0.0/19. Raises ValueError
    for a range too small, and for zones without a letter a-f or a digit 1-6 at their end, or two of the same.
    """
    slots = {zone: _slot(zone) for zone in zones}
    if len(set(slots.values())) != len(zones):
        raise ValueError(f"zones {', '.join(zones)}: two of them end alike; give each zone once")
    eighths = _split(_network(nodes), _EIGHTHS)
    data = _split(eighths[_DATA_SLOT], _EIGHTHS)
    public = _split(eighths[_PUBLIC_SLOT], _EIGHTHS + 2)
    pod_eighths = _split(_network(pods), _EIGHTHS)
    return MappingProxyType(
        {
            zone: ZoneRanges(
                public=str(public[slot]), private=str(eighths[slot]), data=str(data[slot]), pods=str(pod_eighths[slot])
            )
            for zone, slot in slots.items()
        }
    )


def regional(nodes: str) -> RegionalRanges:
    """Give one subnet a tier, over all zones.

    For nodes 10.0.0.0/16: private 10.0.0.0/17, data 10.0.192.0/19, public 10.0.224.0/20, reserved 10.0.240.0/20. Raises
    ValueError for a range longer than /20.
    """
    network = _network(nodes)
    eighths = _split(network, _EIGHTHS)
    return RegionalRanges(
        private=str(_split(network, 1)[0]),
        data=str(eighths[_DATA_SLOT]),
        public=str(_split(eighths[_PUBLIC_SLOT], 1)[0]),
        reserved=str(_split(eighths[_PUBLIC_SLOT], 1)[1]),
    )


def outpost(nodes: str, pods: str, slot: int) -> OutpostRanges:
    """Give the subnets of a zone outside the region, by its slot from 0 to 7.

    For nodes 10.0.0.0/16, pods 100.64.0.0/16 and slot 1: nodes 10.0.241.0/24 and pods 100.64.228.0/22. Raises ValueError for
    a range longer than /20 and for another slot.
    """
    if slot not in range(OUTPOSTS_MAX):
        raise ValueError(f"slot {slot}: give 0 to {OUTPOSTS_MAX - 1}")
    reserved = _split(ipaddress.IPv4Network(regional(nodes).reserved), _EIGHTHS + 1)
    last = _split(_split(_network(pods), _EIGHTHS)[-1], _EIGHTHS)
    return OutpostRanges(nodes=str(reserved[slot]), pods=str(last[slot]))


def _slot(zone: str) -> int:
    slot = "abcdef".find(zone[-1:].lower()) if zone[-1:].isalpha() else "123456".find(zone[-1:] or "-")
    if slot < 0:
        raise ValueError(f"zone {zone!r}: its last character must be a letter a-f or a digit 1-6")
    return slot


def _network(cidr: str) -> ipaddress.IPv4Network:
    network = ipaddress.IPv4Network(cidr)
    if network.prefixlen > _SMALLEST_PREFIX:
        raise ValueError(f"range {cidr}: too small to carve into tiers; give a /{_SMALLEST_PREFIX} or larger")
    return network


def _split(network: ipaddress.IPv4Network, bits: int) -> list[ipaddress.IPv4Network]:
    return list(network.subnets(prefixlen_diff=bits))
