"""Slips in what recovery is judged by are told with file, path, what is allowed and the fix (FO-3, FO-4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.catalogues import assert_refused, drop, put, values

FILE = "recovery.yaml"

CASES = [
    pytest.param(
        "targets.region.id", "regions", "targets.region.id", ("regions", "'region'", "did you mean region?"), id="scenario"
    ),
    pytest.param(
        "agreements.aws-entry.id",
        "aws-exit",
        "agreements.aws-entry.id",
        ('"aws-exit"', "its key: aws-entry", "make the id and its key the same"),
        id="agreement id",
    ),
    pytest.param(
        "tiers.risk.tier", 0, "tiers", ("0, 0, 2, 3, 4", "each tier from 0 to 4 once", "mend the tiers"), id="tier"
    ),
    pytest.param(
        "deviations.azure-samples-every-5-s.mechanism",
        "aws-anycast",
        "deviations.azure-samples-every-5-s.scenarios",
        ("region", "one deviation for region and aws-anycast; accelerator-moves-in-30-s is there", "keep one"),
        id="deviation",
    ),
    pytest.param(
        "deviations.azure-samples-every-5-s.accepted_s",
        0,
        "deviations.azure-samples-every-5-s.accepted_s",
        ("0", "greater than 0", "write an allowed value"),
        id="nothing accepted",
    ),
    pytest.param(
        "shortfalls",
        {
            "one": {
                "id": "one",
                "jurisdictions": ["mars"],
                "accepted": 0.9,
                "reason": "a test",
                "source": {"document": "a test", "verified": False},
            }
        },
        "shortfalls.one",
        ("mars", "jurisdiction", "write one that exists"),
        id="shortfall",
    ),
]


@pytest.mark.parametrize(("where", "value", "path", "told"), CASES)
def test_a_slip_is_told(
    where: str, value: Any, path: str, told: tuple[str, str, str], request: pytest.FixtureRequest
) -> None:
    changed = values()
    put(changed[FILE], where, value)
    # Both scenarios of the deviation are taken by the other one.
    count = 2 if request.node.callspec.id == "deviation" else 1
    assert_refused(changed, FILE, path, value=told[0], allowed=told[1], fix=told[2], count=count)


@pytest.mark.parametrize(
    ("where", "path", "value"),
    [
        ("targets.database", "targets", "no database"),
        ("reactions.tunnels", "reactions", "no tunnels"),
        ("agreements.gcp-cluster", "agreements", "no gcp-cluster"),
    ],
)
def test_what_is_missing_is_told(where: str, path: str, value: str) -> None:
    changed = values()
    drop(changed[FILE], where)
    assert_refused(changed, FILE, path, value=value, allowed="one for each: ", fix=f"add {value.removeprefix('no ')}")


def test_a_tier_that_is_missing_is_told() -> None:
    changed = values()
    drop(changed[FILE], "tiers.reporting")
    assert_refused(
        changed, FILE, "tiers", value="a list of 4: 0, 1, 2, 3", allowed="each tier from 0 to 4 once", fix="mend the tiers"
    )
