"""What the shipped backbone says: every route that is asked for, and the measured figures as they were read (NET-1…4)."""

from __future__ import annotations

import pytest

import config
from config.distance import floor_ms
from config.loader import load
from config.model import Backbone, Catalogue, Cloud, Encryption, Medium, RouteKind
from tests.fixtures.catalogues import TODAY

# pair of metros → floor, Azure's P95, AWS's average, GCP's average, all in milliseconds
FIGURES: dict[tuple[str, str], tuple[float, tuple[float, float] | None, float | None, float | None]] = {
    ("us-east", "los-angeles"): (36.5, (72, 74), 60, 60),
    ("us-east", "montreal"): (7.9, (27, 28), 15, 14),
    ("us-east", "belgium"): (62.2, (93, 94), None, 82),
    ("us-east", "london"): (59.2, (80, 80), 76, 75),
    ("us-east", "frankfurt"): (65.5, (97, 97), 86, 87),
    ("london", "frankfurt"): (6.4, (19, 20), 15, 13),
    ("belgium", "frankfurt"): (3.5, (12, 13), None, 9),
    ("belgium", "finland"): (18.4, None, None, 33),
    ("tokyo", "singapore"): (53.1, (74, 74), 77, 67.5),
    ("singapore", "mumbai"): (39.0, (58, 59), 63, 60),
    ("tokyo", "mumbai"): (67.2, (129, 129), 137, 127),
    ("singapore", "sydney"): (63.1, (98, 98), 90, 170),
    ("tokyo", "sydney"): (78.3, (105, 105), 104, 104),
    ("los-angeles", "tokyo"): (88.2, (109, 109), 112, 98),
    ("oregon", "tokyo"): (78.9, (102, 102), None, None),
    ("us-east", "tokyo"): (108.7, (165, 165), 152, 146),
    ("frankfurt", "singapore"): (102.6, (179, 179), 178, 294),
    ("london", "cardiff"): (2.1, (9, 10), None, None),
    ("tokyo", "osaka"): (4.0, (14, 15), None, None),
    ("sydney", "melbourne"): (7.1, (16, 17), None, None),
    ("iowa", "us-east"): (13.9, (41, 42), None, None),
}

E = "nautilus-enterprise-{}-1".format
ASKED = {
    RouteKind.BACKBONE: (
        ("us-east", "us-west"),
        ("us-west", "ca-east"),
        ("eu-west", "uk-south"),
        ("uk-south", "eu-central"),
        ("asia-ne", "asia-se"),
        ("asia-se", "asia-south"),
    ),
    RouteKind.GLOBAL: (("us-east", "uk-south"), ("eu-central", "asia-se"), ("us-west", "asia-ne")),
    RouteKind.RECOVERY: (("us-east", "us-central"), ("eu-west", "eu-central"), ("us-west", "us-central")),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


@pytest.fixture(scope="module")
def backbone(catalogue: Catalogue) -> Backbone:
    return catalogue.backbone


def test_every_measured_pair_is_there_and_no_other(backbone: Backbone) -> None:
    assert {trip.between for trip in backbone.round_trips.values()} == set(FIGURES)


@pytest.mark.parametrize("pair", FIGURES, ids="-".join)
def test_figures_are_as_they_were_read(catalogue: Catalogue, pair: tuple[str, str]) -> None:
    floor, p95, aws, gcp = FIGURES[pair]
    backbone = catalogue.backbone
    trip = backbone.round_trips["-".join(pair)]
    assert (None if trip.p95 is None else (trip.p95.least_ms, trip.p95.most_ms)) == p95
    averages = {} if trip.averages is None else trip.averages.by_cloud
    assert (averages.get(Cloud.AWS), averages.get(Cloud.GCP)) == (aws, gcp)
    here, there = (catalogue.locations[backbone.metros[metro][0]] for metro in pair)
    assert round(floor_ms(here.latitude, here.longitude, there.latitude, there.longitude), 1) == floor


@pytest.mark.parametrize(("kind", "pair"), [(kind, pair) for kind, pairs in ASKED.items() for pair in pairs])
def test_every_route_that_the_federation_asks_for_is_there(
    backbone: Backbone, kind: RouteKind, pair: tuple[str, str]
) -> None:
    ends = {E(name) for name in pair}
    (route,) = [route for route in backbone.routes.values() if set(route.ends) == ends]
    assert route.kind is kind


def test_every_standby_is_joined_to_what_it_stands_in_for_by_an_encrypted_recovery_route(
    catalogue: Catalogue,
) -> None:
    pairs = {frozenset((cluster.id, f"{cluster.id}-standby")) for cluster in catalogue.clusters.values()}
    found = [route for route in catalogue.backbone.routes.values() if frozenset(route.ends) in pairs]
    assert len(found) == 6
    assert {route.kind for route in found} == {RouteKind.RECOVERY}
    assert {route.encryption for route in found} == {Encryption.IPSEC}
    assert all(len(route.paths) >= 2 for route in found)


def test_both_edges_join_the_trading_clusters_they_serve(backbone: Backbone) -> None:
    edge = {frozenset(route.ends) for route in backbone.routes.values() if route.kind is RouteKind.EDGE}
    for name, served in (("east", {E("us-east"), E("us-central")}), ("west", {E("us-west"), E("us-central")})):
        joined = {end for ends in edge if any(f"edge-global-{name}" in one for one in ends) for end in ends}
        assert served <= joined


def test_every_jurisdiction_with_two_clouds_joins_them(catalogue: Catalogue) -> None:
    joined: set[tuple[str, frozenset[str]]] = set()
    for route in catalogue.backbone.routes.values():
        places = []
        for end in route.ends:
            name = next((one for one in catalogue.clusters if end == one or end.startswith(f"{one}-")), None)
            placements = catalogue.clusters[name].placements if name else {}
            key = "main" if end == name else end.removeprefix(f"{name}-")
            places.append(catalogue.locations[placements[key].location if name else end])
        if places[0].jurisdiction == places[1].jurisdiction and places[0].cloud is not places[1].cloud:
            joined.add((str(places[0].jurisdiction), frozenset(place.cloud.value for place in places)))
    assert {("us", frozenset(pair)) for pair in (("aws", "gcp"), ("gcp", "azure"), ("aws", "azure"))} <= joined
    assert {("eu", frozenset(("aws", "gcp"))), ("sg", frozenset(("aws", "gcp")))} <= joined


def test_budgets_stand_above_what_was_measured_or_at_the_specifications_75_ms(backbone: Backbone) -> None:
    above = {name for name, route in backbone.routes.items() if route.budget_ms > 75}
    assert above == {
        "asia-ne-asia-se",
        "asia-ne-au-east",
        "asia-se-au-east",
        "us-east-uk-south",
        "us-east-eu-west",
        "eu-central-asia-se",
        "us-west-asia-ne",
    }


def test_no_route_goes_over_the_internet_without_ipsec(backbone: Backbone) -> None:
    for route in backbone.routes.values():
        if any(path.medium is Medium.INTERNET for path in route.paths.values()):
            assert route.encryption in {Encryption.IPSEC, Encryption.BOTH}


def test_a_route_says_what_it_promises(backbone: Backbone) -> None:
    assert backbone.routes["asia-se-asia-south"].says == f"{E('asia-se')} to {E('asia-south')} within 75 ms"
