"""One BGP session of a Google Cloud Router, and which routes it takes (NET-1, NET-4).

Guarantees that a session announces the ranges it is given and no subnetwork beside them, and that whatever the other side
announces beyond the ranges it was told to expect is dropped. BFD runs where Google has it, which is on leased ports: not on
HA VPN tunnels, where a lost session is noticed by BGP's own hold time, 60 s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.provider import gcp_names

KEEPALIVE_S = 20
"""The least that Cloud Router takes; the hold time is three times as much (compute API, RouterBgp.keepaliveInterval)."""

BFD_INTERVAL_MS = 1000
BFD_MULTIPLIER = 5
"""The least that Cloud Router takes of both: a dead path shows after 5 s (compute API, RouterBgpPeerBfd)."""

PORT_PRIORITY = 100
TUNNEL_PRIORITY = 200
"""The MED of what is announced over ports and over tunnels: equal ones share the traffic, the lower one is preferred."""

_ANYTHING = "destination.inAnyRange(prefix('0.0.0.0/0').orLonger())"


@dataclass(frozen=True, kw_only=True)
class RouterRef:
    """A Cloud Router by its name, in its project and region."""

    project: str
    region: str
    name: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class SessionArgs:
    """One session. `near` and `far` are the two addresses, `length` their prefix; `learns` the name of a route policy.

    Exactly one of `tunnel` and `attachment` is given, as a link.
    """

    router: RouterRef
    near: str
    far: str
    length: int
    far_asn: int
    advertises: tuple[str, ...]
    priority: int
    learns: pulumi.Input[str]
    tunnel: pulumi.Input[str] | None = None
    attachment: pulumi.Input[str] | None = None


def accept(
    name: str, router: RouterRef, learns: Iterable[str], opts: pulumi.ResourceOptions
) -> gcp.compute.RouterRoutePolicy:
    """Make the policy that takes exactly the ranges `learns` and drops the rest; several sessions may share it."""
    wanted = [f"destination == '{cidr}'" for cidr in sorted(learns)]
    terms = [(expression, "accept()") for expression in wanted] + [(_ANYTHING, "drop()")]
    return gcp.compute.RouterRoutePolicy(
        name,
        name=gcp_names.short(name, 63),
        project=router.project,
        region=router.region,
        router=router.name,
        type="ROUTE_POLICY_TYPE_IMPORT",
        terms=[
            gcp.compute.RouterRoutePolicyTermArgs(
                priority=priority,
                match=gcp.compute.RouterRoutePolicyTermMatchArgs(expression=expression),
                actions=[gcp.compute.RouterRoutePolicyTermActionArgs(expression=action)],
            )
            for priority, (expression, action) in enumerate(terms)
        ],
        opts=opts,
    )


def session(name: str, args: SessionArgs, opts: pulumi.ResourceOptions) -> gcp.compute.RouterPeer:
    """Make the router's interface, called `name`-interface, and the session over it, called `name`-peer."""
    interface = gcp.compute.RouterInterface(
        f"{name}-interface",
        name=gcp_names.short(f"{name}-interface", 63),
        project=args.router.project,
        region=args.router.region,
        router=args.router.name,
        ip_range=f"{args.near}/{args.length}",
        vpn_tunnel=args.tunnel,
        interconnect_attachment=args.attachment,
        opts=opts,
    )
    bfd = gcp.compute.RouterPeerBfdArgs(
        session_initialization_mode="ACTIVE",
        min_receive_interval=BFD_INTERVAL_MS,
        min_transmit_interval=BFD_INTERVAL_MS,
        multiplier=BFD_MULTIPLIER,
    )
    return gcp.compute.RouterPeer(
        f"{name}-peer",
        name=gcp_names.short(f"{name}-peer", 63),
        project=args.router.project,
        region=args.router.region,
        router=args.router.name,
        interface=interface.name,
        ip_address=args.near,
        peer_ip_address=args.far,
        peer_asn=args.far_asn,
        enable=True,
        advertise_mode="CUSTOM",
        advertised_ip_ranges=[gcp.compute.RouterPeerAdvertisedIpRangeArgs(range=cidr) for cidr in args.advertises],
        advertised_route_priority=args.priority,
        import_policies=[args.learns],
        bfd=None if args.attachment is None else bfd,
        opts=opts,
    )
