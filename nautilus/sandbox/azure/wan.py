"""What Azure refuses of virtual WANs, hubs, their route tables, route maps and network connections, and of peerings.

Sources: Virtual WAN FAQ and hub settings, hub routing, About Route-maps, virtual network peering (Microsoft Learn; general
knowledge where the page was not read).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.azure.rules import immutable
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

HUB: Final = "azure-native:network:VirtualHub"
CONNECTION: Final = "azure-native:network:HubVirtualNetworkConnection"
PEERING: Final = "azure-native:network:VirtualNetworkPeering"

_HUB_SMALLEST: Final = 24
_HUB_RESERVED: Final = tuple(
    ipaddress.IPv4Network(block) for block in ("224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")
)
_OWN_TABLES: Final = ("defaultroutetable", "noneroutetable")
"""Route tables that Azure makes with each hub."""

_ROUTED: Final[Mapping[str, str]] = {
    "associatedRouteTable.id": "hubroutetables",
    "propagatedRouteTables.ids[].id": "hubroutetables",
    "inboundRouteMap.id": "routemaps",
    "outboundRouteMap.id": "routemaps",
}
"""What a connection's routing points at, and what of a hub it has to be."""

_NEEDS_PARAMETERS: Final = ("Add", "Replace", "Remove")


def virtual_wan(request: Request) -> Iterator[Problem]:
    """A type that there is; a Standard WAN never becomes Basic again."""
    kind = request.inputs.get("type")
    if isinstance(kind, str) and kind not in ("Standard", "Basic"):
        yield Problem(path="type", reason=f"InvalidVirtualWanType: {kind!r}; it takes Standard or Basic")
    before = (request.prior or {}).get("type")
    if before == "Standard" and kind == "Basic":
        yield Problem(path="type", reason="VirtualWanDowngradeNotAllowed: a Standard WAN does not become Basic")


def virtual_hub(request: Request) -> Iterator[Problem]:
    """A range of at least a /24, clear of the other hubs of its WAN, that never changes; a WAN of the hub's type."""
    if request.inputs.get("virtualWan") is None:
        yield Problem(path="virtualWan", reason="InvalidRequestFormat: a hub needs its virtual WAN")
    value = request.inputs.get("addressPrefix")
    if value is None:
        yield Problem(path="addressPrefix", reason="InvalidAddressPrefix: a hub needs a range of its own")
    blocks = list(_blocks(request.inputs, "addressPrefix"))
    if isinstance(value, str) and not blocks:
        yield Problem(path="addressPrefix", reason=f"InvalidAddressPrefix: {value!r} is no IPv4 network")
    own_wan = refer.first(request.inputs, "virtualWan.id")
    for block in blocks:
        if block.prefixlen > _HUB_SMALLEST:
            yield Problem(
                path="addressPrefix", reason=f"VirtualHubAddressPrefixTooSmall: {block}; a hub takes a /24 at least"
            )
        if any(block.overlaps(reserved) for reserved in _HUB_RESERVED):
            yield Problem(path="addressPrefix", reason=f"InvalidAddressPrefix: {block} is reserved")
        for other in _others(request, HUB):
            if own_wan and refer.first(other, "virtualWan.id") == own_wan:
                for taken in _blocks(other, "addressPrefix"):
                    if taken.overlaps(block):
                        reason = f"VirtualHubAddressPrefixOverlaps: {block} overlaps {taken} of {other.get('name')}"
                        yield Problem(path="addressPrefix", reason=reason)
    wan = request.find(own_wan) if isinstance(own_wan, str) else None
    sku = request.inputs.get("sku")
    if wan is not None and isinstance(sku, str) and sku != wan.get("type"):
        yield Problem(path="sku", reason=f"VirtualHubSkuMismatch: {sku}; its virtual WAN is {wan.get('type')}")
    yield from immutable(request, {"addressPrefix": "VirtualHubAddressPrefixCannotBeChanged: make another hub"})


def route_table(request: Request) -> Iterator[Problem]:
    """A name that Azure does not keep for itself, routes of different names to ranges that are networks."""
    name = request.inputs.get("routeTableName")
    if isinstance(name, str) and name.lower() in _OWN_TABLES:
        yield Problem(path="routeTableName", reason=f"InvalidRouteTableName: {name} is made with the hub")
    names = [value for _, value in refer.at(request.inputs, "routes[].name")]
    if len(names) != len(set(map(str, names))):
        yield Problem(path="routes", reason="InvalidRequestFormat: two routes have one name")
    for path, hop in refer.at(request.inputs, "routes[].nextHop"):
        if isinstance(hop, str) and not request.preview and request.find(hop) is None:
            yield Problem(path=path, reason=f"ResourceNotFound: {hop} does not exist")


