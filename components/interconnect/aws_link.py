"""A link between two placements on AWS, over two ways that share no gateway (NET-1, NET-2, NET-4).

Guarantees a peering of the two transit gateways, which carries the private tier, and a peering of the two VPCs, which
carries the data tier; each can carry all of both. Between them AWS does not switch by itself: a tier changes ways by a
change of its routes. The data tier's routes over the VPC peering are halves of the other's range and so preferred; under
them lie the gateways' own over the transit gateways: taking the halves away moves the data tier. Both ways stay on AWS's own
network and are encrypted by it between regions. No port is opened here: what may pass, the gateways' firewall says, and for
the data tier whatever replicates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.interconnect.args import EndArgs, NativeArgs
from components.interconnect.aws_gateway import DATA_ROUTES
from components.interconnect.aws_site import dashed, halves
from components.network.aws import zone_letter


class AwsLink(pulumi.ComponentResource):
    """Both peerings, asked for by the first end and accepted by the second, and the routes of both ends."""

    def __init__(self, name: str, args: NativeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:interconnect:AwsLink", name, None, opts)
        for end in args.ends:
            if not end.zones:
                raise ValueError(f"{name}: {end.placement} names no zones, so its data tier's route tables are not known")
        here = tuple(pulumi.ResourceOptions(parent=self, provider=provider) for provider in args.providers)
        accepter = _Accepter.of(args, here)
        transit = _transit(name, args, here[0], accepter)
        data = _data(name, args, here[0], accepter)
        for end, options in zip(args.ends, here, strict=True):
            _transit_routes(name, end, transit, options)
            _data_routes(name, end, data, options)
        self.register_outputs({})


@dataclass(frozen=True, kw_only=True)
class _Accepter:
    """Who accepts: the second end. In one account and region both ends see the same peering, with one set of tags, which two
    providers with labels of their own would take from each other for ever: there the first end accepts what it asked for.
    """

    labels: Mapping[str, str]
    here: pulumi.ResourceOptions

    @classmethod
    def of(cls, args: NativeArgs, here: tuple[pulumi.ResourceOptions, ...]) -> _Accepter:
        """Give the accepter of a link; `here` are both ends' options."""
        places = {(end.account.id, end.location.region) for end in args.ends}
        number = 0 if len(places) == 1 else 1
        return cls(labels=args.ends[number].labels, here=here[number])


def _transit(
    name: str, args: NativeArgs, here: pulumi.ResourceOptions, accepter: _Accepter
) -> aws.ec2transitgateway.PeeringAttachmentAccepter:
    first, second = args.ends
    asked = aws.ec2transitgateway.PeeringAttachment(
        f"{name}-transit",
        transit_gateway_id=first.facts.ids["transit-gateway"],
        peer_transit_gateway_id=second.facts.ids["transit-gateway"],
        peer_account_id=second.account.id,
        peer_region=second.location.region,
        tags={**spelling.for_aws(first.labels), "Name": f"{name}-transit"},
        opts=here,
    )
    return aws.ec2transitgateway.PeeringAttachmentAccepter(
        f"{name}-transit-accepter",
        transit_gateway_attachment_id=asked.id,
        tags={**spelling.for_aws(accepter.labels), "Name": f"{name}-transit"},
        opts=accepter.here,
    )


def _data(
    name: str, args: NativeArgs, here: pulumi.ResourceOptions, accepter: _Accepter
) -> aws.ec2.VpcPeeringConnectionAccepter:
    first, second = args.ends
    asked = aws.ec2.VpcPeeringConnection(
        f"{name}-data",
        vpc_id=first.facts.ids["vpc"],
        peer_vpc_id=second.facts.ids["vpc"],
        peer_owner_id=second.account.id,
        peer_region=second.location.region,
        auto_accept=False,
        tags={**spelling.for_aws(first.labels), "Name": f"{name}-data"},
        opts=here,
    )
    return aws.ec2.VpcPeeringConnectionAccepter(
        f"{name}-data-accepter",
        vpc_peering_connection_id=asked.id,
        auto_accept=True,
        tags={**spelling.for_aws(accepter.labels), "Name": f"{name}-data"},
        opts=accepter.here,
    )


def _transit_routes(
    name: str,
    end: EndArgs,
    peering: aws.ec2transitgateway.PeeringAttachmentAccepter,
    here: pulumi.ResourceOptions,
) -> None:
    """What comes over the peering reaches `end.advertises`; what the VPC sends to `end.learns` goes over it."""
    ids, role = end.facts.ids, f"{name}-{end.placement}"
    table = aws.ec2transitgateway.RouteTable(
        f"{role}-routes",
        transit_gateway_id=ids["transit-gateway"],
        tags={**spelling.for_aws(end.labels), "Name": f"{role}-routes"},
        opts=here,
    )
    # The accepter's id is the attachment's at both ends: both wait for the acceptance.
    aws.ec2transitgateway.RouteTableAssociation(
        f"{role}-association",
        transit_gateway_attachment_id=peering.id,
        transit_gateway_route_table_id=table.id,
        opts=here,
    )
    for nodes in end.advertises:
        aws.ec2transitgateway.Route(
            f"{role}-in-{dashed(nodes)}",
            destination_cidr_block=nodes,
            transit_gateway_attachment_id=ids["vpc-attachment"],
            transit_gateway_route_table_id=table.id,
            opts=here,
        )
    for nodes in end.learns:
        aws.ec2transitgateway.Route(
            f"{role}-out-{dashed(nodes)}",
            destination_cidr_block=nodes,
            transit_gateway_attachment_id=peering.id,
            transit_gateway_route_table_id=ids["vpc-routes"],
            opts=here,
        )


def _data_routes(
    name: str, end: EndArgs, peering: aws.ec2.VpcPeeringConnectionAccepter, here: pulumi.ResourceOptions
) -> None:
    """Send the data tier's traffic to `end.learns` over the peering of the VPCs."""
    for key, zone in zip(DATA_ROUTES, end.zones, strict=False):
        for nodes in end.learns:
            for half in halves(nodes):
                aws.ec2.Route(
                    f"{name}-{end.placement}-data-{zone_letter(zone)}-{dashed(half)}",
                    route_table_id=end.facts.ids[key],
                    destination_cidr_block=half,
                    vpc_peering_connection_id=peering.id,
                    opts=here,
                )
