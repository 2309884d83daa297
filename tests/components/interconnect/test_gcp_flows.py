"""Flow logs of the hub: everything is recorded, and the filter that sends records home names the placement's nodes."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.interconnect.gcp_flows import Watched, condition, flow_logs
from tests.components.gcp_backbone import FLOWS

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""


def test_records_go_home_by_the_address_at_either_end() -> None:
    assert condition("10.1.0.0/16") == (
        'log_id("networkmanagement.googleapis.com/vpc_flows") AND (ip_in_net(jsonPayload.connection.src_ip, "10.1.0.0/16")'
        ' OR ip_in_net(jsonPayload.connection.dest_ip, "10.1.0.0/16"))'
    )


@pytest.mark.parametrize(("watched", "input_name"), [("tunnel", "vpnTunnel"), ("attachment", "interconnectAttachment")])
def test_every_flow_is_recorded(record: Any, labels: Any, watched: str, input_name: str) -> None:
    made = record(
        lambda: flow_logs("one-flows", "nautilus-test-us", labels, Watched(**{watched: "id"}), pulumi.ResourceOptions())
    ).of(FLOWS)["one-flows"]
    assert made[input_name] == "id"
    assert (made["flowSampling"], made["state"], made["metadata"]) == (1.0, "ENABLED", "INCLUDE_ALL_METADATA")
    assert made["vpcFlowLogsConfigId"] == "one-flows"
