"""What network a placement has, whatever the cloud (CLU-6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from config.model import Account, Location


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Three tiers over the zones, in one location.

    `nodes` is the network's own /16; `pods` and `services` are the Kubernetes ranges that must be routable in it or kept
    out of it, as the cloud does it. `zones` are the zone names to spread over, at least one. `log_key` is the key of the
    logs: ARN, key id or key URL, as the same cloud's `keys` component gives it. `flow_log_retention_days` in days.
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
