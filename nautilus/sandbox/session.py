"""Which provider instance an operation came through, and what that engine already holds.

Guarantees that a creation whose answer was lost can be told from a replacement under the same URN. Does not
outlive a connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nautilus.sandbox.handler import Row, Target


@dataclass(kw_only=True)
class Session:
    """One provider instance of one engine: the engine opens a connection of its own for each.

    `held` are URNs that the engine already has a resource of, `held_ids` the ids it named: a creation for such a URN is a
    replacement, for any other it is a new resource or one whose answer was lost. `adopted` are (URN, id) of the latter: a
    deletion of one in the same run means that it was a replacement after all (`--replace` names no id before it creates).
    """

    target: Target | None = None
    configuration: Mapping[str, Any] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    held_ids: dict[str, set[str]] = field(default_factory=dict)
    adopted: set[tuple[str, str]] = field(default_factory=set)

    def hold(self, urn: str, resource_id: str) -> None:
        """Remembers that the engine has this resource."""
        self.held.add(urn)
        self.held_ids.setdefault(urn, set()).add(resource_id)

    def lost(self, urn: str, rows: list[Row]) -> Row | None:
        """The one of a URN's rows, oldest first, that was made without the engine knowing; None where there is none."""
        if urn in self.held and rows:
            # Without a word about the id (a replacement that was asked for by name), the engine has the oldest.
            ids = self.held_ids.get(urn) or {rows[0].id}
            rows = [row for row in rows if row.id not in ids]
        rows = [row for row in rows if row.target == self.target]
        return rows[-1] if rows else None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What an operation is about: a resource's URN and type, and the session it came through."""

    session: Session
    urn: str
    token: str


def free_seed(urn: str, rows: list[Row]) -> str:
    """The URN, with a number behind it while an older resource of the URN still uses it."""
    taken = {row.seed for row in rows}
    seeds = (urn if number == 1 else f"{urn}#{number}" for number in range(1, len(rows) + 2))
    return next(seed for seed in seeds if seed not in taken)
