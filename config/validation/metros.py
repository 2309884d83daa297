"""Rules on metros, exchange sites and measured round trips: known places, close together, above the floor (NET-1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from config.distance import floor_ms, great_circle_km
from config.model import Backbone, Location, RoundTrip
from config.problem import nearest, one_of, shown
from config.validation.view import Finding, View

KIND: Final = "backbone"
METRO_KM: Final = 100
"""How far apart a metro's locations may lie, so that one figure can stand for them: 1 ms of round trip."""


def check(view: View, backbone: Backbone) -> Iterator[Finding]:
    """Give what is wrong with what is known of the ground."""
    yield from _metros(view, backbone)
    yield from _sites(view, backbone)
    pairs: dict[frozenset[str], str] = {}
    for name, trip in backbone.round_trips.items():
        yield from _trip(view, backbone, name, trip, pairs)


def _metros(view: View, backbone: Backbone) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    known = view.names("locations")
    for name, members in backbone.metros.items():
        for index, location_id in enumerate(members):
            first = owner.setdefault(location_id, f"{name}[{index}]")
            if view.unknown("locations", location_id):
                allowed = one_of(known, "a location of locations.yaml")
                fix = nearest(location_id, known, "name a location of locations.yaml")
            elif first != f"{name}[{index}]":
                allowed, fix = f"each location in one metro; {first} holds it", "remove one of the two"
            else:
                continue
            at = ("metros", name, index)
            yield view.finding(KIND, KIND, *at, value=shown(location_id), allowed=allowed, fix=fix)
        places = [view.locations[one] for one in members if one in view.locations]
        for here, there in combinations(places, 2):
            apart = great_circle_km(here.latitude, here.longitude, there.latitude, there.longitude)
            if apart > METRO_KM:
                yield view.finding(
                    KIND,
                    KIND,
                    "metros",
                    name,
                    value=shown(f"{here.id} and {there.id}, {apart:.0f} km apart"),
                    allowed=f"locations at most {METRO_KM} km apart, for which one figure can stand",
                    fix="make two metros of them",
                )


def _sites(view: View, backbone: Backbone) -> Iterator[Finding]:
    owners = {country: name for name, home in view.jurisdictions.items() for country in home.countries}
    for name, site in backbone.sites.items():
        if site.id != name:
            steps, value, allowed = ("id",), site.id, f"its key: {name}"
        elif any(name == cluster or name.startswith(f"{cluster}-") for cluster in view.names("cluster")):
            steps, value, allowed = ("id",), name, "a name that no cluster or placement bears"
        elif "jurisdiction" not in view.unreadable and site.jurisdiction != owners.get(site.country):
            steps, value = ("jurisdiction",), site.jurisdiction or ""
            allowed = f"{owners.get(site.country) or 'null'}, which covers {site.country}"
        else:
            continue
        yield view.finding(KIND, KIND, "sites", name, *steps, value=shown(value or None), allowed=allowed, fix="correct it")


def _trip(view: View, backbone: Backbone, name: str, trip: RoundTrip, pairs: dict[frozenset[str], str]) -> Iterator[Finding]:
    at = ("round_trips", name)
    if trip.id != name:
        yield view.finding(
            KIND, KIND, *at, "id", value=shown(trip.id), allowed=f"its key: {name}", fix="make the id and its key the same"
        )
    unknown = [metro for metro in trip.between if metro not in backbone.metros]
    for metro in unknown:
        allowed = one_of(backbone.metros, "a metro of this file")
        fix = nearest(metro, backbone.metros, "add it to metros")
        yield view.finding(
            KIND, KIND, *at, "between", trip.between.index(metro), value=shown(metro), allowed=allowed, fix=fix
        )
    first = pairs.setdefault(frozenset(trip.between), name)
    if first != name or trip.between[0] == trip.between[1]:
        allowed = "two different metros, each pair once" if first == name else f"each pair once; {first} has this one"
        yield view.finding(
            KIND, KIND, *at, "between", value=shown(trip.between), allowed=allowed, fix="remove one of the two"
        )
    elif not unknown:
        yield from _figures(view, backbone, at, trip)


def _figures(view: View, backbone: Backbone, at: tuple[str, str], trip: RoundTrip) -> Iterator[Finding]:
    """Yield what is wrong with a round trip's figures; both its metros are known."""
    if trip.p95 is None and trip.averages is None:
        yield view.finding(KIND, KIND, *at, value="no figure", allowed="p95, averages or both", fix="add one, or remove it")
    if trip.p95 is not None and trip.p95.least_ms > trip.p95.most_ms:
        value = shown(f"{trip.p95.least_ms:g} to {trip.p95.most_ms:g} ms")
        yield view.finding(KIND, KIND, *at, "p95", value=value, allowed="least_ms at most most_ms", fix="exchange the two")
    figures = {
        ("averages", "by_cloud", cloud.value): ms for cloud, ms in (trip.averages.by_cloud if trip.averages else {}).items()
    }
    if trip.p95 is not None:
        figures["p95", "least_ms", ""] = trip.p95.least_ms
    floor = _floor(view, backbone, trip)
    for steps, figure in figures.items():
        if figure < floor:
            yield view.finding(
                KIND,
                KIND,
                *at,
                *filter(None, steps),
                value=shown(f"{figure:g} ms"),
                allowed=f"at least the floor of {floor:.1f} ms: nothing is faster than light in fibre",
                fix="correct the figure, or the metros that it stands for",
            )


def _floor(view: View, backbone: Backbone, trip: RoundTrip) -> float:
    """Give the least floor over the locations of two metros in milliseconds, 0 where a location is unknown."""
    sides: list[list[Location]] = [
        [view.locations[one] for one in backbone.metros[metro] if one in view.locations] for metro in trip.between
    ]
    floors = [
        floor_ms(here.latitude, here.longitude, there.latitude, there.longitude) for here in sides[0] for there in sides[1]
    ]
    return min(floors, default=0.0)
