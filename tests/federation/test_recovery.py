"""Recovery times follow from planned settings, and who takes over from the law (FO-3, FO-4, HALT-1)."""

from __future__ import annotations

import math

import pytest

import config
from config.loader import load
from config.model import Group, Mechanism, Role, Scenario
from nautilus.federation.front import fronts
from nautilus.federation.law import may_rest
from nautilus.federation.loss import Scope, lose, sites
from nautilus.federation.planned import UNKNOWN, Plan, Planned
from nautilus.federation.recovery import NO_STORE, UNREAD_STORE, Outcome, Recoveries, Verdict, worst
from tests.federation import plans

CATALOGUE = load(config.root())
WHOLE = plans.whole(CATALOGUE)


def recoveries(planned: tuple[Planned, ...] = WHOLE) -> Recoveries:
    return Recoveries(Plan(planned), CATALOGUE, plans.ENVIRONMENT)


def of(scenario: Scenario, planned: tuple[Planned, ...] = WHOLE) -> tuple[Outcome, ...]:
    return recoveries(planned).of(scenario)


@pytest.mark.parametrize("scenario", list(Scenario))
def test_the_declared_settings_meet_each_scenario_or_an_accepted_figure(scenario: Scenario) -> None:
    found = of(scenario)
    assert found
    assert {outcome.verdict for outcome in found} <= {Verdict.MET, Verdict.ACCEPTED, Verdict.NONE}


@pytest.mark.parametrize("scenario", [Scenario.REGION, Scenario.PROVIDER, Scenario.TRADING, Scenario.PARTITION])
def test_where_nothing_is_planned_nobody_recovers(scenario: Scenario) -> None:
    bare = tuple(plans.resource(group, "a:b:C", "else") for group in ("federation", *Group))
    found = of(scenario, bare)
    assert found
    assert {(outcome.verdict, math.isinf(outcome.rto_s)) for outcome in found} == {(Verdict.MISSED, True)}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        # 10 s times 1 and 6 s over HTTPS, 10 s to spread, TTL 5 s, 1 s to reconnect.
        (Mechanism.AWS_NAMES, 32),
        # 30 s times 1 and 5 s, 5 s to spread, TTL 5 s, 1 s.
        (Mechanism.GCP_NAMES, 46),
        # 10 s times 1 and 5 s, 5 s to spread, TTL 5 s, 1 s.
        (Mechanism.AZURE_NAMES, 26),
    ],
)
def test_names_take_interval_timeout_spread_and_ttl(by: Mechanism, expected: float) -> None:
    found = [outcome for outcome in of(Scenario.PROVIDER) if outcome.chain is not None and outcome.chain.by == by]
    assert {outcome.rto_s for outcome in found} == {expected}


def test_a_balancer_with_two_placements_moves_clients_without_names() -> None:
    north, west = (CATALOGUE.clusters[f"nautilus-enterprise-eu-{end}"] for end in ("north-1", "west-1"))
    second = north.model_copy(update={"role": Role.REGIONAL, "data_classes": west.data_classes})
    catalogue = CATALOGUE.model_copy(update={"clusters": {**CATALOGUE.clusters, north.id: second}})
    found = Recoveries(Plan(plans.whole(catalogue)), catalogue, plans.ENVIRONMENT)
    lost = found.lose(lose(catalogue, Scope.LOCATION, "gcp/europe-west1"))
    moved = [outcome for outcome in lost if outcome.front == "client-eu"]
    # 1 s times 2 and 1 s, 2 s to every edge, 1 s to reconnect.
    assert [(one.chain and one.chain.by, one.rto_s) for one in moved] == [(Mechanism.GCP_ANYCAST, 6)]
    assert moved[0].takes_over == (north.id,)
    assert moved[0].provider == ""


def test_who_takes_over_is_a_lawful_endpoint_of_the_front_and_is_not_lost() -> None:
    by_id = {front.id: front for front in fronts(CATALOGUE, plans.ENVIRONMENT)}
    for outcome in of(Scenario.PROVIDER):
        front = by_id[outcome.front]
        endpoints = {backend.endpoint: backend for backend in front.backends}
        assert outcome.takes_over
        for name in outcome.takes_over:
            assert name in endpoints
            assert endpoints[name].cloud.value != outcome.loss.removeprefix("cloud ")
            for placement in endpoints[name].shares:
                place = CATALOGUE.locations[sites(CATALOGUE)[placement].location]
                assert may_rest(CATALOGUE.jurisdictions, front.jurisdiction, front.data, place).lawful


