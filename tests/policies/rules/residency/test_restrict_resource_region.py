from __future__ import annotations

from tests.policies.analyzer import UNKNOWN, analyze, found, one, secret
from tests.policies.planned import KEY, VPC

RULE = "RES-003"


def test_no_region_of_its_own_passes() -> None:
    assert found(analyze(KEY), RULE) == []


def test_another_region_of_the_same_jurisdiction_passes() -> None:
    assert found(analyze(KEY.but(region="eu-west-1")), RULE) == []


def test_a_region_of_another_jurisdiction_fails() -> None:
    finding = one(analyze(KEY.but(region="us-east-1")), RULE)
    assert "region 'us-east-1' (us) under a provider in 'eu-central-1' (eu)" in finding.found
    assert "eu-west-1" in finding.allowed


def test_a_region_of_no_jurisdiction_fails() -> None:
    assert "(outside)" in one(analyze(VPC.but(region="af-south-1")), RULE).found


def test_an_unknown_region_is_undecided_and_fails() -> None:
    assert one(analyze(KEY.but(region=UNKNOWN)), RULE).found == "region cannot be known at preview"


def test_a_secret_region_is_not_shown() -> None:
    assert "us-east-1" not in str(one(analyze(KEY.but(region=secret("us-east-1"))), RULE).found)
