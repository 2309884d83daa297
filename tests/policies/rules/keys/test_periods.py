from __future__ import annotations

import pytest

from policies.rules.keys.periods import google_days, iso_days


@pytest.mark.parametrize(("text", "days"), [("86400s", 1), ("129600.0s", 1.5), ("1d", None), ("", None)])
def test_google_s_durations(text: str, days: float | None) -> None:
    assert google_days(text) == days


@pytest.mark.parametrize(
    ("text", "days"), [("P90D", 90), ("P3M", 93), ("P1Y", 366), ("P1Y2M3D", 431), ("P2W", 14), ("P", None), ("90", None)]
)
def test_iso_periods_read_long(text: str, days: float | None) -> None:
    assert iso_days(text) == days
