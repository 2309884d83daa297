"""The backbone's ends on AWS, as the stacks take them (NET-1, NET-2, NET-4)."""

from __future__ import annotations

from components.interconnect.aws_gateway import IDS, AwsGateway
from components.interconnect.aws_link import AwsLink
from components.interconnect.aws_tunnels import AwsTunnels

__all__ = ["IDS", "AwsGateway", "AwsLink", "AwsTunnels"]
