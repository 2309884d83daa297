from __future__ import annotations

from typing import Any

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one
from tests.policies.planned import CRYPTO_KEY, KEY, VAULT

RULE = "KEY-007"


def vault(**properties: Any) -> Planned:
    return VAULT.but(properties={**VAULT.props["properties"], **properties})


@pytest.mark.parametrize("resource", [KEY, CRYPTO_KEY, VAULT, vault(softDeleteRetentionInDays=30)], ids=str)
def test_the_window_asked_for_passes(resource: Planned) -> None:
    assert found(analyze(resource), RULE) == []


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        (KEY.but(deletionWindowInDays=29), "deletionWindowInDays is 29"),
        (KEY.but(deletionWindowInDays=None), "no deletionWindowInDays"),
        (CRYPTO_KEY.but(destroyScheduledDuration="86400s"), "'86400s', 1 days"),
        (CRYPTO_KEY.but(destroyScheduledDuration=None), "no destroyScheduledDuration"),
        (vault(softDeleteRetentionInDays=7), "softDeleteRetentionInDays is 7"),
        (vault(enablePurgeProtection=False), "enablePurgeProtection is not true"),
        (vault(enableSoftDelete=False), "enableSoftDelete is false"),
    ],
    ids=str,
)
def test_less_or_nothing_fails(resource: Planned, says: str) -> None:
    assert says in one(analyze(resource), RULE).found


@pytest.mark.parametrize(
    "resource", [KEY.but(deletionWindowInDays=UNKNOWN), vault(enablePurgeProtection=UNKNOWN)], ids=["key", "vault"]
)
def test_an_unknown_window_is_undecided_and_fails(resource: Planned) -> None:
    assert one(analyze(resource), RULE).verdict == "undecided"


def test_a_window_that_is_no_number_fails() -> None:
    assert one(analyze(KEY.but(deletionWindowInDays="long")), RULE).found == "deletionWindowInDays is not a number"
