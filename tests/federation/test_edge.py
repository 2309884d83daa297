"""Who takes over from a site is lawful by derivation, and a halted jurisdiction's sites fall to nobody (EDGE-1, HALT-1)."""

from __future__ import annotations

import random

import pytest

import config
from config.loader import load
from config.model import BUDGETS_MS, Catalogue, DataClass, EnvironmentName, Facility, Halt, Operation, Takeover
from nautilus.federation import reference
from nautilus.federation.edge import STRATEGIES, Outpost, outposts
from nautilus.federation.law import may_rest
from nautilus.federation.plan import placement_name, placements
from nautilus.federation.strategy import Strategy
from tests.fixtures.catalogues import TODAY

PROD = EnvironmentName.PROD
CATALOGUE = load(config.root(), today=TODAY)
FOUND = {one.site.id: one for one in outposts(CATALOGUE, PROD)}
PAGE = reference.files(CATALOGUE)["edge.md"]


def homes(catalogue: Catalogue) -> dict[str, str]:
    return {placement_name(one, key): one.jurisdiction for one in catalogue.clusters.values() for key in one.placements}


def places(catalogue: Catalogue) -> dict[str, str]:
    return {
        placement_name(one, key): place.location
        for one in catalogue.clusters.values()
        for key, place in one.placements.items()
    }


def passed(catalogue: Catalogue, key: str) -> DataClass:
    """Give the data that an order is for: a service class's, or the class itself."""
    service = catalogue.traffic.classes.get(key)
    return service.data if service is not None else DataClass(key)


def assert_lawful(catalogue: Catalogue, found: Outpost) -> None:
    home, where = homes(catalogue)[found.site.parent], places(catalogue)
    for key, order in found.orders.items():
        assert len(order) == len(set(order))
        for name in order:
            place = catalogue.locations[where[name]]
            verdict = may_rest(catalogue.jurisdictions, home, passed(catalogue, key), place)
            assert verdict.lawful, (found.site.id, key, name)


@pytest.mark.parametrize("found", FOUND.values(), ids=FOUND)
def test_every_order_begins_with_the_parent_and_is_lawful(found: Outpost) -> None:
    assert found.orders
    assert {order[0] for order in found.orders.values()} == {found.site.parent}
    assert_lawful(CATALOGUE, found)


@pytest.mark.parametrize("found", FOUND.values(), ids=FOUND)
def test_every_class_that_a_site_holds_has_an_order_and_nothing_else_has(found: Outpost) -> None:
    data = {passed(CATALOGUE, key) for key in found.orders}
    assert data == set(found.site.data_classes)
    assert set(found.site.serves) <= set(found.orders)


@pytest.mark.parametrize("found", FOUND.values(), ids=FOUND)
def test_the_floor_is_below_the_budget_and_the_machines_are_the_kinds(found: Outpost) -> None:
    profile = CATALOGUE.edge.kinds[found.site.kind]
    assert found.budget_ms == BUDGETS_MS.get(profile.performance)
    assert found.budget_ms is None or found.floor_ms < found.budget_ms
    assert found.pool.id == profile.pool


@pytest.mark.parametrize("found", FOUND.values(), ids=FOUND)
def test_a_hall_is_reached_by_two_ports_of_two_carriers_and_a_zone_by_none(found: Outpost) -> None:
    carriers = {port.carrier for port in found.ports}
    assert len(carriers) == (2 if found.site.facility is Facility.COLOCATION else 0)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_law_says_nobody_unlawful_takes_over(seed: int) -> None:
    chance = random.Random(seed)
    known = list(CATALOGUE.jurisdictions)
    rewritten = {
        key: law.model_copy(
            update={
                "data_classes": {
                    data: rule.model_copy(
                        update={"jurisdictions": tuple(sorted({key, *chance.sample(known, chance.randint(0, len(known)))}))}
                    )
                    for data, rule in law.data_classes.items()
                }
            }
        )
        for key, law in CATALOGUE.jurisdictions.items()
    }
    catalogue = CATALOGUE.model_copy(update={"jurisdictions": rewritten})
    for found in outposts(catalogue, PROD):
        assert_lawful(catalogue, found)


