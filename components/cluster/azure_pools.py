"""How node pools are cut into AKS agent pools, one a zone, and how a pool's tuning is spelt there (CLU-4, NET-3).

Guarantees that the bounds of a pool's zones add up to the pool's own, and that a setting AKS does not offer is refused
here, by name, instead of being dropped. It makes no resource.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import containerservice

from config.model import NodePool
from nautilus.federation.plan import PoolPlan

_SYSCTLS: Final[Mapping[str, str]] = {
    "fs.aio-max-nr": "fs_aio_max_nr",
    "fs.file-max": "fs_file_max",
    "fs.inotify.max_user_watches": "fs_inotify_max_user_watches",
    "fs.nr_open": "fs_nr_open",
    "kernel.threads-max": "kernel_threads_max",
    "net.core.netdev_max_backlog": "net_core_netdev_max_backlog",
    "net.core.optmem_max": "net_core_optmem_max",
    "net.core.rmem_default": "net_core_rmem_default",
    "net.core.rmem_max": "net_core_rmem_max",
    "net.core.somaxconn": "net_core_somaxconn",
    "net.core.wmem_default": "net_core_wmem_default",
    "net.core.wmem_max": "net_core_wmem_max",
    "net.ipv4.ip_local_port_range": "net_ipv4_ip_local_port_range",
    "net.ipv4.neigh.default.gc_thresh1": "net_ipv4_neigh_default_gc_thresh1",
    "net.ipv4.neigh.default.gc_thresh2": "net_ipv4_neigh_default_gc_thresh2",
    "net.ipv4.neigh.default.gc_thresh3": "net_ipv4_neigh_default_gc_thresh3",
    "net.ipv4.tcp_fin_timeout": "net_ipv4_tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl": "net_ipv4_tcpkeepalive_intvl",
    "net.ipv4.tcp_keepalive_probes": "net_ipv4_tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time": "net_ipv4_tcp_keepalive_time",
    "net.ipv4.tcp_max_syn_backlog": "net_ipv4_tcp_max_syn_backlog",
    "net.ipv4.tcp_max_tw_buckets": "net_ipv4_tcp_max_tw_buckets",
    "net.ipv4.tcp_tw_reuse": "net_ipv4_tcp_tw_reuse",
    "net.netfilter.nf_conntrack_buckets": "net_netfilter_nf_conntrack_buckets",
    "net.netfilter.nf_conntrack_max": "net_netfilter_nf_conntrack_max",
    "vm.max_map_count": "vm_max_map_count",
    "vm.swappiness": "vm_swappiness",
    "vm.vfs_cache_pressure": "vm_vfs_cache_pressure",
}
"""The kernel settings that AKS offers a node pool, and the SDK's names for them (azure-native 3.x, SysctlConfig)."""

_TEXT: Final = frozenset({"net.ipv4.ip_local_port_range"})
_FLAGS: Final = frozenset({"net.ipv4.tcp_tw_reuse"})

_NAME_LENGTH: Final = 12
"""The longest name of a Linux agent pool (Azure resource naming rules, Microsoft.ContainerService)."""

_POD_LIMIT: Final = 250
"""Pods a node with the overlay, where an address costs nothing (AKS quotas)."""


@dataclass(frozen=True, kw_only=True)
class ZonalPool:
    """One agent pool: a node pool's share in one zone. Bounds in nodes."""

    name: str
    pool: NodePool
    machine: str
    zone: str
    min: int
    desired: int
    max: int

    @property
    def system(self) -> bool:
        """Whether AKS's own add-ons run here."""
        return self.pool.purpose == "system"


def zonal(pools: Mapping[str, PoolPlan], zones: tuple[str, ...]) -> tuple[ZonalPool, ...]:
    """Give the agent pools, system pools first, each pool's zones in order.

    A bound that does not divide leaves its remainder to the first zones; a zone whose upper bound is 0 gets no pool. System
    pools may not be empty, so that they keep to as many zones as the minimum has nodes. Raises ValueError where there is
    no system pool, or where its minimum is 0.
    """
    made = [pool for pool_id, plan in pools.items() for pool in _split(pool_id, plan, zones)]
    ordered = sorted(made, key=lambda pool: not pool.system)
    if not any(plan.pool.purpose == "system" for plan in pools.values()):
        raise ValueError(f"node pools {', '.join(pools)}: AKS needs one with the purpose system")
    if not ordered or not ordered[0].system:
        raise ValueError("node pools: AKS needs at least one system node; raise the environment's minimum")
    return tuple(ordered)


