"""Who answers for whom is lawful by derivation, sums to one, and keeps to what is in force (DNS-1…3, FO-1, HALT-1)."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from config.loader import load
from config.model import Algorithm, Catalogue, Cloud, DataClass, EnvironmentName, Halt, Operation, Shift
from nautilus.federation.front import Front, endpoints, fronts
from nautilus.federation.law import may_rest

PROD = EnvironmentName.PROD
WEST = "nautilus-enterprise-eu-west-1"
SINCE = "2026-11-21T09:30:00Z"
CATALOGUE = load(config.root())


def in_force(catalogue: Catalogue, shifts: dict[str, float], halts: tuple[str, ...] = ()) -> Catalogue:
    operation = Operation(
        id=PROD,
        shifts={name: Shift(keeps=keeps, since=SINCE, reason="a drill") for name, keeps in shifts.items()},
        halts={name: Halt(since=SINCE, reason="a drill") for name in halts},
    )
    return catalogue.model_copy(update={"operations": {**catalogue.operations, PROD: operation}})


def shares(front: Front) -> dict[str, float]:
    return {name: share for backend in front.backends for name, share in backend.shares.items()}


def by_id(catalogue: Catalogue) -> dict[str, Front]:
    return {front.id: front for front in fronts(catalogue, PROD)}


def test_every_jurisdiction_has_a_front_of_every_class_and_all_algorithms_are_in_use() -> None:
    found = by_id(CATALOGUE)
    assert set(found) == {f"{service}-{home}" for service in CATALOGUE.traffic.classes for home in CATALOGUE.jurisdictions}
    assert {front.algorithm for front in found.values()} == set(Algorithm)
    assert {front.tier for front in found.values()} == set(range(5))


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_law_says_no_backend_is_unlawful(seed: int) -> None:
    chance = random.Random(seed)
    homes = list(CATALOGUE.jurisdictions)
    rewritten = {
        key: law.model_copy(
            update={
                "data_classes": {
                    data: rule.model_copy(
                        update={"jurisdictions": tuple(sorted({key, *chance.sample(homes, chance.randint(0, len(homes)))}))}
                    )
                    for data, rule in law.data_classes.items()
                }
            }
        )
        for key, law in CATALOGUE.jurisdictions.items()
    }
    changed = CATALOGUE.model_copy(update={"jurisdictions": rewritten})
    places = {
        name: location.id
        for cluster in changed.clusters.values()
        for placement_id, placement in cluster.placements.items()
        for name in [cluster.id if placement_id == "main" else f"{cluster.id}-{placement_id}"]
        for location in [changed.locations[placement.location]]
    }
    for front in fronts(changed, PROD):
        for name in shares(front):
            place = changed.locations[places[name]]
            assert may_rest(changed.jurisdictions, front.jurisdiction, front.data, place).lawful, (front.id, name)


def test_nothing_of_indian_persons_or_trades_is_answered_outside_india() -> None:
    for front in fronts(CATALOGUE, PROD):
        if front.jurisdiction == "in" and front.data in (DataClass.PII, DataClass.FINANCIAL):
            assert {backend.jurisdiction for backend in front.backends} == {"in"}


def test_a_front_of_tier_0_has_backends_on_two_clouds() -> None:
    for front in fronts(CATALOGUE, PROD):
        if front.tier == 0:
            assert len({backend.cloud for backend in front.backends}) >= 2, front.id


@settings(deadline=None)  # the first example loads the solver
@given(
    st.dictionaries(
        st.sampled_from(sorted(name for names in endpoints(CATALOGUE).values() for name in names)),
        st.floats(min_value=0, max_value=1, allow_nan=False),
        max_size=6,
    )
)
def test_shares_sum_to_one_whatever_is_shifted_and_only_lawful_backends_take_over(shifts: dict[str, float]) -> None:
    before = by_id(CATALOGUE)
    for front in fronts(in_force(CATALOGUE, shifts), PROD):
        assert math.isclose(math.fsum(shares(front).values()), 1, abs_tol=1e-9)
        assert set(shares(front)) == set(shares(before[front.id]))


@pytest.mark.parametrize("keeps", [0.75, 0.5, 0.25, 0.0])
def test_what_a_placement_gives_up_goes_to_the_next_in_the_lawful_order(keeps: float) -> None:
    front = by_id(in_force(CATALOGUE, {WEST: keeps}))["trading-eu"]
    assert shares(front) == {
        WEST: keeps,
        "nautilus-enterprise-eu-central-1": 1 - keeps,
        "nautilus-enterprise-uk-south-1": 0.0,
    }


def test_a_standby_serves_as_soon_as_it_has_a_share() -> None:
    front = by_id(in_force(CATALOGUE, {"nautilus-enterprise-asia-south-1": 0.0}))["trading-in"]
    assert [(backend.cloud, backend.standby, backend.share) for backend in front.backends] == [
        (Cloud.GCP, False, 0.0),
        (Cloud.AWS, False, 1.0),
    ]


def test_where_every_lawful_placement_is_shifted_away_from_all_keep_what_they_have() -> None:
    names = ("nautilus-enterprise-asia-south-1", "nautilus-enterprise-asia-south-1-standby")
    assert shares(by_id(in_force(CATALOGUE, dict.fromkeys(names, 0.0)))["trading-in"]) == {names[0]: 1.0, names[1]: 0.0}


def test_a_halted_jurisdiction_serves_nobody_its_own_or_others() -> None:
    found = by_id(in_force(CATALOGUE, {}, halts=("eu",)))
    for front in found.values():
        assert front.halted is (front.jurisdiction == "eu")
        if front.jurisdiction != "eu":
            assert "eu" not in {backend.jurisdiction for backend in front.backends}
        else:
            assert sum(shares(front).values()) == 0
    assert "eu" in {backend.jurisdiction for backend in by_id(CATALOGUE)["trading-uk"].backends}


def test_a_halted_jurisdiction_takes_nothing_that_a_shift_of_another_frees() -> None:
    names = [name for backend in by_id(CATALOGUE)["trading-us"].backends if backend.home for name in backend.shares]
    shifted = dict.fromkeys(names, 0.0)
    assert {one.jurisdiction for one in by_id(in_force(CATALOGUE, shifted))["trading-us"].backends if one.share} == {"ca"}
    front = by_id(in_force(CATALOGUE, shifted, halts=("ca",)))["trading-us"]
    assert {backend.jurisdiction for backend in front.backends} == {"us"}
    assert math.isclose(math.fsum(shares(front).values()), 1)


def test_a_compliance_aware_front_gives_no_share_to_another_jurisdiction() -> None:
    trading = CATALOGUE.traffic.classes["trading"].model_copy(update={"algorithm": Algorithm.COMPLIANCE})
    classes = {**CATALOGUE.traffic.classes, "trading": trading}
    changed = CATALOGUE.model_copy(update={"traffic": CATALOGUE.traffic.model_copy(update={"classes": classes})})
    homes = [backend for backend in by_id(changed)["trading-us"].backends if backend.home]
    shifted = in_force(changed, {name: 0.0 for backend in homes for name in backend.shares})
    front = by_id(shifted)["trading-us"]
    assert any(not backend.home for backend in front.backends)
    assert math.isclose(math.fsum(backend.share for backend in front.backends if backend.home), 1)


def test_the_same_catalogue_gives_the_same_fronts() -> None:
    assert fronts(CATALOGUE, PROD) == fronts(load(config.root()), PROD)
