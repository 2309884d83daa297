"""Subnets in Local Zones: opted into first, of their own ranges, guarded and routed as the private tier (EDGE-1)."""

from __future__ import annotations

import ipaddress
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.network.args import EdgeZone, NetworkArgs
from components.network.aws import AwsNetwork
from components.network.subnets import OUTPOSTS_MAX, Tier, carve, outpost

SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/availabilityZoneGroup:AvailabilityZoneGroup"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
SITES = {
    "us-new-york": EdgeZone(zone="us-east-1-nyc-2a", slot=0),
    "us-chicago": EdgeZone(zone="us-east-1-chi-2a", slot=1),
}
OUTPUTS = {
    "aws:ec2/vpc:Vpc": lambda _: {"defaultNetworkAclId": "acl-default", "defaultRouteTableId": "rtb-default"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": lambda inputs: {"prefixListId": f"pl-{inputs['serviceName']}"},
}
BLOCKS = st.builds(
    lambda block, prefix: str(ipaddress.ip_network((block << 16, prefix), strict=False)),
    st.integers(min_value=0, max_value=65535),
    st.integers(min_value=8, max_value=20),
)


@pytest.fixture(scope="module")
def build(record: Any, aws_location: Any, aws_account: Any, labels: Any) -> Any:
    def run(sites: dict[str, EdgeZone]) -> Any:
        args = NetworkArgs(
            location=aws_location,
            account=aws_account,
            zones=ZONES,
            nodes="10.0.0.0/16",
            pods="100.64.0.0/16",
            services="172.16.0.0/20",
            nat_per_zone=True,
            log_key="arn:key",
            flow_log_retention_days=400,
            labels=labels,
            deletion_protection=True,
            edge=sites,
        )
        return record(lambda: AwsNetwork("one", args), OUTPUTS)

    return run


@pytest.fixture(scope="module")
def seen(build: Any) -> Any:
    return build(SITES)


def test_what_sites_add_in_full(build: Any, seen: Any, golden: Any) -> None:
    without = set(build({}).lines())
    golden("aws_local_zones", [line for line in seen.lines() if line not in without])


def test_a_zone_is_opted_into_by_its_group(seen: Any) -> None:
    assert {name: (one["groupName"], one["optInStatus"]) for name, one in seen.of(GROUP).items()} == {
        "one-us-new-york-opt-in": ("us-east-1-nyc-2", "opted-in"),
        "one-us-chicago-opt-in": ("us-east-1-chi-2", "opted-in"),
    }


def test_nodes_and_pods_have_subnets_in_the_zone_without_public_addresses(seen: Any) -> None:
    found = {name: one for name, one in seen.of(SUBNET).items() if name.startswith("one-us-")}
    assert {name: (one["availabilityZone"], one["cidrBlock"]) for name, one in found.items()} == {
        "one-us-new-york-nodes": ("us-east-1-nyc-2a", "10.0.240.0/24"),
        "one-us-new-york-pods": ("us-east-1-nyc-2a", "100.64.224.0/22"),
        "one-us-chicago-nodes": ("us-east-1-chi-2a", "10.0.241.0/24"),
        "one-us-chicago-pods": ("us-east-1-chi-2a", "100.64.228.0/22"),
    }
    assert {one["mapPublicIpOnLaunch"] for one in found.values()} == {False}
    assert not any("kubernetes.io/role/internal-elb" in one["tags"] for one in found.values())


def test_they_leave_through_the_region_and_are_guarded_as_nodes_are(seen: Any) -> None:
    for site in SITES:
        for role in ("nodes", "pods"):
            association = seen.one(f"one-{site}-{role}-association").inputs
            assert association["routeTableId"] == "one-private-a-routes-id"
            assert f"one-{site}-{role}-id" in seen.one("one-private-acl").inputs["subnetIds"]


def test_no_endpoint_stands_in_a_local_zone(seen: Any) -> None:
    ids = [one for inputs in seen.of("aws:ec2/vpcEndpoint:VpcEndpoint").values() for one in inputs.get("subnetIds", ())]
    assert ids
    assert not any(one.startswith("one-us-") for one in ids)


def test_a_new_site_moves_no_other() -> None:
    ranges = [outpost("10.0.0.0/16", "100.64.0.0/16", slot) for slot in range(OUTPOSTS_MAX)]
    assert (ranges[0].nodes, ranges[7].nodes) == ("10.0.240.0/24", "10.0.247.0/24")
    assert (ranges[0].pods, ranges[7].pods) == ("100.64.224.0/22", "100.64.252.0/22")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes=BLOCKS, pods=BLOCKS)
def test_ranges_of_sites_overlap_with_no_others(nodes: str, pods: str) -> None:
    zones = tuple(f"us-east-1{letter}" for letter in "abcdef")
    carved = carve(nodes, pods, zones).values()
    sites = [outpost(nodes, pods, slot) for slot in range(OUTPOSTS_MAX)]
    for mine in (
        [one.nodes for one in sites] + [one.of(tier) for one in carved for tier in Tier],
        [one.pods for one in sites] + [one.pods for one in carved],
    ):
        found = [ipaddress.ip_network(one) for one in mine]
        assert not [pair for pair in combinations(found, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize("slot", [-1, 8])
def test_a_slot_that_is_not_there_is_refused(slot: int) -> None:
    with pytest.raises(ValueError, match=f"slot {slot}: give 0 to 7"):
        outpost("10.0.0.0/16", "100.64.0.0/16", slot)