def test_names_of_a_lost_cloud_do_not_answer() -> None:
    for outcome in of(Scenario.PROVIDER):
        assert outcome.provider != outcome.loss.removeprefix("cloud ")


@pytest.mark.parametrize(
    ("name", "inputs", "dominant"),
    [
        ("names-gcp-trading-us-record", {"ttl": 300}, "names-gcp-trading-us-record"),
        ("names-aws-trading-us-us-aws-record", {"ttl": 300}, "names-aws-trading-us-us-aws-record"),
        ("names-azure-trading-us-profile", {"dnsConfig": {"ttl": 300}}, "names-azure-trading-us-profile"),
        (
            "names-aws-us-aws-trading-health",
            {"requestInterval": 30, "failureThreshold": 2},
            "names-aws-us-aws-trading-health",
        ),
        ("names-gcp-trading-health", {"checkIntervalSec": 60}, "names-gcp-trading-health"),
    ],
)
def test_a_slow_record_or_probe_is_a_miss_that_names_it(name: str, inputs: dict[str, object], dominant: str) -> None:
    found = of(Scenario.REGION, plans.changed(WHOLE, name, **inputs))
    assert found[0].verdict is Verdict.MISSED
    assert found[0].chain is not None
    assert found[0].chain.dominant.subject == dominant
    assert found[0].chain.dominant.urn.endswith(f"::{dominant}")


@pytest.mark.parametrize(
    ("name", "inputs", "says"),
    [
        ("names-gcp-trading-us-record", {"ttl": UNKNOWN}, "ttl is unknown or secret"),
        ("names-gcp-trading-us-record", {"ttl": None}, "ttl is not set"),
        ("names-gcp-trading-us-record", {"ttl": "soon"}, "ttl is no figure"),
        ("names-gcp-trading-health", {"checkIntervalSec": UNKNOWN}, "checkIntervalSec is unknown or secret"),
        (
            "names-azure-trading-us-profile",
            {"monitorConfig": UNKNOWN},
            "monitorConfig.intervalInSeconds is unknown or secret",
        ),
    ],
)
def test_what_cannot_be_read_is_missed(name: str, inputs: dict[str, object], says: str) -> None:
    found = of(Scenario.REGION, plans.changed(WHOLE, name, **inputs))[0]
    assert found.verdict is Verdict.MISSED
    assert math.isinf(found.rto_s)
    assert found.chain is not None
    assert found.chain.dominant.says == says


@pytest.mark.parametrize(
    "name", ["names-gcp-trading-us-record", "names-azure-trading-us-profile", "names-aws-us-aws-trading-health"]
)
def test_what_is_not_planned_is_missed(name: str) -> None:
    found = of(Scenario.REGION, plans.without(WHOLE, name))[0]
    assert found.verdict is Verdict.MISSED
    assert found.chain is not None
    assert (found.chain.dominant.subject, found.chain.dominant.says) == (name, "not planned")


def test_an_alias_of_a_balancer_lives_sixty_seconds_and_one_in_the_zone_as_long_as_what_it_leads_to() -> None:
    name = "names-aws-trading-us-us-aws-record"
    inner = plans.changed(WHOLE, name, ttl=None, aliases=[{"name": "active.x", "evaluateTargetHealth": True}])
    assert of(Scenario.REGION, inner)[0].verdict is Verdict.ACCEPTED
    own = plans.changed(WHOLE, name, ttl=None, aliases=[{"name": UNKNOWN, "evaluateTargetHealth": False}])
    found = of(Scenario.REGION, own)[0]
    assert found.verdict is Verdict.MISSED
    assert found.chain is not None
    assert found.chain.dominant.mend == "answer with the accelerator's addresses and a TTL instead of an alias"


