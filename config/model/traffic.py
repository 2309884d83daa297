"""How clients reach the federation: service classes, health checks, names, areas and objectives (DNS-1…5, FO-4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.model.base import Cloud, DataClass, Id, Model, Source

Port = Annotated[int, Field(ge=1, le=65535)]


class Algorithm(StrEnum):
    """How a front spreads clients over its backends (DNS-2)."""

    LATENCY = "latency"
    GEOLOCATION = "geolocation"
    WEIGHTED = "weighted-round-robin"
    HEALTH_PRIORITY = "health-priority"
    LOAD_BALANCED = "load-balanced"
    OPTIMISED = "optimised"
    COMPLIANCE = "compliance-aware"


class Objective(StrEnum):
    """What optimised weights are best at (DNS-3)."""

    LATENCY = "latency"
    THROUGHPUT = "throughput"
    BALANCE = "balance"
    COST = "cost"
    AVAILABILITY = "availability"
    COMPLIANCE = "compliance"
    HYBRID = "hybrid"


class Performance(StrEnum):
    """What round trip a class promises its clients at the entry: below 1, 5 and 15 ms, or none (DNS-4)."""

    ULTRA_LOW = "ultra-low"
    HIGH = "high"
    STANDARD = "standard"
    RECOVERY = "recovery"


class Probe(Model):
    """A health check every `interval_s`; `threshold` failures in a row, each within `timeout_s`, make it unhealthy."""

    interval_s: int = Field(ge=1, le=300)
    threshold: int = Field(ge=1, le=10)
    timeout_s: int = Field(ge=1, le=60)


class ServiceClass(Model):
    """One class of service that clients reach: `port` at the entry, `target_port` at the nodes (CLU-6: 8000 to 8010).

    `tier` is the service tier of FO-4. `data` is the most restricted class that passes. `algorithms` overrides `algorithm`
    by jurisdiction. `objective` is used where the algorithm is `optimised`. `affinity` keeps a client on one backend.
    """

    id: Id
    title: str
    tier: int = Field(ge=0, le=4)
    data: DataClass
    performance: Performance
    port: Port
    target_port: int = Field(ge=8000, le=8010)
    algorithm: Algorithm
    algorithms: dict[Id, Algorithm] = Field(default_factory=dict)
    objective: Objective = Objective.HYBRID
    affinity: bool


class Area(Model):
    """Where clients of one jurisdiction are: degrees, and messages a second at the busiest."""

    id: Id
    jurisdiction: Id
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    demand: float = Field(gt=0)
    limit_ms: float = Field(gt=0)
    source: Source


class Capacity(Model):
    """What one placement of a cloud takes, messages a second, and what a million messages cost there, US dollars."""

    messages: float = Field(gt=0)
    bandwidth: float = Field(gt=0)
    cost_usd: float = Field(gt=0)
    availability: float = Field(gt=0, le=1)
    source: Source


class Traffic(Model):
    """Everything about global traffic.

    `domains` gives each DNS provider's own domain; a front's host is `<front>.<environment>.<domain>`. `names` is the health
    check of each DNS provider, `anycast` that of each cloud's anycast balancer, `entry` that of each cloud's regional front
    end. `ttl_s` is how long an answer may be kept. `foreign_targets` is how many lawful endpoints of other jurisdictions a
    front has behind its own. `health_path` is what HTTPS probes ask for:
    every class's gateway answers it on the class's own port, an order gateway beside its own protocol.
    """

    domains: dict[Cloud, str]
    ttl_s: int = Field(ge=0, le=86400)
    foreign_targets: int = Field(ge=0, le=5)
    health_path: str = Field(pattern=r"^/")
    names: dict[Cloud, Probe]
    anycast: dict[Cloud, Probe]
    entry: dict[Cloud, Probe]
    classes: dict[Id, ServiceClass]
    areas: dict[Id, Area]
    capacity: dict[Cloud, Capacity]
