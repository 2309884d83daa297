"""The virtual network of one placement: three tiers over the zones, a NAT gateway a zone, private name zones (CLU-6)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import network, privatedns, resources

from components import labels
from components.network.args import NetworkArgs
from components.network.azure_rules import Ranges, Subnet, rules
from components.network.subnets import carve, regional
from components.provider.azure_resource import physical

_ZONES: Final[Mapping[str, str]] = {
    "vault": "privatelink.vaultcore.azure.net",
    "blob": "privatelink.blob.core.windows.net",
    "registry": "privatelink.azurecr.io",
}
"""Private DNS zones by what they resolve (Azure private endpoint DNS zone values, public cloud)."""


class AzureNetwork(pulumi.ComponentResource):
    """One virtual network with its subnets, egress and private DNS (CLU-6, SEC-1).

    Guarantees that a subnet has no implicit way out, denies what no rule allows, and that the data tier, the endpoints and
    the API server have no route to the internet. A subnet spans zones in Azure and takes one NAT gateway: the private tier
    therefore has a subnet a zone, each with its zone's own gateway and address. Pods live in the AKS overlay, outside
    the network. Flow logs and private endpoints need the placement's vault: `AzureNetworkServices` makes them. It peers
    with nothing and makes no firewall: the backbone does.
    """

    subnets: Mapping[str, network.Subnet]
    """`public`, `data`, `endpoints`, `api-server` and, a zone, `private-<zone>`."""

    zones: Mapping[str, privatedns.PrivateZone]
    """Private DNS zones by what they resolve: `vault`, `blob`, `registry`."""

    links: Mapping[str, privatedns.VirtualNetworkLink]
    """What lets the network resolve each zone, under the same keys."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network. Raises ValueError for ranges too small to carve and for zones given twice."""
        super().__init__("nautilus:network:AzureNetwork", name, None, opts)
        self._name = name
        self.args = args
        self._tags = labels.for_azure(args.labels)
        self._region = args.location.region
        self._child = pulumi.ResourceOptions(parent=self)
        self._guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self.ranges = _ranges(args)
        self.resource_group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=self._region,
            tags=self._tags,
            opts=self._guarded,
        )
        self._group = self.resource_group.name
        self.vnet = network.VirtualNetwork(
            f"{name}-vnet",
            virtual_network_name=physical(f"vnet-{name}", 64),
            resource_group_name=self._group,
            location=self._region,
            address_space=network.AddressSpaceArgs(address_prefixes=[args.nodes]),
            tags=self._tags,
            opts=self._guarded,
        )
        self.subnets = self._make_subnets()
        self.zones = MappingProxyType({what: self._make_zone(what, zone) for what, zone in _ZONES.items()})
        self.links = MappingProxyType({what: self._make_link(what) for what in _ZONES})
        self.network_id = self.vnet.id
        self.register_outputs({"vnet": self.vnet.id, "subnets": {key: subnet.id for key, subnet in self.subnets.items()}})

    def private_subnet(self, zone: str) -> network.Subnet:
        """Give the nodes' subnet of a zone. Raises KeyError for a zone that the network does not spread over."""
        return self.subnets[f"private-{zone}"]

    def _make_subnets(self) -> Mapping[str, network.Subnet]:
        groups = {
            kind: network.NetworkSecurityGroup(
                f"{self._name}-{kind}-rules",
                network_security_group_name=physical(f"nsg-{self._name}-{kind}", 80),
                resource_group_name=self._group,
                location=self._region,
                security_rules=list(table),
                tags=self._tags,
                opts=self._child,
            )
            for kind, table in rules(self.ranges, self.args.reach, self.args.entry_ports, halted=self.args.halted).items()
        }
        isolated = network.RouteTable(
            f"{self._name}-isolated",
            route_table_name=physical(f"rt-{self._name}-isolated", 80),
            resource_group_name=self._group,
            location=self._region,
            disable_bgp_route_propagation=False,
            routes=[network.RouteArgs(name="no-internet", address_prefix="0.0.0.0/0", next_hop_type="None")],
            tags=self._tags,
            opts=self._child,
        )
        gateways = self._make_gateways()
        zones = self.args.zones
        wanted: list[tuple[str, Subnet, str, network.NatGateway | None]] = [
            ("public", Subnet.PUBLIC, self.ranges.public, None),
            *(
                (f"private-{zone}", Subnet.PRIVATE, block, gateways.get(zone, gateways[zones[0]]))
                for zone, block in zip(zones, self.ranges.private, strict=True)
            ),
            ("data", Subnet.DATA, self.ranges.data, None),
            ("endpoints", Subnet.ENDPOINTS, self.ranges.endpoints, None),
            ("api-server", Subnet.API_SERVER, self.ranges.api_server, None),
        ]
        made: dict[str, network.Subnet] = {}
        for role, kind, block, gateway in wanted:
            previous = list(made.values())[-1:]
            made[role] = network.Subnet(
                f"{self._name}-{role}",
                subnet_name=role,
                virtual_network_name=self.vnet.name,
                resource_group_name=self._group,
                address_prefix=block,
                default_outbound_access=False,
                network_security_group=network.NetworkSecurityGroupArgs(id=groups[kind].id),
                nat_gateway=network.SubResourceArgs(id=gateway.id) if gateway else None,
                route_table=network.RouteTableArgs(id=isolated.id) if kind in (Subnet.DATA, Subnet.ENDPOINTS) else None,
                delegations=_delegations(kind),
                private_endpoint_network_policies="Enabled",
                private_link_service_network_policies="Enabled",
                # Azure changes one subnet of a network at a time and refuses the others meanwhile.
                opts=pulumi.ResourceOptions(parent=self, depends_on=previous),
            )
        return MappingProxyType(made)

    def _make_gateways(self) -> Mapping[str, network.NatGateway]:
        zones = self.args.zones if self.args.nat_per_zone else self.args.zones[:1]
        made: dict[str, network.NatGateway] = {}
        for zone in zones:
            address = network.PublicIPAddress(
                f"{self._name}-egress-{zone}",
                public_ip_address_name=physical(f"pip-{self._name}-egress-{zone}", 80),
                resource_group_name=self._group,
                location=self._region,
                sku=network.PublicIPAddressSkuArgs(name="Standard", tier="Regional"),
                public_ip_allocation_method="Static",
                public_ip_address_version="IPv4",
                idle_timeout_in_minutes=4,
                zones=[zone],
                tags=self._tags,
                opts=self._guarded,
            )
            made[zone] = network.NatGateway(
                f"{self._name}-nat-{zone}",
                nat_gateway_name=physical(f"ng-{self._name}-{zone}", 80),
                resource_group_name=self._group,
                location=self._region,
                sku=network.NatGatewaySkuArgs(name="Standard"),
                public_ip_addresses=[network.SubResourceArgs(id=address.id)],
                idle_timeout_in_minutes=10,
                zones=[zone],
                tags=self._tags,
                opts=self._child,
            )
        return made

    def _make_zone(self, what: str, zone: str) -> privatedns.PrivateZone:
        return privatedns.PrivateZone(
            f"{self._name}-dns-{what}",
            private_zone_name=zone,
            resource_group_name=self._group,
            location="Global",
            tags=self._tags,
            opts=self._child,
        )

    def _make_link(self, what: str) -> privatedns.VirtualNetworkLink:
        return privatedns.VirtualNetworkLink(
            f"{self._name}-dns-{what}-link",
            virtual_network_link_name="own-network",
            private_zone_name=self.zones[what].name,
            resource_group_name=self._group,
            location="Global",
            registration_enabled=False,
            virtual_network=privatedns.SubResourceArgs(id=self.vnet.id),
            tags=self._tags,
            opts=self._child,
        )


def _ranges(args: NetworkArgs) -> Ranges:
    """Give the ranges of the subnets; the reserved /20 holds the endpoints (/22) and the API server (/28, AKS's least)."""
    shared = regional(args.nodes)
    zonal = carve(args.nodes, args.pods, args.zones)
    quarters = list(ipaddress.IPv4Network(shared.reserved).subnets(prefixlen_diff=2))
    return Ranges(
        public=shared.public,
        private=tuple(zonal[zone].private for zone in args.zones),
        data=shared.data,
        endpoints=str(quarters[0]),
        api_server=str(next(quarters[1].subnets(new_prefix=28))),
        pods=args.pods,
    )


def _delegations(kind: Subnet) -> list[network.DelegationArgs] | None:
    if kind is not Subnet.API_SERVER:
        return None
    return [network.DelegationArgs(name="aks", service_name="Microsoft.ContainerService/managedClusters")]
