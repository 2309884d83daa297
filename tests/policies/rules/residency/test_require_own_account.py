from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import ACCOUNT, AWS, AZURE, GCP, GKE, US_ACCOUNT

RULE = "RES-008"


@pytest.mark.parametrize("provider", [AWS, GCP, AZURE], ids=lambda provider: provider.name)
def test_the_catalogue_s_account_passes(provider: Planned) -> None:
    assert found(analyze(provider), RULE) == []


def test_an_account_of_another_jurisdiction_fails() -> None:
    finding = one(analyze(AWS.but(allowedAccountIds=json.dumps([US_ACCOUNT]))), RULE)
    assert f"'{US_ACCOUNT}', of us, prod" in finding.found
    assert ACCOUNT in finding.allowed


def test_a_region_of_another_jurisdiction_fails() -> None:
    assert "for 'us-east-1' (us)" in one(analyze(AWS.but(region="us-east-1")), RULE).found


def test_an_account_of_nobody_fails() -> None:
    assert "of nobody" in one(analyze(GCP.but(project="somebody-else")), RULE).found


def test_an_account_of_another_environment_fails() -> None:
    assert "eu, prod" in one(analyze(replace(AWS, stack="dev-emea")), RULE).found


def test_a_stack_of_no_environment_fails() -> None:
    assert "starts with none of" in one(analyze(replace(AWS, stack="playground")), RULE).found


def test_an_unknown_account_is_undecided_and_fails() -> None:
    assert one(analyze(AZURE.but(subscriptionId=UNKNOWN)), RULE).verdict == "undecided"


def test_a_secret_account_is_judged_and_not_shown() -> None:
    assert found(analyze(GCP.but(project=secret("nautilus-prod-eu"))), RULE) == []
    assert "spy-project" not in str(analyze(GCP.but(project=secret("spy-project"))))


@pytest.mark.parametrize(
    ("provider", "found_"),
    [
        (AWS.but(assumeRoles=json.dumps([{"roleArn": f"arn:aws:iam::{US_ACCOUNT}:role/x"}])), "assumes"),
        (GCP.but(impersonateServiceAccount="x@other-project.iam.gserviceaccount.com"), "impersonates"),
        (AZURE.but(tenantId="00000000-0000-0000-0000-000000000000"), "tenant"),
    ],
    ids=["role", "service account", "tenant"],
)
def test_a_foreign_identity_fails(provider: Planned, found_: str) -> None:
    assert one(analyze(provider), RULE).found.startswith(found_)


def test_a_project_of_its_own_must_be_a_sister() -> None:
    assert found(analyze(GKE.but(project="nautilus-prod-eu")), RULE) == []
    assert "'nautilus-prod-us'" in one(analyze(GKE.but(project="nautilus-prod-us")), RULE).found
