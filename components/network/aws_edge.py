"""Subnets of a VPC in AWS Local Zones (EDGE-1, NET-3, CLU-6).

Guarantees that a zone is opted into before anything stands in it, that its nodes and pods have subnets of their own without
public addresses, guarded by the private tier's ACL, and that they leave as the private tier of the VPC's first zone does:
through the region, since a Local Zone has no NAT gateway. It places neither control plane, attachment nor endpoint there,
which AWS does not offer (Amazon EKS User Guide, "Launch low-latency EKS clusters with AWS Local Zones"; AWS Local Zones User
Guide, "How Local Zones work", 2026-11). What has been opted into stays so: only AWS support can leave a zone again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.aws_site import Site
from components.network.subnets import outpost


@dataclass(frozen=True, kw_only=True)
class EdgeSubnets:
    """The subnets by site: `nodes` and `pods`."""

    nodes: Mapping[str, aws.ec2.Subnet]
    pods: Mapping[str, aws.ec2.Subnet]

    @property
    def all(self) -> tuple[aws.ec2.Subnet, ...]:
        """Every one of them."""
        return (*self.nodes.values(), *self.pods.values())


def edge_subnets(site: Site, pods_range: Sequence[pulumi.Resource], table: aws.ec2.RouteTable) -> EdgeSubnets:
    """Make the subnets of every site; `pods_range` is what the pods' range comes with, `table` what they route by."""
    nodes: dict[str, aws.ec2.Subnet] = {}
    pods: dict[str, aws.ec2.Subnet] = {}
    for site_id, place in site.args.edge.items():
        ranges = outpost(site.args.nodes, site.args.pods, place.slot)
        opted = aws.ec2.AvailabilityZoneGroup(
            f"{site.name}-{site_id}-opt-in", group_name=place.zone[:-1], opt_in_status="opted-in", opts=site.here
        )
        nodes[site_id] = _subnet(site, f"{site_id}-nodes", place.zone, ranges.nodes, table, [opted])
        pods[site_id] = _subnet(site, f"{site_id}-pods", place.zone, ranges.pods, table, [opted, *pods_range])
    return EdgeSubnets(nodes=nodes, pods=pods)


def _subnet(  # noqa: PLR0917 - the parts of one subnet, none of which stands for another
    site: Site, role: str, zone: str, cidr: str, table: aws.ec2.RouteTable, after: Sequence[pulumi.Resource]
) -> aws.ec2.Subnet:
    subnet = aws.ec2.Subnet(
        f"{site.name}-{role}",
        vpc_id=site.vpc.id,
        cidr_block=cidr,
        availability_zone=zone,
        map_public_ip_on_launch=False,
        assign_ipv6_address_on_creation=False,
        tags=site.named(role),
        opts=pulumi.ResourceOptions(parent=site.parent, depends_on=list(after)),
    )
    aws.ec2.RouteTableAssociation(
        f"{site.name}-{role}-association", route_table_id=table.id, subnet_id=subnet.id, opts=site.here
    )
    return subnet
