"""The page of covered types, and the alarm when one sinks."""

from __future__ import annotations

import dataclasses

from nautilus.sandbox import coverage
from nautilus.sandbox.handler import Fidelity, Package
from tests.sandbox.tiny_cloud import AWS, BUCKET, PARAMETER


def labelled(token: str, fidelity: Fidelity) -> Package:
    handlers = tuple(dataclasses.replace(row, fidelity=fidelity) if row.type == token else row for row in AWS.handlers)
    return dataclasses.replace(AWS, handlers=handlers)


def test_the_page_lists_everything() -> None:
    page = coverage.page([AWS])
    assert "5 rows: 0 emulated, 1 model-checked, 4 typed." in page
    assert f"| `{PARAMETER}` | model-checked |" in page
    assert "| `aws:index/getRegion:getRegion` | typed |" in page
    assert coverage.problems(page, [AWS]) == []


def test_a_sinking_type_is_named() -> None:
    page = coverage.page([AWS])
    assert coverage.problems(page, [labelled(PARAMETER, Fidelity.TYPED)]) == [
        f"{PARAMETER} sank from model-checked to typed"
    ]


def test_a_rising_type_makes_the_page_old() -> None:
    page = coverage.page([AWS])
    assert coverage.problems(page, [labelled(BUCKET, Fidelity.EMULATED)]) == [
        "COVERAGE.md is old: run python -m nautilus.sandbox coverage"
    ]


def test_a_lost_type_is_named() -> None:
    without = dataclasses.replace(AWS, handlers=tuple(row for row in AWS.handlers if row.type != BUCKET))
    assert coverage.problems(coverage.page([AWS]), [without]) == [f"{BUCKET} was typed and is gone"]
