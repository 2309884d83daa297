"""What Azure refuses of networks, subnets, security groups, NAT gateways, endpoints and flow logs.

Sources: Virtual network concepts and FAQ, network security groups, NAT gateway and availability zones, private endpoints,
virtual network flow logs (Microsoft Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.azure.regions import normal
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_RESERVED: Final = tuple(
    ipaddress.IPv4Network(block)
    for block in ("224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")
)
_SMALLEST: Final = 29
_PRIORITIES: Final = range(100, 4097)
_PORT_MAX: Final = 65535
_NAT_TYPES: Final = ("Standard", "StandardV2")
_FLOW_RETENTION_DAYS: Final = 365


def virtual_network(request: Request) -> Iterator[Problem]:
    """Ranges that are networks, are not reserved and do not overlap."""
    yield from _ranges(refer.at(request.inputs, "addressSpace.addressPrefixes[]"))


def subnet(request: Request) -> Iterator[Problem]:
    """A range inside the network, clear of its neighbours, at least a /29."""
    own = [*refer.at(request.inputs, "addressPrefix"), *refer.at(request.inputs, "addressPrefixes[]")]
    if not own and "ipamPoolPrefixAllocations" not in request.inputs:
        yield Problem(path="addressPrefix", reason="InvalidRequest: a subnet needs a range")
    bad = list(_ranges(own))
    yield from bad
    if bad:
        return
    above = arm.parent(_subnet_id(request))
    network = request.find(above)
    space = _networks(refer.at(network, "addressSpace.addressPrefixes[]")) if network else []
    siblings = {
        str(other.get("name")): _networks([*refer.at(other, "addressPrefix"), *refer.at(other, "addressPrefixes[]")])
        for other in request.among(request.type)
        if arm.parent(str(other.get("id"))).lower() == above.lower() and other.get("id") != request.id
    }
    for path, block in _known(own):
        if space and not any(block.subnet_of(outer) for outer in space):
            yield Problem(path=path, reason=f"NetcfgInvalidSubnet: {block} is not within {', '.join(map(str, space))}")
        for name, blocks in siblings.items():
            if any(block.overlaps(other) for other in blocks):
                yield Problem(path=path, reason=f"NetcfgSubnetRangesOverlap: {block} overlaps subnet {name}")


def _subnet_id(request: Request) -> str:
    group, name = request.inputs.get("resourceGroupName"), request.inputs.get("virtualNetworkName")
    base = f"/subscriptions/{request.target.account}/resourceGroups/{group}"
    return f"{base}/providers/Microsoft.Network/virtualNetworks/{name}/subnets/{request.inputs.get('subnetName')}"


def security_group(request: Request) -> Iterator[Problem]:
    """Rules with a name, a priority of their own, one way of giving ranges, and ports that exist."""
    seen: dict[tuple[object, object], str] = {}
    names: set[object] = set()
    for path, rule in refer.at(request.inputs, "securityRules[]"):
        if not isinstance(rule, Mapping):
            continue
        priority, direction, name = rule.get("priority"), rule.get("direction"), rule.get("name")
        if name in names:
            yield Problem(path=f"{path}.name", reason=f"InvalidRequestFormat: two rules are named {name!r}")
        names.add(name)
        if isinstance(priority, (int, float)):
            if priority not in _PRIORITIES:
                yield Problem(
                    path=f"{path}.priority", reason=f"SecurityRuleInvalidPriority: {priority:g}; it takes 100 to 4096"
                )
            elif (priority, direction) in seen:
                reason = f"SecurityRuleConflict: {priority:g} {direction} is also that of {seen[priority, direction]}"
                yield Problem(path=f"{path}.priority", reason=reason)
            seen.setdefault((priority, direction), str(name))
        elif priority is None:
            yield Problem(path=f"{path}.priority", reason="SecurityRuleInvalidPriority: a rule needs one")
        yield from _either(path, rule)


def _either(path: str, rule: Mapping[str, Any]) -> Iterator[Problem]:
    for side in ("source", "destination"):
        for what, plural in (("AddressPrefix", "AddressPrefixes"), ("PortRange", "PortRanges")):
            one, many = rule.get(f"{side}{what}"), rule.get(f"{side}{plural}")
            groups = what == "AddressPrefix" and rule.get(f"{side}ApplicationSecurityGroups")
            if one is not None and many:
                yield Problem(path=f"{path}.{side}{what}", reason=f"InvalidRequestFormat: {side}{plural} is given as well")
            if one is None and not many and not groups:
                yield Problem(path=f"{path}.{side}{what}", reason="SecurityRuleParameterMissing: a rule needs it")
            for value in [one, *(many or ())] if what == "PortRange" else ():
                if isinstance(value, str) and not _ports(value):
                    yield Problem(path=f"{path}.{side}{what}", reason=f"SecurityRuleInvalidPortRange: {value!r}")


def _ports(value: str) -> bool:
    if value == "*":
        return True
    low, _, high = value.partition("-")
    bounds = [low, high or low]
    return all(bound.isdigit() for bound in bounds) and int(bounds[0]) <= int(bounds[1]) <= _PORT_MAX


def nat_gateway(request: Request) -> Iterator[Problem]:
    """One zone at most, a SKU that there is, and addresses of the same zone and the Standard SKU."""
    zones = request.inputs.get("zones") or ()
    sku = refer.first(request.inputs, "sku.name")
    if sku is not None and sku not in _NAT_TYPES:
        yield Problem(path="sku.name", reason=f"InvalidParameter: {sku!r}; it takes {', '.join(_NAT_TYPES)}")
    if isinstance(zones, (list, tuple)) and len(zones) > 1 and sku != "StandardV2":
        yield Problem(path="zones", reason="NatGatewayMultipleZones: a Standard NAT gateway lies in one zone or in none")
    for path, value in refer.at(request.inputs, "publicIpAddresses[].id"):
        address = request.find(str(value)) if value is not UNKNOWN else None
        if address is None:
            continue
        if refer.first(address, "sku.name") == "Basic":
            yield Problem(path=path, reason="NatGatewayBasicPublicIp: the address must have the Standard SKU")
        held = list(address.get("zones") or ())
        if len(held) == 1 and list(zones) and held != list(zones):
            yield Problem(path=path, reason=f"NatGatewayZoneMismatch: the address lies in zone {held[0]}")


def route_table(request: Request) -> Iterator[Problem]:
    """Routes of different names to ranges that are networks; an appliance's route names its address."""
    names = [value for _, value in refer.at(request.inputs, "routes[].name")]
    if len(names) != len(set(map(str, names))):
        yield Problem(path="routes", reason="InvalidRequestFormat: two routes have one name")
    for path, route in refer.at(request.inputs, "routes[]"):
        hop, address = refer.first(route, "nextHopType"), refer.first(route, "nextHopIpAddress")
        if (hop == "VirtualAppliance") != (address is not None):
            reason = "InvalidRequestFormat: an appliance's route needs an address, no other has one"
            yield Problem(path=f"{path}.nextHopIpAddress", reason=reason)


