"""Every end of a route is a stop, and a name means one thing or is refused (NET-1…3)."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from config.model import Catalogue
from nautilus.federation.plan import placement_name
from nautilus.federation.stop import find, stops
from tests.fixtures.catalogues import TODAY


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


def test_every_end_of_every_route_is_a_stop(catalogue: Catalogue) -> None:
    every = stops(catalogue)
    joined = {frozenset(route.ends) for route in catalogue.backbone.routes.values()}
    ends = {end for pair in joined for end in pair}
    assert ends <= set(every)
    # What no route ends at is where a standby recovers to: its own cluster stands there, and a route joins the two.
    for name in set(every) - ends:
        users = [
            (placement_name(cluster, key), placement_name(cluster, other))
            for cluster in catalogue.clusters.values()
            for key, place in cluster.placements.items()
            for other, there in cluster.placements.items()
            if place.recovery == there.location == name
        ]
        assert users, name
        assert all(frozenset(pair) in joined for pair in users)


def test_a_recovery_location_is_no_placement(catalogue: Catalogue) -> None:
    every = stops(catalogue)
    assert every["aws/us-east-2"].cluster is None
    assert every["nautilus-analytics-global-1-aws"].cluster == "nautilus-analytics-global-1"
    assert every["nautilus-analytics-global-1-aws"].location == "aws/us-east-2"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nautilus-enterprise-eu-west-1", ["nautilus-enterprise-eu-west-1"]),
        ("eu-west-1", ["nautilus-enterprise-eu-west-1"]),
        ("uk-south-1", ["nautilus-enterprise-uk-south-1", "nautilus-enterprise-uk-south-1-standby"]),
        ("uk-south-1-standby", ["nautilus-enterprise-uk-south-1-standby"]),
        ("edge-global-west-1", [f"nautilus-edge-global-west-1-{cloud}" for cloud in ("aws", "gcp", "azure")]),
        ("edge-global-west-1-gcp", ["nautilus-edge-global-west-1-gcp"]),
        ("gcp/asia-south2", ["gcp/asia-south2"]),
    ],
)
def test_a_name_means_its_stops(catalogue: Catalogue, text: str, names: list[str]) -> None:
    assert [stop.name for stop in find(catalogue, text)] == names


def test_a_name_that_several_end_with_is_refused_with_all_of_them(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError, match="near it: nautilus-analytics-global-1-aws, nautilus-edge-global-east-1-aws"):
        find(catalogue, "aws")


def test_a_mistyped_name_is_refused_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError, match=r"'nautilus-enterprise-us-esat-1' names no single end.*us-east-1"):
        find(catalogue, "nautilus-enterprise-us-esat-1")


def test_a_name_like_no_other_is_refused_with_every_cluster(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError, match=r"'zzz' names no single end.*au-east-1.*us-west-1"):
        find(catalogue, "zzz")
