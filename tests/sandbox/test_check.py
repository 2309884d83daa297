"""What the check refuses, each with the field's path."""

from __future__ import annotations

from typing import Any

import pytest

from nautilus.sandbox.check import check
from nautilus.sandbox.extract import Sdk
from nautilus.sandbox.handler import UNKNOWN
from nautilus.sandbox.schema import ResourceType


@pytest.fixture(scope="module")
def eks() -> ResourceType:
    return Sdk("aws", "pulumi_aws").resource("aws:eks/cluster:Cluster")


@pytest.fixture(scope="module")
def aks() -> ResourceType:
    return Sdk("azure-native", "pulumi_azure_native").resource("azure-native:containerservice:ManagedCluster")


def good() -> dict[str, Any]:
    return {"roleArn": "arn:aws:iam::1:role/x", "vpcConfig": {"subnetIds": ["subnet-1", UNKNOWN]}, "tags": {"a": "b"}}


def test_good_inputs_pass(eks: ResourceType) -> None:
    assert check(eks, good()) == []


def test_unknowns_pass_everywhere(eks: ResourceType) -> None:
    assert check(eks, {"roleArn": UNKNOWN, "vpcConfig": UNKNOWN, "tags": {"a": UNKNOWN}}) == []


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"vpcConfig": {"subnetIdz": []}}, "vpcConfig.subnetIdz", "unknown property subnetIdz: did you mean subnetIds"),
        ({"vpcConfig": {}}, "vpcConfig.subnetIds", "missing required property subnetIds"),
        ({"roleArn": None}, "roleArn", "missing required property roleArn"),
        ({"vpcConfig": {"subnetIds": ["a", 3]}}, "vpcConfig.subnetIds[1]", "expected a string, found an integer"),
        ({"vpcConfig": {"subnetIds": "a"}}, "vpcConfig.subnetIds", "expected a list, found a string"),
        ({"vpcConfig": ["a"]}, "vpcConfig", "expected an object, found a list"),
        ({"tags": {"nautilus:tier": 1}}, 'tags["nautilus:tier"]', "expected a string, found an integer"),
        ({"bootstrapSelfManagedAddons": "yes"}, "bootstrapSelfManagedAddons", "expected a boolean, found a string"),
        ({"qqq": 1}, "qqq", "unknown property qqq: it takes"),
    ],
)
def test_refused(eks: ResourceType, change: dict[str, Any], path: str, reason: str) -> None:
    problems = check(eks, good() | change)
    assert [problem.path for problem in problems if problem.path == path] == [path]
    assert any(reason in problem.reason for problem in problems if problem.path == path)


def test_a_wrong_enum_is_refused_with_a_hint(aks: ResourceType) -> None:
    (problem,) = check(aks, {"resourceGroupName": "rg", "sku": {"name": "Bass", "tier": "Standard"}})
    assert problem.path == "sku.name"
    assert "'Bass' is not allowed: allowed are" in problem.reason
    assert "did you mean 'Base'" in problem.reason


def test_an_enum_deep_in_a_list(aks: ResourceType) -> None:
    profile = {"name": "system", "mode": "Systen"}
    (problem,) = check(aks, {"resourceGroupName": "rg", "agentPoolProfiles": [profile]})
    assert problem.path == "agentPoolProfiles[0].mode"


def test_a_secret_is_not_printed(aks: ResourceType) -> None:
    (problem,) = check(aks, {"resourceGroupName": "rg", "supportPlan": "canary-secret"}, frozenset({("supportPlan",)}))
    assert "canary" not in problem.reason
    assert "a secret value that is not allowed here" in problem.reason


def test_all_problems_at_once(eks: ResourceType) -> None:
    assert [problem.path for problem in check(eks, {"a": 1, "b": 2})] == ["a", "b", "roleArn", "vpcConfig"]


def test_a_number_is_not_a_boolean() -> None:
    volume = Sdk("aws", "pulumi_aws").resource("aws:ebs/volume:Volume")
    (problem,) = check(volume, {"availabilityZone": "us-east-1a", "size": True})
    assert problem.reason == "expected an integer, found a boolean"
