"""A link leaves a way that is cut by the lower hold timer of its planned ends (NET-2, NET-4, FO-3)."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from config.model import Mechanism
from nautilus.federation.chain import Chain, Phase
from nautilus.federation.link import Fabric, links
from nautilus.federation.planned import UNKNOWN, Plan, Planned
from nautilus.federation.ways import ROUTER, ways
from tests.federation import plans

CATALOGUE = load(config.root())
WHOLE = plans.whole(CATALOGUE)
ROUTES = next(item.name for item in WHOLE if item.type == ROUTER)


def of(planned: tuple[Planned, ...] = WHOLE) -> dict[str, Chain]:
    return {link.route.id: chain for link, chain in ways(Plan(planned), CATALOGUE, plans.ENVIRONMENT)}


def slowest(planned: tuple[Planned, ...] = WHOLE) -> Chain:
    return max(of(planned).values(), key=lambda chain: chain.worst_s)


def test_every_link_has_a_chain_of_its_fabric() -> None:
    found = of()
    for link in links(CATALOGUE, plans.ENVIRONMENT):
        assert found[link.route.id].by == (Mechanism.NATIVE if link.fabric is Fabric.NATIVE else Mechanism.TUNNELS)


def test_the_lower_hold_timer_counts() -> None:
    # AWS 30 s, Cloud Router three times 20 s, Azure 180 s; a link inside one cloud has no timer of ours.
    assert {chain.phase_s(Phase.DETECTION) for chain in of().values()} == {0, 30, 60}
    assert slowest().worst_s == 65


def test_a_slower_keepalive_is_named() -> None:
    slow = slowest(plans.changed(WHOLE, slowest().dominant.subject, bgp={"keepaliveInterval": 30}))
    assert (slow.worst_s, slow.dominant.subject) == (95, slowest().dominant.subject)


@pytest.mark.parametrize("bgp", [{"keepaliveInterval": UNKNOWN}, {}, UNKNOWN])
def test_a_keepalive_that_cannot_be_read_never_ends(bgp: object) -> None:
    found = slowest(plans.changed(WHOLE, ROUTES, bgp=bgp))
    assert (found.dominant.subject, found.dominant.says) == (ROUTES, "bgp.keepaliveInterval is not set, or unknown")


def test_a_router_that_is_not_planned_never_ends() -> None:
    assert slowest(plans.without(WHOLE, ROUTES)).dominant.says == "not planned"


@pytest.mark.parametrize("end", ["-first-connection-1", "-native-1"])
def test_a_link_with_one_way_never_ends(end: str) -> None:
    name = next(item.name for item in WHOLE if item.name.endswith(end))
    assert slowest(plans.without(WHOLE, name)).dominant.says == "1 of its ways planned, 2 wanted"


def test_without_the_region_stacks_no_timer_is_held_against_a_link() -> None:
    alone = of(plans.stack(WHOLE, "federation"))
    assert {chain.phase_s(Phase.DETECTION) for chain in alone.values()} <= {0, 30}
    assert of(plans.stack(WHOLE, "emea")) == {}
