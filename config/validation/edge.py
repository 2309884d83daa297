"""Rules on edge sites: where they may stand, what may lie there, and how near they must be (EDGE-1, NET-3, DNS-4, JUR-2).

Guarantees that a site's data may lawfully lie in the country it stands in, that nothing which the law wants kept is
acknowledged before its placement has it, and that no site promises less time than light needs. Who takes over from a site is
not said here: `nautilus.federation.edge` derives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from config.distance import floor_ms
from config.model import (
    BUDGETS_MS,
    Caching,
    Cluster,
    DataClass,
    Edge,
    EdgeKind,
    EdgeSite,
    Facility,
    Location,
    Placement,
    Residency,
    Takeover,
)
from config.problem import nearest, one_of, shown
from config.validation.ends import MAIN
from config.validation.view import Finding, View

KIND: Final = "edge"
KEPT: Final = frozenset({DataClass.FINANCIAL, DataClass.REGULATORY})
"""The classes that trade and order records are of: what the jurisdictions' `records` demand to be kept."""
_ZONES: Final = {
    Facility.LOCAL_ZONE: ("aws", "{region}-[a-z]{{3}}-[0-9][a-z]", "{region}-nyc-2a"),
    Facility.WAVELENGTH: ("aws", "{region}-wl[0-9]-[a-z]{{3}}-wlz-[0-9]", "{region}-wl1-nyc-wlz-1"),
    Facility.EXTENDED_ZONE: ("azure", "[a-z]+[0-9]?", "losangeles"),
}
"""By facility: the cloud whose zone it is, how that writes it, and an example (AWS Local Zones User Guide, Available Local
Zones; AWS Wavelength Developer Guide, Available Wavelength Zones; Azure Extended Zones documentation, 2026-11)."""


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The placement that a site extends, where nothing about it is in doubt."""

    cluster: Cluster
    placement: Placement
    location: Location


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with edge sites and their kinds; nothing of a file that could not be read."""
    edge = view.edge
    if edge is None:
        return
    yield from _kinds(view, edge)
    parents = dict(_parents(view))
    taken: dict[tuple[str, str], str] = {}
    whole = set(view.clusters) == view.names("cluster") and not view.unreadable & {"cluster", "locations"}
    for name, site in edge.sites.items():
        yield from _identity(view, name, site)
        yield from _alone(view, name, site, taken)
        yield from _country(view, name, site)
        parent = parents.get(site.parent)
        if parent is not None:
            yield from _parent(view, name, site, parent)
            yield from _data(view, name, site, parent)
            yield from _caching(view, edge, name, site, parent)
            yield from _distance(view, edge, name, site, parent)
            yield from _served(view, name, site, parent)
        elif whole:
            fix = nearest(site.parent, parents, "name a placement")
            allowed = one_of(parents, "a placement")
            yield _finding(view, name, "parent", value=shown(site.parent), allowed=allowed, fix=fix)


def _kinds(view: View, edge: Edge) -> Iterator[Finding]:
    missing = sorted(set(EdgeKind) - set(edge.kinds))
    if missing:
        value, fix = shown(f"no {', '.join(missing)}"), f"add {', '.join(missing)}"
        yield view.finding(KIND, KIND, "kinds", value=value, allowed=one_of(EdgeKind, "each kind"), fix=fix)
    known = view.names("node_pools")
    for kind, profile in edge.kinds.items():
        pool = view.node_pools.get(profile.pool)
        at = ("kinds", kind.value)
        if view.unknown("node_pools", profile.pool) or (pool is not None and pool.purpose != "edge"):
            edges = [one for one in known if one in view.node_pools and view.node_pools[one].purpose == "edge"]
            allowed = one_of(edges, "a node pool of purpose edge")
            fix = nearest(profile.pool, edges, "name one, or add it to node_pools.yaml")
            yield view.finding(KIND, KIND, *at, "pool", value=shown(profile.pool), allowed=allowed, fix=fix)
        if kind is EdgeKind.CACHE and set(profile.caching) != {Caching.READ_THROUGH}:
            yield view.finding(
                KIND,
                KIND,
                *at,
                "caching",
                value=shown(tuple(profile.caching)),
                allowed=f"{Caching.READ_THROUGH} alone: a cache takes no writes",
                fix=f"write [{Caching.READ_THROUGH}]",
            )


def _parents(view: View) -> Iterator[tuple[str, Parent]]:
    for cluster_id, cluster in view.clusters.items():
        for placement_id, placement in cluster.placements.items():
            location = view.locations.get(placement.location)
            if location is not None:
                name = cluster_id if placement_id == MAIN else f"{cluster_id}-{placement_id}"
                yield name, Parent(cluster=cluster, placement=placement, location=location)


