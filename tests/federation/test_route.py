"""Ways are the shortest, figures are measured or unknown, and what a gateway could read counts as moved (NET-1…4, JUR-3)."""

from __future__ import annotations

import random
from collections.abc import Mapping

import networkx as nx
import pytest

import config
from config.loader import from_values, load
from config.model import Catalogue, DataClass, Encryption, Group
from nautilus.federation.law import may_rest
from nautilus.federation.route import Backbone, Budget, Journey
from nautilus.federation.stop import find
from tests.fixtures.catalogues import TODAY, drop, put, values

E = "nautilus-enterprise-{}-1".format


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


def way(catalogue: Catalogue, here: str, there: str) -> Journey:
    found = Backbone(catalogue).shortest(find(catalogue, here), find(catalogue, there))
    assert found is not None
    return found


def names(journey: Journey) -> list[str]:
    return [stop.name for stop in journey.stops]


def sealed(catalogue: Catalogue, *routes: str) -> Catalogue:
    """Give the catalogue with some routes sealed, and all where none is named."""
    backbone = catalogue.backbone
    changed = {
        name: route.model_copy(update={"sealed": True, "encryption": Encryption.IPSEC})
        if name in routes or not routes
        else route
        for name, route in backbone.routes.items()
    }
    return catalogue.model_copy(update={"backbone": backbone.model_copy(update={"routes": changed})})


def lawful(catalogue: Catalogue, journey: Journey) -> Mapping[DataClass, bool]:
    return {passage.data: passage.verdict.lawful for passage in Backbone(catalogue).passages(journey)}


def test_every_placement_reaches_every_other_with_no_way_shorter_by_another_algorithm(catalogue: Catalogue) -> None:
    backbone = Backbone(catalogue)
    graph = nx.Graph()
    for legs in backbone.legs.values():
        for leg in legs:
            if leg.here.cluster and leg.there.cluster:
                graph.add_edge(leg.here.name, leg.there.name, weight=leg.floor_ms)
    away = dict(nx.all_pairs_dijkstra_path_length(graph))
    placements = [stop for stop in backbone.stops.values() if stop.cluster]
    assert len(placements) == 26
    for here in placements:
        for there in placements:
            if here != there:
                found = backbone.shortest([here], [there])
                assert found is not None
                assert found.floor_ms == pytest.approx(away[here.name][there.name], abs=1e-4)
                assert found.floor_ms >= found.direct_floor_ms - 1e-9


def test_copies_are_never_passed_through(catalogue: Catalogue) -> None:
    backbone = Backbone(catalogue)
    for here in backbone.stops.values():
        found = backbone.shortest([here], find(catalogue, "eu-west-1"))
        if found is not None:
            assert all(stop.cluster is not None for stop in found.stops[1:-1])


def test_a_way_begins_at_the_nearest_of_a_clusters_placements(catalogue: Catalogue) -> None:
    assert names(way(catalogue, "edge-global-east-1", "us-east-1"))[0] in {
        "nautilus-edge-global-east-1-aws",
        "nautilus-edge-global-east-1-gcp",
    }
    assert len(way(catalogue, "edge-global-east-1", "us-east-1").legs) == 1


def test_a_measured_leg_has_its_figures_and_its_verdict(catalogue: Catalogue) -> None:
    found = way(catalogue, "asia-se-1", "asia-south-1")
    assert found.p95_ms == (58, 59)
    assert found.budget_ms == 75
    assert found.verdict is Budget.MET
    assert round(found.direct_floor_ms, 1) == 39.0


def test_a_missed_budget_is_told_from_an_unknown_one(catalogue: Catalogue) -> None:
    changed = values()
    put(changed["backbone.yaml"], "routes.us-east-uk-south.budget_ms", 79)
    tight = from_values(changed, today=TODAY)
    assert way(tight, "us-east-1", "uk-south-1").verdict is Budget.MISSED
    assert way(tight, "us-east-1", "uk-south-1").p95_ms == (80, 80)
    # A leg that is missed decides, whatever is unknown beside it.
    assert way(tight, "us-west-1", "uk-south-1").verdict is Budget.MISSED
    assert way(catalogue, "eu-west-1", "eu-north-1").verdict is Budget.UNKNOWN


