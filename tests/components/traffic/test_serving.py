"""Who serves and who stands behind: the same at all three providers of names, and by shares while a shift is on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from components.traffic import azure_routing, gcp_policies
from components.traffic.args import Endpoint
from components.traffic.aws_names import AwsNames
from components.traffic.serving import serving
from config.loader import load
from config.model import Algorithm, Catalogue, EnvironmentName, Operation, Shift
from nautilus.federation.front import Backend, Front, endpoints, fronts
from tests.components.traffic.aws_traffic import OUTPUTS, backend, front, names_args

RECORD = "aws:route53/record:Record"
PROD = EnvironmentName.PROD
CATALOGUE = load(config.root())
PLACEMENT = "nautilus-enterprise-eu-west-1"
WHERE = {"us-aws": "one", "us-gcp": "two", "us-azure": "three", "ca-aws": "four"}
HALF = (backend("us-aws", 0.75), backend("us-gcp", 0.25))
BEHIND = (backend("us-azure", 0.0, standby=True), backend("ca-aws", 0.0, standby=True, home=False))


def ids(found: tuple[Backend, ...]) -> list[str]:
    return [one.endpoint for one in found]


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_those_with_a_share_serve_and_the_others_stand_behind_in_their_order(algorithm: Algorithm) -> None:
    drained = backend("us-aws", 0.0)
    found = serving(front(algorithm, drained, backend("us-gcp", 1.0), *BEHIND))
    foreign = [] if algorithm is Algorithm.COMPLIANCE else ["ca-aws"]
    assert (ids(found.active), ids(found.behind)) == (["us-gcp"], ["us-aws", "us-azure", *foreign])


def test_without_shares_all_that_are_no_standby_serve_and_under_health_priority_the_first() -> None:
    alike = (backend("us-aws", 0.0), backend("us-gcp", 0.0), *BEHIND)
    assert ids(serving(front(Algorithm.LATENCY, *alike)).active) == ["us-aws", "us-gcp"]
    found = serving(front(Algorithm.HEALTH_PRIORITY, *alike))
    assert (ids(found.active), ids(found.behind)) == (["us-aws"], ["us-gcp", "us-azure", "ca-aws"])


def test_where_all_stand_by_the_first_serves() -> None:
    found = serving(front(Algorithm.WEIGHTED, *BEHIND))
    assert (ids(found.active), ids(found.behind)) == (["us-azure"], ["ca-aws"])


def test_nobody_serves_without_a_lawful_backend() -> None:
    assert serving(front(Algorithm.COMPLIANCE, BEHIND[1])).active == ()


@pytest.mark.parametrize(
    ("algorithm", "shifting", "by_share"),
    [
        (Algorithm.LATENCY, False, False),
        (Algorithm.LATENCY, True, True),
        (Algorithm.GEOLOCATION, False, False),
        (Algorithm.GEOLOCATION, True, True),
        (Algorithm.COMPLIANCE, False, True),
        (Algorithm.HEALTH_PRIORITY, False, True),
        (Algorithm.WEIGHTED, False, True),
    ],
)
def test_when_shares_decide(algorithm: Algorithm, shifting: bool, by_share: bool) -> None:
    assert serving(front(algorithm, *HALF, shifting=shifting)).by_share is by_share


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(list(Algorithm)),
    st.lists(
        st.tuples(st.sampled_from(sorted(WHERE)), st.sampled_from([0.0, 0.25, 0.75]), st.booleans()),
        unique_by=lambda one: one[0],
        max_size=4,
    ),
    st.booleans(),
)
def test_each_lawful_backend_is_in_one_of_the_two(
    algorithm: Algorithm, wanted: list[tuple[str, float, bool]], shifting: bool
) -> None:
    backends = tuple(
        backend(name, 0.0 if standby else share, standby=standby, home=name != "ca-aws") for name, share, standby in wanted
    )
    found = serving(front(algorithm, *backends, shifting=shifting))
    lawful = [one.endpoint for one in backends if one.home or algorithm is not Algorithm.COMPLIANCE]
    assert sorted(ids(found.active) + ids(found.behind)) == sorted(lawful)
    assert bool(found.active) is bool(lawful)
    assert ids(found.behind) == [name for name in lawful if name in ids(found.behind)]
    assert not any(one.share for one in found.behind)


def at_aws(record: Callable[..., Any], args: Any, found: Mapping[str, Front]) -> dict[str, dict[str, float]]:
    """What Route 53's records at `weighted` give each endpoint of each front, in 0…1."""
    made = record(lambda: AwsNames("names-aws", args()), OUTPUTS).of(RECORD)
    shares: dict[str, dict[str, float]] = {}
    for one in made.values():
        label, _, rest = str(one["name"]).partition(".")
        if label == "weighted":
            weight = one["weightedRoutingPolicies"][0]["weight"]
            shares.setdefault(rest.partition(".")[0], {})[one["setIdentifier"]] = weight / 100
    return {name: shares[name] for name in found if name in shares}


