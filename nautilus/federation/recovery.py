"""How long clients are without service after each disaster, worked out from planned resources (FO-3, FO-4, HALT-1).

Guarantees that who takes over is a front's own lawful backend, that how fast is what planned settings and the catalogue's
reactions add up to in the worst case, and that what cannot be read counts as missed. Where only some stacks are looked at,
only what they show is added up, so that the time is a lower bound. It does not know how much data is lost: no store is
planned whose replication it could read, and a store that is planned nevertheless counts as missed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from config.model import Algorithm, Catalogue, Cloud, Deviation, EnvironmentName, Mechanism, Scenario, TierLimit
from nautilus.federation.chain import Chain, Phase, Stage, Waiting
from nautilus.federation.front import Backend, Front, endpoints, fronts
from nautilus.federation.loss import Loss, Scope, losses, sites
from nautilus.federation.mechanism import ANYCAST, NAMES, Mechanisms
from nautilus.federation.planned import Plan
from nautilus.federation.ways import ways

CRITICAL_TIER: Final = 0
NO_STORE: Final = "no store planned"
UNREAD_STORE: Final = "a store is planned whose replication is not read"

STORES: Final = (
    "aws:rds/",
    "aws:elasticache/",
    "aws:msk/",
    "aws:dynamodb/",
    "gcp:sql/",
    "gcp:redis/",
    "gcp:alloydb/",
    "gcp:managedkafka/",
    "azure-native:dbforpostgresql",
    "azure-native:cache",
    "azure-native:redisenterprise",
    "azure-native:eventhub",
)
"""How the types of stores begin whose replication decides on a recovery point (DAT-1…4)."""

ENTRIES: Final = {Cloud.AWS: Mechanism.AWS_ENTRY, Cloud.AZURE: Mechanism.AZURE_ENTRY, Cloud.GCP: Mechanism.GCP_ANYCAST}


class Verdict(StrEnum):
    """What came of one recovery, the worst last."""

    MET = "met"
    NONE = "not planned"
    ACCEPTED = "accepted deviation"
    MISSED = "MISSED"


SEVERITY: Final = {verdict: rank for rank, verdict in enumerate(Verdict)}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One front's recovery from one loss by one mechanism; `provider` is whose names the clients hold, "" for any.

    `tier` is None where the scenario concerns all tiers alike. `takes_over` are lawful endpoints or placements in order.
    `chain` is None where nothing is planned that could recover.
    """

    scenario: Scenario
    loss: str
    front: str
    tier: TierLimit | None
    provider: str
    takes_over: tuple[str, ...]
    chain: Chain | None
    target_s: float
    deviation: Deviation | None
    recovery_point: str
    target_point_s: float | None

    @property
    def rto_s(self) -> float:
        """The recovery time in the worst case, seconds; infinite where nobody takes over."""
        return math.inf if self.chain is None else self.chain.worst_s

    @property
    def verdict(self) -> Verdict:
        """Met, accepted up to the deviation's figure, or missed."""
        if self.chain is None:
            return Verdict.NONE if self.recovery_point == NO_STORE else Verdict.MISSED
        if self.rto_s <= self.target_s and self.recovery_point == NO_STORE:
            return Verdict.MET
        accepted = self.deviation is not None and self.rto_s <= self.deviation.accepted_s
        return Verdict.ACCEPTED if accepted and self.recovery_point == NO_STORE else Verdict.MISSED

    @property
    def rank(self) -> tuple[int, float]:
        """How bad it is: the verdict first, then the time."""
        return SEVERITY[self.verdict], self.rto_s


