"""GKE node pools: how a pool plan becomes machines, disks, kubelet and kernel settings (CLU-4, NET-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp
from pulumi_gcp.container import NodePoolNodeConfigArgs

from components.cluster.args import ClusterArgs
from components.labels import for_gcp
from components.network.gcp_rules import Tag
from components.provider import gcp_names
from config.model import PoolSize, Taint, Tuning
from nautilus.federation.plan import PoolPlan

_HYPERDISK_ONLY = frozenset({"c4", "c4a", "c4d", "n4", "n4a", "n4d", "x4", "h4d", "m4"})
"""Machine series that take Hyperdisk boot disks only (Compute Engine documentation, "About Persistent Disk", 2026-11)."""

_TAINT_EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}

_TIERS: Mapping[str, tuple[Tag, ...]] = {
    "trading": (Tag.APP,),
    "data": (Tag.DATA,),
    "system": (Tag.WEB, Tag.APP, Tag.EGRESS),
    "edge": (Tag.WEB, Tag.APP),
    "analytics": (Tag.APP, Tag.EGRESS),
}
"""Which tiers' rules apply to a pool, by its purpose; only system and analytics nodes may leave by NAT."""


@dataclass(frozen=True, kw_only=True)
class PoolShape:
    """One node pool as GKE knows it: its plan, the zones it spans and its bounds, in nodes over those zones."""

    plan: PoolPlan
    zones: tuple[str, ...]
    size: PoolSize


def shapes(pool_id: str, plan: PoolPlan, zones: Sequence[str]) -> Mapping[str, PoolShape]:
    """Give the GKE pools of one pool plan, keyed by name.

    GKE keeps a compact pool in one zone, so a pool with a placement group becomes one pool a zone (`trading-b`), with the
    bounds shared out from the first zone on; a zone that would get no node at its upper bound gets no pool. Any other
    pool spans all zones.
    """
    if not plan.pool.tuning.placement_group:
        return {pool_id: PoolShape(plan=plan, zones=tuple(zones), size=plan.size)}
    found = {}
    for place, zone in enumerate(zones):
        size = {bound: _share(getattr(plan.size, bound), len(zones), place) for bound in ("min", "desired", "max")}
        if size["max"]:
            found[f"{pool_id}-{zone.rpartition('-')[2]}"] = PoolShape(plan=plan, zones=(zone,), size=PoolSize(**size))
    return found


def node_pool(
    name: str,
    shape: PoolShape,
    args: ClusterArgs,
    cluster: gcp.container.Cluster,
    service_account: pulumi.Input[str],
) -> gcp.container.NodePool:
    """Make one private, autoscaled node pool under the volumes' key; autoscaling owns the count after the first node."""
    plan = shape.plan
    return gcp.container.NodePool(
        f"{cluster._name}-{name}",
        name=gcp_names.short(name, 40),
        project=args.account.id,
        location=args.location.region,
        cluster=cluster.name,
        node_locations=list(shape.zones),
        # Nodes a zone: rounded down, since the autoscaler raises it to the lower bound and never has to take one away.
        initial_node_count=shape.size.desired // len(shape.zones),
        autoscaling=gcp.container.NodePoolAutoscalingArgs(
            total_min_node_count=shape.size.min,
            total_max_node_count=shape.size.max,
            location_policy="BALANCED",
        ),
        management=gcp.container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
        upgrade_settings=gcp.container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=1, max_unavailable=0),
        network_config=gcp.container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
        placement_policy=(
            gcp.container.NodePoolPlacementPolicyArgs(type="COMPACT") if plan.pool.tuning.placement_group else None
        ),
        node_config=_node_config(plan, args, service_account),
        # Nodes hold no state of their own; the cluster's protection would stop a pool from ever being replaced.
        opts=pulumi.ResourceOptions(parent=cluster, protect=False, ignore_changes=["initialNodeCount"]),
    )


def disk_type(machine: str) -> str:
    """Give the boot disk type that a machine type takes: Hyperdisk where its series takes nothing else."""
    return "hyperdisk-balanced" if machine.partition("-")[0] in _HYPERDISK_ONLY else "pd-balanced"


def _share(total: int, parts: int, place: int) -> int:
    return total // parts + (1 if place < total % parts else 0)


def _node_config(plan: PoolPlan, args: ClusterArgs, service_account: pulumi.Input[str]) -> NodePoolNodeConfigArgs:
    pool = plan.pool
    return NodePoolNodeConfigArgs(
        machine_type=plan.machine,
        image_type="COS_CONTAINERD",
        disk_size_gb=pool.disk_gib,
        disk_type=disk_type(plan.machine),
        boot_disk_kms_key=args.volumes_key,
        service_account=service_account,
        # The service account's roles are the limit; scopes are the older mechanism and would only hide it.
        oauth_scopes=["https://www.googleapis.com/auth/cloud-platform"],
        metadata={"disable-legacy-endpoints": "true"},
        workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        gvnic=gcp.container.NodePoolNodeConfigGvnicArgs(enabled=True),
        logging_variant="MAX_THROUGHPUT" if pool.tuning.cpu_manager_static else "DEFAULT",
        labels={"nautilus/pool": pool.id, "nautilus/purpose": pool.purpose} | pool.labels,
        taints=[_taint(taint) for taint in pool.taints],
        tags=[str(tag) for tag in _TIERS[pool.purpose]],
        resource_labels={**for_gcp(args.labels), "nautilus-pool": pool.id},
        kubelet_config=_kubelet(pool.tuning),
        linux_node_config=_kernel(pool.tuning),
        spot=False,
    )


def _taint(taint: Taint) -> gcp.container.NodePoolNodeConfigTaintArgs:
    return gcp.container.NodePoolNodeConfigTaintArgs(key=taint.key, value=taint.value, effect=_TAINT_EFFECTS[taint.effect])


def _kubelet(tuning: Tuning) -> gcp.container.NodePoolNodeConfigKubeletConfigArgs:
    """Give kubelet settings: pinned processors run without a quota, which would throttle what it just pinned."""
    topology = gcp.container.NodePoolNodeConfigKubeletConfigTopologyManagerArgs(policy="single-numa-node", scope="pod")
    return gcp.container.NodePoolNodeConfigKubeletConfigArgs(
        cpu_manager_policy="static" if tuning.cpu_manager_static else "none",
        cpu_cfs_quota=not tuning.cpu_manager_static,
        insecure_kubelet_readonly_port_enabled="FALSE",
        pod_pids_limit=4096,
        topology_manager=topology if tuning.topology_single_numa else None,
    )


def _kernel(tuning: Tuning) -> gcp.container.NodePoolNodeConfigLinuxNodeConfigArgs:
    pages = gcp.container.NodePoolNodeConfigLinuxNodeConfigHugepagesConfigArgs(hugepage_size2m=tuning.huge_pages_2mi)
    return gcp.container.NodePoolNodeConfigLinuxNodeConfigArgs(
        cgroup_mode="CGROUP_MODE_V2",
        sysctls=dict(tuning.sysctls) or None,
        hugepages_config=pages if tuning.huge_pages_2mi else None,
    )
