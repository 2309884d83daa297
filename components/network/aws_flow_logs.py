"""The flow logs of a VPC (CLU-6, AUD-1).

Guarantees that every packet header, accepted or refused, is recorded each minute under the key of the logs, by a role
that nothing but this account's flow logs can take.
"""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_aws as aws

from components.network.aws_log_group import log_group
from components.network.aws_site import Site
from components.provider import aws_names as names
from components.provider.aws_policy import allow, document_output, trust

_FIELDS: Final = (
    *("version", "account-id", "vpc-id", "subnet-id", "instance-id", "interface-id", "az-id"),
    *("srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr", "srcport", "dstport", "protocol", "tcp-flags", "type"),
    *("packets", "bytes", "start", "end", "action", "flow-direction", "traffic-path", "log-status"),
)
"""Fields of the record: the default ones, and what tells pod from node and NAT from direct traffic."""

_AGGREGATION_S: Final = 60
"""The shorter of the two intervals on offer, 60 and 600 seconds."""


def flow_logs(site: Site) -> tuple[aws.cloudwatch.LogGroup, aws.ec2.FlowLog]:
    """Give the log group and the flow log that fills it."""
    name, args = site.name, site.args
    group = log_group(
        f"{name}-flow-logs",
        path=f"/nautilus/{name}/flow-logs",
        key=args.log_key,
        wanted_days=args.flow_log_retention_days,
        tags=site.tags,
        protected=args.deletion_protection,
        parent=site.parent,
    )
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
        tags=site.named("flow-logs"),
        opts=site.here,
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
        opts=site.here,
    )
    log = aws.ec2.FlowLog(
        f"{name}-flow-log",
        vpc_id=site.vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=_AGGREGATION_S,
        log_format=" ".join(f"${{{field}}}" for field in _FIELDS),
        tags=site.named("flow-log"),
        opts=pulumi.ResourceOptions(parent=site.parent, depends_on=[write]),
    )
    return group, log
