"""RES-007: a type that nobody has said how to locate is denied, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location_entries import ENTRIES, EXEMPT
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control


def _check(resource: Resource, _law: Law) -> Iterator[Fault]:
    if resource.type not in ENTRIES and resource.type not in EXEMPT:
        yield Fault(f"{resource.type}, for which no way to tell its location is known")


RULE = Rule(
    id="RES-007",
    title="a type with no location entry is denied",
    clause=control("RES-007", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="types with an entry in policies/kit/location_entries.py",
    fix="find out where the type keeps what it holds, and add its entry with a test",
    resource=_check,
    providers=True,
)
