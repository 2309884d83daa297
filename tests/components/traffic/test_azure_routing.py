"""How fronts become Traffic Manager profiles: standby last, weights whole, each algorithm its method."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.traffic import azure_routing
from components.traffic.args import Endpoint
from components.traffic.azure_routing import Method, Profile
from config.model import Algorithm, Cloud, DataClass, Location, Source
from nautilus.federation.front import Backend, Front

PLACES = {"eu-aws": "DE", "eu-gcp": "BE", "eu-azure": "DE", "uk-azure": "GB", "uk-aws": "GB"}
REGIONS = {
    "eu-aws": "germanywestcentral",
    "eu-gcp": "westeurope",
    "eu-azure": "germanywestcentral",
    "uk-azure": "uksouth",
    "uk-aws": "uksouth",
}


def location(endpoint: str) -> Location:
    jurisdiction, cloud = endpoint.split("-")
    return Location(
        id=f"{cloud}/somewhere",
        cloud=Cloud(cloud),
        region="somewhere",
        place="Somewhere",
        country=PLACES[endpoint],
        jurisdiction=jurisdiction,
        latitude=50,
        longitude=8,
        zones=("1",),
        source=Source(document="a test", verified=False),
    )


def endpoints() -> dict[str, Endpoint]:
    return {key: Endpoint(id=key, location=location(key), address=pulumi.Output.from_input("192.0.2.1")) for key in PLACES}


def backend(endpoint: str, share: float = 0.0, *, standby: bool = False) -> Backend:
    jurisdiction, cloud = endpoint.split("-")
    return Backend(
        endpoint=endpoint,
        jurisdiction=jurisdiction,
        cloud=Cloud(cloud),
        home=jurisdiction == "eu",
        standby=standby,
        shares={"one": share} if share else {},
    )


def front(algorithm: Algorithm, *backends: Backend, **changes: Any) -> Front:
    given: dict[str, Any] = {
        "id": "risk-eu",
        "service": "risk",
        "jurisdiction": "eu",
        "tier": 1,
        "data": DataClass.FINANCIAL,
        "algorithm": algorithm,
        "affinity": True,
        "port": 9443,
        "countries": ("BE", "DE", "FI", "FR"),
        "backends": backends,
        "halted": False,
    }
    return Front(**{**given, **changes})


def routed(algorithm: Algorithm, *backends: Backend) -> Profile:
    return azure_routing.profile(front(algorithm, *backends), endpoints(), REGIONS)


TWO = (backend("eu-aws", 0.75), backend("eu-gcp", 0.25), backend("uk-azure", standby=True))


def order(profile: Profile) -> list[str]:
    return [member.name for member in profile.members]


def test_latency_goes_to_the_nearest_and_then_to_the_standby() -> None:
    made = routed(Algorithm.LATENCY, *TWO)
    assert (made.method, order(made)) == (Method.PRIORITY, ["active", "uk-azure"])
    (inner,) = made.nested()
    assert inner.method is Method.PERFORMANCE
    assert [(one.endpoint, one.region) for one in inner.members] == [
        ("eu-aws", "germanywestcentral"),
        ("eu-gcp", "westeurope"),
    ]


@pytest.mark.parametrize("algorithm", [Algorithm.WEIGHTED, Algorithm.LOAD_BALANCED, Algorithm.OPTIMISED])
def test_weights_are_the_shares(algorithm: Algorithm) -> None:
    made = routed(algorithm, *TWO)
    assert order(made) == ["active", "uk-azure"]
    (inner,) = made.nested()
    assert inner.method is Method.WEIGHTED
    assert {one.endpoint: one.weight for one in inner.members} == {"eu-aws": 750, "eu-gcp": 250}


def test_weighted_alone_is_outermost() -> None:
    made = routed(Algorithm.WEIGHTED, *TWO[:2])
    assert (made.role, made.method, made.nested()) == ("", Method.WEIGHTED, ())


def test_a_share_of_nothing_stands_behind() -> None:
    made = routed(Algorithm.WEIGHTED, backend("eu-aws", 1.0), backend("eu-gcp"), backend("uk-azure", standby=True))
    assert (made.method, order(made)) == (Method.PRIORITY, ["eu-aws", "eu-gcp", "uk-azure"])


def test_no_shares_at_all_leave_the_order() -> None:
    made = routed(Algorithm.WEIGHTED, backend("eu-aws"), backend("eu-gcp"))
    assert {one.endpoint: one.weight for one in made.members} == {"eu-aws": 500, "eu-gcp": 500}


def test_health_priority_is_a_chain_that_begins_where_the_share_is() -> None:
    backends = (backend("eu-aws"), backend("eu-gcp", 1.0), backend("uk-azure", standby=True))
    made = routed(Algorithm.HEALTH_PRIORITY, *backends)
    assert (made.method, order(made)) == (Method.PRIORITY, ["eu-gcp", "eu-aws", "uk-azure"])
    halted = routed(Algorithm.HEALTH_PRIORITY, *(backend(one.endpoint, standby=one.standby) for one in backends))
    assert (halted.method, order(halted)) == (Method.PRIORITY, ["eu-aws", "eu-gcp", "uk-azure"])


def test_a_shift_weighs_even_under_health_priority() -> None:
    made = routed(Algorithm.HEALTH_PRIORITY, backend("eu-aws", 0.5), backend("uk-azure", 0.5))
    assert {one.endpoint: one.weight for one in made.members} == {"eu-aws": 500, "uk-azure": 500}


def test_a_foreign_endpoint_serves_where_a_shift_gives_it_everything() -> None:
    made = routed(Algorithm.LATENCY, backend("eu-aws"), backend("eu-gcp"), backend("uk-azure", 1.0))
    assert (made.method, order(made)) == (Method.PRIORITY, ["uk-azure", "eu-aws", "eu-gcp"])


def test_compliance_answers_home_countries_with_home_endpoints_by_their_shares() -> None:
    made = routed(Algorithm.COMPLIANCE, *TWO)
    assert made.method is Method.GEOGRAPHIC
    assert [(one.name, one.countries) for one in made.members] == [("home", ("BE", "DE", "FI", "FR"))]
    (inner,) = made.nested()
    assert inner.method is Method.WEIGHTED
    assert {one.endpoint: one.weight for one in inner.members} == {"eu-aws": 750, "eu-gcp": 250}


def test_compliance_keeps_a_home_standby_behind_the_others() -> None:
    made = routed(Algorithm.COMPLIANCE, *TWO, backend("eu-azure", standby=True))
    active, home = made.nested()
    assert (active.role, active.method, order(active)) == ("active", Method.WEIGHTED, ["eu-aws", "eu-gcp"])
    assert (home.role, home.method, order(home)) == ("home", Method.PRIORITY, ["active", "eu-azure"])


@pytest.mark.parametrize("algorithm", [one for one in Algorithm if one is not Algorithm.COMPLIANCE])
def test_shares_decide_while_a_shift_is_on_its_way(algorithm: Algorithm) -> None:
    made = azure_routing.profile(front(algorithm, *TWO, shifting=True), endpoints(), REGIONS)
    assert (made.method, order(made)) == (Method.PRIORITY, ["active", "uk-azure"])
    (inner,) = made.nested()
    assert (inner.method, {one.endpoint: one.weight for one in inner.members}) == (
        Method.WEIGHTED,
        {"eu-aws": 750, "eu-gcp": 250},
    )


def test_geolocation_goes_by_country_and_covers_the_world() -> None:
    backends = (backend("eu-aws", 0.4), backend("eu-gcp", 0.3), backend("eu-azure", 0.3), backend("uk-azure", standby=True))
    made = routed(Algorithm.GEOLOCATION, *backends)
    assert [(one.name, one.countries) for one in made.members] == [
        ("area-de", ("DE", "FI", "FR", "WORLD")),
        ("area-be", ("BE",)),
    ]
    inner = {one.role: one for one in made.nested()}
    assert order(inner["area-de"]) == ["near-de", "eu-gcp", "uk-azure"]
    assert order(inner["area-be"]) == ["eu-gcp", "eu-aws", "eu-azure", "uk-azure"]
    assert (inner["near-de"].method, order(inner["near-de"])) == (Method.PERFORMANCE, ["eu-aws", "eu-azure"])


def test_inner_profiles_come_before_those_that_hold_them() -> None:
    backends = (backend("eu-aws", 0.4), backend("eu-azure", 0.6))
    assert [one.role for one in routed(Algorithm.GEOLOCATION, *backends).nested()] == ["near-de", "area-de"]


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_front_without_backends_has_a_profile_without_members(algorithm: Algorithm) -> None:
    assert routed(algorithm).members == ()


@pytest.mark.parametrize("algorithm", [Algorithm.LATENCY, Algorithm.GEOLOCATION])
def test_a_backend_without_a_region_is_an_error(algorithm: Algorithm) -> None:
    backends = (backend("eu-aws", 0.4), backend("eu-azure", 0.6))
    with pytest.raises(KeyError, match="eu-aws"):
        azure_routing.profile(front(algorithm, *backends), endpoints(), {})


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.9, 0.1), (900, 100)),
        ((1 / 3, 1 / 3, 1 / 3), (334, 333, 333)),
        ((0.29, 0.71), (290, 710)),
        ((1.0, 0.0001), (999, 1)),
        ((0.0, 0.0), (500, 500)),
    ],
)
def test_weights_by_largest_remainder(shares: tuple[float, ...], expected: tuple[int, ...]) -> None:
    made = azure_routing.weights({str(place): share for place, share in enumerate(shares)})
    assert tuple(made.values()) == expected


def test_refuses_negative_shares() -> None:
    with pytest.raises(ValueError, match="each must be at least 0"):
        azure_routing.weights({"one": -0.1})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=1, max_size=4), st.floats(0, 1), min_size=1, max_size=20))
def test_weights_add_up_and_repeat(shares: dict[str, float]) -> None:
    made = azure_routing.weights(shares)
    assert sum(made.values()) == azure_routing.TOTAL
    assert set(made) == set(shares)
    assert all(1 <= weight <= azure_routing.TOTAL for weight in made.values())
    assert made == azure_routing.weights(shares)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(list(Algorithm)),
    st.lists(
        st.tuples(st.sampled_from(sorted(PLACES)), st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.booleans()),
        unique_by=lambda one: one[0],
        max_size=5,
    ),
)
def test_each_target_once_a_profile_and_none_invented(algorithm: Algorithm, wanted: list[tuple[str, float, bool]]) -> None:
    backends = tuple(backend(name, share, standby=standby) for name, share, standby in wanted)
    made = routed(algorithm, *backends)
    known = {one.endpoint for one in backends}
    for one in (made, *made.nested()):
        targets = [member.endpoint for member in one.members if member.endpoint]
        assert len(targets) == len(set(targets))
        assert set(targets) <= known
    if algorithm is Algorithm.COMPLIANCE:
        named = [member.endpoint for one in made.nested() for member in one.members if member.endpoint]
        assert sorted(named) == sorted(one.endpoint for one in backends if one.home)
