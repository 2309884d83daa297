"""Inputs of the backbone's types that Azure takes, in the world of `wan_world`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.sandbox.azure.wan_world import HUB, IDENTITY, INSIDE, NETWORK, PORT, SECRETS, SITE, VNET, site_links

_GROUP = {"resourceGroupName": "rg"}
_HERE = {**_GROUP, "location": "uksouth"}
ROUTING = {
    "associatedRouteTable": {"id": f"{HUB}/hubRouteTables/defaultRouteTable"},
    "propagatedRouteTables": {"ids": [{"id": f"{HUB}/hubRouteTables/nodes"}], "labels": []},
}
POLICY = {
    "ikeEncryption": "GCMAES256",
    "ikeIntegrity": "SHA384",
    "dhGroup": "ECP384",
    "ipsecEncryption": "GCMAES256",
    "ipsecIntegrity": "GCMAES256",
    "pfsGroup": "ECP384",
    "saLifeTimeSeconds": 3600,
    "saDataSizeKilobytes": 102400000,
}


def _link(place: int) -> dict[str, Any]:
    return {
        "name": f"peer-{place}",
        "vpnSiteLink": {"id": f"{SITE}/vpnSiteLinks/peer-{place}"},
        "vpnConnectionProtocolType": "IKEv2",
        "sharedKey": "a" * 64,
        "enableBgp": True,
        "dpdTimeoutSeconds": 10,
        "ipsecPolicies": [dict(POLICY)],
        "vpnGatewayCustomBgpAddresses": [
            {"ipConfigurationId": f"Instance{side}", "customBgpIpAddress": INSIDE[side][place]} for side in range(2)
        ],
    }


GOOD: Mapping[str, dict[str, Any]] = {
    "network:VirtualWan": {**_HERE, "virtualWANName": "wan-two", "type": "Standard"},
    "network:VirtualHub": {
        **_HERE,
        "virtualHubName": "hub-two",
        "virtualWan": {"id": f"{NETWORK}/virtualWans/wan"},
        "addressPrefix": "10.63.20.0/23",
        "sku": "Standard",
    },
    "network:HubRouteTable": {**_GROUP, "virtualHubName": "hub", "routeTableName": "others", "routes": []},
    "network:RouteMap": {
        **_GROUP,
        "virtualHubName": "hub",
        "routeMapName": "learns",
        "rules": [
            {"name": "declared", "matchCriteria": [{"matchCondition": "Contains", "routePrefix": ["10.5.0.0/16"]}]},
            {
                "name": "rest",
                "matchCriteria": [{"matchCondition": "Contains", "routePrefix": ["0.0.0.0/0"]}],
                "actions": [{"type": "Drop"}],
            },
        ],
    },
    "network:HubVirtualNetworkConnection": {
        **_GROUP,
        "virtualHubName": "hub",
        "connectionName": "nodes",
        "remoteVirtualNetwork": {"id": VNET},
        "routingConfiguration": ROUTING,
    },
    "network:VirtualNetworkPeering": {
        **_GROUP,
        "virtualNetworkName": "vnet",
        "virtualNetworkPeeringName": "other",
        "remoteVirtualNetwork": {"id": f"{NETWORK}/virtualNetworks/far"},
        "useRemoteGateways": False,
        "allowGatewayTransit": False,
    },
    "network:VpnGateway": {
        **_HERE,
        "gatewayName": "vpn-two",
        "virtualHub": {"id": f"{NETWORK}/virtualHubs/free"},
        "vpnGatewayScaleUnit": 4,
        "bgpSettings": {
            "asn": 65515,
            "bgpPeeringAddresses": [
                {"ipconfigurationId": "Instance0", "customBgpIpAddresses": ["169.254.21.33"]},
                {"ipconfigurationId": "Instance1", "customBgpIpAddresses": ["169.254.22.255"]},
            ],
        },
    },
    "network:VpnSite": {
        **_HERE,
        "vpnSiteName": "site-two",
        "virtualWan": {"id": f"{NETWORK}/virtualWans/wan"},
        "vpnSiteLinks": site_links("203.0.113.3", "203.0.113.4"),
    },
    "network:VpnConnection": {
        **_GROUP,
        "gatewayName": "vpn",
        "connectionName": "conn",
        "remoteVpnSite": {"id": SITE},
        "routingConfiguration": {**ROUTING, "inboundRouteMap": {"id": f"{HUB}/routeMaps/map"}},
        "vpnLinkConnections": [_link(0), _link(1)],
    },
    "network:ExpressRoutePort": {
        **_HERE,
        "expressRoutePortName": "port-two",
        "bandwidthInGbps": 100,
        "peeringLocation": "Equinix-London-LD5",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]},
        "links": [
            {
                "name": name,
                "macSecConfig": {"cknSecretIdentifier": f"{SECRETS}/ckn", "cakSecretIdentifier": f"{SECRETS}/cak"},
            }
            for name in ("link1", "link2")
        ],
    },
    "network:ExpressRouteCircuit": {
        **_HERE,
        "circuitName": "circuit-two",
        "expressRoutePort": {"id": PORT},
        "bandwidthInGbps": 10,
        "sku": {"name": "Standard_MeteredData", "tier": "Standard", "family": "MeteredData"},
    },
    "network:ExpressRouteCircuitPeering": {
        **_GROUP,
        "circuitName": "circuit-other",
        "peeringName": "AzurePrivatePeering",
        "peeringType": "AzurePrivatePeering",
        "peerASN": 64601,
        "vlanId": 110,
        "primaryPeerAddressPrefix": "172.20.9.0/30",
        "secondaryPeerAddressPrefix": "172.20.9.4/30",
    },
    "network:ExpressRouteGateway": {
        **_HERE,
        "expressRouteGatewayName": "erg-two",
        "virtualHub": {"id": f"{NETWORK}/virtualHubs/free"},
        "autoScaleConfiguration": {"bounds": {"min": 5, "max": 10}},
    },
    "network:ExpressRouteConnection": {
        **_GROUP,
        "expressRouteGatewayName": "erg",
        "connectionName": "conn",
        "expressRouteCircuitPeering": {"id": f"{NETWORK}/expressRouteCircuits/circuit/peerings/AzurePrivatePeering"},
        "routingConfiguration": ROUTING,
    },
    "keyvault:Secret": {**_GROUP, "vaultName": "vault", "secretName": "other", "properties": {"value": "0" * 64}},
}
