"""What a region stack declares and exports, and the aliases it drops (OPS-1, CLU-1)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

import config
from components.interconnect.args import GatewayFacts
from components.keys.args import Purpose
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.front import Served
from nautilus.federation.link import Gateway, gateway
from nautilus.federation.plan import PlacementPlan, placements
from stacks import contract, region
from stacks.identity import Stack
from tests.stacks.conftest import Program


def paper(name: str, plan: PlacementPlan, gateway: Gateway, traffic: Served) -> SimpleNamespace:
    """Stand in for a placement: ids that tell whose they are."""
    keys = {purpose: pulumi.Output.from_input(f"{name}-{purpose}") for purpose in Purpose}
    return SimpleNamespace(
        network=SimpleNamespace(network_id=pulumi.Output.from_input(f"{name}-net")),
        cluster=SimpleNamespace(
            cluster_id=pulumi.Output.from_input(f"{name}-cluster"), endpoint=pulumi.Output.from_input(f"https://{plan.name}")
        ),
        keys=SimpleNamespace(keys=keys),
        gateway=SimpleNamespace(
            facts=GatewayFacts(
                addresses=(pulumi.Output.from_input(f"{name}-address"),),
                ids={"hub": pulumi.Output.from_input(f"{name}-{gateway.asn}")},
            )
        ),
        entry=SimpleNamespace(
            facts={service: pulumi.Output.from_input(f"{name}-{service}-{traffic.halted}") for service in traffic.classes}
        ),
        recovery_keys=SimpleNamespace(keys={Purpose.DATA: pulumi.Output.from_input(f"{name}-recovery")}),
    )


@pytest.mark.parametrize("group", list(Group))
def test_a_region_stack_exports_every_placement_in_the_contracts_shape(
    group: Group, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(region, "Placement", paper)
    catalogue = load(config.root())
    stack = Stack(name=f"prod-{group}", environment=EnvironmentName.PROD, group=group, catalogue=catalogue)

    ran = program(lambda: region.deploy(stack, group), stack=stack.name)

    plans = placements(catalogue, EnvironmentName.PROD, group)
    told = contract.parse(stack.name, ran.exports["contract"], ran.exports["placements"])
    assert sorted(told) == sorted(plan.name for plan in plans)
    for plan in plans:
        one = told[plan.name]
        assert (one.location, one.jurisdiction, one.nodes) == (plan.location.id, plan.jurisdiction.id, plan.nodes)
        assert one.keys == {purpose: f"{plan.name}-{purpose}" for purpose in Purpose}
        assert one.recovery_key == f"{plan.name}-recovery"
        assert one.gateway.addresses == [f"{plan.name}-address"]
        assert one.gateway.ids == {"hub": f"{plan.name}-{gateway(catalogue, plan).asn}"}
        assert one.entry == {service: f"{plan.name}-{service}-False" for service in catalogue.traffic.classes}


def transformed(kind: str, aliases: list[Any]) -> pulumi.ResourceTransformationResult | None:
    options = pulumi.ResourceOptions(aliases=aliases, protect=True)
    return region.without_version_aliases(
        pulumi.ResourceTransformationArgs(resource=None, type_=kind, name="n", props={"a": 1}, opts=options)  # type: ignore[arg-type]
    )


def test_azure_resources_lose_their_version_aliases_and_nothing_else() -> None:
    result = transformed("azure-native:network:VirtualNetwork", ["old"])
    assert result is not None
    assert (result.props, result.opts.aliases, result.opts.protect) == ({"a": 1}, [], True)


@pytest.mark.parametrize(("kind", "aliases"), [("aws:ec2/vpc:Vpc", ["old"]), ("azure-native:network:VirtualNetwork", [])])
def test_other_resources_stay_as_they_are(kind: str, aliases: list[Any]) -> None:
    assert transformed(kind, aliases) is None
