"""What the federation stack makes of the contracts: members, and what is missing (OPS-1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import pytest

import config
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.plan import PlacementPlan, placements
from stacks import backbone, federation, handover
from stacks import traffic as global_traffic
from stacks.contract import VERSION, ContractError
from stacks.identity import Stack
from stacks.members import Members
from tests.stacks.conftest import Program, contract, placement

Known = pulumi.Output[Members]
Plans = Mapping[str, PlacementPlan]
Providers = Callable[[PlacementPlan], pulumi.ProviderResource]

CATALOGUE = load(config.root())
STACK = Stack(name="prod-federation", environment=EnvironmentName.PROD, group=None, catalogue=CATALOGUE)
EXPECTED = {group: [plan.name for plan in placements(CATALOGUE, EnvironmentName.PROD, group)] for group in Group}
EVERY = sorted(name for names in EXPECTED.values() for name in names)
SHARES = {"trading-eu": {"nautilus-enterprise-eu-west-1": 1.0}}


def whole(group: Group) -> dict[str, object]:
    return contract(**{name: placement(cluster=name) for name in EXPECTED[group]})


@dataclass
class Between:
    """Whom links and global traffic were told of, once that is known, and for which placements traffic was asked."""

    links: list[list[str]] = field(default_factory=list)
    traffic: list[list[str]] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)


@pytest.fixture(autouse=True)
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Stand in for what lies between placements. `test_backbone` has the links and `test_stack_traffic` the traffic."""
    found = Between()
    provided: list[object] = []

    def links(stack: Stack, known: Known, provider: Providers) -> None:
        assert stack is STACK
        provided.append(provider)
        known.apply(lambda members: found.links.append(list(members)))

    def traffic(stack: Stack, plans: Plans, known: Known, provider: Providers) -> dict[str, dict[str, float]]:
        assert stack is STACK
        assert provided == [provider], "links and balancers of a placement share its provider"
        found.plans = list(plans)
        known.apply(lambda members: found.traffic.append(list(members)))
        return SHARES

    monkeypatch.setattr(backbone, "build", links)
    monkeypatch.setattr(global_traffic, "build", traffic)
    return found


def test_a_preview_before_any_region_says_that_everything_is_missing(program: Program, between: Between) -> None:
    ran = program(lambda: federation.deploy(STACK), preview=True)

    assert ran.exports == {"members": {}, "missing": EVERY, "shares": SHARES}
    assert len(ran.references) == len(Group)
    assert between.links == between.traffic == [[]]
    assert sorted(between.plans) == EVERY


def test_an_update_stops_where_a_declared_placement_was_reported_by_nobody(program: Program) -> None:
    deployed = {f"prod-{group}": whole(group) for group in Group if group is not Group.APAC}
    first, *_ = sorted(EXPECTED[Group.APAC])

    with pytest.raises(ContractError, match=rf"nothing is known of {first}.*: deploy prod-apac first"):
        program(lambda: federation.deploy(STACK), outputs=deployed)


def test_an_update_with_contracts_in_hand_stops_before_anything_is_made(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "contracts.json"
    handover.write(path, {f"prod-{group}": whole(group) if group is not Group.APAC else None for group in Group})

    with pytest.raises(ContractError, match="deploy prod-apac first"):
        program(lambda: federation.deploy(STACK), settings={"contracts": str(path)})


def test_a_new_placement_of_a_deployed_stack_is_asked_for_too(program: Program) -> None:
    deployed = {f"prod-{group}": whole(group) for group in Group}
    gone = EXPECTED[Group.EMEA][0]
    deployed["prod-emea"]["placements"].pop(gone)  # type: ignore[attr-defined]

    with pytest.raises(ContractError, match=f"nothing is known of {gone}: deploy prod-emea first"):
        program(lambda: federation.deploy(STACK), outputs=deployed)


def test_an_update_knows_every_member(program: Program, between: Between) -> None:
    ran = program(lambda: federation.deploy(STACK), outputs={f"prod-{group}": whole(group) for group in Group})

    assert ran.exports["missing"] == []
    assert between.links == between.traffic == [EVERY]


@pytest.mark.parametrize("by_hand", [True, False])
def test_members_and_missing_are_the_same_both_ways(by_hand: bool, program: Program, tmp_path: Path) -> None:
    deployed = {f"prod-{group}": whole(group) for group in Group if group is not Group.APAC}
    path = tmp_path / "contracts.json"
    handover.write(path, {**deployed, "prod-apac": None})

    ran = program(
        lambda: federation.deploy(STACK),
        settings={"contracts": str(path)} if by_hand else {},
        outputs={} if by_hand else deployed,
        preview=True,
    )

    assert ran.exports["missing"] == sorted(EXPECTED[Group.APAC])
    assert sorted(ran.exports["members"]) == sorted(
        name for group, names in EXPECTED.items() if group is not Group.APAC for name in names
    )
    assert bool(ran.references) is not by_hand


def test_a_contract_left_out_of_the_hand_over_stops_the_federation(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "contracts.json"
    handover.write(path, {f"prod-{group}": None for group in Group if group is not Group.EDGE})

    with pytest.raises(ContractError, match="no contract of 'prod-edge' was handed over"):
        program(lambda: federation.deploy(STACK), settings={"contracts": str(path)})


def test_another_shape_stops_the_federation(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "contracts.json"
    handover.write(path, {f"prod-{group}": {"contract": VERSION, "placements": {"c": {}}} for group in Group})

    with pytest.raises(ContractError, match="has outputs of another shape"):
        program(lambda: federation.deploy(STACK), settings={"contracts": str(path)})
