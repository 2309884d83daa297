"""What region stacks handed over, read value by value (OPS-1).

Guarantees that a value which was not handed over is unknown in a preview and stops an update with the stack to deploy first:
nothing is made from nothing, and nothing is taken away because a contract was missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import pulumi

from nautilus.federation.plan import PlacementPlan
from stacks.contract import ContractError, PlacementOutput
from stacks.identity import stack_name

Members = Mapping[str, PlacementOutput]
"""Every known placement by name."""


def value(
    plan: PlacementPlan, members: pulumi.Output[Members], named: str, take: Callable[[PlacementOutput], str]
) -> pulumi.Output[str]:
    """Give one value of a placement's contract; `named` says for people what it is.

    Unknown in a preview where it is not there; in an update that raises ContractError.
    """
    stack = stack_name(plan.environment.id, plan.cluster.group)
    return members.apply(lambda known: handed(stack, plan.name, named, known, take))


def handed(
    stack: str, placement: str, named: str, known: Members, take: Callable[[PlacementOutput], str]
) -> pulumi.Input[str]:
    """Give one value out of the known placements, as `value` says."""
    try:
        return take(known[placement])
    except LookupError:
        if pulumi.runtime.is_dry_run():
            return pulumi.Output.from_input(cast("str", pulumi.UNKNOWN))
        raise ContractError(f"{stack!r} has handed over no {named} of {placement}: deploy {stack} first") from None
