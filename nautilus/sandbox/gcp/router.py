"""Cloud Router: its own AS number and what it announces, and its interfaces.

Guarantees that a router with a public AS number is refused, and an interface outside the link-local range, of a tunnel that
is another router's, or whose range is in use. Figures: the compute API's own field descriptions. Sessions: `session`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import COMPUTE, address, bare, items, known, last
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

ROUTER: Final = "gcp:compute/router:Router"
INTERFACE: Final = "gcp:compute/routerInterface:RouterInterface"
PEER: Final = "gcp:compute/routerPeer:RouterPeer"
TUNNEL: Final = "gcp:compute/vPNTunnel:VPNTunnel"
ATTACHMENT: Final = "gcp:compute/interconnectAttachment:InterconnectAttachment"

_LINK_LOCAL: Final = ipaddress.IPv4Network("169.254.0.0/16")
_METADATA: Final = ipaddress.IPv4Address("169.254.169.254")
_PARTNER_ASN: Final = 16550
"""What a router needs that Partner Interconnect attaches to; the only public number that Google lets a router have."""
_LENGTH: Final = 30
_MAX_ROUTERS: Final = 5
"""Of one network in one region (Cloud Router documentation, "Quotas and limits"; general knowledge)."""


def router_id(request: Request, found: Value) -> Value:
    """Give a router's id from its name or link, as the provider takes either; None where it is not known."""
    if not isinstance(found, str):
        return None
    parts = address(request)
    return bare(found) if "/" in found else f"projects/{parts['project']}/regions/{parts['region']}/routers/{found}"


def regional(request: Request, found: Value, collection: str) -> Value:
    """Give the id of a resource of the same project and region from its name or link."""
    if not isinstance(found, str):
        return None
    parts = address(request)
    return bare(found) if "/" in found else f"projects/{parts['project']}/regions/{parts['region']}/{collection}/{found}"


def _network(request: Request) -> Iterator[Problem]:
    yield from rules.exists(request, "network", known(request, "network"), "network")


def private_asn(asn: int) -> bool:
    """Say whether an AS number is private (RFC 6996)."""
    return 64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294  # noqa: PLR2004 - the standard's own bounds


def _count(request: Request) -> Iterator[Problem]:
    region, network = address(request)["region"], request.inputs.get("network")
    if request.preview or not isinstance(network, str):
        return
    beside = [
        other["name"]
        for other in request.among(ROUTER)
        if bare(str(other.get("network"))) == bare(network) and other.get("region") == region
    ]
    if len({*beside, address(request)["name"]}) > _MAX_ROUTERS:
        yield Problem(path="network", reason=f"the network has {len(beside)} routers in {region}: at most {_MAX_ROUTERS}")


def _bgp(request: Request) -> Iterator[Problem]:
    bgp = known(request, "bgp")
    if not isinstance(bgp, Mapping):
        return
    asn = bgp.get("asn")
    if isinstance(asn, int) and not private_asn(asn) and asn != _PARTNER_ASN:
        yield Problem(path="bgp.asn", reason=f"{asn} is not private: 64512 to 65534 or 4200000000 to 4294967294")
    yield from rules.within("bgp.keepaliveInterval", bgp.get("keepaliveInterval"), 20, 60)
    yield from advertised("bgp.", bgp)


def advertised(path: str, found: Mapping[str, Any]) -> Iterator[Problem]:
    """Refuse ranges without custom mode, and what is no range."""
    for name in ("advertisedIpRanges", "advertisedGroups"):
        if found.get(name) and found.get("advertiseMode") not in {"CUSTOM", UNKNOWN}:
            yield Problem(path=f"{path}{name}", reason="only advertise mode CUSTOM takes ranges and groups")
    for index, entry in enumerate(items(found.get("advertisedIpRanges"))):
        cidr = entry.get("range") if isinstance(entry, Mapping) else None
        if isinstance(cidr, str) and cidr_of(cidr) is None:
            yield Problem(path=f"{path}advertisedIpRanges[{index}].range", reason=f"{cidr} is not a network address")


