"""The floors are those of the facts' table, and physics is symmetric (NET-1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.loader import load
from config.model import Cloud, Location, Source
from nautilus.federation.latency import floor_ms, great_circle_km

FLOORS_MS = (
    ("azure/japaneast", "azure/australiaeast", 78.3),
    ("aws/ap-southeast-1", "gcp/asia-south1", 39.0),
    ("aws/us-east-1", "aws/ca-central-1", 7.9),
    ("aws/us-east-1", "gcp/europe-west1", 62.2),
    ("aws/us-east-1", "aws/eu-central-1", 65.5),
    ("azure/japaneast", "aws/ap-southeast-1", 53.1),
    ("gcp/us-west2", "azure/japaneast", 88.2),
    ("aws/eu-central-1", "aws/ap-southeast-1", 102.6),
    ("gcp/asia-south1", "gcp/asia-south2", 11.5),
)


@pytest.mark.parametrize(("here", "there", "expected"), FLOORS_MS)
def test_the_floor_is_the_published_one(here: str, there: str, expected: float) -> None:
    locations = load(config.root()).locations
    assert round(floor_ms(locations[here], locations[there]), 1) == expected


def place(latitude: float, longitude: float) -> Location:
    return Location(
        id="aws/nowhere-1",
        cloud=Cloud.AWS,
        region="nowhere-1",
        place="Nowhere",
        country="US",
        jurisdiction="us",
        latitude=latitude,
        longitude=longitude,
        source=Source(document="made up", verified=False),
    )


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(coordinates, coordinates)
def test_distance_is_symmetric_and_at_most_half_the_earth(one: tuple[float, float], two: tuple[float, float]) -> None:
    here, there = place(*one), place(*two)
    assert great_circle_km(here, there) == pytest.approx(great_circle_km(there, here), abs=1e-6)
    assert 0 <= great_circle_km(here, there) <= 20_016


@given(coordinates)
def test_a_place_is_at_no_distance_from_itself(one: tuple[float, float]) -> None:
    assert floor_ms(place(*one), place(*one)) == 0
