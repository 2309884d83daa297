"""Rules on routes: their ends, floors, diversity, law, and that a group holds together (NET-1…4, CLU-3, JUR-2).

Guarantees that no budget is below what light needs, that each link has two ways that share nothing they name, and that
every route may lawfully carry something. It does not say whether a budget is met: `nautilus.federation.route` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from config.distance import floor_ms
from config.model import Backbone, Encryption, Group, Medium, Route, RouteKind
from config.problem import nearest, one_of, shown
from config.validation import inside, metros
from config.validation.ends import End, Ends
from config.validation.view import Finding, View

KIND: Final = "backbone"
MIN_PATHS: Final = 2
"""The least number of diverse paths of a link (NET-4)."""


def check(view: View, unsound: Set[str] = frozenset()) -> Iterator[Finding]:
    """Give what is wrong with the backbone; nothing where it could not be read, which is a finding already.

    `unsound` names files that have findings of their own: routes of their clusters are not judged.
    """
    backbone = view.backbone
    if backbone is None:
        return
    yield from metros.check(view, backbone)
    ends = Ends(view, backbone, unsound)
    pairs: dict[frozenset[str], str] = {}
    sound: list[tuple[str, Route, tuple[End, End]]] = []
    for name, route in backbone.routes.items():
        found = list(_route(view, ends, name, route, pairs))
        yield from found
        here, there = (ends.find(end) for end in route.ends)
        if not found and here is not None and there is not None:
            sound.append((name, route, (here, there)))
    yield from inside.check(view, sound)
    if ends.complete:
        yield from _recovery(view, ends, backbone)
        yield from _groups(view, ends, backbone)


def _route(view: View, ends: Ends, name: str, route: Route, pairs: dict[frozenset[str], str]) -> Iterator[Finding]:
    if route.id != name:
        yield _finding(view, name, "id", shown(route.id), f"its key: {name}", "make the id and its key the same")
    yield from _diverse(view, name, route)
    yield from _encrypted(view, name, route)
    here, there = route.ends
    if here == there:
        yield _finding(view, name, "ends", shown(route.ends), "two different ends", "name another end")
        return
    first = pairs.setdefault(frozenset(route.ends), name)
    if first != name:
        fix = "remove one, or give the first one more paths"
        yield _finding(view, name, "ends", shown(route.ends), f"one route a pair of ends; {first} joins these", fix)
        return
    found: list[End] = []
    for index, text in enumerate(route.ends):
        end = ends.find(text)
        if end is not None:
            found.append(end)
        elif not ends.uncertain(text):
            allowed = one_of(ends.names, "a placement, a recovery location or an exchange site")
            fix = nearest(text, ends.names, "name a placement of clusters/, or add it there")
            yield _finding(view, name, ("ends", index), shown(text), allowed, fix)
    if len(found) == len(route.ends):
        yield from _joined(view, ends, name, route, (found[0], found[1]))


def _joined(view: View, ends: Ends, name: str, route: Route, both: tuple[End, End]) -> Iterator[Finding]:
    """Give what is wrong with a route whose ends are known."""
    shape = _shape(route, both)
    if shape is not None:
        yield _finding(view, name, "ends", shown(route.ends), *shape)
        return
    purpose = _purpose(view, route, both)
    if purpose is not None:
        yield _finding(view, name, "kind", shown(route.kind.value), *purpose)
    here, there = both
    floor = floor_ms(here.latitude, here.longitude, there.latitude, there.longitude)
    if route.budget_ms < floor:
        yield _finding(
            view,
            name,
            "budget_ms",
            shown(f"{route.budget_ms:g} ms"),
            f"at least {floor:.1f} ms: the floor from {here.place} to {there.place}, a great circle at 200,000 km/s",
            "write a budget above the floor, and above what was measured",
        )
    refusals = ends.refusals(here, there)
    if refusals:
        fix = "remove the route, or declare a data class that may lawfully take it"
        allowed = f"a route that some data class may take; {'; '.join(refusals)}"
        yield _finding(view, name, "ends", shown(route.ends), allowed, fix)


def _shape(route: Route, both: tuple[End, End]) -> tuple[str, str] | None:
    """Say what is allowed, and the fix, where the two ends are no pair that a route may join."""
    placements = [end for end in both if end.cluster is not None]
    if not placements:
        return "at least one placement among the ends", "name the placement that the route serves"
    if len(placements) == len(both):
        return None
    other = next(end for end in both if end.cluster is None)
    if other.site:
        return None if route.kind is RouteKind.EDGE else ("an exchange site on routes of kind edge only", "write kind: edge")
    wanted = placements[0].recovery
    if other.name != wanted:
        return f"{wanted}, the recovery location of {placements[0].name}", f"write {wanted}, or name a placement"
    return (
        None if route.kind is RouteKind.RECOVERY else ("a recovery location on recovery routes only", "write kind: recovery")
    )


def _purpose(view: View, route: Route, both: tuple[End, End]) -> tuple[str, str] | None:
    """Say what is allowed, and the fix, where a route's kind does not fit its ends."""
    groups = {view.clusters[end.cluster].group for end in both if end.cluster is not None}
    crossed = {end.jurisdiction for end in both}
    if route.kind is RouteKind.BACKBONE and len(groups) > 1:
        return f"backbone inside one group; these are {_listed(groups)}", "write kind: global"
    if route.kind is RouteKind.GLOBAL and len(groups) == 1:
        return f"global between groups; both are {_listed(groups)}", "write kind: backbone"
    if route.kind is RouteKind.RECOVERY and len(crossed) > 1:
        names = _listed(name or "no jurisdiction served" for name in crossed)
        return f"recovery inside one jurisdiction (NET-2); these are {names}", "write kind: backbone or global"
    if route.kind is RouteKind.EDGE and Group.EDGE not in groups and not any(end.site for end in both):
        return "edge where one end is an edge cluster or an exchange", "write kind: backbone or global"
    return None


