"""What Google refuses of a backbone: routers, sessions, tunnels, ports, hubs; and what holds what."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from nautilus.sandbox.gcp import facilities
from nautilus.sandbox.gcp.places import REGIONS
from nautilus.sandbox.handler import Refused
from tests.sandbox.gcp.backbone import BACKBONE, FAR_NETWORK, NETWORK, PROJECT, REGION
from tests.sandbox.gcp.cases import edit
from tests.sandbox.gcp.world import EXAMPLES, ROWS, World, everything

LIVE = everything()
"""Nothing below changes it."""

PLACE = BACKBONE["port"][1]["location"]

CASES: list[tuple[str, dict[str, Any], str, str]] = [
    # Routers.
    ("hub-router", edit("hub-router", "bgp.asn", 65535), "bgp.asn", "65535 is not private"),
    ("hub-router", edit("hub-router", "bgp.asn", 4199999999), "bgp.asn", "is not private"),
    ("hub-router", edit("hub-router", "bgp.keepaliveInterval", 10), "bgp.keepaliveInterval", "outside 20 to 60"),
    (
        "hub-router",
        edit("hub-router", "bgp.advertiseMode", "DEFAULT"),
        "bgp.advertisedIpRanges",
        "only advertise mode CUSTOM",
    ),
    (
        "hub-router",
        edit("hub-router", "bgp.advertisedIpRanges.0.range", "10.1.0.1/16"),
        "bgp.advertisedIpRanges[0].range",
        "not a network address",
    ),
    # Interfaces.
    ("interface", {"ipRange": "10.0.0.1/30"}, "ipRange", "within 169.254.0.0/16"),
    ("interface", {"ipRange": "169.254.64.2"}, "ipRange", "must be /30"),
    ("interface", {"ipRange": "169.254.64.2/29"}, "ipRange", "must be /30"),
    ("interface", {"ipRange": "169.254.64.0/30"}, "ipRange", "first or last address"),
    ("interface", {"ipRange": "169.254.64.3/30"}, "ipRange", "first or last address"),
    ("interface", {"ipRange": "169.254.169.253/30"}, "ipRange", "metadata server"),
    ("interface", {"interconnectAttachment": "vlan"}, "interconnectAttachment", "one linked resource"),
    # Sessions.
    ("session", {"peerAsn": 0}, "peerAsn", "outside 1 to"),
    ("session", {"advertisedRoutePriority": 65536}, "advertisedRoutePriority", "outside 0 to 65535"),
    ("session", {"advertiseMode": "DEFAULT"}, "advertisedIpRanges", "only advertise mode CUSTOM"),
    ("session", {"advertiseMode": "SOME"}, "advertiseMode", "the API takes CUSTOM, DEFAULT"),
    ("session", {"peerIpAddress": None}, "peerIpAddress", "needs the peer's"),
    ("port-session", edit("port-session", "bfd.minReceiveInterval", 300), "bfd.minReceiveInterval", "outside 1000 to 30000"),
    ("port-session", edit("port-session", "bfd.minTransmitInterval", 30001), "bfd.minTransmitInterval", "outside 1000"),
    ("port-session", edit("port-session", "bfd.multiplier", 3), "bfd.multiplier", "outside 5 to 16"),
    (
        "port-session",
        edit("port-session", "bfd.sessionInitializationMode", "ON"),
        "bfd.sessionInitializationMode",
        "ACTIVE, DISABLED, PASSIVE",
    ),
    # Route policies.
    ("learns", {"type": "IMPORT"}, "type", "ROUTE_POLICY_TYPE_IMPORT"),
    ("learns", edit("learns", "terms.1.priority", 0), "terms[1].priority", "two terms have priority 0"),
    ("learns", edit("learns", "terms.1.priority", -1), "terms[1].priority", "outside 0"),
    (
        "learns",
        edit("learns", "terms.0.match.expression", "route == 'x'"),
        "terms[0].match.expression",
        "not a match on the destination",
    ),
    (
        "learns",
        edit("learns", "terms.0.match.expression", "destination == '10.0.0.1/16'"),
        "terms[0].match.expression",
        "not a network address",
    ),
    (
        "learns",
        edit("learns", "terms.0.actions.0.expression", "permit"),
        "terms[0].actions[0].expression",
        "not an action on a route",
    ),
    # Gateways and tunnels.
    ("vpn-gateway", {"stackType": "IPV4"}, "stackType", "IPV4_ONLY"),
    ("vpn-gateway", {"region": "us-west9"}, "region", "does not exist"),
    ("vpn-gateway", {"vpnInterfaces": [{"id": 2}]}, "vpnInterfaces[0].id", "outside 0 to 1"),
    ("external", {"redundancyType": "TWO_IPS_REDUNDANCY"}, "interfaces", "has interfaces 0 to 1"),
    ("external", edit("external", "interfaces.3.id", 4), "interfaces", "has interfaces 0 to 3, found [0, 1, 2, 4]"),
    ("external", edit("external", "interfaces.0.ipAddress", "10.0.0.1"), "interfaces[0].ipAddress", "not a public address"),
    ("external", edit("external", "interfaces.0.ipAddress", "vpn.a"), "interfaces[0].ipAddress", "not an IPv4 address"),
    ("external", edit("external", "interfaces.1.ipAddress", "203.0.113.10"), "interfaces[1].ipAddress", "two interfaces"),
    ("tunnel", {"sharedSecret": ""}, "sharedSecret", "needs a pre-shared key"),
    ("tunnel", {"sharedSecret": None}, "sharedSecret", "needs a pre-shared key"),
    ("tunnel", {"ikeVersion": 3}, "ikeVersion", "outside 1 to 2"),
    ("tunnel", {"router": None}, "router", "needs router"),
    ("tunnel", {"vpnGatewayInterface": None}, "vpnGatewayInterface", "needs vpnGatewayInterface"),
    ("tunnel", {"vpnGatewayInterface": 2}, "vpnGatewayInterface", "outside 0 to 1"),
    ("tunnel", {"vpnGateway": None}, "vpnGateway", "has one gateway"),
    ("tunnel", {"targetVpnGateway": "x"}, "vpnGateway", "has one gateway"),
    ("tunnel", {"peerExternalGateway": None}, "peerExternalGateway", "has one peer"),
    ("tunnel", {"peerGcpGateway": "x"}, "peerExternalGateway", "has one peer"),
    ("tunnel", {"peerExternalGatewayInterface": None}, "peerExternalGatewayInterface", "names its interface"),
    (
        "tunnel",
        {"peerExternalGateway": None, "peerGcpGateway": f"{REGION}/vpnGateways/x"},
        "peerExternalGatewayInterface",
        "only an external gateway's",
    ),
    ("tunnel", {"localTrafficSelectors": ["10.0.0.0/8"]}, "localTrafficSelectors", "routes come by BGP"),
    (
        "tunnel",
        edit("tunnel", "cipherSuite.phase1.dhs", ["Group-1"]),
        "cipherSuite.phase1.dhs[0]",
        "Group-1 is not offered",
    ),
    (
        "tunnel",
        edit("tunnel", "cipherSuite.phase2.encryptions", ["AES256"]),
        "cipherSuite.phase2.encryptions[0]",
        "AES256 is not offered",
    ),
    (
        "tunnel",
        edit("tunnel", "cipherSuite.phase2.integrities", ["HMAC-SHA2-256-128"]),
        "cipherSuite.phase2.integrities",
        "checks integrity itself",
    ),
    # Ports and attachments.
    ("port", {"location": PLACE.replace("lax-zone1-19", "lax-zone3-19")}, "location", "not a facility"),
    ("port", {"linkType": "LINK_TYPE_ETHERNET_400G_LR4"}, "linkType", "is not offered in lax-zone1-19"),
    ("port", {"linkType": "LINK_TYPE_1G"}, "linkType", "the API takes"),
    ("port", {"requestedLinkCount": 9}, "requestedLinkCount", "outside 1 to 8"),
    ("port", {"customerName": None}, "customerName", "letter of authorisation"),
    ("port", {"requestedFeatures": None}, "requestedFeatures", "request IF_MACSEC"),
    ("port", {"requestedFeatures": ["IF_L2_FORWARDING"]}, "requestedFeatures", "request IF_MACSEC"),
    ("port", {"macsec": None}, "macsec", "without its keys"),
    ("port", {"macsec": {"preSharedKeys": []}}, "macsec.preSharedKeys", "at least one key"),
    ("port", {"macsec": {"preSharedKeys": [{"name": "A"}]}}, "macsec.preSharedKeys[0].name", "lower-case"),
    (
        "port",
        {"macsec": {"preSharedKeys": [{"name": "a"}, {"name": "a"}]}},
        "macsec.preSharedKeys[1].name",
        "two keys called a",
    ),
    (
        "port",
        {"macsec": {"preSharedKeys": [{"name": "a"}, {"name": "b"}]}},
        "macsec.preSharedKeys[1].startTime",
        "needs a start time",
    ),
    ("vlan", {"vlanTag8021q": 1}, "vlanTag8021q", "outside 2 to 4093"),
    ("vlan", {"vlanTag8021q": 4094}, "vlanTag8021q", "outside 2 to 4093"),
    ("vlan", {"bandwidth": "BPS_3G"}, "bandwidth", "the API takes"),
    ("vlan", {"mtu": "9000"}, "mtu", "is not one of"),
    ("vlan", {"interconnect": None}, "interconnect", "names its interconnect"),
    ("vlan", {"router": None}, "router", "needs a router"),
    ("vlan", {"edgeAvailabilityDomain": "AVAILABILITY_DOMAIN_1"}, "edgeAvailabilityDomain", "only a partner's"),
    ("vlan", {"subnetLength": 28}, "subnetLength", "is not 29 or 30"),
    ("vlan", {"candidateCustomerRouterIpAddress": None}, "candidateCustomerRouterIpAddress", "or neither"),
    ("vlan", {"candidateCustomerRouterIpAddress": "192.168.5.2/30"}, "candidateCustomerRouterIpAddress", "not another"),
    ("vlan", {"candidateCloudRouterIpAddress": "192.168.4.1/32"}, "candidateCloudRouterIpAddress", "/31 at most"),
    ("vlan", {"candidateCloudRouterIpAddress": "x"}, "candidateCloudRouterIpAddress", "not an address"),
    ("vlan", {"candidateSubnets": ["169.254.0.0/30"]}, "candidateSubnets[0]", "not a /29 or shorter"),
    ("vlan", {"candidateSubnets": ["10.0.0.1/8"]}, "candidateSubnets[0]", "not a /29 or shorter"),
    # Hubs, spokes, flow logs.
    ("hub", {"presetTopology": "RING"}, "presetTopology", "MESH"),
    ("hub", {"policyMode": "CUSTOM"}, "policyMode", "is not allowed"),
    ("hub", {"name": "Hub"}, "name", "lower-case"),
    ("spoke", {"location": "us-west2"}, "location", "a VPC spoke is global"),
    ("spoke", {"linkedVpcNetwork": None}, "linkedVpcNetwork", "exactly one thing, found 0"),
    (
        "spoke",
        {
            "linkedVpcNetwork": None,
            "location": "us-west9",
            "linkedVpnTunnels": {"uris": ["t"], "siteToSiteDataTransfer": True},
        },
        "location",
        "does not exist",
    ),
    (
        "spoke",
        edit("spoke", "linkedVpcNetwork.includeExportRanges", ["10.1.0.1/16"]),
        "linkedVpcNetwork.includeExportRanges[0]",
        "not a network address",
    ),
    (
        "spoke",
        edit("spoke", "linkedVpcNetwork.excludeExportRanges", [f"10.{n}.0.0/16" for n in range(17)]),
        "linkedVpcNetwork.excludeExportRanges",
        "at most 16",
    ),
    ("flows", {"network": NETWORK}, "vpnTunnel", "exactly one thing, found 2"),
    ("flows", {"location": "us-west2"}, "location", "is global"),
    ("flows", {"flowSampling": 0.0}, "flowSampling", "above 0"),
    ("flows", {"vpcFlowLogsConfigId": "A"}, "vpcFlowLogsConfigId", "lower-case"),
    ("flows", {"vpnTunnel": "tunnel"}, "vpnTunnel", "not named projects/"),
    ("flows", {"aggregationInterval": "INTERVAL_1_SEC"}, "aggregationInterval", "INTERVAL_5_SEC"),
]
"""Refused in previews too."""

BINDINGS: list[tuple[str, dict[str, Any], str, str]] = [
    ("hub-router", {"network": f"{NETWORK}x"}, "network", "does not exist"),
    ("interface", {"router": "gone"}, "router", "routers/gone does not exist"),
    ("interface", {"vpnTunnel": "gone"}, "vpnTunnel", "vpnTunnels/gone does not exist"),
    ("interface", {"name": "again", "ipRange": "169.254.65.1/30"}, "vpnTunnel", "interface already uses it"),
    ("interface", {"name": "again", "vpnTunnel": None}, "ipRange", "overlaps with 169.254.64.2/30 of interface"),
    ("interface", {"router": "router", "ipRange": "169.254.65.1/30"}, "vpnTunnel", "belongs to router hub-router"),
    ("port-interface", {"ipRange": "169.254.66.1/29"}, "ipRange", "was given: 192.168.4.1/30"),
    ("session", {"router": "router"}, "router", "has no AS number"),
    ("session", {"interface": "gone"}, "interface", "hub-router/gone does not exist"),
    ("session", {"peerAsn": 64513}, "peerAsn", "is the router's own"),
    ("session", {"ipAddress": "169.254.64.1"}, "ipAddress", "not the interface's address 169.254.64.2"),
    ("session", {"peerIpAddress": "169.254.64.5"}, "peerIpAddress", "not another address of the interface's range"),
    ("session", {"bfd": BACKBONE["port-session"][1]["bfd"]}, "bfd", "have no BFD"),
    ("session", {"importPolicies": ["gone"]}, "importPolicies[0]", "no route policy gone"),
    ("session", {"exportPolicies": ["learns"]}, "exportPolicies[0]", "is a ROUTE_POLICY_TYPE_IMPORT"),
    ("learns", {"router": "gone"}, "router", "does not exist"),
    ("vpn-gateway", {"network": f"{NETWORK}x"}, "network", "does not exist"),
    ("tunnel", {"vpnGateway": f"{REGION}/vpnGateways/gone"}, "vpnGateway", "does not exist"),
    ("tunnel", {"router": "gone"}, "router", "does not exist"),
    ("tunnel", {"region": "us-west1"}, "vpnGateway", "is outside region us-west1"),
    ("tunnel", {"name": "again"}, "vpnGatewayInterface", "tunnel already joins"),
    ("tunnel", {"peerExternalGateway": "gone"}, "peerExternalGateway", "externalVpnGateways/gone does not exist"),
    ("tunnel", {"peerExternalGatewayInterface": 4}, "peerExternalGatewayInterface", "no interface 4"),
    (
        "tunnel",
        {"peerExternalGateway": None, "peerExternalGatewayInterface": None, "peerGcpGateway": f"{REGION}/vpnGateways/vpn"},
        "peerGcpGateway",
        "its own peer",
    ),
    (
        "tunnel",
        {"peerExternalGateway": None, "peerExternalGatewayInterface": None, "peerGcpGateway": f"{REGION}/vpnGateways/gone"},
        "peerGcpGateway",
        "does not exist",
    ),
    ("vlan", {"router": "gone"}, "router", "does not exist"),
    ("vlan", {"interconnect": "gone"}, "interconnect", "interconnects/gone does not exist"),
    ("vlan", {"name": "again"}, "vlanTag8021q", "vlan already has VLAN 100"),
    ("vlan", {"bandwidth": "BPS_20G"}, "bandwidth", "more than the port's 10 Gbit/s"),
    ("vlan", {"encryption": "IPSEC"}, "encryption", "encrypted interconnect router"),
    ("vlan", {"region": "europe-west1"}, "region", "lax-zone1-19 does not serve region europe-west1"),
    ("spoke", {"hub": f"{PROJECT}/locations/global/hubs/gone"}, "hub", "does not exist"),
    ("spoke", {"linkedVpcNetwork": {"uri": f"{NETWORK}x"}}, "linkedVpcNetwork.uri", "does not exist"),
    (
        "spoke",
        {"name": "again", "hub": f"{PROJECT}/locations/global/hubs/other"},
        "linkedVpcNetwork.uri",
        "a VPC has one hub",
    ),
    ("flows", {"vpnTunnel": f"{REGION}/vpnTunnels/gone"}, "vpnTunnel", "does not exist"),
]
"""Refused only once what they refer to can be looked at."""


@pytest.mark.parametrize(("name", "change", "path", "reason"), CASES)
def test_refused_in_previews_too(name: str, change: dict[str, Any], path: str, reason: str) -> None:
    found = LIVE.refused(name, change, preview=True)
    assert [problem.reason for problem in found if problem.path == path and reason in problem.reason], found


@pytest.mark.parametrize(("name", "change", "path", "reason"), BINDINGS)
def test_refused_once_all_is_known(name: str, change: dict[str, Any], path: str, reason: str) -> None:
    fresh = "another" if "name" in change else ""
    found = LIVE.refused(name, change, fresh=fresh)
    assert [problem for problem in found if problem.path == path and reason in problem.reason], found
    assert not [problem for problem in LIVE.refused(name, change, preview=True, fresh=fresh) if reason in problem.reason]


def test_an_external_gateway_is_not_googles_own() -> None:
    own = outputs("vpn-gateway")["vpnInterfaces"][0]["ipAddress"]
    found = LIVE.refused("external", edit("external", "interfaces.0.ipAddress", own))
    assert [problem for problem in found if "name that gateway instead" in problem.reason], found


def test_a_router_of_another_network_is_refused() -> None:
    world = everything()
    kind = "gcp:compute/router:Router"
    bgp = {"asn": 64514}
    made = f"{REGION}/routers/far"
    world.live[made] = (kind, {"name": "far", "region": "us-west2", "network": FAR_NETWORK, "bgp": bgp, "urn": "far"})
    found = world.refused("tunnel", {"router": "far"})
    assert [problem for problem in found if "in another network" in problem.reason], found


def test_spokes_of_a_hub_may_not_let_know_the_same_range() -> None:
    world = everything()
    kind, inputs = EXAMPLES["far-subnet"]
    world.live[f"{PROJECT}/regions/us-east4/subnetworks/twin"] = (
        kind,
        {**inputs, "name": "twin", "ipCidrRange": "10.1.64.0/20", "urn": "twin"},
    )
    change = edit("far-spoke", "linkedVpcNetwork.includeExportRanges", ["10.0.0.0/8"])
    found = world.refused("far-spoke", change)
    assert [problem for problem in found if "twin: 10.1.64.0/20 overlaps with 10.1.0.0/17" in problem.reason], found
    excluded = {**change["linkedVpcNetwork"], "excludeExportRanges": ["10.1.64.0/20"]}
    assert world.refused("far-spoke", {"linkedVpcNetwork": excluded}) == []


@pytest.mark.parametrize(
    ("name", "most", "reason"), [("hub-router", 5, "at most 5"), ("session", 128, "has 129 sessions: at most 128")]
)
def test_quotas(name: str, most: int, reason: str) -> None:
    world = everything()
    kind, inputs = EXAMPLES[name]
    for number in range(most):
        world.live[f"more-{number}"] = (kind, {**inputs, "name": f"more-{number}", "urn": f"more-{number}"})
    found = world.refused(name, {})
    assert [problem for problem in found if reason in problem.reason], found


def outputs(name: str) -> dict[str, Any]:
    return next(found for _, found in LIVE.live.values() if found["urn"] == name)


def test_a_gateway_has_two_addresses_that_are_nobodys() -> None:
    found = [ipaddress.ip_address(one["ipAddress"]) for one in outputs("vpn-gateway")["vpnInterfaces"]]
    assert len(set(found)) == 2
    assert all(one in ipaddress.ip_network("198.18.0.0/16") for one in found)


def test_a_tunnel_does_not_give_its_key_back() -> None:
    given = outputs("tunnel")["sharedSecret"]
    assert given not in outputs("tunnel")["sharedSecretHash"]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("hub-router", f"{REGION}/routers/hub-router"),
        ("vpn-gateway", f"{REGION}/vpnGateways/vpn"),
        ("external", f"{PROJECT}/global/externalVpnGateways/aws"),
        ("tunnel", f"{REGION}/vpnTunnels/tunnel"),
        ("interface", "us-west2/hub-router/interface"),
        ("session", f"{REGION}/routers/hub-router/session"),
        ("learns", "nautilus-test-us/us-west2/hub-router/routePolicies/learns"),
        ("port", f"{PROJECT}/global/interconnects/port"),
        ("vlan", f"{REGION}/interconnectAttachments/vlan"),
        ("hub", f"{PROJECT}/locations/global/hubs/hub"),
        ("spoke", f"{PROJECT}/locations/global/spokes/spoke"),
        ("flows", f"{PROJECT}/locations/global/vpcFlowLogsConfigs/flows"),
    ],
)
def test_ids_are_googles_own(name: str, made: str) -> None:
    assert [key for key, (_, found) in LIVE.live.items() if found["urn"] == name] == [made]


def test_an_attachment_without_candidates_is_given_a_range() -> None:
    kind, inputs = EXAMPLES["vlan"]
    bare = {key: value for key, value in inputs.items() if not key.startswith("candidate")}
    compute = ROWS[kind].compute
    assert compute is not None
    found = compute(World().request("vlan", kind, bare), "id")
    near, far = (ipaddress.IPv4Interface(found[name]) for name in ("cloudRouterIpAddress", "customerRouterIpAddress"))
    assert near.network == far.network
    assert near.network.subnet_of(ipaddress.IPv4Network("169.254.0.0/16"))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hub-router", "the router is in use by"),
        ("vpn-gateway", "the gateway is in use by tunnel"),
        ("external", "the gateway is in use by tunnel"),
        ("interface", "the interface is in use by session"),
        ("learns", "the route policy is in use by session"),
        ("port", "the interconnect is in use by vlan"),
        ("vlan", "the attachment is in use by port-interface"),
        ("hub", "the hub is in use by"),
    ],
)
def test_what_is_held_cannot_be_deleted(name: str, reason: str) -> None:
    kind, inputs = EXAMPLES[name]
    made = next(key for key, (_, found) in LIVE.live.items() if found["urn"] == name)
    delete = ROWS[kind].delete
    assert delete is not None
    with pytest.raises(Refused, match=reason):
        delete(LIVE.request(name, kind, inputs, id=made))


def test_every_region_is_of_an_area_or_has_no_facilities() -> None:
    assert {region for region in REGIONS if facilities.area(region) is None} == {"africa-south1"}
    assert facilities.area("asia-south1") == "india"
    assert facilities.area("asia-southeast1") == "asia"
