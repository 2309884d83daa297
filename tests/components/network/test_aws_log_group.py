"""Retention is rounded up, never down."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.network.aws_log_group import RETENTIONS_DAYS, retention_days


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=1, max_value=RETENTIONS_DAYS[-1]))
def test_never_shorter_than_asked_and_always_on_offer(wanted: int) -> None:
    given_days = retention_days(wanted)
    assert given_days >= wanted
    assert given_days in RETENTIONS_DAYS
    assert not [days for days in RETENTIONS_DAYS if wanted <= days < given_days]


def test_beyond_the_longest_is_refused() -> None:
    with pytest.raises(ValueError, match="keeps at most 3653"):
        retention_days(3654)
