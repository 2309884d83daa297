"""The federation stack: reads every region stack's contract and says who is a member and who is not known yet.

Backbone, global traffic, mesh peering and federated monitoring are derived from these members. It works before any region
stack has been deployed: what is not known is told as such, not as empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from config.model import Group
from nautilus.federation.plan import placements
from stacks import contract
from stacks.identity import Stack, stack_name

Members = Mapping[str, contract.PlacementOutput]


def deploy(stack: Stack) -> None:
    """Read the region stacks and export the members of the federation and what is missing."""
    names = {group: stack_name(stack.environment, group) for group in Group}
    handed = contract.handed_over()
    known = {group.value: contract.read(name, handed) for group, name in names.items()}
    expected = {
        group.value: tuple(plan.name for plan in placements(stack.catalogue, stack.environment, group)) for group in Group
    }
    everything = pulumi.Output.all(**known)
    pulumi.export("members", everything.apply(members))
    pulumi.export("missing", everything.apply(lambda groups: missing(expected, groups)))


def members(groups: Mapping[str, Members | None]) -> dict[str, dict[str, Any]]:
    """Give every known placement by name, in the shape of the contract and sorted."""
    flat = {name: member for group in groups.values() if group is not None for name, member in group.items()}
    return {name: flat[name].model_dump(mode="json") for name in sorted(flat)}


def missing(expected: Mapping[str, tuple[str, ...]], groups: Mapping[str, Members | None]) -> list[str]:
    """Give the names of placements that the catalogue declares and no deployed stack has reported."""
    reported = {name for group in groups.values() if group is not None for name in group}
    return sorted(name for names in expected.values() for name in names if name not in reported)
