"""One good example of every type of the backbone, in an order in which they can be made."""

from __future__ import annotations

from typing import Any

PROJECT = "projects/nautilus-test-us"
NETWORK = f"{PROJECT}/global/networks/vpc"
REGION = f"{PROJECT}/regions/us-west2"
HUB_ROUTER = "hub-router"
FAR_NETWORK = f"{PROJECT}/global/networks/far-vpc"

BACKBONE: dict[str, tuple[str, dict[str, Any]]] = {
    "hub-router": (
        "gcp:compute/router:Router",
        {
            "name": HUB_ROUTER,
            "region": "us-west2",
            "network": NETWORK,
            "bgp": {
                "asn": 64513,
                "advertiseMode": "CUSTOM",
                "advertisedIpRanges": [{"range": "10.1.0.0/16"}],
                "keepaliveInterval": 20,
            },
        },
    ),
    "vpn-gateway": (
        "gcp:compute/haVpnGateway:HaVpnGateway",
        {
            "name": "vpn",
            "region": "us-west2",
            "network": NETWORK,
            "gatewayIpVersion": "IPV4",
            "stackType": "IPV4_ONLY",
            "labels": {"nautilus-tier": "0"},
        },
    ),
    "external": (
        "gcp:compute/externalVpnGateway:ExternalVpnGateway",
        {
            "name": "aws",
            "redundancyType": "FOUR_IPS_REDUNDANCY",
            "interfaces": [{"id": place, "ipAddress": f"203.0.113.{10 + place}"} for place in range(4)],
        },
    ),
    "tunnel": (
        "gcp:compute/vPNTunnel:VPNTunnel",
        {
            "name": "tunnel",
            "region": "us-west2",
            "vpnGateway": f"{REGION}/vpnGateways/vpn",
            "vpnGatewayInterface": 0,
            "peerExternalGateway": f"{PROJECT}/global/externalVpnGateways/aws",
            "peerExternalGatewayInterface": 1,
            "router": HUB_ROUTER,
            "sharedSecret": "a" * 64,
            "ikeVersion": 2,
            "cipherSuite": {
                "phase1": {"encryptions": ["AES-GCM-16-256"], "prves": ["PRF-HMAC-SHA2-384"], "dhs": ["Group-20"]},
                "phase2": {"encryptions": ["AES-GCM-16-256"], "pfs": ["Group-20"]},
            },
        },
    ),
    "learns": (
        "gcp:compute/routerRoutePolicy:RouterRoutePolicy",
        {
            "name": "learns",
            "region": "us-west2",
            "router": HUB_ROUTER,
            "type": "ROUTE_POLICY_TYPE_IMPORT",
            "terms": [
                {
                    "priority": 0,
                    "match": {"expression": "destination == '10.0.0.0/16'"},
                    "actions": [{"expression": "accept()"}],
                },
                {
                    "priority": 1,
                    "match": {"expression": "destination.inAnyRange(prefix('0.0.0.0/0').orLonger())"},
                    "actions": [{"expression": "drop()"}],
                },
            ],
        },
    ),
    "interface": (
        "gcp:compute/routerInterface:RouterInterface",
        {
            "name": "interface",
            "region": "us-west2",
            "router": HUB_ROUTER,
            "ipRange": "169.254.64.2/30",
            "vpnTunnel": f"{REGION}/vpnTunnels/tunnel",
        },
    ),
    "session": (
        "gcp:compute/routerPeer:RouterPeer",
        {
            "name": "session",
            "region": "us-west2",
            "router": HUB_ROUTER,
            "interface": "interface",
            "ipAddress": "169.254.64.2",
            "peerIpAddress": "169.254.64.1",
            "peerAsn": 64512,
            "advertiseMode": "CUSTOM",
            "advertisedIpRanges": [{"range": "10.1.0.0/16"}],
            "advertisedRoutePriority": 200,
            "importPolicies": ["learns"],
        },
    ),
    "port": (
        "gcp:compute/interconnect:Interconnect",
        {
            "name": "port",
            "customerName": "Nautilus Federation",
            "interconnectType": "DEDICATED",
            "linkType": "LINK_TYPE_ETHERNET_10G_LR",
            "requestedLinkCount": 1,
            "location": f"https://www.googleapis.com/compute/v1/{PROJECT}/global/interconnectLocations/lax-zone1-19",
            "requestedFeatures": ["IF_MACSEC"],
            "macsecEnabled": True,
            "macsec": {"failOpen": False, "preSharedKeys": [{"name": "key-1"}]},
        },
    ),
    "vlan": (
        "gcp:compute/interconnectAttachment:InterconnectAttachment",
        {
            "name": "vlan",
            "region": "us-west2",
            "type": "DEDICATED",
            "interconnect": f"{PROJECT}/global/interconnects/port",
            "router": f"{REGION}/routers/{HUB_ROUTER}",
            "vlanTag8021q": 100,
            "bandwidth": "BPS_10G",
            "candidateCloudRouterIpAddress": "192.168.4.1/30",
            "candidateCustomerRouterIpAddress": "192.168.4.2/30",
            "stackType": "IPV4_ONLY",
            "mtu": "1460",
            "encryption": "NONE",
        },
    ),
    "port-interface": (
        "gcp:compute/routerInterface:RouterInterface",
        {
            "name": "port-interface",
            "region": "us-west2",
            "router": HUB_ROUTER,
            "ipRange": "192.168.4.1/30",
            "interconnectAttachment": f"{REGION}/interconnectAttachments/vlan",
        },
    ),
    "port-session": (
        "gcp:compute/routerPeer:RouterPeer",
        {
            "name": "port-session",
            "region": "us-west2",
            "router": HUB_ROUTER,
            "interface": "port-interface",
            "ipAddress": "192.168.4.1",
            "peerIpAddress": "192.168.4.2",
            "peerAsn": 65001,
            "bfd": {
                "sessionInitializationMode": "ACTIVE",
                "minReceiveInterval": 1000,
                "minTransmitInterval": 1000,
                "multiplier": 5,
            },
        },
    ),
    "flows": (
        "gcp:networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig",
        {
            "location": "global",
            "vpcFlowLogsConfigId": "flows",
            "vpnTunnel": f"{REGION}/vpnTunnels/tunnel",
            "flowSampling": 1.0,
            "aggregationInterval": "INTERVAL_5_SEC",
        },
    ),
    "far-vpc": ("gcp:compute/network:Network", {"name": "far-vpc", "autoCreateSubnetworks": False}),
    "far-subnet": (
        "gcp:compute/subnetwork:Subnetwork",
        {"name": "far", "region": "us-east4", "network": FAR_NETWORK, "ipCidrRange": "10.2.0.0/17"},
    ),
    "hub": ("gcp:networkconnectivity/hub:Hub", {"name": "hub", "policyMode": "PRESET", "presetTopology": "MESH"}),
    "spoke": (
        "gcp:networkconnectivity/spoke:Spoke",
        {
            "name": "spoke",
            "location": "global",
            "hub": f"{PROJECT}/locations/global/hubs/hub",
            "linkedVpcNetwork": {"uri": NETWORK, "includeExportRanges": ["10.1.0.0/16"]},
        },
    ),
    "far-spoke": (
        "gcp:networkconnectivity/spoke:Spoke",
        {
            "name": "far-spoke",
            "location": "global",
            "hub": f"{PROJECT}/locations/global/hubs/hub",
            "linkedVpcNetwork": {"uri": FAR_NETWORK, "includeExportRanges": ["10.2.0.0/16"]},
        },
    ),
}