@pytest.mark.parametrize(("budget", "verdict"), [(72, Budget.MISSED), (73.9, Budget.MISSED), (74, Budget.MET)])
def test_the_upper_figure_of_a_range_decides(budget: float, verdict: Budget) -> None:
    changed = values()
    put(changed["backbone.yaml"], "routes.us-east-us-west.budget_ms", budget)
    assert way(from_values(changed, today=TODAY), "us-east-1", "us-west-1").legs[0].verdict is verdict


def test_no_shipped_budget_is_missed_by_what_was_measured(catalogue: Catalogue) -> None:
    verdicts = [leg.verdict for legs in Backbone(catalogue).legs.values() for leg in legs]
    assert Budget.MISSED not in verdicts
    assert verdicts.count(Budget.MET) == 2 * 20


def test_sums_are_of_every_leg_or_of_none(catalogue: Catalogue) -> None:
    far = way(catalogue, "us-east-1", "asia-south-1")
    assert far.p95_ms == (80 + 19 + 179 + 58, 80 + 20 + 179 + 59)
    assert far.budget_ms == 90 + 75 + 200 + 75
    assert way(catalogue, "eu-north-1", "us-east-1").p95_ms is None


def test_the_other_direction_is_the_same_way(catalogue: Catalogue) -> None:
    there = way(catalogue, "us-east-1", "asia-south-1")
    assert names(there.reversed()) == names(there)[::-1]
    assert there.reversed().reversed() == there


def test_no_raw_indian_data_leaves_india_over_any_way(catalogue: Catalogue) -> None:
    backbone = Backbone(catalogue)
    raw = {DataClass.PII, DataClass.FINANCIAL, DataClass.REGULATORY, DataClass.DERIVED}
    reached = set()
    for india in find(catalogue, "asia-south-1"):
        for stop in backbone.stops.values():
            found = backbone.shortest([india], [stop])
            if found is None or stop == india:
                continue
            for passage in backbone.passages(found):
                if passage.data in raw:
                    assert passage.verdict.lawful == (stop.country == "IN")
                    reached |= {stop.name} if passage.verdict.lawful else set()
    assert reached == {E("asia-south"), f"{E('asia-south')}-standby", "gcp/asia-south2"}


def test_a_lawful_target_is_refused_where_a_gateway_on_the_way_could_read(catalogue: Catalogue) -> None:
    found = way(catalogue, "asia-ne-1", "eu-west-1")
    (passage,) = [one for one in Backbone(catalogue).passages(found) if one.data is DataClass.FINANCIAL]
    assert not passage.verdict.lawful
    assert passage.at == E("asia-se")
    assert passage.verdict.clause is not None
    assert passage.verdict.clause.id == "appi-28"
    assert passage.detour is None


def test_sealed_routes_on_both_sides_of_a_hop_are_no_movement_and_on_one_side_are(catalogue: Catalogue) -> None:
    found = ("asia-ne-asia-se", "eu-central-asia-se")
    both, one = sealed(catalogue, *found), sealed(catalogue, found[0])
    assert lawful(both, way(both, "asia-ne-1", "eu-central-1"))[DataClass.FINANCIAL]
    assert not lawful(one, way(one, "asia-ne-1", "eu-central-1"))[DataClass.FINANCIAL]
    # Sealed or not, what may not rest at the end may not go there.
    assert not lawful(both, way(both, "asia-ne-1", "eu-central-1"))[DataClass.PII]


def test_a_lawful_way_round_is_named(catalogue: Catalogue) -> None:
    # The ring's other side, by Los Angeles, Virginia and London, becomes lawful once its hops cannot read.
    changed = sealed(catalogue, "us-west-asia-ne", "us-east-us-west", "us-east-uk-south", "us-east-eu-west")
    found = way(changed, "asia-ne-1", "eu-central-1")
    (passage,) = [one for one in Backbone(changed).passages(found) if one.data is DataClass.FINANCIAL]
    assert passage.at == E("asia-se")
    assert passage.detour is not None
    assert E("asia-se") not in names(passage.detour)
    assert lawful(changed, passage.detour)[DataClass.FINANCIAL]


def test_a_longer_sealed_way_into_a_hop_is_found_beside_a_shorter_open_one(catalogue: Catalogue) -> None:
    changed = sealed(catalogue, "asia-ne-au-east", "asia-se-au-east", "eu-central-asia-se")
    found = way(changed, "asia-ne-1", "eu-central-1")
    assert names(found) == [E("asia-ne"), E("asia-se"), E("eu-central")]
    (passage,) = [one for one in Backbone(changed).passages(found) if one.data is DataClass.FINANCIAL]
    assert passage.detour is not None
    assert names(passage.detour) == [E("asia-ne"), E("au-east"), E("asia-se"), E("eu-central")]


