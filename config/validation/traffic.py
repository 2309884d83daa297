"""Rules on global traffic and on what is in force (DNS-1…4, FO-1, HALT-1).

Guarantees that every name in them exists, that no two service classes share a port, that each environment says what is in
force in it, and that a shift leaves somebody to serve. Whether a health check is one that its mechanism supports, a policy
says of what is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config.model import Cloud, EnvironmentName, Group, Operation, Traffic
from config.problem import nearest, one_of, shown
from config.validation.ends import MAIN
from config.validation.view import Finding, View

KIND: Final = "traffic"
OPERATION: Final = "operation"


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with traffic and operations; nothing of a file that could not be read."""
    if view.traffic is not None:
        yield from _clouds(view, view.traffic)
        yield from _classes(view, view.traffic)
        yield from _areas(view, view.traffic)
    if OPERATION not in view.unreadable:
        for name in EnvironmentName:
            if view.unknown(OPERATION, name):
                yield Finding(
                    file=f"operations/{name}.yaml",
                    path=(),
                    value=shown("no file"),
                    allowed="one file for each environment that says what is in force there",
                    fix=f"write id: {name}, shifts: {{}} and halts: {{}}",
                )
    for environment, operation in view.operations.items():
        yield from _in_force(view, environment, operation)


def _clouds(view: View, traffic: Traffic) -> Iterator[Finding]:
    for field in ("domains", "names", "anycast", "entry", "capacity"):
        missing = sorted(set(Cloud) - set(getattr(traffic, field)))
        if missing:
            value, fix = shown(f"no {', '.join(missing)}"), f"add {', '.join(missing)}"
            yield _finding(view, field, value=value, allowed=one_of(Cloud, "each cloud"), fix=fix)


def _classes(view: View, traffic: Traffic) -> Iterator[Finding]:
    for field in ("port", "target_port"):
        taken: dict[int, str] = {}
        for name, service in traffic.classes.items():
            number = getattr(service, field)
            first = taken.setdefault(number, name)
            if first != name:
                allowed = f"a port that no other class has; {first} has {number}"
                yield _finding(view, "classes", name, field, value=shown(number), allowed=allowed, fix="choose another")
    for name, service in traffic.classes.items():
        if service.id != name:
            fix = "make the id and its key the same"
            yield _finding(view, "classes", name, "id", value=shown(service.id), allowed=f"its key: {name}", fix=fix)
        for jurisdiction in service.algorithms:
            if view.unknown("jurisdiction", jurisdiction):
                yield _unknown(view, jurisdiction, "classes", name, "algorithms", jurisdiction)


def _areas(view: View, traffic: Traffic) -> Iterator[Finding]:
    for name, area in traffic.areas.items():
        if area.id != name:
            fix = "make the id and its key the same"
            yield _finding(view, "areas", name, "id", value=shown(area.id), allowed=f"its key: {name}", fix=fix)
        if view.unknown("jurisdiction", area.jurisdiction):
            yield _unknown(view, area.jurisdiction, "areas", name, "jurisdiction")
    apart = (Group.EDGE, Group.ANALYTICS)
    served = {cluster.jurisdiction for cluster in view.clusters.values() if cluster.group not in apart}
    missing = served - {area.jurisdiction for area in traffic.areas.values()}
    for jurisdiction in sorted(name for name in missing if not view.unknown("jurisdiction", name)):
        allowed = f"at least one area of clients in each jurisdiction that has a cluster, so in {jurisdiction}"
        fix = f"add an area with jurisdiction: {jurisdiction}"
        yield _finding(view, "areas", value=shown(f"none in {jurisdiction}"), allowed=allowed, fix=fix)


def _in_force(view: View, environment: str, operation: Operation) -> Iterator[Finding]:
    placements = {
        cluster_id if placement == MAIN else f"{cluster_id}-{placement}"
        for cluster_id, cluster in view.clusters.items()
        for placement in cluster.placements
    }
    whole = set(view.clusters) == view.names("cluster") and "cluster" not in view.unreadable
    for name in operation.shifts:
        if whole and name not in placements:
            fix = nearest(name, placements, "name a placement")
            allowed = one_of(placements, "a placement")
            yield view.finding(OPERATION, environment, "shifts", name, value=shown(name), allowed=allowed, fix=fix)
    for name in operation.halts:
        if view.unknown("jurisdiction", name):
            known = view.names("jurisdiction")
            fix = nearest(name, known, "name a jurisdiction of jurisdictions/")
            allowed = one_of(known, "a jurisdiction")
            yield view.finding(OPERATION, environment, "halts", name, value=shown(name), allowed=allowed, fix=fix)


def _unknown(view: View, name: str, *path: str) -> Finding:
    known = view.names("jurisdiction")
    fix = nearest(name, known, "name a jurisdiction of jurisdictions/")
    return _finding(view, *path, value=shown(name), allowed=one_of(known, "a jurisdiction"), fix=fix)


def _finding(view: View, *path: str, value: str, allowed: str, fix: str) -> Finding:
    return view.finding(KIND, KIND, *path, value=value, allowed=allowed, fix=fix)
