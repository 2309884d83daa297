"""This end of four IPsec tunnels from a placement on AWS to another cloud (NET-1, NET-2).

Guarantees two VPN connections on the placement's transit gateway, one to each interface of the other side, with two tunnels
each: IKEv2 alone, AES-256-GCM, group 20 (ECP384) with perfect forward secrecy, lifetimes stated, all four used at once
(ECMP). What is announced is exactly what the link's own route table holds: the ranges of `end.advertises`. AWS cannot filter
what it learns: beyond `end.learns` it is held back by the VPC's route tables and the gateway's firewall, which know declared
ranges only. AWS offers no BFD on VPN: a dead tunnel is found by dead-peer detection after 30 seconds, or by BGP's hold
time, which is 30 seconds and cannot be set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.interconnect.args import EndArgs, TunnelArgs
from components.interconnect.aws_site import dashed

CONNECTIONS: Final = 2
"""VPN connections of a link; each has two tunnels."""

_TUNNELS: Final = 4
_DPD_S: Final = 30
"""The shortest that AWS takes (EC2 API, DPDTimeoutSeconds)."""
_IKE_LIFETIME_S: Final = 28_800
_ESP_LIFETIME_S: Final = 3_600
_SHORT_ASN: Final = 2**31
"""AS numbers from here on go into another field of the API."""


class AwsTunnels(pulumi.ComponentResource):
    """The AWS end; `addresses` are AWS's four public addresses, in the order of the tunnels."""

    addresses: tuple[pulumi.Output[str], ...]

    def __init__(self, name: str, args: TunnelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:interconnect:AwsTunnels", name, None, opts)
        _check(name, args)
        here = pulumi.ResourceOptions(parent=self)
        tags = spelling.for_aws(args.end.labels)
        ids = args.end.facts.ids
        table = aws.ec2transitgateway.RouteTable(
            f"{name}-routes", transit_gateway_id=ids["transit-gateway"], tags={**tags, "Name": f"{name}-routes"}, opts=here
        )
        for nodes in args.end.advertises:
            aws.ec2transitgateway.Route(
                f"{name}-to-{dashed(nodes)}",
                destination_cidr_block=nodes,
                transit_gateway_attachment_id=ids["vpc-attachment"],
                transit_gateway_route_table_id=table.id,
                opts=here,
            )
        connections = [_connection(name, args, number, tags, here) for number in range(CONNECTIONS)]
        for number, connection in enumerate(connections):
            _join(f"{name}-{number}", connection, table, args.end, here)
        self.addresses = tuple(
            address for connection in connections for address in (connection.tunnel1_address, connection.tunnel2_address)
        )
        self.register_outputs({})


def tunnels_of(connection: int) -> tuple[int, int]:
    """Give the indexes of a connection's two tunnels: connection 0 has tunnels 0 and 1, connection 1 has 2 and 3.

    Connection c goes to the other side's address c. Raises ValueError for another connection.
    """
    if connection not in range(CONNECTIONS):
        raise ValueError(f"connection {connection}: a link has {CONNECTIONS}")
    return 2 * connection, 2 * connection + 1


def _check(name: str, args: TunnelArgs) -> None:
    """Refuse what cannot be four tunnels from here: the AWS end is always the first."""
    if not args.first:
        raise ValueError(f"{name}: AWS takes the first address of every tunnel's range, so its end must be the first")
    counts = (len(args.tunnels), len(args.secrets), len(args.peer_addresses))
    if counts != (_TUNNELS, _TUNNELS, CONNECTIONS):
        raise ValueError(
            f"{name}: {counts[0]} tunnels, {counts[1]} secrets and {counts[2]} peer addresses; "
            f"give {_TUNNELS}, {_TUNNELS} and {CONNECTIONS}"
        )


def _connection(
    name: str, args: TunnelArgs, number: int, tags: Mapping[str, str], here: pulumi.ResourceOptions
) -> aws.ec2.VpnConnection:
    peer = aws.ec2.CustomerGateway(
        f"{name}-peer-{number}",
        type="ipsec.1",
        # AWS gives the gateway that is there for a second one of the same address and AS number, unless devices differ.
        device_name=f"{name}-{number}",
        ip_address=args.peer_addresses[number],
        bgp_asn=str(args.peer_asn) if args.peer_asn < _SHORT_ASN else None,
        bgp_asn_extended=str(args.peer_asn) if args.peer_asn >= _SHORT_ASN else None,
        tags={**tags, "Name": f"{name}-peer-{number}"},
        opts=here,
    )
    settings: dict[str, Any] = {}
    for place, index in enumerate(tunnels_of(number), start=1):
        settings |= {f"tunnel{place}_{key}": value for key, value in _settings(args, place, index).items()}
    return aws.ec2.VpnConnection(
        f"{name}-connection-{number}",
        type="ipsec.1",
        transit_gateway_id=args.end.facts.ids["transit-gateway"],
        customer_gateway_id=peer.id,
        static_routes_only=False,
        enable_acceleration=False,
        tunnel_inside_ip_version="ipv4",
        tags={**tags, "Name": f"{name}-connection-{number}"},
        opts=here,
        **settings,
    )


def _settings(args: TunnelArgs, place: int, index: int) -> Mapping[str, Any]:
    """Give one tunnel's settings but for their prefix; the SDK has a class of log options for each place."""
    logs = args.end.facts.ids["tunnel-logs"]
    options = {
        "log_enabled": True,
        "log_group_arn": logs,
        "log_output_format": "json",
        "bgp_log_enabled": True,
        "bgp_log_group_arn": logs,
        "bgp_log_output_format": "json",
    }
    return {
        "inside_cidr": args.tunnels[index].inside,
        "preshared_key": args.secrets[index],
        "ike_versions": ["ikev2"],
        "phase1_encryption_algorithms": ["AES256-GCM-16"],
        "phase1_integrity_algorithms": ["SHA2-384"],
        "phase1_dh_group_numbers": [20],
        "phase1_lifetime_seconds": _IKE_LIFETIME_S,
        "phase2_encryption_algorithms": ["AES256-GCM-16"],
        "phase2_integrity_algorithms": ["SHA2-384"],
        "phase2_dh_group_numbers": [20],
        "phase2_lifetime_seconds": _ESP_LIFETIME_S,
        "dpd_timeout_action": "restart",
        "dpd_timeout_seconds": _DPD_S,
        "startup_action": "start",
        "log_options": _log_options(place, options),
    }


def _log_options(
    place: int, options: Mapping[str, Any]
) -> aws.ec2.VpnConnectionTunnel1LogOptionsArgs | aws.ec2.VpnConnectionTunnel2LogOptionsArgs:
    if place == 1:
        return aws.ec2.VpnConnectionTunnel1LogOptionsArgs(
            cloudwatch_log_options=aws.ec2.VpnConnectionTunnel1LogOptionsCloudwatchLogOptionsArgs(**options)
        )
    return aws.ec2.VpnConnectionTunnel2LogOptionsArgs(
        cloudwatch_log_options=aws.ec2.VpnConnectionTunnel2LogOptionsCloudwatchLogOptionsArgs(**options)
    )


def _join(
    name: str,
    connection: aws.ec2.VpnConnection,
    table: aws.ec2transitgateway.RouteTable,
    end: EndArgs,
    here: pulumi.ResourceOptions,
) -> None:
    """Look up what comes from the tunnels in the link's table, and tell the VPC's table what they learn."""
    aws.ec2transitgateway.RouteTableAssociation(
        f"{name}-association",
        transit_gateway_attachment_id=connection.transit_gateway_attachment_id,
        transit_gateway_route_table_id=table.id,
        opts=here,
    )
    aws.ec2transitgateway.RouteTablePropagation(
        f"{name}-propagation",
        transit_gateway_attachment_id=connection.transit_gateway_attachment_id,
        transit_gateway_route_table_id=end.facts.ids["vpc-routes"],
        opts=here,
    )
