"""Where data of a jurisdiction may lawfully be, with the clause that says so (JUR-2).

Guarantees that an answer always carries a reason and a clause, and that what the catalogue does not know is refused. It
repeats what the catalogue's sources were taken to say; it is not legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.model import Catalogue, Clause, Cluster, DataClass, Id, Jurisdiction, Location


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether something is lawful, why, and under which clause; `clause` is None only where no rule was found."""

    lawful: bool
    reason: str
    clause: Clause | None


def may_rest(jurisdictions: Mapping[Id, Jurisdiction], home: str, data: DataClass, place: Location) -> Verdict:
    """Say whether one data class of a home jurisdiction may rest in a location.

    `jurisdictions` is keyed by id. An unknown home, or a class without a rule, is refused: rules fail closed.
    """
    law = jurisdictions.get(home)
    if law is None:
        return Verdict(lawful=False, reason=f"{home!r} is no jurisdiction of the catalogue", clause=None)
    rule = law.data_classes.get(data)
    if rule is None:
        return Verdict(lawful=False, reason=f"{law.name} has no residency rule for {data} data", clause=None)
    where = place.jurisdiction or f"{place.country}, which no jurisdiction served covers"
    allowed = "everywhere" if rule.everywhere else ", ".join(rule.jurisdictions)
    if rule.permits(place.jurisdiction):
        return Verdict(lawful=True, reason=f"{data} data of {home} may be in {allowed}", clause=rule.clause)
    return Verdict(
        lawful=False, reason=f"{data} data of {home} may be in {allowed} only, not in {where}", clause=rule.clause
    )


def holds(catalogue: Catalogue, cluster: Cluster, data: DataClass, home: str) -> Verdict:
    """Say whether a cluster may hold a data class of a home jurisdiction: its declared classes and every placement's law.

    A cluster that does not declare the class is refused even where the law would permit it: least privilege.
    """
    if data not in cluster.data_classes:
        declared = ", ".join(cluster.data_classes)
        return Verdict(lawful=False, reason=f"{cluster.id} is declared for {declared} only", clause=None)
    verdicts = [
        may_rest(catalogue.jurisdictions, home, data, catalogue.locations[placement.location])
        for placement in cluster.placements.values()
    ]
    return next((verdict for verdict in verdicts if not verdict.lawful), verdicts[0])
