from __future__ import annotations

import pytest

from tests.policies.analyzer import Planned, analyze, found, one
from tests.policies.planned import AWS

RULE = "RES-007"


@pytest.mark.parametrize(
    "kind",
    ["aws:dynamodb/table:Table", "random:index/randomShuffle:RandomShuffle", "pulumi-python:dynamic:Resource", "nonsense"],
)
def test_a_type_without_an_entry_fails(kind: str) -> None:
    assert kind in one(analyze(Planned(type=kind, provider=AWS)), RULE).found


@pytest.mark.parametrize(
    "kind",
    [
        "pulumi:pulumi:Stack",
        "pulumi:pulumi:StackReference",
        "pulumi:providers:random",
        "random:index/randomPassword:RandomPassword",
        "nautilus:keys:AwsKeys",
    ],
)
def test_what_no_cloud_holds_is_exempt(kind: str) -> None:
    assert analyze(Planned(type=kind)) == []


def test_a_component_s_name_does_not_hide_a_resource() -> None:
    assert found(analyze(Planned(type="nautilus:keys:AwsKeys", provider=AWS)), RULE)


@pytest.mark.parametrize("kind", ["pulumi:providers:tls", "pulumi:providers:kubernetes"])
def test_a_provider_of_an_unknown_package_fails(kind: str) -> None:
    assert kind in one(analyze(Planned(type=kind, name="p")), RULE).found