def _split(pool_id: str, plan: PoolPlan, zones: tuple[str, ...]) -> list[ZonalPool]:
    used = zones[: plan.size.min] if plan.pool.purpose == "system" else zones
    return [
        ZonalPool(
            name=pool_name(pool_id, zone),
            pool=plan.pool,
            machine=plan.machine,
            zone=zone,
            min=_share(plan.size.min, len(used), place),
            desired=_share(plan.size.desired, len(used), place),
            max=_share(plan.size.max, len(used), place),
        )
        for place, zone in enumerate(used)
        if _share(plan.size.max, len(used), place)
    ]


def pool_name(pool_id: str, zone: str) -> str:
    """Give an agent pool's name: the pool's id without hyphens and the zone; a long one is cut and given a digest."""
    plain = re.sub(r"[^a-z0-9]", "", pool_id) + zone
    if len(plain) <= _NAME_LENGTH:
        return plain
    digest = hashlib.sha256(pool_id.encode()).hexdigest()[:3]
    return f"{plain[: _NAME_LENGTH - len(digest) - len(zone)]}{digest}{zone}"


def node_labels(pool: ZonalPool) -> Mapping[str, str]:
    """Give the labels of a pool's nodes, the tuning that AKS leaves to an agent on the node included.

    AKS sets no static huge pages: the label tells the platform's node agent how many pages of 2 MiB to reserve.
    """
    pages = pool.pool.tuning.huge_pages_2mi
    return {**pool.pool.labels, **({"nautilus/huge-pages-2mi": str(pages)} if pages else {})}


def settings(
    pool: ZonalPool,
    version: str,
    tags: Mapping[str, str],
    *,
    subnet: pulumi.Input[str],
    placement: pulumi.Input[str] | None,
) -> dict[str, Any]:
    """Give what an inline and a separate agent pool have in common, as keyword arguments.

    `version` is the cluster's own; `subnet` is the id of the zone's private subnet and `placement` that of the pool's
    proximity placement group. Secure boot and a virtual TPM rule FIPS images out (AKS trusted launch, limitations;
    general knowledge). Raises ValueError for a kernel setting that AKS does not offer.
    """
    return {
        "mode": "System" if pool.system else "User",
        "type": "VirtualMachineScaleSets",
        "orchestrator_version": version,
        "vm_size": pool.machine,
        "os_type": "Linux",
        "os_sku": "AzureLinux",
        "os_disk_type": "Managed",
        "os_disk_size_gb": pool.pool.disk_gib,
        "availability_zones": [pool.zone],
        "enable_auto_scaling": True,
        "min_count": pool.min,
        "count": pool.desired,
        "max_count": pool.max,
        "max_pods": _POD_LIMIT,
        "vnet_subnet_id": subnet,
        "proximity_placement_group_id": placement,
        "enable_encryption_at_host": True,
        "enable_node_public_ip": False,
        "kubelet_config": _kubelet(pool.pool),
        "linux_os_config": _kernel(pool.pool),
        "node_labels": node_labels(pool),
        "node_taints": [f"{taint.key}={taint.value}:{taint.effect}" for taint in pool.pool.taints],
        "security_profile": containerservice.AgentPoolSecurityProfileArgs(
            enable_secure_boot=True, enable_vtpm=True, ssh_access="Disabled"
        ),
        "upgrade_settings": containerservice.AgentPoolUpgradeSettingsArgs(
            max_surge="33%", drain_timeout_in_minutes=30, node_soak_duration_in_minutes=5
        ),
        "tags": tags,
    }


def _kubelet(pool: NodePool) -> containerservice.KubeletConfigArgs:
    return containerservice.KubeletConfigArgs(
        cpu_manager_policy="static" if pool.tuning.cpu_manager_static else "none",
        topology_manager_policy="single-numa-node" if pool.tuning.topology_single_numa else "none",
        container_log_max_files=5,
        container_log_max_size_mb=50,
        fail_swap_on=True,
    )


def _kernel(pool: NodePool) -> containerservice.LinuxOSConfigArgs | None:
    values: dict[str, Any] = {
        _SYSCTLS[key]: _value(key, value) for key, value in pool.tuning.sysctls.items() if _offered(pool, key)
    }
    if not values and not pool.tuning.huge_pages_2mi:
        return None
    return containerservice.LinuxOSConfigArgs(
        sysctls=containerservice.SysctlConfigArgs(**values) if values else None,
        # Latency-bound processes ask for huge pages themselves; the kernel's own background collapsing stalls them.
        transparent_huge_page_enabled="madvise",
        transparent_huge_page_defrag="madvise",
    )


def _offered(pool: NodePool, key: str) -> bool:
    if key not in _SYSCTLS:
        raise ValueError(f"node pool {pool.id}: AKS offers no kernel setting {key}; it offers {', '.join(_SYSCTLS)}")
    return True


def _value(key: str, value: str) -> str | int | bool:
    if key in _TEXT:
        return value
    return value == "1" if key in _FLAGS else int(value)


def _share(total: int, parts: int, place: int) -> int:
    return total // parts + (1 if place < total % parts else 0)
