"""One provider a placement, pinned to its place; two tenants only where a declared peering joins them (RES-001, NET-1)."""

from __future__ import annotations

import json
from typing import Any

import config
from config.loader import load
from config.model import Cloud, EnvironmentName, Group
from nautilus.federation.plan import placements
from stacks.identity import Stack
from stacks.providers import Providers
from tests.fixtures.catalogues import TODAY
from tests.stacks.conftest import Program

STACK = Stack(
    name="prod-federation", environment=EnvironmentName.PROD, group=None, catalogue=load(config.root(), today=TODAY)
)
PLANS = {plan.name: plan for group in Group for plan in placements(STACK.catalogue, EnvironmentName.PROD, group)}
KINDS = {Cloud.AWS: "aws", Cloud.GCP: "gcp", Cloud.AZURE: "azure-native"}


def made(program: Program) -> dict[str, tuple[str, dict[str, Any]]]:
    def body() -> None:
        providers = Providers(STACK)
        for plan in (*PLANS.values(), *PLANS.values()):
            assert providers.of(plan) is providers.of(plan)

    return program(body).made


def test_every_placement_has_one_provider_pinned_to_its_location_and_account(program: Program) -> None:
    found = made(program)
    assert set(found) == {f"{name}-provider" for name in PLANS}
    for name, plan in PLANS.items():
        kind, inputs = found[f"{name}-provider"]
        assert kind == f"pulumi:providers:{KINDS[plan.cloud]}"
        assert inputs.get("region", inputs.get("location")) == plan.location.region
        assert plan.account.id in str(inputs)


def test_only_the_ends_of_a_peering_of_two_tenants_may_act_in_both(program: Program) -> None:
    found = {
        name: inputs["auxiliaryTenantIds"] for name, (_, inputs) in made(program).items() if "auxiliaryTenantIds" in inputs
    }
    given = {name: json.loads(text) if isinstance(text, str) else text for name, text in found.items()}
    japan, australia = (PLANS[f"nautilus-enterprise-{name}-1"] for name in ("asia-ne", "au-east"))
    assert given == {
        f"{japan.name}-provider": [australia.account.tenant],
        f"{australia.name}-provider": [japan.account.tenant],
    }
