"""Dedicated Interconnect: ordered ports and the VLAN attachments on them.

Guarantees that a port is refused where Google has none, with MACsec that no key or hardware backs, and an attachment whose
VLAN is taken, whose bandwidth the port has not, or whose router is elsewhere. An order is filled at once here. Figures: the
compute API's own field descriptions; link counts: Cloud Interconnect documentation, "Quotas and limits", general knowledge.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.facilities import FACILITIES, area
from nautilus.sandbox.gcp.links import COMPUTE, address, bare, digest, items, known, last
from nautilus.sandbox.gcp.places import region_of
from nautilus.sandbox.gcp.router import ATTACHMENT, router_id
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

PORT: Final = "gcp:compute/interconnect:Interconnect"

_LINKS: Final = {"LINK_TYPE_ETHERNET_10G_LR": (10, 8), "LINK_TYPE_ETHERNET_100G_LR": (100, 2)}
"""Gbit/s of a link, and the most links of a bundle."""
_MACSEC: Final = frozenset({"IF_MACSEC", "MACSEC"})
_MTUS: Final = frozenset({"1440", "1460", "1500", "8896"})
_LINK_LOCAL: Final = ipaddress.IPv4Network("169.254.0.0/16")
_SPEED: Final = re.compile(r"BPS_(\d+)([MG])")
_DEFAULT_SPEED: Final = "BPS_10G"
_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")


def _port(request: Request) -> Iterator[Problem]:
    place, kind = known(request, "location"), known(request, "linkType")
    if isinstance(place, str) and last(place) not in FACILITIES:
        yield Problem(path="location", reason=f"{last(place)} is not a facility where ports can be ordered")
    if isinstance(kind, str) and kind not in _LINKS:
        yield Problem(path="linkType", reason=f"{kind} is not offered in {last(str(place))}: {', '.join(sorted(_LINKS))}")
    elif isinstance(kind, str):
        yield from rules.within("requestedLinkCount", known(request, "requestedLinkCount"), 1, _LINKS[kind][1])
    if known(request, "interconnectType") == "DEDICATED" and not request.inputs.get("customerName"):
        yield Problem(path="customerName", reason="the letter of authorisation needs a customer's name")
    yield from _macsec(request)


def _macsec(request: Request) -> Iterator[Problem]:
    found, features = known(request, "macsec"), request.inputs.get("requestedFeatures")
    if known(request, "macsecEnabled") is True:
        if request.inputs.get("macsec") is None:
            yield Problem(path="macsec", reason="MACsec cannot be enabled without its keys")
        undecided = features is UNKNOWN or UNKNOWN in items(features)
        if not undecided and not _MACSEC & set(items(features)):
            yield Problem(path="requestedFeatures", reason="MACsec needs a port that has it: request IF_MACSEC")
    if not isinstance(found, Mapping):
        return
    keys = [key for key in items(found.get("preSharedKeys")) if isinstance(key, Mapping)]
    if not keys and found.get("preSharedKeys") is not UNKNOWN and not items(found.get("preSharedKeys")):
        yield Problem(path="macsec.preSharedKeys", reason="MACsec needs at least one key")
    names = [key.get("name") for key in keys]
    for index, key in enumerate(keys):
        path, name = f"macsec.preSharedKeys[{index}]", key.get("name")
        if isinstance(name, str) and not _NAME.fullmatch(name):
            yield Problem(path=f"{path}.name", reason=f"{name} is not 1 to 63 lower-case letters, digits and hyphens")
        if isinstance(name, str) and name in names[:index]:
            yield Problem(path=f"{path}.name", reason=f"there are two keys called {name}")
        if len(keys) > 1 and key.get("startTime") is None:
            yield Problem(path=f"{path}.startTime", reason="each of several keys needs a start time")


def _attachment(request: Request) -> Iterator[Problem]:
    given = request.inputs
    dedicated = given.get("type") == "DEDICATED" or (given.get("type") is None and given.get("interconnect"))
    if dedicated and not given.get("interconnect"):
        yield Problem(path="interconnect", reason="a dedicated attachment names its interconnect")
    if not given.get("router"):
        yield Problem(path="router", reason="an attachment needs a router")
    if dedicated and known(request, "edgeAvailabilityDomain") is not None:
        yield Problem(path="edgeAvailabilityDomain", reason="only a partner's attachment has one: the port says it here")
    yield from rules.within("vlanTag8021q", known(request, "vlanTag8021q"), 2, 4093)
    mtu = known(request, "mtu")
    if mtu is not None and str(mtu) not in _MTUS:
        yield Problem(path="mtu", reason=f"{mtu} is not one of {', '.join(sorted(_MTUS))}")
    if known(request, "subnetLength") is not None and known(request, "subnetLength") not in {29, 30}:
        yield Problem(path="subnetLength", reason=f"{given['subnetLength']} is not 29 or 30")
    yield from _candidates(request)
    if not request.preview:
        yield from _bound(request)


def _candidates(request: Request) -> Iterator[Problem]:
    names = ("candidateCloudRouterIpAddress", "candidateCustomerRouterIpAddress")
    given = [known(request, name) for name in names]
    if any(UNKNOWN is request.inputs.get(name) for name in names):
        return
    if (given[0] is None) != (given[1] is None):
        yield Problem(path=names[given[0] is not None], reason="both candidate addresses are given, or neither")
    found: list[ipaddress.IPv4Interface] = []
    for name, text in zip(names, given, strict=True):
        if not isinstance(text, str):
            continue
        try:
            found.append(ipaddress.IPv4Interface(text))
        except ValueError:
            yield Problem(path=name, reason=f"{text} is not an address with its prefix length")
            continue
        if found[-1].network.prefixlen > 31:  # noqa: PLR2004 - the API's bound
            yield Problem(path=name, reason=f"{text}: the prefix must be /31 at most")
    if len(found) == len(names) and (found[0].network != found[1].network or found[0].ip == found[1].ip):
        yield Problem(path=names[1], reason=f"{found[1]} is not another address of {found[0].network}")
    for index, cidr in enumerate(items(known(request, "candidateSubnets"))):
        try:
            network = ipaddress.IPv4Network(cidr) if isinstance(cidr, str) else None
        except ValueError:
            network = ipaddress.IPv4Network("0.0.0.0/0")
        if network is not None and (not network.subnet_of(_LINK_LOCAL) or network.prefixlen > 29):  # noqa: PLR2004 - the API's bound
            yield Problem(path=f"candidateSubnets[{index}]", reason=f"{cidr} is not a /29 or shorter within {_LINK_LOCAL}")


def _mbps(speed: str) -> int:
    found = _SPEED.fullmatch(speed)
    return 0 if found is None else int(found[1]) * (1000 if found[2] == "G" else 1)


def _bound(request: Request) -> Iterator[Problem]:
    """Refuse what does not fit the port and the router that are there."""
    region, router = address(request)["region"], router_id(request, request.inputs.get("router"))
    yield from rules.exists(request, "router", router, "router")
    route = rules.found(request, router)
    if route is not None and region_of(str(router).split("/")[3]) != region:
        yield Problem(path="router", reason=f"{router} is outside region {region}")
    sealed = bool((route or {}).get("encryptedInterconnectRouter"))
    if route is not None and (request.inputs.get("encryption") == "IPSEC") != sealed:
        yield Problem(path="encryption", reason="IPSEC goes with an encrypted interconnect router, and no other with it")
    link = request.inputs.get("interconnect")
    if not isinstance(link, str):
        return
    full = bare(link) if "/" in link else f"projects/{address(request)['project']}/global/interconnects/{link}"
    yield from rules.exists(request, "interconnect", full, "interconnect")
    port = request.find(full)
    if port is None:
        return
    gbps, _ = _LINKS.get(str(port.get("linkType")), (0, 0))
    speed = str(request.inputs.get("bandwidth") or _DEFAULT_SPEED)
    if _mbps(speed) > gbps * 1000 * int(port.get("requestedLinkCount") or 1):
        yield Problem(path="bandwidth", reason=f"{speed} is more than the port's {gbps} Gbit/s a link")
    if area(region) != FACILITIES.get(last(str(port.get("location")))):
        yield Problem(path="region", reason=f"{last(str(port.get('location')))} does not serve region {region}")
    tag = request.inputs.get("vlanTag8021q")
    for other in request.among(ATTACHMENT):
        same = other.get("name") == address(request)["name"] and other.get("region") == region
        if (
            tag is not None
            and not same
            and bare(str(other.get("interconnect"))) == full
            and other.get("vlanTag8021q") == tag
        ):
            yield Problem(path="vlanTag8021q", reason=f"{other['name']} already has VLAN {tag} of the port")


def _port_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    drawn = digest(request.seed, 12)
    return {
        "availableFeatures": sorted({"IF_MACSEC"} & set(request.inputs.get("requestedFeatures") or ())),
        "creationTimestamp": CREATED,
        "googleIpAddress": "",
        "googleReferenceId": drawn,
        "labelFingerprint": digest(repr(request.inputs.get("labels"))),
        "operationalStatus": "OS_ACTIVE",
        "peerIpAddress": "",
        "provisionedLinkCount": request.inputs["requestedLinkCount"],
        "state": "ACTIVE",
    }


def _attachment_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    drawn = 8 * (int(digest(request.seed, 8), 16) % (2**13 - 1))
    start = _LINK_LOCAL.network_address + drawn
    given = request.inputs
    out: dict[str, Any] = {
        "cloudRouterIpAddress": given.get("candidateCloudRouterIpAddress") or f"{start + 1}/29",
        "creationTimestamp": CREATED,
        "customerRouterIpAddress": given.get("candidateCustomerRouterIpAddress") or f"{start + 2}/29",
        "googleReferenceId": digest(request.seed, 12),
        "labelFingerprint": digest(repr(given.get("labels"))),
        "state": "ACTIVE",
    }
    for name, value in (("bandwidth", _DEFAULT_SPEED), ("type", "DEDICATED"), ("mtu", "1440"), ("stackType", "IPV4_ONLY")):
        if not given.get(name):
            out[name] = value
    return out


def _port_held(request: Request) -> Iterator[str]:
    for other in request.among(ATTACHMENT):
        if bare(str(other.get("interconnect"))) == request.id:
            yield f"the interconnect is in use by {other.get('name')}"


def _attachment_held(request: Request) -> Iterator[str]:
    for other in request.among("gcp:compute/routerInterface:RouterInterface"):
        if bare(str(other.get("interconnectAttachment"))) == request.id:
            yield f"the attachment is in use by {other.get('name')}"


ROWS: Final = (
    Row(
        type=PORT,
        schema="compute.v1:Interconnect",
        id="projects/{project}/global/interconnects/{name}",
        replace_on="name project customerName interconnectType linkType location remoteLocation requestedFeatures",
        rules=(_port,),
        outputs=_port_outputs,
        labels="labels",
        holds=_port_held,
    ),
    Row(
        type=ATTACHMENT,
        schema="compute.v1:InterconnectAttachment",
        id="projects/{project}/regions/{region}/interconnectAttachments/{name}",
        link=COMPUTE,
        replace_on="name project region candidateCloudRouterIpAddress candidateCustomerRouterIpAddress candidateSubnets "
        "edgeAvailabilityDomain encryption interconnect ipsecInternalAddresses router subnetLength type vlanTag8021q",
        rules=(rules.region, _attachment),
        outputs=_attachment_outputs,
        labels="labels",
        holds=_attachment_held,
        defaults="project region name",
    ),
)
