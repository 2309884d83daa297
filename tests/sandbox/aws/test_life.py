"""What happens over time: restarts, drift, several accounts and regions, and operations that fail half-way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from nautilus.sandbox.aws import emulator, replay
from nautilus.sandbox.handler import Refused, Target
from tests.sandbox.aws.world import ACCOUNT, EXAMPLES, REGION, TARGET, World, allow, fresh, key_policy, trust, verb

SUBNETS = sum(example.type == "aws:ec2/subnet:Subnet" for example in EXAMPLES)
"""All of them are the one VPC's."""


@pytest.fixture
def url() -> Iterator[str]:
    yield emulator.serve()
    emulator.close()


def theirs(url: str, service: str, account: str = ACCOUNT, region: str = REGION) -> Any:
    """A user's own boto3 client, as the README tells: assume any role of the account."""
    plain = Config(retries={"max_attempts": 0})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    sts = boto3.client("sts", endpoint_url=url, region_name=region, config=plain, **keys)
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/any", RoleSessionName="test")["Credentials"]
    keys = {"aws_access_key_id": role["AccessKeyId"], "aws_secret_access_key": role["SecretAccessKey"]}
    token = role["SessionToken"]
    return boto3.client(service, endpoint_url=url, region_name=region, aws_session_token=token, config=plain, **keys)


def everything() -> World:
    fresh()
    made = World()
    for example in EXAMPLES:
        made.create(example.name)
    return made


def undated(outputs: Any) -> Any:
    """Outputs without what the clock decides."""
    dates = {"createdAt", "createDate", "modifiedAt", "associatedAt"}
    return {name: value for name, value in outputs.items() if name not in dates}


def test_two_clean_runs_give_the_same_ids_and_outputs(empty: World) -> None:
    first = {name: (made[2].id, undated(made[2].outputs)) for name, made in everything().made.items()}
    second = {name: (made[2].id, undated(made[2].outputs)) for name, made in everything().made.items()}
    assert first == second
    assert empty.made == {}


def test_a_replacement_under_the_same_urn_gets_another_id(empty: World) -> None:
    empty.create("vpc")
    _, request, result = empty.made["vpc"]
    other = verb(request.type, "create")(replace(request, seed=f"{request.urn}#2"))
    assert other.id != result.id


def test_replay_after_a_restart_gives_identical_ids_and_outputs() -> None:
    before = everything()
    rows = before.rows()
    fresh()
    for row in rows:
        replay.again(row)
    for example in EXAMPLES:
        back = verb(example.type, "read")(before.again(example.name))
        assert (back.id, dict(back.outputs)) == (before.made[example.name][2].id, dict(before.made[example.name][2].outputs))


def test_replay_says_what_does_not_come_back(empty: World) -> None:
    empty.create("vpc")
    row = empty.rows()[0]
    fresh()
    with pytest.raises(Refused, match=r"came back as vpc-.*, not as vpc-1"):
        replay.again(replace(row, id="vpc-1"))
    with pytest.raises(Refused, match="has no row any more"):
        replay.again(replace(row, type="aws:ec2/gone:Gone"))


def test_a_boto3_client_reads_what_was_declared_with_its_tags(empty: World, url: str) -> None:
    for example in EXAMPLES:
        empty.create(example.name)
    vpc = theirs(url, "ec2").describe_vpcs(VpcIds=[empty.made["vpc"][2].id])["Vpcs"][0]
    assert {"Key": "nautilus:federation", "Value": "nautilus"} in vpc["Tags"]
    assert (
        len(theirs(url, "ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"])
        == SUBNETS
    )
    key = theirs(url, "kms").get_key_rotation_status(KeyId=empty.made["key"][2].id)
    assert (key["KeyRotationEnabled"], key["RotationPeriodInDays"]) == (True, 90)
    cluster = theirs(url, "eks").describe_cluster(name="x")["cluster"]
    assert (cluster["version"], cluster["accessConfig"]["authenticationMode"]) == ("1.34", "API")
    assert cluster["tags"]["nautilus:jurisdiction"] == "eu"
    assert cluster["resourcesVpcConfig"]["endpointPublicAccess"] is False


def test_a_change_by_somebody_else_is_read(empty: World, url: str) -> None:
    for example in EXAMPLES:
        empty.create(example.name)
    ec2, kms, iam = (theirs(url, service) for service in ("ec2", "kms", "iam"))
    ids = {name: made[2].id for name, made in empty.made.items()}

    def read(name: str) -> Any:
        return verb(empty.made[name][0].type, "read")(empty.again(name)).outputs

    ec2.create_tags(Resources=[ids["vpc"]], Tags=[{"Key": "nautilus:jurisdiction", "Value": "us"}])
    assert read("vpc")["tags"] == {"nautilus:jurisdiction": "us"}
    ec2.modify_vpc_attribute(VpcId=ids["vpc"], EnableDnsHostnames={"Value": False})
    assert read("vpc")["enableDnsHostnames"] is False
    kms.disable_key_rotation(KeyId=ids["key"])
    assert read("key")["enableKeyRotation"] is False
    kms.put_key_policy(KeyId=ids["key"], PolicyName="default", Policy=key_policy("999999999999"))
    assert "999999999999" in read("key")["policy"]
    group = theirs(url, "ec2").authorize_security_group_ingress
    open_rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    group(GroupId=ids["default-sg"], IpPermissions=[open_rule])
    assert read("default-sg")["ingress"][0]["cidrBlocks"] == ["0.0.0.0/0"]
    ec2.modify_subnet_attribute(SubnetId=ids["a"], MapPublicIpOnLaunch={"Value": True})
    assert read("a")["mapPublicIpOnLaunch"] is True
    iam.update_assume_role_policy(RoleName="x-flow", PolicyDocument=trust("ec2.amazonaws.com"))
    assert read("flow-role")["assumeRolePolicy"] == trust("ec2.amazonaws.com")
    iam.put_role_policy(RoleName="x-flow", PolicyName="deliver", PolicyDocument=allow("s3:*"))
    assert read("flow-policy")["policy"] == allow("s3:*")
    theirs(url, "logs").put_retention_policy(logGroupName="/nautilus/x/flow", retentionInDays=1)
    assert read("group")["retentionInDays"] == 1
    change = {"desiredSize": 5, "minSize": 2, "maxSize": 10}
    theirs(url, "eks").update_nodegroup_config(clusterName="x", nodegroupName="trading", scalingConfig=change)
    assert read("nodes")["scalingConfig"]["desiredSize"] == 5


