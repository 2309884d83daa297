"""What AWS would refuse of global traffic is refused: in previews where the inputs tell, else at the create."""

# ruff: noqa: E501 - tables are read by column
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.handler import Refused
from tests.sandbox.aws.world import ACCOUNT, BY_NAME, World, allow, key_policy, queries_policy, verb

HEALTH: dict[str, Any] = {
    "enabled": True,
    "protocol": "TCP",
    "port": "8000",
    "interval": 5,
    "timeout": 3,
    "healthyThreshold": 2,
    "unhealthyThreshold": 2,
}
QUERY: dict[str, Any] = {
    "id": "m1",
    "returnData": True,
    "metric": {"namespace": "AWS/NetworkELB", "metricName": "NewFlowCount", "period": 60, "stat": "Sum"},
}
ALIAS = {"name": "active.trading-eu.prod.nautilus.example", "zoneId": "${zone.zoneId}", "evaluateTargetHealth": True}
NONE = "00000000-0000-4000-8000-000000000000"

STATIC: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("balancer", {"name": "x" * 33}, "name: .* is not 1 to 32 letters"),
    ("balancer", {"name": "x-"}, "name: 'x-' is not 1 to 32 letters"),
    ("balancer", {"name": None}, "name: is required"),
    ("balancer", {"loadBalancerType": "application"}, "loadBalancerType: application is not offered"),
    ("balancer", {"loadBalancerType": None}, "loadBalancerType: application is not offered"),
    ("balancer", {"subnets": []}, "subnets: is required"),
    ("balancer", {"accessLogs": {"enabled": True, "bucket": "x"}}, "accessLogs: are not offered"),
    ("targets", {"healthCheck": {**HEALTH, "interval": 4}}, "healthCheck.interval: 4 is not 5 to 300 s"),
    ("targets", {"healthCheck": {**HEALTH, "interval": 301}}, r"HealthCheckIntervalSeconds|healthCheck.interval: .*5 to 300"),
    ("targets", {"healthCheck": {**HEALTH, "timeout": 1}}, r"healthCheck.timeout: .*2 to 120"),
    ("targets", {"healthCheck": {**HEALTH, "timeout": 6}}, "healthCheck.timeout: 6 s is longer than the interval of 5 s"),
    ("targets", {"healthCheck": {**HEALTH, "unhealthyThreshold": 1}}, r"healthCheck.unhealthyThreshold: .*2 to 10"),
    ("targets", {"healthCheck": {**HEALTH, "matcher": "200"}}, "healthCheck.matcher: is not a setting of TCP"),
    ("targets", {"deregistrationDelay": 3601}, "deregistrationDelay: 3601 is not 0 to 3600"),
    ("targets", {"protocol": "HTTP"}, "protocol: 'HTTP' is not offered"),
    ("targets", {"stickiness": {"type": "lb_cookie"}}, "stickiness.type: 'lb_cookie' is not source_ip"),
    ("targets", {"vpcId": None}, "vpcId: is required"),
    ("listener", {"protocol": "HTTPS"}, "protocol: 'HTTPS' is none of a network load balancer"),
    ("listener", {"port": None}, "port: is required"),
    ("listener", {"port": 70000}, r"port: must be 1 to 65535"),
    ("listener", {"defaultActions": [{"type": "redirect"}]}, r"defaultActions\[0\].type: 'redirect' is not forward"),
    ("accelerator", {"name": "-x"}, "name: '-x' is not 1 to 64 letters"),
    ("accelerator", {"ipAddressType": "IPV6"}, "ipAddressType: 'IPV6' is not one of"),
    ("accelerator", {"attributes": {"flowLogsEnabled": True}}, "attributes.flowLogsS3Bucket: is required"),
    ("ports", {"clientAffinity": "SOURCE"}, "clientAffinity: 'SOURCE' is not one of"),
    ("ports", {"protocol": "TLS"}, "protocol: 'TLS' is not one of TCP, UDP"),
    ("ports", {"portRanges": [{"fromPort": 9, "toPort": 8}]}, "8 lies below fromPort 9"),
    ("ports", {"portRanges": [{"fromPort": 1, "toPort": 9}, {"fromPort": 9, "toPort": 10}]}, "9 to 10 overlaps another range"),
    ("ports", {"portRanges": [{"fromPort": n, "toPort": n} for n in range(1, 12)]}, "portRanges: must be 1 to 10 items"),
    ("endpoints", {"healthCheckIntervalSeconds": 20}, "healthCheckIntervalSeconds: 20 is neither 10 nor 30"),
    ("endpoints", {"healthCheckIntervalSeconds": 5}, "healthCheckIntervalSeconds: must be 10 to 30"),
    ("endpoints", {"thresholdCount": 11}, "thresholdCount: must be 1 to 10"),
    ("endpoints", {"thresholdCount": 0}, "thresholdCount: must be 1 to 10"),
    ("endpoints", {"trafficDialPercentage": 101}, "trafficDialPercentage: must be 0 to 100"),
    ("endpoints", {"endpointGroupRegion": "eu-central-9"}, "endpointGroupRegion: 'eu-central-9' is not a region"),
    ("endpoints", {"endpointGroupRegion": "us-east-1"}, "is in eu-central-1, the group in us-east-1"),
    ("endpoints", {"endpointConfigurations": [{"endpointId": "x", "weight": 256}]}, "256 is not 0 to 255"),
    ("zone", {"name": "nautilus"}, "name: 'nautilus' is not a domain name"),
    ("zone", {"vpcs": [{"vpcId": "vpc-1"}]}, "vpcs: is not offered"),
    ("query-log", {"cloudwatchLogGroupArn": f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:x"}, "is in eu-central-1: Route 53 logs to us-east-1 only"),
    ("query-log", {"cloudwatchLogGroupArn": "x"}, "'x' is not the ARN of a log group"),
    ("signer", {"keyManagementServiceArn": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{NONE}"}, "is not in us-east-1"),
    ("signer", {"status": "ON"}, "status: 'ON' is neither ACTIVE nor INACTIVE"),
    ("signature", {"signingStatus": "OFF"}, "signingStatus: 'OFF' is neither"),
    ("check", {"requestInterval": 20}, "requestInterval: 20 is neither 10 nor 30"),
    ("check", {"requestInterval": None}, "requestInterval: is required"),
    ("check", {"failureThreshold": 0}, "failureThreshold: must be 1 to 10"),
    ("check", {"failureThreshold": 11}, "failureThreshold: must be 1 to 10"),
    ("check", {"regions": ["us-east-1", "us-west-2"]}, "regions: must be 3 to 64 items"),
    ("check", {"regions": ["us-east-1", "us-west-2", "eu-central-1"]}, "'eu-central-1' is not one of"),
    ("check", {"ipAddress": "10.0.0.1"}, "ipAddress: 10.0.0.1 is not a public address"),
    ("check", {"ipAddress": None}, "ipAddress: is required, or fqdn"),
    ("check", {"port": None}, "port: is required by TCP"),
    ("check", {"type": "CALCULATED"}, "type: 'CALCULATED' is not offered"),
    ("check", {"resourcePath": "/"}, "resourcePath: is not a setting of TCP"),
    ("second", {"ttl": None}, "ttl: is required with records"),
    ("second", {"ttl": -1}, "ttl: must be 0 to 2147483647"),
    ("second", {"records": ["host.example"]}, r"records\[0\]: 'host.example' is not an address"),
    ("second", {"records": None}, "exactly one of records and aliases"),
    ("second", {"setIdentifier": None}, "setIdentifier: is required with a routing policy"),
    ("second", {"weightedRoutingPolicies": [{"weight": 1}]}, "a record has one policy, and there is weightedRoutingPolicies"),
    ("second", {"failoverRoutingPolicies": [{"type": "THIRD"}]}, "'THIRD' is not one of PRIMARY, SECONDARY"),
    ("first", {"ttl": 10}, "ttl: must not be set with an alias"),
    ("answer", {"weightedRoutingPolicies": [{"weight": 256}]}, "must be 0 to 255"),
    ("fast", {"latencyRoutingPolicies": [{"region": "europe-west1"}]}, "'europe-west1' is not one of"),
    ("near", {"geoproximityRoutingPolicy": {"coordinates": [{"latitude": "91.00", "longitude": "0"}]}}, "latitude: '91.00' is not -90 to 90"),
    ("halted", {"cidrRoutingPolicy": {"collectionId": "x", "locationName": "y"}}, "cidrRoutingPolicy: is not offered"),
    ("halted", {"type": "PTR"}, "type: 'PTR' is not offered"),
    ("queries-policy", {"policyDocument": "{"}, "policyDocument: is not a JSON object"),
    ("queries-policy", {"policyDocument": allow("logs:PutLogEvents", Principal="*", Sid="x" * 5200)}, "CloudWatch Logs allows 5120"),
    ("topic", {"name": "x y"}, "name: 'x y' is not 1 to 256"),
    ("topic", {"displayName": "x" * 101}, "SNS allows 100"),
    ("topic", {"fifoTopic": True}, "fifoTopic: is not offered"),
    ("topic-policy", {"policy": allow("sns:Publish")}, "names no Principal"),
    ("topic-policy", {"policy": allow("s3:GetObject", Principal="*")}, "action 's3:GetObject' is none of SNS"),
    ("alarm", {"comparisonOperator": "MoreThan"}, "comparisonOperator: 'MoreThan' is not one of"),
    ("alarm", {"datapointsToAlarm": 4}, "datapointsToAlarm: 4 of 3 evaluation periods"),
    ("alarm", {"treatMissingData": "bad"}, "treatMissingData: 'bad' is not one of"),
    ("alarm", {"metricQueries": [{**QUERY, "id": "M1"}]}, "'M1' does not begin with a small letter"),
    ("alarm", {"metricQueries": [QUERY, QUERY]}, "two have one id"),
    ("alarm", {"metricQueries": [{**QUERY, "returnData": False}]}, "exactly one returns data, and here 0 do"),
    ("alarm", {"metricQueries": [{**QUERY, "metric": {**QUERY["metric"], "period": 45}}]}, "45 is not 10, 20, 30 or a multiple of 60"),
    ("alarm", {"evaluationPeriods": 2000, "metricQueries": [QUERY]}, "more than a day"),
    ("alarm", {"metricQueries": [{"id": "e1", "expression": "m9 / 2", "returnData": True}]}, "m9 is the id of no query"),
    ("alarm", {"metricQueries": [{"id": "e1", "returnData": True}]}, "exactly one of metric and expression"),
    ("alarm", {"metricQueries": [{**QUERY, "id": f"m{n}", "returnData": n == 0} for n in range(11)]}, "holds 11; an alarm takes 10"),
    ("alarm", {"metricName": "NewFlowCount"}, "exactly one of metricName and metricQueries"),
    ("alarm", {"alarmActions": ["topic"]}, "'topic' is no ARN"),
    ("alarm", {"alarmActions": [f"arn:aws:sns:us-east-1:{ACCOUNT}:x"]}, "is not in eu-central-1 of account"),
    ("maintenance", {"eventPattern": '{"source":"aws.health"}'}, "every value is a list"),
    ("maintenance", {"eventPattern": None}, "eventPattern: is required"),
    ("maintenance", {"state": "ON"}, "state: 'ON' is not one of"),
    ("told", {"arn": f"arn:aws:sqs:eu-central-1:{ACCOUNT}:x"}, "is no SNS topic"),
    ("told", {"arn": f"arn:aws:sns:us-east-1:{ACCOUNT}:x"}, "is not in eu-central-1"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "match"), STATIC, ids=[f"{case[0]}-{number}" for number, case in enumerate(STATIC)]
)
def test_a_preview_refuses_it(full: World, name: str, change: dict[str, Any], match: str) -> None:
    found = [f"{problem.path}: {problem.reason}" for problem in full.problems(name, **change)]
    assert found
    with pytest.raises(AssertionError, match=match):
        raise AssertionError("\n".join(found))


ABSENT: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("balancer", {"name": "other", "subnets": ["subnet-0"]}, "subnets: subnet-0 does not exist"),
    ("balancer", {"name": "other", "securityGroups": ["sg-0"]}, "securityGroups: sg-0 does not exist"),
    ("balancer", {"name": "other", "subnets": ["${a.id}", "${pod-a.id}"]}, "two subnets are in one zone"),
    ("balancer", {}, "DuplicateLoadBalancerName"),
    ("targets", {"name": "other", "vpcId": "vpc-0"}, "vpcId: vpc-0 does not exist"),
    ("targets", {}, "DuplicateTargetGroupName"),
    ("listener", {"loadBalancerArn": f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:loadbalancer/net/x/1"}, "LoadBalancerNotFound"),
    ("listener", {"port": 444, "defaultActions": [{"type": "forward", "targetGroupArn": f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:targetgroup/x/1"}]}, "TargetGroupNotFound"),
    ("listener", {"port": 444, "protocol": "UDP"}, "takes TCP, the listener UDP"),
    ("listener", {}, "DuplicateListener"),
    ("ports", {"acceleratorArn": f"arn:aws:globalaccelerator::{ACCOUNT}:accelerator/{NONE}"}, "AcceleratorNotFoundException"),
    ("ports", {}, "InvalidPortRangeException"),
    ("endpoints", {"listenerArn": f"arn:aws:globalaccelerator::{ACCOUNT}:accelerator/{NONE}/listener/1"}, "ListenerNotFoundException"),
    ("endpoints", {}, "EndpointGroupAlreadyExistsException"),
    ("endpoints", {"endpointConfigurations": [{"endpointId": f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:loadbalancer/net/x/1"}]}, "EndpointNotFoundException"),
    ("endpoints", {"endpointConfigurations": [{"endpointId": "arn:aws:elasticloadbalancing:eu-central-1:999999999999:loadbalancer/net/x/1"}]}, "is of account 999999999999"),
    ("endpoints", {"endpointConfigurations": [{"endpointId": "${eip.id}"}]}, "is not the ARN of a load balancer"),
    ("signer", {"name": "other", "keyManagementServiceArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{NONE}"}, "InvalidKMSArn"),
    ("signer", {}, "KeySigningKeyAlreadyExists"),
    ("query-log", {"zoneId": "Z0"}, "NoSuchHostedZone"),
    ("query-log", {"cloudwatchLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/route53/none"}, "log group /aws/route53/none does not exist"),
    ("queries-policy", {}, "policy x-queries exists already"),
    ("second", {"zoneId": "Z0"}, "zone Z0 does not exist"),
    ("second", {"name": "trading-eu.other.example"}, "is not in zone prod.nautilus.example"),
    ("second", {"healthCheckId": NONE}, f"health check {NONE} does not exist"),
    ("second", {}, "is another record's there already|has that record already"),
    ("second", {"setIdentifier": "x"}, "SECONDARY is another record's there already"),
    ("second", {"setIdentifier": "x", "failoverRoutingPolicies": None, "weightedRoutingPolicies": [{"weight": 1}]}, "has records of another policy"),
    ("fast", {"setIdentifier": "x"}, "eu-west-1 is another record's there already"),
    ("near", {"setIdentifier": "x"}, "is another record's there already"),
    ("first", {"setIdentifier": "x", "name": "new.prod.nautilus.example", "aliases": [{**ALIAS, "name": "none.prod.nautilus.example"}]}, "none.prod.nautilus.example has no A record in the zone"),
    ("halted", {"type": "CNAME", "records": ["a.example"]}, "has TXT records; a CNAME stands alone"),
    ("halted", {"name": "prod.nautilus.example", "type": "CNAME", "records": ["a.example"]}, "the zone's own name cannot be a CNAME"),
    ("soa", {"allowOverwrite": False}, "is there from its beginning"),
    ("topic", {}, "topic x-triggers exists already"),
    ("topic-policy", {"arn": f"arn:aws:sns:eu-central-1:{ACCOUNT}:none"}, "topic .* does not exist"),
    ("alarm", {}, "alarm x-errors exists already"),
    ("maintenance", {}, "rule x-maintenance exists already"),
    ("told", {"rule": "none"}, "rule none does not exist"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "match"), ABSENT, ids=[f"{case[0]}-{number}" for number, case in enumerate(ABSENT)]
)
def test_a_create_refuses_it(full: World, name: str, change: dict[str, Any], match: str) -> None:
    request = full.request(BY_NAME[name], change)
    with pytest.raises(Refused, match=match):
        verb(request.type, "create")(replace(request, urn=f"{request.urn}-other", seed=f"{request.urn}-other"))


HELD = {
    "accelerator": "DependencyViolation: .* is still needed by",
    "ports": "DependencyViolation: .* is still needed by",
    "targets": "ResourceInUse",
    "zone": "HostedZoneNotEmpty",
    "signer": "KeySigningKeyInUse",
    "maintenance": "can't be deleted since it has targets",
}


@pytest.mark.parametrize("name", sorted(HELD))
def test_what_others_need_is_not_deleted(full: World, name: str) -> None:
    request = full.again(name)
    if name == "signer":
        request = replace(
            request, among=lambda kind: [one for one in full.request(BY_NAME[name]).among(kind) if one["id"] != request.id]
        )
    with pytest.raises(Refused, match=HELD[name]):
        verb(request.type, "delete")(request)


def test_a_protected_balancer_is_not_deleted_until_it_is_released(empty: World) -> None:
    empty.upto("balancer").create("balancer", enableDeletionProtection=True)
    request = empty.again("balancer")
    with pytest.raises(Refused, match=r"OperationNotPermitted: .* has deletion protection"):
        verb(request.type, "delete")(request)
    released = replace(request, inputs={**request.inputs, "enableDeletionProtection": False})
    assert verb(request.type, "update")(released).outputs["enableDeletionProtection"] is False
    verb(request.type, "delete")(released)
    assert verb(request.type, "read")(released) is None


def test_a_balancer_without_groups_keeps_no_clients_address(empty: World) -> None:
    empty.upto("balancer").create("balancer", securityGroups=[])
    with pytest.raises(Refused, match="has no security group, without which a client's address is not preserved"):
        empty.upto("endpoints").create("endpoints")


@pytest.mark.parametrize(("first", "then"), [([], ["${app.id}"]), (["${app.id}"], [])])
def test_a_balancer_has_groups_from_the_first_or_never(empty: World, first: list[str], then: list[str]) -> None:
    empty.upto("balancer").create("balancer", securityGroups=first)
    request = empty.again("balancer")
    changed = replace(request, inputs={**request.inputs, "securityGroups": empty.resolve(then)})
    with pytest.raises(Refused, match=f"made {'with' if first else 'without'} groups stays so"):
        verb(request.type, "update")(changed)


def test_an_accelerator_needs_a_way_into_the_vpc(empty: World) -> None:
    empty.upto("endpoints")
    emulator.backend("ec2", ACCOUNT, "eu-central-1").internet_gateways.clear()
    with pytest.raises(Refused, match="has no internet gateway"):
        empty.create("endpoints")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"policy": key_policy()}, "does not let dnssec-route53.amazonaws.com do kms:DescribeKey"),
        ({"customerMasterKeySpec": "ECC_NIST_P384"}, "is ECC_NIST_P384 for SIGN_VERIFY, not ECC_NIST_P256"),
        ({"multiRegion": True}, "is a multi-Region key"),
    ],
)
def test_a_zone_is_signed_only_with_what_route_53_can_use(empty: World, change: dict[str, Any], match: str) -> None:
    empty.upto("signing").create("signing", **change)
    with pytest.raises(Refused, match=match):
        empty.create("signer")


def test_a_zone_without_an_active_key_is_not_signed(empty: World) -> None:
    empty.upto("signer").create("signer", status="INACTIVE")
    with pytest.raises(Refused, match="KeySigningKeyWithActiveStatusNotFound"):
        empty.create("signature")


def test_query_logs_need_route_53_let_in(empty: World) -> None:
    empty.upto("queries-policy").create("queries-policy", policyDocument=queries_policy("delivery.logs.amazonaws.com"))
    with pytest.raises(Refused, match="InsufficientCloudWatchLogsResourcePolicy"):
        empty.create("query-log")


def test_a_region_has_ten_resource_policies(empty: World) -> None:
    empty.upto("queries-policy")
    for number in range(10):
        params = {"policyName": f"p{number}", "policyDocument": json.dumps({"Version": "2012-10-17"})}
        emulator.call("logs", "put_resource_policy", ACCOUNT, "us-east-1", params)
    with pytest.raises(Refused, match="LimitExceededException"):
        empty.create("queries-policy")


def test_deleting_a_record_leaves_those_of_the_same_set_identifier_at_other_names(empty: World) -> None:
    for name in ("second", "fast"):
        empty.upto(name).create(name)
    verb("aws:route53/record:Record", "delete")(empty.again("second"))
    assert verb("aws:route53/record:Record", "read")(empty.again("second")) is None
    assert verb("aws:route53/record:Record", "read")(empty.again("fast")) is not None
    del empty.made["second"]
    assert empty.create("second").outputs["ttl"] == 10