def test_a_class_that_the_source_does_not_hold_cannot_be_sent(catalogue: Catalogue) -> None:
    found = way(catalogue, "eu-north-1", "eu-west-1")
    (passage,) = [one for one in Backbone(catalogue).passages(found) if one.data is DataClass.FINANCIAL]
    assert not passage.verdict.lawful
    assert passage.verdict.reason == f"{E('eu-north')} does not hold financial data"


def test_copies_come_back_under_the_law_of_where_they_lie(catalogue: Catalogue) -> None:
    found = way(catalogue, "gcp/asia-south2", "asia-south-1")
    assert all(lawful(catalogue, found).values())


@pytest.mark.parametrize("seed", range(12))
def test_random_law_and_seals_never_yield_a_way_that_a_gateway_may_not_read(catalogue: Catalogue, seed: int) -> None:
    chance = random.Random(seed)
    homes = list(catalogue.jurisdictions)
    rewritten = {}
    for key, law in catalogue.jurisdictions.items():
        rules = {
            data: rule.model_copy(
                update={"jurisdictions": tuple(sorted({key, *chance.sample(homes, chance.randint(0, len(homes)))}))}
            )
            for data, rule in law.data_classes.items()
        }
        rewritten[key] = law.model_copy(update={"data_classes": rules})
    some = [name for name in catalogue.backbone.routes if chance.random() < 0.5]
    changed = sealed(catalogue, *some).model_copy(update={"jurisdictions": rewritten})
    backbone = Backbone(changed)
    placements = [stop for stop in backbone.stops.values() if stop.cluster]
    for _ in range(40):
        here, there = chance.sample(placements, 2)
        found = backbone.shortest([here], [there])
        assert found is not None
        for passage in backbone.passages(found):
            for journey in [found] if passage.verdict.lawful else [passage.detour] if passage.detour else []:
                readable = [
                    leg.there
                    for leg, after in zip(journey.legs, journey.legs[1:], strict=False)
                    if not (leg.route.sealed and after.route.sealed)
                ]
                home = changed.clusters[str(here.cluster)].jurisdiction
                for stop in [*readable, there]:
                    place = changed.locations[str(stop.location)]
                    assert may_rest(changed.jurisdictions, home, passage.data, place).lawful


def test_an_exchange_is_a_stop_with_a_law_of_its_own() -> None:
    changed = values()
    backbone = changed["backbone.yaml"]
    backbone["sites"]["exchange-hk"] = {
        **{"id": "exchange-hk", "name": "An exchange", "place": "Hong Kong", "country": "HK", "jurisdiction": None},
        **{"latitude": 22.28, "longitude": 114.16, "source": {"document": "made up", "verified": False}},
    }
    route = {
        **backbone["routes"]["asia-ne-asia-se"],
        "id": "exchange",
        "kind": "edge",
        "ends": [E("asia-se"), "exchange-hk"],
        "inside": None,
    }
    backbone["routes"]["exchange"] = route
    catalogue = from_values(changed, today=TODAY)
    found = way(catalogue, "asia-se-1", "exchange-hk")
    passages = {one.data: one for one in Backbone(catalogue).passages(found)}
    assert passages[DataClass.MARKET].verdict.lawful
    assert passages[DataClass.PII].verdict.reason == "pii data of sg may not be in HK"
    # Nothing that a place outside every jurisdiction sends has a law that we know of: it fails closed.
    assert not any(lawful(catalogue, found.reversed()).values())


def test_without_a_route_there_is_no_way() -> None:
    changed = values()
    for name in ("us-east-analytics-aws", "us-central-analytics-gcp"):
        drop(changed["backbone.yaml"], f"routes.{name}")
    catalogue = from_values(changed, today=TODAY)
    assert Backbone(catalogue).shortest(find(catalogue, "us-east-1"), find(catalogue, "analytics-global-1")) is None


def test_two_ways_of_one_group_leave_it_never(catalogue: Catalogue) -> None:
    for cluster in catalogue.clusters.values():
        for other in catalogue.clusters.values():
            if cluster.id != other.id and cluster.group is other.group is not Group.APAC:
                found = way(catalogue, cluster.id, other.id)
                assert {catalogue.clusters[str(stop.cluster)].group for stop in found.stops} == {cluster.group}
