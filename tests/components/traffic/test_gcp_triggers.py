"""Triggers on Google Cloud: one topic in the region under the key, and an alarm for each trigger the cloud sees."""

from __future__ import annotations

from typing import Any

import pytest

from components.traffic.gcp_conditions import COUNTED, counted, entries, thresholds
from components.traffic.gcp_triggers import GcpTriggers
from config.model import Account
from tests.components.gcp_backbone import ACCOUNT, KEY, refused
from tests.components.gcp_front import ALARM, METRIC, triggers

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

NAME = "place-1-triggers"
TOPIC = f"projects/{ACCOUNT.id}/topics/{NAME}-topic"
OUTPUTS = {"gcp:pubsub/topic:Topic": lambda inputs: {"name": inputs["name"]}}


def build(record: Any, args: Any) -> Any:
    return record(lambda: GcpTriggers(NAME, args), OUTPUTS)


@pytest.fixture
def seen(record: Any, labels: Any) -> Any:
    return build(record, triggers(labels))


def condition(seen: Any, trigger: str, place: int = 0) -> Any:
    return seen.of(ALARM)[f"{NAME}-{trigger}"]["conditions"][place]["conditionThreshold"]


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_triggers", seen.lines())


def test_the_sandbox_would_take_all_of_it(seen: Any) -> None:
    # The pretended topic has another id than Google's; what a channel names is tested against the engine.
    found = refused(seen)
    assert list(found) == [f"{NAME}-channel"]
    assert [problem.path for problem in found[f"{NAME}-channel"]] == ["labels.topic"]


def test_the_topic_keeps_messages_in_the_region_under_the_key(seen: Any) -> None:
    topic = seen.one(f"{NAME}-topic").inputs
    assert topic["kmsKeyName"] == KEY
    assert topic["messageStoragePolicy"] == {"allowedPersistenceRegions": ["us-west2"], "enforceInTransit": True}
    assert f"{NAME}-topic-key" in seen.one(f"{NAME}-topic").waits_for


def test_only_the_services_own_agents_are_let_in(seen: Any) -> None:
    grant, publisher = seen.one(f"{NAME}-topic-key").inputs, seen.one(f"{NAME}-publisher").inputs
    assert grant["member"] == "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com"
    assert publisher["role"] == "roles/pubsub.publisher"
    assert publisher["member"] == "serviceAccount:service-1@gcp-sa-monitoring-notification.iam.gserviceaccount.com"


def test_every_trigger_that_the_cloud_sees_tells_the_topic(seen: Any) -> None:
    alarms = seen.of(ALARM)
    assert set(alarms) == {
        f"{NAME}-{trigger}" for trigger in ("checks", "latency", "errors", "load", "partition", "maintenance")
    }
    for name, alarm in alarms.items():
        assert alarm["notificationChannels"] == [f"{NAME}-channel-id"], name
        assert alarm["enabled"] is True, name


@pytest.mark.parametrize(("trigger", "figure"), [("latency", 100), ("errors", 0.05), ("load", 0.9)])
def test_figures(seen: Any, trigger: str, figure: float) -> None:
    found = condition(seen, trigger)
    assert (found["comparison"], found["thresholdValue"], found["duration"]) == ("COMPARISON_GT", figure, "60s")


def test_errors_are_a_share_of_all_connections(seen: Any) -> None:
    found = condition(seen, "errors")
    assert f"logging.googleapis.com/user/{NAME}-errors" in found["filter"]
    assert f"logging.googleapis.com/user/{NAME}-connections" in found["denominatorFilter"]
    assert found["denominatorAggregations"] == found["aggregations"]
    metrics = seen.of(METRIC)
    assert {one["name"] for one in metrics.values()} == {f"{NAME}-errors", f"{NAME}-connections"}
    assert all('backend_name:"place-1-entry"' in one["filter"] for one in metrics.values())
    assert set(metrics) <= seen.one(f"{NAME}-errors").waits_for


def test_partition_is_a_tunnel_or_a_session_down(seen: Any) -> None:
    tunnel, session = condition(seen, "partition"), condition(seen, "partition", 1)
    assert 'metric.labels.gateway_name="place-1-gateway-vpn"' in tunnel["filter"]
    assert "router.googleapis.com/bgp/session_up" in session["filter"]
    assert {one["comparison"] for one in (tunnel, session)} == {"COMPARISON_LT"}


@pytest.mark.parametrize("trigger", ["checks", "maintenance"])
def test_log_entries_are_told_at_most_every_five_minutes(seen: Any, trigger: str) -> None:
    alarm = seen.of(ALARM)[f"{NAME}-{trigger}"]
    assert alarm["alertStrategy"]["notificationRateLimit"] == {"period": "300s"}
    assert "us-west2" in alarm["conditions"][0]["conditionMatchedLog"]["filter"]


def test_the_table_and_its_parts_agree() -> None:
    assert set(counted("x")) == set(COUNTED)
    assert not set(thresholds("r", "c", "e")) & set(entries("r"))


def test_a_project_without_a_number_is_refused(record: Any, labels: Any) -> None:
    account = Account(id="nautilus-test-us", deployer="d", administrators="x")
    with pytest.raises(ValueError, match="nautilus-test-us has no number"):
        build(record, triggers(labels, account=account))


def test_a_placement_without_a_gateway_is_refused(record: Any, labels: Any) -> None:
    with pytest.raises(KeyError, match="vpn_gateway"):
        build(record, triggers(labels, gateway_ids={}))
