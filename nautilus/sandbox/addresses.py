"""Public addresses that the sandbox's clouds allot: out of ranges kept for documentation and tests, so never anybody's.

Guarantees that no two clouds allot the same tunnel address: the ends of one link have to differ.
"""

from __future__ import annotations

import ipaddress
from typing import Final

GCP_TUNNELS: Final = ipaddress.IPv4Network("198.18.0.0/16")
"""One half of what RFC 2544 keeps for tests of network devices."""

AZURE_TUNNELS: Final = ipaddress.IPv4Network("198.19.0.0/16")
"""The other half."""

_STAND_INS: Final = tuple(
    ipaddress.IPv4Network(cidr)
    for cidr in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", str(GCP_TUNNELS), str(AZURE_TUNNELS))
)
"""RFC 5737's three networks for documentation, and RFC 2544's."""


def public(address: str) -> bool:
    """Give whether an address can be reached from anywhere, or is one that stands for such an address here.

    Raises ValueError where the text is no address. An IPv6 address is in none of the stand-ins.
    """
    found = ipaddress.ip_address(address)
    return found.is_global or any(found in network for network in _STAND_INS)