def _identity(view: View, name: str, site: EdgeSite) -> Iterator[Finding]:
    if site.id != name:
        fix = "make the id and its key the same"
        yield _finding(view, name, "id", value=shown(site.id), allowed=f"its key: {name}", fix=fix)
    if (site.zone is None) != (site.facility is Facility.COLOCATION):
        allowed = "no zone: a hall is no cloud's" if site.zone else f"the zone of the {site.facility}"
        fix = "remove it, or correct the facility" if site.zone else "add the zone by the cloud's own name"
        yield _finding(view, name, "zone", value=shown(site.zone), allowed=allowed, fix=fix)


def _alone(view: View, name: str, site: EdgeSite, taken: dict[tuple[str, str], str]) -> Iterator[Finding]:
    """Yield a zone that two sites claim, and a share of the parent's addresses that two have or one lacks."""
    built = site.facility is Facility.LOCAL_ZONE
    if built != (site.slot is not None):
        allowed = "0 to 7: nodes stand in the zone and need addresses" if built else "none: no node of ours stands there"
        fix = "add a slot that no other site of the parent has" if built else "remove it"
        yield _finding(view, name, "slot", value=shown(site.slot), allowed=allowed, fix=fix)
    for step, key, fix in (
        ("zone", ("", site.zone), "name another zone, or make one site of the two"),
        ("slot", (site.parent, site.slot), "choose a free one"),
    ):
        if key[1] is None:
            continue
        first = taken.setdefault((str(key[0]), str(key[1])), name)
        if first != name:
            allowed = f"a {step} of its own; {first} has this one"
            yield _finding(view, name, step, value=shown(key[1]), allowed=allowed, fix=fix)


def _country(view: View, name: str, site: EdgeSite) -> Iterator[Finding]:
    home = view.jurisdictions.get(site.jurisdiction)
    if view.unknown("jurisdiction", site.jurisdiction):
        known = view.names("jurisdiction")
        fix = nearest(site.jurisdiction, known, "name a jurisdiction of jurisdictions/")
        value = shown(site.jurisdiction)
        yield _finding(view, name, "jurisdiction", value=value, allowed=one_of(known, "a jurisdiction"), fix=fix)
    elif home is not None and site.country not in home.countries:
        allowed = one_of(home.countries, f"a country of {home.id}")
        fix = "correct the country, or the jurisdiction"
        yield _finding(view, name, "country", value=shown(site.country), allowed=allowed, fix=fix)


def _parent(view: View, name: str, site: EdgeSite, parent: Parent) -> Iterator[Finding]:
    """Yield a parent that cannot carry a site, and a zone that is not one of the parent's region."""
    if parent.placement.standby:
        allowed = "a placement that serves: a standby is kept at its least size until others fail"
        fix = "name a placement of the cluster that is no standby"
        yield _finding(view, name, "parent", value=shown(site.parent), allowed=allowed, fix=fix)
    if site.zone is None or site.facility not in _ZONES:
        return
    cloud, pattern, example = _ZONES[site.facility]
    region = parent.location.region
    if parent.location.cloud != cloud:
        allowed = f"a placement on {cloud}, whose zone the site is; {site.parent} is on {parent.location.cloud}"
        fix = f"name a placement on {cloud}"
        yield _finding(view, name, "parent", value=shown(site.parent), allowed=allowed, fix=fix)
    elif not re.fullmatch(pattern.format(region=re.escape(region)), site.zone):
        allowed = f"a zone that extends {region}, where {site.parent} is, such as {example.format(region=region)}"
        fix = "write the cloud's own name of the zone, or name a placement of its region"
        yield _finding(view, name, "zone", value=shown(site.zone), allowed=allowed, fix=fix)


def _data(view: View, name: str, site: EdgeSite, parent: Parent) -> Iterator[Finding]:
    """Yield each data class that may not lie at a site: not declared, not lawful there, or not public in a cache."""
    home = view.jurisdictions.get(parent.cluster.jurisdiction)
    for index, data in enumerate(site.data_classes):
        rule = home.data_classes.get(data) if home is not None else None
        if data in site.data_classes[:index]:
            allowed, fix = "each data class once", "remove the second one"
        elif data not in parent.cluster.data_classes:
            allowed = one_of(parent.cluster.data_classes, f"what {site.parent} holds")
            fix = f"remove {data}"
        elif home is not None and rule is None:
            allowed, fix = f"a class that {home.id} has a residency rule for", f"remove {data}"
        elif rule is not None and not rule.permits(site.jurisdiction):
            allowed = f"{one_of(rule.jurisdictions, f'{data} of {parent.cluster.jurisdiction} in')} ({rule.clause.id})"
            fix = f"remove {data}, or stand the site in one of them"
        elif rule is not None and site.kind is EdgeKind.CACHE and not public(rule):
            allowed = f"public data alone in a {EdgeKind.CACHE} site: what may be everywhere without encryption"
            fix = f"remove {data}, or make the site another kind"
        else:
            continue
        yield _finding(view, name, "data_classes", index, value=shown(data.value), allowed=allowed, fix=fix)


