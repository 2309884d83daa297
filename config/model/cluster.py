"""A cluster of the federation and the placements that make it up (CLU-1, CLU-2, CLU-6)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from config.model.base import DataClass, Group, Id, LocationId, Model

Cidr = str
"""An IPv4 range in CIDR notation; `config.validation` checks that it is a network address and overlaps with no other."""


class Role(StrEnum):
    """What a cluster is for in its group (CLU-2)."""

    PRIMARY = "primary"
    REGIONAL = "regional"
    RECOVERY = "recovery"
    ANALYTICS = "analytics"
    EDGE = "edge"


class Placement(Model):
    """One control plane of a cluster: a network and a Kubernetes cluster in one location.

    `nodes` is the placement's /16 in production; other environments take the same host bits in their own address block.
    `zones` are zone names of the location; `zone_deviation` says why there are fewer than three. A `standby` serves only
    when the cluster's other placements cannot, and is kept at its pools' least sizes until then (FO-3).
    """

    standby: bool = False
    location: LocationId
    recovery: LocationId
    zones: tuple[str, ...] = Field(min_length=1)
    zone_deviation: str | None = None
    nodes: Cidr
    pods: Cidr
    services: Cidr


class Cluster(Model):
    """One of the federation's clusters. `placements` is keyed by a short id; most clusters have the one named `main`.

    `owner` and `cost_centre` become labels, so they are ids.
    """

    id: Id
    group: Group
    role: Role
    serves: str
    jurisdiction: Id
    data_classes: tuple[DataClass, ...] = Field(min_length=1)
    kubernetes_version: str = Field(pattern=r"^1\.\d{2}$")
    node_pools: tuple[Id, ...] = Field(min_length=1)
    owner: Id
    cost_centre: Id
    tier: int = Field(ge=0, le=4)
    placements: dict[Id, Placement] = Field(min_length=1)
