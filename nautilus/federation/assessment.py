"""What planned resources of one stack or of all miss of the recovery targets, one finding for each thing to mend.

Guarantees the answers behind rules FLT-001 (recovery time), FLT-002 (recovery point) and FLT-003 (availability): the same
chains as `nautilus drill` adds up, from whatever stacks the resources belong to. What a stack does not show is not held
against it: alone, the federation stack is judged by its balancers and names, a region stack by its entries.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from config.model import Catalogue, EnvironmentName, Scenario
from nautilus.federation.availability import Availability, availabilities
from nautilus.federation.planned import Plan, Planned
from nautilus.federation.recovery import STORES, UNREAD_STORE, Outcome, Recoveries, Verdict


class Concern(StrEnum):
    """Which promise is missed."""

    TIME = "FLT-001"
    POINT = "FLT-002"
    AVAILABILITY = "FLT-003"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to mend. `subject` is the logical name of the record, probe or balancer that dominates.

    `urn` is its URN, empty where it is not planned or no resource. `scenario` is empty for availability.
    """

    concern: Concern
    scenario: str
    subject: str
    urn: str
    found: str
    allowed: str
    fix: str


def assess(planned: Iterable[Planned], catalogue: Catalogue, environment: EnvironmentName) -> tuple[Finding, ...]:
    """Give what is missed, the gravest first; nothing where every target is met or its miss accepted.

    Each subject is named once, in its worst scenario. Raises KeyError for an environment that the catalogue does not hold.
    """
    plan = Plan(planned)
    recoveries = Recoveries(plan, catalogue, environment)
    outcomes = [outcome for scenario in Scenario for outcome in recoveries.of(scenario)]
    found = [*_times(outcomes), *_points(plan, catalogue)]
    return (*found, *_availabilities(availabilities(plan, catalogue, environment)))


def seconds(value: float) -> str:
    """Give seconds as people read them; what never ends is said so."""
    return "never" if math.isinf(value) else f"{value:g} s"


def allowed(outcome: Outcome) -> str:
    """Say what an outcome may take: its target, and what is accepted beyond it."""
    if outcome.deviation is None:
        return f"{outcome.target_s:g} s"
    return f"{outcome.target_s:g} s, accepted up to {outcome.deviation.accepted_s:g} s ({outcome.deviation.id})"


def _times(outcomes: Iterable[Outcome]) -> Iterable[Finding]:
    """Yield one finding for each subject that dominates a missed recovery time."""
    by_subject: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.verdict is not Verdict.MISSED or outcome.chain is None or not _late(outcome):
            continue
        subject = outcome.chain.dominant.subject
        if subject not in by_subject or outcome.rank > by_subject[subject].rank:
            by_subject[subject] = outcome
    for subject, outcome in sorted(by_subject.items(), key=lambda pair: (-pair[1].rto_s, pair[0])):
        assert outcome.chain is not None, "an outcome without a chain was passed over above"
        stage = outcome.chain.dominant
        who = f", front {outcome.front}" if outcome.front else ""
        yield Finding(
            concern=Concern.TIME,
            scenario=outcome.scenario,
            subject=subject,
            urn=stage.urn,
            found=f"{outcome.scenario}, {outcome.loss}{who}: served again after {seconds(outcome.rto_s)}, "
            f"of which {seconds(stage.worst_s)} by {subject}: {stage.says}",
            allowed=allowed(outcome),
            fix=stage.mend,
        )


def _late(outcome: Outcome) -> bool:
    limit = outcome.target_s if outcome.deviation is None else max(outcome.target_s, outcome.deviation.accepted_s)
    return outcome.rto_s > limit


def _points(plan: Plan, catalogue: Catalogue) -> Iterable[Finding]:
    """Yield one finding for each planned store: nothing here reads how a store replicates."""
    target_s = catalogue.recovery.targets[Scenario.DATABASE].rpo_s
    for store in plan.resources:
        if store.type.startswith(STORES) and target_s is not None:
            yield Finding(
                concern=Concern.POINT,
                scenario=Scenario.DATABASE,
                subject=store.name,
                urn=store.urn,
                found=f"{store.name}: {UNREAD_STORE}",
                allowed=f"at most {target_s:g} s of data lost",
                fix="read its replication mode in nautilus.federation.recovery before it is planned",
            )


def _availabilities(found: Iterable[Availability]) -> Iterable[Finding]:
    for one in found:
        if one.met or one.accepted:
            continue
        yield Finding(
            concern=Concern.AVAILABILITY,
            scenario="",
            subject=one.weakest.subject,
            urn="",
            found=f"front {one.front}: {one.composed:.7f}, {one.minutes_a_year:.1f} minutes a year without service; "
            f"the weakest part is {one.weakest.title}",
            allowed=f"at least {one.target:g}",
            fix="plan what is missing, or another endpoint on another cloud",
        )
