"""Weights are lawful, whole and within capacity for any input, or there are none (DNS-3)."""

from __future__ import annotations

import random

import pytest

from nautilus.federation.traffic import Area, Infeasible, Objective, Site, reaches, weights

HOMES = ("us", "eu", "uk", "jp", "sg", "in", "ca", "au")


def world(seed: int, sites: int = 15, areas: int = 100) -> tuple[list[Site], list[Area]]:
    chance = random.Random(seed)
    places = [
        Site(
            id=f"site-{number:02}",
            latitude=chance.uniform(-40, 60),
            longitude=chance.uniform(-180, 180),
            jurisdiction=HOMES[number % len(HOMES)],
            capacity=chance.uniform(50_000, 90_000),
            bandwidth=chance.uniform(10_000, 100_000),
            cost=chance.uniform(0.1, 2),
            availability=chance.uniform(0.999, 0.99999),
        )
        for number in range(sites)
    ]
    clients = []
    for number in range(areas):
        home = chance.choice(HOMES)
        clients.append(
            Area(
                id=f"area-{number:03}",
                latitude=chance.uniform(-50, 70),
                longitude=chance.uniform(-180, 180),
                home=home,
                lawful=frozenset({home, *chance.sample(HOMES, chance.randint(2, 5))}),
                demand=chance.uniform(100, 2_500),
                limit_ms=250,
            )
        )
    return places, clients


@pytest.mark.parametrize("objective", Objective)
@pytest.mark.parametrize("seed", range(12))
def test_weights_are_whole_lawful_and_within_capacity(seed: int, objective: Objective) -> None:
    sites, areas = world(seed)
    found = weights(sites, areas, objective)

    by_id = {site.id: site for site in sites}
    load = dict.fromkeys(by_id, 0.0)
    for area in areas:
        shares = found[area.id]
        assert sum(shares.values()) == pytest.approx(1, abs=1e-9)
        for site, share in shares.items():
            assert reaches(area, by_id[site])
            load[site] += share * area.demand
    assert all(load[site] <= by_id[site].capacity * (1 + 1e-6) for site in load)


@pytest.mark.parametrize("objective", Objective)
def test_the_order_of_the_input_does_not_matter(objective: Objective) -> None:
    sites, areas = world(7)
    assert weights(sites, areas, objective) == weights(sites[::-1], areas[::-1], objective)


def cost(sites: list[Site], areas: list[Area], objective: Objective, by: str) -> float:
    places = {site.id: site for site in sites}
    demand = {area.id: area.demand for area in areas}
    found = weights(sites, areas, objective)
    return sum(
        demand[area] * share * getattr(places[s], by) for area, shares in found.items() for s, share in shares.items()
    )


def test_each_objective_is_best_at_its_own_measure() -> None:
    sites, areas = world(3)
    cheapest = cost(sites, areas, Objective.COST, "cost")
    assert all(cheapest <= cost(sites, areas, other, "cost") + 1e-6 for other in Objective)
    surest = cost(sites, areas, Objective.AVAILABILITY, "availability")
    assert all(surest >= cost(sites, areas, other, "availability") - 0.5 for other in Objective)


def test_balance_keeps_the_highest_utilisation_lowest() -> None:
    sites, areas = world(5)
    demand = {area.id: area.demand for area in areas}

    def peak(objective: Objective) -> float:
        load = dict.fromkeys((site.id for site in sites), 0.0)
        for area, shares in weights(sites, areas, objective).items():
            for site, share in shares.items():
                load[site] += share * demand[area]
        return max(load[site.id] / site.capacity for site in sites)

    balanced = peak(Objective.BALANCE)
    assert all(balanced <= peak(other) + 1e-6 for other in Objective)


def test_an_area_without_a_lawful_site_is_named() -> None:
    sites, areas = world(1, sites=2, areas=1)
    stranded = [Area(**{**vars_of(areas[0]), "lawful": frozenset({"br"}), "id": "sao-paulo"})]
    with pytest.raises(Infeasible, match="sao-paulo has no site in br"):
        weights(sites, stranded, Objective.LATENCY)


def test_a_limit_below_the_floor_is_named_with_the_floor() -> None:
    sites, areas = world(1, sites=2, areas=1)
    impatient = [Area(**{**vars_of(areas[0]), "lawful": frozenset(HOMES), "limit_ms": 0.01, "id": "impatient"})]
    with pytest.raises(Infeasible, match=r"impatient bears 0\.01 ms and its nearest lawful site is \d+\.\d ms away"):
        weights(sites, impatient, Objective.LATENCY)


def test_missing_capacity_is_told_in_messages() -> None:
    sites, areas = world(1, sites=8, areas=1)
    greedy = [Area(**{**vars_of(areas[0]), "lawful": frozenset(HOMES), "demand": 1e9})]
    with pytest.raises(Infeasible, match="messages a second, the capacity in reach"):
        weights(sites, greedy, Objective.LATENCY)


def vars_of(area: Area) -> dict[str, object]:
    return {name: getattr(area, name) for name in area.__dataclass_fields__}
