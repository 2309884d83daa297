"""What watches a placement on AWS: the topic, the alarms with their figures, and maintenance."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from components.traffic.args import TriggersArgs
from components.traffic.aws_triggers import AwsTriggers

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture(scope="module")
def args(aws_location: Any, aws_account: Any, labels: Any) -> Any:
    return TriggersArgs(
        location=aws_location,
        account=aws_account,
        entry_ids={"balancer": "net/x/1", "targets-trading": "targetgroup/t/1", "targets-client": "targetgroup/c/1"},
        gateway_ids={"transit-gateway": "tgw-1", "vpc-attachment": "tgw-attach-1", "vpc": "vpc-1"},
        cluster_id="one",
        topic_key="arn:key",
        labels=labels,
    )


@pytest.fixture(scope="module")
def seen(record: Any, args: Any) -> Any:
    return record(lambda: AwsTriggers("east-triggers", args))


def alarm(seen: Any, role: str) -> dict[str, Any]:
    found: dict[str, Any] = seen.one(f"east-triggers-{role}").inputs
    return found


def test_triggers_in_full(seen: Any, golden: Any) -> None:
    golden("aws_triggers", seen.lines())


def test_the_topic_is_encrypted_and_takes_alarms_and_events_of_this_account(seen: Any, statements: Any) -> None:
    assert seen.one("east-triggers-topic").inputs["kmsMasterKeyId"] == "arn:key"
    policy = statements(seen.one("east-triggers-topic-policy").inputs["policy"])
    assert policy["Tell"]["Principal"] == {"Service": ["cloudwatch.amazonaws.com"]}
    assert policy["TellOfMaintenance"]["Principal"] == {"Service": ["events.amazonaws.com"]}
    assert "Condition" not in policy["TellOfMaintenance"]
    assert policy["Tell"]["Condition"] == {"StringEquals": {"aws:SourceAccount": "100000000001"}}
    assert "*" not in json.dumps(policy["TellByHand"]["Principal"])


def test_every_alarm_tells_the_topic_both_ways(seen: Any) -> None:
    alarms = seen.of(ALARM)
    assert {tuple(one["alarmActions"]) for one in alarms.values()} == {("arn:east-triggers-topic",)}
    assert {tuple(one["okActions"]) for one in alarms.values()} == {("arn:east-triggers-topic",)}


def test_three_failed_checks_in_a_row(seen: Any) -> None:
    found = alarm(seen, "checks-trading")
    metric = found["metricQueries"][0]["metric"]
    assert (metric["metricName"], metric["stat"], metric["period"]) == ("UnHealthyHostCount", "Maximum", 60)
    assert metric["dimensions"] == {"LoadBalancer": "net/x/1", "TargetGroup": "targetgroup/t/1"}
    assert (found["evaluationPeriods"], found["datapointsToAlarm"], found["threshold"]) == (3, 3, 0)


def test_more_than_five_percent_errors(seen: Any) -> None:
    found = alarm(seen, "errors")
    assert (found["threshold"], found["comparisonOperator"]) == (5, "GreaterThanThreshold")
    assert found["metricQueries"][-1]["expression"] == "IF(flows > 0, 100 * resets / flows, 0)"


def test_more_than_ninety_percent_load(seen: Any) -> None:
    found = alarm(seen, "load")
    assert found["threshold"] == 90
    assert "55000" in found["metricQueries"][-1]["expression"]
    assert [query["id"] for query in found["metricQueries"] if query.get("returnData")] == ["load"]


def test_a_partition_is_silence_over_the_backbone(seen: Any) -> None:
    found = alarm(seen, "partition")
    assert (found["comparisonOperator"], found["treatMissingData"]) == ("LessThanThreshold", "breaching")
    assert found["metricQueries"][0]["metric"]["dimensions"] == {
        "TransitGateway": "tgw-1",
        "TransitGatewayAttachment": "tgw-attach-1",
    }


def test_without_a_backbone_there_is_no_partition(record: Any, args: Any) -> None:
    alone = dataclasses.replace(args, gateway_ids={})
    assert "east-triggers-partition" not in record(lambda: AwsTriggers("east-triggers", alone)).of(ALARM)


def test_maintenance_is_told(seen: Any) -> None:
    pattern = json.loads(seen.one("east-triggers-maintenance").inputs["eventPattern"])
    assert pattern["source"] == ["aws.health"]
    assert "scheduledChange" in pattern["detail"]["eventTypeCategory"]
    assert seen.one("east-triggers-maintenance-told").inputs["arn"] == "arn:east-triggers-topic"


def test_an_entry_without_targets_is_refused(record: Any, args: Any) -> None:
    bare = dataclasses.replace(args, entry_ids={"balancer": "net/x/1"})
    with pytest.raises(ValueError, match="no targets to watch"):
        record(lambda: AwsTriggers("east-triggers", bare))


def test_more_classes_than_an_alarm_takes_are_refused(record: Any, args: Any) -> None:
    many = {"balancer": "net/x/1", **{f"targets-c{number}": f"targetgroup/{number}" for number in range(9)}}
    with pytest.raises(ValueError, match="9 service classes"):
        record(lambda: AwsTriggers("east-triggers", dataclasses.replace(args, entry_ids=many)))
