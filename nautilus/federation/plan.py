"""What one environment wants of each placement: the catalogue resolved to plain values that components build from.

Guarantees that every value a component needs is here, that nothing in it is an output or a lookup, and that the same
catalogue gives the same plan in the same order. It decides nothing about law; `config.validation` has refused what
is inconsistent before a plan is made.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from config.model import (
    Account,
    Catalogue,
    Cloud,
    Cluster,
    Edge,
    EdgeSite,
    Environment,
    EnvironmentName,
    Facility,
    Group,
    Jurisdiction,
    Location,
    NodePool,
    Placement,
    PoolSize,
)

MAIN = "main"
"""The id of a cluster's first placement; its name is the cluster's."""


@dataclass(frozen=True, kw_only=True)
class PoolPlan:
    """One node pool of a placement: `machine` is the cloud's machine type, `size` counts nodes over all zones."""

    pool: NodePool
    machine: str
    size: PoolSize


@dataclass(frozen=True, kw_only=True)
class EdgePlan:
    """Nodes of a placement in one of its cloud's zones outside the region, tuned as the site's kind is (EDGE-1, NET-3)."""

    site: EdgeSite
    zone: str
    slot: int
    pool: PoolPlan


@dataclass(frozen=True, kw_only=True)
class PlacementPlan:
    """One control plane of a cluster in one environment, with its network, keys and pools resolved.

    `name` is unique over the federation and holds no environment: `<cluster>` for the placement `main`, else
    `<cluster>-<placement>`, so that a further placement renames nothing. `nodes`, `pods` and `services` are IPv4 ranges that
    overlap with no other placement's. `recovery` lies in the same jurisdiction as `location`; `recovery_account` is the
    account used there. `edge` maps each site whose nodes are this placement's to what stands there.
    """

    name: str
    cluster: Cluster
    placement: Placement
    environment: Environment
    jurisdiction: Jurisdiction
    location: Location
    recovery: Location
    account: Account
    recovery_account: Account
    nodes: str
    pods: str
    services: str
    pools: Mapping[str, PoolPlan]
    labels: Mapping[str, str]
    edge: Mapping[str, EdgePlan] = field(default_factory=dict)

    @property
    def cloud(self) -> Cloud:
        """The cloud this placement runs on."""
        return self.location.cloud

    @property
    def log_retention_days(self) -> int:
        """How long logs are kept: what the jurisdiction asks for, or the environment's period where that is longer."""
        return max(self.jurisdiction.log_retention_days, self.environment.log_retention_days)


def placements(catalogue: Catalogue, environment: EnvironmentName, group: Group) -> tuple[PlacementPlan, ...]:
    """Give the plan of every placement of a group, sorted by name.

    Raises KeyError for an environment that the catalogue does not hold, and ValueError for a location outside every
    jurisdiction served; a validated catalogue holds neither.
    """
    env = catalogue.environments[environment]
    plans = [
        _plan(catalogue, env, cluster, placement_id, placement)
        for cluster in catalogue.clusters.values()
        if cluster.group is group
        for placement_id, placement in cluster.placements.items()
    ]
    return tuple(sorted(plans, key=lambda plan: plan.name))


def placement_name(cluster: Cluster, placement_id: str) -> str:
    """Give the federation-wide name of a placement."""
    return cluster.id if placement_id == MAIN else f"{cluster.id}-{placement_id}"


def rebase(network: str, block: str) -> str:
    """Give the range at the same offset in another address block (CLU-6).

    `network` and `block` are IPv4 CIDRs; the bits of `network` below the block's prefix are kept:
    `rebase("10.3.0.0/16", "10.64.0.0/10")` is `"10.67.0.0/16"`. Raises ValueError where either is not a network address.
    """
    inner = ipaddress.IPv4Network(network)
    outer = ipaddress.IPv4Network(block)
    offset = int(inner.network_address) & int(outer.hostmask)
    return str(ipaddress.IPv4Network((int(outer.network_address) | offset, inner.prefixlen)))


def _plan(
    catalogue: Catalogue, env: Environment, cluster: Cluster, placement_id: str, placement: Placement
) -> PlacementPlan:
    location = catalogue.locations[placement.location]
    recovery = catalogue.locations[placement.recovery]
    pools = {pool_id: _pool(catalogue.node_pools[pool_id], location.cloud, env, placement) for pool_id in cluster.node_pools}
    return PlacementPlan(
        name=placement_name(cluster, placement_id),
        cluster=cluster,
        placement=placement,
        environment=env,
        jurisdiction=catalogue.jurisdictions[_jurisdiction(location)],
        location=location,
        recovery=recovery,
        account=env.accounts[_jurisdiction(location)][location.cloud],
        recovery_account=env.accounts[_jurisdiction(recovery)][recovery.cloud],
        nodes=rebase(placement.nodes, env.node_block),
        pods=placement.pods,
        services=placement.services,
        pools=MappingProxyType(pools),
        labels=MappingProxyType(
            {
                "federation": "nautilus",
                "environment": str(env.id),
                "cluster": cluster.id,
                "jurisdiction": _jurisdiction(location),
                "data-class": _strictest(cluster),
                "owner": cluster.owner,
                "tier": str(cluster.tier),
                "cost-centre": cluster.cost_centre,
            }
        ),
        edge=MappingProxyType(
            {
                site_id: EdgePlan(
                    site=site, zone=site.zone, slot=site.slot, pool=_pool(pool, location.cloud, env, placement)
                )
                for site_id, site in _sites(catalogue.edge, placement_name(cluster, placement_id))
                if site.zone is not None and site.slot is not None
                for pool in [catalogue.node_pools[catalogue.edge.kinds[site.kind].pool]]
            }
        ),
    )


def _sites(edge: Edge, parent: str) -> list[tuple[str, EdgeSite]]:
    """Give a placement's sites in which nodes of its cluster stand, sorted: AWS extends a network to its local zones."""
    return sorted(
        (site_id, site)
        for site_id, site in edge.sites.items()
        if site.parent == parent and site.facility is Facility.LOCAL_ZONE
    )


def _pool(pool: NodePool, cloud: Cloud, env: Environment, placement: Placement) -> PoolPlan:
    return PoolPlan(pool=pool, machine=pool.machines[cloud], size=_size(env.sizes[pool.sizing], placement))


def _size(size: PoolSize, placement: Placement) -> PoolSize:
    """Give a pool's bounds; a standby starts at the least, and grows as the load comes to it."""
    return size.model_copy(update={"desired": size.min}) if placement.standby else size


def _jurisdiction(location: Location) -> str:
    """Give the jurisdiction a location lies in; raises ValueError for one outside every jurisdiction we serve."""
    if location.jurisdiction is None:
        raise ValueError(f"{location.id} ({location.place}) lies outside every jurisdiction served: place nothing there")
    return location.jurisdiction


def _strictest(cluster: Cluster) -> str:
    """Give the cluster's most restricted data class; classes are declared in the order of the enum, strictest first."""
    order = list(type(cluster.data_classes[0]))
    return str(min(cluster.data_classes, key=order.index))
