"""What Azure refuses of ExpressRoute: Direct ports, circuits, private peerings, a hub's gateway and its connections.

Sources: About ExpressRoute Direct (bandwidths, MACsec), ExpressRoute routing requirements (ranges, VLANs, AS numbers),
Virtual WAN ExpressRoute gateways (Microsoft Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import arm, refer, vpn, wan
from nautilus.sandbox.azure.rules import immutable
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

PORT: Final = "azure-native:network:ExpressRoutePort"
CIRCUIT: Final = "azure-native:network:ExpressRouteCircuit"
PEERING: Final = "azure-native:network:ExpressRouteCircuitPeering"
GATEWAY: Final = "azure-native:network:ExpressRouteGateway"
CONNECTION: Final = "azure-native:network:ExpressRouteConnection"
SECRET: Final = "azure-native:keyvault:Secret"  # noqa: S105 - a type's name

_SITE: Final = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)+")
"""How ExpressRoute Direct spells a site: who runs the building, the city, the building. Which there are, Azure tells only to
a subscription; the sandbox does not know."""

_OF_PORT_GBPS: Final[Mapping[int, tuple[int, ...]]] = {10: (1, 2, 5, 10), 100: (5, 10, 40, 100)}
"""A Direct port's bandwidth, and those of the circuits on it."""

_OVERBOOKED: Final = 2
"""Circuits may add up to twice their port."""

_OF_PROVIDER_MBPS: Final = (50, 100, 200, 500, 1000, 2000, 5000, 10000)
_LINKS: Final = ("link1", "link2")
_VLANS: Final = range(1, 4095)
_UNITS: Final = range(1, 11)
_PRIVATE: Final = "AzurePrivatePeering"
_SESSION: Final = 30


def port(request: Request) -> Iterator[Problem]:
    """A bandwidth that there is, a site's name, both links or none, and MACsec keys that the port's identity may read."""
    inputs = request.inputs
    bandwidth, place = inputs.get("bandwidthInGbps"), inputs.get("peeringLocation")
    if isinstance(bandwidth, (int, float)) and bandwidth not in _OF_PORT_GBPS:
        yield Problem(path="bandwidthInGbps", reason=f"InvalidBandwidth: {bandwidth:g}; ExpressRoute Direct has 10 and 100")
    if isinstance(place, str) and _SITE.fullmatch(place) is None:
        reason = f"ExpressRoutePortsLocationNotFound: {place!r}; it takes a site's name, such as Equinix-Ashburn-DC2"
        yield Problem(path="peeringLocation", reason=reason)
    for field in ("bandwidthInGbps", "peeringLocation"):
        if inputs.get(field) is None:
            yield Problem(path=field, reason="InvalidRequestFormat: a port needs it")
    for path, link in refer.at(inputs, "links[]"):
        name, keys = refer.first(link, "name"), refer.first(link, "macSecConfig")
        if name is not None and name not in _LINKS:
            yield Problem(path=f"{path}.name", reason=f"InvalidLinkName: {name!r}; a port has link1 and link2")
        if keys:
            yield from _macsec(request, f"{path}.macSecConfig", keys)


def circuit(request: Request) -> Iterator[Problem]:
    """On a port or at a provider, never both; a bandwidth that is offered there; a SKU whose name agrees with itself."""
    inputs = request.inputs
    on_port, provided = inputs.get("expressRoutePort"), inputs.get("serviceProviderProperties")
    if (on_port is None) == (provided is None):
        reason = "InvalidRequestFormat: a circuit lies on a Direct port or at a service provider"
        yield Problem(path="expressRoutePort", reason=reason)
    if (on_port is None) != (inputs.get("bandwidthInGbps") is None):
        yield Problem(path="bandwidthInGbps", reason="InvalidRequestFormat: it goes with a Direct port, and a port with it")
    mbps = refer.first(provided, "bandwidthInMbps")
    if mbps is not None and mbps not in _OF_PROVIDER_MBPS:
        offered = ", ".join(map(str, _OF_PROVIDER_MBPS))
        path = "serviceProviderProperties.bandwidthInMbps"
        yield Problem(path=path, reason=f"BandwidthNotOffered: {mbps:g}; providers offer {offered}")
    yield from _on_port(request, refer.first(on_port, "id"))
    sku = inputs.get("sku")
    if isinstance(sku, Mapping) and UNKNOWN not in sku.values():
        name = f"{sku.get('tier')}_{sku.get('family')}"
        if sku.get("name") != name:
            yield Problem(path="sku.name", reason=f"InvalidSku: {sku.get('name')!r}; its tier and family make it {name}")


