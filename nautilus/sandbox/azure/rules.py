"""What Azure refuses of any resource: a bad name, location, zone, tag, resource group or parent.

Guarantees that the reason carries ARM's own error code where it is known. What only some types refuse stands in the files
named after their services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nautilus.sandbox.azure import arm, names, refer
from nautilus.sandbox.azure.arm import Address
from nautilus.sandbox.azure.regions import REGIONS, normal
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_TAGS_MAX: Final = 50
_TAG_NAME_MAX: Final = 512
_TAG_VALUE_MAX: Final = 256
_TAG_FORBIDDEN: Final = frozenset(r"<>%&\?/")
"""Limits of tags: Use tags to organize your Azure resources (Microsoft, Azure Resource Manager)."""

WATCHER_GROUP: Final = "networkwatcherrg"
"""Azure makes this group by itself, with the network watchers in it."""

_GLOBAL: Final[Mapping[str, frozenset[str]]] = {
    "Microsoft.Network/privateDnsZones": frozenset({"global"}),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": frozenset({"global"}),
    "Microsoft.Network/dnsZones": frozenset({"global"}),
    "Microsoft.Network/trafficManagerProfiles": frozenset({"global"}),
    "Microsoft.Insights/metricAlerts": frozenset({"global"}),
    "Microsoft.Insights/activityLogAlerts": frozenset({"global", "northeurope", "westeurope"}),
    "Microsoft.Insights/actionGroups": frozenset(
        {"germanywestcentral", "global", "northcentralus", "southcentralus", "swedencentral"}
    ),
}
"""Types that lie nowhere, their location being the word global, and the few regions that some of them may name instead."""


def common(request: Request, address: Address) -> Iterator[Problem]:
    """Give what is wrong whatever the type."""
    yield from _name(request, address)
    yield from _location(request, address)
    yield from _zones(request)
    yield from _tags(request)
    if not request.preview:
        yield from _surroundings(request, address)


def immutable(request: Request, paths: Mapping[str, str]) -> Iterator[Problem]:
    """Give each nested input that changed although Azure never changes it; `paths` maps it to why."""
    if request.prior is None:
        return
    for path, why in paths.items():
        old, new = refer.first(request.prior, path), refer.first(request.inputs, path)
        if old is not None and new is not None and old != new:
            yield Problem(path=path, reason=f"{why} (it is {old!r})")


def _name(request: Request, address: Address) -> Iterator[Problem]:
    asked = request.inputs.get(address.own_name)
    rule = names.RULES.get(address.type)
    if isinstance(asked, str) and rule is not None and rule.pattern.fullmatch(asked) is None:
        yield Problem(path=address.own_name, reason=f"InvalidResourceName: {asked!r}; it takes {rule.says}")


def _location(request: Request, address: Address) -> Iterator[Problem]:
    asked = request.inputs.get("location")
    if not isinstance(asked, str):
        return
    if address.type in _GLOBAL:
        if normal(asked) not in _GLOBAL[address.type]:
            allowed = ", ".join(sorted(_GLOBAL[address.type]))
            yield Problem(path="location", reason=f"LocationNotAvailableForResourceType: {asked!r}; it takes {allowed}")
    elif normal(asked) not in REGIONS:
        yield Problem(path="location", reason=f"LocationNotAvailableForResourceType: {asked!r} is no region of Azure")


def _zones(request: Request) -> Iterator[Problem]:
    region = REGIONS.get(refer.place(request) or "")
    for field in ("zones", "availabilityZones"):
        for path, zone in refer.at(request.inputs, f"{field}[]"):
            if zone is UNKNOWN or region is None:
                continue
            if zone not in region.zones:
                allowed = f"it has {', '.join(region.zones)}" if region.zones else "it has no availability zones"
                yield Problem(path=path, reason=f"AvailabilityZoneNotSupported: zone {zone} of {region.name}; {allowed}")


def _tags(request: Request) -> Iterator[Problem]:
    tags = request.inputs.get("tags")
    if not isinstance(tags, Mapping):
        return
    if len(tags) > _TAGS_MAX:
        yield Problem(path="tags", reason=f"TooManyTags: {len(tags)}; a resource takes {_TAGS_MAX}")
    for key, value in tags.items():
        bad = sorted(_TAG_FORBIDDEN & set(key))
        if bad or len(key) > _TAG_NAME_MAX:
            yield Problem(path=f"tags.{key}", reason=f"InvalidTagNameCharacters: at most {_TAG_NAME_MAX}, none of <>%&\\?/")
        if isinstance(value, str) and len(value) > _TAG_VALUE_MAX:
            yield Problem(path=f"tags.{key}", reason=f"InvalidTagValueLength: at most {_TAG_VALUE_MAX} characters")


def _surroundings(request: Request, address: Address) -> Iterator[Problem]:
    if address.type == "Microsoft.Resources/resourceGroups":
        return
    group = request.inputs.get("resourceGroupName")
    if isinstance(group, str) and group.lower() != WATCHER_GROUP:
        wanted = f"/subscriptions/{request.target.account}/resourceGroups/{group}"
        if request.find(wanted) is None:
            yield Problem(path="resourceGroupName", reason=f"ResourceGroupNotFound: {group} does not exist")
            return
    if address.scope is None and address.path.count("{") > 1 and str(group).lower() != WATCHER_GROUP:
        above = arm.resource_id(address, request).rsplit("/", 2)[0]
        above = above.removesuffix("/blobServices/default")
        if request.find(above) is None:
            yield Problem(path=address.own_name, reason=f"ParentResourceNotFound: {above} does not exist")
