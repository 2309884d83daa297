"""What the federation stack makes of the contracts: members, and what is missing (OPS-1)."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.plan import placements
from stacks import federation, handover
from stacks.contract import ContractError
from stacks.identity import Stack
from tests.stacks.conftest import Program, contract, placement

CATALOGUE = load(config.root())
STACK = Stack(name="prod-federation", environment=EnvironmentName.PROD, group=None, catalogue=CATALOGUE)
EXPECTED = {group: [plan.name for plan in placements(CATALOGUE, EnvironmentName.PROD, group)] for group in Group}


def whole(group: Group) -> dict[str, object]:
    return contract(**{name: placement(cluster=name) for name in EXPECTED[group]})


def test_before_any_region_everything_is_missing_and_nobody_is_a_member(program: Program) -> None:
    ran = program(lambda: federation.deploy(STACK))

    assert ran.exports == {"members": {}, "missing": sorted(name for names in EXPECTED.values() for name in names)}
    assert len(ran.references) == len(Group)


@pytest.mark.parametrize("by_hand", [True, False])
def test_members_and_missing_are_the_same_both_ways(by_hand: bool, program: Program, tmp_path: Path) -> None:
    deployed = {f"prod-{group}": whole(group) for group in Group if group is not Group.APAC}
    path = tmp_path / "contracts.json"
    handover.write(path, {**deployed, "prod-apac": None})

    ran = program(
        lambda: federation.deploy(STACK),
        settings={"contracts": str(path)} if by_hand else {},
        outputs={} if by_hand else deployed,
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
    handover.write(path, {f"prod-{group}": {"contract": 1, "placements": {"c": {}}} for group in Group})

    with pytest.raises(ContractError, match="has outputs of another shape"):
        program(lambda: federation.deploy(STACK), settings={"contracts": str(path)})
