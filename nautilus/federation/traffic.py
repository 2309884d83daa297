"""How much of each client area's traffic goes to which site, by a linear programme over what is lawful (DNS-3).

Guarantees that weights of an area sum to one, that no site is loaded over its capacity, that no area is sent where its data
may not be or farther than its limit, and that the same input gives the same weights. Where that cannot be, it says which
area or how much capacity is missing, and gives no weights at all. It knows nothing of DNS records: components turn weights
into them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from config.model import Objective
from nautilus.federation.latency import great_circle_floor_ms

Floats = NDArray[np.float64]

SHARE_FLOOR = 1e-9
"""Shares below this are the solver's rounding and are dropped."""

TIE_BREAK = 1e-7
"""How much later sites in the order of their ids cost extra, so that a tie has one answer."""


HYBRID: Mapping[Objective, float] = {
    Objective.LATENCY: 0.35,
    Objective.BALANCE: 0.2,
    Objective.AVAILABILITY: 0.15,
    Objective.COMPLIANCE: 0.15,
    Objective.THROUGHPUT: 0.1,
    Objective.COST: 0.05,
}
"""The platform's own mix; each part is scaled to 0…1 over the lawful pairs before it is weighed."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One place that serves. `capacity` and `bandwidth` in messages a second, `cost` in US dollars a million messages.

    `availability` is a fraction in (0, 1]; latitude and longitude in degrees.
    """

    id: str
    latitude: float
    longitude: float
    jurisdiction: str
    capacity: float
    bandwidth: float
    cost: float
    availability: float


@dataclass(frozen=True, kw_only=True)
class Area:
    """One area of clients. `demand` in messages a second, `limit_ms` the longest round trip it bears, in milliseconds.

    `lawful` are the jurisdictions that may serve it: `nautilus.federation.law` says which, never the caller.
    """

    id: str
    latitude: float
    longitude: float
    home: str
    lawful: frozenset[str]
    demand: float
    limit_ms: float


class Infeasible(Exception):  # noqa: N818 - it is an answer, not a fault
    """No lawful weights exist; `reasons` say which area has no site and how much capacity is missing."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


def weights(sites: Sequence[Site], areas: Sequence[Area], objective: Objective) -> dict[str, dict[str, float]]:
    """Give each area's shares by site id; shares of an area sum to one.

    Raises Infeasible where an area has no lawful site in reach or the reachable capacity is short of the demand.
    """
    sites = sorted(sites, key=lambda site: site.id)
    areas = sorted(areas, key=lambda area: area.id)
    pairs = [(a, s) for a, area in enumerate(areas) for s, site in enumerate(sites) if reaches(area, site)]
    served = {a for a, _ in pairs}
    alone = [area for a, area in enumerate(areas) if a not in served]
    if alone:
        raise Infeasible([_why_alone(area, sites) for area in alone])
    shares = _solve(sites, areas, pairs, objective)
    if shares is None:
        raise Infeasible([_why_short(sites, areas, pairs)])
    found: dict[str, dict[str, float]] = {area.id: {} for area in areas}
    for (a, s), share in zip(pairs, shares, strict=True):
        if share > SHARE_FLOOR:
            found[areas[a].id][sites[s].id] = float(share)
    return {area: _whole(given) for area, given in found.items()}


def reaches(area: Area, site: Site) -> bool:
    """Give whether a site may serve an area: lawfully, and within the area's limit by the physical floor."""
    return site.jurisdiction in area.lawful and _floor_ms(area, site) <= area.limit_ms


def _floor_ms(area: Area, site: Site) -> float:
    return great_circle_floor_ms(area.latitude, area.longitude, site.latitude, site.longitude)


def _solve(
    sites: Sequence[Site], areas: Sequence[Area], pairs: Sequence[tuple[int, int]], objective: Objective
) -> Floats | None:
    """Solve for one share a pair and the highest utilisation, which comes last."""
    count = len(pairs)
    column = np.arange(count)
    of_area = np.array([a for a, _ in pairs])
    of_site = np.array([s for _, s in pairs])
    demand = np.array([areas[a].demand for a, _ in pairs])
    capacity = np.array([site.capacity for site in sites])
    price, peak = _prices(sites, areas, pairs, objective)
    whole = np.zeros((len(areas), count + 1))
    whole[of_area, column] = 1
    load = np.zeros((len(sites), count + 1))
    load[of_site, column] = demand
    below_peak = load.copy()
    below_peak[:, count] = -capacity
    answer = linprog(
        np.append(price, peak),
        A_ub=np.vstack([load, below_peak]),
        b_ub=np.concatenate([capacity, np.zeros(len(sites))]),
        A_eq=whole,
        b_eq=np.ones(len(areas)),
        bounds=(0, 1),
        method="highs-ds",
    )
    return answer.x[:count] if answer.x is not None else None


def _prices(
    sites: Sequence[Site], areas: Sequence[Area], pairs: Sequence[tuple[int, int]], objective: Objective
) -> tuple[Floats, float]:
    """Give what each pair costs under the objective, and what the highest utilisation costs."""
    mix = HYBRID if objective is Objective.HYBRID else {objective: 1.0}
    total = sum(area.demand for area in areas) or 1.0
    share = np.array([areas[a].demand / total for a, _ in pairs])
    price = np.array([TIE_BREAK * s / max(1, len(sites)) for _, s in pairs]) * share
    for part, weight in mix.items():
        if part is Objective.BALANCE:
            continue
        raw = np.array([_price(part, areas[a], sites[s]) for a, s in pairs])
        price = price + weight * share * _scaled(raw)
    return price, mix.get(Objective.BALANCE, 0.0)


def _price(objective: Objective, area: Area, site: Site) -> float:
    """Give what one pair costs under one objective; less is better."""
    match objective:
        case Objective.LATENCY:
            return _floor_ms(area, site)
        case Objective.THROUGHPUT:
            return 1.0 / site.bandwidth
        case Objective.COST:
            return site.cost
        case Objective.AVAILABILITY:
            return -math.log(site.availability)
        case Objective.COMPLIANCE:
            return 0.0 if site.jurisdiction == area.home else 1.0
        case _:
            raise ValueError(f"{objective} has no price of a pair")


def _scaled(raw: Floats) -> Floats:
    spread = raw.max() - raw.min()
    return (raw - raw.min()) / spread if spread > 0 else np.zeros_like(raw)


def _whole(shares: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(shares.values())
    return {site: share / total for site, share in sorted(shares.items())}


def _why_alone(area: Area, sites: Sequence[Site]) -> str:
    lawful = [site for site in sites if site.jurisdiction in area.lawful]
    if not lawful:
        return f"{area.id} has no site in {', '.join(sorted(area.lawful)) or 'any jurisdiction'}"
    nearest = min(_floor_ms(area, site) for site in lawful)
    return f"{area.id} bears {area.limit_ms:g} ms and its nearest lawful site is {nearest:.1f} ms away at best"


def _why_short(sites: Sequence[Site], areas: Sequence[Area], pairs: Sequence[tuple[int, int]]) -> str:
    reachable = {s for _, s in pairs}
    capacity = sum(sites[s].capacity for s in reachable)
    demand = sum(area.demand for area in areas)
    if demand > capacity:
        return (
            f"demand is {demand:g} messages a second, the capacity in reach {capacity:g}: {demand - capacity:g} are missing"
        )
    return (
        f"demand of {demand:g} messages a second fits the {capacity:g} in reach over all, "
        "but not where it may lawfully go: add capacity in the areas' own jurisdictions"
    )
