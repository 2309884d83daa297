"""What Azure refuses of a hub's VPN gateway, of sites, and of the connections to them.

Sources: Virtual WAN IPsec policies, BGP and APIPA addresses of Azure VPN, AS numbers that Azure keeps, VPN connections in
Azure Resource Manager (Microsoft Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox import addresses
from nautilus.sandbox.azure import arm, refer, wan
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

GATEWAY: Final = "azure-native:network:VpnGateway"
CONNECTION: Final = "azure-native:network:VpnConnection"
HUB_ASN: Final = 65515

_INSTANCES: Final = ("Instance0", "Instance1")
_UNITS: Final = range(1, 21)
_LINKS_MAX: Final = 4
_APIPA: Final = (ipaddress.IPv4Address("169.254.21.0"), ipaddress.IPv4Address("169.254.22.255"))
_KEY_LENGTH: Final = range(1, 129)
_DEAD_PEER_S: Final = range(9, 3601)
_SA_S: Final = range(300, 172_800)
_SA_KIB: Final = range(1024, 2_147_483_648)
_RESERVED_ASNS: Final = (
    *range(65515, 65521),
    8074,
    8075,
    12076,
    23456,
    *range(64496, 64512),
    *range(65535, 65552),
    429_496_729,
)
"""What Azure (8074, 8075, 12076, 65515 to 65520) and IANA keep; of its own a hub has one, 65515."""

_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "ikeEncryption": ("GCMAES256", "GCMAES128", "AES256", "AES128"),
    "ikeIntegrity": ("SHA384", "SHA256"),
    "dhGroup": ("ECP384", "ECP256", "DHGroup24", "DHGroup14"),
    "ipsecEncryption": ("GCMAES256", "GCMAES128", "AES256", "AES128", "None"),
    "ipsecIntegrity": ("GCMAES256", "GCMAES128", "SHA256"),
    "pfsGroup": ("ECP384", "ECP256", "PFS24", "PFS14", "None"),
}
"""What a custom policy of Virtual WAN may name; narrower than the API's types."""


def gateway(request: Request) -> Iterator[Problem]:
    """One a hub, Azure's own AS number, units that there are, own BGP addresses in the ranges that Azure takes."""
    inputs = request.inputs
    hub = refer.first(inputs, "virtualHub.id")
    if hub is None and refer.known(inputs, "virtualHub.id"):
        yield Problem(path="virtualHub", reason="InvalidRequestFormat: a VPN gateway needs its hub")
    if not request.preview:
        for other in request.among(GATEWAY):
            if hub and refer.first(other, "virtualHub.id") == hub and other.get("id") != request.id:
                yield Problem(path="virtualHub.id", reason=f"VirtualHubHasVpnGateway: {other.get('id')}; a hub has one")
    units = inputs.get("vpnGatewayScaleUnit")
    if isinstance(units, (int, float)) and units not in _UNITS:
        yield Problem(path="vpnGatewayScaleUnit", reason=f"InvalidScaleUnit: {units:g}; it takes 1 to 20")
    asn = refer.first(inputs, "bgpSettings.asn")
    if asn is not None and asn != HUB_ASN:
        yield Problem(path="bgpSettings.asn", reason=f"InvalidBgpAsn: {asn:g}; a hub's VPN gateway has {HUB_ASN}")
    seen: set[str] = set()
    for path, peer in refer.at(inputs, "bgpSettings.bgpPeeringAddresses[]"):
        instance = refer.first(peer, "ipconfigurationId")
        if peer is not UNKNOWN and instance not in _INSTANCES:
            reason = f"InvalidIpConfigurationId: {instance!r}; it takes {' or '.join(_INSTANCES)}"
            yield Problem(path=f"{path}.ipconfigurationId", reason=reason)
        for inner, value in refer.at(peer, "customBgpIpAddresses[]"):
            yield from _apipa(f"{path}.{inner}", value)
            if value in seen:
                yield Problem(path=f"{path}.{inner}", reason=f"DuplicateCustomBgpIpAddress: {value} is given twice")
            seen.add(str(value))


