"""Who may lawfully take over from whom, and in which order (FO-3, NET-2).

Guarantees that a target is derived from the law and from what each cluster is declared for, never typed in, and that every
refusal carries its reason. It says nothing about how fast a take-over is; `recovery` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.model import Catalogue, Cluster, DataClass, Placement, Role
from nautilus.federation.latency import floor_ms
from nautilus.federation.law import Verdict, holds
from nautilus.federation.plan import placement_name

PREFERENCE: dict[Role, int] = {Role.RECOVERY: 0, Role.PRIMARY: 1, Role.REGIONAL: 1, Role.EDGE: 2, Role.ANALYTICS: 3}
"""Which roles take over first: recovery clusters are kept free for it, analytics ones are sized for other work."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """One placement that may take over; `floor_ms` is the least round trip between the two, in milliseconds."""

    placement: str
    cluster: str
    location: str
    floor_ms: float


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One placement that may not take over, and why."""

    placement: str
    location: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Options:
    """The targets of one placement for one data class, best first, and everything that was refused."""

    source: str
    data: DataClass
    targets: tuple[Target, ...]
    refused: tuple[Refusal, ...]


def options(catalogue: Catalogue, cluster: Cluster, placement_id: str, data: DataClass) -> Options:
    """Give who may take over one placement's work on one data class, in order.

    The order is: the same jurisdiction first, then the role's preference, then the nearest. Raises KeyError for a placement
    that the cluster does not have.
    """
    source = catalogue.locations[cluster.placements[placement_id].location]
    targets: list[tuple[tuple[bool, int, float, str], Target]] = []
    refused: list[Refusal] = []
    for other, name, placement in _placements(catalogue):
        if name == placement_name(cluster, placement_id):
            continue
        place = catalogue.locations[placement.location]
        verdict = holds(catalogue, other, data, cluster.jurisdiction)
        if not verdict.lawful:
            refused.append(Refusal(placement=name, location=place.id, verdict=verdict))
            continue
        away = round(floor_ms(source, place), 1)
        key = (place.jurisdiction != cluster.jurisdiction, PREFERENCE[other.role], away, name)
        targets.append((key, Target(placement=name, cluster=other.id, location=place.id, floor_ms=away)))
    ordered = tuple(target for _, target in sorted(targets, key=lambda pair: pair[0]))
    return Options(source=placement_name(cluster, placement_id), data=data, targets=ordered, refused=tuple(refused))


def _placements(catalogue: Catalogue) -> Iterator[tuple[Cluster, str, Placement]]:
    for cluster in catalogue.clusters.values():
        for placement_id, placement in cluster.placements.items():
            yield cluster, placement_name(cluster, placement_id), placement
