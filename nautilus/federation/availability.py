"""The part of a year in which a front is served, composed from what providers promise for what is planned (CLU-3, FO-4).

Guarantees that only what is planned counts: a placement without a cluster or an entry, an endpoint without a balancer and a
provider without a record for the front add nothing. Assumed, and not shown by anything: failures are independent; clients
hold the names of all providers; a service level agreement, which promises money back, is what comes true. It does not count
the seconds that a fail-over takes (`recovery` does), nor our own faults.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from config.model import Algorithm, Catalogue, Cloud, EnvironmentName, Shortfall
from nautilus.federation.front import Backend, Front, endpoints, fronts
from nautilus.federation.loss import Site, sites
from nautilus.federation.mechanism import (
    AZURE_BALANCER,
    ENDPOINT_GROUP,
    FEDERATION,
    GCP_BACKEND,
    GCP_RECORD,
    PROFILES,
    RECORD_53,
    TARGETS,
)
from nautilus.federation.planned import Plan, Planned, setting

CLUSTERS: Final[Mapping[Cloud, str]] = {
    Cloud.AWS: "aws:eks/cluster:Cluster",
    Cloud.GCP: "gcp:container/cluster:Cluster",
    Cloud.AZURE: "azure-native:containerservice:ManagedCluster",
}
FREE: Final = "Free"
"""The tier of Azure's control plane for which it promises nothing."""

YEAR_MIN: Final = 525_600


@dataclass(frozen=True, kw_only=True)
class Part:
    """One link of the composition: `title` as its agreement has it, `availability` 0…1, 0 where it is not planned."""

    subject: str
    title: str
    availability: float


@dataclass(frozen=True, kw_only=True)
class Availability:
    """One front's availability, 0…1. `parts` are what it is composed of; `weakest` is the part that costs most."""

    front: str
    tier: int
    jurisdiction: str
    target: float
    composed: float
    endpoints: Mapping[str, float]
    weakest: Part
    shortfall: Shortfall | None

    @property
    def met(self) -> bool:
        """Whether it reaches its tier's figure."""
        return self.composed >= self.target

    @property
    def accepted(self) -> bool:
        """Whether it reaches what a declared shortfall accepts."""
        return self.shortfall is not None and self.composed >= self.shortfall.accepted

    @property
    def minutes_a_year(self) -> float:
        """The minutes of a year in which it is not served."""
        return (1 - self.composed) * YEAR_MIN


def parallel(parts: Iterable[float]) -> float:
    """Give the availability of parts of which one is enough; 0 where there is none."""
    return 1 - math.prod(1 - part for part in parts)


def availabilities(plan: Plan, catalogue: Catalogue, environment: EnvironmentName) -> tuple[Availability, ...]:
    """Give every front's availability, the lowest first.

    What belongs to a stack that is not among those looked at counts as always there, so that the figure is an upper bound.
    """
    composer = _Composer(plan, catalogue, environment)
    found = [composer.front(front) for front in fronts(catalogue, environment) if not front.halted]
    return tuple(sorted(found, key=lambda one: (one.composed - one.target, one.front)))


