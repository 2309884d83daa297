"""The firewall rules of a Google Cloud network, as data: all is denied, then each tier is opened to the one before it.

Guarantees that no rule lets the internet in and that every rule is logged (CLU-6, SEC-1). Rules apply to network tags, which
node pools carry. It does not cover pod-to-pod traffic inside a cluster: network policy and the mesh do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.network.gcp_ranges import Ranges
from components.provider.gcp_names import PRIVATE_API_RANGE


class Tag(StrEnum):
    """The network tags of the tiers, and of what may leave by NAT."""

    WEB = "nautilus-web"
    APP = "nautilus-app"
    DATA = "nautilus-data"
    EGRESS = "nautilus-egress"


class Direction(StrEnum):
    """Which way a rule looks."""

    IN = "INGRESS"
    OUT = "EGRESS"


PROXY_RANGES = ("130.211.0.0/22", "35.191.0.0/16")
"""Where Google's load balancers and their checks come from (Cloud Load Balancing documentation, firewall rules, 2026-11)."""

PASSTHROUGH_CHECK_RANGES = ("35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22")
"""Where health checks of pass-through load balancers come from (the same page)."""

WEB_PORTS = ("80", "443")
APP_PORTS = ("8000-8010",)
DATA_PORTS = ("5432", "6379")
WEBHOOK_PORTS = ("443", "8443", "9443", "10250", "15017")
"""What the control plane calls on nodes: kubelet, and admission webhooks at their usual ports, the mesh's among them."""

_DENY_PRIORITY = 65534


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One firewall rule. `peers` are source or destination ranges; `tcp` None means every protocol; no tags means all."""

    direction: Direction
    allow: bool
    peers: tuple[str, ...]
    says: str
    tcp: tuple[str, ...] | None = None
    targets: tuple[Tag, ...] = ()
    priority: int = 1000


def rules(nodes: str, pods: str, services: str, ranges: Ranges) -> Mapping[str, Rule]:
    """Give the rules keyed by role; `nodes`, `pods` and `services` are the placement's ranges, IPv4 CIDRs."""
    inside = (ranges.private, pods)
    return {
        "deny-ingress": Rule(
            direction=Direction.IN,
            allow=False,
            peers=("0.0.0.0/0",),
            priority=_DENY_PRIORITY,
            says="Nothing comes in by default",
        ),
        "deny-egress": Rule(
            direction=Direction.OUT,
            allow=False,
            peers=("0.0.0.0/0",),
            priority=_DENY_PRIORITY,
            says="Nothing leaves by default",
        ),
        "web": Rule(
            direction=Direction.IN,
            allow=True,
            peers=(*PROXY_RANGES, ranges.proxies),
            tcp=WEB_PORTS,
            targets=(Tag.WEB,),
            says="Load balancers reach the web tier",
        ),
        "app": Rule(
            direction=Direction.IN,
            allow=True,
            peers=(ranges.public, ranges.proxies, *inside),
            tcp=APP_PORTS,
            targets=(Tag.APP,),
            says="The web tier reaches the app tier",
        ),
        "data": Rule(
            direction=Direction.IN,
            allow=True,
            peers=inside,
            tcp=DATA_PORTS,
            targets=(Tag.DATA,),
            says="The app tier reaches the data tier",
        ),
        "health": Rule(
            direction=Direction.IN,
            allow=True,
            peers=PASSTHROUGH_CHECK_RANGES,
            tcp=(*WEB_PORTS, *APP_PORTS, "10256", "15021"),
            targets=(Tag.WEB, Tag.APP),
            says="Health checks reach what they check",
        ),
        "control-plane": Rule(
            direction=Direction.IN,
            allow=True,
            peers=(ranges.control_plane,),
            tcp=WEBHOOK_PORTS,
            targets=(Tag.WEB, Tag.APP, Tag.DATA),
            says="The control plane reaches kubelets and webhooks",
        ),
        "inside": Rule(
            direction=Direction.OUT,
            allow=True,
            peers=(nodes, pods, services),
            says="Traffic stays inside the placement's ranges",
        ),
        "google-apis": Rule(
            direction=Direction.OUT,
            allow=True,
            peers=(PRIVATE_API_RANGE,),
            tcp=("443",),
            says="Google's APIs by private access only",
        ),
        "nat": Rule(
            direction=Direction.OUT,
            allow=True,
            peers=("0.0.0.0/0",),
            tcp=("443",),
            targets=(Tag.EGRESS,),
            says="Tagged nodes leave by NAT, over TLS",
        ),
    }
