"""Whole weights from shares."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.traffic.aws_weights import WHOLE, weights


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"a": 0.75, "b": 0.25}, {"a": 75, "b": 25}),
        ({"a": 1.0, "b": 0.0}, {"a": 100, "b": 0}),
        ({"b": 1 / 3, "a": 1 / 3, "c": 1 / 3}, {"b": 33, "a": 34, "c": 33}),
        ({"a": 0.5, "b": 0.25}, {"a": 67, "b": 33}),
    ],
)
def test_by_largest_remainder(shares: dict[str, float], expected: dict[str, int]) -> None:
    assert weights(shares) == expected


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 1), min_size=1, max_size=8))
def test_they_sum_to_the_whole_and_keep_their_order(shares: dict[str, float]) -> None:
    if sum(shares.values()) < 1e-6:
        return
    found = weights(shares)
    assert sum(found.values()) == WHOLE
    assert list(found) == list(shares)
    assert all(abs(found[key] - WHOLE * share / sum(shares.values())) < 1.001 for key, share in shares.items())


def test_no_share_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="none is above 0"):
        weights({"a": 0.0})


def test_a_share_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not below 0"):
        weights({"a": -0.1, "b": 1.0})
