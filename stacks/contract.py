"""What one stack may know of another: typed outputs, written by region stacks and read by the federation (OPS-1).

Guarantees that a reader gets either a whole, checked description of a stack's placements or the word that it is not known;
a missing output is never taken for an empty one. Nothing secret is in a contract. A contract comes from the file that
`nautilus` hands over (`stacks.handover`), and where none was handed over from the reader's own backend (docs/adr/0007).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from components.keys.args import Purpose
from components.placement import Placement
from nautilus.federation.plan import PlacementPlan
from stacks import handover
from stacks.handover import PLACEMENTS_OUTPUT, VERSION_OUTPUT

VERSION = 2
"""Raised whenever a field is added, changed or taken away: a contract is read whole or not at all."""


class GatewayOutput(BaseModel):
    """A placement's end of the backbone as links need it: its public addresses, and ids by the keys of its cloud's `IDS`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: list[str]
    ids: dict[str, str]


class PlacementOutput(BaseModel):
    """One placement as other stacks see it. Ids are the cloud's own; `keys` maps a purpose to its key reference.

    `entry` is the front end of global traffic by role.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cluster: str
    cloud: str
    location: str
    recovery: str
    jurisdiction: str
    nodes: str
    pods: str
    network_id: str
    cluster_id: str
    endpoint: str
    keys: dict[Purpose, str]
    recovery_key: str
    gateway: GatewayOutput
    entry: dict[str, str]


class ContractError(pulumi.RunError):
    """Another stack's outputs do not have the shape that was agreed; the message names the stack, field and fix."""


def describe(plan: PlacementPlan, placement: Placement) -> dict[str, Any]:
    """Give the outputs of one placement, in the shape of PlacementOutput."""
    return {
        "cluster": plan.cluster.id,
        "cloud": plan.cloud.value,
        "location": plan.location.id,
        "recovery": plan.recovery.id,
        "jurisdiction": plan.jurisdiction.id,
        "nodes": plan.nodes,
        "pods": plan.pods,
        "network_id": placement.network.network_id,
        "cluster_id": placement.cluster.cluster_id,
        "endpoint": placement.cluster.endpoint,
        "keys": {purpose.value: key for purpose, key in placement.keys.keys.items()},
        "recovery_key": placement.recovery_keys.keys[Purpose.DATA],
        "gateway": {"addresses": list(placement.gateway.facts.addresses), "ids": dict(placement.gateway.facts.ids)},
        "entry": dict(placement.entry.facts),
    }


def parse(stack: str, version: object, placements: object) -> Mapping[str, PlacementOutput]:
    """Check one stack's outputs and give its placements by name.

    Raises ContractError where the version is another one or a field is missing, unknown or of another type.
    """
    if version != VERSION:
        raise ContractError(
            f"stack {stack!r} has contract version {version!r}, this program reads {VERSION}: update {stack} first"
        )
    try:
        return TypeAdapter(dict[str, PlacementOutput]).validate_python(placements)
    except ValidationError as error:
        fields = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ContractError(f"stack {stack!r} has outputs of another shape ({fields}): update {stack} first") from None


def handed_over() -> handover.Contracts | None:
    """Give the contracts that `nautilus:contracts` names, None where it is not set. Raises ContractError for a bad file."""
    path = pulumi.Config(handover.NAMESPACE).get(handover.SETTING)
    if path is None:
        return None
    try:
        return handover.load(Path(path))
    except handover.HandoverError as error:
        raise ContractError(str(error)) from None


def read(stack: str, handed: handover.Contracts | None) -> pulumi.Output[Mapping[str, PlacementOutput] | None]:
    """Give another stack's placements, None where the stack has not been deployed yet.

    `handed` are the contracts that were handed over; where it is None the stack is looked for in the reader's own backend.
    Raises ContractError where contracts were handed over and this stack is not among them: left out is not undeployed.
    """
    if handed is None:
        reference = pulumi.StackReference(
            f"{stack.partition('-')[2]}-stack", f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
        )
        outputs = [reference.get_output(name) for name in (VERSION_OUTPUT, PLACEMENTS_OUTPUT)]
        return pulumi.Output.all(*outputs).apply(lambda values: _known(stack, *values))
    return pulumi.Output.from_input(told(stack, handed))


def told(stack: str, handed: handover.Contracts) -> Mapping[str, PlacementOutput] | None:
    """Give a stack's placements as they were handed over, None where the stack has not been deployed yet.

    Raises ContractError where the stack is not among the contracts.
    """
    if stack not in handed:
        raise ContractError(f"no contract of {stack!r} was handed over, among {sorted(handed)}: run `nautilus` again")
    contract = handed[stack] or {}
    return _known(stack, contract.get(VERSION_OUTPUT), contract.get(PLACEMENTS_OUTPUT))


def _known(stack: str, version: object, placements: object) -> Mapping[str, PlacementOutput] | None:
    return None if placements is None else parse(stack, version, placements)