def peering(request: Request) -> Iterator[Problem]:
    """Its type's own name, two /30s apart, a VLAN and an AS number that a peer may have, a VLAN once a port."""
    inputs = request.inputs
    kind, name = inputs.get("peeringType"), inputs.get("peeringName")
    if isinstance(kind, str) and isinstance(name, str) and kind != name:
        yield Problem(path="peeringName", reason=f"InvalidPeeringName: {name!r}; a circuit's peering is named {kind}")
    vlan, asn = inputs.get("vlanId"), inputs.get("peerASN")
    if isinstance(vlan, (int, float)) and vlan not in _VLANS:
        yield Problem(path="vlanId", reason=f"InvalidVlanId: {vlan:g}; it takes 1 to 4094")
    if (reason := vpn.asn_problem(asn)) is not None:
        yield Problem(path="peerASN", reason=reason)
    for field, value in (("vlanId", vlan), ("peerASN", asn)):
        if value is None:
            yield Problem(path=field, reason="InvalidRequestFormat: a peering needs it")
    blocks: list[ipaddress.IPv4Network] = []
    for field in ("primaryPeerAddressPrefix", "secondaryPeerAddressPrefix"):
        value = inputs.get(field)
        if value is UNKNOWN:
            continue
        try:
            block = ipaddress.IPv4Network(str(value))
        except ValueError as problem:
            yield Problem(path=field, reason=f"InvalidPeerAddressPrefix: {problem}")
            continue
        if block.prefixlen != _SESSION:
            yield Problem(path=field, reason=f"InvalidPeerAddressPrefix: {block}; it takes a /{_SESSION}")
        if any(block.overlaps(other) for other in blocks):
            yield Problem(path=field, reason=f"PeerAddressPrefixesOverlap: {block} overlaps {blocks[0]}")
        blocks.append(block)
    yield from _vlan_taken(request, vlan)


def gateway(request: Request) -> Iterator[Problem]:
    """One a hub, with bounds from 1 to 10 units, the smaller first."""
    hub = refer.first(request.inputs, "virtualHub.id")
    if hub is None and refer.known(request.inputs, "virtualHub.id"):
        yield Problem(path="virtualHub", reason="InvalidRequestFormat: an ExpressRoute gateway needs its hub")
    if not request.preview:
        for other in request.among(GATEWAY):
            if hub and refer.first(other, "virtualHub.id") == hub and other.get("id") != request.id:
                reason = f"VirtualHubHasExpressRouteGateway: {other.get('id')}; a hub has one"
                yield Problem(path="virtualHub.id", reason=reason)
    bounds = refer.first(request.inputs, "autoScaleConfiguration.bounds") or {}
    low, high = bounds.get("min"), bounds.get("max")
    for field, value in (("min", low), ("max", high)):
        if isinstance(value, (int, float)) and value not in _UNITS:
            path = f"autoScaleConfiguration.bounds.{field}"
            yield Problem(path=path, reason=f"InvalidScaleUnit: {value:g}; it takes 1 to 10")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        path = "autoScaleConfiguration.bounds.min"
        yield Problem(path=path, reason=f"InvalidScaleUnit: {low:g} is more than the most, {high:g}")


def connection(request: Request) -> Iterator[Problem]:
    """A private peering, once a gateway; tables and maps of the gateway's hub."""
    inputs = request.inputs
    base = f"/subscriptions/{request.target.account}/resourceGroups/{inputs.get('resourceGroupName')}"
    own = f"{base}/providers/Microsoft.Network/expressRouteGateways/{inputs.get('expressRouteGatewayName')}"
    held = request.find(own) or {}
    if held:
        yield from wan.routing(request, str(refer.first(held, "virtualHub.id") or ""))
    target = refer.first(inputs, "expressRouteCircuitPeering.id")
    path = "expressRouteCircuitPeering.id"
    if isinstance(target, str) and target.rpartition("/")[2] != _PRIVATE:
        yield Problem(path=path, reason=f"InvalidPeeringType: {target}; a hub takes private peerings")
    if not request.preview:
        for other in request.among(CONNECTION):
            same = refer.first(other, path) == target and arm.parent(str(other.get("id"))) == own
            if same and other.get("id") != request.id:
                yield Problem(path=path, reason=f"ExpressRouteCircuitAlreadyConnected: {other.get('id')}")


def secret(request: Request) -> Iterator[Problem]:
    """A value, or nothing is kept."""
    value = refer.first(request.inputs, "properties.value")
    if not value and refer.known(request.inputs, "properties.value"):
        yield Problem(path="properties.value", reason="BadParameter: a secret needs a value")
    yield from immutable(request, {"vaultName": "a secret stays in its vault"})


