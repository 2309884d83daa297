"""A take-over as a chain of stages, each with the most that it can take, from the failure to the last client served (FO-3).

Guarantees that the worst case is the sum of the stages' worst cases: no stage begins before the one before it has ended. It
rests on nobody's average; `nautilus.federation.course` plays a chain through. It knows no cloud.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The parts of a recovery."""

    DETECTION = "detection"
    DECISION = "decision"
    CONVERGENCE = "convergence"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage. `subject` is the resource's logical name, or who does it; `says` its settings.

    `mend` is what would shorten it. `urn` is empty for what is no resource. Seconds. This one never ends: a mechanism that
    is absent or undecided.
    """

    phase: Phase
    subject: str
    says: str
    mend: str
    urn: str = ""

    @property
    def worst_s(self) -> float:
        """The most that it takes; infinite where it never ends."""
        return math.inf

    @property
    def best_s(self) -> float:
        """The least that it takes."""
        return math.inf


@dataclass(frozen=True, kw_only=True)
class Probing(Stage):
    """`checkers` probe every `interval_s`, each with its own phase; each one decides after `threshold` failures in a row.

    A failure shows after `timeout_s`. It ends once `quorum` of the checkers, 0…1, have decided.
    """

    interval_s: float
    threshold: int
    timeout_s: float
    checkers: int = 1
    quorum: float = 1.0

    @property
    def worst_s(self) -> float:
        """A failure right after a probe: the whole interval is lost before the first failing one."""
        return self.interval_s * self.threshold + self.timeout_s

    @property
    def best_s(self) -> float:
        """A failure right before a probe."""
        return self.interval_s * (self.threshold - 1) + self.timeout_s


@dataclass(frozen=True, kw_only=True)
class Sampling(Stage):
    """Another's state is looked at every `interval_s`."""

    interval_s: float

    @property
    def worst_s(self) -> float:
        """The state changed right after a look."""
        return self.interval_s

    @property
    def best_s(self) -> float:
        """The state changed right before a look."""
        return 0.0


@dataclass(frozen=True, kw_only=True)
class Waiting(Stage):
    """Something takes up to `most_s`."""

    most_s: float

    @property
    def worst_s(self) -> float:
        """All of it."""
        return self.most_s

    @property
    def best_s(self) -> float:
        """Nothing: what is published is a bound, not a least."""
        return 0.0


@dataclass(frozen=True, kw_only=True)
class Expiring(Stage):
    """Each client keeps an answer until its own copy is `ttl_s` old."""

    ttl_s: float

    @property
    def worst_s(self) -> float:
        """A copy taken right before the answer changed."""
        return self.ttl_s

    @property
    def best_s(self) -> float:
        """A copy that had just run out."""
        return 0.0


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Stages in their order; `by` names the mechanism that does the moving."""

    by: str
    stages: tuple[Stage, ...]

    @property
    def worst_s(self) -> float:
        """The recovery time in the worst case, seconds; infinite where nobody takes over."""
        return sum(stage.worst_s for stage in self.stages)

    @property
    def best_s(self) -> float:
        """The recovery time in the best case, seconds."""
        return sum(stage.best_s for stage in self.stages)

    @property
    def dominant(self) -> Stage:
        """The stage that takes most, the earlier one of equals. Raises ValueError for a chain without stages."""
        return max(self.stages, key=lambda stage: stage.worst_s)

    def phase_s(self, phase: Phase) -> float:
        """The worst case of one phase, seconds."""
        return sum(stage.worst_s for stage in self.stages if stage.phase is phase)


def slowest(chains: Iterable[Chain]) -> Chain:
    """Give the chain with the longest worst case, the earlier one of equals. Raises ValueError without a chain."""
    return max(chains, key=lambda chain: chain.worst_s)
