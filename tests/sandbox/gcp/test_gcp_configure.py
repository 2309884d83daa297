"""What a Google Cloud provider must be pinned to, and what it may not be given."""

from __future__ import annotations

from typing import Any

import pytest

from nautilus.sandbox.gcp import PACKAGE
from nautilus.sandbox.gcp.links import bare, last, part
from nautilus.sandbox.handler import UNKNOWN, Refused, Target

GOOD = {"project": "nautilus-test-us", "region": "us-west2"}


def test_project_and_region_are_the_target() -> None:
    assert PACKAGE.configure(GOOD) == Target(cloud="gcp", account="nautilus-test-us", region="us-west2")


@pytest.mark.parametrize("labels", ['{"a":"b"}', {"a": "b"}])
def test_default_labels_reach_the_rows(labels: Any) -> None:
    assert PACKAGE.configure({**GOOD, "defaultLabels": labels}).settings == {"defaultLabels": {"a": "b"}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"project": None}, "must name its project"),
        ({"project": UNKNOWN}, "must name its project"),
        ({"region": ""}, "must name its region"),
        ({"region": "us"}, "us does not exist"),
        ({"credentials": "{}"}, "credentials is set"),
        ({"accessToken": "x"}, "accessToken is set"),
        ({"computeCustomEndpoint": "https://compute.googleapis.com/"}, "computeCustomEndpoint leaves this machine"),
    ],
)
def test_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        PACKAGE.configure({**GOOD, **change})


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/"])
def test_an_endpoint_on_the_loopback_is_taken(endpoint: str) -> None:
    assert PACKAGE.configure({**GOOD, "computeCustomEndpoint": endpoint}).region == "us-west2"


def test_links() -> None:
    link = "https://www.googleapis.com/compute/v1/projects/p/regions/r/subnetworks/s"
    assert bare(link) == "projects/p/regions/r/subnetworks/s"
    assert last(link) == "s"
    assert part(link, "regions") == "r"
    assert part(link, "zones") is None
