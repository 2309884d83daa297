"""What the sandbox refuses of the backbone as Azure would; each case changes one thing of inputs that are fine."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from nautilus.sandbox.handler import UNKNOWN
from tests.sandbox.azure.wan_inputs import GOOD
from tests.sandbox.azure.wan_world import HUB, NETWORK, SITE, VNET, on_wan, site_links
from tests.sandbox.azure.world import ROWS, SUBSCRIPTION, TENANT, World

OTHER_TENANT = "00000000-0000-4000-8130-000000000077"
FAR = "00000000-0000-4000-8131-000000000077"
LINK = "vpnLinkConnections.0"
POLICY = f"{LINK}.ipsecPolicies.0"


def world() -> World:
    """Give a world in which all good inputs are taken."""
    made = on_wan()
    here = {"resourceGroupName": "rg", "location": "uksouth"}
    made.make("network:VirtualHub", virtualHubName="free", addressPrefix="10.63.30.0/23", **here)
    made.make("network:VirtualNetwork", virtualNetworkName="far", addressSpace={"addressPrefixes": ["10.15.0.0/16"]}, **here)
    made.make("network:ExpressRouteCircuit", circuitName="circuit-other", **here)
    return made


def changed(kind: str, path: str, value: Any) -> dict[str, Any]:
    """Give good inputs with one value set, or taken away where it is None."""
    inputs = copy.deepcopy(GOOD[kind])
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    inner: Any = inputs
    for step in steps:
        inner = inner[step]
    if value is None:
        inner.pop(last)
    else:
        inner[last] = value
    return inputs


@pytest.mark.parametrize("kind", GOOD)
def test_takes_what_is_fine(kind: str) -> None:
    assert world().problems(kind, GOOD[kind]) == []


@pytest.mark.parametrize("kind", GOOD)
def test_takes_what_a_preview_does_not_know(kind: str) -> None:
    for field in GOOD[kind]:
        inputs = {**GOOD[kind], field: UNKNOWN}
        assert World().problems(kind, inputs, preview=True) == [], field


CASES: list[tuple[str, str, Any, str]] = [
    ("network:VirtualWan", "type", "Premium", "InvalidVirtualWanType"),
    ("network:VirtualHub", "addressPrefix", "10.63.20.0/25", "VirtualHubAddressPrefixTooSmall"),
    ("network:VirtualHub", "addressPrefix", "10.63.20.1/23", "is no IPv4 network"),
    ("network:VirtualHub", "addressPrefix", "10.63.16.0/20", "VirtualHubAddressPrefixOverlaps"),
    ("network:VirtualHub", "addressPrefix", "169.254.0.0/24", "is reserved"),
    ("network:VirtualHub", "addressPrefix", None, "a hub needs a range"),
    ("network:VirtualHub", "virtualWan", None, "a hub needs its virtual WAN"),
    ("network:VirtualHub", "virtualWan.id", f"{NETWORK}/virtualWans/none", "ResourceNotFound"),
    ("network:VirtualHub", "sku", "Basic", "VirtualHubSkuMismatch"),
    ("network:HubRouteTable", "routeTableName", "defaultRouteTable", "InvalidRouteTableName"),
    ("network:HubRouteTable", "virtualHubName", "none", "ParentResourceNotFound"),
    ("network:HubRouteTable", "routes", [{"name": "a"}, {"name": "a"}], "two routes have one name"),
    ("network:HubRouteTable", "routes", [{"name": "a", "nextHop": f"{HUB}/none"}], "ResourceNotFound"),
    ("network:RouteMap", "rules.1.name", "declared", "two rules have one name"),
    ("network:RouteMap", "rules.0.matchCriteria.0.matchCondition", None, "RouteMapInvalidMatchCondition"),
    ("network:RouteMap", "rules.0.matchCriteria.0.routePrefix", None, "RouteMapInvalidMatchCriteria"),
    ("network:RouteMap", "rules.0.matchCriteria.0.routePrefix", ["10.5.0.1/16"], "InvalidAddressPrefixFormat"),
    ("network:RouteMap", "rules.1.actions.0", {"type": "Add"}, "Add needs to say what"),
    ("network:RouteMap", "rules.1.actions.0", {"type": "Drop", "parameters": [{}]}, "Drop takes no parameters"),
    ("network:HubVirtualNetworkConnection", "remoteVirtualNetwork", None, "a connection needs a network"),
    ("network:HubVirtualNetworkConnection", "remoteVirtualNetwork.id", f"{VNET}-none", "ResourceNotFound"),
    (
        "network:HubVirtualNetworkConnection",
        "routingConfiguration.associatedRouteTable.id",
        f"{NETWORK}/virtualHubs/free/hubRouteTables/defaultRouteTable",
        "is not of the hub",
    ),
    (
        "network:HubVirtualNetworkConnection",
        "routingConfiguration.associatedRouteTable.id",
        f"{HUB}/hubRouteTables/none",
        "ResourceNotFound",
    ),
    (
        "network:HubVirtualNetworkConnection",
        "routingConfiguration.associatedRouteTable.id",
        f"{HUB}/routeMaps/map",
        "is not the id of one of a hub's hubroutetables",
    ),
    ("network:VirtualNetworkPeering", "remoteVirtualNetwork", None, "a peering needs the other network"),
    ("network:VirtualNetworkPeering", "remoteVirtualNetwork.id", VNET, "InvalidRemoteVnet"),
    ("network:VirtualNetworkPeering", "remoteVirtualNetwork.id", f"{VNET}-none", "ResourceNotFound"),
    ("network:VpnGateway", "virtualHub", None, "a VPN gateway needs its hub"),
    ("network:VpnGateway", "virtualHub.id", HUB, "VirtualHubHasVpnGateway"),
    ("network:VpnGateway", "vpnGatewayScaleUnit", 21, "it takes 1 to 20"),
    ("network:VpnGateway", "bgpSettings.asn", 64512, "InvalidBgpAsn"),
    ("network:VpnGateway", "bgpSettings.bgpPeeringAddresses.0.ipconfigurationId", "default", "InvalidIpConfigurationId"),
    ("network:VpnGateway", "bgpSettings.bgpPeeringAddresses.0.customBgpIpAddresses", ["169.254.20.1"], "169.254.21.0 to"),
    ("network:VpnGateway", "bgpSettings.bgpPeeringAddresses.0.customBgpIpAddresses", ["one"], "169.254.21.0 to"),
    ("network:VpnGateway", "bgpSettings.bgpPeeringAddresses.0.customBgpIpAddresses", ["169.254.22.255"], "Duplicate"),
    ("network:VpnSite", "virtualWan", None, "a site needs its virtual WAN"),
    ("network:VpnSite", "vpnSiteLinks", [], "a site has 1 to 4"),
    ("network:VpnSite", "vpnSiteLinks", site_links(*(f"203.0.113.{n}" for n in range(5))), "a site has 1 to 4"),
    ("network:VpnSite", "vpnSiteLinks.1.ipAddress", "203.0.113.3", "DuplicateVpnSiteLink"),
    ("network:VpnSite", "vpnSiteLinks.1.name", "peer-0", "DuplicateVpnSiteLink"),
    ("network:VpnSite", "vpnSiteLinks.0.ipAddress", "203.0.113", "is no IPv4 address"),
    *[
        ("network:VpnSite", "vpnSiteLinks.0.bgpProperties.asn", asn, "BgpAsnReserved")
        for asn in (65515, 65520, 8074, 8075, 12076, 23456, 64500, 65540, 0)
    ],
    ("network:VpnSite", "vpnSiteLinks.0.bgpProperties.bgpPeeringAddress", "x", "is no IPv4 address"),
    ("network:VpnSite", "vpnSiteLinks.0.bgpProperties", None, "VpnSiteNoRoutes"),
    ("network:VpnConnection", "gatewayName", "none", "ParentResourceNotFound"),
    ("network:VpnConnection", "remoteVpnSite.id", f"{SITE}-none", "ResourceNotFound"),
    ("network:VpnConnection", "vpnLinkConnections", [], "a connection needs a link"),
    ("network:VpnConnection", f"{LINK}.vpnSiteLink.id", f"{SITE}/vpnSiteLinks/none", "is no link of"),
    ("network:VpnConnection", f"{LINK}.vpnSiteLink.id", f"{SITE}/vpnSiteLinks/peer-1", "is connected twice"),
    ("network:VpnConnection", f"{LINK}.sharedKey", "a" * 129, "it takes 1 to 128"),
    ("network:VpnConnection", f"{LINK}.sharedKey", "ä", "printable ASCII"),
    ("network:VpnConnection", f"{LINK}.dpdTimeoutSeconds", 5, "it takes 9 to 3600"),
    ("network:VpnConnection", f"{LINK}.ipsecPolicies", [{}, {}], "a connection has one"),
    ("network:VpnConnection", f"{POLICY}.dhGroup", "DHGroup2", "it takes ECP384, ECP256"),
    ("network:VpnConnection", f"{POLICY}.ikeEncryption", "DES3", "it takes GCMAES256"),
    ("network:VpnConnection", f"{POLICY}.pfsGroup", "PFS2048", "it takes ECP384"),
    ("network:VpnConnection", f"{POLICY}.ipsecIntegrity", "SHA256", "an AES-GCM cipher is its own integrity"),
    ("network:VpnConnection", f"{POLICY}.saLifeTimeSeconds", 299, "it takes 300 to 172799"),
    ("network:VpnConnection", f"{POLICY}.saDataSizeKilobytes", 1023, "it takes 1024 to 2147483647"),
    ("network:VpnConnection", f"{LINK}.vpnGatewayCustomBgpAddresses", None, "CustomBgpIpAddressRequired"),
    ("network:VpnConnection", f"{LINK}.vpnGatewayCustomBgpAddresses.1", None, "one address of each instance"),
    (
        "network:VpnConnection",
        f"{LINK}.vpnGatewayCustomBgpAddresses.0.customBgpIpAddress",
        "169.254.21.99",
        "CustomBgpIpAddressNotFound",
    ),
    ("network:VpnConnection", "routingConfiguration.inboundRouteMap.id", f"{HUB}/routeMaps/none", "ResourceNotFound"),
    ("network:ExpressRoutePort", "bandwidthInGbps", 40, "ExpressRoute Direct has 10 and 100"),
    ("network:ExpressRoutePort", "bandwidthInGbps", None, "a port needs it"),
    ("network:ExpressRoutePort", "peeringLocation", "London", "ExpressRoutePortsLocationNotFound"),
    ("network:ExpressRoutePort", "links.0.name", "left", "a port has link1 and link2"),
    ("network:ExpressRoutePort", "identity", None, "MacSecIdentityMissing"),
    ("network:ExpressRoutePort", "links.0.macSecConfig.cakSecretIdentifier", None, "MacSecConfigIncomplete"),
    ("network:ExpressRoutePort", "links.0.macSecConfig.cakSecretIdentifier", "https://x/secrets/y", "SecretNotFound"),
    ("network:ExpressRouteCircuit", "expressRoutePort", None, "lies on a Direct port or at a service provider"),
    ("network:ExpressRouteCircuit", "bandwidthInGbps", None, "it goes with a Direct port"),
    ("network:ExpressRouteCircuit", "bandwidthInGbps", 40, "takes 1, 2, 5, 10"),
    ("network:ExpressRouteCircuit", "sku.name", "Premium_MeteredData", "InvalidSku"),
    ("network:ExpressRouteCircuit", "serviceProviderProperties", {"bandwidthInMbps": 75}, "BandwidthNotOffered"),
    ("network:ExpressRouteCircuitPeering", "peeringName", "private", "InvalidPeeringName"),
    ("network:ExpressRouteCircuitPeering", "vlanId", 4095, "it takes 1 to 4094"),
    ("network:ExpressRouteCircuitPeering", "vlanId", None, "a peering needs it"),
    ("network:ExpressRouteCircuitPeering", "peerASN", 65515, "BgpAsnReserved"),
    ("network:ExpressRouteCircuitPeering", "primaryPeerAddressPrefix", "172.20.9.0/29", "it takes a /30"),
    ("network:ExpressRouteCircuitPeering", "primaryPeerAddressPrefix", "172.20.9.1/30", "InvalidPeerAddressPrefix"),
    ("network:ExpressRouteCircuitPeering", "secondaryPeerAddressPrefix", "172.20.9.0/30", "PeerAddressPrefixesOverlap"),
    ("network:ExpressRouteGateway", "virtualHub", None, "an ExpressRoute gateway needs its hub"),
    ("network:ExpressRouteGateway", "virtualHub.id", HUB, "VirtualHubHasExpressRouteGateway"),
    ("network:ExpressRouteGateway", "autoScaleConfiguration.bounds.max", 11, "it takes 1 to 10"),
    ("network:ExpressRouteGateway", "autoScaleConfiguration.bounds.max", 2, "is more than the most"),
    (
        "network:ExpressRouteConnection",
        "expressRouteCircuitPeering.id",
        f"{NETWORK}/expressRouteCircuits/circuit/peerings/MicrosoftPeering",
        "a hub takes private peerings",
    ),
    ("keyvault:Secret", "properties.value", None, "a secret needs a value"),
    ("keyvault:Secret", "secretName", "a_b", "InvalidResourceName"),
]


@pytest.mark.parametrize(("kind", "path", "value", "why"), CASES)
def test_refuses(kind: str, path: str, value: Any, why: str) -> None:
    found = world().problems(kind, changed(kind, path, value))
    assert any(re.search(re.escape(why), problem) for problem in found), found


def test_a_network_has_one_hub() -> None:
    seen, good = world(), GOOD["network:HubVirtualNetworkConnection"]
    seen.make("network:HubVirtualNetworkConnection", **{**good, "virtualHubName": "free"})
    assert "a network has one hub" in seen.problems("network:HubVirtualNetworkConnection", good)[0]


def test_a_network_is_clear_of_its_hub() -> None:
    seen = world()
    here = {"resourceGroupName": "rg", "location": "uksouth"}
    seen.make(
        "network:VirtualNetwork", virtualNetworkName="wide", addressSpace={"addressPrefixes": ["10.63.0.0/16"]}, **here
    )
    inputs = changed("network:HubVirtualNetworkConnection", "remoteVirtualNetwork.id", f"{NETWORK}/virtualNetworks/wide")
    assert "VirtualHubAddressOverlap" in seen.problems("network:HubVirtualNetworkConnection", inputs)[0]


def test_a_network_on_a_hub_uses_no_other_gateway() -> None:
    seen, kind = world(), "network:VirtualNetworkPeering"
    seen.make("network:HubVirtualNetworkConnection", **GOOD["network:HubVirtualNetworkConnection"])
    found = seen.problems(kind, {**GOOD[kind], "useRemoteGateways": True, "allowGatewayTransit": True})
    assert ["UseRemoteGatewaysConflict" in found[0], "RemoteGatewayConflict" in found[1]] == [True, True]
    other = world()
    other.make(kind, **{**GOOD[kind], "useRemoteGateways": True})
    refused = other.problems("network:HubVirtualNetworkConnection", GOOD["network:HubVirtualNetworkConnection"])
    assert "it uses a remote gateway" in refused[0]


def test_peered_networks_are_apart_and_peered_once() -> None:
    seen, kind = world(), "network:VirtualNetworkPeering"
    seen.make(kind, **{**GOOD[kind], "virtualNetworkPeeringName": "twin"})
    assert "AnotherPeeringAlreadyReferencesRemoteVnet" in seen.problems(kind, GOOD[kind])[0]
    here = {"resourceGroupName": "rg", "location": "uksouth"}
    seen.make("network:VirtualNetwork", virtualNetworkName="same", addressSpace={"addressPrefixes": ["10.9.0.0/20"]}, **here)
    inputs = changed(kind, "remoteVirtualNetwork.id", f"{NETWORK}/virtualNetworks/same")
    assert "VnetAddressSpacesOverlap: 10.9.0.0/16 here overlaps 10.9.0.0/20 there" in seen.problems(kind, inputs)[0]


def test_a_peering_is_connected_once_both_halves_are_there() -> None:
    seen, kind = world(), "network:VirtualNetworkPeering"
    row, good = ROWS[kind], GOOD[kind]
    assert row.compute is not None
    assert row.compute(seen.request(kind, good), "id")["peeringState"] == "Initiated"
    seen.make(kind, **{**good, "virtualNetworkName": "far", "remoteVirtualNetwork": {"id": VNET}})
    assert row.compute(seen.request(kind, good), "id")["peeringState"] == "Connected"


@pytest.mark.parametrize(("auxiliary", "refused"), [((), True), ((OTHER_TENANT,), False)])
def test_a_peering_into_another_tenant_needs_leave(auxiliary: tuple[str, ...], refused: bool) -> None:
    seen, kind = world(), "network:VirtualNetworkPeering"
    there = f"/subscriptions/{FAR}/resourceGroups/rg/providers"
    vault = {"id": f"{there}/Microsoft.KeyVault/vaults/far", "properties": {"tenantId": OTHER_TENANT}}
    vnet = {"id": f"{there}/Microsoft.Network/virtualNetworks/far", "addressSpace": {"addressPrefixes": ["10.15.0.0/16"]}}
    seen.live["azure-native:keyvault:Vault"].append(vault)
    seen.live["azure-native:network:VirtualNetwork"].append(vnet)
    request = seen.request(kind, changed(kind, "remoteVirtualNetwork.id", vnet["id"]))
    object.__setattr__(request.target, "settings", {"tenant": TENANT, "auxiliaryTenants": auxiliary})
    try:
        row = ROWS[kind]
        assert row.refuse is not None
        found = [problem.reason for problem in row.refuse(request)]
    finally:
        object.__setattr__(request.target, "settings", {"tenant": TENANT})
    assert any("LinkedAuthorizationFailed" in reason for reason in found) is refused
    assert len(found) == int(refused)


def test_a_site_is_connected_once() -> None:
    seen, kind = world(), "network:VpnConnection"
    seen.make(kind, **{**GOOD[kind], "connectionName": "twin"})
    assert any("VpnSiteAlreadyConnected" in one for one in seen.problems(kind, GOOD[kind]))


def test_macsec_keys_are_read_by_who_may() -> None:
    seen, kind = world(), "network:ExpressRoutePort"
    seen.live["azure-native:authorization:RoleAssignment"].clear()
    assert any("MacSecIdentityForbidden" in one for one in seen.problems(kind, GOOD[kind]))


def test_a_port_is_booked_twice_over_at_most_and_each_vlan_once() -> None:
    seen, kind = world(), "network:ExpressRouteCircuit"
    seen.make(kind, **{**GOOD[kind], "circuitName": "third"})
    assert any("30 Gbit/s in all; a port of 10 takes 20" in one for one in seen.problems(kind, GOOD[kind]))
    peering = {**GOOD["network:ExpressRouteCircuitPeering"], "circuitName": "third", "vlanId": 109}
    assert any("VlanIdInUse" in one for one in seen.problems("network:ExpressRouteCircuitPeering", peering))


def test_a_hub_keeps_its_range_and_a_wan_its_type() -> None:
    seen = world()
    prior = {"addressPrefix": "10.63.22.0/23"}
    assert any(
        "CannotBeChanged" in one for one in seen.problems("network:VirtualHub", GOOD["network:VirtualHub"], prior=prior)
    )
    basic = {**GOOD["network:VirtualWan"], "type": "Basic"}
    assert any(
        "DowngradeNotAllowed" in one for one in seen.problems("network:VirtualWan", basic, prior={"type": "Standard"})
    )


def test_a_gateway_has_two_public_addresses_that_are_nobodys() -> None:
    row, seen = ROWS["network:VpnGateway"], world()
    assert row.compute is not None
    made = row.compute(seen.request("network:VpnGateway", GOOD["network:VpnGateway"]), "id")["ipConfigurations"]
    assert [one["id"] for one in made] == ["Instance0", "Instance1"]
    assert len({one["publicIpAddress"] for one in made}) == 2
    assert all(one["publicIpAddress"].startswith("198.19.") for one in made)


def test_a_secret_never_comes_back() -> None:
    row, kind = ROWS["keyvault:Secret"], "keyvault:Secret"
    assert row.compute is not None
    properties = row.compute(world().request(kind, GOOD[kind]), "id")["properties"]
    assert "value" not in properties
    assert properties["secretUri"] == "https://vault.vault.azure.net/secrets/other"
    assert SUBSCRIPTION not in properties["secretUri"]
