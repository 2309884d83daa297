"""HA VPN: gateways with two allotted addresses, other clouds' gateways, and tunnels.

Guarantees that a tunnel is refused that Cloud VPN would not take: no router, an interface that a gateway has not, another
region's gateway, an empty key, a cipher that is not offered. Addresses are out of a range kept for tests
(RFC 2544), and can never be anyone's. Ciphers: Cloud VPN documentation, "Supported IKE ciphers", from general knowledge.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox import addresses
from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import COMPUTE, address, bare, digest, items, known, last, number
from nautilus.sandbox.gcp.places import region_of
from nautilus.sandbox.gcp.router import TUNNEL, regional, router_id
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

GATEWAY: Final = "gcp:compute/haVpnGateway:HaVpnGateway"
EXTERNAL: Final = "gcp:compute/externalVpnGateway:ExternalVpnGateway"

_COUNTS: Final = {"SINGLE_IP_INTERNALLY_REDUNDANT": 1, "TWO_IPS_REDUNDANCY": 2, "FOUR_IPS_REDUNDANCY": 4}
_UNROUTED: Final = tuple(
    ipaddress.IPv4Network(cidr)
    for cidr in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)
_GROUPS: Final = frozenset(f"Group-{group}" for group in (2, 5, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 31))
_HASHES: Final = frozenset({"HMAC-SHA2-256-128", "HMAC-SHA2-384-192", "HMAC-SHA2-512-256", "HMAC-SHA1-96"})
_AEAD: Final = frozenset({"AES-GCM-16-128", "AES-GCM-16-192", "AES-GCM-16-256"})
_CIPHERS: Final = _AEAD | {"AES-CBC-128", "AES-CBC-192", "AES-CBC-256"}
_PRFS: Final = frozenset({f"PRF-HMAC-{name}" for name in ("SHA2-256", "SHA2-384", "SHA2-512", "SHA1", "MD5")})
_SUITE: Final = {
    "phase1": {"encryptions": _CIPHERS, "integrities": _HASHES, "prves": _PRFS, "dhs": _GROUPS},
    "phase2": {"encryptions": _CIPHERS, "integrities": _HASHES, "pfs": _GROUPS},
}


def _network(request: Request) -> Iterator[Problem]:
    yield from rules.exists(request, "network", known(request, "network"), "network")


def _interfaces(request: Request) -> Iterator[Problem]:
    for index, interface in enumerate(_known(known(request, "vpnInterfaces"))):
        yield from rules.within(f"vpnInterfaces[{index}].id", interface.get("id"), 0, 1)


def _external(request: Request) -> Iterator[Problem]:
    wanted = _COUNTS.get(str(known(request, "redundancyType")))
    given = request.inputs.get("interfaces")
    if wanted is not None and given is not UNKNOWN:
        numbers = sorted(item["id"] for item in _known(given) if isinstance(item.get("id"), int))
        if len(items(given)) != wanted or (len(numbers) == wanted and numbers != list(range(wanted))):
            kind = request.inputs["redundancyType"]
            yield Problem(path="interfaces", reason=f"{kind} has interfaces 0 to {wanted - 1}, found {numbers}")
    seen: set[str] = set()
    for index, item in enumerate(items(given)):
        text, path = item.get("ipAddress") if isinstance(item, Mapping) else None, f"interfaces[{index}].ipAddress"
        if not isinstance(text, str):
            continue
        try:
            found = ipaddress.IPv4Address(text)
        except ValueError:
            yield Problem(path=path, reason=f"{text} is not an IPv4 address")
            continue
        if any(found in network for network in _UNROUTED):
            yield Problem(path=path, reason=f"{text} is not a public address")
        if text in seen:
            yield Problem(path=path, reason=f"two interfaces have the address {text}")
        seen.add(text)
        if not request.preview and text in set(_googles(request)):
            yield Problem(path=path, reason=f"{text} is a Google Cloud VPN gateway's own: name that gateway instead")


def _known(found: Value) -> list[Mapping[str, Any]]:
    return [item for item in items(found) if isinstance(item, Mapping)]


def _googles(request: Request) -> Iterator[str]:
    for gateway in request.among(GATEWAY):
        for interface in gateway.get("vpnInterfaces") or ():
            yield str(interface.get("ipAddress"))


def _tunnel(request: Request) -> Iterator[Problem]:
    given = request.inputs
    yield from rules.within("ikeVersion", known(request, "ikeVersion"), 1, 2)
    if not given.get("sharedSecret") and not given.get("sharedSecretWo"):
        yield Problem(path="sharedSecret", reason="a tunnel needs a pre-shared key")
    yield from _suite(known(request, "cipherSuite"))
    if bool(given.get("vpnGateway")) == bool(given.get("targetVpnGateway")):
        yield Problem(path="vpnGateway", reason="a tunnel has one gateway: vpnGateway, or targetVpnGateway of Classic VPN")
    if not given.get("vpnGateway"):
        return
    for name in ("router", "vpnGatewayInterface"):
        if given.get(name) is None:
            yield Problem(path=name, reason=f"a tunnel of an HA VPN gateway needs {name}")
    for name in ("localTrafficSelectors", "remoteTrafficSelectors", "peerIp"):
        if given.get(name):
            yield Problem(path=name, reason="a tunnel of an HA VPN gateway takes none: its routes come by BGP")
    yield from rules.within("vpnGatewayInterface", known(request, "vpnGatewayInterface"), 0, 1)
    external, google = given.get("peerExternalGateway"), given.get("peerGcpGateway")
    if bool(external) == bool(google):
        yield Problem(path="peerExternalGateway", reason="a tunnel has one peer: peerExternalGateway or peerGcpGateway")
    if external and given.get("peerExternalGatewayInterface") is None:
        yield Problem(path="peerExternalGatewayInterface", reason="a tunnel to an external gateway names its interface")
    if google and given.get("peerExternalGatewayInterface") is not None:
        yield Problem(path="peerExternalGatewayInterface", reason="only an external gateway's interface is named")
    if not request.preview:
        yield from _bound(request)


def _suite(suite: Value) -> Iterator[Problem]:
    for phase, roles in _SUITE.items():
        found = suite.get(phase) if isinstance(suite, Mapping) else None
        if not isinstance(found, Mapping):
            continue
        for role, allowed in roles.items():
            for index, name in enumerate(items(found.get(role))):
                if isinstance(name, str) and name not in allowed:
                    offered = ", ".join(sorted(allowed))
                    yield Problem(path=f"cipherSuite.{phase}.{role}[{index}]", reason=f"{name} is not offered: {offered}")
        ciphers = {name for name in items(found.get("encryptions")) if isinstance(name, str)}
        if ciphers and ciphers <= _AEAD and found.get("integrities"):
            yield Problem(path=f"cipherSuite.{phase}.integrities", reason="AES-GCM checks integrity itself: give none")


def _bound(request: Request) -> Iterator[Problem]:
    """Refuse what does not fit the gateways and the router that are there."""
    given, region = request.inputs, address(request)["region"]
    own = regional(request, given["vpnGateway"], "vpnGateways")
    router = router_id(request, given.get("router"))
    yield from rules.exists(request, "vpnGateway", own, "VPN gateway")
    yield from rules.exists(request, "router", router, "router")
    mine, route = rules.found(request, own), rules.found(request, router)
    for name, link in (("vpnGateway", own), ("router", router)):
        if rules.found(request, link) is not None and region_of(str(link).split("/")[3]) != region:
            yield Problem(path=name, reason=f"{link} is outside region {region}")
    if mine is not None and route is not None and bare(str(mine["network"])) != bare(str(route["network"])):
        yield Problem(path="router", reason=f"{last(str(router))} is in another network than the VPN gateway")
    yield from _peer(request, str(own))
    for other in request.among(TUNNEL):
        ends = ("vpnGatewayInterface", "peerExternalGateway", "peerGcpGateway", "peerExternalGatewayInterface")
        alike = all(bare(str(other.get(name))) == bare(str(given.get(name))) for name in ends)
        if alike and bare(str(other.get("vpnGateway"))) == own and other.get("name") != address(request)["name"]:
            yield Problem(path="vpnGatewayInterface", reason=f"{other['name']} already joins the same two interfaces")


def _peer(request: Request, own: str) -> Iterator[Problem]:
    google = known(request, "peerGcpGateway")
    yield from rules.exists(request, "peerGcpGateway", google, "VPN gateway")
    if isinstance(google, str) and bare(google) == own:
        yield Problem(path="peerGcpGateway", reason="a gateway cannot be its own peer")
    link = known(request, "peerExternalGateway")
    if not isinstance(link, str):
        return
    full = bare(link) if "/" in link else f"projects/{address(request)['project']}/global/externalVpnGateways/{link}"
    yield from rules.exists(request, "peerExternalGateway", full, "external VPN gateway")
    external, wanted = request.find(full), request.inputs.get("peerExternalGatewayInterface")
    numbers = [item.get("id") for item in (external or {}).get("interfaces") or ()]
    if external is not None and wanted not in numbers:
        yield Problem(path="peerExternalGatewayInterface", reason=f"the gateway has no interface {wanted}: {numbers}")


def _gateway_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    drawn = int(digest(request.seed, 12), 16) % (addresses.GCP_TUNNELS.num_addresses // 2 - 1)
    first = int(addresses.GCP_TUNNELS.network_address) + 2 * drawn
    interfaces = [{"id": place, "ipAddress": str(ipaddress.IPv4Address(first + place))} for place in (0, 1)]
    return {"vpnInterfaces": interfaces, "labelFingerprint": digest(repr(request.inputs.get("labels")))}


def _external_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {"labelFingerprint": digest(repr(request.inputs.get("labels")))}


def _tunnel_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {
        "creationTimestamp": CREATED,
        "detailedStatus": "Tunnel is up and running.",
        "labelFingerprint": digest(repr(request.inputs.get("labels"))),
        "localTrafficSelectors": ["0.0.0.0/0"],
        "remoteTrafficSelectors": ["0.0.0.0/0"],
        "sharedSecretHash": digest(f"{request.seed}{request.inputs.get('sharedSecret')}", 40),
        "tunnelId": number(request.seed),
    }


def _gateway_held(request: Request) -> Iterator[str]:
    for other in request.among(TUNNEL):
        if request.id in {bare(str(other.get(name))) for name in ("vpnGateway", "peerGcpGateway", "peerExternalGateway")}:
            yield f"the gateway is in use by {other.get('name')}"


ROWS: Final = (
    Row(
        type=GATEWAY,
        schema="compute.v1:VpnGateway",
        id="projects/{project}/regions/{region}/vpnGateways/{name}",
        link=COMPUTE,
        replace_on="name project region network description gatewayIpVersion stackType vpnInterfaces",
        rules=(rules.region, _network, _interfaces),
        outputs=_gateway_outputs,
        labels="labels",
        holds=_gateway_held,
        defaults="project region name",
    ),
    Row(
        type=EXTERNAL,
        schema="compute.v1:ExternalVpnGateway",
        id="projects/{project}/global/externalVpnGateways/{name}",
        link=COMPUTE,
        replace_on="name project description interfaces redundancyType",
        rules=(_external,),
        outputs=_external_outputs,
        labels="labels",
        holds=_gateway_held,
    ),
    Row(
        type=TUNNEL,
        schema="compute.v1:VpnTunnel",
        id="projects/{project}/regions/{region}/vpnTunnels/{name}",
        link=COMPUTE,
        replace_on="name project region cipherSuite description ikeVersion localTrafficSelectors peerExternalGateway "
        "peerExternalGatewayInterface peerGcpGateway peerIp remoteTrafficSelectors router sharedSecret targetVpnGateway "
        "vpnGateway vpnGatewayInterface",
        rules=(rules.region, _tunnel),
        outputs=_tunnel_outputs,
        labels="labels",
        defaults="project region name",
    ),
)
