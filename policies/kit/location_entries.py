"""How each resource type says where it is: one entry a type, and no type without one (RES-006, RES-007).

Guarantees that a type is either found by a named property, by what it hangs on, or by its provider; or is known to have no
place, with the reason why that is harmless; or is known to be unlawful, with the reason. A type that is not here is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from policies.kit import location_aws, location_azure, location_gcp
from policies.kit.location_entry import Entry, How

__all__ = ["COMPONENT_PREFIX", "ENTRIES", "EXEMPT", "Entry", "How"]


def _gather(tables: Iterable[tuple[str, Iterable[tuple[str, Entry]]]]) -> Mapping[str, Entry]:
    """Give the entries by type token. Raises ValueError for a type with two."""
    found: dict[str, Entry] = {}
    for package, table in tables:
        for types, entry in table:
            for kind in types.split():
                token = f"{package}:{kind}"
                if token in found:
                    raise ValueError(f"{token} has two location entries")
                found[token] = entry
    return found


ENTRIES: Final[Mapping[str, Entry]] = _gather(
    (module.PACKAGE, module.TABLE) for module in (location_aws, location_gcp, location_azure)
)

EXEMPT: Final[Mapping[str, str]] = {
    "pulumi:pulumi:Stack": "the stack itself; no cloud holds it",
    "pulumi:pulumi:StackReference": "another stack's outputs; no cloud holds it",
    "pulumi:providers:pulumi": "the engine's own provider of stack references",
    "pulumi:providers:aws": "judged by RES-001 and RES-008",
    "pulumi:providers:gcp": "judged by RES-001 and RES-008",
    "pulumi:providers:azure-native": "judged by RES-001 and RES-008",
    "pulumi:providers:random": "makes random values and has no region or account to be pinned to",
    "random:index/randomPassword:RandomPassword": "a secret in its stack's state; no cloud holds it",
    "random:index/randomBytes:RandomBytes": "as a random password",
    "random:index/randomId:RandomId": "as a random password",
}
"""Types that need no place, and why."""

COMPONENT_PREFIX: Final = "nautilus:"
"""This project's components: groupings without a provider, which no cloud holds."""
