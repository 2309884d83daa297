"""FLT-007: a cluster's control plane, its pools and its entry stand in three zones, or a deviation says why not (CLU-6).

Pools that are split by zone count together, by their `nautilus/pool` label. A pool of an edge site stands in the site's own
zone, and its parent placement takes over from it. A deviation is the placement's own `zone_deviation` in the catalogue.
Zones are those of the planned subnets and pools.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nautilus.federation.plan import PlacementPlan
from policies.kit.fronts import every
from policies.kit.law import Law, account_of
from policies.kit.location import provider_region
from policies.kit.props import Props, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show

LEAST: Final = 3

_EKS: Final = "aws:eks/cluster:Cluster"
_GKE: Final = "gcp:container/cluster:Cluster"
_AKS: Final = "azure-native:containerservice:ManagedCluster"
_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_SUBNET: Final = "aws:ec2/subnet:Subnet"
_POOLS: Final[Mapping[str, tuple[str, str]]] = {
    "aws:eks/nodeGroup:NodeGroup": ("clusterName", "labels"),
    "gcp:container/nodePool:NodePool": ("cluster", "nodeConfig.labels"),
    "azure-native:containerservice:AgentPool": ("resourceName", "nodeLabels"),
}
"""Each type of pool: what says its cluster, and where its labels stand."""
_POOL_LABEL: Final = "nautilus/pool"
_SITE_LABEL: Final = "nautilus/site"


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    if _deviates(resource, law):
        return
    found: dict[str, set[str]] = {}
    match resource.type:
        case "aws:eks/cluster:Cluster":
            found["the control plane"] = set(_subnets(resource, stack, "vpcConfig", "vpcConfig.subnetIds"))
        case "aws:lb/loadBalancer:LoadBalancer":
            found["the entry"] = set(_subnets(resource, stack, "subnets", "subnets"))
        case "gcp:container/cluster:Cluster":
            found["the cluster"] = set(resource.props.texts("nodeLocations"))
        case _:
            for profile in resource.props.each("agentPoolProfiles"):
                _add(found, profile, "nodeLabels", profile.texts("availabilityZones"))
    for pool, prop in stack.users.get(resource.urn, ()):
        if pool.type in _POOLS and prop == _POOLS[pool.type][0]:
            labels, own = _POOLS[pool.type][1], tuple(_zones(pool, stack))
            if not _of_site(pool.props, labels, own, law):
                _add(found, pool.props, labels, own)
    if not found:
        yield Fault("no pool is planned", allowed=f"pools in at least {LEAST} zones")
    bounds = _bounds(resource, law)
    for what, zones in sorted(found.items()):
        least = min(LEAST, bounds.get(what, LEAST))
        if len(zones) < least:
            yield Fault(
                f"{what} stands in {len(zones)} zone{'' if len(zones) == 1 else 's'}: {', '.join(sorted(zones)) or 'none'}",
                allowed=f"at least {least} zones, or a zone_deviation of its placement",
            )


def _bounds(resource: Resource, law: Law) -> dict[str, int]:
    """Give how many zones each pool can fill at all, by what the environment's sizes allow: a node stands in one zone.

    A system pool is never empty, so that its zones are as many as its least nodes; any other grows to its most.
    """
    found: dict[str, int] = {}
    for plan in _plans(resource, law):
        for name, pool in plan.pools.items():
            nodes = pool.size.min if pool.pool.purpose == "system" else pool.size.max
            key = f"pool {show(name)}"
            found[key] = max(found.get(key, 0), nodes)
    return found


def _of_site(props: Props, labels: str, zones: tuple[str, ...], law: Law) -> bool:
    """Give whether a pool stands in the one zone of the edge site that it says it is of: its parent takes over from it."""
    site = law.catalogue.edge.sites.get(props.entry(labels, _SITE_LABEL) or "")
    return site is not None and site.zone is not None and set(zones) == {site.zone}


def _add(found: dict[str, set[str]], props: Props, labels: str, zones: tuple[str, ...]) -> None:
    name = props.entry(labels, _POOL_LABEL)
    found.setdefault(f"pool {show(name)}" if name is not None else "a pool without a name", set()).update(zones)


def _zones(pool: Resource, stack: Stack) -> Iterator[str]:
    match pool.type:
        case "aws:eks/nodeGroup:NodeGroup":
            yield from _subnets(pool, stack, "subnetIds", "subnetIds")
        case "gcp:container/nodePool:NodePool":
            yield from pool.props.texts("nodeLocations")
        case _:
            yield from pool.props.texts("availabilityZones")


def _subnets(resource: Resource, stack: Stack, top: str, path: str) -> Iterator[str]:
    """Yield the zones of the subnets that a resource stands in. Raises Undecided where a subnet or its zone is not told."""
    subnets = [source for source in stack.sources(resource, top) if source.type == _SUBNET]
    if not subnets:
        ids = resource.props.texts(path)
        subnets = [one for text in ids if (one := stack.ids.get((_SUBNET, text.lower()))) is not None]
        if len(subnets) < len(ids):
            raise Undecided(path, "names a subnet that this stack does not hold")
    for subnet in subnets:
        zone = subnet.props.text("availabilityZone")
        if zone is None:
            raise Undecided(f"{subnet.name}: availabilityZone", "is not set")
        yield zone


def _deviates(resource: Resource, law: Law) -> bool:
    """Give whether the placement at the resource's place says why it has fewer zones."""
    return any(plan.placement.zone_deviation is not None for plan in _plans(resource, law))


def _plans(resource: Resource, law: Law) -> Iterator[PlacementPlan]:
    """Yield the placements at the resource's place."""
    account, region = account_of(resource), provider_region(resource)
    for plan in every(law, law.environment(resource.stack)).values():
        if plan.cloud is resource.cloud and plan.location.region == region and plan.account.id == account:
            yield plan


RULE = Rule(
    id="FLT-007",
    title="three zones at least, or a declared deviation",
    clause=control("FLT-007", "CLU-6"),
    severity=Severity.HIGH,
    allowed="three zones, or a zone_deviation in the placement's file",
    fix="add zones, or declare zone_deviation with the reason in config/catalogue/clusters",
    stack=_check,
    types=frozenset({_EKS, _GKE, _AKS, _BALANCER}),
)
