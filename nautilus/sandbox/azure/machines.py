"""Virtual machine sizes and Kubernetes versions that AKS takes.

Guarantees that a size is of the general-purpose, memory- and compute-optimised families that this federation chooses
from, with its number of cores (Azure virtual machine sizes; general knowledge). A size of another family is refused, even
where Azure has it: add the family here. It does not know which region offers a size.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_CORES: Final = (2, 4, 8, 16, 32, 48, 64, 96)
_FAMILIES: Final[Mapping[str, tuple[int, ...]]] = {
    "D{}s_v3": (2, 4, 8, 16, 32, 48, 64),
    "D{}s_v4": (2, 4, 8, 16, 32, 48, 64),
    "D{}ds_v4": (2, 4, 8, 16, 32, 48, 64),
    "D{}s_v5": _CORES,
    "D{}ds_v5": _CORES,
    "D{}as_v5": _CORES,
    "D{}ads_v5": _CORES,
    "D{}s_v6": (*_CORES, 128),
    "D{}ds_v6": (*_CORES, 128),
    "E{}s_v3": (2, 4, 8, 16, 20, 32, 48, 64),
    "E{}s_v4": (2, 4, 8, 16, 20, 32, 48, 64),
    "E{}s_v5": (2, 4, 8, 16, 20, 32, 48, 64, 96),
    "E{}ds_v5": (2, 4, 8, 16, 20, 32, 48, 64, 96),
    "E{}as_v5": (2, 4, 8, 16, 20, 32, 48, 64, 96),
    "E{}s_v6": (2, 4, 8, 16, 20, 32, 48, 64, 96, 128),
    "F{}s_v2": (2, 4, 8, 16, 32, 48, 64, 72),
    "F{}as_v6": (2, 4, 8, 16, 32, 48, 64),
    "F{}ams_v6": (2, 4, 8, 16, 32, 48, 64),
    "FX{}mds": (4, 12, 24, 36, 48),
    "L{}s_v3": (8, 16, 32, 48, 64, 80),
}

SIZES: Final[Mapping[str, int]] = MappingProxyType(
    {f"Standard_{family.format(cores)}": cores for family, table in _FAMILIES.items() for cores in table}
)
"""Size to virtual cores."""

VERSIONS: Final = ("1.34", "1.35", "1.36")
"""Minor versions with which a cluster may be created (AKS supports the latest three, a new one every four months)."""

LONG_TERM: Final = ("1.31", "1.32", "1.33")
"""Minor versions that ask for the Premium tier and AKS long-term support."""


def minor(version: str) -> str:
    """Give the minor version, `1.35` of `1.35.2`."""
    return ".".join(version.split(".")[:2])
