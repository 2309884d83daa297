"""Which links there are never depends on contracts; what was not handed over is unknown, then an error (NET-1, OPS-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

import config
from components.interconnect.args import GatewayFacts
from components.interconnect.builders import builders
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.link import Link, links
from nautilus.federation.plan import PlacementPlan, placements
from stacks import backbone
from stacks.contract import ContractError, PlacementOutput
from stacks.identity import Stack
from stacks.members import handed
from tests.fixtures.catalogues import TODAY
from tests.stacks.conftest import Program, placement

CATALOGUE = load(config.root(), today=TODAY)
STACK = Stack(name="prod-federation", environment=EnvironmentName.PROD, group=None, catalogue=CATALOGUE)
PLANS = {plan.name: plan for group in Group for plan in placements(CATALOGUE, EnvironmentName.PROD, group)}


def member(plan: PlacementPlan) -> PlacementOutput:
    made = builders(plan.cloud)
    gateway = {
        "addresses": [f"{plan.name}-{index}" for index in range(made.addresses)],
        "ids": {key: f"{plan.name}-{key}" for key in made.ids},
    }
    return PlacementOutput.model_validate(placement(cluster=plan.cluster.id, gateway=gateway))


WHOLE = {name: member(plan) for name, plan in PLANS.items()}


@dataclass
class Paper:
    """What the program asked for: the links, what they were told of each end once that is known, and those with a hub."""

    links: dict[str, Link] = field(default_factory=dict)
    facts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    hubs: list[str] = field(default_factory=list)


def note(known: dict[tuple[str, str], list[str]], key: tuple[str, str], values: list[pulumi.Output[str]]) -> None:
    """Keep values under a key once they are resolved."""
    pulumi.Output.all(*values).apply(lambda got: known.update({key: got}))


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Paper:
    found = Paper()

    def interlink(name: str, link: Link, facts: Mapping[str, GatewayFacts], providers: Mapping[str, Any]) -> None:
        found.links[name] = link
        assert {end.plan.name for end in link.ends} <= facts.keys() & providers.keys()
        for end in link.ends:
            told = facts[end.plan.name]
            note(found.facts, (name, end.plan.name), [*told.addresses, *told.ids.values()])

    monkeypatch.setattr(backbone, "Interlink", interlink)
    monkeypatch.setattr(backbone, "hubs", lambda every, *_: found.hubs.extend(link.route.id for link in every))
    return found


def build(members: Mapping[str, PlacementOutput]) -> None:
    backbone.build(STACK, pulumi.Output.from_input(members).apply(lambda _: members), Pinned)


class Pinned(pulumi.ProviderResource):
    """The one provider of a placement's place."""

    def __init__(self, plan: PlacementPlan) -> None:
        super().__init__(plan.cloud.value, f"{plan.name}-provider")


@pytest.mark.parametrize(("known", "preview"), [(WHOLE, False), (WHOLE, True), ({}, True)])
def test_every_declared_link_is_built_whatever_is_known(
    known: Mapping[str, PlacementOutput], preview: bool, program: Program, paper: Paper
) -> None:
    ran = program(lambda: build(known), preview=preview)

    assert sorted(paper.links) == [link.route.id for link in links(CATALOGUE, EnvironmentName.PROD)]
    assert paper.hubs == list(paper.links)
    ends = {end.plan.name for link in paper.links.values() for end in link.ends}
    assert set(ran.made) == {f"{name}-provider" for name in ends}
    assert len(paper.facts) == (2 * len(paper.links) if known else 0)


def test_the_facts_are_those_handed_over(program: Program, paper: Paper) -> None:
    program(lambda: build(WHOLE))

    assert set(paper.facts) == {(link.route.id, end.plan.name) for link in paper.links.values() for end in link.ends}
    for (_, name), got in paper.facts.items():
        gateway = WHOLE[name].gateway
        assert got == [*gateway.addresses, *gateway.ids.values()]


def test_an_id_that_an_older_program_did_not_hand_over_is_unknown_in_a_preview_and_an_error_after(
    program: Program, paper: Paper
) -> None:
    plan = PLANS["nautilus-enterprise-eu-central-1"]
    key = builders(plan.cloud).ids[0]
    old = WHOLE[plan.name].model_copy(update={"gateway": WHOLE[plan.name].gateway.model_copy(update={"ids": {}})})
    known = {**WHOLE, plan.name: old}

    program(lambda: build(known), preview=True)
    dark = {link.route.id for link in paper.links.values() if plan.name in link.route.ends}
    assert dark
    assert {(link, name) for link in dark for name in paper.links[link].route.ends} - set(paper.facts) == {
        (link, plan.name) for link in dark
    }

    with pytest.raises(
        ContractError, match=f"'prod-emea' has handed over no gateway's .* of {plan.name}: deploy prod-emea first"
    ):
        program(lambda: build(known))
    with pytest.raises(ContractError, match=f"handed over no gateway's {key} of"):
        handed("prod-emea", plan.name, f"gateway's {key}", known, lambda one: one.gateway.ids[key])
