"""Rules on jurisdictions: countries, data classes, keys and records (JUR-1, JUR-2, KEY-1, AUD-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from config.model import Cloud, DataClass, Jurisdiction
from config.problem import nearest, one_of, shown
from config.validation.view import Finding, View

KIND: Final = "jurisdiction"
MIN_DELETION_WINDOW_DAYS: Final = 30
"""The platform's own limit (KEY-007)."""
AWS_MAX_DELETION_WINDOW_DAYS: Final = 30
"""AWS KMS API, ScheduleKeyDeletion, PendingWindowInDays: 7 to 30."""


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with jurisdictions."""
    owners: dict[str, str] = {}
    for name, jurisdiction in sorted(view.jurisdictions.items()):
        yield from _countries(view, name, jurisdiction, owners)
        yield from _data_classes(view, name, jurisdiction)
        yield from _keys(view, name, jurisdiction)
        yield from _records(view, name, jurisdiction)


def _countries(view: View, name: str, jurisdiction: Jurisdiction, owners: dict[str, str]) -> Iterator[Finding]:
    for index, country in enumerate(jurisdiction.countries):
        if not re.fullmatch(r"[A-Z]{2}", country):
            yield view.finding(
                KIND,
                name,
                "countries",
                index,
                value=shown(country),
                allowed="an ISO 3166-1 alpha-2 code in capitals",
                fix="write two capital letters, such as DE",
            )
        elif country in owners:
            yield view.finding(
                KIND,
                name,
                "countries",
                index,
                value=shown(country),
                allowed=f"each country in one jurisdiction; {country} is in {owners[country]}",
                fix=f"remove {country} from {name} or from {owners[country]}",
            )
        else:
            owners[country] = name


def _data_classes(view: View, name: str, jurisdiction: Jurisdiction) -> Iterator[Finding]:
    for data_class in DataClass:
        if data_class not in jurisdiction.data_classes:
            yield view.finding(
                KIND,
                name,
                "data_classes",
                data_class.value,
                value="nothing",
                allowed="a residency rule for every data class",
                fix=f"add {data_class.value}",
            )
    for data_class, residency in jurisdiction.data_classes.items():
        steps = ("data_classes", data_class.value, "jurisdictions")
        allowed = residency.jurisdictions
        if residency.everywhere:
            if len(allowed) > 1:
                yield view.finding(
                    KIND, name, *steps, value=shown(allowed), allowed='"*" alone, or ids', fix='keep "*" or the ids'
                )
            continue
        for index, other in enumerate(allowed):
            if view.unknown(KIND, other):
                known = view.names(KIND)
                yield view.finding(
                    KIND,
                    name,
                    *steps,
                    index,
                    value=shown(other),
                    allowed=one_of([*known, '"*"'], "a jurisdiction"),
                    fix=nearest(other, known, "name a jurisdiction of jurisdictions/"),
                )
        if name not in allowed:
            yield view.finding(
                KIND,
                name,
                *steps,
                value=shown(allowed),
                allowed=f"the home jurisdiction {name} among them",
                fix=f"add {name}",
            )


def _keys(view: View, name: str, jurisdiction: Jurisdiction) -> Iterator[Finding]:
    window = jurisdiction.keys.deletion_window_days
    clouds = {
        view.locations[location].cloud
        for cluster in view.clusters.values()
        if cluster.jurisdiction == name
        for placement in cluster.placements.values()
        for location in (placement.location, placement.recovery)
        if location in view.locations
    }
    if window < MIN_DELETION_WINDOW_DAYS:
        allowed = f"at least {MIN_DELETION_WINDOW_DAYS} days (KEY-007)"
    elif Cloud.AWS in clouds and window > AWS_MAX_DELETION_WINDOW_DAYS:
        allowed = f"at most {AWS_MAX_DELETION_WINDOW_DAYS} days, because {name} has keys on AWS"
    else:
        return
    yield view.finding(
        KIND,
        name,
        "keys",
        "deletion_window_days",
        value=shown(window),
        allowed=allowed,
        fix=f"write {MIN_DELETION_WINDOW_DAYS}",
    )


def _records(view: View, name: str, jurisdiction: Jurisdiction) -> Iterator[Finding]:
    for record, rule in jurisdiction.records.items():
        if rule.lock_years < rule.statute_years:
            yield view.finding(
                KIND,
                name,
                "records",
                record,
                "lock_years",
                value=shown(rule.lock_years),
                allowed=f"at least the statute's {rule.statute_years:g} years",
                fix=f"write {rule.statute_years:g} or more",
            )
