"""Floors are those of the great circle, in kilometres and milliseconds (CLU-3)."""

from __future__ import annotations

import pytest

from config.distance import EARTH_RADIUS_KM, floor_ms, great_circle_km


def test_a_quarter_of_the_equator() -> None:
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(EARTH_RADIUS_KM * 3.141592653589793 / 2)


def test_opposite_points_are_half_the_earth_apart_and_never_more() -> None:
    assert great_circle_km(90, 0, -90, 0) == pytest.approx(EARTH_RADIUS_KM * 3.141592653589793)


def test_a_round_trip_takes_a_millisecond_for_each_hundred_kilometres() -> None:
    assert floor_ms(0, 0, 0, 90) == pytest.approx(great_circle_km(0, 0, 0, 90) / 100)
