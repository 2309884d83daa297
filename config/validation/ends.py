"""What the ends of routes mean: placements, recovery locations and exchange sites as points with a law of their own.

Guarantees that an end which a broken record might still define is called uncertain, never unknown. It judges nothing but
which data may lawfully pass between two ends (JUR-2).
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final

from config.model import Backbone, DataClass, Placement
from config.validation.view import View

LOCATIONS: Final = "locations.yaml"
MAIN: Final = "main"
"""The id of the placement that is named by its cluster alone."""


@dataclass(frozen=True, kw_only=True)
class End:
    """One end as a point. `cluster` and `recovery` are None for what is no placement; degrees."""

    name: str
    place: str
    latitude: float
    longitude: float
    jurisdiction: str | None
    location: str | None = None
    cluster: str | None = None
    recovery: str | None = None
    site: bool = False


class Ends:
    """Every end that a route may name."""

    def __init__(self, view: View, backbone: Backbone, unsound: Set[str]) -> None:
        """Take the ends from a view; files of `unsound` have findings already, and their clusters count as broken."""
        self._view = view
        self._broken = view.names("cluster") - set(view.clusters)
        self._broken |= {name for name in view.clusters if view.present["cluster"][name][0] in unsound}
        self._blind = bool(view.unreadable & {"cluster", "locations"}) or LOCATIONS in unsound
        self._blind |= view.names("locations") != set(view.locations)
        self._ends: dict[str, End] = {}
        for site in backbone.sites.values():
            self._ends[site.id] = End(
                name=site.id,
                place=site.place,
                latitude=site.latitude,
                longitude=site.longitude,
                jurisdiction=site.jurisdiction,
                site=True,
            )
        for cluster_id, cluster in view.clusters.items():
            if cluster_id not in self._broken:
                for placement_id, placement in cluster.placements.items():
                    self._place(cluster_id, placement_id, placement)

    def _place(self, cluster_id: str, placement_id: str, placement: Placement) -> None:
        name = cluster_id if placement_id == MAIN else f"{cluster_id}-{placement_id}"
        for key, location_id in ((name, placement.location), (placement.recovery, placement.recovery)):
            location = self._view.locations.get(location_id)
            if location is None:
                continue
            self._ends[key] = End(
                name=key,
                place=location.place,
                latitude=location.latitude,
                longitude=location.longitude,
                jurisdiction=location.jurisdiction,
                location=location_id,
                cluster=cluster_id if key == name else None,
                recovery=placement.recovery if key == name else None,
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every end, sorted."""
        return tuple(sorted(self._ends))

    @property
    def placements(self) -> tuple[End, ...]:
        """Every placement, sorted by name."""
        return tuple(end for _, end in sorted(self._ends.items()) if end.cluster is not None)

    def find(self, name: str) -> End | None:
        """Give an end by its name, None where there is none or nothing certain is known of it."""
        return self._ends.get(name)

    def uncertain(self, name: str) -> bool:
        """Say whether a record that could not be read, or that is at fault otherwise, may define the end."""
        if self._blind:
            return True
        # A location is an end by being some placement's recovery location, so any broken cluster may make it one.
        return any(name == cluster or name.startswith(f"{cluster}-") for cluster in self._broken) or (
            "/" in name and bool(self._broken)
        )

    @property
    def complete(self) -> bool:
        """Whether every placement of the federation is among the ends."""
        return not self._blind and not self._broken

    def refusals(self, here: End, there: End) -> tuple[str, ...]:
        """Give why no data class may pass between two ends in either direction, empty where one may."""
        reasons: dict[str, None] = {}
        for source, target in ((here, there), (there, here)):
            for lawful, reason in self._passages(source, target):
                if lawful:
                    return ()
                reasons[reason] = None
        return tuple(reasons)

    def _passages(self, source: End, target: End) -> Iterator[tuple[bool, str]]:
        """Yield for each data class at the source whether it may rest at the target, and under which clause or why not."""
        if source.cluster is None:
            return
        cluster = self._view.clusters[source.cluster]
        home = self._view.jurisdictions.get(cluster.jurisdiction)
        if home is None:
            yield True, f"the law of {cluster.jurisdiction} could not be read"
            return
        wanted: tuple[DataClass, ...] = (
            self._view.clusters[target.cluster].data_classes if target.cluster else tuple(DataClass)
        )
        for data in cluster.data_classes:
            rule = home.data_classes.get(data)
            if data not in wanted:
                yield False, f"{target.name} is not declared for {data.value}"
            elif rule is None:
                yield False, f"{home.id} has no residency rule for {data.value}"
            else:
                yield rule.permits(target.jurisdiction), f"{data.value} of {home.id} under {rule.clause.id}"