def site(request: Request) -> Iterator[Problem]:
    """One to four links of different names and addresses, AS numbers that a peer may have, and BGP or ranges."""
    inputs = request.inputs
    if inputs.get("virtualWan") is None:
        yield Problem(path="virtualWan", reason="InvalidRequestFormat: a site needs its virtual WAN")
    links = [item for item in refer.at(inputs, "vpnSiteLinks[]") if isinstance(item[1], Mapping)]
    if refer.known(inputs, "vpnSiteLinks") and len(links) not in range(1, _LINKS_MAX + 1):
        yield Problem(path="vpnSiteLinks", reason=f"InvalidVpnSiteLinks: {len(links)}; a site has 1 to {_LINKS_MAX}")
    for field in ("name", "ipAddress"):
        seen: set[str] = set()
        for path, link in links:
            value = refer.first(link, field)
            if value is not None and str(value) in seen:
                yield Problem(path=f"{path}.{field}", reason=f"DuplicateVpnSiteLink: {value} is another link's too")
            seen.add(str(value))
    for path, link in links:
        if refer.known(link, "ipAddress") and link.get("fqdn") is None:
            yield from _address(f"{path}.ipAddress", link.get("ipAddress"))
        if link.get("bgpProperties") is not None:
            yield from _asn(f"{path}.bgpProperties.asn", refer.first(link, "bgpProperties.asn"))
            yield from _address(
                f"{path}.bgpProperties.bgpPeeringAddress", refer.first(link, "bgpProperties.bgpPeeringAddress")
            )
        elif not refer.first(inputs, "addressSpace.addressPrefixes"):
            yield Problem(path="addressSpace", reason="VpnSiteNoRoutes: a site without BGP needs its ranges")


def connection(request: Request) -> Iterator[Problem]:
    """A site that this gateway is not joined to yet, each of its links at most once, and a policy that Azure makes."""
    inputs = request.inputs
    target = refer.first(inputs, "remoteVpnSite.id")
    base = f"/subscriptions/{request.target.account}/resourceGroups/{inputs.get('resourceGroupName')}"
    own = f"{base}/providers/Microsoft.Network/vpnGateways/{inputs.get('gatewayName')}"
    held = request.find(own) or {}
    if held:
        yield from wan.routing(request, str(refer.first(held, "virtualHub.id") or ""))
    if not request.preview and isinstance(target, str):
        for other in request.among(CONNECTION):
            same = refer.first(other, "remoteVpnSite.id") == target and arm.parent(str(other.get("id"))) == own
            if same and other.get("id") != request.id:
                yield Problem(path="remoteVpnSite.id", reason=f"VpnSiteAlreadyConnected: {other.get('id')} leads to it")
    remote = request.find(target) if isinstance(target, str) else None
    links = {refer.first(link, "name"): link for _, link in refer.at(remote, "vpnSiteLinks[]")}
    seen: set[str] = set()
    if not inputs.get("vpnLinkConnections") and refer.known(inputs, "vpnLinkConnections"):
        yield Problem(path="vpnLinkConnections", reason="InvalidVpnLinkConnections: a connection needs a link")
    for path, link in refer.at(inputs, "vpnLinkConnections[]"):
        if link is UNKNOWN:
            continue
        wanted = refer.first(link, "vpnSiteLink.id")
        if isinstance(wanted, str):
            name = wanted.rpartition("/")[2]
            if remote is not None and (name not in links or arm.parent(wanted) != target):
                reason = f"ResourceNotFound: {wanted} is no link of {target}"
                yield Problem(path=f"{path}.vpnSiteLink.id", reason=reason)
            if wanted in seen:
                yield Problem(path=f"{path}.vpnSiteLink.id", reason=f"DuplicateVpnSiteLink: {name} is connected twice")
            seen.add(wanted)
            yield from _bgp(path, link, links.get(name), held)
        yield from _settings(path, link)


def _bgp(
    path: str, link: Mapping[str, Any], far: Mapping[str, Any] | None, gateway_: Mapping[str, Any]
) -> Iterator[Problem]:
    if link.get("enableBgp") is not True:
        return
    if far is not None and far.get("bgpProperties") is None:
        yield Problem(path=f"{path}.enableBgp", reason="VpnSiteLinkHasNoBgp: the site's link has no BGP settings")
    offered = {
        refer.first(peer, "ipconfigurationId"): [value for _, value in refer.at(peer, "customBgpIpAddresses[]")]
        for _, peer in refer.at(gateway_, "bgpSettings.bgpPeeringAddresses[]")
    }
    chosen = list(refer.at(link, "vpnGatewayCustomBgpAddresses[]"))
    peer_address = refer.first(far, "bgpProperties.bgpPeeringAddress")
    if not chosen and isinstance(peer_address, str) and _is_link_local(peer_address):
        reason = f"CustomBgpIpAddressRequired: the peer's {peer_address} is link-local: so must the gateway's be"
        yield Problem(path=f"{path}.vpnGatewayCustomBgpAddresses", reason=reason)
    if chosen and {refer.first(one, "ipConfigurationId") for _, one in chosen} != set(_INSTANCES):
        reason = "InvalidCustomBgpIpAddress: it takes one address of each instance"
        yield Problem(path=f"{path}.vpnGatewayCustomBgpAddresses", reason=reason)
    for inner, one in chosen:
        instance, address = refer.first(one, "ipConfigurationId"), refer.first(one, "customBgpIpAddress")
        if gateway_ and address is not None and address not in offered.get(instance, []):
            reason = f"CustomBgpIpAddressNotFound: {address} is none of the gateway's for {instance}"
            yield Problem(path=f"{path}.{inner}.customBgpIpAddress", reason=reason)


