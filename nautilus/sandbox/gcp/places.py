"""Google Cloud's locations and what its services offer where, as data.

Guarantees that what is listed exists; a location that is not listed is refused, so a new region is one line here.
Regions and zones: general knowledge of Compute Engine's "Available regions and zones", not read from the page. GKE's
minor versions and defaults: GKE release notes, table "Current versions" (read 2026-11-21).
"""

from __future__ import annotations

from typing import Final

_ZONES: Final = {
    "africa-south1": "abc",
    "asia-east1": "abc",
    "asia-east2": "abc",
    "asia-northeast1": "abc",
    "asia-northeast2": "abc",
    "asia-northeast3": "abc",
    "asia-south1": "abc",
    "asia-south2": "abc",
    "asia-southeast1": "abc",
    "asia-southeast2": "abc",
    "australia-southeast1": "abc",
    "australia-southeast2": "abc",
    "europe-central2": "abc",
    "europe-north1": "abc",
    "europe-north2": "abc",
    "europe-southwest1": "abc",
    "europe-west1": "bcd",
    "europe-west2": "abc",
    "europe-west3": "abc",
    "europe-west4": "abc",
    "europe-west6": "abc",
    "europe-west8": "abc",
    "europe-west9": "abc",
    "europe-west10": "abc",
    "europe-west12": "abc",
    "me-central1": "abc",
    "me-central2": "abc",
    "me-west1": "abc",
    "northamerica-northeast1": "abc",
    "northamerica-northeast2": "abc",
    "northamerica-south1": "abc",
    "southamerica-east1": "abc",
    "southamerica-west1": "abc",
    "us-central1": "abcf",
    "us-east1": "bcd",
    "us-east4": "abc",
    "us-east5": "abc",
    "us-south1": "abc",
    "us-west1": "abc",
    "us-west2": "abc",
    "us-west3": "abc",
    "us-west4": "abc",
}

REGIONS: Final = frozenset(_ZONES)

ZONES: Final = {region: frozenset(f"{region}-{letter}" for letter in letters) for region, letters in _ZONES.items()}
"""Zone names by region."""

KMS_WIDE: Final = frozenset(
    {
        "global",
        "us",
        "europe",
        "asia",
        "eur3",
        "eur4",
        "eur5",
        "eur6",
        "nam3",
        "nam4",
        "nam6",
        "nam7",
        "nam8",
        "nam9",
        "nam10",
    }
    | {"nam11", "nam12", "nam-eur-asia1", "asia1", "in", "au", "ca", "de", "it"}
)
"""Cloud KMS's locations of more than one region: they exist, and hold key material in several places."""

BUCKET_WIDE: Final = frozenset(
    {"us", "eu", "asia", "nam4", "eur4", "eur5", "eur7", "eur8", "asia1", "in", "au", "ca", "de", "it"}
)
"""Cloud Storage's multi-regions and predefined dual-regions, in lower case."""

LOG_WIDE: Final = frozenset({"global", "us", "eu"})
"""Cloud Logging's bucket locations of more than one region."""

GKE_CHANNELS: Final = {
    "RAPID": ("1.34", "1.35", "1.36", "1.37"),
    "REGULAR": ("1.34", "1.35", "1.36"),
    "STABLE": ("1.34", "1.35"),
    "EXTENDED": ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36"),
    "UNSPECIFIED": ("1.34", "1.35", "1.36"),
}
"""The minor versions that each release channel offers."""

GKE_PATCHES: Final = {
    "1.32": "1.32.13-gke.2268000",
    "1.34": "1.34.9-gke.1655001",
    "1.35": "1.35.7-gke.1222000",
    "1.36": "1.36.4-gke.1082000",
}
"""A patch version that the release notes name, by minor version; a cluster asked for the minor gets it."""

MACHINES: Final = {
    "c2-standard": (4, {4, 8, 16, 30, 60}),
    "c2d-standard": (4, {2, 4, 8, 16, 32, 56, 112}),
    "c2d-highcpu": (2, {2, 4, 8, 16, 32, 56, 112}),
    "c2d-highmem": (8, {2, 4, 8, 16, 32, 56, 112}),
    "c3-standard": (4, {4, 8, 22, 44, 88, 176}),
    "c3-highcpu": (2, {4, 8, 22, 44, 88, 176}),
    "c3-highmem": (8, {4, 8, 22, 44, 88, 176}),
    "c3d-standard": (4, {4, 8, 16, 30, 60, 90, 180, 360}),
    "c4-standard": (3.75, {2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288}),
    "c4-highcpu": (2, {2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288}),
    "e2-standard": (4, {2, 4, 8, 16, 32}),
    "e2-highmem": (8, {2, 4, 8, 16}),
    "e2-highcpu": (1, {2, 4, 8, 16, 32}),
    "n1-standard": (3.75, {1, 2, 4, 8, 16, 32, 64, 96}),
    "n2-standard": (4, {2, 4, 8, 16, 32, 48, 64, 80, 96, 128}),
    "n2-highmem": (8, {2, 4, 8, 16, 32, 48, 64, 80, 96, 128}),
    "n2-highcpu": (1, {2, 4, 8, 16, 32, 48, 64, 80, 96}),
    "n2d-standard": (4, {2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224}),
    "n2d-highmem": (8, {2, 4, 8, 16, 32, 48, 64, 80, 96}),
    "n4-standard": (4, {2, 4, 8, 16, 32, 48, 64, 80}),
    "n4-highmem": (8, {2, 4, 8, 16, 32, 48, 64, 80}),
}
"""Machine families: GiB a processor, about, and the processor counts on offer (Compute Engine, machine types; unchecked)."""

HYPERDISK_ONLY: Final = frozenset({"c4", "n4"})
"""Series that boot from Hyperdisk only."""

NOT_COMPACT: Final = frozenset({"e2", "n1", "n4"})
"""Series that have no compact placement."""


def region_of(location: str) -> str | None:
    """Give the region of a region or zone name, None for one that does not exist or spans several regions."""
    name = location.lower()
    if name in REGIONS:
        return name
    region = name.rpartition("-")[0]
    return region if name in ZONES.get(region, ()) else None
