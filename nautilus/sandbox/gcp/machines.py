"""What GKE refuses of a node pool's machines, disks, kubelet and kernel settings and of its bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import items, known
from nautilus.sandbox.gcp.places import HYPERDISK_ONLY, MACHINES, NOT_COMPACT, region_of
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

_SYSCTL: Final = re.compile(r"(?<![\w.])(?:net|kernel|fs|vm)\.[a-z0-9_.-]+")
_DISKS: Final = (
    "pd-standard",
    "pd-balanced",
    "pd-ssd",
    "hyperdisk-balanced",
    "hyperdisk-balanced-high-availability",
    "hyperdisk-extreme",
)
_CPU_POLICIES: Final = ("", "none", "static")
_TOPOLOGIES: Final = ("none", "best-effort", "restricted", "single-numa-node")
_MIB_IN_GIB: Final = 1024
_SMALL_GIB: Final = 30


@cache
def sysctls() -> frozenset[str]:
    """Give the kernel parameters that GKE lets a node pool set, as Google's own API description lists them."""
    text = (files("googleapiclient") / "discovery_cache" / "documents" / "container.v1.json").read_text(encoding="utf-8")
    start = text.index("The Linux kernel parameters to be applied to the nodes")
    return frozenset(_SYSCTL.findall(text[start : text.index('"type"', start)]))


def autoscaling(request: Request) -> Iterator[Problem]:
    """Refuse bounds that cross, or that are given per zone and in total at once, and upgrades that cannot move."""
    block = known(request, "autoscaling")
    if isinstance(block, Mapping):
        zonal = [name for name in ("minNodeCount", "maxNodeCount") if block.get(name) is not None]
        total = [name for name in ("totalMinNodeCount", "totalMaxNodeCount") if block.get(name) is not None]
        if zonal and total:
            yield Problem(path=f"autoscaling.{total[0]}", reason="bounds are either per zone or in total")
        for low, high in (("minNodeCount", "maxNodeCount"), ("totalMinNodeCount", "totalMaxNodeCount")):
            least, most = block.get(low) or 0, block.get(high)
            if isinstance(most, int) and isinstance(least, int) and (least > most or most < 1):
                yield Problem(path=f"autoscaling.{high}", reason=f"{most} is below {max(least, 1)}")
    upgrade = known(request, "upgradeSettings")
    if isinstance(upgrade, Mapping) and upgrade.get("maxSurge") == 0 and upgrade.get("maxUnavailable") == 0:
        yield Problem(path="upgradeSettings.maxSurge", reason="maxSurge and maxUnavailable cannot both be 0")


def key(request: Request, config: Mapping[str, Any], place: Value, prefix: str = "nodeConfig") -> Iterator[Problem]:
    """Refuse a boot disk key that is elsewhere, not there, or not granted to Compute Engine's service agent."""
    home = region_of(place) if isinstance(place, str) else None
    path, link = f"{prefix}.bootDiskKmsKey", config.get("bootDiskKmsKey")
    yield from rules.key(request, path, link, home, agent="@compute-system.", strict=False)


def node_config(request: Request) -> Iterator[Problem]:
    """Refuse machines that do not exist and settings that they, or GKE, do not take."""
    config = known(request, "nodeConfig")
    if not isinstance(config, Mapping):
        return
    yield from key(request, config, known(request, "location"))
    yield from rules.within("nodeConfig.diskSizeGb", config.get("diskSizeGb"), 10, 65536)
    machine = config.get("machineType")
    if isinstance(machine, str):
        yield from _machine(request, config, machine)
    kubelet = config.get("kubeletConfig")
    if isinstance(kubelet, Mapping):
        yield from _kubelet(kubelet)
    kernel = config.get("linuxNodeConfig")
    if isinstance(kernel, Mapping) and isinstance(kernel.get("sysctls"), Mapping):
        yield from (
            Problem(path=f"nodeConfig.linuxNodeConfig.sysctls.{name}", reason=f"GKE does not let a node pool set {name}")
            for name in kernel["sysctls"]
            if name not in sysctls()
        )
    names = config.get("resourceLabels")
    if isinstance(names, Mapping):
        holder = Request(
            urn=request.urn, type=request.type, name=request.name, inputs=config, target=request.target, preview=True
        )
        for problem in rules.labels(holder, "resourceLabels"):
            yield Problem(path=f"nodeConfig.{problem.path}", reason=problem.reason)


def _machine(request: Request, config: Mapping[str, Any], machine: str) -> Iterator[Problem]:
    family, _, count = machine.rpartition("-")
    series = machine.partition("-")[0]
    if family not in MACHINES or not count.isdigit() or int(count) not in MACHINES[family][1]:
        yield Problem(path="nodeConfig.machineType", reason=f"machine type {machine} does not exist")
        return
    disk = config.get("diskType")
    if isinstance(disk, str):
        if disk not in _DISKS:
            yield Problem(path="nodeConfig.diskType", reason=f"{disk} is not one of {', '.join(_DISKS)}")
        elif series in HYPERDISK_ONLY and disk.startswith("pd-"):
            yield Problem(path="nodeConfig.diskType", reason=f"{series} machines boot from Hyperdisk only, not from {disk}")
    placement = known(request, "placementPolicy")
    if isinstance(placement, Mapping) and placement.get("type") == "COMPACT":
        if series in NOT_COMPACT:
            yield Problem(path="placementPolicy.type", reason=f"{series} machines have no compact placement")
        zones = items(known(request, "nodeLocations"))
        if len(zones) > 1:
            yield Problem(path="nodeLocations", reason="a compact pool lies in one zone")
    yield from _huge_pages(config, machine, MACHINES[family][0] * int(count))


def _huge_pages(config: Mapping[str, Any], machine: str, memory_gib: float) -> Iterator[Problem]:
    """Refuse more huge pages than 60 % of the memory below 30 GiB, 80 % from there on (GKE documentation, huge pages)."""
    kernel = config.get("linuxNodeConfig")
    pages = kernel.get("hugepagesConfig") if isinstance(kernel, Mapping) else None
    if not isinstance(pages, Mapping):
        return
    small, large = pages.get("hugepageSize2m") or 0, pages.get("hugepageSize1g") or 0
    if UNKNOWN in {small, large}:
        return
    limit = memory_gib * (0.6 if memory_gib < _SMALL_GIB else 0.8)
    if small * 2 / _MIB_IN_GIB + large > limit:
        path = "nodeConfig.linuxNodeConfig.hugepagesConfig"
        yield Problem(path=path, reason=f"more than {limit:g} GiB of huge pages on {machine}")


def _kubelet(kubelet: Mapping[str, Any]) -> Iterator[Problem]:
    policy = kubelet.get("cpuManagerPolicy")
    if isinstance(policy, str) and policy not in _CPU_POLICIES:
        yield Problem(path="nodeConfig.kubeletConfig.cpuManagerPolicy", reason=f"{policy} is not one of none, static")
    topology = kubelet.get("topologyManager")
    if isinstance(topology, Mapping):
        kind = topology.get("policy")
        if isinstance(kind, str) and kind not in _TOPOLOGIES:
            path = "nodeConfig.kubeletConfig.topologyManager.policy"
            yield Problem(path=path, reason=f"{kind} is not one of {', '.join(_TOPOLOGIES)}")
    # GKE's own bounds of the limit on processes in a pod.
    yield from rules.within("nodeConfig.kubeletConfig.podPidsLimit", kubelet.get("podPidsLimit"), 1024, 4194304)
