"""Google Cloud's names, principals and log buckets."""

from __future__ import annotations

import pytest

from components.provider import gcp_names


@pytest.mark.parametrize(
    ("principal", "member"),
    [
        ("a@p.iam.gserviceaccount.com", "serviceAccount:a@p.iam.gserviceaccount.com"),
        ("keys@example.org", "group:keys@example.org"),
        ("group:keys@example.org", "group:keys@example.org"),
        ("principal://iam.googleapis.com/x", "principal://iam.googleapis.com/x"),
    ],
)
def test_member(principal: str, member: str) -> None:
    assert gcp_names.member(principal) == member


@pytest.mark.parametrize("principal", ["allUsers", "allAuthenticatedUsers", "domain:example.org", "user:a@example.org"])
def test_principals_that_name_nobody_are_refused(principal: str) -> None:
    with pytest.raises(ValueError, match="is not a service account or a group"):
        gcp_names.member(principal)


def test_a_short_name_stays() -> None:
    assert gcp_names.short("nautilus-enterprise-asia-south-1-cluster", 40) == "nautilus-enterprise-asia-south-1-cluster"


def test_a_long_name_is_cut_and_told_apart() -> None:
    one, two = (gcp_names.short(f"nautilus-enterprise-us-west-{number}-cluster-nodes", 30) for number in (1, 2))
    assert one != two
    assert len(one) == len(two) == 29
    assert one.startswith("nautilus-enterprise-us-")


def test_log_bucket() -> None:
    expected = "logging.googleapis.com/projects/p/locations/us-west2/buckets/b"
    assert gcp_names.log_bucket("p", "us-west2", "b") == expected
