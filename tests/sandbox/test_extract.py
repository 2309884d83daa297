"""The SDK's types, spot-checked against the SDK itself."""

from __future__ import annotations

from concurrent import futures
from pathlib import Path

import pytest

from nautilus.sandbox import extract, schema
from nautilus.sandbox.extract import SchemaError, Sdk
from nautilus.sandbox.schema import Kind, ResourceType


@pytest.fixture(scope="module")
def aws() -> Sdk:
    return Sdk("aws", "pulumi_aws")


@pytest.fixture(scope="module")
def azure() -> Sdk:
    return Sdk("azure-native", "pulumi_azure_native")


@pytest.fixture(scope="module")
def gcp() -> Sdk:
    return Sdk("gcp", "pulumi_gcp")


def test_vpc(aws: Sdk) -> None:
    vpc = aws.resource("aws:ec2/vpc:Vpc")
    assert vpc.inputs["cidrBlock"].shape.kind is Kind.STRING
    assert vpc.inputs["enableDnsHostnames"].shape.kind is Kind.BOOLEAN
    assert vpc.inputs["ipv4NetmaskLength"].shape.kind is Kind.INTEGER
    assert vpc.inputs["tags"].shape == schema.Shape(kind=Kind.MAP, of=schema.Shape(kind=Kind.STRING))
    assert not [name for name, item in vpc.inputs.items() if item.required]
    assert {"arn", "mainRouteTableId", "ownerId", "tagsAll"} <= set(vpc.computed)
    assert "cidrBlock" not in vpc.computed


def test_eks_is_followed_into_its_blocks(aws: Sdk) -> None:
    cluster = aws.resource("aws:eks/cluster:Cluster")
    assert {name for name, item in cluster.inputs.items() if item.required} == {"roleArn", "vpcConfig"}
    block = cluster.objects[cluster.inputs["vpcConfig"].shape.ref]
    assert block["subnetIds"].required
    assert block["subnetIds"].shape.of == schema.Shape(kind=Kind.STRING)


def test_gke_is_followed_to_the_bottom(gcp: Sdk) -> None:
    cluster = gcp.resource("gcp:container/cluster:Cluster")
    encryption = cluster.objects[cluster.inputs["databaseEncryption"].shape.ref]
    assert encryption["state"].required
    refs = {shape.ref for fields in cluster.objects.values() for item in fields.values() for shape in _within(item.shape)}
    assert refs <= set(cluster.objects)


def test_azure_enums_are_closed(azure: Sdk) -> None:
    cluster = azure.resource("azure-native:containerservice:ManagedCluster")
    plan = cluster.inputs["supportPlan"].shape
    assert plan.kind is Kind.ENUM
    assert plan.values == ("KubernetesOfficial", "AKSLongTermSupport")
    assert cluster.inputs["resourceGroupName"].required


def test_aws_enums_are_open(aws: Sdk) -> None:
    instance = aws.resource("aws:ec2/instance:Instance")
    assert instance.inputs["instanceType"].shape.kind is Kind.STRING


def test_clashing_names_are_found(azure: Sdk) -> None:
    assert "addressSpace" in azure.resource("azure-native:network:VirtualNetwork").inputs


@pytest.mark.parametrize("name", ["aws", "gcp", "azure"])
def test_providers_have_a_configuration(name: str, request: pytest.FixtureRequest) -> None:
    sdk = request.getfixturevalue(name)
    fields = sdk.resource(f"pulumi:providers:{sdk.package}").inputs
    assert fields
    assert not [item for item in fields.values() if item.required]


@pytest.mark.parametrize("name", ["aws", "gcp", "azure"])
def test_a_sample_of_every_package_can_be_read(name: str, request: pytest.FixtureRequest) -> None:
    sdk = request.getfixturevalue(name)
    tokens = sorted(token for token in sdk.tokens() if not token.startswith("pulumi:"))
    assert len(tokens) > 1000
    for token in tokens[::60]:
        found = sdk.resource(token)
        assert found.token == token
        assert schema.parse(schema.dump(found)) == found


def test_kept_on_disk(tmp_path: Path) -> None:
    first = Sdk("aws", "pulumi_aws", tmp_path).resource("aws:ec2/vpc:Vpc")
    files = list(tmp_path.rglob("*.json"))
    assert len(files) == 1
    extract.forget()
    assert Sdk("aws", "pulumi_aws", tmp_path).resource("aws:ec2/vpc:Vpc") == first


def test_many_read_the_same_type_at_once(tmp_path: Path) -> None:
    with futures.ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: Sdk("aws", "pulumi_aws", tmp_path).resource("aws:ec2/vpc:Vpc").token, range(32)))
    assert found == {"aws:ec2/vpc:Vpc"}
    assert [file.suffix for file in tmp_path.rglob("*") if file.is_file()] == [".json"]


def test_an_unknown_type_is_an_error(aws: Sdk) -> None:
    with pytest.raises(SchemaError, match="has no type aws:ec2/moon:Moon"):
        aws.resource("aws:ec2/moon:Moon")


def test_a_missing_sdk_is_an_error() -> None:
    with pytest.raises(SchemaError, match="pulumi_nowhere is not installed"):
        Sdk("nowhere", "pulumi_nowhere")


def _within(shape: schema.Shape) -> list[schema.Shape]:
    inner = [shape.of] if shape.of else []
    found = [item for option in (*inner, *shape.options) for item in _within(option)]
    return found + ([shape] if shape.kind is Kind.OBJECT else [])


def test_nothing_is_lost_on_disk(aws: Sdk) -> None:
    found: ResourceType = aws.resource("aws:iam/role:Role")
    assert schema.parse(schema.dump(found)) == found
