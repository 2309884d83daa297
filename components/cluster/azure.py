"""The private AKS cluster of one placement, under the placement's own keys (CLU-4, KEY-1, SEC-1)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pulumi
from pulumi_azure_native import authorization, compute, containerservice, monitor, resources

from components import labels
from components.cluster.args import ClusterArgs
from components.cluster.azure_pools import ZonalPool, settings, zonal
from components.keys.args import Purpose
from components.keys.azure import AzureKeys
from components.network.azure import AzureNetwork
from components.network.azure_services import AzureNetworkServices, ServicesArgs
from components.provider.azure_resource import Role, assign, physical

_LOG_CATEGORIES: Final = (
    "kube-apiserver",
    "kube-audit",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
    "cluster-autoscaler",
    "cloud-controller-manager",
    "guard",
    "csi-azuredisk-controller",
    "csi-azurefile-controller",
    "csi-snapshot-controller",
)
"""Every log that the AKS control plane gives (AKS monitoring data reference, resource logs)."""

_DNS_HOST: Final = 10
"""The cluster's resolver is the tenth address of the services' range, as AKS's own default has it."""

_WINDOWS: Final[Mapping[str, str]] = {
    "aksManagedAutoUpgradeSchedule": "Saturday",
    "aksManagedNodeOSUpgradeSchedule": "Sunday",
}
"""AKS's names for its two maintenance windows, and the day of each: markets are closed."""


