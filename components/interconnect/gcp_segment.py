"""The firewall between a Google Cloud placement and the rest of the federation, as data (NET-4, MESH-1).

Guarantees that of everything in the federation's block only what a declared route leads to comes in or is reached, at the
mesh's ports alone, and that this stands above the network's own tier rules. It says nothing of the internet or of the
placement's own ranges: the network's rules do.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

from components.interconnect.args import BACKBONE_PORTS
from components.network.gcp_rules import Direction, Rule

_ALLOW_PRIORITY = 800
_DENY_PRIORITY = 900
"""Both below 1000, where the tiers' rules and Kubernetes Engine's own stand: a lower number is asked first."""


def segment(nodes: str, block: str, reach: Iterable[str]) -> Mapping[str, Rule]:
    """Give the rules keyed by role. `nodes` is the placement's range, `block` holds it, `reach` what routes lead to.

    Raises ValueError where `nodes` is not within `block`, or `reach` is not within the rest of it.
    """
    own, whole = ipaddress.IPv4Network(nodes), ipaddress.IPv4Network(block)
    if not own.subnet_of(whole):
        raise ValueError(f"nodes {nodes} are outside the federation's block {block}")
    peers = tuple(sorted(set(reach)))
    for peer in map(ipaddress.IPv4Network, peers):
        if not peer.subnet_of(whole) or peer.overlaps(own):
            raise ValueError(f"reach {peer} is not within {block} beside the placement's own {nodes}")
    rest = tuple(str(part) for part in sorted(whole.address_exclude(own)))
    ports = tuple(str(port) for port in BACKBONE_PORTS)
    found = {
        f"{role}-rest": Rule(direction=direction, allow=False, peers=rest, says=says, priority=_DENY_PRIORITY)
        for role, direction, says in (
            ("in", Direction.IN, "Nothing else of the federation comes in"),
            ("out", Direction.OUT, "Nothing else of the federation is reached"),
        )
        if rest
    }
    if peers:
        found["in"] = Rule(
            direction=Direction.IN,
            allow=True,
            peers=peers,
            tcp=ports,
            says="Declared routes reach the mesh gateway on the nodes",
            priority=_ALLOW_PRIORITY,
        )
        found["out"] = Rule(
            direction=Direction.OUT,
            allow=True,
            peers=peers,
            tcp=ports,
            says="Declared routes are reached at their mesh gateway",
            priority=_ALLOW_PRIORITY,
        )
    return found
