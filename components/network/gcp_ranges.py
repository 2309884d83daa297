"""How a Google Cloud placement's /16 is divided: by tier, since a GCP subnetwork spans all zones of its region (CLU-6)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from components.network.subnets import regional


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """IPv4 ranges in CIDR notation, none overlapping another.

    `proxies` is for managed load balancer proxies, `services` for Google's managed services reached by private
    services access, `control_plane` for the Kubernetes control plane's own /28.
    """

    public: str
    private: str
    data: str
    proxies: str
    services: str
    control_plane: str


def carve(nodes: str) -> Ranges:
    """Divide a network's own range: the tiers as on every cloud, and what Google needs out of the part that no tier uses.

    `nodes` is a /16 such as `10.1.0.0/16`, whose reserved /20 is cut into a /21 for managed services, a /23 for proxies
    and the last /28 for the control plane. Raises ValueError for a range longer than /20.
    """
    tiers = regional(nodes)
    services, rest = ipaddress.IPv4Network(tiers.reserved).subnets(prefixlen_diff=1)
    proxies, *_ = rest.subnets(prefixlen_diff=2)
    *_, last = rest.subnets(prefixlen_diff=7)
    return Ranges(
        public=tiers.public,
        private=tiers.private,
        data=tiers.data,
        proxies=str(proxies),
        services=str(services),
        control_plane=str(last),
    )