def cidr_of(text: str) -> ipaddress.IPv4Network | None:
    """Give a range, None for what is none."""
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def interface_of(text: Value) -> ipaddress.IPv4Interface | None:
    """Give an address with its prefix, None for what is none or not known yet."""
    try:
        return ipaddress.IPv4Interface(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _interface(request: Request) -> Iterator[Problem]:
    linked = [name for name in ("vpnTunnel", "interconnectAttachment", "subnetwork") if request.inputs.get(name)]
    if len(linked) > 1:
        yield Problem(path=linked[1], reason=f"an interface has one linked resource, found {' and '.join(linked)}")
    yield from _inside(request)
    if request.preview:
        return
    router = router_id(request, request.inputs["router"])
    yield from rules.exists(request, "router", router, "router")
    for name, collection, kind in (
        ("vpnTunnel", "vpnTunnels", "VPN tunnel"),
        ("interconnectAttachment", "interconnectAttachments", "VLAN attachment"),
    ):
        link = regional(request, known(request, name), collection)
        yield from rules.exists(request, name, link, kind)
        found = rules.found(request, link)
        if found is not None and last(str(found.get("router"))) != last(str(router)):
            yield Problem(path=name, reason=f"the {kind} belongs to router {last(str(found.get('router')))}")
        if found is not None and name == "interconnectAttachment":
            yield from _attached(request, found)
        for other in request.among(INTERFACE):
            if link is not None and regional(request, other.get(name), collection) == link and not _same(request, other):
                yield Problem(path=name, reason=f"interface {other['name']} already uses it")
    mine = interface_of(request.inputs.get("ipRange"))
    network = (rules.found(request, router) or {}).get("network")
    for other in request.among(INTERFACE):
        theirs = interface_of(other.get("ipRange"))
        beside = rules.found(request, _router_of(other)) or {}
        if mine is None or theirs is None or _same(request, other) or beside.get("network") != network:
            continue
        if mine.network.overlaps(theirs.network):
            yield Problem(path="ipRange", reason=f"{mine} overlaps with {theirs} of {other['name']} in the same network")


def _same(request: Request, other: Mapping[str, Any]) -> bool:
    parts = address(request)
    return (other.get("name"), last(str(other.get("router")))) == (parts["name"], last(str(request.inputs.get("router"))))


def _router_of(other: Mapping[str, Any]) -> str:
    name = str(other.get("router"))
    return bare(name) if "/" in name else f"projects/{other.get('project')}/regions/{other.get('region')}/routers/{name}"


def _inside(request: Request) -> Iterator[Problem]:
    text = known(request, "ipRange")
    # A VLAN attachment brings its own two addresses, which need not be link-local: they are compared once it is there.
    elsewhere = any(request.inputs.get(name) for name in ("interconnectAttachment", "subnetwork"))
    if not isinstance(text, str) or known(request, "ipVersion") == "IPV6" or elsewhere:
        return
    found = interface_of(text)
    if found is None or not found.network.subnet_of(_LINK_LOCAL):
        yield Problem(path="ipRange", reason=f"{text} is not an address with its prefix within {_LINK_LOCAL}")
        return
    if found.network.prefixlen != _LENGTH:
        yield Problem(path="ipRange", reason=f"{text}: the prefix must be /{_LENGTH}")
    elif found.ip in {found.network.network_address, found.network.broadcast_address}:
        yield Problem(path="ipRange", reason=f"{text} is the range's first or last address, which no interface has")
    if _METADATA in found.network:
        yield Problem(path="ipRange", reason=f"{text} holds {_METADATA}, where machines find the metadata server")


def _attached(request: Request, attachment: Mapping[str, Any]) -> Iterator[Problem]:
    text, allotted = request.inputs.get("ipRange"), attachment.get("cloudRouterIpAddress")
    if isinstance(text, str) and allotted and text != allotted:
        yield Problem(path="ipRange", reason=f"{text} is not what the VLAN attachment was given: {allotted}")


def _router_held(request: Request) -> Iterator[str]:
    for kind in (INTERFACE, TUNNEL, ATTACHMENT):
        for other in request.among(kind):
            if other.get("router") and _router_of(other) == request.id:
                yield f"the router is in use by {other.get('name')}"


def _interface_held(request: Request) -> Iterator[str]:
    for other in request.among(PEER):
        if f"{other.get('region')}/{last(str(other.get('router')))}/{other.get('interface')}" == request.id:
            yield f"the interface is in use by {other.get('name')}"


def _timed(_request: Request, _made: str) -> Mapping[str, Any]:
    return {"creationTimestamp": CREATED}


def under(request: Request, template: str) -> str:
    """Give an id from a template over the resource's address and its router's name."""
    return template.format_map({**address(request), "router": last(str(request.inputs["router"]))})


_REGIONAL: Final = "project region name"

ROWS: Final = (
    Row(
        type=ROUTER,
        schema="compute.v1:Router",
        id="projects/{project}/regions/{region}/routers/{name}",
        link=COMPUTE,
        replace_on="name project region network encryptedInterconnectRouter",
        rules=(rules.region, _network, _count, _bgp),
        outputs=_timed,
        holds=_router_held,
        defaults=_REGIONAL,
    ),
    Row(
        type=INTERFACE,
        schema="compute.v1:RouterInterface",
        id=lambda request: under(request, "{region}/{router}/{name}"),
        replace_on="name project region router ipRange vpnTunnel interconnectAttachment subnetwork privateIpAddress",
        rules=(rules.region, _interface),
        holds=_interface_held,
        defaults=_REGIONAL,
    ),
)
