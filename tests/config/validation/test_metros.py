"""Measured figures that physics forbids, and metros that one figure cannot stand for, are refused (NET-1)."""

from __future__ import annotations

import pytest

from tests.fixtures.catalogues import assert_refused, drop, put, values

FILE = "backbone.yaml"
CASES = [
    pytest.param(
        "metros.london",
        ["azure/uksouth", "aws/eu-west-9"],
        "metros.london[1]",
        ("aws/eu-west-9", "a location of locations.yaml", "did you mean aws/eu-west-"),
        id="unknown location",
    ),
    pytest.param(
        "metros.london",
        ["azure/uksouth", "gcp/europe-west4"],
        "metros.london",
        ("azure/uksouth and gcp/europe-west4, ", "at most 100 km apart", "make two metros"),
        id="too far apart",
    ),
    pytest.param(
        "metros.melbourne",
        ["azure/australiasoutheast", "azure/australiasoutheast"],
        "metros.melbourne[1]",
        ("azure/australiasoutheast", "each location in one metro; melbourne[0] holds it", "remove one"),
        id="location twice",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.averages.by_cloud.aws",
        70,
        "round_trips.tokyo-sydney.averages.by_cloud.aws",
        ("70 ms", "at least the floor of 78.3 ms: nothing is faster than light in fibre", "correct the figure"),
        id="average below the floor",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.p95.least_ms",
        77,
        "round_trips.tokyo-sydney.p95.least_ms",
        ("77 ms", "at least the floor of 78.3 ms", "correct the figure"),
        id="P95 below the floor",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.p95.least_ms",
        106,
        "round_trips.tokyo-sydney",
        ("106 to 105 ms", "least_ms at most most_ms", "exchange the two"),
        id="range the wrong way round",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.between.1",
        "sidney",
        "round_trips.tokyo-sydney.between[1]",
        ("sidney", "a metro of this file", "did you mean sydney?"),
        id="unknown metro",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.between",
        ["singapore", "tokyo"],
        "round_trips.tokyo-sydney.between",
        ("singapore, tokyo", "each pair once; tokyo-singapore has this one", "remove one"),
        id="pair twice",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.between.1",
        "tokyo",
        "round_trips.tokyo-sydney.between",
        ("tokyo, tokyo", "two different metros, each pair once", "remove one"),
        id="one metro",
    ),
    pytest.param(
        "round_trips.tokyo-sydney.id",
        "sydney-tokyo",
        "round_trips.tokyo-sydney.id",
        ("sydney-tokyo", "its key: tokyo-sydney", "make the id and its key the same"),
        id="id",
    ),
]


@pytest.mark.parametrize(("step", "new", "path", "expected"), CASES)
def test_refuses(step: str, new: object, path: str, expected: tuple[str, str, str]) -> None:
    catalogue = values()
    put(catalogue[FILE], step, new)
    value, allowed, fix = expected
    assert_refused(catalogue, FILE, path, value=value, allowed=allowed, fix=fix)


def test_refuses_a_round_trip_without_a_figure() -> None:
    catalogue = values()
    drop(catalogue[FILE], "round_trips.london-cardiff.p95")
    assert_refused(
        catalogue, FILE, "round_trips.london-cardiff", value="no figure", allowed="p95, averages or both", fix="add one"
    )