class Recoveries:
    """Every recovery of one environment that the planned resources show."""

    def __init__(self, plan: Plan, catalogue: Catalogue, environment: EnvironmentName) -> None:
        self._catalogue = catalogue
        self._recovery = catalogue.recovery
        self._mechanisms = Mechanisms(plan, catalogue.recovery, environment)
        self._fronts = fronts(catalogue, environment)
        self._members = endpoints(catalogue)
        self._ways = ways(plan, catalogue, environment)
        self._sites = sites(catalogue)
        self._tiers = {limit.tier: limit for limit in catalogue.recovery.tiers.values()}
        self._shares: dict[str, float] = {}
        for front in self._fronts:
            for backend in front.backends:
                for placement, share in backend.shares.items():
                    self._shares[placement] = self._shares.get(placement, 0.0) + share
        self._point = UNREAD_STORE if any(item.type.startswith(STORES) for item in plan.resources) else NO_STORE

    def of(self, scenario: Scenario) -> tuple[Outcome, ...]:
        """Give every outcome of one scenario, the worst first; none where no stack looked at shows anything of it."""
        match scenario:
            case Scenario.REGION:
                found = self._lost(scenario, losses(self._catalogue, Scope.LOCATION))
            case Scenario.PROVIDER:
                found = self._lost(scenario, losses(self._catalogue, Scope.CLOUD))
            case Scenario.TRADING:
                found = self._trading()
            case Scenario.DATABASE:
                found = iter([self._outcome(scenario, "any database", None, None)])
            case Scenario.PARTITION:
                found = self._partitioned(scenario)
            case Scenario.BREACH_HALT:
                found = self._halted(scenario)
            case Scenario.REGULATORY_HALT:
                found = self._resumed(scenario)
        return tuple(sorted(found, key=lambda outcome: outcome.rank, reverse=True))

    def lose(self, loss: Loss) -> tuple[Outcome, ...]:
        """Give every outcome of one loss, the worst first, judged as the loss of a cloud or else of a location is."""
        scenario = Scenario.PROVIDER if loss.scope is Scope.CLOUD else Scenario.REGION
        return tuple(sorted(self._lost(scenario, [loss]), key=lambda outcome: outcome.rank, reverse=True))

    def _lost(
        self, scenario: Scenario, lost: Iterable[Loss], *, top: int | None = None, refused: bool = False
    ) -> Iterator[Outcome]:
        """Yield what each front does about each loss; only fronts of tier `top` and above where it is given."""
        if not self._mechanisms.federation:
            return
        for loss in lost:
            for front in self._fronts:
                if front.halted or (top is not None and front.tier > top):
                    continue
                for backend in front.backends:
                    gone = [name for name, share in backend.shares.items() if share > 0 and name in loss.placements]
                    if gone:
                        yield from self._leave(scenario, loss, front, backend, gone, refused=refused)

    def _leave(
        self, scenario: Scenario, loss: Loss, front: Front, backend: Backend, gone: list[str], *, refused: bool
    ) -> Iterator[Outcome]:
        survivors = tuple(
            name
            for name in self._members[backend.endpoint]
            if name not in loss.placements
            and self._mechanisms.pooled(backend.endpoint, front.service, name, share=self._shares.get(name, 0.0))
        )
        if survivors:
            chain = self._anycast(front, backend, gone, refused=refused)
            yield self._outcome(scenario, str(loss), front, chain, takes_over=survivors)
            return
        others = tuple(
            other.endpoint
            for other in front.backends
            if other.endpoint != backend.endpoint
            and (other.home or front.algorithm is not Algorithm.COMPLIANCE)
            and any(name not in loss.placements for name in other.shares)
        )
        cloud_lost = loss.scope is Scope.CLOUD
        for provider in Cloud:
            # Names at a cloud that is gone do not answer: their clients hold the other providers' names.
            if cloud_lost and provider.value == loss.what:
                continue
            stages = self._mechanisms.names(provider, front, backend.endpoint, cloud_lost=cloud_lost)
            if not others:
                stages = (_nobody(front),)
            chain = Chain(by=NAMES[provider], stages=(*stages, self._mechanisms.reconnect()))
            yield self._outcome(scenario, str(loss), front, chain, provider=provider.value, takes_over=others)

    def _anycast(self, front: Front, backend: Backend, gone: list[str], *, refused: bool) -> Chain:
        probes = [
            stage
            for name in gone
            if self._mechanisms.group(self._sites[name].group)
            and (stage := self._mechanisms.entry(name, backend.cloud, front.service, refused=refused)) is not None
        ]
        worst = [max(probes, key=lambda stage: stage.worst_s)] if probes else []
        after = self._mechanisms.anycast(backend.endpoint, front.service, refused=refused)
        return Chain(by=ANYCAST[backend.cloud], stages=(*worst, *after, self._mechanisms.reconnect()))

    def _trading(self) -> Iterator[Outcome]:
        """Yield what becomes of a node whose trading system fails, and of a placement all of whose nodes' do."""
        for front in self._fronts:
            if front.halted or front.tier > CRITICAL_TIER:
                continue
            for backend in front.backends:
                for placement, share in backend.shares.items():
                    chain = self._node(front, backend, placement) if share > 0 else None
                    if chain is not None:
                        loss = f"a node of {placement}"
                        yield self._outcome(Scenario.TRADING, loss, front, chain, takes_over=(placement,))
        yield from self._lost(Scenario.TRADING, losses(self._catalogue, Scope.PLACEMENT), top=CRITICAL_TIER, refused=True)

    def _node(self, front: Front, backend: Backend, placement: str) -> Chain | None:
        if backend.cloud is Cloud.GCP:
            if not self._mechanisms.federation:
                return None
            stages = self._mechanisms.anycast(backend.endpoint, front.service, refused=True)
        else:
            if not self._mechanisms.group(self._sites[placement].group):
                return None
            probe = self._mechanisms.entry(placement, backend.cloud, front.service, refused=True)
            stages = () if probe is None else (probe,)
        return Chain(by=ENTRIES[backend.cloud], stages=(*stages, self._mechanisms.reconnect()))

    def _partitioned(self, scenario: Scenario) -> Iterator[Outcome]:
        """Yield how each link leaves one of its ways; no client is concerned, so no tier either."""
        for link, chain in self._ways:
            ends = " and ".join(end.plan.name for end in link.ends)
            yield self._outcome(scenario, f"a way of {link.route.id}, {ends}", None, chain)

    def _halted(self, scenario: Scenario) -> Iterator[Outcome]:
        if not self._mechanisms.federation:
            return
        reaction = self._recovery.reactions[Mechanism.HALT]
        for jurisdiction in sorted({front.jurisdiction for front in self._fronts}):
            stages: tuple[Stage, ...] = (
                self._apply(),
                Waiting(
                    phase=Phase.CONVERGENCE,
                    subject="anycast balancers",
                    says=f"refuse within {reaction.spread_s:g} s, which cannot be set",
                    mend="stop orders in the trading system itself first",
                    most_s=reaction.spread_s,
                ),
            )
            chain = Chain(by=Mechanism.HALT, stages=stages)
            yield self._outcome(scenario, f"jurisdiction {jurisdiction}", None, chain)

    def _resumed(self, scenario: Scenario) -> Iterator[Outcome]:
        if not self._mechanisms.federation:
            return
        for jurisdiction in sorted({front.jurisdiction for front in self._fronts}):
            for provider in Cloud:
                stages = (self._apply(), *self._mechanisms.resumption(provider), self._mechanisms.reconnect())
                chain = Chain(by=NAMES[provider], stages=stages)
                yield self._outcome(scenario, f"jurisdiction {jurisdiction}", None, chain, provider=provider.value)

    def _apply(self) -> Stage:
        most = self._recovery.apply_s
        return Waiting(
            phase=Phase.DECISION,
            subject="the engine",
            says=f"a change of all stacks is in force within {most:g} s",
            mend="apply the federation stack first",
            most_s=most,
        )

    def _outcome(
        self,
        scenario: Scenario,
        loss: str,
        front: Front | None,
        chain: Chain | None,
        *,
        provider: str = "",
        takes_over: tuple[str, ...] = (),
    ) -> Outcome:
        target = self._recovery.targets[scenario]
        tier = None if front is None else self._tiers[front.tier]
        deviation = next(
            (
                one
                for one in self._recovery.deviations.values()
                if chain is not None and one.mechanism == chain.by and scenario in one.scenarios
            ),
            None,
        )
        return Outcome(
            scenario=scenario,
            loss=loss,
            front="" if front is None else front.id,
            tier=tier,
            provider=provider,
            takes_over=takes_over,
            chain=chain,
            target_s=target.rto_s if tier is None else min(target.rto_s, tier.recovery_s),
            deviation=deviation,
            recovery_point=self._point,
            target_point_s=target.rpo_s,
        )


def worst(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Give the worst outcome of each scenario and tier, in that order."""
    found: dict[tuple[int, int], Outcome] = {}
    order = list(Scenario)
    for outcome in outcomes:
        key = (order.index(outcome.scenario), -1 if outcome.tier is None else outcome.tier.tier)
        if key not in found or outcome.rank > found[key].rank:
            found[key] = outcome
    return tuple(found[key] for key in sorted(found))


def _nobody(front: Front) -> Stage:
    return Stage(
        phase=Phase.DECISION,
        subject=front.id,
        says=f"no lawful endpoint is left for {front.data} data of {front.jurisdiction}",
        mend=f"declare a standby placement in {front.jurisdiction} on another cloud",
    )
