"""A link between two Azure placements: a global peering of their networks, and tunnels between their hubs (NET-1, NET-4).

Decision: the two ways share no gateway. The peering goes past the hubs on Azure's own backbone and is what carries traffic:
Azure prefers a peering's routes to any that a gateway learnt. The tunnels carry it once the peering is gone. Their routes
are static: every virtual WAN hub has the AS number 65515, so that over BGP each would drop all the other's routes as its
own.
"""

from __future__ import annotations

import pulumi
from pulumi_azure_native import network

from components import labels
from components.interconnect.args import EndArgs, NativeArgs
from components.interconnect.azure_routes import branch
from components.interconnect.azure_tunnels import INSTANCES, link_connection, site_link
from components.provider.azure_resource import physical


class AzureLink(pulumi.ComponentResource):
    """Both halves of a network peering, and at each hub a site for the other hub with a link to each of its instances.

    Guarantees that a peering lends no gateway and forwards nothing for others, and that the tunnels lead to the other end's
    nodes alone. The ends may lie in two subscriptions and in two tenants: each provider must then be allowed to act in the
    other's tenant (its `auxiliary_tenant_ids`), since Azure asks both for a peering. Each instance of a hub dials both
    of the other's, four tunnels in all; Azure keeps one secret a link at either end, which leaves one for the four.
    """

    def __init__(self, name: str, args: NativeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both ways. Raises ValueError for an end without two addresses."""
        super().__init__("nautilus:interconnect:AzureLink", name, None, opts)
        for end in args.ends:
            if len(end.facts.addresses) != len(INSTANCES):
                raise ValueError(f"{name}: {end.placement} has {len(end.facts.addresses)} tunnel addresses; a hub has two")
        halves: list[network.VirtualNetworkPeering] = []
        for number, (near, far) in enumerate((args.ends, args.ends[::-1])):
            here = pulumi.ResourceOptions(parent=self, provider=args.providers[number])
            halves.append(_peer(f"{name}-peering-{number}", near, far, here, after=halves))
            _tunnel(f"{name}-tunnels-{number}", near, far, args.secrets[0], here)
        self.register_outputs({"peerings": [half.id for half in halves]})


def _peer(
    name: str, near: EndArgs, far: EndArgs, here: pulumi.ResourceOptions, *, after: list[network.VirtualNetworkPeering]
) -> network.VirtualNetworkPeering:
    return network.VirtualNetworkPeering(
        name,
        virtual_network_peering_name=physical(f"peer-{far.placement}", 80),
        virtual_network_name=near.facts.ids["network-name"],
        resource_group_name=near.facts.ids["network-group"],
        remote_virtual_network=network.SubResourceArgs(id=far.facts.ids["network"]),
        allow_virtual_network_access=True,
        allow_forwarded_traffic=False,
        allow_gateway_transit=False,
        use_remote_gateways=False,
        do_not_verify_remote_gateways=False,
        # Azure refuses the second half while the first is still being made.
        opts=pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(depends_on=list(after))),
    )


def _tunnel(name: str, near: EndArgs, far: EndArgs, secret: pulumi.Input[str], here: pulumi.ResourceOptions) -> None:
    ids = near.facts.ids
    site = network.VpnSite(
        f"{name}-site",
        vpn_site_name=physical(f"site-{name}", 80),
        resource_group_name=ids["group"],
        location=near.location.region,
        virtual_wan=network.SubResourceArgs(id=ids["wan"]),
        address_space=network.AddressSpaceArgs(address_prefixes=list(near.learns)),
        vpn_site_links=[site_link(f"peer-{place}", address, None) for place, address in enumerate(far.facts.addresses)],
        tags=labels.for_azure(near.labels),
        opts=here,
    )
    network.VpnConnection(
        f"{name}-connection",
        connection_name=physical(f"conn-{name}", 80),
        gateway_name=ids["vpn-gateway"],
        resource_group_name=ids["group"],
        remote_vpn_site=network.SubResourceArgs(id=site.id),
        enable_internet_security=False,
        routing_configuration=branch(default=ids["default-routes"], nodes=ids["nodes-routes"]),
        vpn_link_connections=[
            link_connection(f"peer-{place}", site, secret, None) for place in range(len(far.facts.addresses))
        ],
        opts=pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(additional_secret_outputs=["vpn_link_connections"])),
    )
