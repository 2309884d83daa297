"""The seven strategies are steps that keep what they say, lawfully and within capacity, and can be undone (FO-1, FO-4)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from config.loader import load
from config.model import Catalogue, EnvironmentName, Halt, Operation, Shift
from nautilus.federation.front import Front, fronts
from nautilus.federation.law import holds
from nautilus.federation.plan import placement_name
from nautilus.federation.strategy import (
    SHEDDABLE,
    TIERS,
    Failing,
    Step,
    Stranded,
    Strategy,
    check,
    operation,
    shares,
    sources,
    steps,
    under,
)
from tests.fixtures.catalogues import TODAY

PROD = EnvironmentName.PROD
SINCE = "2026-11-21T09:30:00Z"
WEST, CENTRAL = "nautilus-enterprise-eu-west-1", "nautilus-enterprise-eu-central-1"
INDIA = "nautilus-enterprise-asia-south-1"
CATALOGUE = load(config.root(), today=TODAY)
BEFORE = CATALOGUE.operations[PROD]
ALL = ()
"""No tiers named: every tier is concerned."""

OWNERS = {placement_name(cluster, key): cluster for cluster in CATALOGUE.clusters.values() for key in cluster.placements}
PLACES = {
    placement_name(cluster, key): CATALOGUE.locations[place.location]
    for cluster in CATALOGUE.clusters.values()
    for key, place in cluster.placements.items()
}
WHERE = sorted({*OWNERS, *CATALOGUE.clusters, *(place.id for place in PLACES.values()), *("aws", "gcp", "azure")})

# strategy → (keeps, tiers, what a failed gate leads to, whether clients are waited for), step by step
PLAN: dict[Strategy, list[tuple[float, tuple[int, ...], Failing, bool]]] = {
    Strategy.IMMEDIATE: [(0, ALL, Failing.BACK, False)],
    Strategy.GRADUAL: [(keeps, ALL, Failing.BACK, True) for keeps in (0.75, 0.5, 0.25, 0)],
    Strategy.CANARY: [(0.95, ALL, Failing.BACK, True), (0, ALL, Failing.BACK, True)],
    Strategy.BLUE_GREEN: [(1, ALL, Failing.BACK, False), (0, ALL, Failing.BACK, True)],
    Strategy.ROLLING: [(0, tiers, Failing.BACK, True) for tiers in ((4,), (4, 3), (4, 3, 2), (4, 3, 2, 1), (4, 3, 2, 1, 0))],
    Strategy.CIRCUIT_BREAKER: [
        (0, ALL, Failing.BACK, False),
        (0.1, ALL, Failing.PREVIOUS, True),
        (1, ALL, Failing.PREVIOUS, True),
    ],
    Strategy.LOAD_SHEDDING: [(0.5, tiers, Failing.BACK, True) for tiers in ((4,), (4, 3), (4, 3, 2))],
}


def after(step: Step, catalogue: Catalogue = CATALOGUE) -> Catalogue:
    """Give the catalogue with a step in force over what was in force."""
    return under(catalogue, operation(catalogue.operations[PROD], step, since=SINCE, reason="a drill"))


def by_id(catalogue: Catalogue) -> dict[str, Front]:
    return {front.id: front for front in fronts(catalogue, PROD)}


def load_of(found: Mapping[str, Front]) -> dict[str, float]:
    """Give each placement's messages a second where a home's demand is spread evenly over its classes of service."""
    demand: dict[str, float] = defaultdict(float)
    for area in CATALOGUE.traffic.areas.values():
        demand[area.jurisdiction] += area.demand
    held: dict[str, float] = defaultdict(float)
    for front in found.values():
        for backend in front.backends:
            for name, share in backend.shares.items():
                held[name] += share * demand[front.jurisdiction] / len(CATALOGUE.traffic.classes)
    return held


def share(found: Mapping[str, Front], front: str, name: str) -> float:
    return next((one.shares[name] for one in found[front].backends if name in one.shares), 0.0)


def test_there_are_seven_strategies() -> None:
    assert set(PLAN) == set(Strategy)
    assert len(Strategy) == 7


@pytest.mark.parametrize("strategy", Strategy)
def test_a_strategy_is_its_steps(strategy: Strategy) -> None:
    found = steps(strategy, (WEST,))
    assert [(step.keeps, step.tiers, step.failing, step.settles) for step in found] == PLAN[strategy]
    assert {step.sources for step in found} == {(WEST,)}
    assert len({step.title for step in found}) == len(found)


def test_shedding_and_rolling_take_the_lowest_tier_first_and_shedding_never_trading_or_risk() -> None:
    for strategy in (Strategy.ROLLING, Strategy.LOAD_SHEDDING):
        added = [set(step.tiers) - set(before.tiers) for before, step in zip(*_pairs(strategy), strict=True)]
        assert [max(tiers) for tiers in added] == sorted((max(tiers) for tiers in added), reverse=True)
        assert all(len(tiers) == 1 for tiers in added)
    assert {0, 1} & {tier for step in steps(Strategy.LOAD_SHEDDING, (WEST,)) for tier in step.tiers} == set()
    assert set(SHEDDABLE) < set(TIERS) == {service.tier for service in CATALOGUE.traffic.classes.values()}


def _pairs(strategy: Strategy) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    found = steps(strategy, (WEST,))
    return (Step(title="before", keeps=1, sources=(WEST,)), *found[:-1]), found


@pytest.mark.parametrize(
    ("strategy", "kept"),
    [
        (Strategy.IMMEDIATE, [0]),
        (Strategy.GRADUAL, [0.75, 0.5, 0.25, 0]),
        (Strategy.CANARY, [0.95, 0]),
        (Strategy.BLUE_GREEN, [1, 0]),
        (Strategy.ROLLING, [1, 1, 1, 1, 0]),  # trading is the last of the tiers
        (Strategy.CIRCUIT_BREAKER, [0, 0.1, 1]),
        (Strategy.LOAD_SHEDDING, [1, 1, 1]),
    ],
)
def test_what_trading_loses_in_the_west_the_next_lawful_placement_has(strategy: Strategy, kept: list[float]) -> None:
    for step, keeps in zip(steps(strategy, (WEST,)), kept, strict=True):
        given_out = shares(after(step), PROD)["trading-eu"]
        assert given_out.get(WEST, 0) == keeps
        assert given_out.get(CENTRAL, 0) == pytest.approx(1 - keeps)
        assert set(given_out) <= {WEST, CENTRAL}


def test_shedding_moves_half_of_the_lower_tiers_and_leaves_the_others_as_they_were() -> None:
    before = by_id(CATALOGUE)
    *_, last = steps(Strategy.LOAD_SHEDDING, (WEST,))
    shed = by_id(after(last))
    for front in before.values():
        kept = 0.5 if front.tier in SHEDDABLE else 1
        assert share(shed, front.id, WEST) == pytest.approx(kept * share(before, front.id, WEST))
    assert sum(share(before, name, WEST) for name in before) > sum(share(shed, name, WEST) for name in shed) > 0


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(strategy=st.sampled_from(Strategy), where=st.sampled_from(WHERE))
def test_every_step_is_whole_lawful_and_within_capacity_or_is_refused(strategy: Strategy, where: str) -> None:
    names = sources(CATALOGUE, where)
    plan = steps(strategy, names)
    before = by_id(CATALOGUE)
    try:
        check(CATALOGUE, PROD, names, plan)
    except Stranded as stranded:
        left = stranded.fronts
    else:
        left = ()
    # Refused only where every lawful placement is among those to be left.
    for front_id in left:
        assert {name for backend in before[front_id].backends for name in backend.shares} <= set(names)
    if left:
        return
    for step in plan:
        found = by_id(after(step))
        for front in found.values():
            given_out = {name: part for backend in front.backends for name, part in backend.shares.items()}
            assert math.isclose(math.fsum(given_out.values()), 1, abs_tol=1e-9), (front.id, step)
            assert all(0 <= part <= 1 + 1e-9 for part in given_out.values())
            for name in given_out:
                assert holds(CATALOGUE, OWNERS[name], front.data, front.jurisdiction).lawful, (front.id, name)
            kept = step.keeps if front.tier in (step.tiers or TIERS) else 1
            for name in names:
                assert share(found, front.id, name) == pytest.approx(kept * share(before, front.id, name), abs=1e-9)
        for name, messages in load_of(found).items():
            assert messages <= CATALOGUE.traffic.capacity[PLACES[name].cloud].messages, (name, step)


@pytest.mark.parametrize("strategy", Strategy)
def test_leaving_every_lawful_placement_is_refused_before_the_first_step_with_the_fronts(strategy: Strategy) -> None:
    names = sources(CATALOGUE, INDIA)
    assert names == (INDIA, f"{INDIA}-standby")
    with pytest.raises(Stranded, match=r"no other lawful endpoint for .*reporting-in") as caught:
        check(CATALOGUE, PROD, names, steps(strategy, names))
    lowest = strategy in {Strategy.ROLLING, Strategy.LOAD_SHEDDING}
    raw = [f"{service}-in" for service in sorted(CATALOGUE.traffic.classes)]
    assert list(caught.value.fronts) == (["reporting-in"] if lowest else raw)


@pytest.mark.parametrize("strategy", Strategy)
def test_one_indian_placement_may_be_left_for_the_other(strategy: Strategy) -> None:
    check(CATALOGUE, PROD, (INDIA,), steps(strategy, (INDIA,)))


def test_what_another_shift_has_already_emptied_is_no_way_out() -> None:
    shift = Shift(keeps=0, since=SINCE, reason="a broken disk")
    emptied = under(CATALOGUE, BEFORE.model_copy(update={"shifts": {f"{INDIA}-standby": shift}}))
    with pytest.raises(Stranded, match="trading-in"):
        check(emptied, PROD, (INDIA,), steps(Strategy.GRADUAL, (INDIA,)))


def test_a_halted_jurisdictions_traffic_is_not_in_the_way() -> None:
    halted = under(CATALOGUE, BEFORE.model_copy(update={"halts": {"in": Halt(since=SINCE, reason="a drill")}}))
    names = sources(CATALOGUE, INDIA)
    check(halted, PROD, names, steps(Strategy.IMMEDIATE, names))
    assert shares(halted, PROD)["trading-in"] == {}


# Each step over another one, and each again over itself, is what it is from the start.
@pytest.mark.parametrize("strategy", Strategy)
def test_a_step_says_all_that_is_in_force_and_going_back_is_exact(strategy: Strategy) -> None:
    drill = Shift(keeps=0.4, since=SINCE, reason="a trial elsewhere")
    before = Operation(
        id=PROD, shifts={"nautilus-enterprise-us-west-1": drill}, halts={"jp": Halt(since=SINCE, reason="a drill")}
    )
    reached = before
    for step in steps(strategy, (WEST, CENTRAL)):
        fresh = operation(before, step, since=SINCE, reason="a drill")
        reached = operation(reached, step, since=SINCE, reason="a drill")
        assert reached == fresh == operation(fresh, step, since=SINCE, reason="a drill")
        assert reached.halts == before.halts
        assert reached.shifts["nautilus-enterprise-us-west-1"] == drill
        moved = {name: (shift.keeps, shift.tiers) for name, shift in reached.shifts.items() if shift != drill}
        wanted = {} if step.keeps == 1 else dict.fromkeys((WEST, CENTRAL), (step.keeps, tuple(sorted(step.tiers))))
        assert moved == wanted
    back = operation(reached, Step(title="as it was", keeps=1, sources=(WEST, CENTRAL)), since=SINCE, reason="a drill")
    assert back == before
    assert shares(under(CATALOGUE, back), PROD) == shares(under(CATALOGUE, before), PROD)


def test_a_name_is_a_placement_a_cluster_a_location_or_a_cloud() -> None:
    assert sources(CATALOGUE, WEST) == (WEST,)
    assert sources(CATALOGUE, "eu-west-1") == (WEST,)
    assert sources(CATALOGUE, "asia-south-1") == (INDIA, f"{INDIA}-standby")
    assert sources(CATALOGUE, f"{INDIA}-standby") == (f"{INDIA}-standby",)
    assert sources(CATALOGUE, "gcp/asia-southeast1") == ("nautilus-enterprise-asia-se-1-standby",)
    assert set(sources(CATALOGUE, "azure")) == {name for name, place in PLACES.items() if place.cloud == "azure"}


@pytest.mark.parametrize("where", ["atlantis", "standby", "1", ""])
def test_a_name_of_nothing_or_of_several_is_refused(where: str) -> None:
    with pytest.raises(KeyError, match=f"'{where}'"):
        sources(CATALOGUE, where)