def public(rule: Residency) -> bool:
    """Give whether a class of data is public: the law lets it be everywhere, and asks for no encryption."""
    return rule.everywhere and not rule.encrypted


def _caching(view: View, edge: Edge, name: str, site: EdgeSite, parent: Parent) -> Iterator[Finding]:
    profile = edge.kinds.get(site.kind)
    if profile is not None and site.caching not in profile.caching:
        allowed = one_of(profile.caching, f"how a {site.kind} site may cache")
        yield _finding(view, name, "caching", value=shown(site.caching.value), allowed=allowed, fix="choose one of these")
    home = view.jurisdictions.get(parent.cluster.jurisdiction)
    kept = [data.value for data in site.data_classes if data in KEPT]
    if home is None or site.caching is not Caching.WRITE_BEHIND or not kept:
        return
    wanted = {record: rule for record, rule in home.records.items() if rule.statute_years > 0}
    if wanted:
        record, rule = max(wanted.items(), key=lambda pair: (pair[1].statute_years, pair[0]))
        allowed = (
            f"{Caching.WRITE_THROUGH} for {', '.join(kept)} data: {home.id} has {record} records kept for "
            f"{rule.statute_years:g} years ({rule.clause.id}), and a site that is lost takes with it what waits there"
        )
        fix = f"write {Caching.WRITE_THROUGH}, or remove {', '.join(kept)}"
        yield _finding(view, name, "caching", value=shown(site.caching.value), allowed=allowed, fix=fix)


def _distance(view: View, edge: Edge, name: str, site: EdgeSite, parent: Parent) -> Iterator[Finding]:
    profile = edge.kinds.get(site.kind)
    budget = BUDGETS_MS.get(profile.performance) if profile is not None else None
    floor = _floor(site, parent)
    if budget is None or floor < budget:
        return
    fits = [kind for kind, one in edge.kinds.items() if floor < BUDGETS_MS.get(one.performance, float("inf"))]
    allowed = f"a kind whose budget is above the floor of {floor:.2f} ms from {site.parent}; {site.kind} has {budget:g} ms"
    fix = f"make it {' or '.join(fits)}, or name a nearer placement" if fits else "name a nearer placement"
    yield _finding(view, name, "kind", value=shown(site.kind.value), allowed=allowed, fix=fix)


def _served(view: View, name: str, site: EdgeSite, parent: Parent) -> Iterator[Finding]:
    """Yield each service class that a site may not serve, and a tier-0 class that is not moved away at once."""
    classes = view.traffic.classes if view.traffic is not None else {}
    floor = _floor(site, parent)
    for index, service_id in enumerate(site.serves):
        service = classes.get(service_id)
        if service is None:
            if view.traffic is None:
                continue
            allowed = one_of(classes, "a service class of traffic.yaml")
            fix = nearest(service_id, classes, "name a service class")
        elif service_id in site.serves[:index]:
            allowed, fix = "each service class once", "remove the second one"
        elif site.kind is EdgeKind.CACHE:
            allowed, fix = f"no service: a {EdgeKind.CACHE} site only repeats what is public", f"remove {service_id}"
        elif service.data not in site.data_classes:
            held = ", ".join(site.data_classes)
            allowed = f"a class whose data may lie here ({held}); {service_id} passes {service.data}"
            fix = f"remove {service_id}, or add {service.data} where that is lawful"
        elif site.caching is Caching.WRITE_THROUGH and floor >= BUDGETS_MS.get(service.performance, float("inf")):
            budget = BUDGETS_MS[service.performance]
            allowed = f"a class that bears the {floor:.2f} ms to {site.parent} and back; {service_id} promises {budget:g} ms"
            fix = f"remove {service_id}, or name a nearer placement"
        elif service.tier == 0 and site.takeover is not Takeover.IMMEDIATE:
            allowed = f"{Takeover.IMMEDIATE}: {service_id} is of tier 0"
            fix = f"write {Takeover.IMMEDIATE}"
            yield _finding(view, name, "takeover", value=shown(site.takeover.value), allowed=allowed, fix=fix)
            continue
        else:
            continue
        yield _finding(view, name, "serves", index, value=shown(service_id), allowed=allowed, fix=fix)


def _floor(site: EdgeSite, parent: Parent) -> float:
    """Give the least round trip between a site and its parent, in milliseconds."""
    return floor_ms(site.latitude, site.longitude, parent.location.latitude, parent.location.longitude)


def _finding(view: View, name: str, *path: str | int, value: str, allowed: str, fix: str) -> Finding:
    return view.finding(KIND, KIND, "sites", name, *path, value=value, allowed=allowed, fix=fix)
