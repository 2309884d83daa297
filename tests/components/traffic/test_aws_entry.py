"""The regional front end on AWS: what is registered, who is let in, and what a halt leaves."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.network.args import NetworkArgs
from components.network.aws import AwsNetwork
from components.traffic.aws_entry import ENTRY_IDS, AwsEntry
from tests.components.traffic.aws_traffic import OUTPUTS, entry_args

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"


@pytest.fixture(scope="module")
def program(record: Any, aws_location: Any, aws_account: Any, labels: Any) -> Any:
    def run(**more: Any) -> Any:
        args = entry_args(aws_location, aws_account, labels, **more)
        network = NetworkArgs(
            location=args.location,
            account=args.account,
            zones=args.zones,
            nodes=args.nodes,
            pods="100.64.0.0/16",
            services="172.16.0.0/20",
            nat_per_zone=True,
            log_key="arn:key",
            flow_log_retention_days=400,
            labels=labels,
            deletion_protection=True,
        )
        seen: dict[str, Any] = {}

        def build() -> None:
            entry = AwsEntry("east-entry", args, AwsNetwork("east-network", network))
            told = {**entry.facts, **{f"metric {key}": value for key, value in entry.metric_ids.items()}}
            pulumi.Output.all(**told).apply(seen.update)

        recording = record(build, OUTPUTS)
        return recording, seen

    return run


@pytest.fixture(scope="module")
def seen(program: Any) -> Any:
    return program()[0]


def ours(recording: Any) -> list[str]:
    return [line for line in recording.lines() if " east-entry" in line]


def test_an_entry_in_full(seen: Any, golden: Any) -> None:
    golden("aws_entry", ours(seen))


def test_a_halted_entry_in_full(program: Any, golden: Any) -> None:
    golden("aws_entry_halted", ours(program(halted=True)[0]))


def test_the_balancer_is_internal_over_the_zones_and_protected(seen: Any) -> None:
    balancer = seen.one("east-entry-balancer")
    assert balancer.protect
    assert balancer.inputs["internal"] is True
    assert balancer.inputs["enableDeletionProtection"] is True
    assert balancer.inputs["enableCrossZoneLoadBalancing"] is True
    assert balancer.inputs["subnets"] == ["east-network-private-a-id", "east-network-private-b-id"]
    assert balancer.inputs["securityGroups"] == ["east-entry-gate-id"]


def test_targets_are_checked_by_the_probe_on_the_nodes_port(seen: Any) -> None:
    inputs = seen.one("east-entry-trading-targets").inputs
    assert inputs["port"] == 8000
    assert inputs["healthCheck"] == {
        "enabled": True,
        "protocol": "TCP",
        "port": "8000",
        "interval": 5,
        "timeout": 3,
        "healthyThreshold": 2,
        "unhealthyThreshold": 2,
    }
    assert inputs["stickiness"] == {"type": "source_ip", "enabled": True}
    assert seen.one("east-entry-client-targets").inputs["stickiness"]["enabled"] is False


def test_clients_come_in_on_the_classes_ports_alone(seen: Any) -> None:
    ways = {
        name: (one["securityGroupId"], one["fromPort"], one["toPort"], one.get("cidrIpv4"))
        for name, one in seen.of(INGRESS).items()
        if name.startswith("east-entry-in-")
    }
    assert ways == {
        "east-entry-in-trading": ("east-entry-gate-id", 443, 443, "0.0.0.0/0"),
        "east-entry-in-client": ("east-entry-gate-id", 8443, 8443, "0.0.0.0/0"),
    }


def test_nodes_admit_the_balancer_alone(seen: Any) -> None:
    for port in (8000, 8003):
        rule = seen.one(f"east-entry-app-in-{port}").inputs
        assert (rule["securityGroupId"], rule["referencedSecurityGroupId"]) == ("east-network-app-id", "east-entry-gate-id")


def test_a_halted_entry_lets_nobody_in_nor_answers_out(program: Any) -> None:
    halted = program(halted=True)[0]
    assert [name for name in halted.of(INGRESS) if name.startswith("east-entry-in-")] == []
    assert [name for name in halted.of(ACL_RULE) if name.startswith("east-entry")] == []
    assert halted.one("east-entry-balancer").inputs["internal"] is True


def test_acl_numbers_are_unique_in_each_direction(seen: Any) -> None:
    numbers = [(one["networkAclId"], one["egress"], one["ruleNumber"]) for one in seen.of(ACL_RULE).values()]
    assert len(numbers) == len(set(numbers))


def test_facts_and_dimensions(program: Any) -> None:
    known = program()[1]
    assert set(ENTRY_IDS) <= set(known)
    assert known["balancer"] == "arn:east-entry-balancer"
    assert known["metric balancer"].startswith("net/")
    assert known["metric targets-trading"].startswith("targetgroup/")


def test_a_short_name_is_kept(seen: Any) -> None:
    assert seen.one("east-entry-balancer").inputs["name"] == "east-entry-balancer"
