"""The kinds of file that the catalogue is made of: where each stands and which model reads it.

Guarantees that the loader, the JSON Schemas and the documentation go by one table. It reads nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from config.model import (
    Backbone,
    Cluster,
    Edge,
    Environment,
    Id,
    Jurisdiction,
    KubernetesSupport,
    Location,
    LocationId,
    Model,
    NodePool,
    Operation,
    Recovery,
    Traffic,
)

CATALOGUE: Final = "config/catalogue"
"""The catalogue's folder, relative to the project's root."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file.

    `name` is also the JSON Schema's name. `path` is relative to the catalogue's folder: a folder with one record a file
    where `folder` is true; else one file, which maps ids to records where `keyed` is true and is one record otherwise.
    """

    name: str
    path: str
    model: type[Model]
    folder: bool = False
    keyed: bool = False
    file_type: Callable[[], TypeAdapter[Any]]

    @property
    def id_field(self) -> bool:
        """Whether each record has an `id` that the file's name or its key must repeat."""
        return self.folder or self.keyed


JURISDICTION: Final = Kind(
    name="jurisdiction",
    path="jurisdictions",
    model=Jurisdiction,
    folder=True,
    file_type=lambda: TypeAdapter(Jurisdiction),
)
LOCATIONS: Final = Kind(
    name="locations",
    path="locations.yaml",
    model=Location,
    keyed=True,
    file_type=lambda: TypeAdapter(dict[LocationId, Location]),
)
CLUSTER: Final = Kind(name="cluster", path="clusters", model=Cluster, folder=True, file_type=lambda: TypeAdapter(Cluster))
NODE_POOLS: Final = Kind(
    name="node_pools",
    path="node_pools.yaml",
    model=NodePool,
    keyed=True,
    file_type=lambda: TypeAdapter(dict[Id, NodePool]),
)
ENVIRONMENT: Final = Kind(
    name="environment", path="environments", model=Environment, folder=True, file_type=lambda: TypeAdapter(Environment)
)
KUBERNETES: Final = Kind(
    name="kubernetes", path="kubernetes.yaml", model=KubernetesSupport, file_type=lambda: TypeAdapter(KubernetesSupport)
)
BACKBONE: Final = Kind(name="backbone", path="backbone.yaml", model=Backbone, file_type=lambda: TypeAdapter(Backbone))

TRAFFIC: Final = Kind(name="traffic", path="traffic.yaml", model=Traffic, file_type=lambda: TypeAdapter(Traffic))
OPERATION: Final = Kind(
    name="operation", path="operations", model=Operation, folder=True, file_type=lambda: TypeAdapter(Operation)
)
RECOVERY: Final = Kind(name="recovery", path="recovery.yaml", model=Recovery, file_type=lambda: TypeAdapter(Recovery))
EDGE: Final = Kind(name="edge", path="edge.yaml", model=Edge, file_type=lambda: TypeAdapter(Edge))

KINDS: Final = (
    JURISDICTION,
    LOCATIONS,
    CLUSTER,
    NODE_POOLS,
    ENVIRONMENT,
    KUBERNETES,
    BACKBONE,
    TRAFFIC,
    OPERATION,
    RECOVERY,
    EDGE,
)
"""Every kind of file, in the order in which a reader would learn of them."""
