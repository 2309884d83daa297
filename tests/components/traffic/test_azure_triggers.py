"""The alarms of FO-2 that Azure can see, and whom they tell."""

from __future__ import annotations

from typing import Any

import pytest

from components.traffic.azure_triggers import AzureTriggers
from tests.components.azure_placement import ACCOUNT
from tests.components.traffic.azure_traffic import ANSWERS, triggers_args

METRIC = "azure-native:monitor:MetricAlert"


def made(record: Any, **changes: Any) -> Any:
    return record(lambda: AzureTriggers("one-triggers", triggers_args(**changes)), ANSWERS)


def test_everything(record: Any, golden: Any) -> None:
    golden("azure_triggers", made(record).lines())


def test_figures_are_the_triggers(record: Any) -> None:
    found = {}
    for name, inputs in made(record).of(METRIC).items():
        (one,) = inputs["criteria"]["allOf"]
        found[name.removeprefix("one-triggers-")] = (one["metricName"], one["operator"], one["threshold"])
        assert (inputs["evaluationFrequency"], inputs["windowSize"]) == ("PT1M", "PT1M")
        assert inputs["targetResourceType"] == one["metricNamespace"]
    assert found == {
        "health-alarm": ("DipAvailability", "LessThan", 80),
        "errors-alarm": ("VipAvailability", "LessThan", 95),
        "load-alarm": ("node_cpu_usage_percentage", "GreaterThan", 90),
        "partition-alarm": ("BgpPeerStatus", "LessThan", 0.25),
    }


def test_each_node_and_session_is_watched_by_itself(record: Any) -> None:
    seen = made(record)
    for alarm, dimension in (("health", "BackendIPAddress"), ("partition", "BgpPeerAddress")):
        (one,) = seen.one(f"one-triggers-{alarm}-alarm").inputs["criteria"]["allOf"]
        assert one["dimensions"] == [{"name": dimension, "operator": "Include", "values": ["*"]}]


def test_all_tell_the_topic(record: Any) -> None:
    seen = made(record)
    for inputs in seen.of(METRIC).values():
        assert inputs["actions"] == [{"actionGroupId": "one-triggers-topic-id"}]
    maintenance = seen.one("one-triggers-maintenance-alarm").inputs
    assert maintenance["actions"] == {"actionGroups": [{"actionGroupId": "one-triggers-topic-id"}]}
    assert {one["field"]: one["equals"] for one in maintenance["condition"]["allOf"]} == {
        "category": "ServiceHealth",
        "properties.incidentType": "Maintenance",
    }
    assert seen.one("one-triggers-topic").inputs["groupShortName"] == "one-triggers"


def test_watches_the_one_gateway_whatever_else_was_handed_over(record: Any) -> None:
    seen = made(record).one("one-triggers-partition-alarm")
    assert seen.inputs["scopes"] == [
        f"/subscriptions/{ACCOUNT.id}/resourceGroups/rg/providers/Microsoft.Network/vpnGateways/gw"
    ]


def test_refuses_a_gateway_that_was_not_handed_over(record: Any) -> None:
    with pytest.raises(ValueError, match="gateway ids without vpn-gateway"):
        made(record, gateway_ids={"group": "rg"})


def test_refuses_an_entry_without_a_balancer(record: Any) -> None:
    with pytest.raises(ValueError, match="entry ids without `balancer`"):
        made(record, entry_ids={})
