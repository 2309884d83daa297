"""One placement of a cluster: keys, network and Kubernetes cluster in its location, and its recovery key beside it.

Guarantees that every resource of the placement comes from the plan, through a provider that is pinned to the plan's location
and account, and that the three clouds are built by the same steps. It does not know how a cloud does it: the
files named after the clouds do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pulumi

from components.cluster.args import ClusterArgs
from components.keys.args import KeysArgs, Purpose
from components.network.args import NetworkArgs
from config.model import Account, Cloud, Location
from nautilus.federation.plan import PlacementPlan


class Keys(Protocol):
    """What every cloud's keys component gives: a key reference for each purpose, as that cloud's resources take it."""

    keys: Mapping[Purpose, pulumi.Output[str]]


@dataclass(frozen=True, kw_only=True)
class Builders:
    """How one cloud builds a placement; the four callables have the same shape on every cloud."""

    provider: Callable[..., pulumi.ProviderResource]
    keys: Callable[..., Any]
    network: Callable[..., Any]
    cluster: Callable[..., Any]


def builders(cloud: Cloud) -> Builders:
    """Give the builders of a cloud, importing no other cloud's SDK: an SDK costs memory and start-up time."""
    match cloud:
        case Cloud.AWS:
            from components.cluster.aws import AwsCluster
            from components.keys.aws import AwsKeys
            from components.network.aws import AwsNetwork
            from components.provider.aws import provider as aws

            return Builders(provider=aws, keys=AwsKeys, network=AwsNetwork, cluster=AwsCluster)
        case Cloud.GCP:
            from components.cluster.gcp import GcpCluster
            from components.keys.gcp import GcpKeys
            from components.network.gcp import GcpNetwork
            from components.provider.gcp import provider as gcp

            return Builders(provider=gcp, keys=GcpKeys, network=GcpNetwork, cluster=GcpCluster)
        case Cloud.AZURE:
            from components.cluster.azure import AzureCluster
            from components.keys.azure import AzureKeys
            from components.network.azure import AzureNetwork
            from components.provider.azure import provider as azure

            return Builders(provider=azure, keys=AzureKeys, network=AzureNetwork, cluster=AzureCluster)


class Placement(pulumi.ComponentResource):
    """One control plane with everything it stands on (CLU-1, CLU-4, CLU-6, KEY-1)."""

    keys: Keys
    recovery_keys: Keys

    def __init__(self, name: str, plan: PlacementPlan, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:federation:Placement", name, None, opts)
        cloud = builders(plan.cloud)
        here = pulumi.ResourceOptions(parent=self, provider=_pinned(name, plan, plan.location, plan.account, self))
        self.keys = cloud.keys(f"{name}-keys", _keys(plan, plan.location, plan.account, tuple(Purpose)), here)
        self.network = cloud.network(
            f"{name}-network",
            NetworkArgs(
                location=plan.location,
                account=plan.account,
                zones=plan.placement.zones,
                nodes=plan.nodes,
                pods=plan.pods,
                services=plan.services,
                nat_per_zone=plan.environment.nat_per_zone,
                log_key=self.keys.keys[Purpose.LOGS],
                flow_log_retention_days=plan.log_retention_days,
                labels=plan.labels,
                deletion_protection=plan.environment.deletion_protection,
            ),
            here,
        )
        self.cluster = cloud.cluster(
            f"{name}-cluster",
            ClusterArgs(
                location=plan.location,
                account=plan.account,
                zones=plan.placement.zones,
                kubernetes_version=plan.cluster.kubernetes_version,
                pods=plan.pods,
                services=plan.services,
                pools=plan.pools,
                secrets_key=self.keys.keys[Purpose.CLUSTER],
                volumes_key=self.keys.keys[Purpose.VOLUMES],
                log_key=self.keys.keys[Purpose.LOGS],
                log_retention_days=plan.log_retention_days,
                labels=plan.labels,
                deletion_protection=plan.environment.deletion_protection,
            ),
            self.network,
            self.keys,
            here,
        )
        self.recovery_keys = self._recovery(name, plan)
        self.register_outputs({})

    def _recovery(self, name: str, plan: PlacementPlan) -> Keys:
        """Make the key that copies in the recovery location are encrypted under; key material never leaves a location."""
        role = f"{name}-recovery"
        provider = _pinned(role, plan, plan.recovery, plan.recovery_account, self)
        args = _keys(plan, plan.recovery, plan.recovery_account, (Purpose.DATA,))
        made: Keys = builders(plan.recovery.cloud).keys(
            f"{role}-keys", args, pulumi.ResourceOptions(parent=self, provider=provider)
        )
        return made


def _pinned(
    name: str, plan: PlacementPlan, location: Location, account: Account, parent: pulumi.Resource
) -> pulumi.ProviderResource:
    """Give a provider pinned to one location and account; nothing is taken from the surroundings."""
    options = pulumi.ResourceOptions(parent=parent)
    return builders(location.cloud).provider(f"{name}-provider", location, account, plan.labels, options)


def _keys(plan: PlacementPlan, location: Location, account: Account, purposes: tuple[Purpose, ...]) -> KeysArgs:
    return KeysArgs(
        location=location,
        account=account,
        rules=plan.jurisdiction.keys,
        purposes=purposes,
        labels=plan.labels,
        deletion_protection=plan.environment.deletion_protection,
    )
