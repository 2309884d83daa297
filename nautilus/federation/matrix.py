"""The lawful matrix: for each data class, which cluster may take over from which, and under which clause (JUR-2, FO-3).

Guarantees that each cell is what `failover.options` derives, with its reason; nothing is typed in. A cluster is a target
only where every one of its placements is. It repeats what the catalogue's sources were taken to say; it is not legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.model import Catalogue, DataClass
from nautilus.federation.failover import options
from nautilus.federation.law import Verdict, holds
from nautilus.federation.plan import placement_name


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Whether one cluster may take over one data class of another; the verdict gives reason and clause."""

    source: str
    target: str
    data: DataClass
    verdict: Verdict


Row = Mapping[str, Cell]
"""Cells of one source by the target's id; a cluster of one placement has no cell for itself."""


def matrix(catalogue: Catalogue) -> Mapping[DataClass, Mapping[str, Row]]:
    """Give every cell by data class, source and target, clusters in the order of their ids.

    A source that does not hold a class has an empty row: there is nothing to take over.
    """
    return {data: {source: _row(catalogue, source, data) for source in sorted(catalogue.clusters)} for data in DataClass}


def _row(catalogue: Catalogue, source: str, data: DataClass) -> Row:
    cluster = catalogue.clusters[source]
    if data not in cluster.data_classes:
        return {}
    owners = {placement_name(one, key): one.id for one in catalogue.clusters.values() for key in one.placements}
    verdicts: dict[str, Verdict] = {}
    for placement_id in cluster.placements:
        found = options(catalogue, cluster, placement_id, data)
        for target in found.targets:
            lawful = holds(catalogue, catalogue.clusters[target.cluster], data, cluster.jurisdiction)
            verdicts.setdefault(target.cluster, lawful)
        verdicts |= {owners[refusal.placement]: refusal.verdict for refusal in found.refused}
    return {
        target: Cell(source=source, target=target, data=data, verdict=verdict)
        for target, verdict in sorted(verdicts.items())
    }
