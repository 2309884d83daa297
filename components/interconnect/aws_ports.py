"""Leased ports of a placement on AWS: Direct Connect, with MACsec where the catalogue asks for it (NET-3, NET-4).

Guarantees that all ports of a placement end at one Direct Connect gateway, that only the placement's own nodes are
announced over them, that ports alternate between two meet-me sites, and that a MACsec key is drawn for each port that has
it and stays secret. It does not order the cross connect: AWS issues a letter of authorisation for each connection, a person
hands it to the site, and until then the connection is not available and takes no key. Whether traffic may also pass
unencrypted (`must_encrypt`) can be set only once MACsec is up, so it is not set here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.interconnect.aws_site import Hub, dashed
from nautilus.federation.link import Port

_MTU: Final = 8500
"""The largest of a transit virtual interface (Direct Connect user guide, "MTUs")."""

_SHORT_ASN: Final = 2**31
"""AS numbers from here on go into another field of the API."""

_KEY_DIGITS: Final = 64
"""Hexadecimal digits of a MACsec key and of its name (Direct Connect API, AssociateMacSecKey)."""

_SITES: Final[Mapping[str, tuple[str, str]]] = {
    "us-east-1": ("EqDC2", "CSVA1"),
    "us-east-2": ("CHOH1", "CGCOL"),
    "us-west-2": ("EqSe2-EQ", "TPDX1"),
    "ca-central-1": ("CLMTL3", "ALTOR"),
    "eu-central-1": ("EqFA5", "IXFRA"),
    "ap-southeast-1": ("EqSG2", "GSSG1"),
}
"""Meet-me sites by region, two that are apart.

EqDC2, EqSe2-EQ and EqSG2 appear in public examples; the other codes are stand-ins, because AWS lists its codes only to its
customers (Direct Connect API, DescribeLocations). The contract for a port names its site, and AWS refuses a code that it
does not know: put the contract's code here before a port is ordered.
"""


def lease(hub: Hub) -> None:
    """Build the placement's ports, and nothing where it has none.

    Raises ValueError for ports in a region without known meet-me sites.
    """
    ports = hub.args.ports
    if not ports:
        return
    sites = _SITES.get(hub.args.location.region)
    if sites is None:
        raise ValueError(
            f"{hub.name}: no Direct Connect site is known for {hub.args.location.region}; known: {', '.join(sorted(_SITES))}"
        )
    exchange = _exchange(hub)
    for index, port in enumerate(ports):
        _port(hub, port, sites[index % len(sites)], exchange)


def exchange_asn(asn: int) -> int:
    """Give the Direct Connect gateway's private AS number, which must differ from the transit gateway's `asn`.

    It comes out of the four-byte private range, at the distance of the transit gateway's own number.
    """
    return 4_200_000_000 + asn if asn < 2**16 else asn + 2**16


def _exchange(hub: Hub) -> aws.directconnect.Gateway:
    """Give the Direct Connect gateway, joined to the hub: it reaches the VPC, and the VPC learns what it learns."""
    name, protected = hub.name, hub.args.deletion_protection
    exchange = aws.directconnect.Gateway(
        f"{name}-exchange",
        name=f"{name}-exchange",
        amazon_side_asn=str(exchange_asn(hub.args.asn)),
        tags=hub.named("exchange"),
        opts=pulumi.ResourceOptions(parent=hub.parent, protect=protected),
    )
    joined = aws.directconnect.GatewayAssociation(
        f"{name}-exchange-association",
        dx_gateway_id=exchange.id,
        associated_gateway_id=hub.transit.id,
        allowed_prefixes=[hub.args.nodes],
        opts=hub.here,
    )
    table = aws.ec2transitgateway.RouteTable(
        f"{name}-exchange-routes", transit_gateway_id=hub.transit.id, tags=hub.named("exchange-routes"), opts=hub.here
    )
    aws.ec2transitgateway.RouteTableAssociation(
        f"{name}-exchange-lookup",
        transit_gateway_attachment_id=joined.transit_gateway_attachment_id,
        transit_gateway_route_table_id=table.id,
        opts=hub.here,
    )
    aws.ec2transitgateway.Route(
        f"{name}-exchange-to-{dashed(hub.args.nodes)}",
        destination_cidr_block=hub.args.nodes,
        transit_gateway_attachment_id=hub.vpc.id,
        transit_gateway_route_table_id=table.id,
        opts=hub.here,
    )
    aws.ec2transitgateway.RouteTablePropagation(
        f"{name}-exchange-propagation",
        transit_gateway_attachment_id=joined.transit_gateway_attachment_id,
        transit_gateway_route_table_id=hub.vpc_routes.id,
        opts=hub.here,
    )
    return exchange


def _port(hub: Hub, port: Port, site: str, exchange: aws.directconnect.Gateway) -> None:
    name = f"{hub.name}-{port.id}"
    connection = aws.directconnect.Connection(
        name,
        name=name,
        bandwidth=f"{port.bandwidth_gbps}Gbps",
        location=site,
        request_macsec=port.macsec,
        skip_destroy=False,
        tags={**hub.tags, "Name": name},
        opts=pulumi.ResourceOptions(parent=hub.parent, protect=hub.args.deletion_protection),
    )
    if port.macsec:
        aws.directconnect.MacsecKeyAssociation(
            f"{name}-macsec",
            connection_id=connection.id,
            ckn=_hexadecimal(hub, f"{name}-key-name"),
            cak=_hexadecimal(hub, f"{name}-key"),
            opts=hub.here,
        )
    # BFD is on at AWS's side of every virtual interface (300 ms, three times); it works once the other side has it too.
    aws.directconnect.TransitVirtualInterface(
        f"{name}-session",
        name=name,
        connection_id=connection.id,
        dx_gateway_id=exchange.id,
        address_family="ipv4",
        vlan=port.vlan,
        amazon_address=port.near,
        customer_address=port.far,
        bgp_asn=port.far_asn if port.far_asn < _SHORT_ASN else None,
        bgp_asn_long=str(port.far_asn) if port.far_asn >= _SHORT_ASN else None,
        mtu=_MTU,
        sitelink_enabled=False,
        tags={**hub.tags, "Name": name},
        opts=hub.here,
    )


def _hexadecimal(hub: Hub, name: str) -> pulumi.Output[str]:
    """Give 64 random hexadecimal digits, drawn once, secret."""
    drawn = random.RandomPassword(
        name, length=_KEY_DIGITS, upper=False, lower=False, numeric=True, override_special="ABCDEF", opts=hub.here
    )
    return pulumi.Output.secret(drawn.result)
