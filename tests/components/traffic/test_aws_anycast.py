"""The accelerator of a jurisdiction: addresses, dials, health checks, and what a halt does."""

from __future__ import annotations

from typing import Any

import pytest

from components.traffic.args import AnycastArgs, Backing
from components.traffic.aws_anycast import AwsAnycast, dials
from config.model import Probe
from tests.components.traffic.aws_traffic import CLASSES, OUTPUTS

GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup"


@pytest.fixture(scope="module")
def args(aws_location: Any, aws_account: Any, labels: Any) -> Any:
    west = aws_location.model_copy(update={"id": "aws/us-west-2", "region": "us-west-2"})

    def make(**more: Any) -> AnycastArgs:
        given: dict[str, Any] = {
            "jurisdiction": "us",
            "account": aws_account,
            "classes": CLASSES,
            "backings": {
                "east": Backing(placement="east", location=aws_location, share=0.2, entry={"balancer": "arn:east"}),
                "west": Backing(placement="west", location=west, share=0.4, entry={"balancer": "arn:west"}),
            },
            "probe": Probe(interval_s=10, threshold=1, timeout_s=4),
            "affinity": True,
            "enabled": True,
            "labels": labels,
            "deletion_protection": True,
            **more,
        }
        return AnycastArgs(**given)

    return make


@pytest.fixture(scope="module")
def program(record: Any, args: Any) -> Any:
    def run(**more: Any) -> Any:
        known: dict[str, Any] = {}

        def build() -> None:
            endpoint = AwsAnycast("us-anycast-aws", args(**more)).endpoint
            known.update({"id": endpoint.id, "region": endpoint.location.region})
            endpoint.address.apply(lambda value: known.update(address=value))
            assert endpoint.second is not None
            endpoint.second.apply(lambda value: known.update(second=value))

        return record(build, OUTPUTS), known

    return run


def test_an_accelerator_in_full(program: Any, golden: Any) -> None:
    golden("aws_anycast", program()[0].lines())


def test_the_endpoint_is_both_static_addresses_and_lies_where_most_is_served(program: Any) -> None:
    assert program()[1] == {
        "id": "us-aws",
        "region": "us-west-2",
        "address": "75.2.3.4",
        "second": "99.83.3.4",
    }


def test_the_listener_passes_the_classes_ports_through(program: Any) -> None:
    inputs = program()[0].one("us-anycast-aws-listener").inputs
    assert inputs["protocol"] == "TCP"
    assert inputs["clientAffinity"] == "SOURCE_IP"
    assert inputs["portRanges"] == [{"fromPort": 443, "toPort": 443}, {"fromPort": 8443, "toPort": 8443}]
    assert program(affinity=False)[0].one("us-anycast-aws-listener").inputs["clientAffinity"] == "NONE"


def test_a_group_leads_to_its_own_entry(program: Any) -> None:
    groups = program()[0].of(GROUP)
    assert {name: one["trafficDialPercentage"] for name, one in groups.items()} == {
        "us-anycast-aws-east-group": 50.0,
        "us-anycast-aws-west-group": 100.0,
    }
    west = groups["us-anycast-aws-west-group"]
    assert west["endpointGroupRegion"] == "us-west-2"
    assert (west["healthCheckIntervalSeconds"], west["thresholdCount"], west["healthCheckPort"]) == (10, 1, 443)
    assert west["endpointConfigurations"] == [{"endpointId": "arn:west", "weight": 128, "clientIpPreservationEnabled": True}]


def test_a_halted_jurisdiction_has_a_disabled_accelerator(program: Any) -> None:
    assert program(enabled=False)[0].one("us-anycast-aws-accelerator").inputs["enabled"] is False


def test_the_addresses_are_protected(program: Any) -> None:
    assert program()[0].protected() == {"us-anycast-aws-accelerator"}
    assert program(deletion_protection=False)[0].protected() == set()


def test_a_standby_jurisdiction_has_every_dial_full(args: Any) -> None:
    backings = {
        name: Backing(placement=name, location=one.location, share=0.0, entry=one.entry)
        for name, one in args().backings.items()
    }
    assert dials(backings) == {"east": 100.0, "west": 100.0}


def test_nothing_behind_it_is_refused(program: Any) -> None:
    with pytest.raises(ValueError, match="at least one placement"):
        program(backings={})
