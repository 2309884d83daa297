"""Every AWS row through its whole life: create, read, update, back, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nautilus.sandbox.aws import PACKAGE
from nautilus.sandbox.handler import Fidelity
from tests.sandbox.aws.world import EXAMPLES, HANDLERS, Example, World, verb

VOLATILE = {"latestVersion", "defaultVersion"}
CHANGED = [example for example in EXAMPLES if example.change]


def holds(given: Any, back: Any) -> bool:
    """Whether an output holds an input: equal, or an object to which members were added."""
    if isinstance(given, dict) and isinstance(back, dict):
        return all(holds(value, back.get(name)) for name, value in given.items())
    if isinstance(given, list) and isinstance(back, list):
        return len(given) == len(back) and all(holds(a, b) for a, b in zip(given, back, strict=True))
    return bool(given == back)


def named(example: Example) -> str:
    return example.name


def test_every_type_has_an_example() -> None:
    assert {example.type for example in EXAMPLES} == set(HANDLERS)


def test_only_what_moto_lacks_is_model_checked() -> None:
    assert sorted(item.type for item in PACKAGE.handlers if item.fidelity is not Fidelity.EMULATED) == [
        "aws:directconnect/connection:Connection",
        "aws:directconnect/gateway:Gateway",
        "aws:directconnect/gatewayAssociation:GatewayAssociation",
        "aws:directconnect/macsecKeyAssociation:MacsecKeyAssociation",
        "aws:directconnect/transitVirtualInterface:TransitVirtualInterface",
        "aws:ec2/availabilityZoneGroup:AvailabilityZoneGroup",
        "aws:ec2/placementGroup:PlacementGroup",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/addon:Addon",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:globalaccelerator/accelerator:Accelerator",
        "aws:globalaccelerator/endpointGroup:EndpointGroup",
        "aws:globalaccelerator/listener:Listener",
        "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
        "aws:route53/keySigningKey:KeySigningKey",
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_lawful_inputs_are_not_refused(full: World, example: Example) -> None:
    assert full.problems(example.name) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_outputs_hold_the_inputs_as_given(full: World, example: Example) -> None:
    _, request, result = full.made[example.name]
    back = result.outputs
    differing = {name: (value, back.get(name)) for name, value in request.inputs.items() if not holds(value, back.get(name))}
    assert differing == {}


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_read_shows_no_drift(full: World, example: Example) -> None:
    back = verb(example.type, "read")(full.again(example.name))
    assert back is not None
    assert (back.id, dict(back.outputs)) == (full.made[example.name][2].id, dict(full.made[example.name][2].outputs))


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_create_again_adopts_what_is_there(full: World, example: Example) -> None:
    _, request, result = full.made[example.name]
    again = verb(example.type, "create")(replace(request, prior=result.outputs))
    assert (again.id, dict(again.outputs)) == (result.id, dict(result.outputs))


@pytest.mark.parametrize("example", CHANGED, ids=named)
def test_update_in_place_and_back(full: World, example: Example) -> None:
    before = full.again(example.name)
    change = {name: value for name, value in example.change.items() if (example.name, name) != ("cluster", "version")}
    wanted = replace(full.request(example, change), id=before.id, prior=before.prior)
    after = verb(example.type, "update")(wanted)
    assert after.id == before.id
    assert [name for name in wanted.inputs if not holds(wanted.inputs[name], after.outputs.get(name))] == []
    back = verb(example.type, "read")(replace(wanted, prior=after.outputs))
    assert dict(back.outputs) == dict(after.outputs)
    restored = verb(example.type, "update")(replace(before, prior=after.outputs))
    assert {name: value for name, value in restored.outputs.items() if name not in VOLATILE} == {
        name: value for name, value in (before.prior or {}).items() if name not in VOLATILE
    }


def test_upgrade_of_a_cluster_goes_one_minor_version_up(full: World) -> None:
    before = full.again("cluster")
    inputs = {**before.inputs, "version": "1.35"}
    after = verb(before.type, "update")(replace(before, inputs=inputs))
    assert after.outputs["version"] == "1.35"
    with pytest.raises(Exception, match=r"unsupported Kubernetes minor version update from 1.35 to 1.33"):
        verb(before.type, "update")(replace(before, inputs={**inputs, "version": "1.33"}))


def test_delete_in_reverse_order_leaves_nothing(empty: World) -> None:
    for example in EXAMPLES:
        empty.create(example.name)
    for example in reversed(EXAMPLES):
        request = empty.again(example.name)
        verb(example.type, "delete")(request)
        del empty.made[example.name]
        if not example.name.startswith("default-"):
            assert verb(example.type, "read")(request) is None, example.name
        verb(example.type, "delete")(request)
