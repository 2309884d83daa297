"""A setting is a figure, absent or undecided, and never a guess."""

from __future__ import annotations

import pytest

from nautilus.federation.planned import SIGNATURE, UNKNOWN, Plan, Undecided, plain, planned, records, setting, value

URN = "urn:pulumi:prod-emea::nautilus::nautilus:a:B$aws:lb/targetGroup:TargetGroup::eu-entry-trading-targets"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}


def test_a_urn_gives_stack_type_and_name() -> None:
    found = planned(URN, {})
    assert (found.stack, found.type, found.name) == (
        "prod-emea",
        "aws:lb/targetGroup:TargetGroup",
        "eu-entry-trading-targets",
    )


@pytest.mark.parametrize("text", ["", "urn:pulumi:prod::nautilus", "urn:other:a::b::c::d"])
def test_what_is_no_urn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no URN"):
        planned(text, {})


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"check": {"interval": 5}}, 5.0),
        ({"check": {"interval": "5"}}, 5.0),
        ({"check": {"interval": 5.0}}, 5.0),
        ({"check": {"interval": "often"}}, "often"),
        ({"check": {"interval": True}}, True),
        ({"check": {"interval": [1]}}, None),
        ({"check": {}}, None),
        ({"check": 5}, None),
        ({}, None),
        ({"check": {"interval": UNKNOWN}}, Undecided(path="check.interval")),
        ({"check": UNKNOWN}, Undecided(path="check.interval")),
        ({"check": {"interval": "[secret]"}}, Undecided(path="check.interval")),
        ({"check": {"interval": SECRET}}, Undecided(path="check.interval")),
        ({"check": SECRET}, Undecided(path="check.interval")),
    ],
)
def test_a_setting_is_a_figure_absent_or_undecided(inputs: dict[str, object], expected: object) -> None:
    assert setting(planned(URN, inputs), "check", "interval") == expected


def test_lists_are_walked_by_place() -> None:
    found = planned(URN, {"probes": [{"name": "a"}, {"name": UNKNOWN}, "no record"], "other": UNKNOWN})
    assert value(found.inputs, "probes", 0, "name") == "a"
    assert value(found.inputs, "probes", 7, "name") is None
    assert [item["name"] for item in records(found, "probes")] == ["a", UNKNOWN]
    assert list(records(found, "other")) == []


def test_resources_are_found_by_name_and_type() -> None:
    one = planned(URN, {})
    other = planned(URN.replace("targetGroup:TargetGroup", "loadBalancer:LoadBalancer"), {})
    plan = Plan([one, other])
    assert plan.one("eu-entry-trading-targets", "aws:lb/targetGroup:TargetGroup") is one
    assert plan.one("eu-entry-trading-targets", "aws:lb/listener:Listener") is None
    assert plan.like("eu-entry-", "-targets", "aws:lb/loadBalancer:LoadBalancer") == (other,)
    assert plan.sees("prod-emea")
    assert not plan.sees("prod-apac")


def test_an_azure_token_loses_its_version_only() -> None:
    assert plain("azure-native:network/v20240501:LoadBalancer") == "azure-native:network:LoadBalancer"
    assert plain("azure-native:network:LoadBalancer") == "azure-native:network:LoadBalancer"
    assert plain("aws:lb/targetGroup:TargetGroup") == "aws:lb/targetGroup:TargetGroup"