class AzureCluster(pulumi.ComponentResource):
    """A private AKS cluster and its agent pools, one a zone, so that each leaves by its zone's own gateway (CLU-4).

    Guarantees an API server inside the network without public name, local accounts or run-command; secrets in etcd under the
    cluster's key and disks under the volumes' key; people and pods known by Entra ID; every control-plane log in a
    store of the region. Where deletion is protected the cluster is locked, and what lies below the lock is protected with
    it: pools, grants, maintenance windows, logs; to change a pool's machine there, add another pool. AKS pins the secrets'
    key by version: after a rotation `refresh` and `up` move it. It completes the network with what needs the vault
    (`AzureNetworkServices`). It installs nothing inside the cluster and reserves no huge pages (see
    `azure_pools.node_labels`).
    """

    cluster: containerservice.ManagedCluster

    pools: Mapping[str, containerservice.AgentPool]
    """Agent pool name to pool; the first system pool lives inside the cluster and is not among them."""

    def __init__(
        self,
        name: str,
        args: ClusterArgs,
        network: AzureNetwork,
        keys: AzureKeys,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cluster in a network, under keys of the same placement.

        Raises ValueError for keys without a cluster's and a volumes' key, pools without a system pool, and kernel settings
        that AKS does not offer; and while it runs, for a key in `args` that is not of `keys`.
        """
        super().__init__("nautilus:cluster:AzureCluster", name, None, opts)
        if keys.disk_encryption_set is None or Purpose.CLUSTER not in keys.versions:
            raise ValueError(f"cluster {name}: its keys lack a purpose; give cluster and volumes")
        self._name = name
        self._args = args
        self._network = network
        self._keys = keys
        self._tags = labels.for_azure(args.labels)
        self._region = args.location.region
        self._child = pulumi.ResourceOptions(parent=self)
        self._guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self.resource_group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=self._region,
            tags=self._tags,
            opts=self._guarded,
        )
        self.services = AzureNetworkServices(
            f"{name}-services",
            ServicesArgs(log_key=args.log_key, log_retention_days=args.log_retention_days),
            network,
            keys,
            self._child,
        )
        self.identity = keys.identities[Purpose.CLUSTER]
        grants = self._grant(keys.disk_encryption_set)
        planned = zonal(args.pools, args.zones)
        self._placements = {pool.name: self._place(pool) for pool in planned if pool.pool.tuning.placement_group}
        self.cluster = self._make_cluster(planned[0], keys.disk_encryption_set, grants)
        self.pools = MappingProxyType({pool.name: self._make_pool(pool) for pool in planned[1:]})
        self._administer()
        self._log()
        self.cluster_id = self.cluster.id
        self.cluster_name = self.cluster.name
        self.endpoint = self.cluster.private_fqdn
        self.issuer = self.cluster.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else None)
        # Not the issuer: it is part of an input that a preview knows without it, and would read as a change to the plan.
        self.register_outputs({"id": self.cluster.id, "endpoint": self.endpoint})

    def _grant(self, disks: compute.DiskEncryptionSet) -> list[authorization.RoleAssignment]:
        account, who = self._args.account, self.identity.principal_id
        vnet, child = self._network.vnet.id, self._child
        return [
            assign(f"{self._name}-network-grant", account, Role.NETWORK_CONTRIBUTOR, scope=vnet, principal=who, opts=child),
            assign(f"{self._name}-disks-grant", account, Role.READER, scope=disks.id, principal=who, opts=child),
        ]

    def _place(self, pool: ZonalPool) -> compute.ProximityPlacementGroup:
        return compute.ProximityPlacementGroup(
            f"{self._name}-{pool.name}-placement",
            proximity_placement_group_name=physical(f"ppg-{self._name}-{pool.name}", 80),
            resource_group_name=self.resource_group.name,
            location=self._region,
            proximity_placement_group_type="Standard",
            zones=[pool.zone],
            intent=compute.ProximityPlacementGroupPropertiesIntentArgs(vm_sizes=[pool.machine]),
            tags=self._tags,
            opts=self._child,
        )

    def _pool_settings(self, pool: ZonalPool) -> dict[str, Any]:
        placement = self._placements.get(pool.name)
        return settings(
            pool,
            self._args.kubernetes_version,
            self._tags,
            subnet=self._network.private_subnet(pool.zone).id,
            placement=placement.id if placement else None,
        )

    def _make_pool(self, pool: ZonalPool) -> containerservice.AgentPool:
        return containerservice.AgentPool(
            f"{self._name}-{pool.name}",
            agent_pool_name=pool.name,
            resource_name_=self.cluster.name,
            resource_group_name=self.resource_group.name,
            **self._pool_settings(pool),
            # The autoscaler owns the count from the first day on. Below the cluster's lock a pool can be neither deleted nor
            # replaced: the protection says so in the preview, where Azure would only say it halfway through an update.
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection, ignore_changes=["count"]),
        )

    def _make_cluster(
        self, first: ZonalPool, disks: compute.DiskEncryptionSet, grants: list[authorization.RoleAssignment]
    ) -> containerservice.ManagedCluster:
        args, keys = self._args, self._keys
        return containerservice.ManagedCluster(
            f"{self._name}-aks",
            resource_name_=physical(self._name, 63),
            resource_group_name=self.resource_group.name,
            location=self._region,
            kubernetes_version=args.kubernetes_version,
            dns_prefix=physical(self._name, 54),
            node_resource_group=physical(f"rg-{self._name}-nodes", 80),
            node_resource_group_profile=containerservice.ManagedClusterNodeResourceGroupProfileArgs(
                restriction_level="ReadOnly"
            ),
            sku=containerservice.ManagedClusterSKUArgs(name="Base", tier="Standard"),
            support_plan="KubernetesOfficial",
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[self.identity.id]
            ),
            aad_profile=containerservice.ManagedClusterAADProfileArgs(
                managed=True, enable_azure_rbac=True, tenant_id=args.account.tenant
            ),
            disable_local_accounts=True,
            enable_rbac=True,
            api_server_access_profile=containerservice.ManagedClusterAPIServerAccessProfileArgs(
                enable_private_cluster=True,
                enable_private_cluster_public_fqdn=False,
                private_dns_zone="system",
                enable_vnet_integration=True,
                subnet_id=self._network.subnets["api-server"].id,
                disable_run_command=True,
            ),
            network_profile=_network_profile(args),
            agent_pool_profiles=[
                containerservice.ManagedClusterAgentPoolProfileArgs(name=first.name, **self._pool_settings(first))
            ],
            disk_encryption_set_id=_held(disks.id, args.volumes_key, keys.keys[Purpose.VOLUMES]),
            security_profile=containerservice.ManagedClusterSecurityProfileArgs(
                azure_key_vault_kms=containerservice.AzureKeyVaultKmsArgs(
                    enabled=True,
                    key_id=_held(keys.versions[Purpose.CLUSTER], args.secrets_key, keys.keys[Purpose.CLUSTER]),
                    key_vault_network_access="Private",
                    key_vault_resource_id=keys.vault.id,
                ),
                workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
                image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(
                    enabled=True, interval_hours=48
                ),
            ),
            oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            storage_profile=containerservice.ManagedClusterStorageProfileArgs(
                disk_csi_driver=containerservice.ManagedClusterStorageProfileDiskCSIDriverArgs(enabled=True),
                file_csi_driver=containerservice.ManagedClusterStorageProfileFileCSIDriverArgs(enabled=True),
                snapshot_controller=containerservice.ManagedClusterStorageProfileSnapshotControllerArgs(enabled=True),
                blob_csi_driver=containerservice.ManagedClusterStorageProfileBlobCSIDriverArgs(enabled=False),
            ),
            auto_scaler_profile=containerservice.ManagedClusterPropertiesAutoScalerProfileArgs(
                balance_similar_node_groups="true",
                expander="least-waste",
                scan_interval="10s",
                scale_down_unneeded_time="10m",
                skip_nodes_with_local_storage="false",
                skip_nodes_with_system_pods="true",
            ),
            auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
                upgrade_channel="patch", node_os_upgrade_channel="NodeImage"
            ),
            metrics_profile=containerservice.ManagedClusterMetricsProfileArgs(
                cost_analysis=containerservice.ManagedClusterCostAnalysisArgs(enabled=True)
            ),
            tags=self._tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.deletion_protection,
                depends_on=[*grants, self.services.endpoints["vault"]],
                ignore_changes=["agentPoolProfiles[0].count"],
            ),
        )

    def _administer(self) -> None:
        """Lock the cluster, give it its maintenance windows, and let the deployer manage what runs in it."""
        assign(
            f"{self._name}-deployer-grant",
            self._args.account,
            Role.AKS_RBAC_CLUSTER_ADMIN,
            scope=self.cluster.id,
            principal=self._args.account.deployer,
            opts=self._guarded,
        )
        for config, day in _WINDOWS.items():
            containerservice.MaintenanceConfiguration(
                f"{self._name}-{day.lower()}-maintenance",
                config_name=config,
                resource_name_=self.cluster.name,
                resource_group_name=self.resource_group.name,
                maintenance_window=containerservice.MaintenanceWindowArgs(
                    duration_hours=6,
                    start_time="04:00",
                    utc_offset="+00:00",
                    schedule=containerservice.ScheduleArgs(
                        weekly=containerservice.WeeklyScheduleArgs(day_of_week=day, interval_weeks=1)
                    ),
                ),
                opts=self._guarded,
            )
        if self._args.deletion_protection:
            authorization.ManagementLockByScope(
                f"{self._name}-lock",
                lock_name="keep-cluster",
                level="CanNotDelete",
                scope=self.cluster.id,
                notes="A trading cluster: unlock it before deleting it.",
                opts=self._guarded,
            )

    def _log(self) -> None:
        monitor.DiagnosticSetting(
            f"{self._name}-control-plane-log",
            name="control-plane",
            resource_uri=self.cluster.id,
            storage_account_id=self.services.log_store.account.id,
            logs=[monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in _LOG_CATEGORIES],
            opts=self._guarded,
        )


def _network_profile(args: ClusterArgs) -> containerservice.ContainerServiceNetworkProfileArgs:
    return containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin="azure",
        network_plugin_mode="overlay",
        network_dataplane="cilium",
        network_policy="cilium",
        ip_families=["IPv4"],
        pod_cidr=args.pods,
        service_cidr=args.services,
        dns_service_ip=str(ipaddress.IPv4Network(args.services)[_DNS_HOST]),
        load_balancer_sku="standard",
        outbound_type="userAssignedNATGateway",
    )


def _held(value: pulumi.Output[str], asked: pulumi.Input[str], given: pulumi.Output[str]) -> pulumi.Output[str]:
    """Give a value that stands for a key, once the key asked for is known to be the one it stands for."""

    def check(found: list[str]) -> str:
        if found[1] != found[2]:
            raise ValueError(f"key {found[1]}: not a key of this placement; give {found[2]}")
        return str(found[0])

    return pulumi.Output.all(value, asked, given).apply(check)
