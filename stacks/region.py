"""A region stack: every placement of one group, and the outputs that other stacks may read (OPS-1, CLU-1)."""

from __future__ import annotations

import copy

import pulumi

from components.placement import Placement
from config.model import Catalogue, Group
from nautilus.federation.front import served
from nautilus.federation.link import gateway
from nautilus.federation.plan import PlacementPlan, placements
from stacks import contract, handover
from stacks.identity import Stack


def deploy(stack: Stack, group: Group) -> None:
    """Declare the group's placements and export what the contract promises of each."""
    pulumi.runtime.register_stack_transformation(without_version_aliases)
    plans = placements(stack.catalogue, stack.environment, group)
    built = {plan.name: (plan, _placement(stack.catalogue, plan)) for plan in plans}
    pulumi.export(handover.VERSION_OUTPUT, contract.VERSION)
    pulumi.export(
        handover.PLACEMENTS_OUTPUT,
        {name: contract.describe(plan, placement) for name, (plan, placement) in built.items()},
    )


def _placement(catalogue: Catalogue, plan: PlacementPlan) -> Placement:
    return Placement(plan.name, plan, gateway(catalogue, plan), served(catalogue, plan))


def without_version_aliases(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Drop the aliases to former API versions that the Azure SDK gives each resource, up to forty of them.

    They serve states written by another program under those versions; ours has none. Working them out takes most of the
    time that an Azure resource costs.
    """
    if not args.type_.startswith("azure-native:") or not args.opts.aliases:
        return None
    options = copy.copy(args.opts)
    options.aliases = []
    return pulumi.ResourceTransformationResult(props=args.props, opts=options)
