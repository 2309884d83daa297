"""Whether every tier-0 cluster survives the loss of any one location or cloud, lawfully (FO-3, FO-4, NET-2, JUR-2).

Guarantees that a catalogue is refused where a loss leaves data of a tier-0 cluster without a placement that may hold it,
and that the refusal says which capacity is missing and where it may stand. It does not judge how fast a target takes over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from config.model import Cluster, DataClass, Location, Residency
from config.problem import shown
from config.validation.view import Finding, View

CRITICAL_TIER: Final = 0
"""The tier whose services must survive the loss of any one cloud or location."""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What is lost at once: a location by its id, or a whole cloud by its name."""

    scope: str
    what: str

    def hits(self, location: Location) -> bool:
        """Give whether a location is gone with it."""
        return self.what == (location.cloud.value if self.scope == "cloud" else location.id)

    def __str__(self) -> str:
        return f"{self.scope} {self.what}"


def check(view: View) -> Iterator[Finding]:
    """Give every tier-0 cluster that a loss leaves without a lawful place, one finding a cluster and loss.

    Says nothing of a catalogue that could not be read whole. References must lead somewhere: other rules have said so.
    """
    if not view.whole:
        return
    for cluster_id, cluster in sorted(view.clusters.items()):
        if cluster.tier != CRITICAL_TIER:
            continue
        rules = view.jurisdictions[cluster.jurisdiction].data_classes
        for loss in _losses(view, cluster):
            stranded = [data for data in cluster.data_classes if not _survives(view, data, rules[data], loss)]
            if stranded:
                yield view.finding(
                    "cluster",
                    cluster_id,
                    "placements",
                    value=shown(tuple(cluster.placements)),
                    allowed=(
                        f"placements of which one may hold {', '.join(stranded)} data once {loss} is lost "
                        f"(tier {CRITICAL_TIER} survives the loss of any one cloud or location)"
                    ),
                    fix=f"add a standby placement in {_candidates(view, rules, stranded, loss)}",
                )


def _survives(view: View, data: DataClass, rule: Residency, loss: Loss) -> bool:
    return any(
        data in other.data_classes
        and all(rule.permits(view.locations[place.location].jurisdiction) for place in other.placements.values())
        and any(not loss.hits(view.locations[place.location]) for place in other.placements.values())
        for other in view.clusters.values()
    )


def _candidates(view: View, rules: dict[DataClass, Residency], stranded: list[DataClass], loss: Loss) -> str:
    """Say which locations would mend it: lawful for all stranded data, in a jurisdiction served, and not lost."""
    found = sorted(
        place.id
        for place in view.locations.values()
        if place.jurisdiction is not None
        and not loss.hits(place)
        and all(rules[data].permits(place.jurisdiction) for data in stranded)
    )
    return ", ".join(found) or "a location that is lawful and not lost: locations.yaml has none, add one there"


def _losses(view: View, cluster: Cluster) -> Iterator[Loss]:
    """Give every loss that takes at least one placement of the cluster with it."""
    places = [view.locations[placement.location] for placement in cluster.placements.values()]
    yield from (Loss(scope="location", what=name) for name in sorted({place.id for place in places}))
    yield from (Loss(scope="cloud", what=name) for name in sorted({place.cloud.value for place in places}))
