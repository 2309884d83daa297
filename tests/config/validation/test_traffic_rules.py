"""Slips in traffic and in what is in force are told with file, path, what is allowed and the fix (DNS-1, FO-1, HALT-1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.catalogues import assert_refused, drop, put, values

TRAFFIC = "traffic.yaml"
PROD = "operations/prod.yaml"
SHIFT = {"keeps": 0.5, "since": "2026-11-21T09:30:00Z", "reason": "a drill"}
HALT = {"since": "2026-11-21T09:30:00Z", "reason": "a drill"}

CASES = [
    pytest.param(
        TRAFFIC,
        "classes.risk.port",
        443,
        "classes.client.port",
        ("443", "no other class has; risk has 443", "another"),
        id="port",
    ),
    pytest.param(
        TRAFFIC, "classes.risk.id", "risks", "classes.risk.id", ('"risks"', "its key: risk", "the same"), id="class id"
    ),
    pytest.param(
        TRAFFIC,
        "areas.uk.id",
        "gb",
        "areas.uk.id",
        ('"gb"', "its key: uk", "make the id and its key the same"),
        id="area id",
    ),
    pytest.param(
        TRAFFIC,
        "classes.risk.algorithms",
        {"usa": "latency"},
        "classes.risk.algorithms.usa",
        ('"usa"', "a jurisdiction: au, ca", "did you mean us?"),
        id="algorithm of nobody",
    ),
    pytest.param(
        PROD,
        "shifts",
        {"nautilus-enterprise-eu-west-2": SHIFT},
        "shifts.nautilus-enterprise-eu-west-2",
        ('"nautilus-enterprise-eu-west-2"', "a placement", "did you mean nautilus-enterprise-eu-west-1?"),
        id="shift from nowhere",
    ),
    pytest.param(
        PROD, "halts", {"inn": HALT}, "halts.inn", ('"inn"', "a jurisdiction: au", "did you mean in?"), id="halt of nobody"
    ),
    pytest.param(
        PROD,
        "shifts",
        {"nautilus-enterprise-eu-west-1": {**SHIFT, "keeps": 1.5}},
        "shifts.nautilus-enterprise-eu-west-1.keeps",
        ("1.5", "less than or equal to 1", ""),
        id="keeps more than it had",
    ),
    pytest.param(
        PROD,
        "halts",
        {"in": {**HALT, "since": "today"}},
        "halts.in.since",
        ('"today"', "", ""),
        id="moment of another shape",
    ),
]


@pytest.mark.parametrize(("file", "path", "new", "at", "says"), CASES)
def test_a_slip_is_refused(file: str, path: str, new: Any, at: str, says: tuple[str, str, str]) -> None:
    catalogue = values()
    put(catalogue[file], path, new)
    value, allowed, fix = says
    assert_refused(catalogue, file, at, value=value, allowed=allowed, fix=fix)


def test_each_cloud_has_its_settings() -> None:
    catalogue = values()
    drop(catalogue[TRAFFIC], "names.gcp")
    assert_refused(catalogue, TRAFFIC, "names", value='"no gcp"', allowed="each cloud: aws, azure, gcp", fix="add gcp")


def test_every_jurisdiction_with_a_cluster_has_clients() -> None:
    catalogue = values()
    drop(catalogue[TRAFFIC], "areas.sg")
    assert_refused(
        catalogue, TRAFFIC, "areas", value='"none in sg"', allowed="so in sg", fix="add an area with jurisdiction: sg"
    )


def test_every_environment_says_what_is_in_force() -> None:
    catalogue = values()
    del catalogue[PROD]
    assert_refused(catalogue, PROD, "", value='"no file"', allowed="one file for each environment", fix="write id: prod")
