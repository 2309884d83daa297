"""What Cloud DNS refuses of a routing policy: weights, places, health-checked addresses and what DNSSEC does not allow.

Source: the API's own description (dns v1, RRSetRoutingPolicy) and Cloud DNS documentation, "DNS routing policies and health
checks" (2026-11).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import items, known
from nautilus.sandbox.gcp.places import REGIONS
from nautilus.sandbox.handler import Problem, Request

_KINDS: Final = ("wrrs", "geos", "primaryBackup")
_CHECKED_TYPES: Final = frozenset({"A", "AAAA"})
_MOST_WEIGHT: Final = 1000

Item = tuple[str, Mapping[str, Any]]


def routing(request: Request, zone: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Refuse a record's routing policy; `zone` is the managed zone's outputs, None where it is not known yet."""
    found = known(request, "routingPolicy")
    if not isinstance(found, Mapping):
        return
    if request.inputs.get("rrdatas") is not None:
        yield Problem(path="routingPolicy", reason="a record has rrdatas or a routing policy, not both")
    kinds = [name for name in _KINDS if found.get(name) is not None]
    if len(kinds) != 1:
        yield Problem(path="routingPolicy", reason=f"exactly one of {', '.join(_KINDS)}, found {len(kinds)}")
    yield from _weights(found)
    yield from _places("routingPolicy.geos", found.get("geos"))
    yield from _backup(found.get("primaryBackup"))
    targets = list(_targets(found))
    yield from _addresses(request, targets)
    yield from _health(request, found, targets)
    if zone is not None:
        yield from _zone(zone, found, targets)


def _weights(found: Mapping[str, Any]) -> Iterator[Problem]:
    for index, item in enumerate(items(found.get("wrrs"))):
        if isinstance(item, Mapping):
            yield from rules.within(f"routingPolicy.wrrs[{index}].weight", item.get("weight"), 0, _MOST_WEIGHT)


def _places(path: str, given: Any) -> Iterator[Problem]:  # noqa: ANN401 - inputs
    seen: set[str] = set()
    for index, item in enumerate(items(given)):
        place = item.get("location") if isinstance(item, Mapping) else None
        if isinstance(place, str):
            if place not in REGIONS:
                yield Problem(path=f"{path}[{index}].location", reason=f"{place} is not a region of Google Cloud")
            if place in seen:
                yield Problem(path=f"{path}[{index}].location", reason=f"there are two items for {place}")
            seen.add(place)


def _backup(found: Any) -> Iterator[Problem]:  # noqa: ANN401 - inputs
    if not isinstance(found, Mapping):
        return
    path = "routingPolicy.primaryBackup"
    primary = found.get("primary")
    if isinstance(primary, Mapping) and not any(
        primary.get(name) for name in ("externalEndpoints", "internalLoadBalancers")
    ):
        yield Problem(path=f"{path}.primary", reason="a failover policy needs a primary target")
    if not found.get("backupGeos"):
        yield Problem(path=f"{path}.backupGeos", reason="a failover policy needs a backup")
    yield from _places(f"{path}.backupGeos", found.get("backupGeos"))
    yield from rules.within(f"{path}.trickleRatio", found.get("trickleRatio"), 0, 1)


def _targets(found: Mapping[str, Any]) -> Iterator[Item]:
    """Give every set of health-checked targets with its path, and the item it is in."""
    backup = found.get("primaryBackup")
    behind = backup.get("backupGeos") if isinstance(backup, Mapping) else None
    for path, given in (("wrrs", found.get("wrrs")), ("geos", found.get("geos")), ("primaryBackup.backupGeos", behind)):
        for index, item in enumerate(items(given)):
            checked = item.get("healthCheckedTargets") if isinstance(item, Mapping) else None
            if isinstance(checked, Mapping):
                mixed = {"mixed": True} if item.get("rrdatas") else {}
                yield f"routingPolicy.{path}[{index}].healthCheckedTargets", {**checked, **mixed}
    primary = backup.get("primary") if isinstance(backup, Mapping) else None
    if isinstance(primary, Mapping):
        yield "routingPolicy.primaryBackup.primary", primary


def _addresses(request: Request, targets: list[Item]) -> Iterator[Problem]:
    kind = known(request, "type")
    if targets and isinstance(kind, str) and kind not in _CHECKED_TYPES:
        yield Problem(path="type", reason=f"{kind} records have no health-checked targets: A and AAAA have")
    for path, target in targets:
        for index, given in enumerate(items(target.get("externalEndpoints"))):
            if kind == "A" and isinstance(given, str) and not _is_v4(given):
                yield Problem(path=f"{path}.externalEndpoints[{index}]", reason=f"{given} is not an IPv4 address")


def _health(request: Request, found: Mapping[str, Any], targets: list[Item]) -> Iterator[Problem]:
    link = found.get("healthCheck")
    external = [path for path, target in targets if target.get("externalEndpoints")]
    if external and link is None:
        yield Problem(path="routingPolicy.healthCheck", reason="health-checked external endpoints need a health check")
    if link is not None and not external and not request.preview:
        yield Problem(path="routingPolicy.healthCheck", reason="no item has health-checked external endpoints")
    yield from rules.exists(request, "routingPolicy.healthCheck", link, "health check")
    check = None if request.preview else rules.found(request, link)
    if check is not None and not check.get("sourceRegions"):
        yield Problem(path="routingPolicy.healthCheck", reason="external endpoints need a health check with source regions")


def _zone(zone: Mapping[str, Any], found: Mapping[str, Any], targets: list[Item]) -> Iterator[Problem]:
    private = zone.get("visibility") == "private"
    signed = str((zone.get("dnssecConfig") or {}).get("state", "off")) != "off"
    for path, target in targets:
        if target.get("internalLoadBalancers") and not private:
            yield Problem(
                path=f"{path}.internalLoadBalancers", reason="internal load balancers are checked in private zones only"
            )
        if target.get("externalEndpoints") and private:
            yield Problem(path=f"{path}.externalEndpoints", reason="external endpoints are checked in public zones only")
        if signed and len(items(target.get("externalEndpoints"))) > 1:
            yield Problem(
                path=f"{path}.externalEndpoints", reason="with DNSSEC an item has one health-checked address at most"
            )
        if signed and target.get("mixed"):
            yield Problem(path=path, reason="with DNSSEC an item has rrdatas or health-checked targets, not both")
    if private and zone.get("forwardingConfig") is not None and found:
        yield Problem(path="routingPolicy", reason="a forwarding zone has no routing policies")


def _is_v4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
