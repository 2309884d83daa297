"""What a network has once its vault is there: private endpoints, a log store, flow logs (CLU-6, KEY-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity, monitor, network

from components import labels
from components.keys.args import Purpose
from components.keys.azure import AzureKeys
from components.network.azure import AzureNetwork
from components.network.azure_logs import AzureLogStore, LogStoreArgs
from components.provider.azure_resource import Role, assign, physical

_WATCHER_GROUP: Final = "NetworkWatcherRG"
"""Azure makes this group, and one watcher a region in it, with a subscription's first virtual network of the region. It
refuses a second watcher of the region, so that flow logs hang on the one that is there."""

_FLOWS: Final = "insights-logs-flowlog"
_CONTROL_PLANE: Final = (
    "insights-logs-kube-",
    "insights-logs-cluster-autoscaler",
    "insights-logs-cloud-controller-manager",
    "insights-logs-guard",
    "insights-logs-csi-",
    "insights-logs-auditevent",
)
"""The containers that Azure Monitor writes a cluster's and a vault's logs to, by prefix."""


@dataclass(frozen=True, kw_only=True)
class ServicesArgs:
    """The logs' key as a versionless URL, and how long control-plane and vault logs are kept, in days."""

    log_key: pulumi.Input[str]
    log_retention_days: int


class AzureNetworkServices(pulumi.ComponentResource):
    """The log store of a placement, its flow logs, and private endpoints of the vault and the store (CLU-6, AUD-1).

    Guarantees that every flow of the network is logged into a store of the region under the logs' key, written by an
    identity instead of a shared key, and that vault and store are reached inside the network. Every use of a key is logged.
    It does no traffic analytics (see `azure_logs`).
    """

    log_store: AzureLogStore

    endpoints: Mapping[str, network.PrivateDnsZoneGroup]
    """`vault` and `blob`: the last part of each endpoint; who needs the name resolved depends on it."""

    def __init__(
        self,
        name: str,
        args: ServicesArgs,
        network_: AzureNetwork,
        keys: AzureKeys,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make them in a network, for a vault of the same placement. Raises KeyError for keys without the logs' key."""
        super().__init__("nautilus:network:AzureNetworkServices", name, None, opts)
        self._name = name
        self._network = network_
        self._keys = keys
        self._tags = labels.for_azure(network_.args.labels)
        self._region = network_.args.location.region
        self._group = network_.resource_group.name
        self._child = pulumi.ResourceOptions(parent=self)
        self.log_store = AzureLogStore(
            f"{name}-logs",
            LogStoreArgs(
                location=network_.args.location,
                account=network_.args.account,
                resource_group=self._group,
                key=args.log_key,
                identity=keys.identities[Purpose.LOGS],
                retention_days={
                    _FLOWS: network_.args.flow_log_retention_days,
                    **dict.fromkeys(_CONTROL_PLANE, args.log_retention_days),
                },
                tags=self._tags,
                deletion_protection=network_.args.deletion_protection,
            ),
            self._child,
        )
        self.endpoints = MappingProxyType(
            {
                "vault": self._make_endpoint("vault", keys.vault.id),
                "blob": self._make_endpoint("blob", self.log_store.account.id),
            }
        )
        self._log_flows()
        monitor.DiagnosticSetting(
            f"{name}-vault-log",
            name="audit",
            resource_uri=keys.vault.id,
            storage_account_id=self.log_store.account.id,
            logs=[monitor.DiagnosticsLogSettingsArgs(category="AuditEvent", enabled=True)],
            # It lies below the vault's lock, and keys that are kept stay under audit.
            opts=pulumi.ResourceOptions(parent=self, protect=network_.args.deletion_protection),
        )
        self.register_outputs({"log_store": self.log_store.account.id})

    def _make_endpoint(self, what: str, target: pulumi.Input[str]) -> network.PrivateDnsZoneGroup:
        endpoint = network.PrivateEndpoint(
            f"{self._name}-{what}-endpoint",
            private_endpoint_name=physical(f"pe-{self._name}-{what}", 64),
            custom_network_interface_name=physical(f"nic-{self._name}-{what}", 80),
            resource_group_name=self._group,
            location=self._region,
            subnet=network.SubnetArgs(id=self._network.subnets["endpoints"].id),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(name=what, private_link_service_id=target, group_ids=[what])
            ],
            tags=self._tags,
            opts=self._child,
        )
        return network.PrivateDnsZoneGroup(
            f"{self._name}-{what}-endpoint-dns",
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=self._group,
            private_dns_zone_configs=[
                network.PrivateDnsZoneConfigArgs(name=what, private_dns_zone_id=self._network.zones[what].id)
            ],
            # The names must resolve from the first request on.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._network.links[what]]),
        )

    def _log_flows(self) -> None:
        writer = managedidentity.UserAssignedIdentity(
            f"{self._name}-flow-writer",
            resource_name_=physical(f"id-{self._name}-flow-writer", 128),
            resource_group_name=self._group,
            location=self._region,
            tags=self._tags,
            opts=self._child,
        )
        grant = assign(
            f"{self._name}-flow-writer-grant",
            self._network.args.account,
            Role.STORAGE_BLOB_DATA_CONTRIBUTOR,
            scope=self.log_store.account.id,
            principal=writer.principal_id,
            opts=self._child,
        )
        network.FlowLog(
            f"{self._name}-flow-log",
            flow_log_name=physical(f"fl-{self._name}", 80),
            network_watcher_name=f"NetworkWatcher_{self._region}",
            resource_group_name=_WATCHER_GROUP,
            location=self._region,
            target_resource_id=self._network.vnet.id,
            storage_id=self.log_store.account.id,
            enabled=True,
            format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
            identity=network.ManagedServiceIdentityArgs(
                type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[writer.id]
            ),
            # The store's lifecycle rule deletes; the flow log's own retention ends at 365 days.
            retention_policy=network.RetentionPolicyParametersArgs(enabled=False, days=0),
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[grant]),
        )
