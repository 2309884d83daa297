"""The way between two places over the backbone: floor, measured figures, budget, and who may take it (NET-1…4, CLU-3).

Guarantees that a figure nobody measured is called unknown, and that data counts as moved into every jurisdiction whose
gateway could read it on the way: a hop is passed over only where both routes beside it are sealed, and everything else fails
closed (JUR-2, JUR-3). It chooses by distance and never by what would be convenient in law; `Passage.detour` says where
another way would be lawful. It knows nothing of how a route is built.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from config.model import Catalogue, Cluster, DataClass, RoundTrip, Route
from nautilus.federation import law
from nautilus.federation.stop import Stop, stops


class Budget(StrEnum):
    """Whether a budget holds, by the measured 95th percentile of the pair."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One route taken from one stop to the next; `measured` is None where nothing was measured between their metros."""

    route: Route
    here: Stop
    there: Stop
    measured: RoundTrip | None

    @property
    def floor_ms(self) -> float:
        """The least round trip of the leg, in milliseconds."""
        return self.here.floor_ms(self.there)

    @property
    def p95_ms(self) -> tuple[float, float] | None:
        """The measured 95th percentile as least and most, in milliseconds; None where it was not measured."""
        if self.measured is None or self.measured.p95 is None:
            return None
        return self.measured.p95.least_ms, self.measured.p95.most_ms

    @property
    def verdict(self) -> Budget:
        """Whether the budget holds: the upper figure of a range decides, and averages never do."""
        if self.p95_ms is None:
            return Budget.UNKNOWN
        return Budget.MET if self.p95_ms[1] <= self.route.budget_ms else Budget.MISSED


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A way over one or more legs, in order."""

    legs: tuple[Leg, ...]

    @property
    def source(self) -> Stop:
        """Where it begins."""
        return self.legs[0].here

    @property
    def target(self) -> Stop:
        """Where it ends."""
        return self.legs[-1].there

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Every stop, both ends included."""
        return (self.source, *(leg.there for leg in self.legs))

    @property
    def direct_floor_ms(self) -> float:
        """The floor between the two ends, whatever the way, in milliseconds."""
        return self.source.floor_ms(self.target)

    @property
    def floor_ms(self) -> float:
        """The floor along the way, in milliseconds."""
        return sum(leg.floor_ms for leg in self.legs)

    @property
    def budget_ms(self) -> float:
        """The sum of the legs' budgets, in milliseconds."""
        return sum(leg.route.budget_ms for leg in self.legs)

    @property
    def p95_ms(self) -> tuple[float, float] | None:
        """The sums of the legs' measured percentiles; None where a leg has none. A sum is no percentile of the whole."""
        known = [leg.p95_ms for leg in self.legs if leg.p95_ms is not None]
        if len(known) < len(self.legs):
            return None
        return sum(least for least, _ in known), sum(most for _, most in known)

    @property
    def verdict(self) -> Budget:
        """Missed where any leg's budget is, else unknown where any is, else met."""
        verdicts = {leg.verdict for leg in self.legs}
        return next(one for one in (Budget.MISSED, Budget.UNKNOWN, Budget.MET) if one in verdicts)

    def reversed(self) -> Journey:
        """Give the same way in the other direction."""
        legs = (Leg(route=leg.route, here=leg.there, there=leg.here, measured=leg.measured) for leg in reversed(self.legs))
        return Journey(legs=tuple(legs))


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Whether one data class of the source's home may take a way. `at` is the stop that refuses it, None where none does.

    `detour` is a lawful way where this one is not and the target itself is lawful.
    """

    data: DataClass
    verdict: law.Verdict
    at: str | None = None
    detour: Journey | None = None


Allows = Callable[[Stop], bool]
"""Whether data may be read at a stop that is passed."""
_Entry = tuple[float, int, tuple[str, ...], str, tuple[Leg, ...]]
"""Floor, number of legs, ids of routes, the stop reached, and the legs: unequal before the legs are compared."""


class Backbone:
    """The routes of a catalogue as a graph."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.stops = stops(catalogue)

    @cached_property
    def legs(self) -> dict[str, tuple[Leg, ...]]:
        """Every leg that leaves a stop, keyed by the stop's name, in the order of the routes' ids."""
        found: dict[str, list[Leg]] = {name: [] for name in self.stops}
        for _, route in sorted(self.catalogue.backbone.routes.items()):
            here, there = (self.stops[end] for end in route.ends)
            trip = self.measured(here, there)
            found[here.name].append(Leg(route=route, here=here, there=there, measured=trip))
            found[there.name].append(Leg(route=route, here=there, there=here, measured=trip))
        return {name: tuple(legs) for name, legs in found.items()}

    @cached_property
    def _metros(self) -> dict[str, str]:
        return {place: metro for metro, places in self.catalogue.backbone.metros.items() for place in places}

    def measured(self, here: Stop, there: Stop) -> RoundTrip | None:
        """Give what was measured between the metros of two stops, None where nothing was."""
        pair = {self._metros.get(stop.location or "") for stop in (here, there)}
        trips = self.catalogue.backbone.round_trips.values()
        return next((trip for trip in trips if set(trip.between) == pair), None)

    def shortest(self, sources: Sequence[Stop], targets: Sequence[Stop]) -> Journey | None:
        """Give the way of the least floor, then of the fewest legs, from any of `sources` to any of `targets`, if any."""
        return self._shortest(sources, targets, lambda _: True)

    def passages(self, journey: Journey) -> tuple[Passage, ...]:
        """Say for each data class whether the source's data may take a way."""
        return tuple(self.passage(journey, data) for data in DataClass)

    def passage(self, journey: Journey, data: DataClass) -> Passage:
        """Say whether one class of the source's data may be at the target, and at every transit that could read it."""
        last = self._rests(journey.source, journey.target, data)
        if not last.lawful:
            return Passage(data=data, verdict=last, at=journey.target.name)
        for before, after in pairwise(journey.legs):
            if before.route.sealed and after.route.sealed:
                continue
            verdict = self._passes(journey.source, after.here, data)
            if not verdict.lawful:
                detour = self._shortest(
                    [journey.source], [journey.target], lambda stop: self._passes(journey.source, stop, data).lawful
                )
                return Passage(data=data, verdict=verdict, at=after.here.name, detour=detour)
        return Passage(data=data, verdict=last)

    def _shortest(self, sources: Sequence[Stop], targets: Sequence[Stop], allows: Allows) -> Journey | None:
        goals = {stop.name for stop in targets}
        begins = {stop.name for stop in sources}
        queue: list[_Entry] = [(0.0, 0, (), name, ()) for name in sorted(begins)]
        done: set[tuple[str, bool]] = set()
        while queue:
            away, count, ids, name, legs = heapq.heappop(queue)
            if legs and name in goals:
                return Journey(legs=legs)
            # Whether a stop may be passed hangs on the leg into it, so a stop is settled once for each kind of leg.
            sealed = bool(legs) and legs[-1].route.sealed
            if (name, sealed) in done or (legs and self.stops[name].cluster is None):
                continue
            done.add((name, sealed))
            readable = not legs or allows(self.stops[name])
            for leg in self.legs[name]:
                if leg.there.name not in begins and (readable or (sealed and leg.route.sealed)):
                    further = (round(away + leg.floor_ms, 6), count + 1, (*ids, leg.route.id))
                    heapq.heappush(queue, (*further, leg.there.name, (*legs, leg)))
        return None

    def _rests(self, source: Stop, target: Stop, data: DataClass) -> law.Verdict:
        """Say whether a class of the source's home may rest at the target; what the source does not hold it cannot send."""
        cluster = self.catalogue.clusters.get(source.cluster or "")
        if cluster is not None and data not in cluster.data_classes:
            return law.Verdict(lawful=False, reason=f"{cluster.id} does not hold {data} data", clause=None)
        receiver = self.catalogue.clusters.get(target.cluster or "")
        home = _home(source, cluster)
        if receiver is not None and home is not None:
            return law.holds(self.catalogue, receiver, data, home)
        return self._passes(source, target, data)

    def _passes(self, source: Stop, stop: Stop, data: DataClass) -> law.Verdict:
        """Say whether the law of the source's home lets its data be where a stop is."""
        home = _home(source, self.catalogue.clusters.get(source.cluster or ""))
        rules = self.catalogue.jurisdictions
        if home is None:
            return law.Verdict(lawful=False, reason=f"{source.name} lies in no jurisdiction served", clause=None)
        if stop.location is not None:
            return law.may_rest(rules, home, data, self.catalogue.locations[stop.location])
        rule = rules[home].data_classes.get(data)
        if rule is None:
            return law.Verdict(lawful=False, reason=f"{home} has no residency rule for {data} data", clause=None)
        lawful = rule.permits(stop.jurisdiction)
        reason = f"{data} data of {home} {'may' if lawful else 'may not'} be in {stop.jurisdiction or stop.country}"
        return law.Verdict(lawful=lawful, reason=reason, clause=rule.clause)


def _home(source: Stop, cluster: Cluster | None) -> str | None:
    """Give whose law governs what leaves a stop: the cluster's, or that of the place where copies or feeds are."""
    return source.jurisdiction if cluster is None else cluster.jurisdiction
