"""Google Cloud's rows of global traffic: ids, outputs, what is refused, what is held, and what only a prior state tells."""

from __future__ import annotations

from typing import Any

import pytest

from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import Refused
from tests.sandbox.gcp.front_end import HEALTH, PROJECT, PROXY, SERVICE, TOPIC
from tests.sandbox.gcp.front_end_cases import BINDINGS, CASES
from tests.sandbox.gcp.world import EXAMPLES, ROWS, everything

LIVE = everything()
"""Nothing below changes it."""


@pytest.mark.parametrize(("name", "change", "path", "reason"), CASES)
def test_refused_in_previews_too(name: str, change: dict[str, Any], path: str, reason: str) -> None:
    found = LIVE.refused(name, change, preview=True)
    assert [problem.reason for problem in found if problem.path == path and reason in problem.reason], found


@pytest.mark.parametrize(("name", "change", "path", "reason"), BINDINGS)
def test_refused_once_all_is_known(name: str, change: dict[str, Any], path: str, reason: str) -> None:
    fresh = "another" if "name" in change else ""
    found = LIVE.refused(name, change, fresh=fresh)
    assert [problem for problem in found if problem.path == path and reason in problem.reason], found
    assert not [problem for problem in LIVE.refused(name, change, preview=True, fresh=fresh) if reason in problem.reason]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("group", f"{PROJECT}/zones/us-west2-a/networkEndpointGroups/trading"),
        ("health", HEALTH),
        ("service", SERVICE),
        ("proxy", PROXY),
        ("rule", f"{PROJECT}/global/forwardingRules/trading"),
        ("weighted", f"{PROJECT}/managedZones/fronts/rrsets/risk-us.prod.nautilus.example./A"),
        ("topic", TOPIC),
        ("metric", "errors"),
    ],
)
def test_ids_are_googles_own(name: str, made: str) -> None:
    assert [key for key, (_, outputs) in LIVE.live.items() if outputs["urn"] == name] == [made]


@pytest.mark.parametrize(("name", "collection"), [("channel", "notificationChannels"), ("alarm", "alertPolicies")])
def test_what_monitoring_hands_out_is_a_number_in_the_project(name: str, collection: str) -> None:
    (made,) = [key for key, (_, outputs) in LIVE.live.items() if outputs["urn"] == name]
    head, _, number = made.rpartition("/")
    assert head == f"{PROJECT}/{collection}"
    assert number.isdigit()


def test_a_public_zone_has_four_name_servers_of_one_set() -> None:
    (zone,) = [outputs for _, outputs in LIVE.live.values() if outputs["urn"] == "public-zone"]
    assert len({server[: len("ns-cloud-a")] for server in zone["nameServers"]}) == 1
    assert len(zone["nameServers"]) == 4


@pytest.mark.parametrize(
    ("change", "path"),
    [({"nonExistence": "nsec"}, "dnssecConfig.nonExistence"), ({"defaultKeySpecs": []}, "dnssecConfig.defaultKeySpecs")],
)
def test_a_signed_zone_keeps_its_keys(change: dict[str, Any], path: str) -> None:
    kind, inputs = EXAMPLES["public-zone"]
    given = {**inputs, "dnssecConfig": {**inputs["dnssecConfig"], **change}}
    request = LIVE.request("public-zone", kind, given, preview=True, prior=inputs)
    refuse = ROWS[kind].refuse
    assert refuse is not None
    assert [problem.path for problem in refuse(request) if "while the state is off" in problem.reason] == [path]


def test_a_topic_needs_a_grant_on_its_key() -> None:
    world = everything()
    world.live = {made: found for made, found in world.live.items() if found[1]["urn"] != "grant-pubsub"}
    assert [problem.path for problem in world.refused("topic", {}) if "@gcp-sa-pubsub." in problem.reason] == ["kmsKeyName"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("group", "in use by trading"),
        ("health", "in use by trading"),
        ("service", "in use by trading"),
        ("proxy", "in use by trading"),
        ("far-health", "in use by risk-us"),
        ("anycast", "in use by trading"),
    ],
)
def test_what_is_held_cannot_be_deleted(name: str, reason: str) -> None:
    kind, inputs = EXAMPLES[name]
    (made,) = [made for made, (_, found) in LIVE.live.items() if found["urn"] == name]
    delete = ROWS[kind].delete
    assert delete is not None
    with pytest.raises(Refused, match=reason):
        delete(LIVE.request(name, kind, inputs, id=made, prior=inputs))


def test_rows_check_against_googles_description() -> None:
    traffic = [ROWS[kind] for name, (kind, _) in EXAMPLES.items() if name in {"group", "rule", "topic", "alarm", "metric"}]
    rows = [row.refuse.__self__ for row in traffic if row.refuse is not None]  # type: ignore[attr-defined]
    assert all(isinstance(row, Row) and row.schema for row in rows)
