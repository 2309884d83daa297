"""The pinned AWS provider, and the spelling of names and policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.provider import aws_names as names
from components.provider.aws import provider
from components.provider.aws_policy import allow, document, trust


def test_region_account_role_and_labels_are_pinned(record: Any, aws_location: Any, aws_account: Any, labels: Any) -> None:
    seen = record(lambda: provider("one", aws_location, aws_account, labels))
    inputs = seen.one("one").inputs
    assert inputs["region"] == inputs["stsRegion"] == "us-east-1"
    assert json.loads(inputs["allowedAccountIds"]) == ["100000000001"]
    assert json.loads(inputs["assumeRoles"]) == [{"roleArn": aws_account.deployer, "sessionName": "nautilus"}]
    assert json.loads(inputs["defaultTags"])["tags"]["nautilus:jurisdiction"] == "us"


def test_nothing_comes_from_the_surroundings(
    record: Any, aws_location: Any, aws_account: Any, labels: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    seen = record(lambda: provider("one", aws_location, aws_account, labels))
    inputs = seen.one("one").inputs
    assert inputs["region"] == "us-east-1"
    assert not {"profile", "sharedConfigFiles", "sharedCredentialsFiles", "accessKey", "secretKey"} & set(inputs)
    # The SDK itself turns the check of the region's name against its own list off: new regions would fail it.
    skipped = {key for key, value in inputs.items() if key.startswith("skip") and json.loads(value)}
    assert skipped == {"skipRegionValidation"}


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_partition_and_suffix_follow_the_region(
    aws_location: Any, aws_account: Any, region: str, partition: str, suffix: str
) -> None:
    location = aws_location.model_copy(update={"region": region})
    assert names.arn(location, aws_account, "logs", "x") == f"arn:{partition}:logs:{region}:100000000001:x"
    assert names.root(location, aws_account) == f"arn:{partition}:iam::100000000001:root"
    assert names.regional_principal(location, "logs") == f"logs.{region}.{suffix}"
    assert names.via_service(location, "ec2") == f"ec2.{region}.{suffix}"
    assert names.managed_policy(location, "A") == f"arn:{partition}:iam::aws:policy/A"
    assert names.access_policy(location, "A") == f"arn:{partition}:eks::aws:cluster-access-policy/A"


def test_endpoint_services(aws_location: Any) -> None:
    assert names.endpoint_service(aws_location, "ecr.api") == "com.amazonaws.us-east-1.ecr.api"


def test_one_meaning_has_one_text() -> None:
    one = document(allow("A", ("b", "a"), principals={"AWS": ("z", "y")}, resources=("*",)))
    other = document(allow("A", ("a", "b"), principals={"AWS": ("y", "z")}, resources=("*",)))
    assert one == other
    assert " " not in one


def test_trust_names_the_service_and_no_resource() -> None:
    statement = json.loads(trust("ec2.amazonaws.com"))["Statement"][0]
    assert statement["Principal"] == {"Service": ["ec2.amazonaws.com"]}
    assert statement["Action"] == ["sts:AssumeRole"]
    assert "Resource" not in statement
