"""The ends of routes as points with a law of their own: placements, recovery locations and exchange sites (NET-1…3).

Guarantees one stop for each name that a route may end at, read from a validated catalogue. It knows nothing of routes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config import distance
from config.model import Catalogue
from nautilus.federation.plan import placement_name


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One end of routes as a point; degrees. `cluster` is None for what is no placement, and such a stop is never passed."""

    name: str
    place: str
    latitude: float
    longitude: float
    country: str
    jurisdiction: str | None
    location: str | None = None
    cluster: str | None = None

    def floor_ms(self, other: Stop) -> float:
        """Give the least round trip to another stop, in milliseconds."""
        return distance.floor_ms(self.latitude, self.longitude, other.latitude, other.longitude)


def stops(catalogue: Catalogue) -> Mapping[str, Stop]:
    """Give every stop by its name; a location that several placements recover to comes once."""
    return {stop.name: stop for stop in _each(catalogue)}


def find(catalogue: Catalogue, text: str) -> tuple[Stop, ...]:
    """Give the stops that a name means: a cluster's placements, one placement, a recovery location or an exchange site.

    The end of a name is enough where only one cluster or placement ends so: `eu-west-1` is `nautilus-enterprise-eu-west-1`.
    Raises LookupError, with the nearest names, for any other.
    """
    single = stops(catalogue)
    named: dict[str, list[Stop]] = {name: [stop] for name, stop in single.items()}
    for cluster in catalogue.clusters.values():
        named[cluster.id] = [single[placement_name(cluster, one)] for one in cluster.placements]
    if text in named:
        return tuple(named[text])
    close = sorted(name for name in named if name.endswith(f"-{text}") and "/" not in name)
    if len(close) == 1:
        return tuple(named[close[0]])
    known = close or difflib.get_close_matches(text[:80], list(named), n=3, cutoff=0.4) or sorted(catalogue.clusters)
    raise LookupError(f"{text!r} names no single end of a route; near it: {', '.join(known)}")


def _each(catalogue: Catalogue) -> Iterator[Stop]:
    """Yield every placement, recovery location and exchange site."""
    places = {
        placement_name(cluster, placement_id): (placement.location, cluster.id)
        for cluster in catalogue.clusters.values()
        for placement_id, placement in cluster.placements.items()
    }
    copies = {place.recovery for cluster in catalogue.clusters.values() for place in cluster.placements.values()}
    for name, (location_id, cluster_id) in [*places.items(), *((one, (one, None)) for one in sorted(copies))]:
        location = catalogue.locations[location_id]
        yield Stop(
            name=name,
            place=location.place,
            latitude=location.latitude,
            longitude=location.longitude,
            country=location.country,
            jurisdiction=location.jurisdiction,
            location=location_id,
            cluster=cluster_id,
        )
    for site in catalogue.backbone.sites.values():
        yield Stop(
            name=site.id,
            place=site.place,
            latitude=site.latitude,
            longitude=site.longitude,
            country=site.country,
            jurisdiction=site.jurisdiction,
        )
