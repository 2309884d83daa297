"""Changes, previews and what a refresh brings into the inputs."""

from __future__ import annotations

from typing import Any

import pytest

from nautilus.sandbox import diff, wire
from nautilus.sandbox.extract import Sdk
from nautilus.sandbox.handler import UNKNOWN
from nautilus.sandbox.schema import ResourceType


@pytest.fixture(scope="module")
def eks() -> ResourceType:
    return Sdk("aws", "pulumi_aws").resource("aws:eks/cluster:Cluster")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": "update"}),
        ({"a": 1}, {}, {"a": "delete"}),
        ({}, {"a": 1}, {"a": "add"}),
        ({}, {"a": None}, {}),
        ({"a": 1}, {"a": True}, {"a": "update"}),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4]}}, {"a.b[1]": "update", "a.b[2]": "add"}),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, {"a.b": "delete", "a.c": "add"}),
        ({"a": "x"}, {"a": UNKNOWN}, {"a": "update"}),
        ({"a": [1]}, {"a": {"b": 1}}, {"a": "update"}),
    ],
)
def test_deltas(old: dict[str, Any], new: dict[str, Any], found: dict[str, str]) -> None:
    assert {wire.text(delta.path): str(delta.change) for delta in diff.deltas(old, new)} == found


def test_a_preview_of_a_creation_invents_nothing(eks: ResourceType) -> None:
    outputs = diff.preview_create(eks, {"name": "a", "roleArn": UNKNOWN})
    assert outputs["name"] == "a"
    assert outputs["roleArn"] is UNKNOWN
    assert all(outputs[name] is UNKNOWN for name in eks.computed)


def test_a_preview_of_an_update_keeps_what_cannot_change(eks: ResourceType) -> None:
    prior = {"arn": "arn:1", "tagsAll": {"a": "b"}, "status": "ACTIVE", "tags": {"a": "b"}}
    outputs = diff.preview_update(eks, prior, {"tags": {"a": "c"}}, {"tags"})
    assert outputs["arn"] == "arn:1"
    assert outputs["tagsAll"] is UNKNOWN
    assert outputs["tags"] == {"a": "c"}
    assert outputs["endpoint"] is UNKNOWN


def test_drift_comes_into_the_inputs_at_their_own_depth(eks: ResourceType) -> None:
    given = {"version": "1.33", "vpcConfig": {"subnetIds": ["a"]}, "tags": {"a": "b"}, "name": "x"}
    now = {
        "version": "1.34",
        "vpcConfig": {"subnetIds": ["a"], "vpcId": "vpc-1", "endpointPublicAccess": True},
        "tags": {"a": "b", "added": "by hand"},
        "arn": "arn:1",
    }
    assert diff.project(eks, given, now) == {
        "version": "1.34",
        "vpcConfig": {"subnetIds": ["a"]},
        "tags": {"a": "b", "added": "by hand"},
        "name": "x",
    }


def test_what_is_gone_leaves_the_inputs(eks: ResourceType) -> None:
    assert diff.project(eks, {"version": "1.33", "name": "x"}, {"version": None, "name": "x"}) == {"name": "x"}
