"""Whatever the catalogue says, no derived target is unlawful, and shares are whole and within capacity (JUR-2, FO-3, DNS-3).

Catalogues are drawn at random, in law, data, places, links, capacity and what is in force; those that the loader refuses are
none, so what is judged is what may ever be deployed.
"""

from __future__ import annotations

import copy
import math
import random
from collections import Counter, defaultdict
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from config.loader import CatalogueError, from_values, load
from config.model import Algorithm, Catalogue, DataClass, EnvironmentName, Group
from nautilus.federation.failover import options
from nautilus.federation.front import endpoints, fronts
from nautilus.federation.law import holds
from nautilus.federation.link import links
from nautilus.federation.matrix import matrix
from nautilus.federation.plan import PlacementPlan, placement_name, placements
from nautilus.federation.route import Backbone
from nautilus.federation.traffic import Infeasible
from tests.fixtures.catalogues import TODAY, unsite, values

PROD = EnvironmentName.PROD
SHIPPED = values()
HOMES = sorted(file["id"] for name, file in SHIPPED.items() if name.startswith("jurisdictions/"))
CLUSTERS = sorted(name for name in SHIPPED if name.startswith("clusters/"))
STANDBYS = [name for name in CLUSTERS if "standby" in SHIPPED[name]["placements"]]
PLACEMENTS = sorted(
    SHIPPED[name]["id"] if key == "main" else f"{SHIPPED[name]['id']}-{key}"
    for name in CLUSTERS
    for key in SHIPPED[name]["placements"]
)
INDIA = "nautilus-enterprise-asia-south-1"
SINCE = {"since": "2026-11-21T09:30:00Z", "reason": "a drill"}
outcomes: Counter[str] = Counter()


def drawn(chance: random.Random) -> dict[str, Any]:
    """Give the shipped catalogue with random laws, declarations, standbys, routes, capacity and operations."""
    catalogue = copy.deepcopy(SHIPPED)
    for home in HOMES:
        for rule in catalogue[f"jurisdictions/{home}.yaml"]["data_classes"].values():
            if chance.random() < 0.6:
                rule["jurisdictions"] = sorted({home, *chance.sample(HOMES, chance.randint(0, len(HOMES)))})
    for name in chance.sample(CLUSTERS, chance.randint(0, 3)):
        held = catalogue[name]["data_classes"]
        catalogue[name]["data_classes"] = [one for one in held if chance.random() < 0.8] or held
    for name in chance.sample(STANDBYS, chance.randint(0, 2)):
        _moved(chance, catalogue, catalogue[name])
    routes = catalogue["backbone.yaml"]["routes"]
    for name in chance.sample(sorted(routes), chance.randint(0, 2)):
        if routes[name]["kind"] in {"backbone", "global"}:
            del routes[name]
    unsite(catalogue)  # they serve classes by name, which would have to be drawn with them
    traffic = catalogue["traffic.yaml"]
    traffic["foreign_targets"] = chance.randint(0, 3)
    for service in traffic["classes"].values():
        service["data"] = chance.choice([data.value for data in DataClass])
        service["algorithm"] = chance.choice([one.value for one in Algorithm])
        service["algorithms"] = {}
    for capacity in traffic["capacity"].values():
        capacity["messages"] = chance.uniform(40_000, 300_000)
    force = catalogue["operations/prod.yaml"]
    force["shifts"] = {name: {"keeps": chance.choice([0, 0.3, 0.95]), **SINCE} for name in chance.sample(PLACEMENTS, 3)}
    force["halts"] = dict.fromkeys(chance.sample(HOMES, chance.randint(0, 2)), SINCE)
    return catalogue


def _moved(chance: random.Random, catalogue: dict[str, Any], cluster: dict[str, Any]) -> None:
    """Move a standby to any place of the catalogue, lawful or not, or make it serve."""
    standby = cluster["placements"]["standby"]
    if chance.random() < 0.5:
        standby["standby"] = False
        return
    places = catalogue["locations.yaml"]
    at_home = [key for key, place in places.items() if place["jurisdiction"] == cluster["jurisdiction"]]
    standby["location"] = chance.choice(at_home if chance.random() < 0.7 else sorted(places))
    standby["zones"] = places[standby["location"]]["zones"][:3]


@settings(max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(min_value=0, max_value=2**32))
def judge(seed: int) -> None:
    try:
        catalogue = from_values(drawn(random.Random(seed)), today=TODAY)
    except CatalogueError:
        outcomes["refused"] += 1
        return
    outcomes["accepted"] += 1
    plans = {plan.name: plan for group in Group for plan in placements(catalogue, PROD, group)}
    _no_take_over_is_unlawful(catalogue)
    _no_standby_or_copy_is_unlawful(catalogue, plans)
    _no_link_is_without_lawful_data(catalogue)
    try:
        _no_backend_is_unlawful_and_shares_are_whole(catalogue, plans)
    except Infeasible:
        # Then there are no weights at all: the loader cannot know, and nothing is served from half an answer.
        outcomes["short of capacity"] += 1


def _no_take_over_is_unlawful(catalogue: Catalogue) -> None:
    for cluster in catalogue.clusters.values():
        for placement_id in cluster.placements:
            for data in cluster.data_classes:
                for target in options(catalogue, cluster, placement_id, data).targets:
                    assert target.placement != placement_name(cluster, placement_id)
                    assert _may(catalogue, cluster.jurisdiction, data, target.location)
                    assert data in catalogue.clusters[target.cluster].data_classes


