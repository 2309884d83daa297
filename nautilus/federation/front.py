"""Which names clients use and who may answer, derived from law, role and what is in force (DNS-1…4, FO-1, HALT-1, JUR-2).

Guarantees that every backend of a front is a lawful target for the front's data class, in the lawful order; that shares sum
to one unless the front is halted; and that a halted jurisdiction serves nobody. It names no resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from config.model import (
    Algorithm,
    Catalogue,
    Cloud,
    Cluster,
    DataClass,
    EnvironmentName,
    Group,
    Operation,
    Placement,
    Probe,
    Role,
    ServiceClass,
)
from nautilus.federation.failover import options
from nautilus.federation.law import holds
from nautilus.federation.plan import PlacementPlan, placement_name

if TYPE_CHECKING:
    from nautilus.federation.traffic import Site

APART = (Group.EDGE, Group.ANALYTICS)
"""Groups whose clusters serve no front: the edge is reached from exchanges, analytics by nobody outside."""


@dataclass(frozen=True, kw_only=True)
class Backend:
    """One lawful endpoint of a front: the placements of one jurisdiction on one cloud, behind its anycast balancer.

    `endpoint` is `<jurisdiction>-<cloud>`. `shares` maps each of its placements to its part of the front, in 0…1; `share`
    is their sum. `home` says that it lies in the front's own jurisdiction, `standby` that it serves only when others fail.
    """

    endpoint: str
    jurisdiction: str
    cloud: Cloud
    home: bool
    standby: bool
    shares: dict[str, float]

    @property
    def share(self) -> float:
        """The endpoint's part of the front, in 0…1."""
        return sum(self.shares.values())


@dataclass(frozen=True, kw_only=True)
class Front:
    """What clients of one jurisdiction use for one class of service; `backends` are in the lawful order, best first.

    `id` is `<class>-<jurisdiction>`. `countries` are the ISO codes of the home jurisdiction's countries. `shifting` says
    that a shift in force leaves one of its placements a part of what it had: shares then decide, whatever the algorithm.
    """

    id: str
    service: str
    jurisdiction: str
    tier: int
    data: DataClass
    algorithm: Algorithm
    affinity: bool
    port: int
    countries: tuple[str, ...]
    backends: tuple[Backend, ...]
    halted: bool
    shifting: bool = False


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a placement's entry serves: the classes by id, how it is probed, and whether its jurisdiction is halted."""

    classes: Mapping[str, ServiceClass]
    probe: Probe
    halted: bool


def served(catalogue: Catalogue, plan: PlacementPlan) -> Served:
    """Give what one placement's entry serves in its environment."""
    return Served(
        classes=catalogue.traffic.classes,
        probe=catalogue.traffic.entry[plan.cloud],
        halted=plan.jurisdiction.id in catalogue.operations[plan.environment.id].halts,
    )


def fronts(catalogue: Catalogue, environment: EnvironmentName) -> tuple[Front, ...]:
    """Give every front of an environment, sorted by id: each service class of each jurisdiction that has a cluster for it.

    Shifts and halts in force are applied. Raises KeyError for an environment that the catalogue does not hold, and
    `nautilus.federation.traffic.Infeasible` where optimised weights are asked for and capacity is short.
    """
    operation = catalogue.operations[environment]
    homes = sorted({cluster.jurisdiction for cluster in catalogue.clusters.values() if cluster.group not in APART})
    found = (
        _front(catalogue, operation, service, home)
        for service in catalogue.traffic.classes.values()
        for home in homes
        if any(_serving(catalogue, service, home))
    )
    return tuple(sorted(found, key=lambda front: front.id))


