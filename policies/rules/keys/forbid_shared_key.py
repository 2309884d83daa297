"""KEY-008: a key serves one jurisdiction only, so that destroying it touches nobody else's data (KEY-1)."""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location import settled
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control
from policies.rules.keys.stores import KEY_TYPES, STORES


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    mine = settled(resource, stack).jurisdictions(law)
    homes = {law.home(resource).id}
    for user, prop in stack.users.get(resource.urn, ()):
        if user.type not in STORES:
            continue
        place = settled(user, stack)
        theirs = place.jurisdictions(law)
        home = law.home(user).id
        if theirs != mine or home not in homes:
            where = ", ".join(sorted(name or "no jurisdiction" for name in theirs))
            yield Fault(
                found=f"used by {user.name} ({prop}), which serves {home} and lies in {where}",
                allowed=f"stores that serve {', '.join(sorted(homes))} and lie there",
            )


RULE = Rule(
    id="KEY-008",
    title="no key shared over jurisdictions",
    clause=control("KEY-008", "KEY-1"),
    severity=Severity.CRITICAL,
    allowed="stores of one jurisdiction under one key",
    fix="give each jurisdiction's store a key of its own",
    stack=_check,
    types=KEY_TYPES,
)