def at_azure(one: Front, places: Mapping[str, Endpoint], regions: Mapping[str, str]) -> dict[str, float]:
    """What Traffic Manager's weighted profile of a front gives each endpoint, in 0…1."""
    made = azure_routing.profile(one, places, regions)
    weighted = [two for two in (made, *made.nested()) if two.method is azure_routing.Method.WEIGHTED]
    return {str(leaf.endpoint): (leaf.weight or 0) / azure_routing.TOTAL for two in weighted for leaf in two.members}


def at_gcp(one: Front, regions: Mapping[str, str]) -> dict[str, float]:
    """What Cloud DNS's weighted set of a front gives each endpoint, in 0…1; those that stand by left out."""
    made = gcp_policies.policy(one, regions)
    assert isinstance(made, gcp_policies.Weighted)
    return {name: weight / gcp_policies.WEIGHTS for name, weight in made.weights.items() if weight}


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_shift_under_way_gives_the_same_shares_at_all_three(
    record: Any, aws_location: Any, aws_account: Any, labels: Any, algorithm: Algorithm
) -> None:
    one = front(algorithm, *HALF, *BEHIND, shifting=True)
    args = names_args(aws_location, aws_account, labels, one)
    wanted = {"us-aws": 0.75, "us-gcp": 0.25}
    assert at_aws(record, lambda: args, args.fronts) == {one.id: wanted}
    assert at_azure(one, args.endpoints, WHERE) == wanted
    assert at_gcp(one, WHERE) == wanted


def shifted(keeps: float) -> Catalogue:
    shift = Shift(keeps=keeps, since="2026-11-21T09:30:00Z", reason="a drill")
    return CATALOGUE.model_copy(
        update={"operations": {**CATALOGUE.operations, PROD: Operation(id=PROD, shifts={PLACEMENT: shift}, halts={})}}
    )


@pytest.mark.parametrize("keeps", [0.75, 0.5, 0.25])
def test_every_front_of_production_that_a_shift_touches_is_weighted_alike(
    record: Any, aws_location: Any, aws_account: Any, labels: Any, keeps: float
) -> None:
    found = {one.id: one for one in fronts(shifted(keeps), PROD)}
    touched = {key: one for key, one in found.items() if one.shifting}
    untouched = {one.id: one for one in fronts(CATALOGUE, PROD)}
    assert {key for key, one in found.items() if one != untouched[key]} == set(touched)
    assert {one.jurisdiction for one in touched.values()} == {"eu"}
    places = {
        name: Endpoint(id=name, location=aws_location, address=pulumi.Output.from_input("34.1.2.3"))
        for name in endpoints(CATALOGUE)
    }
    regions = {name: f"region-{number}" for number, name in enumerate(places)}
    args = names_args(aws_location, aws_account, labels, *touched.values(), endpoints=places, regions=regions)
    aws = at_aws(record, lambda: args, touched)
    for key, one in touched.items():
        wanted = {two.endpoint: two.share for two in one.backends if two.share}
        assert aws[key] == pytest.approx(wanted, abs=0.01)
        assert at_azure(one, places, regions) == pytest.approx(wanted, abs=0.001)
        assert at_gcp(one, regions) == pytest.approx(wanted, abs=0.001)


def test_nothing_is_under_way_where_nothing_is_in_force_or_everything_has_moved() -> None:
    assert not any(one.shifting for one in fronts(CATALOGUE, PROD))
    assert not any(one.shifting for one in fronts(shifted(0.0), PROD))
