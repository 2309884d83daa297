"""Rules on address ranges: valid, of the right size, in their block, and disjoint over the federation (CLU-6)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from config import reserved
from config.model import EnvironmentName
from config.problem import shown
from config.validation.view import Finding, View

NODES_PREFIX: Final = 16
PODS_PREFIX: Final = 16
"""The largest range that a VPC takes as a secondary one (AWS VPC user guide, VPC CIDR blocks: /16 to /28)."""
SERVICES_PREFIXES: Final = range(16, 25)
"""Within EKS (/12 to /24), GKE and AKS limits (AKS: smaller than /12)."""
BLOCK_PREFIX: Final = 10
PRIVATE: Final = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""RFC 1918, and RFC 6598's shared space for pods."""
BRIDGE: Final = IPv4Network("172.17.0.0/16")
"""The bridge of container runtimes on nodes: a range there is unreachable from them."""


At = tuple[str, str, tuple[str | int, ...]]
"""Kind, name and steps of the value that holds a range."""


@dataclass(frozen=True, kw_only=True)
class _Range:
    network: IPv4Network
    owner: str
    at: At


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with address ranges."""
    blocks = yield from _blocks(view)
    ranges: list[_Range] = []
    prod = next((block for block in blocks if block.at[1] == EnvironmentName.PROD), None)
    for cluster_id, cluster in sorted(view.clusters.items()):
        for placement_id, placement in cluster.placements.items():
            texts = (
                ("nodes", placement.nodes, range(NODES_PREFIX, NODES_PREFIX + 1)),
                ("pods", placement.pods, range(PODS_PREFIX, PODS_PREFIX + 1)),
                ("services", placement.services, SERVICES_PREFIXES),
            )
            for step, text, prefixes in texts:
                at = ("cluster", cluster_id, ("placements", placement_id, step))
                owner = f"{cluster_id} placement {placement_id} {step}"
                network = yield from _network(view, at, text, prefixes)
                if network is None:
                    continue
                found = _Range(network=network, owner=owner, at=at)
                ranges.append(found)
                yield from _in_block(view, found, step, prod, blocks)
    yield from _overlaps(view, ranges)
    yield from _overlaps(view, blocks)


def _blocks(view: View) -> Generator[Finding, None, list[_Range]]:
    """Give the environments' node blocks; yields what is wrong with them."""
    blocks = []
    for name, environment in sorted(view.environments.items()):
        at = ("environment", str(name), ("node_block",))
        network = yield from _network(view, at, environment.node_block, range(BLOCK_PREFIX, BLOCK_PREFIX + 1))
        if network is not None:
            blocks.append(_Range(network=network, owner=f"{name} node_block", at=at))
    return blocks


def _network(view: View, at: At, text: str, prefixes: range) -> Generator[Finding, None, IPv4Network | None]:
    """Give the network that a text means; yields why it cannot be used, and gives None then."""
    kind, name, steps = at
    size = f"/{prefixes[0]}" if len(prefixes) == 1 else f"/{prefixes[0]} to /{prefixes[-1]}"
    network: IPv4Network | None
    try:
        network = IPv4Network(text)
    except ValueError:
        network = None
    if network is None or "/" not in text:
        fix = "write address/prefix with no host bits, such as " + (
            "10.0.0.0/10" if kind == "environment" else "10.3.0.0/16"
        )
        allowed = f"an IPv4 network address of {size}"
    elif network.prefixlen not in prefixes:
        allowed, fix = f"a range of {size}", f"write a {size} range"
    elif not any(network.subnet_of(block) for block in PRIVATE):
        allowed, fix = f"a range inside {', '.join(map(str, PRIVATE))}", "choose a private range"
    elif network.overlaps(BRIDGE):
        allowed, fix = f"a range outside {BRIDGE}, which container runtimes use on nodes", "choose another range"
    else:
        return network
    yield view.finding(kind, name, *steps, value=shown(text), allowed=allowed, fix=fix)
    return None


def _in_block(view: View, found: _Range, step: str, prod: _Range | None, blocks: list[_Range]) -> Iterator[Finding]:
    """Nodes lie in production's block, from which other environments rebase them; pods and services lie in no block."""
    kind, name, steps = found.at
    if step == "nodes":
        if prod is None:
            return
        hubs = list(prod.network.subnets(new_prefix=NODES_PREFIX))[reserved.HUBS_SLOT]
        if not found.network.subnet_of(prod.network):
            allowed, fix = f"a range inside production's node_block {prod.network}", f"choose a free /16 of {prod.network}"
        elif found.network == hubs:
            allowed, fix = f"any /16 of {prod.network} but the last, which the hubs use", "choose another free /16"
        else:
            return
    else:
        hit = next((block for block in blocks if block.network.overlaps(found.network)), None)
        if hit is not None:
            allowed, fix = f"a range outside {hit.network}, the {hit.owner}", f"choose {step} outside every node_block"
        elif found.network.overlaps(reserved.PORTS_BLOCK):
            allowed = f"a range outside {reserved.PORTS_BLOCK}, which the sessions of leased ports use"
            fix = "choose another range"
        else:
            return
    yield view.finding(kind, name, *steps, value=shown(str(found.network)), allowed=allowed, fix=fix)


def _overlaps(view: View, ranges: list[_Range]) -> Iterator[Finding]:
    """Yield each range that shares addresses with one that begins before it."""
    widest: _Range | None = None
    for found in sorted(ranges, key=lambda one: (int(one.network.network_address), one.network.prefixlen, one.owner)):
        if widest is not None and found.network.overlaps(widest.network):
            kind, name, steps = found.at
            yield view.finding(
                kind,
                name,
                *steps,
                value=shown(str(found.network)),
                allowed=f"a range of its own; {widest.owner} holds {widest.network}",
                fix="choose a free range of the same size",
            )
        if widest is None or found.network.broadcast_address > widest.network.broadcast_address:
            widest = found