def _diverse(view: View, name: str, route: Route) -> Iterator[Finding]:
    # Copies go the ways of the cloud's own services, of which nothing is ours to lay out (docs/adr/0010).
    if len(route.paths) < (1 if route.copies else MIN_PATHS):
        allowed = f"at least {MIN_PATHS} diverse paths (NET-4)"
        yield _finding(view, name, "paths", shown(tuple(route.paths)), allowed, "add a path that shares nothing")
    seen: dict[tuple[str, Medium, str], str] = {}
    for path_id, path in route.paths.items():
        first = seen.setdefault((path.provider, path.medium, path.diversity), path_id)
        if first != path_id:
            allowed = f"a path that differs from {first} in provider, medium or diversity"
            yield _finding(view, name, ("paths", path_id), shown(path.diversity), allowed, "say what the two do not share")


def _encrypted(view: View, name: str, route: Route) -> Iterator[Finding]:
    leased = any(path.medium is Medium.DEDICATED for path in route.paths.values())
    if route.dedicated != leased:
        allowed = "true where a path's medium is dedicated, and only there"
        yield _finding(view, name, "dedicated", shown(route.dedicated), allowed, f"write {str(leased).lower()}")
    if route.encryption in (Encryption.MACSEC, Encryption.BOTH) and not leased:
        allowed = "ipsec or provider: MACsec runs on dedicated ports only"
        yield _finding(view, name, "encryption", shown(route.encryption.value), allowed, "write ipsec, or lease a path")
    if route.encryption in (Encryption.MACSEC, Encryption.PROVIDER):
        exposed = [path_id for path_id, path in route.paths.items() if path.medium is Medium.INTERNET]
        for path_id in exposed:
            allowed = f"no path over the internet: {route.encryption.value} does not protect it there"
            yield _finding(view, name, ("paths", path_id), shown(Medium.INTERNET.value), allowed, "write both or ipsec")
    if route.sealed and route.encryption not in (Encryption.IPSEC, Encryption.BOTH):
        allowed = f"false: {route.encryption.value} ends at every hop"
        yield _finding(view, name, "sealed", "true", allowed, "write encryption: ipsec or both, or sealed: false")


def _recovery(view: View, ends: Ends, backbone: Backbone) -> Iterator[Finding]:
    """Every placement has a recovery route to its recovery location, or to a placement that stands there (NET-2)."""
    # Copies of another kind are a finding of their own already.
    routes = [route for route in backbone.routes.values() if route.kind is RouteKind.RECOVERY or route.copies]
    found = [(ends.find(here), ends.find(there)) for here, there in (route.ends for route in routes)]
    joined = {
        pair
        for here, there in found
        if here is not None and there is not None
        for pair in ((here.name, there.location), (there.name, here.location))
    }
    for end in ends.placements:
        recovery = None if end.recovery is None else ends.find(end.recovery)
        if recovery is None or recovery.jurisdiction != end.jurisdiction or end.location == recovery.location:
            continue
        if (end.name, recovery.location) not in joined:
            yield _finding(
                view,
                None,
                "routes",
                shown(f"no route from {end.name} to {recovery.name}"),
                "a recovery route from every placement to its recovery location (NET-2)",
                f"add a route of kind recovery with ends: [{end.name}, {recovery.name}]",
            )


def _groups(view: View, ends: Ends, backbone: Backbone) -> Iterator[Finding]:
    """Every placement reaches every other of its group over routes that do not leave the group (NET-1)."""
    for group in Group:
        members = {end.name for end in ends.placements if end.cluster and view.clusters[end.cluster].group is group}
        links = [route.ends for route in backbone.routes.values() if members.issuperset(route.ends)]
        if not members:
            continue
        first = min(members)
        reached = {first}
        while grown := {end for pair in links if reached.intersection(pair) for end in pair} - reached:
            reached |= grown
        for name in sorted(members - reached):
            yield _finding(
                view,
                None,
                "routes",
                shown(f"no way from {first} to {name}"),
                f"routes that join every placement of {group.value} without leaving it (NET-1)",
                f"add a route with {name} and another placement of {group.value} as its ends",
            )


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _finding(view: View, name: str | None, at: str | tuple[str | int, ...], value: str, allowed: str, fix: str) -> Finding:  # noqa: PLR0917 - read as one sentence: where, found, allowed, fix
    """Give a finding at a step of a route, or of the backbone where `name` is None."""
    steps = (at,) if isinstance(at, str) else at
    path = steps if name is None else ("routes", name, *steps)
    return view.finding(KIND, KIND, *path, value=value, allowed=allowed, fix=fix)
