"""RES-005: an Azure resource and the resource group that keeps its metadata lie in the same jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location import follow, settled
from policies.kit.location_entries import ENTRIES, How
from policies.kit.props import Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show

_GROUP = "azure-native:resources:ResourceGroup"
_AZURE_S_OWN = frozenset({"networkwatcherrg"})
"""Groups that Azure itself makes, one a subscription; RES-008 binds the subscription to the jurisdiction."""
_JOINED = frozenset(
    f"azure-native:network:{name}" for name in ("RouteMap", "VirtualNetworkPeering", "VpnConnection", "VpnSite")
)
"""What the federation stack adds to a gateway of a region stack, and so to that gateway's group.

The group was judged where it was made, in the same subscription, which RES-008 binds to one jurisdiction; this stack knows
its name alone. All but the site are children of a resource in it and can lie in no other. A group of this stack is compared.
"""


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    place = settled(resource, stack)
    if resource.props.known("resourceGroupName"):
        name = resource.props.text("resourceGroupName")
        if name is not None and name.lower() in _AZURE_S_OWN:
            return
    group = follow(resource, stack, "resourceGroupName")
    if group is None and resource.type in _JOINED:
        return
    if group is None:
        raise Undecided("resourceGroupName", "names no resource group of this stack, so its location is not known")
    own, wanted = law.jurisdiction_of(place.id), law.jurisdiction_of(group.id)
    if own is None or own != wanted:
        yield Fault(
            found=f"at {show(place.name)} ({own}) in a resource group at {show(group.name)} ({wanted})",
            allowed=f"a resource group in {own}" if own else None,
        )


RULE = Rule(
    id="RES-005",
    title="Azure resource group's location matches",
    clause=control("RES-005", "JUR-2"),
    severity=Severity.HIGH,
    allowed="a resource group of the same stack in the jurisdiction of its resources",
    fix="put the resource into a resource group of its own location",
    stack=_check,
    types=frozenset(
        token
        for token, found in ENTRIES.items()
        if token.startswith("azure-native:") and found.how is How.OWN and token != _GROUP
    ),
)
