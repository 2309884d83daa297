from __future__ import annotations

from typing import Any

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import AWS, AZURE, GCP, TAGS

RULE = "NET-010"
OWN = {"nautilus:cluster": "nautilus-enterprise-eu-central-1", **TAGS}

VPC = Planned(type="aws:ec2/vpc:Vpc", provider=AWS, props={"cidrBlock": "10.10.0.0/16", "tags": OWN})
PODS = Planned(
    type="aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    provider=AWS,
    props={"cidrBlock": "100.74.0.0/16"},
)
SUBNET = Planned(type="aws:ec2/subnet:Subnet", provider=AWS, props={"cidrBlock": "10.10.32.0/19", "tags": OWN})
EKS = Planned(
    type="aws:eks/cluster:Cluster",
    provider=AWS,
    props={"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.16.160.0/20"}, "tags": OWN},
)
SESSION = Planned(
    type="aws:directconnect/transitVirtualInterface:TransitVirtualInterface",
    provider=AWS,
    props={"amazonAddress": "192.168.40.1/30", "customerAddress": "192.168.40.2/30", "tags": OWN},
)
CONNECTION = Planned(
    type="aws:ec2/vpnConnection:VpnConnection",
    provider=AWS,
    props={"tunnel1InsideCidr": "169.254.21.0/30", "tunnel2InsideCidr": "169.254.21.4/30"},
)
SUBNETWORK = Planned(
    type="gcp:compute/subnetwork:Subnetwork",
    provider=GCP,
    props={"ipCidrRange": "10.8.0.0/17", "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "100.72.0.0/16"}]},
)
RESERVED = Planned(
    type="gcp:compute/globalAddress:GlobalAddress",
    provider=GCP,
    props={"purpose": "VPC_PEERING", "address": "10.8.240.0", "prefixLength": 21},
)
INTERFACE = Planned(type="gcp:compute/routerInterface:RouterInterface", provider=GCP, props={"ipRange": "169.254.21.1/30"})
GKE = Planned(
    type="gcp:container/cluster:Cluster",
    provider=GCP,
    props={"privateClusterConfig": {"masterIpv4CidrBlock": "10.8.255.240/28"}},
)
VNET = Planned(
    type="azure-native:network:VirtualNetwork",
    provider=AZURE,
    props={"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}},
)
AZURE_SUBNET = Planned(type="azure-native:network:Subnet", provider=AZURE, props={"addressPrefix": "10.9.224.0/20"})
HUB = Planned(type="azure-native:network:VirtualHub", provider=AZURE, props={"addressPrefix": "10.63.18.0/23"})
AKS = Planned(
    type="azure-native:containerservice:ManagedCluster",
    provider=AZURE,
    props={"networkProfile": {"podCidr": "100.73.0.0/16", "serviceCidr": "172.16.144.0/20"}},
)
PEERING = Planned(
    type="azure-native:network:ExpressRouteCircuitPeering",
    provider=AZURE,
    props={"primaryPeerAddressPrefix": "192.168.36.0/30", "secondaryPeerAddressPrefix": "192.168.36.4/30"},
)
PLANNED = (
    VPC, PODS, SUBNET, EKS, SESSION, CONNECTION, SUBNETWORK, RESERVED, INTERFACE, GKE, VNET, AZURE_SUBNET, HUB, AKS, PEERING,
)  # fmt: skip


def judged(resource: Planned) -> list[Finding]:
    return found(analyze(resource, Pack.EXPOSURE), RULE)


@pytest.mark.parametrize("resource", PLANNED, ids=lambda resource: resource.type)
def test_what_the_plan_allots_passes(resource: Planned) -> None:
    assert judged(resource) == []


@pytest.mark.parametrize(
    ("resource", "changes", "allowed"),
    [
        (VPC, {"cidrBlock": "10.8.0.0/16"}, "within 10.10.0.0/16"),
        (VPC, {"cidrBlock": "10.0.0.0/8"}, "within 10.10.0.0/16"),
        (VPC, {"cidrBlock": "fd00::/48"}, "within 10.10.0.0/16"),
        (VPC, {"cidrBlock": "no range"}, "within 10.10.0.0/16"),
        (PODS, {"cidrBlock": "10.10.0.0/16"}, "100.74.0.0/16"),
        (SUBNET, {"cidrBlock": "10.11.0.0/24"}, "within 10.10.0.0/16, 100.74.0.0/16"),
        (EKS, {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/16"}}, "within 172.16.160.0/20"),
        (SESSION, {"amazonAddress": "192.168.0.1/30"}, "within 192.168.40.0/22"),
        (CONNECTION, {"tunnel1InsideCidr": "169.254.99.0/30"}, "169.254.21.0/30"),
        (SUBNETWORK, {"secondaryIpRanges": [{"ipCidrRange": "192.168.0.0/16"}]}, "100.72.0.0/16"),
        (RESERVED, {"address": "10.9.240.0"}, "10.8.0.0/16"),
        (INTERFACE, {"ipRange": "169.254.99.1/30"}, "169.254.21.0/30"),
        (GKE, {"privateClusterConfig": {"masterIpv4CidrBlock": "172.16.0.0/28"}}, "within 10.8.0.0/16"),
        (VNET, {"addressSpace": {"addressPrefixes": ["10.9.0.0/16", "10.8.0.0/16"]}}, "within 10.9.0.0/16"),
        (AZURE_SUBNET, {"addressPrefix": None, "addressPrefixes": ["10.8.0.0/20"]}, "within 10.9.0.0/16"),
        (HUB, {"addressPrefix": "10.9.0.0/23"}, "within 10.63.18.0/23"),
        (AKS, {"networkProfile": {"podCidr": "100.73.0.0/16", "serviceCidr": "10.0.0.0/16"}}, "within 172.16.144.0/20"),
        (PEERING, {"secondaryPeerAddressPrefix": "192.168.40.0/30"}, "within 192.168.36.0/22"),
    ],
)
def test_a_range_of_its_own_making_fails(resource: Planned, changes: dict[str, Any], allowed: str) -> None:
    assert allowed in one(judged(resource.but(**changes)), RULE).allowed


@pytest.mark.parametrize(
    ("resource", "changes"),
    [
        (VPC, {"cidrBlock": None}),
        (SUBNET, {"cidrBlock": None}),
        (AZURE_SUBNET, {"addressPrefix": None}),
        (VNET, {"addressSpace": {"addressPrefixes": []}}),
        (RESERVED, {"address": None}),
        (EKS, {"kubernetesNetworkConfig": None}),
        (CONNECTION, {"tunnel2InsideCidr": None}),
    ],
)
def test_a_range_that_the_cloud_would_choose_fails(resource: Planned, changes: dict[str, Any]) -> None:
    assert "is not set, so that the cloud chooses" in one(judged(resource.but(**changes)), RULE).found


@pytest.mark.parametrize("resource", [VPC, SUBNET, PODS])
def test_an_unknown_range_is_undecided(resource: Planned) -> None:
    assert one(judged(resource.but(cidrBlock=UNKNOWN)), RULE).verdict == "undecided"


def test_a_secret_range_is_not_shown() -> None:
    assert one(judged(VPC.but(cidrBlock=secret("10.99.0.0/16"))), RULE).found == "(a secret value, not shown)"


def test_a_place_without_a_placement_is_refused() -> None:
    elsewhere = AWS.but(region="eu-west-3")
    assert "are of no placement in eu-west-3" in one(judged(VPC.under(elsewhere)), RULE).found
    wrong = {**OWN, "nautilus:cluster": "nautilus-enterprise-us-east-1"}
    assert "are of no placement in eu-central-1" in one(judged(VPC.but(tags=wrong)), RULE).found
