"""What Compute Engine refuses of firewall rules and routes: where traffic may come from and go to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import items, known
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_PORTED: Final = frozenset({"tcp", "udp", "sctp", "6", "17", "132"})
_PROTOCOLS: Final = frozenset({"tcp", "udp", "icmp", "esp", "ah", "ipip", "sctp", "all"})
_PORT: Final = re.compile(r"\d{1,5}(-\d{1,5})?")
_MAX_PORT: Final = 65535
HOPS: Final = ("nextHopGateway", "nextHopInstance", "nextHopIp", "nextHopVpnTunnel", "nextHopIlb")
"""The inputs that say where a route leads."""


def firewall(request: Request) -> Iterator[Problem]:
    """Refuse a firewall rule that allows and denies, has no source, or names ports that a protocol does not have."""
    allows, denies = request.inputs.get("allows"), request.inputs.get("denies")
    if bool(allows) == bool(denies):
        yield Problem(path="allows", reason="a firewall rule has either allows or denies, and exactly one of them")
    outward = known(request, "direction") == "EGRESS"
    sources = [name for name in ("sourceRanges", "sourceTags", "sourceServiceAccounts") if request.inputs.get(name)]
    if outward:
        yield from (Problem(path=name, reason="an egress rule has no sources") for name in sources)
    elif request.inputs.get("destinationRanges") and not sources:
        yield Problem(path="sourceRanges", reason="an ingress rule needs a source")
    elif not sources:
        yield Problem(path="sourceRanges", reason="an ingress rule needs source ranges, tags or service accounts")
    for tags, accounts in (("sourceTags", "targetServiceAccounts"), ("targetTags", "sourceServiceAccounts")):
        if request.inputs.get(tags) and request.inputs.get(accounts):
            yield Problem(path=tags, reason=f"{tags} cannot be combined with {accounts}")
    yield from rules.within("priority", known(request, "priority"), 0, 65535)
    for name in ("sourceRanges", "destinationRanges"):
        for index, cidr in enumerate(items(known(request, name))):
            if isinstance(cidr, str):
                yield from _any_range(f"{name}[{index}]", cidr)
    for name in ("allows", "denies"):
        for index, rule in enumerate(items(known(request, name))):
            if isinstance(rule, Mapping):
                yield from _ports(f"{name}[{index}]", rule)


def _any_range(path: str, cidr: str) -> Iterator[Problem]:
    try:
        ipaddress.ip_network(cidr)
    except ValueError:
        yield Problem(path=path, reason=f"{cidr} is not a network address in CIDR notation")


def _ports(path: str, rule: Mapping[str, Any]) -> Iterator[Problem]:
    protocol = rule.get("protocol")
    if isinstance(protocol, str) and protocol not in _PROTOCOLS and not protocol.isdigit():
        yield Problem(
            path=f"{path}.protocol", reason=f"{protocol} is not a protocol: {', '.join(sorted(_PROTOCOLS))} or a number"
        )
    ports = items(rule.get("ports"))
    if ports and protocol is not UNKNOWN and protocol not in _PORTED:
        yield Problem(path=f"{path}.ports", reason=f"protocol {protocol} has no ports")
    for index, port in enumerate(ports):
        if isinstance(port, str):
            low, _, high = port.partition("-")
            if not _PORT.fullmatch(port) or not int(low) <= int(high or low) <= _MAX_PORT:
                yield Problem(path=f"{path}.ports[{index}]", reason=f"{port} is not a port or a range of ports")


def route(request: Request) -> Iterator[Problem]:
    """Refuse a route without exactly one next hop."""
    hops = [name for name in HOPS if request.inputs.get(name)]
    if len(hops) != 1:
        yield Problem(
            path="nextHopGateway", reason=f"a route has exactly one next hop, found {len(hops)}: one of {', '.join(HOPS)}"
        )
    cidr = known(request, "destRange")
    if isinstance(cidr, str):
        yield from _any_range("destRange", cidr)
    yield from rules.within("priority", known(request, "priority"), 0, 65535)
