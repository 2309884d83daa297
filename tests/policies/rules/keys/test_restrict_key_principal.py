from __future__ import annotations

from typing import Any

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, analyze_stack, found, one, secret
from tests.policies.planned import (
    ACCOUNT,
    ASSIGNMENT,
    AWS,
    AZURE,
    GCP,
    GRANT,
    IDENTITY,
    KEY,
    PROJECT,
    US_ACCOUNT,
    VAULT,
    catalogue_account,
    policy,
)

RULE = "KEY-006"
UK = catalogue_account("uk", "azure")


@pytest.mark.parametrize(
    "who",
    [
        {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        {"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/x"]},
        {"Service": ["logs.eu-west-1.amazonaws.com", "delivery.logs.amazonaws.com"]},
    ],
    ids=str,
)
def test_own_principals_and_services_pass(who: Any) -> None:
    assert found(analyze(KEY.but(policy=policy(who))), RULE) == []


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("*", "wildcard"),
        ({"AWS": "*"}, "wildcard"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"}, "wildcard"),
        ({"AWS": f"arn:aws:iam::{US_ACCOUNT}:root"}, "foreign account"),
        ({"AWS": US_ACCOUNT}, "foreign"),
        ({"AWS": "AIDAEXAMPLE"}, "names no account"),
        ({"Federated": "accounts.example.com"}, "neither"),
        ({"Service": "logs.us-east-1.amazonaws.com"}, "another jurisdiction"),
        ({"Service": "evil.example.com"}, "none of AWS"),
        (7, "wildcard"),
    ],
    ids=str,
)
def test_wildcards_and_strangers_fail(who: Any, says: str) -> None:
    assert says in one(analyze(KEY.but(policy=policy(who))), RULE).found


def test_a_denial_to_all_passes_and_not_principal_fails() -> None:
    denial = '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}]}'
    inverse = '{"Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"1"},"Action":"kms:*"}}'
    assert found(analyze(KEY.but(policy=denial)), RULE) == []
    assert "NotPrincipal" in one(analyze(KEY.but(policy=inverse)), RULE).found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "no policy is written"),
        ("{}", "without statements"),
        ("not json", "is not JSON"),
        ('{"Statement":[1]}', "no object"),
    ],
)
def test_a_policy_that_says_nothing_fails(text: str | None, says: str) -> None:
    assert says in one(analyze(KEY.but(policy=text)), RULE).found


def test_an_unknown_policy_is_undecided_and_fails() -> None:
    assert one(analyze(KEY.but(policy=UNKNOWN)), RULE).found == "policy cannot be known at preview"


def test_a_secret_policy_is_judged_and_not_shown() -> None:
    finding = one(analyze(KEY.but(policy=secret(policy({"AWS": "arn:aws:iam::999999999999:role/CANARY"})))), RULE)
    assert finding.found == "(a secret value, not shown)"


def test_a_grant_to_a_stranger_fails() -> None:
    grant = Planned(
        type="aws:kms/grant:Grant", provider=AWS, props={"granteePrincipal": f"arn:aws:iam::{US_ACCOUNT}:role/x"}
    )
    assert "foreign account" in one(analyze(grant), RULE).found


@pytest.mark.parametrize(
    "member",
    [
        f"serviceAccount:service-{ACCOUNT}@container-engine-robot.iam.gserviceaccount.com",
        f"serviceAccount:cmek-p{ACCOUNT}@gcp-sa-logging.iam.gserviceaccount.com",
        f"serviceAccount:{ACCOUNT}-compute@developer.gserviceaccount.com",
        f"serviceAccount:nodes@{PROJECT}.iam.gserviceaccount.com",
        f"serviceAccount:nautilus-key-administrators@{PROJECT}.iam.gserviceaccount.com",
        f"principal://iam.googleapis.com/projects/{ACCOUNT}/locations/global/workloadIdentityPools/p/subject/s",
    ],
)
def test_the_project_s_own_members_pass(member: str) -> None:
    assert found(analyze(GRANT.but(member=member)), RULE) == []


@pytest.mark.parametrize(
    "member",
    [
        "allUsers",
        "allAuthenticatedUsers",
        "domain:example.com",
        "user:someone@example.com",
        "group:everyone@example.com",
        "serviceAccount:x@other.iam.gserviceaccount.com",
        "serviceAccount:service-999999999999@compute-system.iam.gserviceaccount.com",
        "principal://iam.googleapis.com/projects/999999999999/locations/global/workloadIdentityPools/p/subject/s",
        f"principalSet://iam.googleapis.com/projects/{ACCOUNT}/locations/global/workloadIdentityPools/p/*",
        "",
    ],
)
def test_any_other_member_fails(member: str) -> None:
    one(analyze(GRANT.but(member=member)), RULE)


def test_bindings_and_policies_are_read_too() -> None:
    binding = Planned(type="gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", provider=GCP, props={"members": ["allUsers"]})
    data = '{"bindings":[{"role":"r","members":["allUsers"]}]}'
    whole = Planned(type="gcp:kms/keyRingIAMPolicy:KeyRingIAMPolicy", provider=GCP, props={"policyData": data})
    assert "allUsers" in one(analyze(binding), RULE).found
    assert "allUsers" in one(analyze(whole), RULE).found


def test_an_unknown_member_is_undecided_and_fails() -> None:
    assert one(analyze(GRANT.but(member=UNKNOWN)), RULE).verdict == "undecided"


def test_a_vault_of_another_tenant_fails() -> None:
    stranger = "00000000-0000-0000-0000-000000000000"
    properties = VAULT.props["properties"]
    assert stranger in one(analyze(VAULT.but(properties={**properties, "tenantId": stranger})), RULE).found
    listed = {**properties, "accessPolicies": [{"tenantId": stranger, "objectId": "o"}]}
    assert stranger in one(analyze(VAULT.but(properties=listed)), RULE).found


def test_an_identity_of_the_stack_may_be_given_a_role() -> None:
    assert found(analyze_stack(AZURE, IDENTITY, ASSIGNMENT), RULE) == []


def test_an_identity_of_another_subscription_may_not() -> None:
    foreign = Planned(
        type=AZURE.type, name="f", props={**AZURE.props, "subscriptionId": catalogue_account("jp", "azure").id}
    )
    assert "foreign subscription" in one(analyze_stack(AZURE, IDENTITY.under(foreign), ASSIGNMENT), RULE).found


@pytest.mark.parametrize(
    ("principal", "stopped"), [(UK.administrators, False), ("11111111-2222-3333-4444-555555555555", True)]
)
def test_a_written_principal_must_be_the_account_s_own(principal: str, stopped: bool) -> None:
    written = Planned(type=ASSIGNMENT.type, name="w", provider=AZURE, props={"principalId": principal})
    assert bool(found(analyze_stack(AZURE, written), RULE)) is stopped


def test_an_unknown_principal_that_leads_nowhere_is_undecided_and_fails() -> None:
    assert one(analyze_stack(AZURE, ASSIGNMENT), RULE).verdict == "undecided"
