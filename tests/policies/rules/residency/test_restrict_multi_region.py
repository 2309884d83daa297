from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import GCP, GCP_BUCKET, LABELS, RING

RULE = "RES-004"


@pytest.mark.parametrize("location", ["EUROPE-WEST1", "EU", "eur4"])
def test_what_lies_wholly_inside_passes(location: str) -> None:
    assert found(analyze(GCP_BUCKET.but(location=location)), RULE) == []


@pytest.mark.parametrize(
    ("location", "outside"), [("US", "US"), ("ASIA", "HK"), ("EUR5", "GB"), ("EUR7", "GB"), ("EUR8", "CH"), ("asia1", "JP")]
)
def test_what_lies_partly_outside_fails(location: str, outside: str) -> None:
    assert outside in one(analyze(GCP_BUCKET.but(location=location)), RULE).found


def test_the_same_name_means_more_to_another_service() -> None:
    japan = {**LABELS, "nautilus-jurisdiction": "jp"}
    assert found(analyze(GCP_BUCKET.but(location="ASIA1", labels=japan)), RULE) == []
    assert "KR" in one(analyze(RING.but(location="asia1", labels=japan)), RULE).found


def test_a_global_ring_fails() -> None:
    assert "anywhere" in one(analyze(RING.but(location="global")), RULE).found


def test_a_custom_pair_is_judged_by_its_regions() -> None:
    inside = GCP_BUCKET.but(location="EU", customPlacementConfig={"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST4"]})
    outside = GCP_BUCKET.but(location="EU", customPlacementConfig={"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST2"]})
    assert found(analyze(inside), RULE) == []
    assert "EUROPE-WEST2" in one(analyze(outside), RULE).found


def test_an_unknown_pair_is_undecided_and_fails() -> None:
    pair = GCP_BUCKET.but(location="EU", customPlacementConfig={"dataLocations": ["EUROPE-WEST1", UNKNOWN]})
    assert one(analyze(pair), RULE).verdict == "undecided"


def test_a_secret_multi_region_is_not_shown() -> None:
    assert one(analyze(GCP_BUCKET.but(location=secret("ASIA"))), RULE).found == "(a secret value, not shown)"


TOPIC = Planned(
    type="gcp:pubsub/topic:Topic",
    name="topic",
    provider=GCP,
    props={"name": "topic", "messageStoragePolicy": {"allowedPersistenceRegions": ["europe-west1"]}, "labels": LABELS},
)


@pytest.mark.parametrize("regions", [["europe-west1"], ["europe-west1", "europe-west4"]])
def test_a_topic_whose_regions_are_all_inside_passes(regions: list[str]) -> None:
    topic = TOPIC.but(messageStoragePolicy={"allowedPersistenceRegions": regions})
    assert found(analyze(topic), RULE) == []


@pytest.mark.parametrize("outside", ["us-east4", "europe-west2", "mars-north1"])
def test_every_region_of_a_topic_is_judged(outside: str) -> None:
    topic = TOPIC.but(messageStoragePolicy={"allowedPersistenceRegions": ["europe-west1", "europe-west4", outside]})
    assert outside in one(analyze(topic), RULE).found


def test_a_topic_with_an_unknown_region_is_undecided() -> None:
    topic = TOPIC.but(messageStoragePolicy={"allowedPersistenceRegions": ["europe-west1", UNKNOWN]})
    assert one(analyze(topic), RULE).verdict == "undecided"


def test_a_topic_with_a_secret_region_outside_does_not_show_it() -> None:
    topic = TOPIC.but(messageStoragePolicy={"allowedPersistenceRegions": ["europe-west1", secret("us-east4")]})
    assert one(analyze(topic), RULE).found == "(a secret value, not shown)"
