"""Rows of the backbone's types: virtual WAN, VPN, ExpressRoute, network peerings, and the secrets that ports take."""

from __future__ import annotations

from typing import Final

from nautilus.sandbox.azure import expressroute, vpn, wan
from nautilus.sandbox.azure.refer import Link
from nautilus.sandbox.azure.row import Row

_NETWORK: Final = "Microsoft.Network"
_VNET: Final = f"{_NETWORK}/virtualNetworks"
_WAN: Final = f"{_NETWORK}/virtualWans"
_HUB: Final = f"{_NETWORK}/virtualHubs"
_VPN: Final = f"{_NETWORK}/vpnGateways"
_SITE: Final = f"{_NETWORK}/vpnSites"
_PORT: Final = f"{_NETWORK}/expressRoutePorts"
_CIRCUIT: Final = f"{_NETWORK}/expressRouteCircuits"
_EXPRESS: Final = f"{_NETWORK}/expressRouteGateways"
_VAULT: Final = "Microsoft.KeyVault/vaults"

ROWS: Final = (
    Row(
        pulumi="network:VirtualNetworkPeering",
        type=f"{_VNET}/virtualNetworkPeerings",
        path=f"{_VNET}/{{virtualNetworkName}}/virtualNetworkPeerings/{{virtualNetworkPeeringName}}",
        replace="remoteVirtualNetwork",
        links=(Link(path="remoteVirtualNetwork.id", type=_VNET),),
        rule=wan.peering,
        gives=wan.peering_gives,
    ),
    Row(pulumi="network:VirtualWan", type=_WAN, path=f"{_WAN}/{{virtualWANName}}", rule=wan.virtual_wan),
    Row(
        pulumi="network:VirtualHub",
        type=_HUB,
        path=f"{_HUB}/{{virtualHubName}}",
        replace="virtualWan",
        links=(Link(path="virtualWan.id", type=_WAN),),
        rule=wan.virtual_hub,
        gives=wan.hub_gives,
    ),
    Row(
        pulumi="network:HubRouteTable",
        type=f"{_HUB}/hubRouteTables",
        path=f"{_HUB}/{{virtualHubName}}/hubRouteTables/{{routeTableName}}",
        rule=wan.route_table,
    ),
    Row(
        pulumi="network:RouteMap",
        type=f"{_HUB}/routeMaps",
        path=f"{_HUB}/{{virtualHubName}}/routeMaps/{{routeMapName}}",
        rule=wan.route_map,
    ),
    Row(
        pulumi="network:HubVirtualNetworkConnection",
        type=f"{_HUB}/hubVirtualNetworkConnections",
        path=f"{_HUB}/{{virtualHubName}}/hubVirtualNetworkConnections/{{connectionName}}",
        replace="remoteVirtualNetwork",
        links=(Link(path="remoteVirtualNetwork.id", type=_VNET),),
        rule=wan.connection,
    ),
    Row(
        pulumi="network:VpnGateway",
        type=_VPN,
        path=f"{_VPN}/{{gatewayName}}",
        replace="virtualHub isRoutingPreferenceInternet",
        links=(Link(path="virtualHub.id", type=_HUB, near=True),),
        rule=vpn.gateway,
        gives=vpn.gateway_gives,
    ),
    Row(
        pulumi="network:VpnSite",
        type=_SITE,
        path=f"{_SITE}/{{vpnSiteName}}",
        replace="virtualWan",
        links=(Link(path="virtualWan.id", type=_WAN),),
        rule=vpn.site,
    ),
    Row(
        pulumi="network:VpnConnection",
        type=f"{_VPN}/vpnConnections",
        path=f"{_VPN}/{{gatewayName}}/vpnConnections/{{connectionName}}",
        replace="remoteVpnSite",
        links=(Link(path="remoteVpnSite.id", type=_SITE),),
        rule=vpn.connection,
    ),
    Row(
        pulumi="network:ExpressRoutePort",
        type=_PORT,
        path=f"{_PORT}/{{expressRoutePortName}}",
        replace="peeringLocation bandwidthInGbps encapsulation",
        links=(
            Link(
                path="identity.userAssignedIdentities[]", type="Microsoft.ManagedIdentity/userAssignedIdentities", near=True
            ),
        ),
        rule=expressroute.port,
        gives=expressroute.port_gives,
    ),
    Row(
        pulumi="network:ExpressRouteCircuit",
        type=_CIRCUIT,
        path=f"{_CIRCUIT}/{{circuitName}}",
        replace="expressRoutePort",
        links=(Link(path="expressRoutePort.id", type=_PORT),),
        rule=expressroute.circuit,
        gives=expressroute.circuit_gives,
        secret="authorizationKey serviceKey",  # noqa: S106 - names of outputs
    ),
    Row(
        pulumi="network:ExpressRouteCircuitPeering",
        type=f"{_CIRCUIT}/peerings",
        path=f"{_CIRCUIT}/{{circuitName}}/peerings/{{peeringName}}",
        replace="peeringType",
        rule=expressroute.peering,
        gives=expressroute.peering_gives,
    ),
    Row(
        pulumi="network:ExpressRouteGateway",
        type=_EXPRESS,
        path=f"{_EXPRESS}/{{expressRouteGatewayName}}",
        replace="virtualHub",
        links=(Link(path="virtualHub.id", type=_HUB, near=True),),
        rule=expressroute.gateway,
    ),
    Row(
        pulumi="network:ExpressRouteConnection",
        type=f"{_EXPRESS}/expressRouteConnections",
        path=f"{_EXPRESS}/{{expressRouteGatewayName}}/expressRouteConnections/{{connectionName}}",
        replace="expressRouteCircuitPeering",
        links=(Link(path="expressRouteCircuitPeering.id", type=f"{_CIRCUIT}/peerings"),),
        rule=expressroute.connection,
    ),
    Row(
        pulumi="keyvault:Secret",
        type=f"{_VAULT}/secrets",
        path=f"{_VAULT}/{{vaultName}}/secrets/{{secretName}}",
        rule=expressroute.secret,
        gives=expressroute.secret_gives,
    ),
)
"""Every type of the backbone."""
