"""Rules on locations: where they lie, their zones and their pairs (CLU-1, JUR-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from config.model import Cloud, Location
from config.problem import nearest, one_of, shown
from config.validation.view import Finding, View

KIND: Final = "locations"


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with locations."""
    owners = {country: name for name, home in view.jurisdictions.items() for country in home.countries}
    for name, location in view.locations.items():
        yield from _identity(view, name, location)
        yield from _country(view, name, location, owners)
        yield from _zones(view, name, location)
        yield from _pair(view, name, location)


def _identity(view: View, name: str, location: Location) -> Iterator[Finding]:
    cloud, _, region = name.partition("/")
    for step, found, wanted in (("cloud", location.cloud.value, cloud), ("region", location.region, region)):
        if found != wanted:
            yield view.finding(
                KIND, name, step, value=shown(found), allowed=f"{wanted}, as the id {name} says", fix=f"write {wanted}"
            )


def _country(view: View, name: str, location: Location, owners: dict[str, str]) -> Iterator[Finding]:
    home, country = location.jurisdiction, location.country
    if home is None:
        if country in owners:
            yield view.finding(
                KIND,
                name,
                "jurisdiction",
                value="nothing (null)",
                allowed=f"{owners[country]}, which covers {country}",
                fix=f"write {owners[country]}",
            )
    elif view.unknown("jurisdiction", home):
        known = view.names("jurisdiction")
        yield view.finding(
            KIND,
            name,
            "jurisdiction",
            value=shown(home),
            allowed=one_of(known, "a jurisdiction"),
            fix=nearest(home, known, "name a jurisdiction of jurisdictions/, or null where none is served"),
        )
    elif home in view.jurisdictions and country not in view.jurisdictions[home].countries:
        yield view.finding(
            KIND,
            name,
            "country",
            value=shown(country),
            allowed=one_of(view.jurisdictions[home].countries, f"a country of {home}"),
            fix="correct the country, or the jurisdiction",
        )


def _zones(view: View, name: str, location: Location) -> Iterator[Finding]:
    region = re.escape(location.region)
    pattern, like = {
        Cloud.AWS: (rf"{region}[a-z]", f"{location.region}a"),
        Cloud.GCP: (rf"{region}-[a-z]", f"{location.region}-a"),
        Cloud.AZURE: (r"[1-9]", '"1"'),
    }[location.cloud]
    for index, zone in enumerate(location.zones):
        if not re.fullmatch(pattern, zone):
            yield view.finding(
                KIND,
                name,
                "zones",
                index,
                value=shown(zone),
                allowed=f"a zone of {location.id} by the cloud's name, such as {like}",
                fix="write the cloud's own zone name",
            )
        elif zone in location.zones[:index]:
            yield view.finding(
                KIND, name, "zones", index, value=shown(zone), allowed="each zone once", fix="remove the second one"
            )


def _pair(view: View, name: str, location: Location) -> Iterator[Finding]:
    pair = location.pair
    if pair is None:
        return
    others = [other for other in view.names(KIND) if other.startswith(f"{Cloud.AZURE}/") and other != name]
    if location.cloud is not Cloud.AZURE:
        allowed, fix = "no pair: only Azure pairs regions", "remove it"
    elif pair == name or not pair.startswith(f"{Cloud.AZURE}/"):
        allowed, fix = one_of(others, "another Azure location"), "name the region that Azure pairs with this one"
    elif view.unknown(KIND, pair):
        allowed = one_of(others, "an Azure location of locations.yaml")
        fix = nearest(pair, others, f"add {pair} to locations.yaml, with jurisdiction null if none covers it")
    else:
        return
    yield view.finding(KIND, name, "pair", value=shown(pair), allowed=allowed, fix=fix)
