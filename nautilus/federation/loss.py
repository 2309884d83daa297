"""What is lost at once, and which placements go with it (FO-3).

Guarantees that a loss names something of the catalogue. It says nothing of who takes over: `front` and `recovery` do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.model import Catalogue, Cloud, Group
from nautilus.federation.plan import placement_name


class Scope(StrEnum):
    """What kind of thing is lost."""

    PLACEMENT = "placement"
    CLUSTER = "cluster"
    LOCATION = "location"
    CLOUD = "cloud"


@dataclass(frozen=True, kw_only=True)
class Site:
    """One placement and what it would be lost with."""

    placement: str
    cluster: str
    location: str
    cloud: Cloud
    group: Group

    def named(self, scope: Scope) -> str:
        """Give the name of what the placement goes with at a scope."""
        match scope:
            case Scope.PLACEMENT:
                return self.placement
            case Scope.CLUSTER:
                return self.cluster
            case Scope.LOCATION:
                return self.location
            case Scope.CLOUD:
                return self.cloud.value


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One thing that is lost, and the placements that go with it."""

    scope: Scope
    what: str
    placements: frozenset[str]

    def __str__(self) -> str:
        return f"{self.scope} {self.what}"


def sites(catalogue: Catalogue) -> Mapping[str, Site]:
    """Give every placement by name, sorted."""
    found = {
        placement_name(cluster, key): Site(
            placement=placement_name(cluster, key),
            cluster=cluster.id,
            location=placement.location,
            cloud=catalogue.locations[placement.location].cloud,
            group=cluster.group,
        )
        for cluster in catalogue.clusters.values()
        for key, placement in cluster.placements.items()
    }
    return {name: found[name] for name in sorted(found)}


def losses(catalogue: Catalogue, scope: Scope) -> Iterator[Loss]:
    """Yield every loss of a scope that takes a placement with it, sorted by name."""
    placed = sites(catalogue).values()
    for what in sorted({site.named(scope) for site in placed}):
        yield Loss(
            scope=scope, what=what, placements=frozenset(site.placement for site in placed if site.named(scope) == what)
        )


def lose(catalogue: Catalogue, scope: Scope, what: str) -> Loss:
    """Give the loss of one thing; the end of a name is enough where it is unique.

    Raises LookupError where nothing of that name is there, with the nearest names.
    """
    known = {loss.what: loss for loss in losses(catalogue, scope)}
    ending = [name for name in known if name.endswith((f"-{what}", f"/{what}"))]
    if what in known:
        return known[what]
    if len(ending) == 1:
        return known[ending[0]]
    near = ending or difflib.get_close_matches(what, known, n=3, cutoff=0.3) or sorted(known)
    raise LookupError(f"no {scope} {what!r}; there are {', '.join(near)}")
