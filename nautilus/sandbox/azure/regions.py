"""Azure's public regions: which have availability zones, and which region Azure itself pairs them with.

Guarantees nothing newer than its source: Azure regions list (Microsoft, reliability documentation, 2025-09-23). It does not
know which service or machine size a region offers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_ALL: Final = ("1", "2", "3")


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region; `zones` is empty where it has none, `pair` None where Azure pairs it with no other."""

    name: str
    zones: tuple[str, ...]
    pair: str | None


_ZONAL: Final = """
australiaeast:australiasoutheast austriaeast belgiumcentral brazilsouth:southcentralus canadacentral:canadaeast
centralindia:southindia centralus:eastus2 chilecentral denmarkeast eastasia:southeastasia eastus:westus eastus2:centralus
francecentral:francesouth germanywestcentral:germanynorth indonesiacentral israelcentral italynorth japaneast:japanwest
japanwest:japaneast koreacentral:koreasouth malaysiawest mexicocentral newzealandnorth northeurope:westeurope
norwayeast:norwaywest polandcentral qatarcentral southafricanorth:southafricawest southcentralus:northcentralus
southeastasia:eastasia spaincentral swedencentral:swedensouth switzerlandnorth:switzerlandwest uaenorth:uaecentral
uksouth:ukwest westeurope:northeurope westus2:westcentralus westus3:eastus
"""

_WITHOUT_ZONES: Final = """
australiacentral:australiacentral2 australiacentral2:australiacentral australiasoutheast:australiaeast
brazilsoutheast:brazilsouth canadaeast:canadacentral francesouth:francecentral germanynorth:germanywestcentral
koreasouth:koreacentral northcentralus:southcentralus norwaywest:norwayeast southafricawest:southafricanorth
southindia:centralindia swedensouth:swedencentral switzerlandwest:switzerlandnorth uaecentral:uaenorth ukwest:uksouth
westcentralus:westus2 westindia:southindia westus:eastus
"""


def _table() -> Mapping[str, Region]:
    made = {}
    for words, zones in ((_ZONAL, _ALL), (_WITHOUT_ZONES, ())):
        for word in words.split():
            name, _, pair = word.partition(":")
            made[name] = Region(name=name, zones=zones, pair=pair or None)
    return MappingProxyType(made)


REGIONS: Final = _table()
"""Every region by its programmatic name."""


def normal(location: str) -> str:
    """Give a location as ARM compares it: "UK South" and "uksouth" are the same."""
    return location.replace(" ", "").lower()
