"""One HA VPN tunnel of Google Cloud with its session and its flow logs, and which ends a tunnel joins (NET-1, NET-2)."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.interconnect.args import EndArgs
from components.interconnect.gcp_flows import Watched, flow_logs
from components.interconnect.gcp_session import TUNNEL_PRIORITY, RouterRef, SessionArgs, session
from components.labels import for_gcp
from components.provider import gcp_names
from nautilus.federation.link import Tunnel

_AWS_ADDRESSES, _TWO_ADDRESSES = 4, 2

_SUITE: gcp.compute.VPNTunnelCipherSuiteArgsDict = {
    "phase1": {"encryptions": ["AES-GCM-16-256"], "prves": ["PRF-HMAC-SHA2-384"], "dhs": ["Group-20"]},
    "phase2": {"encryptions": ["AES-GCM-16-256"], "pfs": ["Group-20"]},
}
"""One cipher for each role, so that a rekey never changes it (Cloud VPN documentation, "Supported IKE ciphers")."""


@dataclass(frozen=True, kw_only=True)
class Join:
    """Which of the own gateway's interfaces, 0 or 1, a tunnel leaves from, and which of the peer's addresses it leads to."""

    interface: int
    peer: int


def join(index: int, *, first: bool, peers: int) -> Join:
    """Give what tunnel `index`, 0 to 3, joins, where the other side has `peers` addresses.

    Four addresses are AWS's, one a tunnel, in order: two tunnels leave from each interface. Of two, the first end's
    interface is `index // 2` and the second end's `index % 2`. Raises ValueError for another number of addresses.
    """
    if peers == _AWS_ADDRESSES and not first:
        return Join(interface=index // 2, peer=index)
    if peers == _TWO_ADDRESSES:
        one, other = index // 2, index % 2
        return Join(interface=one, peer=other) if first else Join(interface=other, peer=one)
    raise ValueError(f"the {'first' if first else 'second'} end of tunnels cannot have a peer with {peers} addresses")


def native_joins() -> tuple[tuple[int, int], ...]:
    """Give (interface, tunnel) of a link inside the cloud: HA VPN joins those of one number."""
    return ((0, 0), (1, 3))


@dataclass(frozen=True, kw_only=True)
class LineArgs:
    """One tunnel of a link, from the own gateway's `interface`.

    The other side is either `external`, an external gateway's id and the number of its address, or `google`, another HA
    VPN gateway's id. `learns` is the name of the route policy that its session takes routes by.
    """

    end: EndArgs
    tunnel: Tunnel
    secret: pulumi.Input[str]
    interface: int
    first: bool
    peer_asn: int
    learns: pulumi.Input[str]
    external: tuple[pulumi.Input[str], int] | None = None
    google: pulumi.Input[str] | None = None


def router_of(end: EndArgs) -> RouterRef:
    """Give the router of an end as its gateway handed it over."""
    return RouterRef(project=end.account.id, region=end.location.region, name=end.facts.ids["router"])


def line(name: str, args: LineArgs, opts: pulumi.ResourceOptions) -> gcp.compute.VPNTunnel:
    """Make the tunnel, its flow logs and its session; names start with `name`."""
    end, tunnel = args.end, args.tunnel
    made = gcp.compute.VPNTunnel(
        f"{name}-tunnel",
        name=gcp_names.short(f"{name}-tunnel", 63),
        project=end.account.id,
        region=end.location.region,
        vpn_gateway=end.facts.ids["vpn_gateway"],
        vpn_gateway_interface=args.interface,
        peer_external_gateway=args.external[0] if args.external else None,
        peer_external_gateway_interface=args.external[1] if args.external else None,
        peer_gcp_gateway=args.google,
        router=end.facts.ids["router"],
        shared_secret=pulumi.Output.secret(args.secret),
        ike_version=2,
        cipher_suite=_SUITE,
        labels=dict(for_gcp(end.labels)),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(additional_secret_outputs=["sharedSecretHash"])),
    )
    flow_logs(f"{name}-flows", end.account.id, end.labels, Watched(tunnel=made.id), opts)
    near, far = (tunnel.first, tunnel.second) if args.first else (tunnel.second, tunnel.first)
    session(
        name,
        SessionArgs(
            router=router_of(end),
            near=near,
            far=far,
            length=int(tunnel.inside.partition("/")[2]),
            far_asn=args.peer_asn,
            advertises=end.advertises,
            priority=TUNNEL_PRIORITY,
            learns=args.learns,
            tunnel=made.self_link,
        ),
        opts,
    )
    return made
