from __future__ import annotations

import json

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import ACCOUNT, AWS, AZURE, GCP, US_ACCOUNT, VPC

RULE = "RES-001"
DEFAULT = Planned(type="pulumi:providers:aws", name="default_7_51_0", props=AWS.props)


@pytest.mark.parametrize("provider", [AWS, GCP, AZURE], ids=lambda provider: provider.name)
def test_an_explicit_provider_passes(provider: Planned) -> None:
    assert found(analyze(provider), RULE) == []


@pytest.mark.parametrize(
    ("provider", "missing"),
    [
        (AWS, "region"),
        (AWS, "allowedAccountIds"),
        (GCP, "region"),
        (GCP, "project"),
        (AZURE, "location"),
        (AZURE, "subscriptionId"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_provider_that_leaves_something_to_the_surroundings_fails(provider: Planned, missing: str) -> None:
    finding = one(analyze(provider.but(**{missing: None})), RULE)
    assert finding.found.startswith(f"no {missing}")
    assert finding.resource == provider.urn


def test_a_provider_for_two_accounts_fails() -> None:
    two = AWS.but(allowedAccountIds=json.dumps([ACCOUNT, US_ACCOUNT]))
    assert "exactly one account" in one(analyze(two), RULE).found


def test_an_unknown_region_is_undecided_and_fails() -> None:
    finding = one(analyze(AWS.but(region=UNKNOWN)), RULE)
    assert finding.found == "region cannot be known at preview"
    assert finding.verdict == "undecided"


def test_a_secret_region_is_judged_and_not_shown() -> None:
    assert found(analyze(AWS.but(region=secret("eu-central-1"))), RULE) == []
    assert "us-east-1" not in str(analyze(AWS.but(region=secret("us-east-1"))))


def test_a_default_provider_fails_itself_and_for_what_uses_it() -> None:
    assert "default provider" in one(analyze(DEFAULT), RULE).found
    assert "default_7_51_0" in one(analyze(VPC.under(DEFAULT)), RULE).found


def test_a_resource_without_a_provider_fails() -> None:
    assert one(analyze(Planned(type=VPC.type, props=VPC.props)), RULE).found == "no provider is named"
