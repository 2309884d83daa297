"""A catalogue in which a loss strands tier-0 data is refused, with what is missing and where it may stand (FO-3)."""

from __future__ import annotations

from typing import Any

import pytest

from config.loader import from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, unroute, unsite, values

INDIA = "clusters/nautilus-enterprise-asia-south-1.yaml"
STANDBY = "nautilus-enterprise-asia-south-1-standby"
CANADA = "clusters/nautilus-enterprise-ca-east-1.yaml"


@pytest.fixture
def catalogue() -> dict[str, Any]:
    return values()


def without_standby(catalogue: dict[str, Any], file: str) -> None:
    unroute(catalogue, f"{catalogue[file]['id']}-standby")
    drop(catalogue[file], "placements.standby")


def test_india_without_a_second_cloud_is_refused_for_each_loss(catalogue: dict[str, Any]) -> None:
    without_standby(catalogue, INDIA)
    assert_refused(
        catalogue,
        INDIA,
        "placements",
        value="a list of 1: main",
        allowed="data once cloud gcp is lost (tier 0 survives the loss of any one cloud or location)",
        fix="add a standby placement in aws/ap-south-1, aws/ap-south-2, azure/centralindia",
        count=2,
    )


def test_a_lower_tier_may_stand_on_one_cloud(catalogue: dict[str, Any]) -> None:
    without_standby(catalogue, INDIA)
    put(catalogue[INDIA], "tier", 1)
    assert from_values(catalogue, today=TODAY).clusters["nautilus-enterprise-asia-south-1"].tier == 1


def test_a_standby_on_the_same_cloud_does_not_survive_the_cloud(catalogue: dict[str, Any]) -> None:
    unroute(catalogue, STANDBY)
    put(catalogue[INDIA], "placements.standby.location", "gcp/asia-south2")
    put(catalogue[INDIA], "placements.standby.zones", ["asia-south2-a", "asia-south2-b", "asia-south2-c"])
    route = {**values()["backbone.yaml"]["routes"]["asia-south-standby"]}
    for name in ("inside",):
        route.pop(name, None)
    catalogue["backbone.yaml"]["routes"]["asia-south-standby"] = {
        **values()["backbone.yaml"]["routes"]["eu-west-eu-north"],
        "id": "asia-south-standby",
        "kind": "recovery",
        "ends": route["ends"],
    }
    catalogue["backbone.yaml"]["routes"].pop("asia-south-copies", None)
    assert_refused(
        catalogue,
        INDIA,
        "placements",
        value="a list of 2: main, standby",
        allowed="once cloud gcp is lost",
        fix="aws/ap-south-1, aws/ap-south-2, azure/centralindia",
    )


def test_where_the_catalogue_has_no_lawful_place_it_says_so(catalogue: dict[str, Any]) -> None:
    without_standby(catalogue, CANADA)
    drop(catalogue["locations.yaml"], "gcp/northamerica-northeast2")
    with pytest.raises(Exception, match=r"a location that is lawful and not lost: locations\.yaml has none, add one there"):
        from_values(catalogue, today=TODAY)


def test_a_cluster_of_standbys_only_is_refused(catalogue: dict[str, Any]) -> None:
    unsite(catalogue)
    put(catalogue[INDIA], "placements.main.standby", True)
    assert_refused(
        catalogue,
        INDIA,
        "placements",
        value='"standbys only"',
        allowed="at least one placement that serves",
        fix="write standby: false on one of them",
    )