def endpoints(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Give the placements behind each anycast endpoint, by `<jurisdiction>-<cloud>`; serving ones before standbys."""
    found: dict[str, list[tuple[bool, str]]] = {}
    for cluster, placement_id, placement in _placements(catalogue):
        name = endpoint(cluster, catalogue.locations[placement.location].cloud)
        found.setdefault(name, []).append((placement.standby, placement_name(cluster, placement_id)))
    return {name: tuple(placement for _, placement in sorted(found[name])) for name in sorted(found)}


def endpoint(cluster: Cluster, cloud: Cloud) -> str:
    """Give the name of the anycast endpoint in front of a cluster's placements on a cloud."""
    return f"{cluster.jurisdiction}-{cloud}"


def _front(catalogue: Catalogue, operation: Operation, service: ServiceClass, home: str) -> Front:
    algorithm = service.algorithms.get(home, service.algorithm)
    halted = home in operation.halts
    # Nobody of a halted jurisdiction takes what a shift frees: it would serve nobody.
    lawful = [one for one in _lawful(catalogue, service, home) if halted or one[1].jurisdiction not in operation.halts]
    order = [name for name, backend in lawful if backend.home or algorithm is not Algorithm.COMPLIANCE]
    keeps = {
        name: shift.keeps for name, shift in operation.shifts.items() if service.tier in (shift.tiers or (service.tier,))
    }
    before = _shares(catalogue, service, home, algorithm, lawful)
    shares = _shifted(before, order, keeps)
    backends: dict[str, Backend] = {}
    for name, backend in lawful:
        kept = backends.get(backend.endpoint, backend)
        share = 0.0 if halted else shares.get(name, 0.0)
        # An endpoint that was a standby serves at once where a shift has given it a share.
        standby = kept.standby and backend.standby and not share
        backends[backend.endpoint] = replace(kept, standby=standby, shares={**kept.shares, name: share})
    return Front(
        id=f"{service.id}-{home}",
        service=service.id,
        jurisdiction=home,
        tier=service.tier,
        data=service.data,
        algorithm=algorithm,
        affinity=service.affinity,
        port=service.port,
        countries=tuple(catalogue.jurisdictions[home].countries),
        backends=tuple(backends.values()),
        halted=halted,
        shifting=not halted and shares != before and any(before.get(name) and 0 < part < 1 for name, part in keeps.items()),
    )


def _lawful(catalogue: Catalogue, service: ServiceClass, home: str) -> list[tuple[str, Backend]]:
    """Give the placements that may serve a front, in the lawful order, and the endpoint each stands behind.

    The home's own come first: those that serve before those that stand by. Behind them come the lawful endpoints of other
    jurisdictions, at most as many as the catalogue wants.
    """
    own = [
        (placement_name(cluster, placement_id), _backend(catalogue, cluster, placement, home))
        for cluster, placement_id, placement in sorted(_serving(catalogue, service, home), key=_order)
    ]
    cluster, placement_id, _ = min(_serving(catalogue, service, home), key=_order)
    members = {placement_name(one, key): (one, place) for one, key, place in _placements(catalogue)}
    foreign: dict[str, list[tuple[str, Backend]]] = {}
    for target in options(catalogue, cluster, placement_id, service.data).targets:
        if target.placement not in members:
            continue
        other, placement = members[target.placement]
        if other.jurisdiction == home or placement.standby:
            continue
        backend = replace(_backend(catalogue, other, placement, home), standby=True)
        foreign.setdefault(backend.endpoint, []).append((target.placement, backend))
    wanted = list(foreign.values())[: catalogue.traffic.foreign_targets]
    return [*own, *(pair for pairs in wanted for pair in pairs)]


def _serving(catalogue: Catalogue, service: ServiceClass, home: str) -> Iterator[tuple[Cluster, str, Placement]]:
    """Yield the home's own placements that are declared for the class's data."""
    for cluster, placement_id, placement in _placements(catalogue):
        if cluster.jurisdiction == home and holds(catalogue, cluster, service.data, home).lawful:
            yield cluster, placement_id, placement


def _placements(catalogue: Catalogue) -> Iterator[tuple[Cluster, str, Placement]]:
    for cluster in catalogue.clusters.values():
        if cluster.group not in APART and cluster.role is not Role.ANALYTICS:
            yield from ((cluster, placement_id, placement) for placement_id, placement in cluster.placements.items())


def _order(found: tuple[Cluster, str, Placement]) -> tuple[bool, bool, str]:
    """Serving placements first, recovery clusters after the others, then by name."""
    cluster, placement_id, placement = found
    return (placement.standby, cluster.role is Role.RECOVERY, placement_name(cluster, placement_id))


def _backend(catalogue: Catalogue, cluster: Cluster, placement: Placement, home: str) -> Backend:
    cloud = catalogue.locations[placement.location].cloud
    return Backend(
        endpoint=endpoint(cluster, cloud),
        jurisdiction=cluster.jurisdiction,
        cloud=cloud,
        home=cluster.jurisdiction == home,
        standby=placement.standby,
        shares={},
    )


def _shares(
    catalogue: Catalogue, service: ServiceClass, home: str, algorithm: Algorithm, lawful: list[tuple[str, Backend]]
) -> dict[str, float]:
    """Give each serving placement's part before anything is in force; parts sum to one."""
    active = [(name, backend) for name, backend in lawful if backend.home and not backend.standby]
    match algorithm:
        case Algorithm.HEALTH_PRIORITY:
            return {active[0][0]: 1.0}
        case Algorithm.LOAD_BALANCED:
            capacity = {name: catalogue.traffic.capacity[backend.cloud].messages for name, backend in active}
            return {name: held / sum(capacity.values()) for name, held in capacity.items()}
        case Algorithm.OPTIMISED:
            return _optimised(catalogue, service, home, [name for name, _ in active])
        case _:
            return {name: 1.0 / len(active) for name, _ in active}


def _optimised(catalogue: Catalogue, service: ServiceClass, home: str, active: list[str]) -> dict[str, float]:
    """Give the shares of the optimiser over the home's client areas, weighed by their demand (DNS-3)."""
    from nautilus.federation import traffic  # noqa: PLC0415 - its solver takes longer to load than all else here

    sites = [
        _site(catalogue, cluster, placement_id, placement)
        for cluster, placement_id, placement in _placements(catalogue)
        if placement_name(cluster, placement_id) in active
    ]
    areas = [
        traffic.Area(
            id=area.id,
            latitude=area.latitude,
            longitude=area.longitude,
            home=home,
            lawful=frozenset(site.jurisdiction for site in sites),
            demand=area.demand,
            limit_ms=area.limit_ms,
        )
        for area in catalogue.traffic.areas.values()
        if area.jurisdiction == home
    ]
    found = traffic.weights(sites, areas, service.objective)
    total = sum(area.demand for area in areas)
    return {
        name: sum(area.demand * found[area.id].get(name, 0.0) for area in areas) / total
        for name in active
        if any(found[area.id].get(name) for area in areas)
    }


def _site(catalogue: Catalogue, cluster: Cluster, placement_id: str, placement: Placement) -> Site:
    from nautilus.federation import traffic  # noqa: PLC0415 - as above

    location = catalogue.locations[placement.location]
    capacity = catalogue.traffic.capacity[location.cloud]
    return traffic.Site(
        id=placement_name(cluster, placement_id),
        latitude=location.latitude,
        longitude=location.longitude,
        jurisdiction=cluster.jurisdiction,
        capacity=capacity.messages,
        bandwidth=capacity.bandwidth,
        cost=capacity.cost_usd,
        availability=capacity.availability,
    )


def _shifted(shares: Mapping[str, float], order: list[str], keeps: Mapping[str, float]) -> dict[str, float]:
    """Give the shares after shifts in force: what a placement gives up goes to the first in order that gives nothing up.

    Where several serve already, they take it in proportion to what they have. Where every lawful placement is shifted away
    from, all keep what they have: somebody has to answer.
    """
    whole = [name for name in order if name not in keeps]
    freed = sum(share * (1 - keeps[name]) for name, share in shares.items() if name in keeps)
    if not whole or not freed:
        return dict(shares)
    kept = {name: share * keeps.get(name, 1) for name, share in shares.items()}
    taking = {name: shares[name] for name in whole if shares.get(name)} or {whole[0]: 1.0}
    total = sum(taking.values())
    for name, part in taking.items():
        kept[name] = kept.get(name, 0.0) + freed * part / total
    return kept
