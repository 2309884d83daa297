"""The GKE cluster of one placement: private, regional, under the jurisdiction's keys, with its node pools (CLU-4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_gcp as gcp
from pulumi_gcp import container

from components.cluster.args import ClusterArgs
from components.cluster.gcp_pools import node_pool, shapes
from components.keys.gcp import GcpKeys
from components.labels import for_gcp
from components.network.gcp import PODS_RANGE, SERVICES_RANGE, GcpNetwork
from components.network.gcp_logs import GcpLogHome, LogHomeArgs
from components.provider import gcp_names

_NODE_ROLES = (
    "roles/logging.logWriter",
    "roles/monitoring.metricWriter",
    "roles/monitoring.viewer",
    "roles/stackdriver.resourceMetadata.writer",
    "roles/artifactregistry.reader",
)
"""What GKE nodes need and nothing more (GKE documentation, "Use least privilege IAM service accounts", 2026-11)."""

_LOGS = ("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "WORKLOADS")

_METRICS = ("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "STORAGE", "HPA", "POD", "DAEMONSET")

_WEEKEND_START = "2026-01-03T06:00:00Z"
_WEEKEND_END = "2026-01-03T18:00:00Z"
"""A Saturday: from 06:00 to 18:00 UTC it is the weekend, and every exchange is closed, from Sydney to Los Angeles."""

_FIRST_DAY = "2026-01-01T00:00:00Z"


class GcpCluster(pulumi.ComponentResource):
    """A regional GKE Standard cluster whose nodes and control plane have private addresses only (CLU-4, KEY-1, SEC-1).

    Guarantees that Kubernetes secrets are encrypted under the cluster key and node disks under the volumes key, that the
    control plane is reached from the placement's own ranges alone, that workloads act under workload identity and nodes
    under an account of their own, that only admitted images run, that the minor version moves when the catalogue says
    so, and that upgrades wait for the weekend. Control-plane and workload logs rest in the region.
    It installs nothing into the cluster and makes no admission policy: the project's Binary Authorization policy decides.
    """

    def __init__(
        self,
        name: str,
        args: ClusterArgs,
        network: GcpNetwork,
        keys: GcpKeys,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the logs' home, the node account, the cluster, then its pools."""
        super().__init__("nautilus:cluster:GcpCluster", name, None, opts)
        self._args = args
        self._own = pulumi.ResourceOptions(parent=self)
        physical = gcp_names.short(name, 40)
        self.logs = self._logs(f"{name}-logs", physical)
        self.node_account, roles = self._node_account(name)
        self.cluster = self._cluster(name, physical, network, [*roles, keys, network.nat, self.logs])
        self.pools: Mapping[str, container.NodePool] = MappingProxyType(
            {
                pool: node_pool(pool, shape, args, self.cluster, self.node_account.email)
                for pool_id, plan in args.pools.items()
                for pool, shape in shapes(pool_id, plan, args.zones).items()
            }
        )
        self.cluster_name = self.cluster.name
        self.endpoint = self.cluster.endpoint
        self.version = self.cluster.master_version
        certificate = self.cluster.master_auth.apply(lambda auth: auth.cluster_ca_certificate)
        # With the endpoint, so that a preview does not take a certificate that is still to come for none.
        self.certificate_authority = pulumi.Output.all(certificate, self.endpoint).apply(lambda known: str(known[0]))
        self.cluster_id = self.cluster.id
        self.register_outputs({"cluster": self.cluster_id, "endpoint": self.endpoint})

    def _node_account(self, name: str) -> tuple[gcp.serviceaccount.Account, list[pulumi.Resource]]:
        project = self._args.account.id
        account = gcp.serviceaccount.Account(
            f"{name}-nodes",
            account_id=gcp_names.short(f"{name}-nodes", 30),
            project=project,
            display_name=f"Nodes of {name}",
            opts=self._own,
        )
        made: list[pulumi.Resource] = [
            gcp.projects.IAMMember(
                f"{name}-nodes-{role.partition('/')[2].replace('.', '-').lower()}",
                project=project,
                role=role,
                member=account.member,
                opts=self._own,
            )
            for role in _NODE_ROLES
        ]
        made.append(
            gcp.serviceaccount.IAMMember(
                f"{name}-nodes-deployer",
                service_account_id=account.name,
                role="roles/iam.serviceAccountUser",
                member=gcp_names.member(self._args.account.deployer),
                opts=self._own,
            )
        )
        return account, made

    def _logs(self, name: str, cluster: str) -> GcpLogHome:
        args = self._args
        condition = f'resource.labels.cluster_name="{cluster}" AND resource.labels.location:"{args.location.region}"'
        return GcpLogHome(
            name,
            LogHomeArgs(
                location=args.location,
                account=args.account,
                condition=condition,
                key=args.log_key,
                retention_days=args.log_retention_days,
                deletion_protection=args.deletion_protection,
            ),
            self._own,
        )

    def _cluster(self, name: str, physical: str, network: GcpNetwork, guards: list[pulumi.Resource]) -> container.Cluster:
        args = self._args
        return container.Cluster(
            f"{name}-cluster",
            name=physical,
            project=args.account.id,
            location=args.location.region,
            node_locations=list(args.zones),
            description=f"Nautilus {name}",
            min_master_version=args.kubernetes_version,
            release_channel={"channel": "REGULAR"},
            network=network.vpc.self_link,
            subnetwork=network.subnetworks["private"].self_link,
            networking_mode="VPC_NATIVE",
            datapath_provider="ADVANCED_DATAPATH",
            enable_intranode_visibility=True,
            enable_l4_ilb_subsetting=True,
            ip_allocation_policy={
                "cluster_secondary_range_name": PODS_RANGE,
                "services_secondary_range_name": SERVICES_RANGE,
                "stack_type": "IPV4",
            },
            private_cluster_config={
                "enable_private_nodes": True,
                "enable_private_endpoint": True,
                "master_ipv4_cidr_block": network.ranges.control_plane,
                "master_global_access_config": {"enabled": False},
            },
            master_authorized_networks_config={
                "cidr_blocks": [
                    {"cidr_block": network.ranges.private, "display_name": "private tier"},
                    {"cidr_block": args.pods, "display_name": "pods"},
                ],
                "gcp_public_cidrs_access_enabled": False,
                "private_endpoint_enforcement_enabled": True,
            },
            database_encryption={"state": "ENCRYPTED", "key_name": args.secrets_key},
            workload_identity_config={"workload_pool": f"{args.account.id}.svc.id.goog"},
            master_auth={"client_certificate_config": {"issue_client_certificate": False}},
            enable_legacy_abac=False,
            anonymous_authentication_config={"mode": "LIMITED"},
            rbac_binding_config={
                "enable_insecure_binding_system_authenticated": False,
                "enable_insecure_binding_system_unauthenticated": False,
            },
            enable_shielded_nodes=True,
            binary_authorization={"evaluation_mode": "PROJECT_SINGLETON_POLICY_ENFORCE"},
            security_posture_config={"mode": "BASIC"},
            logging_config={"enable_components": list(_LOGS)},
            monitoring_config={
                "enable_components": list(_METRICS),
                "managed_prometheus": {"enabled": True},
                "advanced_datapath_observability_config": {"enable_metrics": True, "enable_relay": False},
            },
            cost_management_config={"enabled": True},
            vertical_pod_autoscaling={"enabled": True},
            dns_config={"cluster_dns": "CLOUD_DNS", "cluster_dns_scope": "CLUSTER_SCOPE"},
            gateway_api_config={"channel": "CHANNEL_STANDARD"},
            service_external_ips_config={"enabled": False},
            addons_config={
                "horizontal_pod_autoscaling": {"disabled": False},
                "http_load_balancing": {"disabled": False},
                "dns_cache_config": {"enabled": True},
                "gce_persistent_disk_csi_driver_config": {"enabled": True},
                "gcs_fuse_csi_driver_config": {"enabled": True},
                "gke_backup_agent_config": {"enabled": True},
            },
            maintenance_policy={
                "recurring_window": {
                    "start_time": _WEEKEND_START,
                    "end_time": _WEEKEND_END,
                    "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
                },
                "maintenance_exclusions": [
                    {
                        "exclusion_name": "minor-version-by-catalogue",
                        "start_time": _FIRST_DAY,
                        "exclusion_options": {
                            "scope": "NO_MINOR_UPGRADES",
                            "end_time_behavior": "UNTIL_END_OF_SUPPORT",
                        },
                    }
                ],
            },
            # GKE makes a first pool before it is removed; an organisation's CMEK constraint asks a key of it as well.
            remove_default_node_pool=True,
            initial_node_count=1,
            node_config={
                "service_account": self.node_account.email,
                "boot_disk_kms_key": args.volumes_key,
                "oauth_scopes": ["https://www.googleapis.com/auth/cloud-platform"],
                "shielded_instance_config": {"enable_secure_boot": True, "enable_integrity_monitoring": True},
                "workload_metadata_config": {"mode": "GKE_METADATA"},
            },
            resource_labels=dict(for_gcp(args.labels)),
            deletion_protection=args.deletion_protection,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.deletion_protection,
                depends_on=guards,
                # The removed pool's configuration reads back as another pool's, and a change of it replaces the cluster.
                ignore_changes=["nodeConfig"],
            ),
        )
