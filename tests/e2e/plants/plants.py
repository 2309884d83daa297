"""Planted violations, as data: what is changed in the real program, and the one rule that must stop it.

A plant names a resource of the real program by its type and logical name and says what to set on it, which pinned place to
move it to, or which resource to add beside it. Adding a plant is adding a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Marker(StrEnum):
    """Values that data cannot spell."""

    UNKNOWN = "<unknown until it is created>"
    ABSENT = "<absent>"


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One violation. `set` gives inputs by their Python names; `region` moves the resource to another AWS region.

    `rule` must stop it; `also` are the rules that the same change breaks besides, and no others may speak. `found` is a
    part of what the verdict must say that it found.
    """

    name: str
    group: str
    rule: str
    type: str
    resource: str
    set: Mapping[str, Any] = field(default_factory=dict)
    region: str | None = None
    add_dynamic: bool = False
    also: frozenset[str] = frozenset()
    found: str


FRANKFURT = "nautilus-enterprise-eu-central-1"
DATA_KEY = {"type": "aws:kms/key:Key", "resource": f"{FRANKFURT}-keys-data"}

PLANTS = (
    Plant(
        name="key-in-another-jurisdiction",
        group="emea",
        rule="RES-002",
        **DATA_KEY,
        region="us-east-1",
        also=frozenset({"KEY-006"}),
        found="us-east-1",
    ),
    Plant(
        name="recovery-outside-the-jurisdiction",
        group="emea",
        rule="RES-008",
        type="pulumi:providers:aws",
        resource=f"{FRANKFURT}-recovery-provider",
        set={"region": "us-east-1"},
        also=frozenset({"RES-002"}),
        found="us-east-1",
    ),
    Plant(
        name="provider-without-a-region",
        group="emea",
        rule="RES-001",
        type="pulumi:providers:aws",
        resource=f"{FRANKFURT}-provider",
        set={"region": Marker.ABSENT},
        found="region",
    ),
    Plant(
        name="multi-region-key",
        group="emea",
        rule="KEY-003",
        **DATA_KEY,
        set={"multi_region": True},
        found="multiRegion",
    ),
    Plant(
        name="key-location-unknown-at-preview",
        group="emea",
        rule="RES-003",
        **DATA_KEY,
        set={"region": Marker.UNKNOWN},
        found="preview",
    ),
    Plant(
        name="type-without-a-location-entry",
        group="emea",
        rule="RES-007",
        type="pulumi:pulumi:Stack",
        resource="",
        add_dynamic=True,
        also=frozenset({"RES-001"}),
        found="pulumi-python:dynamic",
    ),
)
