"""Which gateways and links the declared routes ask for, with addresses and AS numbers (NET-1, NET-2, NET-4, CLU-6).

Guarantees that a link exists for every declared route between two placements and for no other pair, that both ends are
derived from the same record, and that nothing is advertised to an end which may not lawfully be reached from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.model import Route
from nautilus.federation.plan import PlacementPlan


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
    """One placement's end of the backbone; `reach` maps each placement that may be reached to its nodes range."""

    placement: str
    asn: int
    hub: str
    reach: Mapping[str, str]
    ports: tuple[Port, ...]


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
