"""RES-002 for zones outside their region: a subnet lies where its zone is, not where the region is (EDGE-1, JUR-2)."""

from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, analyze_stack, found, one
from tests.policies.planned import AWS, TAGS, US_AWS, VPC

RULE = "RES-002"
SUBNET = Planned(
    type="aws:ec2/subnet:Subnet",
    name="subnet",
    provider=AWS,
    props={"vpcId": UNKNOWN, "availabilityZone": "eu-central-1a", "tags": TAGS},
    sources={"vpcId": (VPC.urn,)},
)


@pytest.mark.parametrize("zone", ["eu-central-1a", "eu-central-1-ham-1a", "eu-central-1-waw-1a"])
def test_a_zone_of_the_region_and_a_site_of_the_catalogue_pass(zone: str) -> None:
    assert found(analyze(SUBNET.but(availabilityZone=zone)), RULE) == []


@pytest.mark.parametrize("zone", ["us-east-1-bue-1a", "us-east-1-qro-1a", "us-east-1-wl1-nyc-wlz-1"])
def test_a_zone_that_is_no_site_of_the_catalogue_fails_though_its_region_is_lawful(zone: str) -> None:
    tags = {**TAGS, "nautilus:jurisdiction": "us"}
    finding = one(analyze(SUBNET.under(US_AWS).but(availabilityZone=zone, tags=tags)), RULE)
    assert f"pii data of us at '{zone}' (aws), in no jurisdiction of the catalogue" in finding.found


def test_a_site_of_another_jurisdiction_fails() -> None:
    finding = one(analyze(SUBNET.but(availabilityZone="us-east-1-nyc-2a")), RULE)
    assert "pii data of eu at 'us-east-1-nyc-2a' (aws), in jurisdiction us" in finding.found


@pytest.mark.parametrize(("zone_id", "stopped"), [("euc1-az1", False), ("use1-bue1-az1", True)])
def test_a_zone_by_its_id_is_one_of_the_region_or_fails(zone_id: str, *, stopped: bool) -> None:
    planned = SUBNET.but(availabilityZone=None, availabilityZoneId=zone_id)
    assert bool(found(analyze(planned), RULE)) is stopped


def test_a_zone_that_is_not_known_yet_fails() -> None:
    assert found(analyze(SUBNET.but(availabilityZone=UNKNOWN)), RULE)


def test_a_site_s_subnet_agrees_with_the_network_of_its_region() -> None:
    stack = (AWS, VPC, SUBNET.but(availabilityZone="eu-central-1-ham-1a"))
    assert found(analyze_stack(*stack), "RES-009") == []