def route_map(request: Request) -> Iterator[Problem]:
    """Rules of different names, each with something to match on; a change that says what to change, a drop that does not."""
    names = [value for _, value in refer.at(request.inputs, "rules[].name")]
    if len(names) != len(set(map(str, names))):
        yield Problem(path="rules", reason="InvalidRequestFormat: two rules have one name")
    for path, rule in refer.at(request.inputs, "rules[]"):
        for inner, criterion in refer.at(rule, "matchCriteria[]"):
            where = f"{path}.{inner}"
            if not isinstance(criterion, Mapping):
                continue
            if refer.first(criterion, "matchCondition") in (None, "Unknown"):
                yield Problem(path=f"{where}.matchCondition", reason="RouteMapInvalidMatchCondition: a criterion needs one")
            if not any(criterion.get(field) for field in ("routePrefix", "asPath", "community")):
                reason = "RouteMapInvalidMatchCriteria: it needs prefixes, AS paths or communities"
                yield Problem(path=where, reason=reason)
            yield from _networks(where, criterion, "routePrefix[]")
        for inner, action in refer.at(rule, "actions[]"):
            kind, parameters = refer.first(action, "type"), refer.first(action, "parameters")
            if kind in _NEEDS_PARAMETERS and not parameters:
                yield Problem(path=f"{path}.{inner}.parameters", reason=f"RouteMapInvalidAction: {kind} needs to say what")
            if kind == "Drop" and parameters:
                yield Problem(path=f"{path}.{inner}.parameters", reason="RouteMapInvalidAction: Drop takes no parameters")


def connection(request: Request) -> Iterator[Problem]:
    """One hub a network, ranges that are clear of the hub's and of its other networks', tables of the same hub."""
    inputs = request.inputs
    yield from routing(request, hub_of(request, "virtualHubName"))
    target = refer.first(inputs, "remoteVirtualNetwork.id")
    if target is None and refer.known(inputs, "remoteVirtualNetwork.id"):
        yield Problem(path="remoteVirtualNetwork", reason="InvalidRequestFormat: a connection needs a network")
    if not isinstance(target, str):
        return
    path = "remoteVirtualNetwork.id"
    for other in _others(request, CONNECTION):
        if _same(refer.first(other, path), target):
            reason = f"HubVirtualNetworkConnectionAlreadyExists: {other.get('id')} connects it; a network has one hub"
            yield Problem(path=path, reason=reason)
    hub, vnet = request.find(hub_of(request, "virtualHubName")), request.find(target)
    own = list(_space(vnet))
    for taken in _blocks(hub or {}, "addressPrefix"):
        for block in own:
            if block.overlaps(taken):
                yield Problem(path=path, reason=f"VirtualHubAddressOverlap: {block} overlaps the hub's own {taken}")
    for peering in request.among(PEERING):
        if peering.get("useRemoteGateways") is True and _same(arm.parent(str(peering.get("id"))), target):
            yield Problem(path=path, reason=f"RemoteGatewayConflict: it uses a remote gateway by {peering.get('id')}")


def peering(request: Request) -> Iterator[Problem]:
    """Two networks that are apart, once a pair; a gateway lent by one that lends it; leave in the other's tenant."""
    own = f"{_group(request)}/providers/Microsoft.Network/virtualNetworks/{request.inputs.get('virtualNetworkName')}"
    target = refer.first(request.inputs, "remoteVirtualNetwork.id")
    path = "remoteVirtualNetwork.id"
    if target is None and refer.known(request.inputs, path):
        yield Problem(path="remoteVirtualNetwork", reason="InvalidRequestFormat: a peering needs the other network")
    if not isinstance(target, str):
        return
    if _same(own, target):
        yield Problem(path=path, reason="InvalidRemoteVnet: a network does not peer with itself")
        return
    for other in _others(request, PEERING):
        if _same(arm.parent(str(other.get("id"))), own) and _same(refer.first(other, path), target):
            yield Problem(path=path, reason=f"AnotherPeeringAlreadyReferencesRemoteVnet: {other.get('id')}")
    for block in _space(request.find(own)):
        for taken in _space(request.find(target)):
            if block.overlaps(taken):
                yield Problem(path=path, reason=f"VnetAddressSpacesOverlap: {block} here overlaps {taken} there")
    if request.inputs.get("useRemoteGateways") is True:
        if request.inputs.get("allowGatewayTransit") is True:
            reason = "UseRemoteGatewaysConflict: a network does not lend a gateway and use another's"
            yield Problem(path="useRemoteGateways", reason=reason)
        if any(_same(refer.first(one, path), own) for one in request.among(CONNECTION)):
            yield Problem(
                path="useRemoteGateways", reason="RemoteGatewayConflict: the network uses its virtual hub's gateways"
            )
    yield from _tenant(request, target)


