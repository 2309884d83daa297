"""What the rules over several records see: the records that could be read, and which others exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from config.model import (
    Backbone,
    Cluster,
    Edge,
    Environment,
    EnvironmentName,
    Jurisdiction,
    KubernetesSupport,
    Location,
    NodePool,
    Operation,
    Recovery,
    Traffic,
)
from config.problem import Path


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A problem whose line is not known yet. `file` is relative to the catalogue's folder, `path` is from the file's top."""

    file: str
    path: Path
    value: str
    allowed: str
    fix: str


@dataclass(kw_only=True)
class View:
    """The records by kind and name.

    `records` holds what could be read; `present` holds where every record stands, readable or not, so that a reference to a
    broken record is not reported as a reference to none; `lost` names records whose file could not be parsed, and
    `unreadable` the kinds of which nothing certain is known.
    """

    records: dict[str, dict[Any, Any]] = field(default_factory=dict)
    present: dict[str, dict[str, tuple[str, Path]]] = field(default_factory=dict)
    lost: dict[str, set[str]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    @property
    def jurisdictions(self) -> Mapping[str, Jurisdiction]:
        """Readable jurisdictions by id."""
        return cast("Mapping[str, Jurisdiction]", self.records.get("jurisdiction", {}))

    @property
    def locations(self) -> Mapping[str, Location]:
        """Readable locations by id."""
        return cast("Mapping[str, Location]", self.records.get("locations", {}))

    @property
    def clusters(self) -> Mapping[str, Cluster]:
        """Readable clusters by id."""
        return cast("Mapping[str, Cluster]", self.records.get("cluster", {}))

    @property
    def node_pools(self) -> Mapping[str, NodePool]:
        """Readable node pools by id."""
        return cast("Mapping[str, NodePool]", self.records.get("node_pools", {}))

    @property
    def environments(self) -> Mapping[EnvironmentName, Environment]:
        """Readable environments by name."""
        return cast("Mapping[EnvironmentName, Environment]", self.records.get("environment", {}))

    @property
    def kubernetes(self) -> KubernetesSupport | None:
        """The supported Kubernetes versions, None where they could not be read."""
        return cast("KubernetesSupport | None", self.records.get("kubernetes", {}).get("kubernetes"))

    @property
    def backbone(self) -> Backbone | None:
        """The routes, None where they could not be read."""
        return cast("Backbone | None", self.records.get("backbone", {}).get("backbone"))

    @property
    def traffic(self) -> Traffic | None:
        """How clients reach the federation, None where it could not be read."""
        return cast("Traffic | None", self.records.get("traffic", {}).get("traffic"))

    @property
    def operations(self) -> Mapping[EnvironmentName, Operation]:
        """What is in force, by environment, as far as it could be read."""
        return cast("Mapping[EnvironmentName, Operation]", self.records.get("operation", {}))

    @property
    def recovery(self) -> Recovery | None:
        """What recovery is judged by, None where it could not be read."""
        return cast("Recovery | None", self.records.get("recovery", {}).get("recovery"))

    @property
    def edge(self) -> Edge | None:
        """The edge sites and their kinds, None where they could not be read."""
        return cast("Edge | None", self.records.get("edge", {}).get("edge"))

    @property
    def whole(self) -> bool:
        """Whether every record that is known to exist could be read."""
        read = all(set(self.present.get(kind, {})) == set(map(str, found)) for kind, found in self.records.items())
        return not self.unreadable and not any(self.lost.values()) and set(self.present) == set(self.records) and read

    def lose(self, kind: str, name: str | None) -> None:
        """Note that a record, or with None any record of a kind, may exist though it could not be read."""
        if name is None:
            self.unreadable.add(kind)
        else:
            self.lost.setdefault(kind, set()).add(name)

    def names(self, kind: str) -> frozenset[str]:
        """Give the names of every record of a kind, readable or not."""
        return frozenset(self.present.get(kind, {})) | self.lost.get(kind, set())

    def unknown(self, kind: str, name: str) -> bool:
        """Say whether it is certain that there is no record of that name."""
        return kind not in self.unreadable and name not in self.names(kind)

    def finding(self, kind: str, name: str, *steps: str | int, value: str, allowed: str, fix: str) -> Finding:
        """Give a finding at a place inside a record."""
        file, path = self.present[kind][name]
        return Finding(file=file, path=(*path, *steps), value=value, allowed=allowed, fix=fix)