def test_no_indian_money_is_taken_over_abroad() -> None:
    for key in ("trading", "risk"):
        assert FOUND["in-mumbai"].orders[key] == (
            "nautilus-enterprise-asia-south-1",
            "nautilus-enterprise-asia-south-1-standby",
        )


def test_behind_an_edge_cluster_come_the_backends_of_the_front() -> None:
    first, second, *rest = FOUND["us-ashburn"].orders["trading"]
    assert (first, second) == ("nautilus-edge-global-east-1-aws", "nautilus-enterprise-us-east-1")
    assert not any("edge" in name or "analytics" in name for name in rest)


def test_a_halted_jurisdiction_has_nobody_to_take_over_and_others_do() -> None:
    halts = {"uk": Halt(since="2026-11-21T09:30:00Z", reason="a drill")}
    operation = Operation(id=PROD, shifts={}, halts=halts)
    catalogue = CATALOGUE.model_copy(update={"operations": {**CATALOGUE.operations, PROD: operation}})
    found = {one.site.id: one for one in outposts(catalogue, PROD)}
    assert set(found["uk-slough"].orders.values()) == {()}
    assert all(found["eu-frankfurt"].orders.values())
    assert not any(name.startswith("nautilus-enterprise-uk") for name in found["eu-frankfurt"].orders["trading"])


@pytest.mark.parametrize("halted", sorted(CATALOGUE.jurisdictions))
def test_nobody_of_a_halted_jurisdiction_takes_over_from_any_site(halted: str) -> None:
    operation = Operation(id=PROD, shifts={}, halts={halted: Halt(since="2026-11-21T09:30:00Z", reason="a drill")})
    changed = CATALOGUE.model_copy(update={"operations": {**CATALOGUE.operations, PROD: operation}})
    where = homes(CATALOGUE)
    for one in outposts(changed, PROD):
        for key, order in one.orders.items():
            assert halted not in {where[name] for name in order}, (one.site.id, key)


def test_every_mode_is_one_of_the_strategies() -> None:
    assert set(STRATEGIES) == set(Takeover)
    assert FOUND["us-mahwah"].strategy is Strategy.GRADUAL
    assert FOUND["uk-slough"].strategy is Strategy.IMMEDIATE


@pytest.mark.parametrize("environment", list(EnvironmentName))
def test_local_zones_and_no_other_sites_get_nodes_of_their_parent(environment: EnvironmentName) -> None:
    plans = [
        plan
        for group in {one.group for one in CATALOGUE.clusters.values()}
        for plan in placements(CATALOGUE, environment, group)
    ]
    built = {site_id: (plan.name, edge) for plan in plans for site_id, edge in plan.edge.items()}
    wanted = {key: site for key, site in CATALOGUE.edge.sites.items() if site.facility is Facility.LOCAL_ZONE}
    assert {key: name for key, (name, _) in built.items()} == {key: site.parent for key, site in wanted.items()}
    for key, (_, edge) in built.items():
        assert (edge.zone, edge.slot) == (wanted[key].zone, wanted[key].slot)
        assert edge.pool.pool.id == CATALOGUE.edge.kinds[wanted[key].kind].pool
        assert edge.pool.machine == edge.pool.pool.machines["aws"]


def test_the_page_shows_every_site_its_figures_and_its_order() -> None:
    assert all(f"\n| {site_id} | " in PAGE for site_id in CATALOGUE.edge.sites)
    assert "21 sites: 8 ultra-edge, 6 high-performance, 4 standard, 3 cache-only." in PAGE
    assert "| us-phoenix | cache-only | aws-local-zone: us-west-2-phx-2a | Phoenix | us |" in PAGE
    assert "| 15.59 | no bound | market | none | read-through |" in PAGE
    assert "| in-mumbai | trading | immediate | asia-south-1, asia-south-1-standby |" in PAGE
    assert "| edge-high | c6in.4xlarge, c3-standard-22, Standard_F16s_v2 | yes | yes | 2048 |" in PAGE
