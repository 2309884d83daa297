from __future__ import annotations

import pytest

from config.loader import from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, values

PROD = "environments/prod.yaml"
DEV = "environments/dev.yaml"

CASES = [
    pytest.param(
        DEV,
        "sizes.data",
        {"min": 2, "desired": 1, "max": 3},
        ("min 2, desired 1, max 3", "min <= desired <= max", "between min and max"),
        1,
        id="below min",
    ),
    pytest.param(
        DEV,
        "sizes.data",
        {"min": 1, "desired": 4, "max": 3},
        ("min 1, desired 4, max 3", "min <= desired <= max", "between min and max"),
        1,
        id="above max",
    ),
    pytest.param(
        DEV,
        "log_retention_days",
        31,
        ("31", "a retention that CloudWatch Logs accepts: 1, 3, 5, 7, 14, 30, 60", "write 60"),
        1,
        id="odd retention",
    ),
    pytest.param(
        PROD,
        "log_retention_days",
        180,
        ("180", "at least 365 days in production, as ", "write 365 or more"),
        1,
        id="short retention",
    ),
    pytest.param(
        PROD, "deletion_protection", False, ("false", "true in production (AUD-005)", "write true"), 1, id="unprotected"
    ),
    pytest.param(
        DEV,
        "state.emea.jurisdiction",
        "eur",
        ('"eur"', "a jurisdiction: au, ca, eu", "did you mean eu?"),
        1,
        id="unknown home",
    ),
    pytest.param(
        DEV,
        "state.emea.backend",
        "file:///tmp",
        ('"file:///tmp"', "a URL: s3://, gs://, azblob://", "a backend that lies in eu"),
        1,
        id="scheme",
    ),
    pytest.param(
        DEV,
        "state.emea.backend",
        "s3://[",
        ('"s3://["', "a URL: s3://, gs://, azblob://", "a backend that lies in eu"),
        1,
        id="no URL",
    ),
    pytest.param(
        DEV,
        "state.emea.backend",
        "gs://nautilus-dev-us-state",
        ('"gs://nautilus-dev-us-state"', "a name with the jurisdiction's id eu", "a backend that lies in eu"),
        1,
        id="name of another",
    ),
    pytest.param(
        DEV,
        "state.emea.backend",
        "s3://nautilus-dev-eu-state?region=us-east-1",
        ("us-east-1", "a URL that names a region of eu: eu-central-1, eu-west-1, eu-west-3", "a backend that lies in eu"),
        1,
        id="region of another",
    ),
    pytest.param(
        DEV,
        "state.emea.backend",
        "s3://nautilus-dev-eu-state",
        ("nautilus-dev-eu-state", "a URL that names a region of eu", "a backend that lies in eu"),
        1,
        id="no region",
    ),
    pytest.param(
        DEV,
        "state.emea.secrets_provider",
        "passphrase",
        ('"passphrase"', "a URL: awskms://, gcpkms://, azurekeyvault://", "a secrets_provider that lies in eu"),
        1,
        id="passphrase",
    ),
    pytest.param(
        DEV,
        "state.emea.secrets_provider",
        "gcpkms://projects/nautilus-dev-eu/locations/us-west1/keyRings/r/cryptoKeys/k",
        ("us-west1", "a URL that names a region of eu: europe-north1", "a secrets_provider that lies in eu"),
        1,
        id="key of another",
    ),
    pytest.param(
        DEV,
        "state.emea.backend",
        "s3://nautilus-prod-eu-state?region=eu-central-1",
        ("nautilus-prod-eu-state", "a backend of its own; dev keeps state there", "name a backend of prod"),
        1,
        id="shared backend",
    ),
]


@pytest.mark.parametrize(("file", "path", "new", "expected", "count"), CASES)
def test_refuses(file: str, path: str, new: object, expected: tuple[str, str, str], count: int) -> None:
    catalogue = values()
    put(catalogue[file], path, new)
    value, allowed, fix = expected
    blamed = PROD if "dev keeps" in allowed else file
    assert_refused(catalogue, blamed, path, value=value, allowed=allowed, fix=fix, count=count)


@pytest.mark.parametrize(
    ("step", "url"),
    [
        ("backend", "gs://nautilus-dev-eu-state"),
        ("backend", "azblob://state?storage_account=x&name=eu".replace("state?", "state-eu?")),
        ("secrets_provider", "gcpkms://projects/nautilus-dev-eu/locations/europe-west4/keyRings/r/cryptoKeys/k"),
        ("secrets_provider", "azurekeyvault://nautilus-dev-eu.vault.azure.net/keys/state"),
    ],
)
def test_state_may_live_on_any_cloud(step: str, url: str) -> None:
    catalogue = values()
    put(catalogue[DEV], f"state.emea.{step}", url)
    assert from_values(catalogue, today=TODAY).environments


def test_refuses_a_missing_environment() -> None:
    catalogue = values()
    del catalogue["environments/staging.yaml"]
    assert_refused(
        catalogue,
        "environments/staging.yaml",
        "",
        value="nothing there",
        allowed="every environment: dev, prod, staging",
        fix="add environments/staging.yaml",
    )


def test_refuses_a_fourth_environment() -> None:
    catalogue = values()
    catalogue["environments/qa.yaml"] = {**catalogue[DEV], "id": "qa"}
    assert_refused(catalogue, "environments/qa.yaml", "id", value='"qa"', allowed="'dev', 'staging' or 'prod'", fix="")


def test_refuses_a_missing_size() -> None:
    catalogue = values()
    drop(catalogue[DEV], "sizes.trading")
    assert_refused(
        catalogue,
        DEV,
        "sizes",
        value="no size named trading, which the node pool trading asks for",
        allowed="a size for each sizing of node_pools.yaml: analytics, data, edge, system, trading",
        fix="add trading",
    )


def test_refuses_a_stack_without_a_state_home_and_one_that_is_no_stack() -> None:
    catalogue = values()
    state = catalogue[DEV]["state"]
    state["federaton"] = state.pop("federation")
    assert_refused(
        catalogue,
        DEV,
        "state",
        value="nothing for federation",
        allowed="a state home for every stack: americas, analytics, apac, edge, emea, federation",
        fix="add federation",
        count=2,
    )
    assert_refused(
        catalogue,
        DEV,
        "state.federaton",
        value='"federaton"',
        allowed="a stack: americas",
        fix="did you mean federation?",
        count=2,
    )