def watcher(request: Request) -> Iterator[Problem]:
    """One watcher a region and subscription."""
    if request.preview:
        return
    region, own = refer.place(request), f"/subscriptions/{request.target.account}/"
    for other in request.among(request.type):
        taken = normal(str(other.get("location", ""))) == region and str(other.get("id", "")).startswith(own)
        if taken and other.get("id") != request.id:
            reason = f"NetworkWatcherCountLimitReached: {other.get('id')} serves {region} already"
            yield Problem(path="networkWatcherName", reason=reason)


def public_address(request: Request) -> Iterator[Problem]:
    """Standard addresses are static; Basic ones are no longer made (retired 2025-09-30)."""
    sku = refer.first(request.inputs, "sku.name")
    if sku == "Basic":
        yield Problem(
            path="sku.name", reason="BasicSkuRetired: Basic public addresses cannot be made any more; take Standard"
        )
    if sku == "Standard" and request.inputs.get("publicIPAllocationMethod") == "Dynamic":
        path = "publicIPAllocationMethod"
        yield Problem(path=path, reason="StandardSkuPublicIPAddressesMustBeStatic: Standard addresses are static")


def private_endpoint(request: Request) -> Iterator[Problem]:
    """A subnet, one connection, and the group that the service offers."""
    if request.inputs.get("subnet") is None:
        yield Problem(path="subnet", reason="InvalidRequestFormat: a private endpoint needs a subnet")
    connections = request.inputs.get("privateLinkServiceConnections") or ()
    manual = request.inputs.get("manualPrivateLinkServiceConnections") or ()
    if len(connections) + len(manual) != 1:
        path = "privateLinkServiceConnections"
        yield Problem(path=path, reason="InvalidRequestFormat: a private endpoint has exactly one connection")
    offered = {
        "microsoft.keyvault/vaults": {"vault"},
        "microsoft.storage/storageaccounts": {"blob", "file", "queue", "table", "web", "dfs"},
    }
    for path, connection in refer.at(request.inputs, "privateLinkServiceConnections[]"):
        target = arm.parse(str(refer.first(connection, "privateLinkServiceId") or ""))
        allowed = offered.get(target.type.lower()) if target else None
        for inner, group in refer.at(connection, "groupIds[]"):
            if allowed and group is not UNKNOWN and group not in allowed:
                reason = f"InvalidGroupId: {group!r}; the service offers {', '.join(sorted(allowed))}"
                yield Problem(path=f"{path}.{inner}", reason=reason)


