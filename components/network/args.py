"""What network a placement has, whatever the cloud (CLU-6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from config.model import Account, Location


@dataclass(frozen=True, kw_only=True)
class EdgeZone:
    """One of the cloud's zones outside the region: its name, and which of the eight shares of the ranges it has."""

    zone: str
    slot: int


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Three tiers over the zones, in one location.

    `nodes` is the network's own /16; `pods` and `services` are the Kubernetes ranges that must be routable in it or kept
    out of it, as the cloud does it. `zones` are the zone names to spread over, at least one. `log_key` is the key of the
    logs: ARN, key id or key URL, as the same cloud's `keys` component gives it. `flow_log_retention_days` in days. `reach`
    maps each placement that a declared route leads to, to its nodes range, for clouds whose subnets' rules are one list and
    have to admit the backbone themselves (Azure). `entry_ports` are the nodes' ports that clients reach through the
    placement's entry, for the same clouds; `halted` denies clients all of them (HALT-1). `edge` maps each site in one of the
    cloud's zones outside the region to its zone and its share of the ranges (EDGE-1).
    """

    location: Location
    account: Account
    zones: tuple[str, ...]
    nodes: str
    pods: str
    services: str
    nat_per_zone: bool
    log_key: pulumi.Input[str]
    flow_log_retention_days: int
    labels: Mapping[str, str]
    deletion_protection: bool
    reach: Mapping[str, str] = field(default_factory=dict)
    entry_ports: tuple[int, ...] = ()
    halted: bool = False
    edge: Mapping[str, EdgeZone] = field(default_factory=dict)
