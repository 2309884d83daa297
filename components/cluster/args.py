"""What Kubernetes cluster a placement has, whatever the cloud (CLU-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from config.model import Account, Location
from nautilus.federation.plan import EdgePlan, PoolPlan


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """One private Kubernetes cluster with its node pools.

    `secrets_key`, `volumes_key` and `log_key` are keys as the same cloud's `keys` component gives them. `pools` is keyed by
    pool id. `edge` is what stands in the cloud's zones outside the region, by site. `log_retention_days` in days. The
    network is handed over as the same cloud's network component.
    """

    location: Location
    account: Account
    zones: tuple[str, ...]
    kubernetes_version: str
    pods: str
    services: str
    pools: Mapping[str, PoolPlan]
    secrets_key: pulumi.Input[str]
    volumes_key: pulumi.Input[str]
    log_key: pulumi.Input[str]
    log_retention_days: int
    labels: Mapping[str, str]
    deletion_protection: bool
    edge: Mapping[str, EdgePlan] = field(default_factory=dict)
