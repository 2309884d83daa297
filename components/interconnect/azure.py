"""The Azure end of the backbone: a virtual WAN hub of the placement's own, its VPN gateway and leased ports (NET-1, NET-4).

Decision: a virtual WAN with one hub a placement, never two hubs in one WAN. Hubs of one WAN are joined to one another by
Azure with no way to say which of them may: placements are joined here by declared links only.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import network, resources

from components import labels
from components.interconnect.args import GatewayArgs, GatewayFacts
from components.interconnect.azure_link import AzureLink
from components.interconnect.azure_ports import AzurePorts, PortsArgs
from components.interconnect.azure_tunnels import INSTANCES, AzureTunnels, secret_of
from components.network.azure import AzureNetwork
from components.provider.azure_resource import physical

__all__ = ["ASN", "IDS", "AzureGateway", "AzureLink", "AzureTunnels", "secret_of"]

ASN: Final = 65515
"""The AS number of every virtual WAN hub; Azure sets it (About BGP, Virtual WAN)."""

IDS: Final = (
    "default-routes",
    "group",
    "hub",
    "network",
    "network-group",
    "network-name",
    "nodes-routes",
    "vpn-gateway",
    "wan",
)
"""What a gateway hands over: ids of the two route tables, the network and the WAN; names of the rest."""

_SCALE_UNITS: Final = 4
"""Of the VPN gateway, 500 Mbit/s each (Virtual WAN pricing): 2 Gbit/s. 500,000 messages/s (CLU-3) of 200 bytes are 0.8
Gbit/s; the rest is for replication where the tunnels stand in for a leased port."""


class AzureGateway(pulumi.ComponentResource):
    """A hub, its connection to the placement's network, a VPN gateway of two instances, and the leased ports (NET-1, NET-4).

    Guarantees that the network learns declared ranges only, from links and ports, and never a default route; that it gives
    the hub its own range alone; that the hub passes nothing on from one link to another; and that leased ports are preferred
    to tunnels. Which packets pass is the subnets' security groups' to say: they stand in the network, whose rules admit the
    same `reach` (`azure_rules`). Azure logs no flows of a hub: the network's flow log has both ends' addresses. It makes no
    firewall.
    """

    def __init__(
        self, name: str, args: GatewayArgs, network_: AzureNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the gateway of a network. Raises ValueError for an AS number other than Azure's, or a port without a site."""
        super().__init__("nautilus:interconnect:AzureGateway", name, None, opts)
        if args.asn != ASN:
            raise ValueError(f"{name}: AS number {args.asn}; a virtual WAN hub has {ASN}, whatever is asked for")
        self._name = name
        self._args = args
        self._tags = labels.for_azure(args.labels)
        self._child = pulumi.ResourceOptions(parent=self)
        self._guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self.resource_group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=args.location.region,
            tags=self._tags,
            opts=self._guarded,
        )
        self._group = self.resource_group.name
        self.hub = self._make_hub()
        default = pulumi.Output.concat(self.hub.id, "/hubRouteTables/defaultRouteTable")
        self.nodes_routes = network.HubRouteTable(
            f"{name}-nodes-routes",
            route_table_name="nodes",
            virtual_hub_name=self.hub.name,
            resource_group_name=self._group,
            labels=["nodes"],
            routes=[],
            opts=self._child,
        )
        connection = self._connect(network_, default)
        # A hub changes one thing at a time and refuses the others meanwhile.
        self.vpn_gateway = self._make_vpn_gateway(after=connection)
        self.ports = AzurePorts(
            f"{name}-ports",
            PortsArgs(
                gateway=args,
                group=self._group,
                hub_id=self.hub.id,
                hub_name=self.hub.name,
                default_routes=default,
                nodes_routes=self.nodes_routes.id,
                after=self.vpn_gateway,
            ),
            self._child,
        )
        self.facts = GatewayFacts(
            addresses=tuple(_address(self.vpn_gateway, instance) for instance in INSTANCES),
            ids=MappingProxyType(
                {
                    "default-routes": default,
                    "group": self._group,
                    "hub": self.hub.name,
                    "network": network_.vnet.id,
                    "network-group": network_.resource_group.name,
                    "network-name": network_.vnet.name,
                    "nodes-routes": self.nodes_routes.id,
                    "vpn-gateway": self.vpn_gateway.name,
                    "wan": self.wan.id,
                }
            ),
        )
        self.register_outputs({"hub": self.hub.id, "vpn_gateway": self.vpn_gateway.id})

    def _make_hub(self) -> network.VirtualHub:
        args, name = self._args, self._name
        self.wan = network.VirtualWan(
            f"{name}-wan",
            virtual_wan_name=physical(f"wan-{name}", 80),
            resource_group_name=self._group,
            location=args.location.region,
            type="Standard",
            # Links and ports are branches: the hub passes nothing on from one to another.
            allow_branch_to_branch_traffic=False,
            disable_vpn_encryption=False,
            tags=self._tags,
            opts=self._guarded,
        )
        return network.VirtualHub(
            f"{name}-hub",
            virtual_hub_name=physical(f"hub-{name}", 80),
            resource_group_name=self._group,
            location=args.location.region,
            virtual_wan=network.SubResourceArgs(id=self.wan.id),
            address_prefix=args.hub,
            sku="Standard",
            hub_routing_preference=network.HubRoutingPreference.EXPRESS_ROUTE,
            allow_branch_to_branch_traffic=False,
            tags=self._tags,
            opts=self._guarded,
        )

    def _connect(self, network_: AzureNetwork, default: pulumi.Output[str]) -> network.HubVirtualNetworkConnection:
        return network.HubVirtualNetworkConnection(
            f"{self._name}-network",
            connection_name="nodes",
            virtual_hub_name=self.hub.name,
            resource_group_name=self._group,
            remote_virtual_network=network.SubResourceArgs(id=network_.vnet.id),
            enable_internet_security=False,
            routing_configuration=network.RoutingConfigurationArgs(
                associated_route_table=network.SubResourceArgs(id=self.nodes_routes.id),
                propagated_route_tables=network.PropagatedRouteTableArgs(
                    ids=[network.SubResourceArgs(id=default)], labels=[]
                ),
            ),
            opts=self._child,
        )

    def _make_vpn_gateway(self, after: pulumi.Resource) -> network.VpnGateway:
        return network.VpnGateway(
            f"{self._name}-vpn",
            gateway_name=physical(f"vpng-{self._name}", 80),
            resource_group_name=self._group,
            location=self._args.location.region,
            virtual_hub=network.SubResourceArgs(id=self.hub.id),
            vpn_gateway_scale_unit=_SCALE_UNITS,
            is_routing_preference_internet=False,
            bgp_settings=network.BgpSettingsArgs(
                asn=ASN,
                peer_weight=0,
                bgp_peering_addresses=[
                    network.IPConfigurationBgpPeeringAddressArgs(
                        ipconfiguration_id=instance, custom_bgp_ip_addresses=list(addresses)
                    )
                    for instance, addresses in zip(INSTANCES, self._args.inside, strict=True)
                ],
            ),
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection, depends_on=[after]),
        )


def _address(gateway: network.VpnGateway, instance: str) -> pulumi.Output[str]:
    """Give the public address of one instance. Raises KeyError where Azure's answer has no such instance."""
    return gateway.ip_configurations.apply(
        lambda found: str({one["id"]: one["public_ip_address"] for one in found}[instance])
    )