def flow_log(request: Request) -> Iterator[Problem]:
    """A network, subnet or interface as target, at most a year of its own retention, one flow log a target."""
    target = request.inputs.get("targetResourceId")
    found = arm.parse(target) if isinstance(target, str) else None
    if isinstance(target, str):
        kinds = ("virtualnetworks", "virtualnetworks/subnets", "networkinterfaces")
        if found is None or found.type.lower().removeprefix("microsoft.network/") not in kinds:
            reason = "FlowLogTargetNotSupported: it takes a virtual network, subnet or network interface"
            yield Problem(path="targetResourceId", reason=reason)
        elif not request.preview and request.find(target) is None:
            yield Problem(path="targetResourceId", reason=f"ResourceNotFound: {target} does not exist")
    days = refer.first(request.inputs, "retentionPolicy.days")
    if days is not None and not 0 <= days <= _FLOW_RETENTION_DAYS:
        yield Problem(
            path="retentionPolicy.days", reason=f"InvalidRetention: {days:g}; it takes 0 to {_FLOW_RETENTION_DAYS}"
        )
    watcher = str(request.inputs.get("networkWatcherName", ""))
    region = refer.place(request)
    named = watcher.lower().removeprefix("networkwatcher_")
    if watcher.lower().startswith("networkwatcher_") and region and named != region:
        yield Problem(path="networkWatcherName", reason=f"NetworkWatcherWrongRegion: {watcher} does not serve {region}")
    if not request.preview and isinstance(target, str):
        for other in request.among(request.type):
            if str(other.get("targetResourceId", "")).lower() == target.lower() and other.get("id") != request.id:
                yield Problem(path="targetResourceId", reason=f"FlowLogExists: {other.get('id')} logs the same target")


def zone_group(request: Request) -> Iterator[Problem]:
    """At most five zones, each of them once."""
    configs = [value for _, value in refer.at(request.inputs, "privateDnsZoneConfigs[].name")]
    if len(configs) != len(set(map(str, configs))):
        yield Problem(path="privateDnsZoneConfigs", reason="InvalidRequestFormat: two configurations have one name")


def _ranges(found: Iterable[tuple[str, Any]]) -> Iterator[Problem]:
    good: list[tuple[str, ipaddress.IPv4Network]] = []
    for path, value in found:
        if value is UNKNOWN:
            continue
        try:
            block = ipaddress.ip_network(str(value))
        except ValueError as problem:
            yield Problem(path=path, reason=f"InvalidAddressPrefixFormat: {problem}")
            continue
        if not isinstance(block, ipaddress.IPv4Network):
            continue
        if block.prefixlen > _SMALLEST:
            yield Problem(
                path=path, reason=f"InvalidCIDRNotation: {block} is too small; Azure reserves five addresses, take a /29"
            )
        if any(block.overlaps(reserved) for reserved in _RESERVED):
            yield Problem(path=path, reason=f"InvalidAddressPrefix: {block} is reserved")
        for other_path, other in good:
            if block.overlaps(other):
                yield Problem(path=path, reason=f"NetcfgSubnetRangesOverlap: {block} overlaps {other} ({other_path})")
        good.append((path, block))


def _known(found: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    for path, value in found:
        if value is not UNKNOWN and ":" not in str(value):
            yield path, ipaddress.IPv4Network(str(value))


def _networks(found: Iterable[tuple[str, Any]]) -> list[ipaddress.IPv4Network]:
    return [block for _, block in _known(found)]
