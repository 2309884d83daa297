"""Edge sites: where the federation stands beside exchanges and clients, and what kinds there are (EDGE-1, NET-3, DNS-4)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pydantic import Field

from config.model.base import DataClass, Id, Model, Source
from config.model.traffic import Performance

BUDGETS_MS: Final[Mapping[Performance, float]] = MappingProxyType(
    {Performance.ULTRA_LOW: 1.0, Performance.HIGH: 5.0, Performance.STANDARD: 15.0}
)
"""What a round trip has to stay below, in milliseconds (DNS-4); recovery has no bound."""


class EdgeKind(StrEnum):
    """The four kinds of site, nearest to its placement first."""

    ULTRA = "ultra-edge"
    HIGH = "high-performance"
    STANDARD = "standard"
    CACHE = "cache-only"


class Facility(StrEnum):
    """What a site is made of: a cloud's own zone outside its region, or our own machines in a hall."""

    LOCAL_ZONE = "aws-local-zone"
    WAVELENGTH = "aws-wavelength-zone"
    EXTENDED_ZONE = "azure-extended-zone"
    COLOCATION = "colocation"


class Caching(StrEnum):
    """When a write at a site is acknowledged: once its placement has it, before that, or never, since it takes none."""

    WRITE_THROUGH = "write-through"
    WRITE_BEHIND = "write-behind"
    READ_THROUGH = "read-through"


class Takeover(StrEnum):
    """How a site's clients are moved away: at once, in falling shares, tier after tier, or all to a standing twin."""

    IMMEDIATE = "immediate"
    GRACEFUL = "graceful"
    ROLLING = "rolling"
    BLUE_GREEN = "blue-green"


class EdgeProfile(Model):
    """One kind of site: the tier it keeps to, the node pool that its machines are tuned as, and how it may cache."""

    performance: Performance
    pool: Id
    caching: tuple[Caching, ...] = Field(min_length=1)


class EdgeSite(Model):
    """One site. Latitude and longitude in degrees.

    `parent` names the placement that it extends; who takes over from a site is derived from it and from the law, never
    written here. `zone` is the cloud's name of the zone, None for a hall. `slot` is which of the eight ranges
    that its parent has for zones outside the region is its own, where the parent's nodes stand in it. `serves` names service
    classes, `data_classes` is all that may lie here.
    """

    id: Id
    kind: EdgeKind
    facility: Facility
    zone: str | None = None
    slot: int | None = Field(default=None, ge=0, le=7)
    place: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    jurisdiction: Id
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    parent: Id
    data_classes: tuple[DataClass, ...] = Field(min_length=1)
    serves: tuple[Id, ...] = ()
    caching: Caching
    takeover: Takeover
    source: Source


class Edge(Model):
    """Every kind of site by its name, and every site by its id."""

    kinds: dict[EdgeKind, EdgeProfile]
    sites: dict[Id, EdgeSite]