def test_a_tcp_check_does_not_see_behind_a_balancer_that_answers_by_itself() -> None:
    blind = plans.changed(WHOLE, "names-aws-in-gcp-trading-health", type="TCP")
    found = [
        one
        for one in recoveries(blind).lose(lose(CATALOGUE, Scope.LOCATION, "gcp/asia-south1"))
        if one.front == "trading-in"
    ]
    assert found[0].provider == "aws"
    assert found[0].chain is not None
    assert "bare TCP" in found[0].chain.dominant.says
    # With the whole cloud gone its edge does not answer either.
    lost = recoveries(blind).lose(lose(CATALOGUE, Scope.CLOUD, "gcp"))
    aws = [one for one in lost if one.front == "trading-in" and one.provider == "aws"]
    # A TCP check waits 10 s where an HTTPS one waits 6.
    assert [one.rto_s for one in aws] == [36]


def test_a_node_of_the_trading_system_is_left_by_its_entry() -> None:
    nodes = [one for one in of(Scenario.TRADING) if one.loss.startswith("a node of")]
    by = {one.chain.by: one.rto_s for one in nodes if one.chain is not None}
    # A refused connection shows at once: 5 s times 2, 1 s times 2 and 2 s to the edges, 5 s times 1; 1 s to reconnect.
    assert by == {Mechanism.AWS_ENTRY: 11, Mechanism.GCP_ANYCAST: 5, Mechanism.AZURE_ENTRY: 6}
    assert {one.tier.tier for one in nodes if one.tier is not None} == {0}


def test_a_slow_entry_probe_is_a_miss_that_names_it() -> None:
    health = {"interval": 30, "unhealthyThreshold": 2, "timeout": 10}
    name = "nautilus-enterprise-us-east-1-entry-trading-targets"
    found = of(Scenario.TRADING, plans.changed(WHOLE, name, healthCheck=health))[0]
    assert found.verdict is Verdict.MISSED
    assert found.chain is not None
    assert found.chain.dominant.subject == name


def test_a_region_stack_alone_is_judged_by_its_entries() -> None:
    emea = plans.stack(WHOLE, "emea")
    assert of(Scenario.REGION, emea) == ()
    assert {outcome.loss.startswith("a node of") for outcome in of(Scenario.TRADING, emea)} == {True}


def test_the_federation_stack_alone_is_judged_by_balancers_and_names() -> None:
    alone = plans.stack(WHOLE, "federation")
    assert of(Scenario.PROVIDER, alone) == of(Scenario.PROVIDER)
    assert {outcome.verdict for outcome in of(Scenario.REGION, alone)} <= {Verdict.MET, Verdict.ACCEPTED}


def test_a_halt_ends_when_resolvers_forget_that_there_was_no_address() -> None:
    assert of(Scenario.REGULATORY_HALT)[0].verdict is Verdict.MET
    found = of(Scenario.REGULATORY_HALT, plans.without(WHOLE, "names-aws-soa-record"))[0]
    # The engine's 120 s, 10 s to spread, Route 53's own 900 s and 1 s.
    assert (found.rto_s, found.provider, found.verdict) == (1031, "aws", Verdict.MISSED)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [({"ttl": 900, "records": ["ns. mail. 1 7200 900 1209600 5"]}, 5), ({"ttl": 20, "records": [UNKNOWN]}, 20)],
)
def test_the_lesser_of_ttl_and_minimum_is_the_negative_ttl(inputs: dict[str, object], expected: float) -> None:
    found = of(Scenario.REGULATORY_HALT, plans.changed(WHOLE, "names-aws-soa-record", **inputs))
    kept = {outcome.rto_s - 131 for outcome in found if outcome.provider == "aws"}
    assert kept == {expected}


def test_no_store_is_neither_met_nor_missed_and_an_unread_one_is_missed() -> None:
    found = of(Scenario.DATABASE)
    assert [(one.recovery_point, one.verdict) for one in found] == [(NO_STORE, Verdict.NONE)]
    store = plans.resource("emea", "aws:rds/cluster:Cluster", "store")
    found = of(Scenario.DATABASE, (*WHOLE, store))
    assert [(one.recovery_point, one.verdict) for one in found] == [(UNREAD_STORE, Verdict.MISSED)]


def test_the_target_is_the_stricter_of_scenario_and_tier() -> None:
    rows = worst(of(Scenario.REGION))
    assert [(row.tier.tier, row.target_s) for row in rows if row.tier is not None] == [
        (0, 0),
        (1, 5),
        (2, 15),
        (3, 15),
        (4, 15),
    ]
