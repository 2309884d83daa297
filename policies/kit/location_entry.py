"""The shape of a location entry: how one resource type says where it is (RES-006, RES-007)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How a type's place is found."""

    OWN = "own"
    """By its own property where it is set, else by its provider."""
    MUST = "must"
    """By its own property, which has to be there: the cloud would choose otherwise."""
    OF = "of"
    """By the place of the resource that a property refers to."""
    NOWHERE = "nowhere"
    """It has no place; the reason says why that is lawful."""
    REFUSED = "refused"
    """It holds data outside every single place; the reason says what."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One type's way to its place: `properties` are tried in order."""

    how: How
    properties: tuple[str, ...] = ()
    reason: str = ""
