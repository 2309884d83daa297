"""Where the edge's sites stand, what they may promise, and who takes over from each, derived (EDGE-1, NET-3, DNS-4, FO-1).

Guarantees that whoever takes over from a site may lawfully hold the data concerned: the placement that the site extends
comes first, behind it the backends of the class's front in the front's order, or, for data that no class passes, the lawful
targets of the placement. Nothing of it is typed in. Floors are great circles: real ways are longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from config import distance
from config.model import (
    BUDGETS_MS,
    Catalogue,
    Cluster,
    DataClass,
    EdgeSite,
    EnvironmentName,
    Facility,
    Location,
    NodePool,
    Takeover,
)
from nautilus.federation.failover import options
from nautilus.federation.front import Front, fronts
from nautilus.federation.law import holds
from nautilus.federation.link import Port, gateways
from nautilus.federation.plan import placement_name
from nautilus.federation.strategy import Strategy

STRATEGIES: Final[Mapping[Takeover, Strategy]] = MappingProxyType(
    {
        Takeover.IMMEDIATE: Strategy.IMMEDIATE,
        Takeover.GRACEFUL: Strategy.GRADUAL,
        Takeover.ROLLING: Strategy.ROLLING,
        Takeover.BLUE_GREEN: Strategy.BLUE_GREEN,
    }
)
"""How clients of a site are moved, as one of the strategies of FO-1."""


@dataclass(frozen=True, kw_only=True)
class Outpost:
    """One site with what is derived of it.

    `floor_ms` is the least round trip to its parent, `budget_ms` what its kind must stay below, None where it has no bound.
    `pool` is what its machines are tuned as. `ports` are the parent's leased ports by which a hall is reached; a cloud's own
    zone needs none. `orders` maps each service class that it serves, and each data class that no such class passes, to the
    placements that take over, first to last; nobody of a halted jurisdiction does, and a halted site's orders are empty.
    """

    site: EdgeSite
    floor_ms: float
    budget_ms: float | None
    pool: NodePool
    strategy: Strategy
    ports: tuple[Port, ...]
    orders: Mapping[str, tuple[str, ...]]


def outposts(catalogue: Catalogue, environment: EnvironmentName) -> tuple[Outpost, ...]:
    """Give every site in an environment, sorted by id.

    Raises KeyError for an environment that the catalogue does not hold; a validated catalogue's sites all have their parent.
    """
    parents = {
        placement_name(cluster, placement_id): (cluster, placement_id)
        for cluster in catalogue.clusters.values()
        for placement_id in cluster.placements
    }
    ports = {name: gateway.ports for name, gateway in gateways(catalogue, environment).items()}
    found = {front.id: front for front in fronts(catalogue, environment)}
    halts = catalogue.operations[environment].halts
    made = []
    for _, site in sorted(catalogue.edge.sites.items()):
        cluster, placement_id = parents[site.parent]
        orders = _orders(catalogue, site, cluster, placement_id, found)
        halted = {name for name, (one, _) in parents.items() if {one.jurisdiction, cluster.jurisdiction} & halts.keys()}
        made.append(
            _outpost(
                catalogue,
                site,
                catalogue.locations[cluster.placements[placement_id].location],
                ports[site.parent],
                {key: tuple(name for name in order if name not in halted) for key, order in orders.items()},
            )
        )
    return tuple(made)


def _outpost(
    catalogue: Catalogue,
    site: EdgeSite,
    location: Location,
    ports: tuple[Port, ...],
    orders: Mapping[str, tuple[str, ...]],
) -> Outpost:
    profile = catalogue.edge.kinds[site.kind]
    return Outpost(
        site=site,
        floor_ms=distance.floor_ms(site.latitude, site.longitude, location.latitude, location.longitude),
        budget_ms=BUDGETS_MS.get(profile.performance),
        pool=catalogue.node_pools[profile.pool],
        strategy=STRATEGIES[site.takeover],
        ports=ports if site.facility is Facility.COLOCATION else (),
        orders=MappingProxyType(dict(orders)),
    )


def _orders(
    catalogue: Catalogue, site: EdgeSite, cluster: Cluster, placement_id: str, found: Mapping[str, Front]
) -> dict[str, tuple[str, ...]]:
    orders: dict[str, tuple[str, ...]] = {}
    passed: set[DataClass] = set()
    for service_id in site.serves:
        front = found[f"{service_id}-{cluster.jurisdiction}"]
        passed.add(front.data)
        behind = [name for backend in front.backends for name in backend.shares]
        orders[service_id] = _behind(catalogue, site, cluster, front.data, behind)
    for data in site.data_classes:
        if data not in passed:
            targets = [target.placement for target in options(catalogue, cluster, placement_id, data).targets]
            orders[data.value] = _behind(catalogue, site, cluster, data, targets)
    return orders


def _behind(catalogue: Catalogue, site: EdgeSite, cluster: Cluster, data: DataClass, targets: list[str]) -> tuple[str, ...]:
    """Give the parent, where it may hold the data, and behind it the targets."""
    first = [site.parent] if holds(catalogue, cluster, data, cluster.jurisdiction).lawful else []
    return tuple(dict.fromkeys([*first, *targets]))
