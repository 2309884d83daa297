"""One session and its policy: nothing declared means nothing announced and nothing taken."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.interconnect.gcp_session import RouterRef, SessionArgs, accept, session
from tests.components.gcp_backbone import PEER, POLICY

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

ROUTER = RouterRef(project="nautilus-test-us", region="us-west2", name="router")


def args(**change: Any) -> SessionArgs:
    given: dict[str, Any] = {
        "router": ROUTER,
        "near": "169.254.21.1",
        "far": "169.254.21.2",
        "length": 30,
        "far_asn": 64512,
        "advertises": (),
        "priority": 200,
        "learns": "learns",
        "tunnel": "tunnel",
    }
    return SessionArgs(**{**given, **change})


def test_a_policy_without_ranges_drops_everything(record: Any) -> None:
    seen = record(lambda: accept("learns", ROUTER, (), pulumi.ResourceOptions()))
    (term,) = seen.of(POLICY)["learns"]["terms"]
    assert term["match"]["expression"] == "destination.inAnyRange(prefix('0.0.0.0/0').orLonger())"
    assert term["actions"] == [{"expression": "drop()"}]


def test_ranges_are_taken_in_one_order_whatever_order_they_come_in(record: Any) -> None:
    one, two = (
        record(lambda given=given: accept("learns", ROUTER, given, pulumi.ResourceOptions())).of(POLICY)["learns"]["terms"]
        for given in (("10.2.0.0/16", "10.0.0.0/16"), ("10.0.0.0/16", "10.2.0.0/16"))
    )
    assert one == two
    assert [term["priority"] for term in one] == [0, 1, 2]


def test_custom_mode_without_ranges_announces_nothing(record: Any) -> None:
    made = record(lambda: session("one", args(), pulumi.ResourceOptions())).of(PEER)["one-peer"]
    assert made["advertiseMode"] == "CUSTOM"
    assert made.get("advertisedIpRanges", []) == []
    assert "advertisedGroups" not in made


@pytest.mark.parametrize(("change", "found"), [({}, False), ({"tunnel": None, "attachment": "vlan"}, True)])
def test_only_sessions_over_ports_have_bfd(record: Any, change: dict[str, Any], found: bool) -> None:
    made = record(lambda: session("one", args(**change), pulumi.ResourceOptions())).of(PEER)["one-peer"]
    assert ("bfd" in made) is found
