"""Protocols, ports and inline rules, as security groups and network ACLs both take them.

Guarantees one table of protocol names and one rule for port ranges. Knows no resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.aws.call import Call
from nautilus.sandbox.handler import Problem, Value

PROTOCOLS: Final = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "all": "-1"}
"""IANA protocol numbers by the names that the provider accepts."""
_LARGEST: Final = 65535


def port_problems(low: Value, high: Value) -> Iterator[Problem]:
    """Refuse ports outside 0 to 65535, and a range that ends before it starts."""
    for name, port in (("fromPort", low), ("toPort", high)):
        if isinstance(port, int) and not 0 <= port <= _LARGEST:
            yield Problem(path=name, reason=f"{port} is not a port (0 to {_LARGEST})")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Problem(path="toPort", reason=f"{high} lies below fromPort {low}")


def no_inline(call: Call) -> Iterator[Problem]:
    """Refuse rules inside a group or ACL: what moto would drop in silence."""
    for name in ("ingress", "egress"):
        if call.get(name):
            yield Problem(path=name, reason="inline rules are not offered by the sandbox: use a rule resource")
