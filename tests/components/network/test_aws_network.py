"""The VPC: what is registered, where it lies, and what may talk to what."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from typing import Any

import pytest

from components.network.args import NetworkArgs
from components.network.aws import AwsNetwork
from components.network.aws_endpoints import GATEWAY_SERVICES, INTERFACE_SERVICES

SUBNET = "aws:ec2/subnet:Subnet"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OUTPUTS = {
    "aws:ec2/vpc:Vpc": lambda _: {"defaultNetworkAclId": "acl-default", "defaultRouteTableId": "rtb-default"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": lambda inputs: {"prefixListId": f"pl-{inputs['serviceName']}"},
}


@pytest.fixture(scope="module")
def args(aws_location: Any, aws_account: Any, labels: Any) -> Any:
    return NetworkArgs(
        location=aws_location,
        account=aws_account,
        zones=("us-east-1a", "us-east-1b", "us-east-1c"),
        nodes="10.0.0.0/16",
        pods="100.64.0.0/16",
        services="172.16.0.0/20",
        nat_per_zone=True,
        log_key="arn:key",
        flow_log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


@pytest.fixture(scope="module")
def small(args: Any) -> Any:
    return dataclasses.replace(
        args, zones=("us-east-1a", "us-east-1c"), nat_per_zone=False, deletion_protection=False, flow_log_retention_days=30
    )


@pytest.fixture(scope="module")
def seen(record: Any, args: Any) -> Any:
    return record(lambda: AwsNetwork("one", args), OUTPUTS)


def test_three_zones_in_full(seen: Any, golden: Any) -> None:
    golden("aws_three_zones", seen.lines())


def test_two_zones_with_one_nat_in_full(record: Any, small: Any, golden: Any) -> None:
    golden("aws_two_zones", record(lambda: AwsNetwork("one", small), OUTPUTS).lines())


def test_subnets_lie_in_the_vpc_and_never_overlap(seen: Any) -> None:
    subnets = {name: ipaddress.ip_network(one["cidrBlock"]) for name, one in seen.of(SUBNET).items()}
    assert len(subnets) == 12
    homes = [ipaddress.ip_network("10.0.0.0/16"), ipaddress.ip_network("100.64.0.0/16")]
    for name, subnet in subnets.items():
        assert subnet.subnet_of(homes["-pods-" in name]), name
        assert not [other for key, other in subnets.items() if key != name and other.overlaps(subnet)], name


def test_a_zone_keeps_its_subnets_whatever_its_neighbours(seen: Any, record: Any, small: Any) -> None:
    fewer = record(lambda: AwsNetwork("one", small), OUTPUTS).of(SUBNET)
    assert fewer["one-private-c"]["cidrBlock"] == seen.of(SUBNET)["one-private-c"]["cidrBlock"]


def test_no_public_address_on_launch(seen: Any) -> None:
    assert {one["mapPublicIpOnLaunch"] for one in seen.of(SUBNET).values()} == {False}


def test_public_load_balancers_find_no_subnet(seen: Any) -> None:
    for name, one in seen.of(SUBNET).items():
        assert "kubernetes.io/role/elb" not in one["tags"]
        assert ("kubernetes.io/role/internal-elb" in one["tags"]) is ("-private-" in name)


def test_nat_per_zone_and_none_for_the_data_tier(seen: Any) -> None:
    routes = seen.of("aws:ec2/route:Route")
    assert {name: one.get("natGatewayId", one.get("gatewayId")) for name, one in routes.items()} == {
        **{f"one-public-{zone}-default": "one-internet-id" for zone in "abc"},
        **{f"one-private-{zone}-default": f"one-nat-{zone}-id" for zone in "abc"},
    }


def test_one_nat_serves_every_zone_where_that_is_enough(record: Any, small: Any) -> None:
    seen = record(lambda: AwsNetwork("one", small), OUTPUTS)
    routes = seen.of("aws:ec2/route:Route")
    assert {one["natGatewayId"] for one in routes.values() if "natGatewayId" in one} == {"one-nat-a-id"}
    assert seen.one("one-endpoint-sts").inputs["subnetIds"] == ["one-private-a-id"]


def test_pods_route_as_the_nodes_of_their_zone(seen: Any) -> None:
    tables = seen.of("aws:ec2/routeTableAssociation:RouteTableAssociation")
    for zone in "abc":
        assert tables[f"one-pods-{zone}-association"]["routeTableId"] == f"one-private-{zone}-routes-id"


def test_ways_in_are_the_tiers_own(seen: Any) -> None:
    ways = sorted(
        (
            one["securityGroupId"],
            one["fromPort"],
            one["toPort"],
            one.get("cidrIpv4") or one.get("referencedSecurityGroupId"),
        )
        for one in seen.of(INGRESS).values()
    )
    assert ways == sorted(
        [
            *(("one-web-id", port, port, cidr) for port in (80, 443) for cidr in ("10.0.0.0/16", "100.64.0.0/16")),
            *(("one-endpoints-id", 443, 443, cidr) for cidr in ("10.0.0.0/16", "100.64.0.0/16")),
            ("one-app-id", 8000, 8010, "one-web-id"),
            ("one-data-id", 5432, 5432, "one-app-id"),
            ("one-data-id", 6379, 6379, "one-app-id"),
        ]
    )


def test_data_and_endpoints_open_nothing(seen: Any) -> None:
    assert {one["securityGroupId"] for one in seen.of(EGRESS).values()} == {"one-app-id", "one-web-id"}


def test_default_group_acl_and_routes_are_emptied(seen: Any) -> None:
    assert seen.one("one-default-security-group").inputs["ingress"] == []
    assert seen.one("one-default-security-group").inputs["egress"] == []
    assert "ingress" not in seen.one("one-default-network-acl").inputs
    assert seen.one("one-default-route-table").inputs["routes"] == []


def test_every_subnet_has_its_tiers_acl(seen: Any) -> None:
    acls = seen.of("aws:ec2/networkAcl:NetworkAcl")
    assert acls["one-data-acl"]["subnetIds"] == [f"one-data-{zone}-id" for zone in "abc"]
    held = [subnet for acl in acls.values() for subnet in acl["subnetIds"]]
    assert sorted(held) == sorted(f"{name}-id" for name in seen.of(SUBNET))


def test_data_acl_knows_no_outside(seen: Any) -> None:
    rules = {name: one for name, one in seen.of("aws:ec2/networkAclRule:NetworkAclRule").items() if "-data-acl-" in name}
    assert len(rules) == 7
    for name, one in rules.items():
        assert one["cidrBlock"] in {"10.0.0.0/16", "100.64.0.0/16", "10.0.192.0/19"}, name
        assert one["protocol"] == "tcp", name


def test_acl_numbers_are_unique_in_each_direction(seen: Any) -> None:
    rules = seen.of("aws:ec2/networkAclRule:NetworkAclRule").values()
    numbers = [(one["networkAclId"], one["egress"], one["ruleNumber"]) for one in rules]
    assert len(numbers) == len(set(numbers))


def test_flow_logs_record_everything_under_the_key(seen: Any) -> None:
    log = seen.one("one-flow-log").inputs
    assert log["trafficType"] == "ALL"
    assert log["maxAggregationInterval"] == 60
    assert log["logDestination"] == "arn:one-flow-logs"
    assert "${pkt-dstaddr}" in log["logFormat"]
    group = seen.one("one-flow-logs")
    assert group.inputs["kmsKeyId"] == "arn:key"
    assert group.inputs["retentionInDays"] == 400
    assert group.inputs["deletionProtectionEnabled"] is True
    assert group.protect
    assert "one-flow-logs-policy" in seen.one("one-flow-log").waits_for


def test_flow_log_role_is_for_this_accounts_flow_logs(seen: Any, statements: Any) -> None:
    trust = statements(seen.one("one-flow-logs-role").inputs["assumeRolePolicy"])["Assume"]
    assert trust["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "100000000001"}


def test_every_endpoint_is_bound_to_the_account(seen: Any) -> None:
    endpoints = seen.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert {one["serviceName"] for one in endpoints.values()} == {
        f"com.amazonaws.us-east-1.{service}" for service in (*GATEWAY_SERVICES, *INTERFACE_SERVICES)
    }
    for name, one in endpoints.items():
        for statement in json.loads(one["policy"])["Statement"]:
            if statement["Sid"] == "FromAws":
                assert all(bucket.startswith("arn:aws:s3:::") for bucket in statement["Resource"])
            else:
                assert statement["Condition"]["StringEquals"]["aws:PrincipalAccount"] == "100000000001", name


def test_interface_endpoints_answer_by_their_own_names(seen: Any) -> None:
    for name, one in seen.of("aws:ec2/vpcEndpoint:VpcEndpoint").items():
        if one["vpcEndpointType"] == "Interface":
            assert one["privateDnsEnabled"] is True, name
            assert one["securityGroupIds"] == ["one-endpoints-id"], name


def test_gateway_endpoints_serve_private_and_data_tiers(seen: Any) -> None:
    tables = seen.one("one-endpoint-s3").inputs["routeTableIds"]
    assert tables == [f"one-{tier}-{zone}-routes-id" for tier in ("private", "data") for zone in "abc"]


def test_what_takes_tags_is_labelled(seen: Any) -> None:
    untagged = {
        "aws:ec2/networkAclRule:NetworkAclRule",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        "aws:iam/rolePolicy:RolePolicy",
    }
    for one in seen.registered:
        if one.type.startswith("aws:") and one.type not in untagged:
            assert one.inputs["tags"]["nautilus:jurisdiction"] == "us", one.name


def test_logical_names_hold_no_region_and_no_account(seen: Any) -> None:
    assert not [one.name for one in seen.registered if "us-east-1" in one.name or "100000000001" in one.name]


def test_retention_that_cloudwatch_cannot_keep_is_refused(record: Any, args: Any) -> None:
    longer = dataclasses.replace(args, flow_log_retention_days=4000)
    with pytest.raises(ValueError, match="log retention 4000 days: CloudWatch Logs keeps at most 3653"):
        record(lambda: AwsNetwork("one", longer), OUTPUTS)
