"""What is recorded at a placement's hub on AWS: flows through the transit gateway, and the tunnels' own logs (AUD-1).

Guarantees that both go to log groups under the placement's key with the retention asked for, and that nothing but this
account's flow logs can write the first. It does not record payloads, and one minute is the finest that AWS offers.
"""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_aws as aws

from components.interconnect.aws_site import Hub
from components.network.aws_log_group import log_group
from components.provider import aws_names as names
from components.provider.aws_policy import allow, document_output, trust

_AGGREGATION_S: Final = 60
"""The only interval of a transit gateway (EC2 API, CreateFlowLogs)."""

_FIELDS: Final = (
    *("version", "resource-type", "account-id", "tgw-id", "tgw-attachment-id", "tgw-src-vpc-id", "tgw-dst-vpc-id"),
    *("tgw-src-az-id", "tgw-dst-az-id", "tgw-pair-attachment-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol"),
    *("packets", "bytes", "start", "end", "log-status", "type", "packets-lost-no-route", "packets-lost-blackhole"),
    *("packets-lost-mtu-exceeded", "packets-lost-ttl-expired", "tcp-flags", "region", "flow-direction"),
)
"""Who spoke to whom over which attachments, and what was lost for want of a route (Transit gateway flow log records)."""


def record_flows(hub: Hub) -> aws.ec2.FlowLog:
    """Give the flow log of the transit gateway."""
    name, args = hub.name, hub.args
    group = _group(hub, "flow-logs")
    role = aws.iam.Role(
        f"{name}-flow-logs-role",
        name=f"{name}-flow-logs",
        description=f"Writes the flow logs of {name}",
        assume_role_policy=trust(
            names.principal("vpc-flow-logs"),
            conditions={
                "StringEquals": {"aws:SourceAccount": args.account.id},
                "ArnLike": {"aws:SourceArn": names.arn(args.location, args.account, "ec2", "vpc-flow-log/*")},
            },
        ),
        tags=hub.named("flow-logs"),
        opts=hub.here,
    )
    write = aws.iam.RolePolicy(
        f"{name}-flow-logs-policy",
        name="write",
        role=role.name,
        policy=document_output(
            allow(
                "Write",
                ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                resources=(group.arn, pulumi.Output.concat(group.arn, ":log-stream:*")),
            ),
            # The listing has no narrower resource (Service Authorization Reference, CloudWatch Logs).
            allow(
                "Find",
                ("logs:DescribeLogGroups",),
                resources=(names.arn(args.location, args.account, "logs", "log-group:*"),),
            ),
        ),
        opts=hub.here,
    )
    return aws.ec2.FlowLog(
        f"{name}-flow-log",
        transit_gateway_id=hub.transit.id,
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=_AGGREGATION_S,
        log_format=" ".join(f"${{{field}}}" for field in _FIELDS),
        tags=hub.named("flow-log"),
        opts=pulumi.ResourceOptions(parent=hub.parent, depends_on=[write]),
    )


def tunnel_logs(hub: Hub) -> aws.cloudwatch.LogGroup:
    """Give the log group that the tunnels of this placement's links write their negotiations and BGP changes to."""
    return _group(hub, "tunnel-logs")


def _group(hub: Hub, role: str) -> aws.cloudwatch.LogGroup:
    return log_group(
        f"{hub.name}-{role}",
        path=f"/nautilus/{hub.name}/{role}",
        key=hub.args.log_key,
        wanted_days=hub.args.log_retention_days,
        tags=hub.tags,
        protected=hub.args.deletion_protection,
        parent=hub.parent,
    )
