"""Balancers and names follow from the fronts alone; what was not handed over is unknown, then an error (DNS-1…4, HALT-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

import config
from components.traffic.args import AnycastArgs, Endpoint, NamesArgs
from components.traffic.builders import Builders
from components.traffic.builders import builders as real
from config.loader import load
from config.model import Catalogue, Cloud, EnvironmentName, Group, Halt, Operation, Shift
from nautilus.federation.front import endpoints, fronts
from nautilus.federation.plan import PlacementPlan, placements
from stacks import traffic
from stacks.contract import ContractError, PlacementOutput
from stacks.identity import Stack
from tests.fixtures.catalogues import TODAY
from tests.stacks.conftest import Program, Ran, placement

PROD = EnvironmentName.PROD
CATALOGUE = load(config.root(), today=TODAY)
PLANS = {plan.name: plan for group in Group for plan in placements(CATALOGUE, PROD, group)}
SINCE = "2026-11-21T09:30:00Z"
WEST, CENTRAL = "nautilus-enterprise-eu-west-1", "nautilus-enterprise-eu-central-1"


def entry_ids(plan: PlacementPlan) -> tuple[str, ...]:
    return real(plan.cloud).entry_ids(CATALOGUE.traffic.classes, plan.placement.zones)


WHOLE = {
    name: PlacementOutput.model_validate(
        placement(cluster=plan.cluster.id, entry={key: f"{name}-{key}" for key in entry_ids(plan)})
    )
    for name, plan in PLANS.items()
}


@dataclass
class Paper:
    """What the program asked for: each balancer and each provider's names, and through whose provider."""

    anycast: dict[str, AnycastArgs] = field(default_factory=dict)
    names: dict[str, NamesArgs] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    entries: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def note(known: dict[tuple[str, str], dict[str, str]], key: tuple[str, str], entry: Mapping[str, pulumi.Input[str]]) -> None:
    """Keep an entry's values under a key once they are all resolved."""
    resolved: pulumi.Output[Any] = pulumi.Output.all(**entry)
    resolved.apply(lambda got: known.update({key: got}))


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Paper:
    found = Paper()

    def anycast(name: str, args: AnycastArgs, options: pulumi.ResourceOptions) -> SimpleNamespace:
        found.anycast[name] = args
        found.providers[name] = options.provider._name  # type: ignore[union-attr]
        for backing in args.backings.values():
            note(found.entries, (name, backing.placement), backing.entry)
        first = next(iter(args.backings.values()))
        end = Endpoint(id=name.replace("-anycast-", "-"), location=first.location, address=pulumi.Output.from_input(name))
        return SimpleNamespace(endpoint=end)

    def names(name: str, args: NamesArgs, options: pulumi.ResourceOptions) -> None:
        found.names[name] = args
        found.providers[name] = options.provider._name  # type: ignore[union-attr]

    def builders(cloud: Cloud) -> Builders:
        return replace(real(cloud), anycast=anycast, names=names)

    def log_key(name: str, home: PlacementPlan, _: pulumi.ResourceOptions) -> str:
        found.keys.append(name)
        return f"{name} of {home.name}"

    monkeypatch.setattr(traffic, "builders", builders)
    monkeypatch.setattr(traffic, "_log_key", log_key)
    return found


@dataclass
class Runner:
    """Runs `traffic.build` as the federation's program over a catalogue and what was handed over."""

    program: Program
    paper: Paper

    def __call__(
        self, catalogue: Catalogue = CATALOGUE, known: Mapping[str, PlacementOutput] = WHOLE, *, preview: bool = False
    ) -> Ran:
        stack = Stack(name="prod-federation", environment=PROD, group=None, catalogue=catalogue)
        made: dict[str, pulumi.ProviderResource] = {}

        def provider(plan: PlacementPlan) -> pulumi.ProviderResource:
            if plan.name not in made:
                made[plan.name] = pulumi.ProviderResource(plan.cloud.value, plan.name)
            return made[plan.name]

        def body() -> None:
            members = pulumi.Output.from_input(1).apply(lambda _: known)
            self.paper.shares = traffic.build(stack, PLANS, members, provider)

        return self.program(body, preview=preview)


@pytest.fixture
def run(program: Program, paper: Paper) -> Runner:
    return Runner(program, paper)


def in_force(shifts: Mapping[str, float], *halts: str) -> Catalogue:
    operation = Operation(
        id=PROD,
        shifts={name: Shift(keeps=keeps, since=SINCE, reason="a drill") for name, keeps in shifts.items()},
        halts={name: Halt(since=SINCE, reason="a drill") for name in halts},
    )
    return CATALOGUE.model_copy(update={"operations": {**CATALOGUE.operations, PROD: operation}})


@pytest.mark.parametrize(("known", "preview"), [(WHOLE, False), (WHOLE, True), ({}, True)])
def test_every_balancer_and_name_is_declared_whatever_is_known(
    known: Mapping[str, PlacementOutput], preview: bool, run: Runner, paper: Paper
) -> None:
    run(known=known, preview=preview)
    wanted = {"-anycast-".join(name.rsplit("-", 1)): names for name, names in endpoints(CATALOGUE).items()}
    assert {name: tuple(args.backings) for name, args in paper.anycast.items()} == wanted
    assert sorted(paper.names) == ["names-aws", "names-azure", "names-gcp"]
    assert bool(paper.entries) is bool(known)


