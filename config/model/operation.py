"""What is in force in one environment: traffic moved away from placements, and jurisdictions halted (FO-1, HALT-1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.model.base import Id, Model
from config.model.environment import EnvironmentName

Moment = str
"""A moment in UTC as ISO 8601 to the second, such as `2026-11-21T09:30:00Z`."""

_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"


class Shift(Model):
    """How much of what a placement would serve it still serves: `keeps` in 0…1. The rest goes to its lawful targets.

    `tiers` are the service tiers concerned (FO-4), all where it is empty.
    """

    keeps: float = Field(ge=0, le=1)
    tiers: tuple[Annotated[int, Field(ge=0, le=4)], ...] = ()
    since: Moment = Field(pattern=_MOMENT)
    reason: str = Field(min_length=1, max_length=500)


class Halt(Model):
    """A halt of one jurisdiction's trading: nobody is served there until it is resumed.

    `resumes` is when it ends by itself at the next run, None where only a person may resume it.
    """

    since: Moment = Field(pattern=_MOMENT)
    resumes: Moment | None = Field(default=None, pattern=_MOMENT)
    reason: str = Field(min_length=1, max_length=500)


class Operation(Model):
    """Everything in force in one environment. `shifts` is keyed by placement, `halts` by jurisdiction."""

    id: EnvironmentName
    shifts: dict[Id, Shift]
    halts: dict[Id, Halt]
