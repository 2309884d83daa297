"""What Azure refuses of AKS agent pools, inside a cluster and beside it, and of their placement groups.

Sources: AKS quotas and size limits, node pools, availability zones, proximity placement groups (Microsoft Learn; general
knowledge where the page was not read).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import machines, names, refer
from nautilus.sandbox.azure.regions import REGIONS
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_TAINT: Final = re.compile(r"[A-Za-z0-9]([\w./-]*[A-Za-z0-9])?(=[\w.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)")
_PODS: Final = range(10, 251)
_DISK_GIB: Final = range(30, 2049)
_NODES_MAX: Final = 1000
_POOL: Final = "Microsoft.ContainerService/managedClusters/agentPools"


def agent_pool(request: Request) -> Iterator[Problem]:
    """Bounds, machine, disk, zone and taints that AKS takes, and no newer version than its cluster's."""
    yield from pool(request, request.inputs, "")
    group = request.inputs.get("resourceGroupName")
    name = request.inputs.get("resourceName")
    base = f"/subscriptions/{request.target.account}/resourceGroups/{group}"
    above = request.find(f"{base}/providers/Microsoft.ContainerService/managedClusters/{name}")
    wanted, held = request.inputs.get("orchestratorVersion"), above.get("kubernetesVersion") if above else None
    if isinstance(wanted, str) and isinstance(held, str) and _newer(wanted, held):
        yield Problem(path="orchestratorVersion", reason=f"NodePoolMcVersionIncompatible: the cluster is on {held}")


def placement_group(request: Request) -> Iterator[Problem]:
    """Machines only with a zone, and machines that exist."""
    sizes = refer.first(request.inputs, "intent.vmSizes")
    if sizes and not request.inputs.get("zones"):
        yield Problem(path="zones", reason="InvalidParameter: an intent of machine sizes needs a zone")
    for path, size in refer.at(request.inputs, "intent.vmSizes[]"):
        yield from _machine(path, size)


def pool(request: Request, profile: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """What any agent pool is refused for; `path` leads to an inline one and is empty for one beside the cluster."""
    name = profile.get("name")
    if path and isinstance(name, str) and names.RULES[_POOL].pattern.fullmatch(name) is None:
        yield Problem(path=f"{path}name", reason=f"InvalidParameter: {name!r}; it takes {names.RULES[_POOL].says}")
    yield from _machine(f"{path}vmSize", profile.get("vmSize"))
    yield from _bounds(profile, path)
    for field, allowed in (("maxPods", _PODS), ("osDiskSizeGB", _DISK_GIB)):
        value = profile.get(field)
        if isinstance(value, (int, float)) and value not in allowed:
            reason = f"InvalidParameter: {value:g}; it takes {allowed.start} to {allowed.stop - 1}"
            yield Problem(path=f"{path}{field}", reason=reason)
    for inner, taint in refer.at(profile, "nodeTaints[]"):
        if isinstance(taint, str) and _TAINT.fullmatch(taint) is None:
            yield Problem(path=f"{path}{inner}", reason=f"InvalidTaint: {taint!r}; it takes key=value:effect")
    if path:
        region = REGIONS.get(refer.place(request) or "")
        for inner, zone in refer.at(profile, "availabilityZones[]"):
            if region and zone is not UNKNOWN and zone not in region.zones:
                reason = f"AvailabilityZoneNotSupported: zone {zone} of {region.name}"
                yield Problem(path=f"{path}{inner}", reason=reason)
    group = profile.get("proximityPlacementGroupID")
    zones = refer.first(profile, "availabilityZones") or ()
    if group and len(zones) > 1:
        where = f"{path}proximityPlacementGroupID"
        yield Problem(path=where, reason="InvalidParameter: a placement group holds the machines of one zone")
    held = request.find(group) if isinstance(group, str) else None
    if held and zones and held.get("zones") and list(held["zones"]) != list(zones):
        where = f"{path}proximityPlacementGroupID"
        yield Problem(path=where, reason=f"InvalidParameter: the placement group lies in zone {held['zones'][0]}")


def _machine(path: str, size: object) -> Iterator[Problem]:
    if isinstance(size, str) and size not in machines.SIZES:
        yield Problem(
            path=path, reason=f"VMSizeNotSupported: {size!r} is not among the machine sizes that the sandbox knows"
        )


def _bounds(pool: Mapping[str, Any], path: str) -> Iterator[Problem]:
    low, count, high = (pool.get(field) for field in ("minCount", "count", "maxCount"))
    if pool.get("enableAutoScaling") is not True:
        for field in ("minCount", "maxCount"):
            if pool.get(field) is not None:
                yield Problem(path=f"{path}{field}", reason="InvalidParameter: only with enableAutoScaling")
        return
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        yield Problem(path=f"{path}minCount", reason="InvalidParameter: autoscaling needs minCount and maxCount")
        return
    least = 1 if pool.get("mode") == "System" else 0
    if not least <= low <= high <= _NODES_MAX:
        reason = f"InvalidParameter: {low:g} to {high:g}; it takes bounds from {least} to {_NODES_MAX}, the smaller first"
        yield Problem(path=f"{path}minCount", reason=reason)
    elif isinstance(count, (int, float)) and not low <= count <= high:
        yield Problem(path=f"{path}count", reason=f"InvalidParameter: {count:g} is not within {low:g} to {high:g}")


def _newer(wanted: str, held: str) -> bool:
    return [int(part) for part in wanted.split(".")[:2]] > [int(part) for part in held.split(".")[:2]]
