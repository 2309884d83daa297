"""The Network Connectivity Center hubs that links inside Google Cloud share: one a project (NET-1, NET-4).

Guarantees that every placement with a link inside Google Cloud is a spoke of its project's one hub, since a network can be a
spoke of one hub only. Placements of two projects have no hub between them: their link has its tunnels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi

from components.interconnect.args import GatewayFacts
from config.model import Cloud
from nautilus.federation.link import Fabric, Link
from nautilus.federation.plan import PlacementPlan


def spokes(links: Iterable[Link]) -> Mapping[str, Mapping[str, PlacementPlan]]:
    """Give the placements that share a hub, by name and by their jurisdiction, which has one project an environment."""
    found: dict[str, dict[str, PlacementPlan]] = {}
    for link in links:
        plans = [end.plan for end in link.ends]
        if link.fabric is Fabric.NATIVE and plans[0].cloud is Cloud.GCP and plans[0].account.id == plans[1].account.id:
            found.setdefault(plans[0].jurisdiction.id, {}).update({plan.name: plan for plan in plans})
    return {home: dict(sorted(found[home].items())) for home in sorted(found)}


def hubs(
    links: Iterable[Link], members: Mapping[str, GatewayFacts], providers: Mapping[str, pulumi.ProviderResource]
) -> None:
    """Make each hub through the provider of its first spoke; the hub itself has no region."""
    for home, plans in spokes(links).items():
        from components.interconnect.gcp import GcpHub, HubArgs, SpokeArgs  # noqa: PLC0415 - not without Google Cloud

        first, *others = plans.values()
        shared = {key: text for key, text in first.labels.items() if all(plan.labels[key] == text for plan in others)}
        GcpHub(
            f"{home}-hub",
            HubArgs(
                account=first.account,
                spokes={
                    name: SpokeArgs(
                        network_id=members[name].ids["network"], nodes=plan.nodes, location=plan.location, labels=plan.labels
                    )
                    for name, plan in plans.items()
                },
                labels=shared,
                deletion_protection=first.environment.deletion_protection,
            ),
            pulumi.ResourceOptions(provider=providers[first.name]),
        )
