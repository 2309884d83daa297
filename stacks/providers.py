"""The federation's providers: one for each placement, pinned to its location and account (RES-001, RES-008).

Guarantees that links and balancers of one placement share a provider, and that an Azure one may act in another tenant only
where a declared link joins the two: Azure peers networks of two tenants with the leave of both.
"""

from __future__ import annotations

import pulumi

from components.interconnect.builders import builders
from config.model import Cloud
from nautilus.federation.link import Fabric, links
from nautilus.federation.plan import PlacementPlan
from stacks.identity import Stack


class Providers:
    """Makes each placement's provider when it is first asked for."""

    def __init__(self, stack: Stack) -> None:
        self._tenants: dict[str, set[str]] = {}
        for link in links(stack.catalogue, stack.environment):
            one, other = (end.plan for end in link.ends)
            if link.fabric is Fabric.NATIVE and one.cloud is Cloud.AZURE:
                for near, far in ((one, other), (other, one)):
                    if far.account.tenant is not None and far.account.tenant != near.account.tenant:
                        self._tenants.setdefault(near.name, set()).add(far.account.tenant)
        self._made: dict[str, pulumi.ProviderResource] = {}

    def of(self, plan: PlacementPlan) -> pulumi.ProviderResource:
        """Give a placement's provider."""
        if plan.name not in self._made:
            make = builders(plan.cloud).provider
            more = {"other_tenants": tuple(sorted(self._tenants[plan.name]))} if plan.name in self._tenants else {}
            self._made[plan.name] = make(f"{plan.name}-provider", plan.location, plan.account, plan.labels, **more)
        return self._made[plan.name]