def test_what_somebody_else_deleted_is_gone(empty: World, url: str) -> None:
    for example in EXAMPLES:
        empty.create(example.name)
    ec2, ids = theirs(url, "ec2"), {name: made[2].id for name, made in empty.made.items()}
    ec2.delete_route(RouteTableId=ids["table"], DestinationCidrBlock="0.0.0.0/0")
    ec2.revoke_security_group_ingress(GroupId=ids["app"], SecurityGroupRuleIds=[ids["app-in"]])
    ec2.delete_flow_logs(FlowLogIds=[ids["flow"]])
    theirs(url, "kms").schedule_key_deletion(KeyId=ids["mrk"], PendingWindowInDays=7)
    theirs(url, "eks").delete_nodegroup(clusterName="x", nodegroupName="trading")
    theirs(url, "eks").delete_cluster(name="x")
    for name in ("route", "app-in", "flow", "mrk", "nodes", "cluster", "cni", "entry"):
        assert verb(empty.made[name][0].type, "read")(empty.again(name)) is None, name


def test_accounts_and_regions_are_apart(empty: World, url: str) -> None:
    other = World(Target(cloud="aws", account="444455556666", region="us-east-1"))
    mine, its = empty.create("vpc"), other.create("vpc")
    assert mine.id != its.id
    assert its.outputs["arn"] == f"arn:aws:ec2:us-east-1:444455556666:vpc/{its.id}"
    assert its.outputs["ownerId"] == "444455556666"
    assert "nautilus:federation" not in its.outputs["tagsAll"]
    seen = {vpc["VpcId"] for vpc in theirs(url, "ec2", "444455556666", "us-east-1").describe_vpcs()["Vpcs"]}
    assert its.id in seen
    assert mine.id not in seen
    with pytest.raises(Refused, match=rf"vpc {its.id}|{its.id} does not exist in eu-central-1 of account 111122223333"):
        empty.create("table", vpcId=its.id)


def test_a_resources_own_region_stands_above_the_providers(empty: World) -> None:
    made = empty.create("vpc", region="eu-west-1")
    assert made.outputs["region"] == "eu-west-1"
    assert ":eu-west-1:" in made.outputs["arn"]


def test_changed_default_tags_reach_a_resource_with_an_update(empty: World) -> None:
    empty.create("vpc")
    target = replace(TARGET, settings={"defaultTags": {"nautilus:owner": "desk"}})
    after = verb("aws:ec2/vpc:Vpc", "update")(replace(empty.again("vpc"), target=target))
    assert after.outputs["tagsAll"] == {"nautilus:jurisdiction": "eu", "nautilus:owner": "desk"}
    assert after.outputs["tags"] == {"nautilus:jurisdiction": "eu"}


def test_a_log_groups_key_must_let_the_logs_service_in(empty: World) -> None:
    empty.create("key", policy=key_policy(logs=False))
    with pytest.raises(Refused, match=r"does not let logs.eu-central-1.amazonaws.com use it"):
        empty.create("group")


def test_a_protected_cluster_is_not_deleted(empty: World) -> None:
    empty.upto("cluster").create("cluster", deletionProtection=True)
    request = empty.again("cluster")
    with pytest.raises(Refused, match="has deletion protection"):
        verb(request.type, "delete")(request)


def test_a_protected_log_group_is_not_deleted_until_it_is_released(empty: World, url: str) -> None:
    made = empty.upto("group").create("group", deletionProtectionEnabled=True)
    assert made.outputs["deletionProtectionEnabled"] is True
    request, logs = empty.again("group"), theirs(url, "logs")
    with pytest.raises(Refused, match="ValidationException: /nautilus/x/flow has deletion protection"):
        verb(request.type, "delete")(request)
    with pytest.raises(ClientError, match="has deletion protection"):
        logs.delete_log_group(logGroupName=made.id)
    released = replace(request, inputs={**request.inputs, "deletionProtectionEnabled": False})
    assert verb(request.type, "update")(released).outputs["deletionProtectionEnabled"] is False
    verb(request.type, "delete")(released)
    assert logs.describe_log_groups()["logGroups"] == []


def test_what_fails_half_way_is_taken_away(empty: World) -> None:
    empty.upto("vpc")
    with pytest.raises(Refused, match=r"enableDnsSupport|EnableDnsSupport"):
        empty.create("vpc", enableDnsSupport="perhaps")
    assert empty.create("vpc").id.startswith("vpc-")


def test_an_operation_takes_milliseconds(empty: World) -> None:
    everything()
    fresh()
    started = time.perf_counter()
    for example in EXAMPLES:
        empty.create(example.name)
    assert (time.perf_counter() - started) / len(EXAMPLES) < 0.25
