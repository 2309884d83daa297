"""The pinned Google Cloud provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.provider.gcp import provider
from config.model import Account, Cloud, Location, Source

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

LOCATION = Location(
    id="gcp/us-west2",
    cloud=Cloud.GCP,
    region="us-west2",
    place="Los Angeles",
    country="US",
    jurisdiction="us",
    latitude=34.05,
    longitude=-118.24,
    source=Source(document="a test", verified=False),
)
ACCOUNT = Account(id="nautilus-test-us", deployer="deployer@p.iam.gserviceaccount.com", administrators="x", number="1")


def test_project_region_and_identity_are_pinned(record: Any, labels: Any) -> None:
    seen = record(lambda: provider("one", LOCATION, ACCOUNT, labels)).one("one").inputs
    plain = {key: json.loads(value) if value in {"true", "false"} else value for key, value in seen.items()}
    assert json.loads(plain.pop("defaultLabels")) == {
        "nautilus-environment": "prod",
        "nautilus-jurisdiction": "us",
        "nautilus-data-class": "pii",
    }
    assert plain == {
        "project": "nautilus-test-us",
        "billingProject": "nautilus-test-us",
        "region": "us-west2",
        "impersonateServiceAccount": "deployer@p.iam.gserviceaccount.com",
        "userProjectOverride": True,
        "addPulumiAttributionLabel": False,
    }