def _settings(path: str, link: Mapping[str, Any]) -> Iterator[Problem]:
    secret = link.get("sharedKey")
    if isinstance(secret, str) and not (len(secret) in _KEY_LENGTH and secret.isascii() and secret.isprintable()):
        reason = f"InvalidSharedKey: {len(secret)} characters; it takes 1 to {_KEY_LENGTH.stop - 1} printable ASCII ones"
        yield Problem(path=f"{path}.sharedKey", reason=reason)
    seconds = link.get("dpdTimeoutSeconds")
    if isinstance(seconds, (int, float)) and seconds not in _DEAD_PEER_S:
        yield Problem(path=f"{path}.dpdTimeoutSeconds", reason=f"InvalidDpdTimeout: {seconds:g}; it takes 9 to 3600")
    policies = [item for item in refer.at(link, "ipsecPolicies[]") if isinstance(item[1], Mapping)]
    if len(policies) > 1:
        yield Problem(path=f"{path}.ipsecPolicies", reason=f"InvalidIpsecPolicies: {len(policies)}; a connection has one")
    for inner, policy in policies:
        yield from _policy(f"{path}.{inner}", policy)


def _policy(path: str, policy: Mapping[str, Any]) -> Iterator[Problem]:
    for field, allowed in _ALLOWED.items():
        value = policy.get(field)
        if isinstance(value, str) and value not in allowed:
            yield Problem(path=f"{path}.{field}", reason=f"InvalidIpsecPolicy: {value}; it takes {', '.join(allowed)}")
    encryption, integrity = policy.get("ipsecEncryption"), policy.get("ipsecIntegrity")
    if any(str(value).startswith("GCM") for value in (encryption, integrity)) and encryption != integrity:
        reason = f"InvalidIpsecPolicy: {integrity} with {encryption}; an AES-GCM cipher is its own integrity"
        yield Problem(path=f"{path}.ipsecIntegrity", reason=reason)
    for field, allowed_range in (("saLifeTimeSeconds", _SA_S), ("saDataSizeKilobytes", _SA_KIB)):
        value = policy.get(field)
        if isinstance(value, (int, float)) and value not in allowed_range:
            reason = f"InvalidIpsecPolicy: {value:g}; it takes {allowed_range.start} to {allowed_range.stop - 1}"
            yield Problem(path=f"{path}.{field}", reason=reason)


def gateway_gives(request: Request) -> Mapping[str, Any]:
    """Give the two instances with their addresses: public ones out of a range kept for tests."""
    draw = int(hashlib.sha256(f"{request.target.account}/{request.seed}".encode()).hexdigest()[:8], 16) % 32768
    public = addresses.AZURE_TUNNELS
    hub = request.find(str(refer.first(request.inputs, "virtualHub.id"))) or {}
    prefix = hub.get("addressPrefix")
    inner = ipaddress.IPv4Network(str(prefix)) if prefix else ipaddress.IPv4Network("10.0.0.0/24")
    return {
        "ipConfigurations": [
            {"id": name, "publicIpAddress": str(public[2 * draw + place]), "privateIpAddress": str(inner[4 + place])}
            for place, name in enumerate(_INSTANCES)
        ]
    }


def asn_problem(asn: object) -> str | None:
    """Give why a peer may not have this AS number, None where it may."""
    if isinstance(asn, (int, float)) and (asn in _RESERVED_ASNS or not 1 <= asn < 1 << 32):
        return f"BgpAsnReserved: {asn:g}; Azure and IANA keep it: take another"
    return None


def _asn(path: str, asn: object) -> Iterator[Problem]:
    if (reason := asn_problem(asn)) is not None:
        yield Problem(path=path, reason=reason)


def _apipa(path: str, value: object) -> Iterator[Problem]:
    if value is UNKNOWN:
        return
    low, high = _APIPA
    try:
        inside = low <= ipaddress.IPv4Address(str(value)) <= high
    except ValueError:
        inside = False
    if not inside:
        yield Problem(path=path, reason=f"InvalidCustomBgpIpAddress: {value}; it takes 169.254.21.0 to 169.254.22.255")


def _address(path: str, value: object) -> Iterator[Problem]:
    if value is UNKNOWN:
        return
    try:
        ipaddress.IPv4Address(str(value))
    except ValueError:
        yield Problem(path=path, reason=f"InvalidIpAddress: {value!r} is no IPv4 address")


def _is_link_local(value: str) -> bool:
    return ipaddress.IPv4Address(value).is_link_local
