"""How long each disaster may last, what mechanisms are known to add, and which misses are accepted (FO-3, FO-4)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from config.model.base import Cloud, Id, Model, Source


class Scenario(StrEnum):
    """The seven disasters of FO-3."""

    REGION = "region"
    PROVIDER = "provider"
    TRADING = "trading-system"
    DATABASE = "database"
    PARTITION = "partition"
    BREACH_HALT = "breach-halt"
    REGULATORY_HALT = "regulatory-halt"


class Mechanism(StrEnum):
    """What notices a failure and moves clients or packets away from it."""

    AWS_ENTRY = "aws-entry"
    AZURE_ENTRY = "azure-entry"
    AWS_ANYCAST = "aws-anycast"
    GCP_ANYCAST = "gcp-anycast"
    AZURE_ANYCAST = "azure-anycast"
    AWS_NAMES = "aws-names"
    GCP_NAMES = "gcp-names"
    AZURE_NAMES = "azure-names"
    TUNNELS = "tunnels"
    NATIVE = "native"
    HALT = "halt"
    STORE = "store"


class RecoveryTarget(Model):
    """What a scenario may cost: seconds until clients are served again, and seconds of data. None is no figure demanded."""

    id: Scenario
    title: str
    rto_s: float = Field(ge=0)
    rpo_s: float | None = Field(default=None, ge=0)
    source: Source


class TierLimit(Model):
    """One service tier: how long it may be gone in seconds, and what an hour costs in US dollars, None where not known.

    `availability` is the part of a year in which its fronts must be served, 0…1.
    """

    id: Id
    tier: int = Field(ge=0, le=4)
    title: str
    recovery_s: float = Field(ge=0)
    cost_usd_h: float | None = Field(default=None, ge=0)
    availability: float = Field(gt=0, lt=1)
    source: Source


class Reaction(Model):
    """What one mechanism adds that no setting shows, in seconds.

    `sample_s` is how often it looks at the state that another probe found, 0 where it probes by itself. `decide_s` and
    `spread_s` are the most it takes to decide and to have the decision in force everywhere. `checkers` look independently
    and `quorum` is the part of them that must have failed, 0…1. `hold_s` is the routing protocol's own timer at the clouds
    that give no setting for it. `negative_ttl_s` is how long resolvers keep "no such address" where no setting shows it,
    `alias_ttl_s` how long an answer lives that is the provider's own name and takes no TTL. `proxied` says that it answers
    TCP by itself, so that a TCP check from outside sees nothing of what is behind it.
    """

    id: Mechanism
    sample_s: float = Field(default=0, ge=0)
    decide_s: float = Field(default=0, ge=0)
    spread_s: float = Field(default=0, ge=0)
    checkers: int = Field(default=1, ge=1, le=64)
    quorum: float = Field(default=1, gt=0, le=1)
    hold_s: dict[Cloud, float] = Field(default_factory=dict)
    negative_ttl_s: float = Field(default=0, ge=0)
    alias_ttl_s: float = Field(default=0, ge=0)
    proxied: bool = False
    source: Source


class Agreement(Model):
    """A provider's published availability of one thing, 0…1. `service` is the name under which it is composed."""

    id: Id
    cloud: Cloud
    title: str
    availability: float = Field(gt=0, le=1)
    source: Source


class Deviation(Model):
    """A miss that is accepted up to `accepted_s`, with the physics or the provider's limit that is its reason.

    It holds for the scenarios and mechanisms named; beyond `accepted_s` it does not.
    """

    id: Id
    scenarios: tuple[Scenario, ...] = Field(min_length=1)
    mechanism: Mechanism
    accepted_s: float = Field(gt=0)
    reason: str = Field(min_length=1)
    source: Source


class Shortfall(Model):
    """An availability below its tier's that is accepted down to `accepted`, 0…1, in the jurisdictions named."""

    id: Id
    jurisdictions: tuple[Id, ...] = Field(min_length=1)
    accepted: float = Field(gt=0, lt=1)
    reason: str = Field(min_length=1)
    source: Source


class Recovery(Model):
    """Everything that recovery is judged by. Maps are keyed by the ids of what they hold.

    `reconnect_s` is how long a client takes to give up a dead connection and open another. `apply_s` is how long the engine
    takes to have an urgent change in force.
    """

    reconnect_s: float = Field(gt=0)
    apply_s: float = Field(gt=0)
    source: Source
    targets: dict[Scenario, RecoveryTarget]
    tiers: dict[Id, TierLimit]
    reactions: dict[Mechanism, Reaction]
    agreements: dict[Id, Agreement]
    deviations: dict[Id, Deviation]
    shortfalls: dict[Id, Shortfall]
