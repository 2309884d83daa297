"""Whether any two address ranges of the federation overlap, and the fewest routes that say where a group is (CLU-6, NET-1).

Guarantees that every placement's nodes, hub, pods and services are compared with every other's in every environment, after
they are rebased, and that a summary covers all of a group's ranges and touches no other group's. The catalogue allots nodes,
pods and services; what a gateway needs follows from the nodes' slot in their block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, collapse_addresses

from config import reserved
from config.model import Catalogue, EnvironmentName, Group
from nautilus.federation.plan import PlacementPlan, placements

HUB_PREFIX = 23
PORT_PREFIX = 22
"""A slot's share of the hubs' /16 and of the leased ports' block: 64 slots fill either."""


class Use(StrEnum):
    """What a range is for."""

    NODES = "nodes"
    PODS = "pods"
    SERVICES = "services"
    HUBS = "hubs"
    """A /23 for the hub of a cloud whose hub is a network."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """One range of one placement in one environment."""

    placement: str
    group: Group
    environment: EnvironmentName
    use: Use
    network: IPv4Network

    def shares(self, other: Range) -> bool:
        """Whether two ranges are one by design: pods or services of one placement are the same in each environment."""
        return self.use in {Use.PODS, Use.SERVICES} and (self.placement, self.use) == (other.placement, other.use)

    def __str__(self) -> str:
        return f"{self.network} ({self.placement} {self.use} in {self.environment})"


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Two ranges that share addresses and must not."""

    first: Range
    second: Range

    def __str__(self) -> str:
        return f"{self.first} overlaps {self.second}"


def slot(plan: PlacementPlan) -> int:
    """Give which /16 of its environment's block a placement's nodes are, from 0 to 62 in a validated catalogue."""
    nodes, block = IPv4Network(plan.nodes), IPv4Network(plan.environment.node_block)
    return (int(nodes.network_address) - int(block.network_address)) // nodes.num_addresses


def hub(plan: PlacementPlan) -> IPv4Network:
    """Give the /23 of a placement's hub: its slot's share of the block's last /16."""
    *_, hubs = IPv4Network(plan.environment.node_block).subnets(new_prefix=IPv4Network(plan.nodes).prefixlen)
    return _share(hubs, HUB_PREFIX, slot(plan))


def sessions(plan: PlacementPlan) -> IPv4Network:
    """Give the /22 from which a placement's leased ports have the addresses of their BGP sessions."""
    return _share(reserved.PORTS_BLOCK, PORT_PREFIX, slot(plan))


def ranges(catalogue: Catalogue) -> tuple[Range, ...]:
    """Give every range of the federation: nodes, hub, pods and services of each placement in each environment."""
    return tuple(
        Range(
            placement=plan.name,
            group=group,
            environment=environment,
            use=use,
            network=_network(plan, use),
        )
        for environment in sorted(catalogue.environments)
        for group in Group
        for plan in placements(catalogue, environment, group)
        for use in Use
    )


def overlaps(found: Iterable[Range]) -> tuple[Overlap, ...]:
    """Give every pair of ranges that share addresses, each once, in the order of their addresses."""
    clashes: list[Overlap] = []
    open_ranges: list[Range] = []
    for second in sorted(found, key=_order):
        # CIDR ranges nest or are apart, so only those that begin before and still hold this one's first address can clash.
        open_ranges = [first for first in open_ranges if second.network.subnet_of(first.network)]
        clashes += [Overlap(first=first, second=second) for first in open_ranges if not first.shares(second)]
        open_ranges.append(second)
    return tuple(clashes)


def summaries(catalogue: Catalogue, environment: EnvironmentName) -> Mapping[Group, Mapping[Use, tuple[IPv4Network, ...]]]:
    """Give for each group the fewest ranges that a route table elsewhere needs to reach it, by use, in one environment.

    Raises ValueError where ranges of two groups overlap; a validated catalogue has none.
    """
    every = [one for one in ranges(catalogue) if one.environment is environment]
    return {
        group: {
            use: summary(
                [one.network for one in every if one.group is group and one.use is use],
                [one.network for one in every if one.group is not group or one.use is not use],
            )
            for use in Use
        }
        for group in Group
        if any(one.group is group for one in every)
    }


def summary(own: Sequence[IPv4Network], others: Sequence[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Give the fewest networks that hold all of `own` and nothing of `others`, sorted; none for no `own`.

    They may also hold addresses that nobody has. Raises ValueError where `own` and `others` share addresses.
    """
    if not own:
        return ()
    cover = _cover(own)
    clashing = [other for other in others if other.overlaps(cover)]
    if not clashing:
        return (cover,)
    if cover in own or any(cover.subnet_of(other) for other in clashing):
        raise ValueError(f"{cover} overlaps {clashing[0]}: ranges of two owners cannot be told apart")
    halves = cover.subnets(prefixlen_diff=1)
    return tuple(one for half in halves for one in summary([net for net in own if net.subnet_of(half)], clashing))


def _network(plan: PlacementPlan, use: Use) -> IPv4Network:
    texts = {Use.NODES: plan.nodes, Use.PODS: plan.pods, Use.SERVICES: plan.services}
    return hub(plan) if use is Use.HUBS else IPv4Network(texts[use])


def _share(whole: IPv4Network, prefix: int, number: int) -> IPv4Network:
    """Give the network with that number among those of a prefix that make up a whole."""
    first = int(whole.network_address) + number * 2 ** (whole.max_prefixlen - prefix)
    return IPv4Network((first, prefix))


def _order(one: Range) -> tuple[int, int, str]:
    return int(one.network.network_address), one.network.prefixlen, str(one)


def _cover(networks: Sequence[IPv4Network]) -> IPv4Network:
    """Give the smallest network that holds all of some."""
    first, *rest = collapse_addresses(networks)
    for network in rest:
        while not network.subnet_of(first):
            first = first.supernet()
    return first
