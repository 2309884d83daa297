"""A jurisdiction: whose law it is, which places it covers, and what it asks of data, keys, records and notices (JUR-1)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import Field

from config.model.base import Clause, DataClass, Id, Model, Source


class KeyProtection(StrEnum):
    """How key material is held."""

    HSM = "hsm"
    SOFTWARE = "software"


EVERYWHERE: Final = "*"
"""The residency entry that permits every jurisdiction."""


class Residency(Model):
    """Where one data class of a home jurisdiction may be held.

    `jurisdictions` are the ids of the jurisdictions in which the data may rest, the home one included; `("*",)` means
    everywhere. `encrypted` asks for customer-managed encryption wherever it rests outside the home jurisdiction.
    """

    jurisdictions: tuple[str, ...] = Field(min_length=1)
    encrypted: bool
    clause: Clause

    @property
    def everywhere(self) -> bool:
        """Whether the data may be held in any place, those outside every jurisdiction served included."""
        return EVERYWHERE in self.jurisdictions

    def permits(self, jurisdiction: str | None) -> bool:
        """Give whether the data may rest in a jurisdiction; None is outside every one that is served."""
        return self.everywhere or (jurisdiction is not None and jurisdiction in self.jurisdictions)


class KeyRules(Model):
    """What keys of the jurisdiction must be (KEY-1). Periods in days."""

    protection: KeyProtection
    rotation_days: int = Field(ge=90, le=2560)
    deletion_window_days: int = Field(ge=7, le=90)
    clause: Clause


class RecordRule(Model):
    """How long one class of records is kept, and how long the lock on it is set (AUD-1). Periods in years."""

    statute_years: float = Field(ge=0)
    lock_years: float = Field(ge=0)
    immutability: str
    clause: Clause


class NoticeRule(Model):
    """How soon an incident must be reported, and to whom. `within_hours` 0 means at once."""

    to: str
    event: str
    within_hours: float = Field(ge=0)
    source: Source


class HaltRule(Model):
    """How trading is halted in the jurisdiction and after which time it may resume by itself (HALT-1)."""

    duration_s: int = Field(ge=0)
    control: str
    source: Source


class ClockRule(Model):
    """The clock tolerance of one kind of activity, in microseconds; None where no rule was found."""

    activity: str
    tolerance_us: int | None = Field(ge=0)
    source: Source


class Jurisdiction(Model):
    """One jurisdiction. `countries` are ISO 3166-1 alpha-2 codes; a location lies in it when its country is among them."""

    id: Id
    name: str
    regulator: str
    also: tuple[str, ...] = ()
    frameworks: tuple[str, ...]
    countries: tuple[str, ...] = Field(min_length=1)
    data_classes: dict[DataClass, Residency]
    keys: KeyRules
    records: dict[Id, RecordRule]
    log_retention_days: int = Field(ge=1)
    notices: tuple[NoticeRule, ...]
    halt: HaltRule
    clocks: tuple[ClockRule, ...]
