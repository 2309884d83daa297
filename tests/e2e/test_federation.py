"""The whole production federation through the real engine, from nothing to nothing (OPS-1, CLU-1, CLU-7).

The tests share one sandbox and run in the order in which they stand: up, up again, look, drift, destroy. Between drift and
destroy others change what stands (`test_failover`).
"""

from __future__ import annotations

from collections import Counter

import boto3
import pytest

from config.loader import load
from config.model import Cloud, EnvironmentName, Group
from nautilus.federation.plan import PlacementPlan, placements
from nautilus.sandbox import control
from tests.e2e.project import Project

pytestmark = pytest.mark.e2e

CHANGES = ("create", "update", "replace", "delete")


@pytest.fixture(scope="module")
def plans(federation: Project) -> tuple[PlacementPlan, ...]:
    catalogue = load(federation.root)
    return tuple(plan for group in Group for plan in placements(catalogue, EnvironmentName.PROD, group))


def test_a_preview_works_before_any_state_exists(federation: Project) -> None:
    run = federation.nautilus("preview")

    assert run.code == 0, run.output
    assert len(run.verdict["stacks"]) == 6
    assert run.findings == []
    assert federation.rows() == []


def test_up_brings_fifteen_clusters_and_every_control_plane(federation: Project, plans: tuple[PlacementPlan, ...]) -> None:
    run = federation.nautilus("up", "--yes")

    assert run.code == 0, run.output
    assert run.findings == []
    assert len({plan.cluster.id for plan in plans}) == 15
    rows = federation.rows()
    control_planes = Counter(
        {
            "aws:eks/cluster:Cluster": Cloud.AWS,
            "gcp:container/cluster:Cluster": Cloud.GCP,
            "azure-native:containerservice:ManagedCluster": Cloud.AZURE,
        }[row.type]
        for row in rows
        if row.type
        in {
            "aws:eks/cluster:Cluster",
            "gcp:container/cluster:Cluster",
            "azure-native:containerservice:ManagedCluster",
        }
    )
    assert control_planes == Counter(plan.cloud for plan in plans)


def test_a_second_up_changes_nothing(federation: Project) -> None:
    run = federation.nautilus("up", "--yes", "--expect-no-changes")

    assert run.code == 0, run.output
    for stack in run.verdict["stacks"]:
        assert {change: stack["changes"].get(change, 0) for change in CHANGES} == dict.fromkeys(CHANGES, 0), stack


def test_the_federation_stack_knows_every_member(federation: Project, plans: tuple[PlacementPlan, ...]) -> None:
    outputs = federation.outputs("prod-federation")

    assert sorted(outputs["members"]) == sorted(plan.name for plan in plans)
    assert outputs["missing"] == []
    for plan in plans:
        assert outputs["members"][plan.name]["location"] == plan.location.id


def test_boto3_reads_what_pulumi_declared(federation: Project, plans: tuple[PlacementPlan, ...]) -> None:
    plan = next(plan for plan in plans if plan.cluster.id == "nautilus-enterprise-eu-central-1")
    status = control.status(federation.home)
    assert status is not None
    session = moto_session(status.endpoints["moto"], plan)

    vpcs = session.client("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": [plan.nodes]}])["Vpcs"]
    assert len(vpcs) == 1
    tags = {tag["Key"]: tag["Value"] for tag in vpcs[0]["Tags"]}
    assert tags["nautilus:jurisdiction"] == "eu"
    subnets = session.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpcs[0]["VpcId"]]}])["Subnets"]
    assert len(plan.placement.zones) == 3
    zones = {*plan.placement.zones, *(one.zone for one in plan.edge.values())}
    assert {subnet["AvailabilityZone"] for subnet in subnets} == zones
    assert session.client("eks").list_clusters()["clusters"] == [f"{plan.name}-cluster"]
    keys = session.client("kms").list_aliases()["Aliases"]
    assert sum(alias["AliasName"].startswith(f"alias/nautilus/{plan.name}") for alias in keys) == 4


def test_a_change_behind_the_back_is_drift(federation: Project, plans: tuple[PlacementPlan, ...]) -> None:
    plan = next(plan for plan in plans if plan.cluster.id == "nautilus-enterprise-eu-central-1")
    status = control.status(federation.home)
    assert status is not None
    assert federation.nautilus("refresh", "--stack", "emea").code == 0
    ec2 = moto_session(status.endpoints["moto"], plan).client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": [plan.nodes]}])["Vpcs"][0]
    ec2.create_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "nautilus:owner", "Value": "somebody-else"}])

    run = federation.nautilus("refresh", "--stack", "emea")

    assert run.code == 4, run.output
    assert "somebody-else" in run.output or "tags" in run.output
    assert federation.nautilus("up", "--stack", "emea", "--yes").code == 0


def test_destroy_leaves_only_what_is_protected_and_names_it(federation: Project) -> None:
    run = federation.nautilus("destroy", "--yes")

    assert run.code == 0, run.output
    left = {row.urn: row.type for row in federation.rows()}
    assert run.protected
    assert all(urn in run.output for urn in run.protected)
    stores = {"aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey", "azure-native:keyvault:Vault"}
    assert stores <= {urn_type(urn) for urn in run.protected}
    held = {"aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster", "azure-native:containerservice:ManagedCluster"}
    assert held <= set(left.values())
    unprotected = set(left) - run.protected
    assert not {urn_type(urn) for urn in unprotected} & NEVER_NEEDED, unprotected


NEVER_NEEDED = {"aws:ec2/natGateway:NatGateway", "aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool"}
"""Types that no protected resource stands on: a destroy must take every one of them."""


def urn_type(urn: str) -> str:
    """Give the resource type in a URN."""
    return urn.split("::")[2].rpartition("$")[2]


def moto_session(endpoint: str, plan: PlacementPlan) -> boto3.Session:
    """Give a session of a plain boto3 user on the sandbox's moto, in the plan's account and region."""
    base = {"region_name": plan.location.region, "aws_access_key_id": "reader", "aws_secret_access_key": "reader"}
    role = f"arn:aws:iam::{plan.account.id}:role/reader"
    sts = boto3.client("sts", endpoint_url=endpoint, **base)
    given = sts.assume_role(RoleArn=role, RoleSessionName="reader")["Credentials"]
    session = boto3.Session(
        region_name=plan.location.region,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    client = session.client
    session.client = lambda service: client(service, endpoint_url=endpoint)
    return session
