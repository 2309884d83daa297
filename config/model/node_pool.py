"""A node pool: the machines one kind of work runs on, and how they are tuned (CLU-4, NET-3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.model.base import Cloud, Id, Model


class Taint(Model):
    """A Kubernetes taint, in the API's own words."""

    key: str
    value: str
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


class Tuning(Model):
    """Kubelet and kernel settings. `huge_pages_2mi` counts pages of 2 MiB a node."""

    cpu_manager_static: bool = False
    topology_single_numa: bool = False
    huge_pages_2mi: int = Field(default=0, ge=0)
    placement_group: bool = False
    sysctls: dict[str, str] = Field(default_factory=dict)


class NodePool(Model):
    """One node pool. `sizing` names the entry of the environment's sizes that bounds it; disk in GiB."""

    id: Id
    purpose: Literal["trading", "data", "system", "edge", "analytics"]
    sizing: Id
    machines: dict[Cloud, str]
    disk_gib: int = Field(ge=30, le=16384)
    labels: dict[str, str] = Field(default_factory=dict)
    taints: tuple[Taint, ...] = ()
    tuning: Tuning = Tuning()