def _no_standby_or_copy_is_unlawful(catalogue: Catalogue, plans: dict[str, PlacementPlan]) -> None:
    for plan in plans.values():
        for data in plan.cluster.data_classes:
            for place in (plan.location.id, plan.recovery.id):
                assert _may(catalogue, plan.cluster.jurisdiction, data, place), (plan.name, data, place)


def _no_link_is_without_lawful_data(catalogue: Catalogue) -> None:
    """A peer is lawful where some class of one end may rest at the other; `Backbone` judges each class of a way over it."""
    backbone = Backbone(catalogue)
    for link in links(catalogue, PROD):
        one, other = (backbone.stops[end.plan.name] for end in link.ends)
        lawful = [
            data
            for here, there in ((one, other), (other, one))
            for data in catalogue.clusters[str(here.cluster)].data_classes
            if holds(
                catalogue,
                catalogue.clusters[str(there.cluster)],
                data,
                catalogue.clusters[str(here.cluster)].jurisdiction,
            ).lawful
        ]
        assert lawful, link.route.id


def _no_backend_is_unlawful_and_shares_are_whole(catalogue: Catalogue, plans: dict[str, PlacementPlan]) -> None:
    force = catalogue.operations[PROD]
    demand: dict[str, float] = defaultdict(float)
    for area in catalogue.traffic.areas.values():
        demand[area.jurisdiction] += area.demand
    behind = endpoints(catalogue)
    assert sorted(name for names in behind.values() for name in names) == sorted(
        name
        for name, plan in plans.items()
        if plan.cluster.group not in {Group.EDGE, Group.ANALYTICS} and plan.cluster.role != "analytics"
    )
    for front in fronts(catalogue, PROD):
        shares = {name: share for backend in front.backends for name, share in backend.shares.items()}
        assert all(0 <= share <= 1 + 1e-9 for share in shares.values())
        for backend in front.backends:
            for name in backend.shares:
                assert name in behind[backend.endpoint]
                assert backend.jurisdiction == plans[name].cluster.jurisdiction
                assert _may(catalogue, front.jurisdiction, front.data, plans[name].location.id), (front.id, name)
                assert front.data in plans[name].cluster.data_classes
                assert front.halted or backend.jurisdiction not in force.halts
        assert front.halted is (front.jurisdiction in force.halts)
        if front.halted:
            assert not any(shares.values())
            continue
        assert math.isclose(math.fsum(shares.values()), 1, abs_tol=1e-9), (front.id, shares)
        shifted = {name for name in shares if name in force.shifts}
        if front.algorithm is Algorithm.OPTIMISED and not shifted:
            for name, share in shares.items():
                held = catalogue.traffic.capacity[plans[name].cloud].messages
                assert share * demand[front.jurisdiction] <= held * (1 + 1e-6), (front.id, name)


def _may(catalogue: Catalogue, home: str, data: DataClass, place: str) -> bool:
    """Say by the law's own words, not by what derives targets, whether data may rest somewhere."""
    allowed = catalogue.jurisdictions[home].data_classes[data].jurisdictions
    where = catalogue.locations[place].jurisdiction
    return "*" in allowed or where in allowed


def test_no_derived_target_of_any_catalogue_is_unlawful_and_shares_are_whole() -> None:
    outcomes.clear()
    judge()
    # Both happen often, so that neither the rules nor the derivation go unjudged.
    assert outcomes["accepted"] >= 25, outcomes
    assert outcomes["refused"] >= 10, outcomes
    assert 0 < outcomes["short of capacity"] < outcomes["accepted"], outcomes


def test_no_indian_personal_or_financial_record_has_a_target_outside_india() -> None:
    catalogue = load(config.root(), today=TODAY)
    raw = (DataClass.PII, DataClass.FINANCIAL)
    plans = {plan.name: plan for group in Group for plan in placements(catalogue, PROD, group)}
    countries = {name: plan.location.country for name, plan in plans.items()}
    indian = [plan for plan in plans.values() if plan.jurisdiction.id == "in"]
    assert sorted(plan.name for plan in indian) == [f"{INDIA}", f"{INDIA}-standby"]
    for plan in indian:
        assert (plan.location.country, plan.recovery.country) == ("IN", "IN")
        placement_id = "standby" if plan.placement.standby else "main"
        for data in raw:
            (target,) = options(catalogue, plan.cluster, placement_id, data).targets
            assert target.placement in plan_names(indian) - {plan.name}
    for data in raw:
        assert {name for name, cell in matrix(catalogue)[data][INDIA].items() if cell.verdict.lawful} == {INDIA}
    for front in fronts(catalogue, PROD):
        if front.jurisdiction == "in" and front.data in raw:
            assert {countries[name] for backend in front.backends for name in backend.shares} == {"IN"}
            assert {name for backend in front.backends for name in backend.shares} == plan_names(indian)
    assert {front.data for front in fronts(catalogue, PROD) if front.jurisdiction == "in"} > set(raw)


def plan_names(plans: list[PlacementPlan]) -> set[str]:
    return {plan.name for plan in plans}
