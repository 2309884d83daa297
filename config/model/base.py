"""The base of every catalogue model and the value types that several models share.

Guarantees that a model is immutable, refuses unknown keys and never converts one type into another, so that what stands in
the YAML is exactly what the program sees. It does not read files: `config.loader` does.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen, strict record of the catalogue."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=63)]
"""A stable id: lower-case words joined by hyphens, at most 63 characters (the DNS label limit all clouds share)."""

LocationId = Annotated[str, Field(pattern=r"^(aws|gcp|azure)/[a-z0-9-]+$")]
"""A cloud's region, written `cloud/region`, such as `aws/us-east-1`."""


class Cloud(StrEnum):
    """The three clouds."""

    AWS = "aws"
    GCP = "gcp"
    AZURE = "azure"


class Group(StrEnum):
    """The five groups of clusters (CLU-1); each is one region stack."""

    AMERICAS = "americas"
    EMEA = "emea"
    APAC = "apac"
    EDGE = "edge"
    ANALYTICS = "analytics"


class DataClass(StrEnum):
    """The classes of data that residency law and this platform tell apart (JUR-2)."""

    PII = "pii"
    FINANCIAL = "financial"
    REGULATORY = "regulatory"
    MARKET = "market"
    DERIVED = "derived"


class Source(Model):
    """Where a figure or a rule comes from, and whether that was read or is general knowledge."""

    document: str
    section: str | None = None
    read_on: date | None = None
    verified: bool


class Clause(Model):
    """A clause of law or of the platform's own control set that a rule can cite."""

    id: str
    says: str
    source: Source