def routing(request: Request, hub: str) -> Iterator[Problem]:
    """Give what is wrong with a connection's route tables and maps: they must be the same hub's, and there."""
    for inner, kind in _ROUTED.items():
        for path, value in refer.at(request.inputs, f"routingConfiguration.{inner}"):
            if not isinstance(value, str):
                continue
            found = arm.parse(value)
            if found is None or found.type.lower() != f"microsoft.network/virtualhubs/{kind}":
                yield Problem(path=path, reason=f"{value!r} is not the id of one of a hub's {kind}")
            elif not request.preview and not _same(arm.parent(value), hub):
                yield Problem(path=path, reason=f"InvalidRouteTableOrMap: {value} is not of the hub {hub}")
            elif not request.preview and found.name.lower() not in _OWN_TABLES and request.find(value) is None:
                yield Problem(path=path, reason=f"ResourceNotFound: {value} does not exist")


def hub_of(request: Request, field: str) -> str:
    """Give the id of the hub that an input names, in the request's own group."""
    return f"{_group(request)}/providers/Microsoft.Network/virtualHubs/{request.inputs.get(field)}"


def peering_gives(request: Request) -> Mapping[str, Any]:
    """Give a peering's state: connected once its other half is there."""
    target = str(refer.first(request.inputs, "remoteVirtualNetwork.id"))
    own = f"{_group(request)}/providers/Microsoft.Network/virtualNetworks/{request.inputs.get('virtualNetworkName')}"
    halves = (
        one
        for one in request.among(PEERING)
        if _same(arm.parent(str(one.get("id"))), target) and _same(refer.first(one, "remoteVirtualNetwork.id"), own)
    )
    return {"peeringState": "Connected" if any(halves) else "Initiated", "peeringSyncLevel": "FullyInSync"}


def hub_gives(request: Request) -> Mapping[str, Any]:
    """Give a hub's router: its AS number, and its two addresses at the top of the hub's range."""
    block = next(_blocks(request.inputs, "addressPrefix"), None)
    addresses = [str(block[-5]), str(block[-4])] if block else []
    return {"virtualRouterAsn": 65515, "virtualRouterIps": addresses, "routingState": "Provisioned"}


def _tenant(request: Request, target: str) -> Iterator[Problem]:
    """A network in another tenant asks for a provider that may act there; its subscription's vaults tell its tenant."""
    found = arm.parse(target)
    settings = request.target.settings
    if found is None or found.subscription == request.target.account or "tenant" not in settings:
        return
    allowed = {str(settings["tenant"]), *map(str, settings.get("auxiliaryTenants") or ())}
    for vault in request.among("azure-native:keyvault:Vault"):
        if str(vault.get("id", "")).startswith(f"/subscriptions/{found.subscription}/"):
            tenant = refer.first(vault, "properties.tenantId")
            if tenant and tenant not in allowed:
                reason = (
                    f"LinkedAuthorizationFailed: {target} is of tenant {tenant}; add it to the provider's auxiliary tenants"
                )
                yield Problem(path="remoteVirtualNetwork.id", reason=reason)
            return


def _group(request: Request) -> str:
    return f"/subscriptions/{request.target.account}/resourceGroups/{request.inputs.get('resourceGroupName')}"


def _others(request: Request, kind: str) -> Iterator[Mapping[str, Any]]:
    """Give the live resources of a type but this one; none in a preview, where what stands in the way may be going."""
    if not request.preview:
        yield from (other for other in request.among(kind) if other.get("id") != request.id)


def _same(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


def _space(vnet: Mapping[str, Any] | None) -> Iterator[ipaddress.IPv4Network]:
    return _blocks(vnet or {}, "addressSpace.addressPrefixes[]")


def _blocks(values: Mapping[str, Any], path: str) -> Iterator[ipaddress.IPv4Network]:
    """Give the networks at a path, leaving out what is none."""
    for _, value in refer.at(values, path):
        try:
            yield ipaddress.IPv4Network(str(value))
        except ValueError:
            continue


def _networks(where: str, values: object, path: str) -> Iterator[Problem]:
    for inner, value in refer.at(values, path):
        try:
            ipaddress.ip_network(str(value) if value is not UNKNOWN else "0.0.0.0/0")
        except ValueError as problem:
            yield Problem(path=f"{where}.{inner}", reason=f"InvalidAddressPrefixFormat: {problem}")
