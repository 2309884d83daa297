"""The furnished Azure of the other tests, with a virtual WAN, its hub and gateways, a site and a leased port in it."""

from __future__ import annotations

from typing import Any

from tests.sandbox.azure.world import GROUP, SUBSCRIPTION, World, furnished

NETWORK = f"{GROUP}/providers/Microsoft.Network"
HUB = f"{NETWORK}/virtualHubs/hub"
VNET = f"{NETWORK}/virtualNetworks/vnet"
VPN = f"{NETWORK}/vpnGateways/vpn"
SITE = f"{NETWORK}/vpnSites/site"
PORT = f"{NETWORK}/expressRoutePorts/port"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/vault"
SECRETS = "https://vault.vault.azure.net/secrets"
READER = (
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"
)
INSIDE = (("169.254.21.33", "169.254.21.37"), ("169.254.21.41", "169.254.21.45"))


def site_links(*addresses: str) -> list[dict[str, Any]]:
    return [
        {
            "name": f"peer-{place}",
            "ipAddress": address,
            "bgpProperties": {"asn": 64517, "bgpPeeringAddress": f"169.254.21.{34 + 12 * place}"},
        }
        for place, address in enumerate(addresses)
    ]


def peering(instance: int) -> dict[str, Any]:
    return {"ipconfigurationId": f"Instance{instance}", "customBgpIpAddresses": list(INSIDE[instance])}


def on_wan() -> World:
    """Give the world; every type of the backbone is in it once but connections, for the tests to make."""
    world = furnished()
    group = {"resourceGroupName": "rg"}
    here = {**group, "location": "uksouth"}
    wan = world.make("network:VirtualWan", virtualWANName="wan", type="Standard", **here)
    hub = world.make(
        "network:VirtualHub",
        virtualHubName="hub",
        addressPrefix="10.63.18.0/23",
        virtualWan={"id": wan},
        sku="Standard",
        **here,
    )
    world.make("network:HubRouteTable", virtualHubName="hub", routeTableName="nodes", **group)
    world.make("network:RouteMap", virtualHubName="hub", routeMapName="map", **group)
    world.make(
        "network:VpnGateway",
        gatewayName="vpn",
        virtualHub={"id": hub},
        bgpSettings={"asn": 65515, "bgpPeeringAddresses": [peering(0), peering(1)]},
        **here,
    )
    world.make(
        "network:VpnSite",
        vpnSiteName="site",
        virtualWan={"id": wan},
        vpnSiteLinks=site_links("203.0.113.1", "203.0.113.2"),
        **here,
    )
    port = world.make(
        "network:ExpressRoutePort",
        expressRoutePortName="port",
        bandwidthInGbps=10,
        peeringLocation="Equinix-London-LD5",
        **here,
    )
    world.make(
        "network:ExpressRouteCircuit", circuitName="circuit", expressRoutePort={"id": port}, bandwidthInGbps=10, **here
    )
    world.make(
        "network:ExpressRouteCircuitPeering",
        circuitName="circuit",
        peeringName="AzurePrivatePeering",
        vlanId=109,
        **group,
    )
    world.make("network:ExpressRouteGateway", expressRouteGatewayName="erg", virtualHub={"id": hub}, **here)
    for name in ("ckn", "cak"):
        world.make("keyvault:Secret", vaultName="vault", secretName=name, properties={"value": "0" * 64}, **group)
    principal = (world.find(IDENTITY) or {})["principalId"]
    world.make("authorization:RoleAssignment", roleAssignmentName="one", scope=VAULT, principalId=principal)
    return world