def secret_gives(request: Request) -> Mapping[str, Any]:
    """Give a secret's URLs; Azure Resource Manager never gives the value back."""
    held = {key: value for key, value in (request.inputs.get("properties") or {}).items() if key != "value"}
    uri = f"https://{request.inputs['vaultName']}.vault.azure.net/secrets/{request.inputs['secretName']}"
    versioned = f"{uri}/{arm.guid(request.seed).replace('-', '')}"
    return {"properties": {**held, "secretUri": uri, "secretUriWithVersion": versioned}}


def port_gives(_request: Request) -> Mapping[str, Any]:
    """Give what Azure says of a port."""
    return {"etherType": "0x8100", "mtu": "1500", "provisioningState": "Succeeded"}


def circuit_gives(request: Request) -> Mapping[str, Any]:
    """Give a circuit's key and its states; on a Direct port nobody else has to provision it."""
    return {
        "serviceKey": arm.guid(request.seed),
        "stag": 1,
        "circuitProvisioningState": "Enabled",
        "serviceProviderProvisioningState": "Provisioned",
    }


def peering_gives(_request: Request) -> Mapping[str, Any]:
    """Give Azure's own side of a peering."""
    return {"azureASN": 12076, "primaryAzurePort": "primary", "secondaryAzurePort": "secondary"}


def _macsec(request: Request, path: str, keys: Mapping[str, Any]) -> Iterator[Problem]:
    if not refer.first(request.inputs, "identity.userAssignedIdentities") and refer.known(request.inputs, "identity"):
        yield Problem(path="identity", reason="MacSecIdentityMissing: MACsec keys are read by a user-assigned identity")
    for field in ("cknSecretIdentifier", "cakSecretIdentifier"):
        value = keys.get(field)
        if value is None:
            yield Problem(path=f"{path}.{field}", reason="MacSecConfigIncomplete: it takes a name and a key")
        if isinstance(value, str) and not request.preview:
            yield from _readable(request, f"{path}.{field}", value)


def _readable(request: Request, path: str, value: str) -> Iterator[Problem]:
    found = next(
        (
            one
            for one in request.among(SECRET)
            if value in (refer.first(one, "properties.secretUri"), refer.first(one, "properties.secretUriWithVersion"))
        ),
        None,
    )
    if found is None:
        yield Problem(path=path, reason=f"SecretNotFound: {value} is not in any vault")
        return
    vault = arm.parent(str(found.get("id")))
    principals = {
        (request.find(str(one)) or {}).get("principalId")
        for _, one in refer.at(request.inputs, "identity.userAssignedIdentities[]")
    }
    granted = {
        one.get("principalId")
        for one in request.among("azure-native:authorization:RoleAssignment")
        if f"{vault}/".startswith(f"{one.get('scope')}/")
    }
    if not principals & granted - {None}:
        yield Problem(path=path, reason=f"MacSecIdentityForbidden: the port's identity has no role on {vault}")


def _on_port(request: Request, target: object) -> Iterator[Problem]:
    wanted = request.inputs.get("bandwidthInGbps")
    held = request.find(target) if isinstance(target, str) else None
    if held is None or not isinstance(wanted, (int, float)):
        return
    whole = int(held.get("bandwidthInGbps") or 0)
    offered = _OF_PORT_GBPS.get(whole, ())
    if wanted not in offered:
        reason = f"BandwidthNotOffered: {wanted:g}; a port of {whole} Gbit/s takes {', '.join(map(str, offered))}"
        yield Problem(path="bandwidthInGbps", reason=reason)
    if request.preview:
        return
    others = (
        float(one.get("bandwidthInGbps") or 0)
        for one in request.among(CIRCUIT)
        if refer.first(one, "expressRoutePort.id") == target and one.get("id") != request.id
    )
    booked = wanted + sum(others)
    if booked > _OVERBOOKED * whole:
        reason = f"PortBandwidthExceeded: {booked:g} Gbit/s in all; a port of {whole} takes {_OVERBOOKED * whole}"
        yield Problem(path="bandwidthInGbps", reason=reason)


def _vlan_taken(request: Request, vlan: object) -> Iterator[Problem]:
    """A VLAN is one circuit's on its port."""
    if request.preview:
        return
    base = f"/subscriptions/{request.target.account}/resourceGroups/{request.inputs.get('resourceGroupName')}"
    own = f"{base}/providers/Microsoft.Network/expressRouteCircuits/{request.inputs.get('circuitName')}"
    on_port = refer.first(request.find(own), "expressRoutePort.id")
    for other in request.among(PEERING):
        above = arm.parent(str(other.get("id")))
        shared = on_port is not None and refer.first(request.find(above), "expressRoutePort.id") == on_port
        if shared and above != own and other.get("vlanId") == vlan:
            yield Problem(path="vlanId", reason=f"VlanIdInUse: {vlan} is that of {other.get('id')} on the same port")
