"""The seven ways to move traffic away from placements, as steps of what each keeps (FO-1, FO-4).

Guarantees that every step says all that is in force, so that any one can be applied, repeated or gone back to,
and that a plan which would leave a front with nobody else to answer is refused before its first step. It applies nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.model import Catalogue, EnvironmentName, Operation, Shift
from nautilus.federation.front import Front, fronts
from nautilus.federation.plan import placement_name

TIERS = (4, 3, 2, 1, 0)
"""Service tiers in the order in which they are shed or rolled: the lowest first (FO-4)."""

SHEDDABLE = (4, 3, 2)
"""Tiers that load shedding may touch; trading and risk are what it makes room for."""


_ROUNDING = 1e-9
"""What sums of shares are off by at most."""


class Strategy(StrEnum):
    """How traffic is moved (FO-1)."""

    IMMEDIATE = "immediate"
    GRADUAL = "gradual"
    CANARY = "canary"
    BLUE_GREEN = "blue-green"
    ROLLING = "rolling"
    CIRCUIT_BREAKER = "circuit-breaker"
    LOAD_SHEDDING = "load-shedding"


class Failing(StrEnum):
    """What a failed gate after a step leads to."""

    BACK = "everything as it was before"
    PREVIOUS = "the step before"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the placements keep after one step, in 0…1; `tiers` as in Shift. `settles` says that clients are waited for."""

    title: str
    keeps: float
    tiers: tuple[int, ...] = ()
    sources: tuple[str, ...]
    failing: Failing = Failing.BACK
    settles: bool = True


class Stranded(Exception):  # noqa: N818 - it is an answer, not a fault
    """Fronts that nobody else may lawfully answer; `fronts` are their ids."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.fronts = tuple(ids)
        super().__init__(f"no other lawful endpoint for {', '.join(self.fronts)}")


def sources(catalogue: Catalogue, where: str) -> tuple[str, ...]:
    """Give the placements that a name stands for: a placement, a cluster, a location, or a cloud; sorted.

    The end of a name is enough where it is the only one with it. Raises KeyError where it stands for nothing or for several.
    """
    found: dict[str, set[str]] = {}
    for cluster in catalogue.clusters.values():
        for placement_id, placement in cluster.placements.items():
            name = placement_name(cluster, placement_id)
            cloud = catalogue.locations[placement.location].cloud
            for key in (name, cluster.id, placement.location, cloud.value):
                found.setdefault(key, set()).add(name)
    if where in found:
        return tuple(sorted(found[where]))
    ending = [key for key in found if key.endswith(f"-{where}")]
    if len(ending) != 1:
        raise KeyError(where)
    return tuple(sorted(found[ending[0]]))


def steps(strategy: Strategy, names: tuple[str, ...]) -> tuple[Step, ...]:
    """Give the steps of a strategy away from some placements; each says all that is in force after it."""
    return tuple(_steps(strategy, names))


def _steps(strategy: Strategy, names: tuple[str, ...]) -> Iterator[Step]:
    match strategy:
        case Strategy.IMMEDIATE:
            yield Step(title="all at once", keeps=0, sources=names, settles=False)
        case Strategy.GRADUAL:
            for keeps in (0.75, 0.5, 0.25, 0.0):
                yield Step(title=f"keep {keeps:.0%}", keeps=keeps, sources=names)
        case Strategy.CANARY:
            yield Step(title="move 5%", keeps=0.95, sources=names)
            yield Step(title="move the rest", keeps=0, sources=names)
        case Strategy.BLUE_GREEN:
            yield Step(title="look at the target before anything moves", keeps=1, sources=names, settles=False)
            yield Step(title="swap", keeps=0, sources=names)
        case Strategy.ROLLING:
            for count in range(1, len(TIERS) + 1):
                yield Step(title=f"move tier {TIERS[count - 1]}", keeps=0, tiers=TIERS[:count], sources=names)
        case Strategy.CIRCUIT_BREAKER:
            yield Step(title="open: nothing goes there", keeps=0, sources=names, settles=False)
            yield Step(title="half open: 10% on trial", keeps=0.1, sources=names, failing=Failing.PREVIOUS)
            yield Step(title="closed: all goes there again", keeps=1, sources=names, failing=Failing.PREVIOUS)
        case Strategy.LOAD_SHEDDING:
            for count in range(1, len(SHEDDABLE) + 1):
                tiers = SHEDDABLE[:count]
                yield Step(title=f"shed half of tier {tiers[-1]}", keeps=0.5, tiers=tiers, sources=names)


def operation(before: Operation, step: Step, *, since: str, reason: str) -> Operation:
    """Give what is in force after a step, over what was in force before the first one.

    A placement that keeps everything has no shift of its own any more.
    """
    shifts = {name: shift for name, shift in before.shifts.items() if name not in step.sources}
    if step.keeps < 1:
        shift = Shift(keeps=step.keeps, tiers=tuple(sorted(step.tiers)), since=since, reason=reason)
        shifts |= dict.fromkeys(step.sources, shift)
    return before.model_copy(update={"shifts": shifts})


def given_back(before: Operation, first: Step) -> tuple[str, ...]:
    """Give the placements of a first step that would get back some of what a shift in force has taken away, sorted."""
    return tuple(
        name
        for name in sorted(first.sources)
        if (shift := before.shifts.get(name)) is not None
        and (first.keeps > shift.keeps or (first.tiers and not set(shift.tiers or TIERS) <= set(first.tiers)))
    )


def under(catalogue: Catalogue, changed: Operation) -> Catalogue:
    """Give the catalogue with something else in force in one environment."""
    return catalogue.model_copy(update={"operations": {**catalogue.operations, changed.id: changed}})


def shares(catalogue: Catalogue, environment: EnvironmentName) -> Mapping[str, Mapping[str, float]]:
    """Give each front's shares by placement, in 0…1, those without any left out."""
    return {front.id: _shares(front) for front in fronts(catalogue, environment)}


def check(catalogue: Catalogue, environment: EnvironmentName, names: tuple[str, ...], plan: Iterable[Step]) -> None:
    """Raise Stranded where the placements could not give up what a step takes: nobody else may answer a front."""
    before = catalogue.operations[environment]

    def parts(step: Step) -> dict[str, float]:
        changed = under(catalogue, operation(before, step, since="2000-01-01T00:00:00Z", reason="a look ahead"))
        return {
            front.id: sum(share for name, share in _shares(front).items() if name in names)
            for front in fronts(changed, environment)
            if front.tier in (step.tiers or TIERS)
        }

    whole = parts(Step(title="all of it", keeps=1, sources=names))
    for step in plan:
        if step.keeps < 1:
            left = [front for front, part in parts(step).items() if part > step.keeps * whole[front] + _ROUNDING]
            if left:
                raise Stranded(left)


def _shares(front: Front) -> dict[str, float]:
    return {name: share for backend in front.backends for name, share in backend.shares.items() if share}
