"""A placement's end of the backbone on AWS: a transit gateway of its own (NET-1, NET-4).

Guarantees that what leaves the VPC for another placement goes through the transit gateway and only for declared ranges;
that no attachment learns or looks up anything by default, so that a link reaches what its own table says and nothing else;
that flows are recorded; and that leased ports, where there are any, end at the same gateway. It makes no link: the
federation stack does.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.interconnect.args import GatewayArgs, GatewayFacts
from components.interconnect.aws_gate import admit
from components.interconnect.aws_logs import record_flows, tunnel_logs
from components.interconnect.aws_ports import lease
from components.interconnect.aws_site import Hub
from components.network.aws import AwsNetwork, zone_letter
from components.network.subnets import ZONES_MAX

DATA_ROUTES: Final = tuple(f"data-routes-{index}" for index in range(ZONES_MAX))
"""The data tier's route tables, in the order of the placement's zones."""

IDS: Final[tuple[str, ...]] = ("transit-gateway", "vpc", "vpc-attachment", "vpc-routes", "tunnel-logs", *DATA_ROUTES)
"""Keys of `facts.ids`.

`vpc-routes` is the transit gateway's route table for what comes from the VPC; `tunnel-logs` the ARN of a log group. A
placement with fewer than six zones gives its data tables again from the first on: the shape is the same for all.
"""


class AwsGateway(pulumi.ComponentResource):
    """The transit gateway with the VPC attached in every zone's private subnet; `facts` is what links need."""

    facts: GatewayFacts

    def __init__(
        self, name: str, args: GatewayArgs, network: AwsNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("nautilus:interconnect:AwsGateway", name, None, opts)
        hub = self._make_hub(name, args, network)
        _routes(hub)
        admit(hub)
        log = record_flows(hub)
        tunnels = tunnel_logs(hub)
        lease(hub)
        # Whoever links to this gateway waits until what passes it is recorded.
        transit = pulumi.Output.all(hub.transit.id, log.id).apply(lambda known: str(known[0]))
        ids = {
            "transit-gateway": transit,
            "vpc": network.network_id,
            "vpc-attachment": hub.vpc.id,
            "vpc-routes": hub.vpc_routes.id,
            "tunnel-logs": tunnels.arn,
        }
        tables = tuple(network.data_route_table_ids[zone] for zone in args.zones)
        ids |= {key: tables[index % len(tables)] for index, key in enumerate(DATA_ROUTES)}
        self.facts = GatewayFacts(addresses=(), ids=MappingProxyType(ids))
        self.register_outputs({"transit_gateway_id": transit})

    def _make_hub(self, name: str, args: GatewayArgs, network: AwsNetwork) -> Hub:
        tags = spelling.for_aws(args.labels)
        here = pulumi.ResourceOptions(parent=self)
        transit = aws.ec2transitgateway.TransitGateway(
            f"{name}-transit",
            description=f"Backbone of {name}",
            amazon_side_asn=args.asn,
            auto_accept_shared_attachments="disable",
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            dns_support="enable",
            multicast_support="disable",
            security_group_referencing_support="disable",
            vpn_ecmp_support="enable",
            tags={**tags, "Name": f"{name}-transit"},
            opts=here,
        )
        vpc = aws.ec2transitgateway.VpcAttachment(
            f"{name}-vpc",
            transit_gateway_id=transit.id,
            vpc_id=network.network_id,
            subnet_ids=[network.private_subnet_ids[zone] for zone in args.zones],
            # Flows need not come back through the zone they left by: no stateful appliance stands in between.
            appliance_mode_support="disable",
            dns_support="enable",
            ipv6_support="disable",
            security_group_referencing_support="disable",
            transit_gateway_default_route_table_association=False,
            transit_gateway_default_route_table_propagation=False,
            tags={**tags, "Name": f"{name}-vpc"},
            opts=here,
        )
        table = aws.ec2transitgateway.RouteTable(
            f"{name}-vpc-routes", transit_gateway_id=transit.id, tags={**tags, "Name": f"{name}-vpc-routes"}, opts=here
        )
        aws.ec2transitgateway.RouteTableAssociation(
            f"{name}-vpc-association",
            transit_gateway_attachment_id=vpc.id,
            transit_gateway_route_table_id=table.id,
            opts=here,
        )
        return Hub(name=name, args=args, network=network, transit=transit, vpc=vpc, vpc_routes=table, tags=tags, parent=self)


def _routes(hub: Hub) -> None:
    """Route each declared placement through the hub, from the private and the data tier; the rest has no route."""
    # A VPC's table takes a transit gateway only once that is attached to the VPC (Amazon VPC user guide, route tables).
    behind = pulumi.ResourceOptions(parent=hub.parent, depends_on=[hub.vpc])
    for role, table in _tables(hub):
        for peer, nodes in sorted(hub.args.reach.items()):
            aws.ec2.Route(
                f"{hub.name}-{role}-to-{peer}",
                route_table_id=table,
                destination_cidr_block=nodes,
                transit_gateway_id=hub.transit.id,
                opts=behind,
            )


def _tables(hub: Hub) -> Iterator[tuple[str, pulumi.Output[str]]]:
    for zone in hub.args.zones:
        yield f"private-{zone_letter(zone)}", hub.network.private_route_table_ids[zone]
        yield f"data-{zone_letter(zone)}", hub.network.data_route_table_ids[zone]
