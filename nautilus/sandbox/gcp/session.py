"""Cloud Router's BGP sessions, and the route policies that they take and give routes by.

Guarantees that a session is refused that Cloud Router would not open: addresses of another interface, timers below its
least, BFD on a tunnel, a policy that is not there. Figures: the compute API's own field descriptions; BFD on VLAN
attachments only: Cloud Router documentation, "Configure BFD"; expressions: "BGP route policy attribute reference". Of the
policy language only what matches a destination, and the names of actions, are known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import address, digest, items, known, last
from nautilus.sandbox.gcp.router import PEER, advertised, cidr_of, interface_of, router_id, under
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import Problem, Request, Value

POLICY: Final = "gcp:compute/routerRoutePolicy:RouterRoutePolicy"

_MAX_ASN: Final = 2**32 - 1
_MAX_PEERS: Final = 128
"""Of one router (Cloud Router documentation, "Quotas and limits"; general knowledge)."""
_IMPORT, _EXPORT = "ROUTE_POLICY_TYPE_IMPORT", "ROUTE_POLICY_TYPE_EXPORT"
_RANGE: Final = r"(?:'[0-9./]+'|prefix\('[0-9./]+'\)(?:\.(?:longer|orLonger)\(\)|\.lengthRange\(\d+, ?\d+\)|\.upTo\(\d+\))?)"
_MATCH: Final = re.compile(
    rf"destination (?:==|!=) '[0-9./]+'|!?destination\.inAnyRange\((?:{_RANGE}|\[{_RANGE}(?:, ?{_RANGE})*\])\)"
)
_ACTION: Final = re.compile(r"accept\(\)|drop\(\)|(?:med|asPath|communities)\.\w+\([^()]*\)")


def _peer(request: Request) -> Iterator[Problem]:
    yield from rules.within("peerAsn", known(request, "peerAsn"), 1, _MAX_ASN)
    yield from rules.within("advertisedRoutePriority", known(request, "advertisedRoutePriority"), 0, 65535)
    yield from advertised("", {name: request.inputs.get(name) for name in ("advertiseMode", "advertisedIpRanges")})
    bfd = known(request, "bfd")
    if isinstance(bfd, Mapping):
        for name in ("minReceiveInterval", "minTransmitInterval"):
            yield from rules.within(f"bfd.{name}", bfd.get(name), 1000, 30000)
        yield from rules.within("bfd.multiplier", bfd.get("multiplier"), 5, 16)
    if request.inputs.get("ipAddress") and not request.inputs.get("peerIpAddress"):
        yield Problem(path="peerIpAddress", reason="a session with an address of its own needs the peer's")
    if not request.preview:
        yield from _bound(request)


def _bound(request: Request) -> Iterator[Problem]:
    """Refuse what does not fit the router, the interface and the policies that are there."""
    parts, router = address(request), router_id(request, request.inputs["router"])
    yield from rules.exists(request, "router", router, "router")
    bgp = (rules.found(request, router) or {}).get("bgp")
    if rules.found(request, router) is not None and not bgp:
        yield Problem(path="router", reason=f"router {last(str(router))} has no AS number: it takes no sessions")
    elif bgp and bgp.get("asn") == request.inputs.get("peerAsn"):
        yield Problem(path="peerAsn", reason=f"{bgp['asn']} is the router's own: both ends need their own AS number")
    beside = {other["name"] for other in request.among(PEER) if last(str(other.get("router"))) == last(str(router))}
    if len(beside | {parts["name"]}) > _MAX_PEERS:
        yield Problem(path="router", reason=f"router {last(str(router))} has {len(beside)} sessions: at most {_MAX_PEERS}")
    made = f"{parts['region']}/{last(str(router))}/{request.inputs['interface']}"
    interface = request.find(made)
    if interface is None:
        yield Problem(path="interface", reason=f"interface {made} does not exist")
    else:
        yield from _addresses(request, interface)
        bfd = request.inputs.get("bfd") or {}
        if interface.get("vpnTunnel") and bfd.get("sessionInitializationMode", "DISABLED") != "DISABLED":
            yield Problem(path="bfd", reason="sessions over HA VPN tunnels have no BFD: VLAN attachments have")
    for name, kind in (("importPolicies", _IMPORT), ("exportPolicies", _EXPORT)):
        for index, policy in enumerate(request.inputs.get(name) or ()):
            found = request.find(f"{parts['project']}/{parts['region']}/{last(str(router))}/routePolicies/{policy}")
            if found is None:
                yield Problem(path=f"{name}[{index}]", reason=f"the router has no route policy {policy}")
            elif found.get("type") != kind:
                yield Problem(path=f"{name}[{index}]", reason=f"{policy} is a {found.get('type')}, not a {kind}")


def _addresses(request: Request, interface: Mapping[str, Any]) -> Iterator[Problem]:
    own = interface_of(interface.get("ipRange"))
    near, far = request.inputs.get("ipAddress"), request.inputs.get("peerIpAddress")
    if own is None:
        return
    if near is not None and near != str(own.ip):
        yield Problem(path="ipAddress", reason=f"{near} is not the interface's address {own.ip}")
    there = interface_of(far)
    if far is not None and (there is None or there.ip not in own.network or there.ip == own.ip):
        yield Problem(path="peerIpAddress", reason=f"{far} is not another address of the interface's range {own.network}")


def _policy(request: Request) -> Iterator[Problem]:
    taken: set[int] = set()
    for index, term in enumerate(items(known(request, "terms"))):
        if not isinstance(term, Mapping):
            continue
        priority = term.get("priority")
        yield from rules.within(f"terms[{index}].priority", priority, 0, 2**31 - 1)
        if isinstance(priority, int):
            if priority in taken:
                yield Problem(path=f"terms[{index}].priority", reason=f"two terms have priority {priority}")
            taken.add(priority)
        match = term.get("match")
        yield from _expression(f"terms[{index}].match.expression", match, _MATCH, "a match on the destination")
        for place, action in enumerate(items(term.get("actions"))):
            yield from _expression(f"terms[{index}].actions[{place}].expression", action, _ACTION, "an action on a route")
    yield from rules.exists(request, "router", router_id(request, known(request, "router")), "router")


def _expression(path: str, found: Value, pattern: re.Pattern[str], what: str) -> Iterator[Problem]:
    text = found.get("expression") if isinstance(found, Mapping) else None
    if not isinstance(text, str):
        return
    if not pattern.fullmatch(text):
        yield Problem(path=path, reason=f"{text!r} is not {what} in Cloud Router's policy language")
        return
    for cidr in re.findall(r"'([0-9./]+)'", text):
        if cidr_of(cidr) is None:
            yield Problem(path=path, reason=f"{cidr} is not a network address in CIDR notation")


def _policy_held(request: Request) -> Iterator[str]:
    name, router = last(str(request.id)), str(request.id).split("/")[2]
    for other in request.among(PEER):
        used = (*(other.get("importPolicies") or ()), *(other.get("exportPolicies") or ()))
        if last(str(other.get("router"))) == router and name in used:
            yield f"the route policy is in use by {other.get('name')}"


def _peer_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {"managementType": "MANAGED_BY_USER"} | ({} if "enableIpv4" in request.inputs else {"enableIpv4": True})


def _policy_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {"fingerprint": digest(repr(sorted(request.inputs.items())), 12)}


_REGIONAL: Final = "project region name"

ROWS: Final = (
    Row(
        type=POLICY,
        schema="compute.v1:RoutePolicy",
        id=lambda request: under(request, "{project}/{region}/{router}/routePolicies/{name}"),
        replace_on="name project region router",
        rules=(rules.region, _policy),
        outputs=_policy_outputs,
        holds=_policy_held,
        defaults=_REGIONAL,
    ),
    Row(
        type=PEER,
        schema="compute.v1:RouterBgpPeer",
        id=lambda request: under(request, "projects/{project}/regions/{region}/routers/{router}/{name}"),
        replace_on="name project region router interface",
        rules=(rules.region, _peer),
        outputs=_peer_outputs,
        defaults=_REGIONAL,
    ),
)
