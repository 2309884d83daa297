"""The leased ports of an Azure placement: ExpressRoute Direct, a circuit each, private peering, a gateway (NET-4).

Decision: ExpressRoute Direct, not a circuit of a service provider. The routes lease ports of 10 and 100 Gbit/s with MACsec,
and Azure offers MACsec on its own ports alone; a carrier's wave ends on such a port, so that no provider of Azure's list has
to be named. Azure's port is a pair of links to two routers in one building. The two carriers come to two buildings: so two
ports, one a carrier and site, each with one circuit that takes the whole port.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import network

from components import labels
from components.interconnect.args import GatewayArgs
from components.interconnect.azure_macsec import AzureMacsec
from components.interconnect.azure_routes import RouteMaps, branch, route_maps
from components.interconnect.azure_sites import site
from components.provider.azure_resource import physical
from nautilus.federation.link import Port

_UNIT_GBPS: Final = 2
"""What one unit of a hub's ExpressRoute gateway carries (Virtual WAN gateway settings)."""

_UNITS_MAX: Final = 10

_SESSION: Final = 30
"""The prefix length of a session's range, which Azure fixes for IPv4."""


@dataclass(frozen=True, kw_only=True)
class PortsArgs:
    """The ports of a gateway, and its hub: id and name, the ids of its two route tables, and what has to be made first."""

    gateway: GatewayArgs
    group: pulumi.Input[str]
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]
    default_routes: pulumi.Input[str]
    nodes_routes: pulumi.Input[str]
    after: pulumi.Resource


def sessions(port: Port) -> tuple[str, str]:
    """Give the /30s of a port's two BGP sessions, the first link's first: the plan's, and the other half of its /29.

    Azure wants a session on each link of the pair; the plan keeps a /29 a port for that. In each /30 the carrier's router
    has the first address and Azure takes the second (ExpressRoute routing requirements), whatever the plan calls near and
    far.
    Raises ValueError for a port whose addresses are not the two of one /30 at the beginning of a /29.
    """
    near, far = ipaddress.IPv4Interface(port.near), ipaddress.IPv4Interface(port.far)
    first = near.network
    if first != far.network or first.prefixlen != _SESSION or {near.ip, far.ip} != set(first.hosts()):
        raise ValueError(f"port {port.id}: {port.near} and {port.far} are not the two addresses of one /{_SESSION}")
    lower, upper = first.supernet().subnets()
    if first != lower:
        raise ValueError(f"port {port.id}: {first} is not the beginning of a /29, whose other half the second session takes")
    return str(lower), str(upper)


