"""Rules on clusters and placements: jurisdiction, recovery, zones, pools, data classes (CLU-1, CLU-4, CLU-6, JUR-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config.model import Cluster, DataClass, Group, Placement
from config.problem import nearest, one_of, shown
from config.validation.ends import MAIN
from config.validation.view import Finding, View

KIND: Final = "cluster"
MIN_ZONES: Final = 3
MAX_NAME_LENGTH: Final = 40
"""GKE clusters.create, `cluster.name`: up to 40 characters; EKS allows 100 and AKS 63."""
ACROSS_BORDERS: Final = frozenset({DataClass.MARKET, DataClass.DERIVED})
"""What the cross-jurisdiction analytics may hold: nothing raw (CLU-2)."""


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with clusters."""
    names: dict[str, str] = {}
    for cluster_id, cluster in sorted(view.clusters.items()):
        yield from _jurisdiction(view, cluster_id, cluster)
        yield from _data_classes(view, cluster_id, cluster)
        yield from _pools(view, cluster_id, cluster)
        for placement_id, placement in cluster.placements.items():
            yield from _name(view, cluster_id, placement_id, names)
            yield from _place(view, cluster_id, cluster, placement_id, placement)
            yield from _zones(view, cluster_id, placement_id, placement)
        if all(placement.standby for placement in cluster.placements.values()):
            allowed = "at least one placement that serves: standbys serve only in its place"
            fix = "write standby: false on one of them"
            yield view.finding(KIND, cluster_id, "placements", value=shown("standbys only"), allowed=allowed, fix=fix)


def _jurisdiction(view: View, cluster_id: str, cluster: Cluster) -> Iterator[Finding]:
    if view.unknown("jurisdiction", cluster.jurisdiction):
        known = view.names("jurisdiction")
        yield view.finding(
            KIND,
            cluster_id,
            "jurisdiction",
            value=shown(cluster.jurisdiction),
            allowed=one_of(known, "a jurisdiction"),
            fix=nearest(cluster.jurisdiction, known, "name a jurisdiction of jurisdictions/"),
        )


def _data_classes(view: View, cluster_id: str, cluster: Cluster) -> Iterator[Finding]:
    home = view.jurisdictions.get(cluster.jurisdiction)
    for index, data_class in enumerate(cluster.data_classes):
        if data_class in cluster.data_classes[:index]:
            allowed, fix = "each data class once", "remove the second one"
        elif cluster.group is Group.ANALYTICS and data_class not in ACROSS_BORDERS:
            allowed = one_of(ACROSS_BORDERS, "aggregated or pseudonymised data only in the analytics group")
            fix = f"remove {data_class.value}, or move the cluster to a regional group"
        elif home is not None and data_class in home.data_classes:
            rule = home.data_classes[data_class]
            if rule.permits(cluster.jurisdiction):
                continue
            allowed = one_of(rule.jurisdictions, f"{data_class.value} of {home.id} in")
            fix = f"remove {data_class.value} from the cluster"
        else:
            continue
        yield view.finding(KIND, cluster_id, "data_classes", index, value=shown(data_class.value), allowed=allowed, fix=fix)


def _pools(view: View, cluster_id: str, cluster: Cluster) -> Iterator[Finding]:
    known = view.names("node_pools")
    for index, pool_id in enumerate(cluster.node_pools):
        if view.unknown("node_pools", pool_id):
            allowed = one_of(known, "a node pool of node_pools.yaml")
            fix = nearest(pool_id, known, "name a node pool of node_pools.yaml, or add it there")
        elif pool_id in cluster.node_pools[:index]:
            allowed, fix = "each node pool once", "remove the second one"
        else:
            yield from _machines(view, cluster_id, cluster, index, pool_id)
            continue
        yield view.finding(KIND, cluster_id, "node_pools", index, value=shown(pool_id), allowed=allowed, fix=fix)
    pools = [view.node_pools[pool] for pool in cluster.node_pools if pool in view.node_pools]
    if len(pools) == len(cluster.node_pools) and not any(pool.purpose == "system" for pool in pools):
        yield view.finding(
            KIND,
            cluster_id,
            "node_pools",
            value=shown(cluster.node_pools),
            allowed="a pool of purpose system among them: the cluster's own pods run there",
            fix="add the pool named system",
        )


