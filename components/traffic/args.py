"""What stands between clients and placements, whatever the cloud (DNS-1…5, FO-1, FO-2, HALT-1).

Three tiers carry a client's connection, each the backstop of the one before: the mesh inside and between clusters, an
anycast balancer a jurisdiction and cloud, and names at three independent DNS providers. An entry and its triggers are built
with their placement in the region stack; anycast and names in the federation stack. Who serves whom is in the
fronts (`nautilus.federation.front`), derived from law; nothing here picks a target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from config.model import Account, Location, Probe, ServiceClass
from nautilus.federation.front import Front


@dataclass(frozen=True, kw_only=True)
class EntryArgs:
    """One placement's regional front end: a listener for each service class, health-checked, closed while halted.

    `classes` is keyed by the class's id. `halted` says that the jurisdiction's trading is halted: the entry then admits
    nobody (HALT-1). `log_key` as the same cloud's keys component gives it.
    """

    location: Location
    account: Account
    zones: tuple[str, ...]
    nodes: str
    classes: Mapping[str, ServiceClass]
    probe: Probe
    halted: bool
    log_key: pulumi.Input[str]
    log_retention_days: int
    labels: Mapping[str, str]
    deletion_protection: bool


@dataclass(frozen=True, kw_only=True)
class TriggersArgs:
    """What watches one placement and whom it tells: the seven triggers of FO-2, as far as the cloud can see them.

    `entry_ids` and `gateway_ids` are what the same cloud's entry and gateway give as metric dimensions. `topic_key` encrypts
    the notification topic where the cloud encrypts topics. `cluster_id` is the cluster's id in its cloud, for clouds that
    measure the load of nodes by cluster.
    """

    location: Location
    account: Account
    entry_ids: Mapping[str, pulumi.Input[str]]
    gateway_ids: Mapping[str, pulumi.Input[str]]
    cluster_id: pulumi.Input[str]
    topic_key: pulumi.Input[str]
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Backing:
    """One placement behind an anycast balancer: `entry` is what its entry handed over, `share` its part, in 0…1."""

    placement: str
    location: Location
    share: float
    entry: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class AnycastArgs:
    """One jurisdiction's anycast balancer on one cloud, in front of its placements there.

    It passes TLS through and never ends it: what it carries stays readable in the jurisdiction only. `enabled` is off while
    the jurisdiction is halted: no address answers. `affinity` keeps a client's address on one backend.
    """

    jurisdiction: str
    account: Account
    classes: Mapping[str, ServiceClass]
    backings: Mapping[str, Backing]
    probe: Probe
    affinity: bool
    enabled: bool
    labels: Mapping[str, str]
    deletion_protection: bool


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where names of a front may point: one anycast balancer's public address, `id` being `<jurisdiction>-<cloud>`.

    `location` is of the placement behind it that serves most; `second` is another address of the balancer where it has two.
    """

    id: str
    location: Location
    address: pulumi.Output[str]
    second: pulumi.Output[str] | None = None


@dataclass(frozen=True, kw_only=True)
class NamesArgs:
    """The names of all fronts at one DNS provider.

    `fronts` is keyed by front id; each front's backends name endpoints of `endpoints`, keyed by endpoint id. A halted front
    has no address record and one TXT record that says so. `regions` maps each endpoint id to the nearest region of
    this provider's cloud, for policies that route by region. `health_path` is what checks ask for. `ttl_s` in seconds.
    `log_key` encrypts query logs, in `location`, where the provider keeps them under a key; without it there are none.
    """

    domain: str
    account: Account
    location: Location
    fronts: Mapping[str, Front]
    endpoints: Mapping[str, Endpoint]
    regions: Mapping[str, str]
    probe: Probe
    health_path: str
    ttl_s: int
    labels: Mapping[str, str]
    deletion_protection: bool
    log_key: pulumi.Input[str] | None = None
    log_retention_days: int = 400