class _Composer:
    """Composes the fronts of one environment."""

    def __init__(self, plan: Plan, catalogue: Catalogue, environment: EnvironmentName) -> None:
        self._plan = plan
        self._agreements = catalogue.recovery.agreements
        self._tiers = {limit.tier: limit for limit in catalogue.recovery.tiers.values()}
        self._shortfalls = catalogue.recovery.shortfalls
        self._environment = environment
        self._sites = sites(catalogue)
        self._members = endpoints(catalogue)

    def front(self, front: Front) -> Availability:
        backends = [one for one in front.backends if one.home or front.algorithm is not Algorithm.COMPLIANCE]
        whole = {one.endpoint: self._endpoint(front, one) for one in backends}
        parts = {name: math.prod(part.availability for part in found) for name, found in whole.items()}
        names = [self._names(provider, front) for provider in Cloud]
        chain = [part for found in whole.values() for part in found]
        missing = [part for part in (*chain, *names) if part.availability == 0]
        return Availability(
            front=front.id,
            tier=front.tier,
            jurisdiction=front.jurisdiction,
            target=self._tiers[front.tier].availability,
            composed=parallel(part.availability for part in names) * parallel(parts.values()),
            endpoints=parts,
            weakest=min(missing or chain, key=lambda part: part.availability),
            shortfall=next((one for one in self._shortfalls.values() if front.jurisdiction in one.jurisdictions), None),
        )

    def _endpoint(self, front: Front, backend: Backend) -> list[Part]:
        """Give an endpoint's parts in series: its balancer, and its placements, of which one is enough."""
        cloud, jurisdiction = backend.cloud, backend.jurisdiction
        name = f"{jurisdiction}-anycast-{cloud}"
        members = [self._placement(self._sites[one], front) for one in self._members[backend.endpoint]]
        behind = parallel(math.prod(part.availability for part in parts) for parts in members)
        titles = " and ".join(sorted({part.title for parts in members for part in parts}))
        subjects = ", ".join(sorted({part.subject for parts in members for part in parts}))
        return [
            self._anycast(cloud, name, front, backend),
            Part(subject=subjects, title=titles, availability=behind),
        ]

    def _anycast(self, cloud: Cloud, name: str, front: Front, backend: Backend) -> Part:
        if not self._seen(FEDERATION):
            return Part(subject=name, title="not looked at", availability=1.0)
        match cloud:
            case Cloud.AWS:
                there = any(self._plan.one(f"{name}-{one}-group", ENDPOINT_GROUP) for one in backend.shares)
            case Cloud.GCP:
                there = self._plan.one(f"{name}-{front.service}-backend", GCP_BACKEND) is not None
            case Cloud.AZURE:
                # A single placement may have its own regional address instead of a global one.
                alone = len(self._members[backend.endpoint]) == 1
                there = alone or self._plan.one(f"{name}-balancer", AZURE_BALANCER) is not None
        return self._part(f"{cloud}-anycast", name, there=there)

    def _placement(self, site: Site, front: Front) -> list[Part]:
        """Give one placement's parts in series: its cluster, and its entry where the cloud has one of its own."""
        if not self._seen(site.group):
            return [Part(subject=site.placement, title="not looked at", availability=1.0)]
        cluster = self._cluster(site)
        parts = [self._part(f"{site.cloud}-cluster", site.placement, there=cluster is not None and not _free(cluster))]
        entry = f"{site.placement}-entry"
        if site.cloud is Cloud.AWS:
            there = self._plan.one(f"{entry}-{front.service}-targets", TARGETS) is not None
            parts.append(self._part("aws-entry", entry, there=there))
        if site.cloud is Cloud.AZURE:
            there = self._plan.one(f"{entry}-balancer", AZURE_BALANCER) is not None
            parts.append(self._part("azure-entry", entry, there=there))
        return parts

    def _names(self, provider: Cloud, front: Front) -> Part:
        subject = f"names-{provider}-{front.id}"
        if not self._seen(FEDERATION):
            return Part(subject=subject, title="not looked at", availability=1.0)
        match provider:
            case Cloud.AWS:
                there = bool(self._plan.like(f"{subject}-", "-record", RECORD_53))
            case Cloud.GCP:
                there = self._plan.one(f"{subject}-record", GCP_RECORD) is not None
            case Cloud.AZURE:
                there = self._plan.one(f"{subject}-profile", *PROFILES) is not None
        return self._part(f"{provider}-names", subject, there=there)

    def _part(self, agreement: str, subject: str, *, there: bool) -> Part:
        promised = self._agreements[agreement]
        title = promised.title if there else f"{promised.title}: not planned"
        return Part(subject=subject, title=title, availability=promised.availability if there else 0.0)

    def _cluster(self, site: Site) -> Planned | None:
        return next(iter(self._plan.like(f"{site.placement}-cluster-", "", CLUSTERS[site.cloud])), None)

    def _seen(self, group: str) -> bool:
        return self._plan.sees(f"{self._environment}-{group}")


def _free(cluster: Planned) -> bool:
    return cluster.type.startswith("azure-native:") and setting(cluster, "sku", "tier") in (FREE, None)
