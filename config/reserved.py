"""Address space that the federation keeps for its own links: hubs, tunnels and leased ports (NET-1, NET-4, CLU-6).

Guarantees one place for these ranges: validation keeps everything else out of them, and `nautilus.federation.link` allots
them. It allots nothing itself.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Final

HUBS_SLOT: Final = 63
"""The last /16 of a node block is the hubs', a /23 for each slot; no placement may have it."""

INSIDE_FIRST: Final = IPv4Network("169.254.21.0/24")
INSIDE_SECOND: Final = IPv4Network("169.254.22.0/24")
"""What tunnels may use inside: Azure takes no other link-local addresses (Azure VPN Gateway documentation, "How to configure
BGP for VPN Gateway", APIPA addresses, 2026-11). The addresses that AWS keeps for itself are not among them."""
INSIDE_PREFIX: Final = 28
"""Four tunnels of a /30 each."""

PORTS_BLOCK: Final = IPv4Network("192.168.0.0/16")
"""The BGP sessions of leased ports, a /22 for each slot; no pods or services may use it."""

PORT_CAPACITY_GBPS: Final = 100
"""The widest port that all three clouds lease (AWS Direct Connect, Google Dedicated Interconnect, Azure ExpressRoute
Direct: 10 and 100 Gbit/s)."""
