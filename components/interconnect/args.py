"""What a placement's gateway and a link between two gateways are, whatever the cloud (NET-1, NET-2, NET-4).

A gateway is built in the region stack, from the catalogue alone. A link is built in the federation stack, from what both
gateways handed over; it is either `native`, between two placements of one cloud, or four `tunnels` between two clouds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from config.model import Account, Location
from nautilus.federation.link import Port, Tunnel

BACKBONE_PORTS = (15012, 15443)
"""What one placement may open at another's nodes: the mesh's discovery and its mutual-TLS gateway (MESH-1), TCP."""


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """One placement's end of the backbone.

    `nodes` is the placement's own range; `hub` is a /23 of its own for clouds whose hub is a network. `reach` maps the name
    of each placement that a declared route leads to, to its nodes range: nothing else may pass. `block` is the range that
    holds every placement's nodes. `asn` is the gateway's own private AS number; Azure's is 65515 and cannot be set. `ports`
    are leased ports, none where no declared route is dedicated. `inside` are the gateway's own inside addresses of all its
    tunnels, by its two interfaces, for clouds that list them at the gateway (Azure); sorted, so that the order of links
    changes nothing. `log_key` as the same cloud's keys component gives it.
    """

    location: Location
    account: Account
    zones: tuple[str, ...]
    nodes: str
    hub: str
    block: str
    reach: Mapping[str, str]
    asn: int
    ports: tuple[Port, ...]
    log_key: pulumi.Input[str]
    log_retention_days: int
    labels: Mapping[str, str]
    deletion_protection: bool
    inside: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, kw_only=True)
class GatewayFacts:
    """What a gateway hands over to links, plain strings once known.

    `addresses` are the public addresses of its two tunnel interfaces, in order; none on AWS, which allots addresses a
    connection. `ids` are what the same cloud's links need; which, the cloud's module says in `IDS`.
    """

    addresses: tuple[pulumi.Output[str], ...]
    ids: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True, kw_only=True)
class EndArgs:
    """One end of a link as the federation stack sees it: `facts` as handed over, the rest from the catalogue.

    `advertises` are the ranges that this end lets the other know, `learns` those it takes from it. `zones` are the zones
    that the placement spreads over, which clouds with route tables a zone ask for.
    """

    placement: str
    location: Location
    account: Account
    zones: tuple[str, ...] = ()
    nodes: str
    asn: int
    advertises: tuple[str, ...]
    learns: tuple[str, ...]
    facts: GatewayFacts
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TunnelArgs:
    """One end of four tunnels to another cloud.

    `peer_addresses` are the other side's public addresses: two, or four where the other side is AWS. `secrets` are the
    tunnels' pre-shared keys in their order, each secret and 64 letters and digits that begin with a letter. `first` says
    that this end has the first address of each tunnel's inside range. Tunnel i joins the first end's interface `i // 2` with
    the second end's `i % 2`; where the first is AWS, with the second's `i // 2`.
    """

    end: EndArgs
    peer: str
    peer_asn: int
    peer_addresses: tuple[pulumi.Input[str], ...]
    tunnels: tuple[Tunnel, ...]
    secrets: tuple[pulumi.Input[str], ...]
    first: bool
    deletion_protection: bool


@dataclass(frozen=True, kw_only=True)
class NativeArgs:
    """A link between two placements of one cloud, over two ways that share no gateway.

    `secrets` are as in TunnelArgs, for clouds whose second way is tunnels. The component gets one provider for each end.
    """

    ends: tuple[EndArgs, EndArgs]
    providers: tuple[pulumi.ProviderResource, pulumi.ProviderResource]
    tunnels: tuple[Tunnel, ...]
    secrets: tuple[pulumi.Input[str], ...]
    deletion_protection: bool
