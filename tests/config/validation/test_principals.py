from __future__ import annotations

import pytest

from tests.fixtures.catalogues import assert_refused, drop, put, values

PROD = "environments/prod.yaml"
DEV = "environments/dev.yaml"
UUID = "00000000-0000-4000-8999-000000000099"

CASES = [
    pytest.param(
        "us.aws.id", "12345", ('"12345"', "an AWS account: 12 digits, quoted", "as the cloud gives it"), 1, id="AWS account"
    ),
    pytest.param(
        "us.gcp.id",
        "Project",
        ('"Project"', "a project id: 6 to 30 lower-case letters", "as the cloud gives it"),
        1,
        id="GCP project",
    ),
    pytest.param(
        "us.azure.id",
        "sub-1",
        ('"sub-1"', "a subscription: a UUID in lower case", "as the cloud gives it"),
        1,
        id="Azure subscription",
    ),
    pytest.param(
        "us.aws.deployer",
        "deployer",
        (
            '"deployer"',
            "the ARN of a role of this account: arn:aws:iam::300000000001:role/",
            "name a principal of the account",
        ),
        1,
        id="AWS deployer",
    ),
    pytest.param(
        "us.aws.administrators",
        "arn:aws:iam::300000000002:role/x",
        ("300000000002", "role of this account: arn:aws:iam::300000000001", "name a principal of the account"),
        1,
        id="AWS administrators of another account",
    ),
    pytest.param(
        "us.gcp.deployer",
        "x@gmail.com",
        (
            '"x@gmail.com"',
            "a service account of this project: <name>@nautilus-dev-us.iam",
            "name a principal of the account",
        ),
        1,
        id="GCP deployer",
    ),
    pytest.param(
        "us.azure.administrators",
        "admins",
        ('"admins"', "an object id: a UUID in lower case", "name a principal of the account"),
        1,
        id="Azure administrators",
    ),
    pytest.param(
        "us.azure.tenant", None, ("nothing (null)", "the Azure tenant: a UUID", "add the tenant"), 1, id="no tenant"
    ),
    pytest.param(
        "us.azure.tenant", "contoso", ('"contoso"', "the Azure tenant: a UUID", "correct the tenant"), 1, id="tenant"
    ),
    pytest.param("us.aws.tenant", UUID, (UUID, "no tenant on aws", "remove it"), 1, id="tenant on AWS"),
    pytest.param(
        "us.gcp.number",
        None,
        ("nothing (null)", "the project's number: digits, quoted", "add the number"),
        1,
        id="no number",
    ),
    pytest.param("us.azure.number", "100000", ('"100000"', "no number on azure", "remove it"), 1, id="number on Azure"),
]


@pytest.mark.parametrize(("path", "new", "expected", "count"), CASES)
def test_refuses(path: str, new: object, expected: tuple[str, str, str], count: int) -> None:
    catalogue = values()
    put(catalogue[DEV], f"accounts.{path}", new)
    value, allowed, fix = expected
    assert_refused(catalogue, DEV, f"accounts.{path}", value=value, allowed=allowed, fix=fix, count=count)


def test_refuses_one_principal_for_two_duties() -> None:
    catalogue = values()
    account = catalogue[DEV]["accounts"]["us"]["aws"]
    account["administrators"] = account["deployer"]
    assert_refused(
        catalogue,
        DEV,
        "accounts.us.aws.administrators",
        value=account["deployer"],
        allowed="another principal than the deployer",
        fix="separate the two",
    )


@pytest.mark.parametrize(
    ("file", "jurisdiction", "owner"),
    [(DEV, "eu", "us in dev"), (PROD, "us", "us in dev")],
    ids=["two jurisdictions", "two environments"],
)
def test_refuses_an_account_that_serves_two(file: str, jurisdiction: str, owner: str) -> None:
    catalogue = values()
    put(catalogue[file], f"accounts.{jurisdiction}.aws", catalogue[DEV]["accounts"]["us"]["aws"])
    assert_refused(
        catalogue,
        file,
        f"accounts.{jurisdiction}.aws.id",
        value='"300000000001"',
        allowed=f"an account of its own for each jurisdiction and environment; {owner} has this one",
        fix="name the account of",
    )


def test_refuses_accounts_of_a_jurisdiction_that_is_not() -> None:
    catalogue = values()
    put(catalogue[DEV], "accounts.ukk", {})
    assert_refused(
        catalogue, DEV, "accounts.ukk", value='"ukk"', allowed="a jurisdiction: au, ca, eu", fix="did you mean uk?"
    )


@pytest.mark.parametrize(
    ("dropped", "missing", "user"),
    [
        ("accounts.au.azure", ["accounts.au.azure"], "nautilus-enterprise-au-east-1"),
        ("accounts.au.aws", ["accounts.au.aws"], "nautilus-enterprise-au-east-1"),
        ("accounts.au", ["accounts.au.aws", "accounts.au.azure"], "nautilus-enterprise-au-east-1"),
        ("accounts.sg.gcp", ["accounts.sg.gcp"], "the recovery of nautilus-enterprise-asia-se-1"),
    ],
    ids=["placement", "standby", "both", "recovery"],
)
def test_refuses_a_missing_account(dropped: str, missing: list[str], user: str) -> None:
    catalogue = values()
    drop(catalogue[PROD], dropped)
    for full in missing:
        _, jurisdiction, cloud = full.split(".")
        assert_refused(
            catalogue,
            PROD,
            full,
            value="nothing",
            allowed=f"an account of {jurisdiction} on {cloud}, which {user} needs",
            fix=f"add {full} with id, deployer and administrators",
            count=len(missing),
        )
