"""RES-006: a resource without a single place is of a type on the list of those that hold no customer data."""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location_entries import ENTRIES, How
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control


def _check(resource: Resource, _law: Law) -> Iterator[Fault]:
    yield Fault(f"{resource.type}, which is in no single place: {ENTRIES[resource.type].reason}")


RULE = Rule(
    id="RES-006",
    title="global types allow-listed with a reason",
    clause=control("RES-006", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="a regional type, or a global one that holds no customer data",
    fix="use the regional counterpart, or let policies/kit/location_entries.py say why the type is harmless",
    resource=_check,
    types=frozenset(token for token, found in ENTRIES.items() if found.how is How.REFUSED),
)
