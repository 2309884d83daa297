"""The federation stack: reads every region stack's contract, says who is a member, and builds what lies between them.

Guarantees that what is not known is told as such, not as empty: a preview works before any region stack has been deployed,
and an update stops where a placement that the catalogue declares was reported by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from config.model import Group
from nautilus.federation.plan import placements
from stacks import backbone, contract, traffic
from stacks.identity import Stack, stack_name
from stacks.providers import Providers
from stacks.region import without_version_aliases

Members = Mapping[str, contract.PlacementOutput]


def deploy(stack: Stack) -> None:
    """Read the region stacks, build the backbone, and export the members of the federation and what is missing."""
    pulumi.runtime.register_stack_transformation(without_version_aliases)
    names = {group: stack_name(stack.environment, group) for group in Group}
    handed = contract.handed_over()
    known = {group.value: contract.read(name, handed) for group, name in names.items()}
    expected = {
        group.value: tuple(plan.name for plan in placements(stack.catalogue, stack.environment, group)) for group in Group
    }
    if handed is not None:
        # Said before the first resource is declared, so that nothing is half made.
        whole(names, expected, {group.value: contract.told(name, handed) for group, name in names.items()})
    everything = pulumi.Output.all(**known).apply(lambda groups: whole(names, expected, groups))
    plans = {plan.name: plan for group in Group for plan in placements(stack.catalogue, stack.environment, group)}
    known_placements, providers = everything.apply(flat), Providers(stack)
    backbone.build(stack, known_placements, providers.of)
    pulumi.export("shares", traffic.build(stack, plans, known_placements, providers.of))
    pulumi.export("members", everything.apply(members))
    pulumi.export("missing", everything.apply(lambda groups: missing(expected, groups)))


def whole(
    names: Mapping[Group, str], expected: Mapping[str, tuple[str, ...]], groups: Mapping[str, Members | None]
) -> Mapping[str, Members | None]:
    """Give the groups as they are. Raises ContractError in an update where a declared placement was reported by nobody."""
    absent = missing(expected, groups)
    if absent and not pulumi.runtime.is_dry_run():
        owners = [names[Group(group)] for group, wanted in expected.items() if set(absent) & set(wanted)]
        raise contract.ContractError(
            f"nothing is known of {', '.join(absent)}: deploy {', '.join(owners)} first; "
            "no link is taken away because a contract is missing"
        )
    return groups


def flat(groups: Mapping[str, Members | None]) -> Members:
    """Give every known placement by name, sorted."""
    found = {name: member for group in groups.values() if group is not None for name, member in group.items()}
    return {name: found[name] for name in sorted(found)}


def members(groups: Mapping[str, Members | None]) -> dict[str, dict[str, Any]]:
    """Give every known placement by name, in the shape of the contract and sorted."""
    return {name: member.model_dump(mode="json") for name, member in flat(groups).items()}


def missing(expected: Mapping[str, tuple[str, ...]], groups: Mapping[str, Members | None]) -> list[str]:
    """Give the names of placements that the catalogue declares and no deployed stack has reported."""
    reported = {name for group in groups.values() if group is not None for name in group}
    return sorted(name for names in expected.values() for name in names if name not in reported)
