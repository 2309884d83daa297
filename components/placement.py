"""One placement of a cluster: keys, network, gateway and Kubernetes cluster in its location, and its recovery key beside it.

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
from components.interconnect.args import GatewayArgs, GatewayFacts
from components.keys.args import KeysArgs, Purpose
from components.network.args import EdgeZone, NetworkArgs
from components.traffic.args import EntryArgs, TriggersArgs
from components.traffic.builders import builders as front_builders
from config.model import Account, Cloud, Location
from nautilus.federation.front import Served
from nautilus.federation.link import Gateway
from nautilus.federation.plan import PlacementPlan


class Keys(Protocol):
    """What every cloud's keys component gives: a key reference for each purpose, as that cloud's resources take it."""

    keys: Mapping[Purpose, pulumi.Output[str]]


class Hub(Protocol):
    """What every cloud's gateway component gives: what links need of it."""

    facts: GatewayFacts


class Entry(Protocol):
    """What every cloud's entry component gives: what anycast balancers and alarms need of it."""

    facts: Mapping[str, pulumi.Output[str]]
    metric_ids: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True, kw_only=True)
class Builders:
    """How one cloud builds a placement; the five callables have the same shape on every cloud."""

    provider: Callable[..., pulumi.ProviderResource]
    keys: Callable[..., Any]
    network: Callable[..., Any]
    gateway: Callable[..., Any]
    cluster: Callable[..., Any]


def builders(cloud: Cloud) -> Builders:
    """Give the builders of a cloud, importing no other cloud's SDK: an SDK costs memory and start-up time."""
    match cloud:
        case Cloud.AWS:
            from components.cluster.aws import AwsCluster
            from components.interconnect.aws import AwsGateway
            from components.keys.aws import AwsKeys
            from components.network.aws import AwsNetwork
            from components.provider.aws import provider as aws

            return Builders(provider=aws, keys=AwsKeys, network=AwsNetwork, gateway=AwsGateway, cluster=AwsCluster)
        case Cloud.GCP:
            from components.cluster.gcp import GcpCluster
            from components.interconnect.gcp import GcpGateway
            from components.keys.gcp import GcpKeys
            from components.network.gcp import GcpNetwork
            from components.provider.gcp import provider as gcp

            return Builders(provider=gcp, keys=GcpKeys, network=GcpNetwork, gateway=GcpGateway, cluster=GcpCluster)
        case Cloud.AZURE:
            from components.cluster.azure import AzureCluster
            from components.interconnect.azure import AzureGateway
            from components.keys.azure import AzureKeys
            from components.network.azure import AzureNetwork
            from components.provider.azure import provider as azure

            return Builders(provider=azure, keys=AzureKeys, network=AzureNetwork, gateway=AzureGateway, cluster=AzureCluster)


class Placement(pulumi.ComponentResource):
    """One control plane with everything it stands on (CLU-1, CLU-4, CLU-6, KEY-1, NET-1)."""

    keys: Keys
    recovery_keys: Keys
    gateway: Hub
    entry: Entry

    def __init__(
        self,
        name: str,
        plan: PlacementPlan,
        gateway: Gateway,
        traffic: Served,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
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
                reach=gateway.reach,
                entry_ports=tuple(sorted(service.target_port for service in traffic.classes.values())),
                halted=traffic.halted,
                edge={site_id: EdgeZone(zone=edge.zone, slot=edge.slot) for site_id, edge in plan.edge.items()},
            ),
            here,
        )
        log_key = self.keys.keys[Purpose.LOGS]
        self.gateway = cloud.gateway(f"{name}-gateway", _gateway(plan, gateway, log_key), self.network, here)
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
                edge=plan.edge,
            ),
            self.network,
            self.keys,
            here,
        )
        front = front_builders(plan.cloud)
        self.entry = front.entry(f"{name}-entry", _entry(plan, traffic, log_key), self.network, here)
        front.triggers(f"{name}-triggers", self._triggers(plan), here)
        self.recovery_keys = self._recovery(name, plan)
        self.register_outputs({})

    def _triggers(self, plan: PlacementPlan) -> TriggersArgs:
        return TriggersArgs(
            location=plan.location,
            account=plan.account,
            entry_ids=self.entry.metric_ids,
            gateway_ids=self.gateway.facts.ids,
            cluster_id=self.cluster.cluster_id,
            topic_key=self.keys.keys[Purpose.LOGS],
            labels=plan.labels,
        )

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


def _gateway(plan: PlacementPlan, gateway: Gateway, log_key: pulumi.Input[str]) -> GatewayArgs:
    return GatewayArgs(
        location=plan.location,
        account=plan.account,
        zones=plan.placement.zones,
        nodes=plan.nodes,
        hub=gateway.hub,
        block=plan.environment.node_block,
        reach=gateway.reach,
        asn=gateway.asn,
        ports=gateway.ports,
        inside=gateway.inside,
        log_key=log_key,
        log_retention_days=plan.log_retention_days,
        labels=plan.labels,
        deletion_protection=plan.environment.deletion_protection,
    )


def _entry(plan: PlacementPlan, served: Served, log_key: pulumi.Input[str]) -> EntryArgs:
    return EntryArgs(
        location=plan.location,
        account=plan.account,
        zones=plan.placement.zones,
        nodes=plan.nodes,
        classes=served.classes,
        probe=served.probe,
        halted=served.halted,
        log_key=log_key,
        log_retention_days=plan.log_retention_days,
        labels=plan.labels,
        deletion_protection=plan.environment.deletion_protection,
    )


def _keys(plan: PlacementPlan, location: Location, account: Account, purposes: tuple[Purpose, ...]) -> KeysArgs:
    return KeysArgs(
        location=location,
        account=account,
        rules=plan.jurisdiction.keys,
        purposes=purposes,
        labels=plan.labels,
        deletion_protection=plan.environment.deletion_protection,
    )
