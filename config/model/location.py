"""A location: one region of one cloud, where on Earth it is and what it can do."""

from __future__ import annotations

from pydantic import Field

from config.model.base import Cloud, Id, LocationId, Model, Source


class Location(Model):
    """One cloud region.

    `zones` are the availability zones by the cloud's own names (AWS `us-east-1a`, GCP `us-west2-a`, Azure `1`), empty where
    the region has none. `pair` is the region that the cloud itself replicates to when asked for geo-redundancy (Azure).
    `jurisdiction` is None for a region outside every jurisdiction we serve: it may be named as a pair, never be placed in.
    Latitude and longitude in degrees.
    """

    id: LocationId
    cloud: Cloud
    region: str
    place: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    jurisdiction: Id | None
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    zones: tuple[str, ...] = ()
    opt_in: bool = False
    pair: LocationId | None = None
    source: Source
