from __future__ import annotations

from dataclasses import replace

from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, one
from tests.policies.planned import AWS, AZURE, AZURE_KEY, CRYPTO_KEY, EKS, GCP, GROUP, RING, TAGS, US_AWS, VAULT, VPC

RULE = "RES-009"
SUBNET = Planned(
    type="aws:ec2/subnet:Subnet",
    name="subnet",
    provider=AWS,
    props={"vpcId": UNKNOWN, "tags": TAGS},
    sources={"vpcId": (VPC.urn,)},
)


def test_a_child_beside_its_parent_passes() -> None:
    assert found(analyze_stack(AWS, VPC, SUBNET), RULE) == []


def test_a_subnet_of_a_network_elsewhere_fails() -> None:
    finding = one(analyze_stack(AWS, US_AWS, VPC, SUBNET.under(US_AWS)), RULE)
    assert finding.resource == SUBNET.urn
    assert "at 'us-east-1' (us) while vpc (vpcId) is at 'eu-central-1' (eu)" in finding.found


def test_a_child_of_a_parent_resource_elsewhere_fails_through_components() -> None:
    component = Planned(type="nautilus:network:AwsNetwork", name="c", parent=VPC.urn)
    child = replace(EKS.under(US_AWS), parent=component.urn)
    assert "its parent vpc" in one(analyze_stack(AWS, US_AWS, VPC, component, child), RULE).found


def test_a_child_that_follows_its_parent_out_of_its_provider_s_place_fails() -> None:
    stack = (AZURE, GROUP, VAULT.but(location="eastus2"), AZURE_KEY)
    assert {finding.resource for finding in found(analyze_stack(*stack), RULE)} == {VAULT.urn, AZURE_KEY.urn}


def test_an_unknown_place_is_left_to_the_rule_that_reports_it() -> None:
    ring = RING.but(location=UNKNOWN)
    assert found(analyze_stack(GCP, ring, CRYPTO_KEY), RULE) == []
