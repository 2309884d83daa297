"""What Google's multi-regions and dual-regions really are: the countries that hold the data (RES-004).

Guarantees a service's own meaning of a name: `asia1` is Tokyo and Osaka for Cloud Storage, and Seoul as well for Cloud KMS.
A name that is not here is no multi-region as far as the rules go, so it is refused like any unknown place.

Sources: Cloud Storage, "Bucket locations" (predefined dual-regions and multi-regions; the EU multi-region leaves out London
and Zurich); Cloud KMS, "Cloud KMS locations" (third replicas of the dual-regions; `europe` leaves out London and Zurich);
Cloud Logging, "Regions supported by log buckets"; read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_EU: Final = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
    }
)
_US: Final = frozenset({"US"})
_ASIA: Final = frozenset({"TW", "HK", "JP", "KR", "IN", "SG", "ID", "TH"})

WORLD: Final = frozenset({"*"})
"""Stands for "anywhere": no set of countries holds it."""

STORAGE: Final[Mapping[str, frozenset[str]]] = {
    "eu": _EU,
    "us": _US,
    "asia": _ASIA,
    "nam4": _US,
    "eur4": frozenset({"FI", "NL"}),
    "eur5": frozenset({"BE", "GB"}),
    "eur7": frozenset({"GB", "DE"}),
    "eur8": frozenset({"DE", "CH"}),
    "asia1": frozenset({"JP"}),
}
KMS: Final[Mapping[str, frozenset[str]]] = {
    "global": WORLD,
    "us": _US,
    "ca": frozenset({"CA"}),
    "europe": _EU,
    "asia": _ASIA,
    "asia1": frozenset({"JP", "KR"}),
    "eur4": frozenset({"FI", "NL", "BE"}),
    **dict.fromkeys(("nam3", "nam4", "nam6", "nam7", "nam8", "nam9", "nam10", "nam11", "nam12"), _US),
}
LOGGING: Final[Mapping[str, frozenset[str]]] = {"global": WORLD, "us": _US, "eu": _EU}

BY_TYPE_PREFIX: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "gcp:storage/": STORAGE,
    "gcp:kms/": KMS,
    "gcp:logging/": LOGGING,
}


def countries(resource_type: str, name: str) -> frozenset[str] | None:
    """Give the countries behind a location's name for one resource type, None where the name is no multi-region there."""
    for prefix, table in BY_TYPE_PREFIX.items():
        if resource_type.startswith(prefix):
            return table.get(name.lower())
    return WORLD if name.lower() == "global" else None
