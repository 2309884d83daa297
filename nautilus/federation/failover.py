"""Who may lawfully take over from whom, in which order, and what capacity is missing (FO-3, NET-2).

Guarantees that a target is derived from the law and from what each cluster is declared for, never typed in, and that every
refusal carries its reason. It says nothing about how fast a take-over is; `recovery` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from config.model import Catalogue, Cloud, Cluster, DataClass, Location, Placement, Role
from nautilus.federation.latency import floor_ms
from nautilus.federation.law import Verdict, holds
from nautilus.federation.plan import placement_name

CRITICAL_TIER = 0
"""The tier whose services must survive the loss of any one cloud or location."""

PREFERENCE: dict[Role, int] = {Role.RECOVERY: 0, Role.PRIMARY: 1, Role.REGIONAL: 1, Role.EDGE: 2, Role.ANALYTICS: 3}
"""Which roles take over first: recovery clusters are kept free for it, analytics ones are sized for other work."""


class Scope(StrEnum):
    """What is lost at once."""

    LOCATION = "location"
    CLOUD = "cloud"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One thing that is lost: a location by its id, or a cloud by its name."""

    scope: Scope
    what: str

    def hits(self, location: Location) -> bool:
        """Give whether a location is gone with it."""
        return self.what == (location.id if self.scope is Scope.LOCATION else location.cloud.value)


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


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A tier-0 cluster that a loss would leave without a lawful target; `candidates` are locations that would mend it."""

    cluster: str
    data: DataClass
    loss: Loss
    jurisdictions: tuple[str, ...]
    candidates: tuple[str, ...]

    def __str__(self) -> str:
        places = ", ".join(self.candidates) or "no location of the catalogue"
        return (
            f"{self.cluster}: {self.data} data has no lawful target once {self.loss.scope} {self.loss.what} is lost; "
            f"capacity is missing in {', '.join(self.jurisdictions)}: {places}"
        )


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


def gaps(catalogue: Catalogue) -> tuple[Gap, ...]:
    """Give every tier-0 cluster and data class that the loss of one cloud or location leaves without a lawful target."""
    return tuple(
        gap
        for cluster in sorted(catalogue.clusters.values(), key=lambda cluster: cluster.id)
        if cluster.tier == CRITICAL_TIER
        for data in cluster.data_classes
        for loss in _losses(catalogue, cluster)
        if (gap := _gap(catalogue, cluster, data, loss)) is not None
    )


def _gap(catalogue: Catalogue, cluster: Cluster, data: DataClass, loss: Loss) -> Gap | None:
    for other, _, placement in _placements(catalogue):
        place = catalogue.locations[placement.location]
        if not loss.hits(place) and holds(catalogue, other, data, cluster.jurisdiction).lawful:
            return None
    allowed = catalogue.jurisdictions[cluster.jurisdiction].data_classes[data].jurisdictions
    candidates = sorted(
        place.id
        for place in catalogue.locations.values()
        if not loss.hits(place) and (place.jurisdiction in allowed or (place.jurisdiction and "*" in allowed))
    )
    return Gap(cluster=cluster.id, data=data, loss=loss, jurisdictions=tuple(allowed), candidates=tuple(candidates))


def _losses(catalogue: Catalogue, cluster: Cluster) -> Iterator[Loss]:
    """Give every loss that takes at least one placement of the cluster with it."""
    places = [catalogue.locations[placement.location] for placement in cluster.placements.values()]
    for place in sorted({place.id for place in places}):
        yield Loss(scope=Scope.LOCATION, what=place)
    for cloud in Cloud:
        if any(place.cloud is cloud for place in places):
            yield Loss(scope=Scope.CLOUD, what=cloud.value)


def _placements(catalogue: Catalogue) -> Iterator[tuple[Cluster, str, Placement]]:
    for cluster in catalogue.clusters.values():
        for placement_id, placement in cluster.placements.items():
            yield cluster, placement_name(cluster, placement_id), placement
