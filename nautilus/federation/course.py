"""A chain played through as discrete events: probes tick, checkers agree, answers run out, clients come back (FO-3).

Guarantees that no course takes longer than the chain's worst case, and that the worst course takes exactly that: a failure
right after every look, and every published bound used up. A seed gives each look its own phase and each bound a part of it;
the same seed gives the same course. Uniform phases are an assumption. It plays one failure at a time and no repair.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Final

import simpy

from nautilus.federation.chain import Chain, Expiring, Phase, Probing, Sampling, Stage, Waiting

CLIENTS: Final = 50
CLIENT: Final = "clients"
"""The subject of stages that each client goes through by itself."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happens `at_s` seconds after the failure."""

    at_s: float
    phase: Phase
    subject: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Course:
    """One run. `served` maps seconds to how many clients were served again by then; `ended` is false where it never ends."""

    moments: tuple[Moment, ...]
    served: tuple[float, ...]
    ended: bool

    @property
    def rto_s(self) -> float:
        """When the last client was served again, seconds; infinite where some never is."""
        return max(self.served) if self.ended and self.served else math.inf


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How long many courses took, seconds: the last client's time in the least, the middle, 19 of 20 and the longest run."""

    runs: int
    least_s: float
    median_s: float
    p95_s: float
    most_s: float


def play(chain: Chain, *, seed: int | None = None, clients: int = CLIENTS) -> Course:
    """Play a chain through: its worst course without a seed, else one with phases drawn from the seed."""
    draw = None if seed is None else random.Random(seed)  # noqa: S311 - phases of probes, no secret
    return _Play(chain, draw, clients).run()


def spread(chain: Chain, *, seed: int, runs: int = 200, clients: int = 10) -> Spread:
    """Play a chain through many times, with phases drawn from `seed` on. Raises ValueError for a chain that never ends."""
    if math.isinf(chain.worst_s):
        raise ValueError(f"the chain by {chain.by} never ends: {chain.dominant.subject} {chain.dominant.says}")
    times = sorted(play(chain, seed=seed + number, clients=clients).rto_s for number in range(runs))
    return Spread(
        runs=runs,
        least_s=times[0],
        median_s=statistics.median(times),
        p95_s=times[math.ceil(0.95 * runs) - 1],
        most_s=times[-1],
    )


Process = Generator[simpy.Event, Any, Any]


class _Play:
    """One run of one chain."""

    def __init__(self, chain: Chain, draw: random.Random | None, clients: int) -> None:
        self._env = simpy.Environment()
        self._draw = draw
        self._clients = clients
        self._moments: list[Moment] = []
        self._served: list[float] = []
        apart = [isinstance(stage, Expiring) or stage.subject == CLIENT for stage in chain.stages]
        self._common = tuple(stage for stage, own in zip(chain.stages, apart, strict=True) if not own)
        self._own = tuple(stage for stage, own in zip(chain.stages, apart, strict=True) if own)
        self._ends = not math.isinf(chain.worst_s)

    def run(self) -> Course:
        self._env.process(self._go())
        self._env.run()
        moments = tuple(sorted(self._moments, key=lambda moment: moment.at_s))
        return Course(moments=moments, served=tuple(sorted(self._served)), ended=self._ends)

    def _go(self) -> Process:
        for stage in self._common:
            if math.isinf(stage.worst_s):
                self._note(stage, f"never: {stage.says}")
                return
            yield self._env.process(self._stage(stage))
        blocked = next((stage for stage in self._own if math.isinf(stage.worst_s)), None)
        if blocked is not None:
            self._note(blocked, f"never: {blocked.says}")
            return
        everyone = [self._env.process(self._client(number)) for number in range(self._clients)]
        yield self._env.all_of(everyone)
        last = self._own[-1] if self._own else self._common[-1]
        self._note(last, f"the last of {self._clients} clients is served again")

    def _stage(self, stage: Stage) -> Process:
        match stage:
            case Probing():
                yield from self._probing(stage)
            case Sampling():
                yield self._env.timeout(self._part(stage.interval_s))
                self._note(stage, "looks, and sees it")
            case Waiting():
                yield self._env.timeout(self._part(stage.most_s))
                self._note(stage, stage.says)

    def _probing(self, stage: Probing) -> Process:
        """Have every checker probe until enough of them have decided."""
        needed = math.ceil(round(stage.quorum * stage.checkers, 9))
        enough = self._env.event()
        decided = 0

        def agree() -> None:
            nonlocal decided
            decided += 1
            if decided == needed:
                enough.succeed()

        for number in range(stage.checkers):
            self._env.process(self._checker(stage, agree, shown=number == 0))
        yield enough
        who = "unhealthy" if stage.checkers == 1 else f"unhealthy: {needed} of {stage.checkers} checkers agree"
        self._note(stage, who)

    def _checker(self, stage: Probing, agree: Callable[[], None], *, shown: bool) -> Process:
        """Probe at fixed ticks, whatever the answers take; the first tick after the failure is up to an interval away."""
        yield self._env.timeout(self._part(stage.interval_s))
        for number in range(1, stage.threshold + 1):
            if number > 1:
                yield self._env.timeout(stage.interval_s)
            if shown:
                self._note(stage, f"probe {number} of {stage.threshold} goes out and fails")
        yield self._env.timeout(stage.timeout_s)
        agree()

    def _client(self, number: int) -> Process:
        for stage in self._own:
            match stage:
                case Expiring():
                    # In the worst course the clients' copies run out evenly, the last one's at the very end.
                    part = (number + 1) / self._clients if self._draw is None else self._draw.random()
                    yield self._env.timeout(stage.ttl_s * part)
                    if number == self._clients - 1 and stage.ttl_s:
                        self._note(stage, f"the copy of client {number + 1} has run out: {stage.says}")
                case Waiting():
                    yield self._env.timeout(self._part(stage.most_s))
        self._served.append(self._env.now)

    def _part(self, most: float) -> float:
        return most if self._draw is None else most * self._draw.random()

    def _note(self, stage: Stage, says: str) -> None:
        self._moments.append(Moment(at_s=self._env.now, phase=stage.phase, subject=stage.subject, says=says))
