"""Which routes a hub's connection takes and gives, and which of the hub's tables it uses (NET-2, NET-4).

Guarantees that a route which is in none of a connection's ranges is dropped, in both directions. It makes no connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import network

from components.provider.azure_resource import physical

_EVERYTHING: Final = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class RouteMaps:
    """What a connection may take and what it may give."""

    learns: network.RouteMap
    advertises: network.RouteMap


def route_maps(
    name: str,
    *,
    group: pulumi.Input[str],
    hub: pulumi.Input[str],
    learns: Sequence[str],
    advertises: Sequence[str],
    opts: pulumi.ResourceOptions,
) -> RouteMaps:
    """Give two route maps, each of which lets its ranges and what lies in them pass and drops every other route.

    The second rule of a map is needed: Virtual WAN lets a route pass that no rule matches (About Route-maps, Microsoft
    Learn; general knowledge). Raises ValueError for no ranges: a connection that may take or give nothing is not to be made.
    """
    first = _route_map(f"{name}-learns", group, hub, learns, opts)
    # A hub changes one thing at a time and refuses the others meanwhile.
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[first]))
    return RouteMaps(learns=first, advertises=_route_map(f"{name}-advertises", group, hub, advertises, after))


def branch(
    *, default: pulumi.Input[str], nodes: pulumi.Input[str], maps: RouteMaps | None = None
) -> network.RoutingConfigurationArgs:
    """Give the routing of a connection that leads out: a hub wants all of them in its default table.

    What it learns goes to the nodes' table alone, so that no other connection gets to know it: a hub passes nothing on from
    one link to another. Without maps it is for static routes.
    """
    return network.RoutingConfigurationArgs(
        associated_route_table=network.SubResourceArgs(id=default),
        propagated_route_tables=network.PropagatedRouteTableArgs(ids=[network.SubResourceArgs(id=nodes)], labels=[]),
        inbound_route_map=network.SubResourceArgs(id=maps.learns.id) if maps else None,
        outbound_route_map=network.SubResourceArgs(id=maps.advertises.id) if maps else None,
    )


def _route_map(
    name: str, group: pulumi.Input[str], hub: pulumi.Input[str], ranges: Sequence[str], opts: pulumi.ResourceOptions
) -> network.RouteMap:
    if not ranges:
        raise ValueError(f"{name}: a route map needs at least one range; the route has none to take or to give")
    return network.RouteMap(
        name,
        route_map_name=physical(name, 80),
        resource_group_name=group,
        virtual_hub_name=hub,
        rules=[
            network.RouteMapRuleArgs(
                name="declared",
                match_criteria=[_within(sorted(set(ranges)))],
                next_step_if_matched=network.NextStep.TERMINATE,
            ),
            network.RouteMapRuleArgs(
                name="rest",
                match_criteria=[_within([_EVERYTHING])],
                actions=[network.ActionArgs(type=network.RouteMapActionType.DROP)],
                next_step_if_matched=network.NextStep.TERMINATE,
            ),
        ],
        opts=opts,
    )


def _within(ranges: Sequence[str]) -> network.CriterionArgs:
    return network.CriterionArgs(match_condition=network.RouteMapMatchCondition.CONTAINS, route_prefix=list(ranges))