def test_a_balancer_lies_in_its_own_jurisdictions_account_and_says_what_was_handed_over(run: Runner, paper: Paper) -> None:
    run()
    for name, args in paper.anycast.items():
        home, _, cloud = name.partition("-anycast-")
        assert args.jurisdiction == home
        assert args.account == CATALOGUE.environments[PROD].accounts[home][Cloud(cloud)]
        assert PLANS[paper.providers[name]].jurisdiction.id == home
        assert args.labels["jurisdiction"] == home
        assert args.deletion_protection
        for backing in args.backings.values():
            assert PLANS[backing.placement].jurisdiction.id == home
            assert PLANS[backing.placement].location == backing.location
            assert paper.entries[name, backing.placement] == WHOLE[backing.placement].entry


def test_backings_share_a_balancer_by_what_the_fronts_give_them_and_a_standbys_first_stands_ready(
    run: Runner, paper: Paper
) -> None:
    run()
    for args in paper.anycast.values():
        assert sum(one.share for one in args.backings.values()) == pytest.approx(1)
    india = paper.anycast["in-anycast-aws"].backings
    assert {name: one.share for name, one in india.items()} == {"nautilus-enterprise-asia-south-1-standby": 1.0}


def test_names_are_kept_where_the_federations_state_is_with_every_front_and_endpoint(run: Runner, paper: Paper) -> None:
    run()
    state = CATALOGUE.environments[PROD].state["federation"].jurisdiction
    for cloud in Cloud:
        args = paper.names[f"names-{cloud}"]
        assert PLANS[paper.providers[f"names-{cloud}"]].jurisdiction.id == state
        assert args.account == CATALOGUE.environments[PROD].accounts[state][cloud]
        assert args.location.cloud is cloud
        assert args.fronts == {front.id: front for front in fronts(CATALOGUE, PROD)}
        assert set(args.endpoints) == set(args.regions) == set(endpoints(CATALOGUE))
        assert set(args.regions.values()) <= {one.region for one in CATALOGUE.locations.values() if one.cloud is cloud}
        assert args.domain == f"prod.{CATALOGUE.traffic.domains[cloud]}"
        assert (args.ttl_s, args.probe) == (CATALOGUE.traffic.ttl_s, CATALOGUE.traffic.names[cloud])
        assert (args.log_key is not None) is real(cloud).query_logs
    assert paper.keys == [f"names-{cloud}-keys" for cloud in Cloud if real(cloud).query_logs]


def test_the_shares_told_are_the_fronts_and_move_with_what_is_in_force(run: Runner, paper: Paper) -> None:
    run()
    assert set(paper.shares) == {front.id for front in fronts(CATALOGUE, PROD)}
    assert paper.shares["trading-eu"] == {WEST: 1.0}
    assert all(sum(shares.values()) == pytest.approx(1) for shares in paper.shares.values())
    run(in_force({WEST: 0.75}))
    assert paper.shares["trading-eu"] == {WEST: 0.75, CENTRAL: 0.25}


def test_a_halted_jurisdictions_balancers_are_off_and_nobody_elses(run: Runner, paper: Paper) -> None:
    run(in_force({}, "in"))
    off = {name for name, args in paper.anycast.items() if not args.enabled}
    assert off == {"in-anycast-aws", "in-anycast-gcp"}
    assert {name for name, shares in paper.shares.items() if not shares} == {
        f"{service}-in" for service in CATALOGUE.traffic.classes
    }


def without(name: str, **changes: object) -> dict[str, PlacementOutput]:
    return {**WHOLE, name: WHOLE[name].model_copy(update=changes)}


@pytest.mark.parametrize("known", [{}, without(WEST, entry={})], ids=["nothing at all", "an older contract"])
def test_an_entry_that_was_not_handed_over_stops_an_update(known: Mapping[str, PlacementOutput], run: Runner) -> None:
    with pytest.raises(ContractError, match=r"has handed over no entry .*: deploy prod-[a-z]+ first"):
        run(known=known)


def test_an_entry_that_was_not_handed_over_is_unknown_in_a_preview(run: Runner, paper: Paper) -> None:
    run(known=without(WEST, entry={}), preview=True)
    asked = {(name, placement) for name, args in paper.anycast.items() for placement in args.backings}
    assert asked - set(paper.entries) == {("eu-anycast-gcp", WEST)}


def test_where_the_federations_state_has_no_placement_of_a_cloud_the_fix_is_said(run: Runner) -> None:
    environment = CATALOGUE.environments[PROD]
    state = {**environment.state, "federation": environment.state["federation"].model_copy(update={"jurisdiction": "in"})}
    moved = environment.model_copy(update={"state": state})
    catalogue = CATALOGUE.model_copy(update={"environments": {**CATALOGUE.environments, PROD: moved}})
    with pytest.raises(pulumi.RunError, match=r"names at azure are kept in in, .*: move state\.federation of .*prod\.yaml"):
        run(catalogue)


def test_capacity_that_is_short_of_optimised_weights_is_said_with_how_much(run: Runner) -> None:
    small = {cloud: held.model_copy(update={"messages": 1000.0}) for cloud, held in CATALOGUE.traffic.capacity.items()}
    catalogue = CATALOGUE.model_copy(update={"traffic": CATALOGUE.traffic.model_copy(update={"capacity": small})})
    with pytest.raises(pulumi.RunError, match=r"no lawful weights: demand is 170000 .*, the capacity in reach 3000"):
        run(catalogue)


def test_the_nearest_region_is_by_great_circle_and_on_the_cloud_asked_for() -> None:
    places = CATALOGUE.locations
    assert traffic.nearest(CATALOGUE, Cloud.AWS, places["azure/uksouth"]) == "eu-west-2"
    assert traffic.nearest(CATALOGUE, Cloud.GCP, places["azure/uksouth"]) == "europe-west2"
    assert traffic.nearest(CATALOGUE, Cloud.AWS, places["aws/us-east-1"]) == "us-east-1"
