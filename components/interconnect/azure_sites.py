"""Where an Azure region's leased ports are handed over: the peering locations of ExpressRoute (NET-4).

Guarantees two different buildings for a placement's two ports. Source: ExpressRoute peering locations and connectivity
partners (Microsoft Learn, 2026-09-16) for which locations there are; that a region's nearest are these, and how ExpressRoute
Direct spells a site, is general knowledge, to be checked against the subscription's own list (`az network express-route port
location list`) when a port is ordered.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SITES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "australiaeast": ("Equinix-Sydney-SY2", "NextDC-Sydney-S1"),
        "centralus": ("Equinix-Chicago-CH1", "CoreSite-Chicago-CH1"),
        "eastus2": ("Equinix-Ashburn-DC2", "CoreSite-Reston-VA2"),
        "japaneast": ("Equinix-Tokyo-TY4", "AT-Tokyo-CC1"),
        "southeastasia": ("Equinix-Singapore-SG1", "GlobalSwitch-Singapore-TaiSeng"),
        "uksouth": ("Equinix-London-LD5", "Telehouse-London-North2"),
        "westus2": ("Equinix-Seattle-SE2", "Sabey-Quincy-A"),
    }
)
"""Region to its sites, in the order of the ports: Sydney and Sydney2, Chicago and Chicago2, Washington DC and Washington
DC2, Tokyo and Tokyo2, Singapore and Singapore2, London and London2, Seattle and Quincy."""


def site(region: str, port: int) -> str:
    """Give the peering location of a region's port, counted from 0.

    Raises ValueError for a region without sites and for a third port: two carriers at two sites are what a region has.
    """
    found = _SITES.get(region)
    if found is None:
        raise ValueError(f"{region}: no peering location is known for it; add its two to {__name__}, or lease no port there")
    if port not in range(len(found)):
        raise ValueError(f"{region}: port {port + 1}; it has {len(found)} peering locations, one a port")
    return found[port]
