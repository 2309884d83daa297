"""The backbone: routes between placements, what they promise, and what was measured between places (NET-1…4, CLU-3)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from config.model.base import Cloud, Id, LocationId, Model, Source


class RouteKind(StrEnum):
    """What a route is for: within a group, between groups, to recover, or to the edge."""

    BACKBONE = "backbone"
    GLOBAL = "global"
    RECOVERY = "recovery"
    EDGE = "edge"


class Encryption(StrEnum):
    """How a route is encrypted on the way: MACsec a link, IPsec from gateway to gateway, or the one inside the other.

    `provider` is the cloud's own encryption of its backbone between its regions, under the cloud's keys; a path may add
    IPsec to it. A route promises what every one of its paths holds.
    """

    MACSEC = "macsec"
    IPSEC = "ipsec"
    BOTH = "both"
    PROVIDER = "provider"


class QosClass(StrEnum):
    """What a route's traffic is queued as, most urgent first (NET-4)."""

    TRADING = "trading"
    REPLICATION = "replication"
    BULK = "bulk"


class Medium(StrEnum):
    """What a path runs over."""

    DEDICATED = "dedicated"
    PROVIDER = "provider-backbone"
    INTERNET = "internet"


class Path(Model):
    """One way of a route. `provider` runs it; `diversity` says what it shares with none of the route's other paths."""

    provider: str
    medium: Medium
    diversity: str


class Route(Model):
    """One route between two ends.

    `ends` are names: a placement (`<cluster>` for the placement `main`, else `<cluster>-<placement>`), a placement's
    recovery location, or an exchange site. `budget_ms` bounds the 95th percentile of the round trip. `dedicated` says that a
    leased port carries it. `sealed` says that what transits keeps the encryption of its own two ends, so that no gateway on
    the way can read it; without it every gateway is taken to read. `inside` is the /28 of link-local addresses that its four
    tunnels use, None where it has none. `key_generation` goes up by one to have new pre-shared keys made.

    A route to a bare recovery location carries copies: no gateway stands there and nothing is built for it, since the
    cloud's own copy services move them over the cloud's own backbone (docs/adr/0010).
    """

    id: Id
    kind: RouteKind
    ends: tuple[str, str]
    budget_ms: float = Field(gt=0, le=1000)
    capacity_gbps: float = Field(gt=0, le=400)
    encryption: Encryption
    sealed: bool = False
    qos: QosClass
    dedicated: bool
    paths: dict[Id, Path]
    inside: str | None = None
    key_generation: int = Field(default=1, ge=1)
    source: Source

    @property
    def copies(self) -> bool:
        """Whether an end is a bare location, so that the cloud's copy services carry it and nothing is built."""
        return any("/" in end for end in self.ends)

    @property
    def says(self) -> str:
        """What the route promises, in one line."""
        return f"{self.ends[0]} to {self.ends[1]} within {self.budget_ms:g} ms"


class Site(Model):
    """An exchange's site, as an end of edge routes (NET-3). Latitude and longitude in degrees."""

    id: Id
    name: str
    place: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    jurisdiction: Id | None
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    source: Source


class Percentile(Model):
    """A measured 95th percentile over a month, in milliseconds; two figures where the source gives a range."""

    cloud: Cloud
    least_ms: float = Field(gt=0)
    most_ms: float = Field(gt=0)
    source: Source


class Averages(Model):
    """Measured average round trips in milliseconds, by the cloud whose network carried them."""

    by_cloud: dict[Cloud, float] = Field(min_length=1)
    source: Source


class RoundTrip(Model):
    """What was measured between two metros; `p95` or `averages` is None where no figure was found."""

    id: Id
    between: tuple[Id, Id]
    p95: Percentile | None = None
    averages: Averages | None = None


class Backbone(Model):
    """Every route, and what is known of the ground between them.

    `metros` maps a metro to the locations that one figure stands for. `sites` are exchanges. `round_trips` and `routes` are
    keyed by their ids.
    """

    metros: dict[Id, tuple[LocationId, ...]]
    sites: dict[Id, Site]
    round_trips: dict[Id, RoundTrip]
    routes: dict[Id, Route]