class AzurePorts(pulumi.ComponentResource):
    """Ports, circuits, peerings and the hub's ExpressRoute gateway; nothing at all where no port is leased (NET-4).

    Guarantees a site a port, MACsec where the plan asks for it, BGP to the carrier on both links with BFD (on by default in
    private peering), and routes only as the gateway's `reach` and own range say. It orders no cross connect: the letter of
    authorisation of each port goes to its carrier.
    """

    def __init__(self, name: str, args: PortsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make them. Raises ValueError as `sessions` and `site` do."""
        super().__init__("nautilus:interconnect:AzurePorts", name, None, opts)
        self._name = name
        self._args = args
        self._gateway = args.gateway
        self._tags = labels.for_azure(args.gateway.labels)
        self._child = pulumi.ResourceOptions(parent=self)
        self._guarded = pulumi.ResourceOptions(parent=self, protect=args.gateway.deletion_protection)
        ports = args.gateway.ports
        if ports:
            encrypted = [port.id for port in ports if port.macsec]
            macsec = AzureMacsec(f"{name}-macsec", args.gateway, args.group, encrypted, self._child) if encrypted else None
            hub_end = self._make_gateway()
            maps = route_maps(
                name,
                group=args.group,
                hub=args.hub_name,
                learns=tuple(args.gateway.reach.values()),
                advertises=(args.gateway.nodes,),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[hub_end]),
            )
            for number, port in enumerate(ports):
                self._connect(port, self._make_peering(port, self._make_circuit(number, port, macsec)), hub_end, maps)
        self.register_outputs({})

    def _make_gateway(self) -> network.ExpressRouteGateway:
        wanted = sum(port.bandwidth_gbps for port in self._gateway.ports)
        least = min(_UNITS_MAX, -(-wanted // _UNIT_GBPS))
        return network.ExpressRouteGateway(
            f"{self._name}-gateway",
            express_route_gateway_name=physical(f"erg-{self._name}", 80),
            resource_group_name=self._args.group,
            location=self._gateway.location.region,
            virtual_hub=network.VirtualHubIdArgs(id=self._args.hub_id),
            allow_non_virtual_wan_traffic=False,
            auto_scale_configuration=network.ExpressRouteGatewayPropertiesAutoScaleConfigurationArgs(
                bounds=network.ExpressRouteGatewayPropertiesBoundsArgs(min=least, max=_UNITS_MAX)
            ),
            tags=self._tags,
            opts=pulumi.ResourceOptions.merge(self._guarded, pulumi.ResourceOptions(depends_on=[self._args.after])),
        )

    def _make_circuit(self, number: int, port: Port, macsec: AzureMacsec | None) -> network.ExpressRouteCircuit:
        role, region = f"{self._name}-{port.id}", self._gateway.location.region
        config = macsec.configs[port.id] if macsec and port.macsec else None
        pair = network.ExpressRoutePort(
            role,
            express_route_port_name=physical(f"erp-{role}", 80),
            resource_group_name=self._args.group,
            location=region,
            peering_location=site(region, number),
            bandwidth_in_gbps=port.bandwidth_gbps,
            encapsulation=network.ExpressRoutePortsEncapsulation.DOT1_Q,
            billing_type=network.ExpressRoutePortsBillingType.METERED_DATA,
            identity=network.ManagedServiceIdentityArgs(
                type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[macsec.identity.id]
            )
            if macsec and config
            else None,
            links=[
                network.ExpressRouteLinkArgs(
                    name=link, admin_state=network.ExpressRouteLinkAdminState.ENABLED, mac_sec_config=config
                )
                for link in ("link1", "link2")
            ],
            tags=self._tags,
            opts=self._guarded,
        )
        return network.ExpressRouteCircuit(
            f"{role}-circuit",
            circuit_name=physical(f"erc-{role}", 80),
            resource_group_name=self._args.group,
            location=region,
            express_route_port=network.SubResourceArgs(id=pair.id),
            bandwidth_in_gbps=float(port.bandwidth_gbps),
            sku=network.ExpressRouteCircuitSkuArgs(
                name="Standard_MeteredData",
                tier=network.ExpressRouteCircuitSkuTier.STANDARD,
                family=network.ExpressRouteCircuitSkuFamily.METERED_DATA,
            ),
            global_reach_enabled=False,
            allow_classic_operations=False,
            tags=self._tags,
            opts=self._guarded,
        )

    def _make_peering(self, port: Port, circuit: network.ExpressRouteCircuit) -> network.ExpressRouteCircuitPeering:
        first, second = sessions(port)
        return network.ExpressRouteCircuitPeering(
            f"{self._name}-{port.id}-peering",
            peering_name=network.ExpressRoutePeeringType.AZURE_PRIVATE_PEERING,
            peering_type=network.ExpressRoutePeeringType.AZURE_PRIVATE_PEERING,
            circuit_name=circuit.name,
            resource_group_name=self._args.group,
            peer_asn=port.far_asn,
            vlan_id=port.vlan,
            primary_peer_address_prefix=first,
            secondary_peer_address_prefix=second,
            state=network.ExpressRoutePeeringState.ENABLED,
            opts=self._child,
        )

    def _connect(
        self,
        port: Port,
        peering: network.ExpressRouteCircuitPeering,
        hub_end: network.ExpressRouteGateway,
        maps: RouteMaps,
    ) -> None:
        name = physical(f"conn-{self._name}-{port.id}", 80)
        network.ExpressRouteConnection(
            f"{self._name}-{port.id}-connection",
            name=name,
            connection_name=name,
            express_route_gateway_name=hub_end.name,
            resource_group_name=self._args.group,
            express_route_circuit_peering=network.ExpressRouteCircuitPeeringIdArgs(id=peering.id),
            enable_internet_security=False,
            express_route_gateway_bypass=False,
            routing_weight=0,
            routing_configuration=branch(default=self._args.default_routes, nodes=self._args.nodes_routes, maps=maps),
            opts=self._child,
        )