def _machines(view: View, cluster_id: str, cluster: Cluster, index: int, pool_id: str) -> Iterator[Finding]:
    pool = view.node_pools.get(pool_id)
    if pool is None:
        return
    clouds = {
        view.locations[place.location].cloud for place in cluster.placements.values() if place.location in view.locations
    }
    for cloud in sorted(clouds - set(pool.machines)):
        yield view.finding(
            KIND,
            cluster_id,
            "node_pools",
            index,
            value=shown(pool_id),
            allowed=f"a pool with a machine for {cloud.value}; {pool_id} has {', '.join(sorted(pool.machines)) or 'none'}",
            fix=f"add machines.{cloud.value} to {pool_id} in node_pools.yaml",
        )


def _name(view: View, cluster_id: str, placement_id: str, names: dict[str, str]) -> Iterator[Finding]:
    name = cluster_id if placement_id == MAIN else f"{cluster_id}-{placement_id}"
    here = f"{cluster_id} placement {placement_id}"
    if len(name) > MAX_NAME_LENGTH:
        allowed, fix = f"at most {MAX_NAME_LENGTH} characters (GKE's limit), here {len(name)}", "shorten the cluster's id"
    elif name in names:
        allowed, fix = f"a name of its own; {names[name]} has it", "rename the placement or the cluster"
    else:
        names[name] = here
        return
    yield view.finding(KIND, cluster_id, "placements", placement_id, value=shown(name), allowed=allowed, fix=fix)


def _place(view: View, cluster_id: str, cluster: Cluster, placement_id: str, placement: Placement) -> Iterator[Finding]:
    inside = [name for name, place in view.locations.items() if place.jurisdiction == cluster.jurisdiction]
    allowed_inside = one_of(inside, f"a location in the cluster's jurisdiction {cluster.jurisdiction}")
    for role, wanted in (("location", placement.location), ("recovery", placement.recovery)):
        location = view.locations.get(wanted)
        if view.unknown("locations", wanted):
            allowed = allowed_inside
            fix = nearest(wanted, inside or view.names("locations"), "name a location of locations.yaml, or add it there")
        elif location is not None and location.jurisdiction != cluster.jurisdiction:
            lies = location.jurisdiction or "no jurisdiction served"
            allowed, fix = (
                f"{allowed_inside}; {wanted} ({location.place}) lies in {lies}",
                f"choose one of {cluster.jurisdiction}",
            )
        elif role == "recovery" and wanted == placement.location:
            allowed = one_of([name for name in inside if name != wanted], "another location of the same jurisdiction")
            fix = "choose a location that does not fail together with the first"
        else:
            continue
        yield view.finding(KIND, cluster_id, "placements", placement_id, role, value=shown(wanted), allowed=allowed, fix=fix)


def _zones(view: View, cluster_id: str, placement_id: str, placement: Placement) -> Iterator[Finding]:
    steps = ("placements", placement_id)
    location = view.locations.get(placement.location)
    for index, zone in enumerate(placement.zones):
        if zone in placement.zones[:index]:
            allowed, fix = "each zone once", "remove the second one"
        elif location is not None and zone not in location.zones:
            allowed = one_of(location.zones, f"a zone of {location.id}")
            fix = nearest(zone, location.zones, f"choose zones of {location.id}")
        else:
            continue
        yield view.finding(KIND, cluster_id, *steps, "zones", index, value=shown(zone), allowed=allowed, fix=fix)
    count = len(set(placement.zones))
    if count < MIN_ZONES and not placement.zone_deviation:
        yield view.finding(
            KIND,
            cluster_id,
            *steps,
            "zones",
            value=shown(placement.zones),
            allowed=f"at least {MIN_ZONES} zones (CLU-6), or a zone_deviation that says why not",
            fix="add zones, or add zone_deviation with the reason",
        )
    elif count >= MIN_ZONES and placement.zone_deviation is not None:
        yield view.finding(
            KIND,
            cluster_id,
            *steps,
            "zone_deviation",
            value=shown(placement.zone_deviation),
            allowed=f"a deviation only where there are fewer than {MIN_ZONES} zones",
            fix="remove it",
        )
