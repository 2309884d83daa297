"""Random values: what the provider refuses, that least counts hold, and that a value stays (SEC-1)."""

from __future__ import annotations

import base64
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nautilus.sandbox import wire
from nautilus.sandbox.extract import Sdk
from nautilus.sandbox.faults import Injector
from nautilus.sandbox.handler import UNKNOWN
from nautilus.sandbox.ledger import Ledger
from nautilus.sandbox.operations import Operations
from nautilus.sandbox.random import PACKAGE, configure
from nautilus.sandbox.random.values import SPECIAL, password
from nautilus.sandbox.session import Session, Subject

PASSWORD = "random:index/randomPassword:RandomPassword"
BYTES = "random:index/randomBytes:RandomBytes"
ID = "random:index/randomId:RandomId"
NONE: frozenset[wire.Path] = frozenset()


@pytest.fixture
def do(tmp_path: Path) -> Iterator[Operations]:
    ledger = Ledger(tmp_path)
    yield Operations(PACKAGE, Sdk("random", "pulumi_random"), ledger, Injector(tmp_path))
    ledger.close()


def subject(token: str, name: str = "a") -> Subject:
    return Subject(session=Session(target=configure({})), urn=f"urn:pulumi:dev::tiny::{token}::{name}", token=token)


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        (PASSWORD, {"length": 0}, "length must be at least 1"),
        (PASSWORD, {"length": 3, "minLower": 2, "minUpper": 2}, "length must be at least 4, the sum"),
        (PASSWORD, {"length": 8, "minLower": -1}, "minLower must be at least 0"),
        (
            PASSWORD,
            {"length": 8, "lower": False, "upper": False, "numeric": False, "special": False},
            "numeric at least one of numeric, upper, lower and special",
        ),
        (PASSWORD, {"length": 8, "number": True, "numeric": False}, "number is the former name of numeric"),
        (PASSWORD, {}, "length"),
        (BYTES, {"length": 0}, "length must be at least 1"),
        (ID, {"byteLength": 0}, "byteLength must be at least 1"),
        (ID, {"byteLength": 4, "prefx": "a"}, "prefx"),
    ],
)
def test_what_the_provider_refuses_is_refused(do: Operations, token: str, inputs: dict[str, Any], reason: str) -> None:
    (problem,) = do.check(subject(token), inputs, NONE)
    assert reason in f"{problem.path} {problem.reason}"


@pytest.mark.parametrize(
    ("token", "inputs"),
    [(PASSWORD, {"length": UNKNOWN, "minLower": 2}), (BYTES, {"length": UNKNOWN}), (ID, {"byteLength": UNKNOWN})],
)
def test_what_is_not_known_is_not_refused(do: Operations, token: str, inputs: dict[str, Any]) -> None:
    assert do.check(subject(token), inputs, NONE) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    least=st.tuples(*(st.integers(0, 4) for _ in range(4))),
    more=st.integers(1, 8),
    wanted=st.tuples(*(st.booleans() for _ in range(3))),
)
def test_a_password_is_as_long_as_asked_and_meets_its_least_counts(
    least: tuple[int, ...], more: int, wanted: tuple[bool, ...]
) -> None:
    names = ("minLower", "minUpper", "minNumeric", "minSpecial")
    flags = dict(zip(("lower", "upper", "special"), wanted, strict=True))
    made = password({"length": sum(least) + more, **dict(zip(names, least, strict=True)), **flags})["result"]

    assert len(made) == sum(least) + more
    alphabets = (string.ascii_lowercase, string.ascii_uppercase, string.digits, SPECIAL)
    for alphabet, count in zip(alphabets, least, strict=True):
        assert sum(letter in alphabet for letter in made) >= count
    for alphabet, count, wish in zip(
        (alphabets[0], alphabets[1], SPECIAL), (least[0], least[1], least[3]), wanted, strict=True
    ):
        assert wish or sum(letter in alphabet for letter in made) == count


def test_own_special_characters_are_used(do: Operations) -> None:
    made = do.create(subject(PASSWORD), {"length": 20, "minSpecial": 20, "overrideSpecial": "~"}, NONE)
    assert made.outputs["result"] == "~" * 20


def test_two_are_never_alike_and_a_lost_one_is_given_back(do: Operations) -> None:
    inputs = {"length": 64, "special": False}
    first, second, again = (do.create(subject(PASSWORD, name), inputs, NONE) for name in ("a", "b", "a"))
    assert first.outputs["result"] != second.outputs["result"]
    assert (again.id, again.outputs["result"]) == (first.id, first.outputs["result"])
    other = do.create(subject(PASSWORD, "a"), {**inputs, "length": 65}, NONE)
    assert len(other.outputs["result"]) == 65


def test_every_input_replaces(do: Operations) -> None:
    made = do.create(subject(PASSWORD), {"length": 8, "keepers": {"generation": "1"}}, NONE)
    old = {"length": 8, "keepers": {"generation": "1"}}
    found = do.diff(subject(PASSWORD), made.id, old, {"length": 8, "keepers": {"generation": "2"}})
    assert found.replaces == ("keepers",)
    for token in (PASSWORD, BYTES, ID):
        assert do.handler(token).replace_on == set(do.type(token).inputs)


def test_values_are_secret_and_sealed_in_the_ledger(do: Operations, tmp_path: Path) -> None:
    made = do.create(subject(PASSWORD), {"length": 40, "special": False}, NONE)
    found = do.create(subject(BYTES), {"length": 16}, NONE)
    assert made.secrets == {("result",)}
    assert found.secrets == {("base64",), ("hex",)}
    disk = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.sqlite*"))
    for secret in (made.outputs["result"], found.outputs["hex"], found.outputs["base64"]):
        assert secret.encode() not in disk
    row = do.read(subject(PASSWORD), made.id)
    assert row is not None
    assert row[1]["result"] == made.outputs["result"]


def test_bytes_and_ids_are_spelt_alike(do: Operations) -> None:
    made = do.create(subject(BYTES), {"length": 16}, NONE).outputs
    assert base64.b64decode(made["base64"]).hex() == made["hex"]
    number = do.create(subject(ID), {"byteLength": 8, "prefix": "p-"}, NONE)
    spelt = number.outputs
    assert base64.b64decode(spelt["b64Std"].removeprefix("p-")).hex() == spelt["hex"].removeprefix("p-")
    assert int(spelt["dec"].removeprefix("p-")) == int(spelt["hex"].removeprefix("p-"), 16)
    assert spelt["b64Url"].removeprefix("p-") == number.id.removeprefix("p-")
