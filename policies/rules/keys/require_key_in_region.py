"""KEY-002: the key of a store lies in the store's own region (KEY-1).

A reference that is not known at preview is followed to the key it will be computed from; one that leads nowhere in the stack
and names no region is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location import locate, settled
from policies.kit.props import UNKNOWN_AT_PREVIEW, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show
from policies.rules.keys.stores import STORES, keys_of, place_of_key


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    own = settled(resource, stack)
    for store in STORES[resource.type]:
        if (
            not (store.required(resource) and not store.optional)
            and not resource.sources.get(store.top)
            and not resource.props.known(store.top)
        ):
            continue  # an output that the cloud computes, of a key that nobody asked for here
        for part in store.parts(resource):
            if not part.present(store.path):
                continue  # KEY-001 has said so
            text = part.text(store.path) if part.known(store.path) else None
            place = place_of_key(resource, stack, store, text)
            if place is None:
                raise Undecided(store.path, UNKNOWN_AT_PREVIEW if text is None else "names a key whose region nothing tells")
            places = {place.name, *(p.name for key in keys_of(resource, stack, store) if (p := locate(key, stack)))}
            for name in sorted(places - {own.name}):
                where = law.jurisdiction_of(f"{place.cloud}/{name}") or "no jurisdiction of the catalogue"
                yield Fault(
                    found=f"data at {show(own.name)} under a key at {show(name)} ({where})",
                    allowed=f"a key at {show(own.name)}",
                )


RULE = Rule(
    id="KEY-002",
    title="key's region equals the data's region",
    clause=control("KEY-002", "KEY-1"),
    severity=Severity.CRITICAL,
    allowed="a key in the region of the data it protects",
    fix="use the key that the placement's keys component made with the same provider",
    stack=_check,
    types=frozenset(STORES),
)
