"""What every part of a placement's hub on AWS is built with (NET-1)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.interconnect.args import GatewayArgs
from components.network.aws import AwsNetwork


@dataclass(frozen=True, kw_only=True)
class Hub:
    """The hub in the making: `name` and `parent` are the component's, `tags` the labels as AWS spells them.

    `vpc` is the VPC's attachment, `vpc_routes` the transit gateway's table that what comes from the VPC is looked up in.
    """

    name: str
    args: GatewayArgs
    network: AwsNetwork
    transit: aws.ec2transitgateway.TransitGateway
    vpc: aws.ec2transitgateway.VpcAttachment
    vpc_routes: aws.ec2transitgateway.RouteTable
    tags: Mapping[str, str]
    parent: pulumi.Resource

    @property
    def here(self) -> pulumi.ResourceOptions:
        """Options of a child of the component."""
        return pulumi.ResourceOptions(parent=self.parent)

    def named(self, role: str) -> Mapping[str, str]:
        """Give the tags of a part, its name included."""
        return {**self.tags, "Name": f"{self.name}-{role}"}


def dashed(cidr: str) -> str:
    """Give a range as a part of a logical name: `10.1.0.0/16` is `10-1-0-0-16`."""
    return cidr.replace(".", "-").replace("/", "-")


def halves(cidr: str) -> tuple[str, str]:
    """Give the two halves of a range, which a router prefers to the whole: 10.1.0.0/16 is 10.1.0.0/17 and 10.1.128.0/17.

    Raises ValueError for a range without halves (/32), or that is none.
    """
    first, second = ipaddress.IPv4Network(cidr).subnets(prefixlen_diff=1)
    return str(first), str(second)
