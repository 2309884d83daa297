"""What Azure's regional and global load balancers have in common: their parts' names, ids, rules, and where they may be.

Guarantees one spelling of each. It makes no resource.
"""

from __future__ import annotations

from typing import Final

from pulumi_azure_native import network

from config.model import Account, Location, ServiceClass

FRONTEND: Final = "public"
"""The one frontend of each balancer."""

POOL: Final = "targets"
"""The one backend pool of each balancer."""

IDLE_MINUTES: Final = 30
"""A FIX session may be silent between heartbeats; 30 is the longest that the rule's own description allows."""

HOMES: Final = frozenset(
    {
        "centralus",
        "eastasia",
        "eastus2",
        "northeurope",
        "southeastasia",
        "uksouth",
        "westeurope",
        "westus",
    }
)
"""Where a balancer and an address of the Global tier can lie (Microsoft, Global Load Balancer, home regions). Older editions
of the page list UK West too; it is left out."""

PARTICIPANTS: Final = frozenset(
    {
        *HOMES,
        "australiaeast",
        "australiasoutheast",
        "centralindia",
        "eastus",
        "japaneast",
        "northcentralus",
        "southcentralus",
        "westcentralus",
        "westus2",
    }
)
"""Where the global address is announced, so that clients near them enter there (same page, participating regions)."""


def part(account: Account, group: str, balancer: str, collection: str, name: str) -> str:
    """Give the id of one part of a balancer, which its own other parts refer to before it exists.

    `group` and `balancer` are physical names; `collection` is ARM's, such as `frontendIPConfigurations`.
    """
    base = f"/subscriptions/{account.id}/resourceGroups/{group}/providers/Microsoft.Network/loadBalancers/{balancer}"
    return f"{base}/{collection}/{name}"


def rule(
    service: ServiceClass, *, account: Account, group: str, balancer: str, target_port: int, affinity: bool, probe: bool
) -> network.LoadBalancingRuleArgs:
    """Give the rule of one class, named by its id: TCP passes as it is, from its port to `target_port`."""

    def own(collection: str, name: str) -> network.SubResourceArgs:
        return network.SubResourceArgs(id=part(account, group, balancer, collection, name))

    return network.LoadBalancingRuleArgs(
        name=service.id,
        protocol="Tcp",
        frontend_port=service.port,
        backend_port=target_port,
        frontend_ip_configuration=own("frontendIPConfigurations", FRONTEND),
        backend_address_pool=own("backendAddressPools", POOL),
        probe=own("probes", service.id) if probe else None,
        enable_floating_ip=False,
        enable_tcp_reset=True,
        idle_timeout_in_minutes=IDLE_MINUTES,
        load_distribution="SourceIP" if affinity else "Default",
        # The nodes leave by their zone's own gateway; a front end gives nobody a way out.
        disable_outbound_snat=True,
    )


def home(locations: tuple[Location, ...]) -> Location | None:
    """Give the first of these locations that can hold the Global tier, None where Azure offers it in none of them."""
    return next((location for location in locations if location.region in HOMES), None)
