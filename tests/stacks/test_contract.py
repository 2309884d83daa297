"""What a stack may learn of another, by hand-over and by reference, and what it refuses (OPS-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest

from stacks import contract as contracts
from stacks import handover
from stacks.contract import VERSION, ContractError, PlacementOutput, parse, read
from tests.stacks.conftest import Program, contract, placement

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}


def test_a_whole_contract_is_given_by_placement() -> None:
    assert parse("prod-emea", VERSION, {"c": placement()}) == {"c": PlacementOutput.model_validate(placement())}


@pytest.mark.parametrize("version", [None, VERSION - 1, VERSION + 1, str(VERSION)])
def test_another_version_is_refused(version: object) -> None:
    with pytest.raises(ContractError, match=rf"'prod-emea' has contract version .* reads {VERSION}: update prod-emea first"):
        parse("prod-emea", version, {})


@pytest.mark.parametrize(
    ("placements", "field"),
    [
        ({"c": placement(surprise="x")}, r"c\.surprise: Extra inputs"),
        (
            {"c": placement(gateway={"addresses": "1.2.3.4", "ids": {}})},
            r"c\.gateway\.addresses: Input should be a valid list",
        ),
        ({"c": placement(gateway={"addresses": [], "ids": {"hub": None}})}, r"c\.gateway\.ids\.hub"),
        ({"c": placement(entry=None)}, r"c\.entry: Input should be a valid dictionary"),
        ({"c": placement(endpoint=None)}, r"c\.endpoint: Input should be a valid string"),
        ({"c": placement(keys={"gossip": "k"})}, r"c\.keys\.gossip"),
        ({"c": {"cluster": "c"}}, r"c\.location: Field required"),
        ([], "Input should be a valid dictionary"),
    ],
)
def test_another_shape_is_refused_with_the_field(placements: object, field: str) -> None:
    with pytest.raises(ContractError, match=field):
        parse("prod-emea", VERSION, placements)


def test_what_was_handed_over_is_read_without_a_reference(program: Program) -> None:
    handed = {"prod-emea": contract(c=placement()), "prod-apac": None}

    ran = program(lambda: [pulumi.export(name, read(f"prod-{name}", handed)) for name in ("emea", "apac")])

    assert ran.exports == {"emea": {"c": PlacementOutput.model_validate(placement())}, "apac": None}
    assert ran.references == []


def test_left_out_is_not_undeployed() -> None:
    with pytest.raises(ContractError, match="no contract of 'prod-apac' was handed over"):
        read("prod-apac", {"prod-emea": None})


def test_a_handed_contract_is_checked_like_any_other() -> None:
    with pytest.raises(ContractError, match="contract version 9"):
        read("prod-emea", {"prod-emea": {"contract": 9, "placements": {}}})


def test_without_a_hand_over_the_stack_is_looked_for_in_the_same_backend(program: Program) -> None:
    outputs = {"prod-emea": contract(c=placement())}

    ran = program(lambda: [pulumi.export(n, read(f"prod-{n}", None)) for n in ("emea", "apac")], outputs=outputs)

    assert ran.exports["emea"]["c"].endpoint == "https://c"
    assert ran.exports["apac"] is None
    assert sorted(ran.references) == ["organization/nautilus/prod-apac", "organization/nautilus/prod-emea"]


def test_nothing_but_the_contract_is_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "c.json"

    handover.write(path, {"prod-emea": handover.pick("prod-emea", {**contract(c=placement()), "environment": "prod"})})

    assert handover.load(path) == {"prod-emea": contract(c=placement())}
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["c.json"]


def test_a_stack_without_placements_has_no_contract_yet() -> None:
    assert handover.pick("prod-emea", {}) is None
    assert handover.pick("prod-emea", {"contract": 1}) is None


@pytest.mark.parametrize(
    ("outputs", "where"),
    [
        (contract(c=placement(endpoint=SECRET)), r"placements\.c\.endpoint"),
        ({"contract": 1, "placements": SECRET}, "at placements"),
        ({"contract": 1, "placements": [{"deep": [SECRET]}]}, r"placements\.0\.deep\.0"),
    ],
)
def test_a_secret_is_never_handed_over(outputs: dict[str, Any], where: str) -> None:
    with pytest.raises(handover.HandoverError, match=where):
        handover.pick("prod-emea", outputs)


def test_a_secret_outside_the_contract_stays_behind_and_harms_nothing() -> None:
    assert handover.pick("prod-emea", {**contract(), "password": SECRET}) == contract()


@pytest.mark.parametrize("text", ["[]", '{"prod-emea": 3}', "{", None])
def test_a_bad_file_is_refused_with_its_path_and_fix(text: str | None, tmp_path: Path, program: Program) -> None:
    path = tmp_path / "c.json"
    if text is not None:
        path.write_text(text)

    with pytest.raises(ContractError, match=r"c\.json.*nautilus:contracts"):
        program(contracts.handed_over, settings={"contracts": str(path)})
