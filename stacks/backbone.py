"""The backbone between placements: every declared link, from what the region stacks handed over (NET-1, NET-2, OPS-1).

Guarantees that which links there are follows from the catalogue alone: a contract that is not known makes values unknown in
a preview and never takes a link away. It knows nothing of how a link is made.
"""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from components.interconnect.args import GatewayFacts
from components.interconnect.builders import builders
from components.interconnect.hubs import hubs
from components.interconnect.link import Interlink
from nautilus.federation.link import links
from nautilus.federation.plan import PlacementPlan
from stacks.contract import PlacementOutput
from stacks.identity import Stack
from stacks.members import Members, value

Providers = Callable[[PlacementPlan], pulumi.ProviderResource]


def build(stack: Stack, members: pulumi.Output[Members], provider: Providers) -> None:
    """Declare every link of the stack's environment, each end through the one provider of its placement's place."""
    found = links(stack.catalogue, stack.environment)
    plans = {end.plan.name: end.plan for link in found for end in link.ends}
    facts = {name: gateway_facts(plan, members) for name, plan in plans.items()}
    providers = {name: provider(plan) for name, plan in plans.items()}
    hubs(found, facts, providers)
    for link in found:
        Interlink(link.route.id, link, facts, providers)


def gateway_facts(plan: PlacementPlan, members: pulumi.Output[Members]) -> GatewayFacts:
    """Give what a placement's gateway handed over. How many values there are follows from its cloud alone."""
    cloud = builders(plan.cloud)
    return GatewayFacts(
        addresses=tuple(
            value(plan, members, f"gateway's address {index}", _address(index)) for index in range(cloud.addresses)
        ),
        ids={key: value(plan, members, f"gateway's {key}", _id(key)) for key in cloud.ids},
    )


def _address(index: int) -> Callable[[PlacementOutput], str]:
    return lambda known: known.gateway.addresses[index]


def _id(key: str) -> Callable[[PlacementOutput], str]:
    return lambda known: known.gateway.ids[key]
