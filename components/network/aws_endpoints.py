"""The private endpoints through which a VPC reaches AWS services (CLU-6, SEC-1).

Guarantees that the services a cluster needs answer inside the VPC, and that through these endpoints only identities of
this account can act: stolen credentials of another account are of no use here, and S3 can be read from or written to
in this account alone, apart from the layers and packages AWS serves from its own buckets in this region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi_aws as aws

from components.network.args import NetworkArgs
from components.network.aws_gates import SecurityGroups, egress
from components.network.aws_site import Site
from components.provider import aws_names as names
from components.provider.aws_policy import allow, document

INTERFACE_SERVICES: Final = (
    *("autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing"),
    *("kms", "logs", "secretsmanager", "ssm", "ssmmessages", "sts"),
)
"""What a private EKS cluster with pod identity and session access asks for (EKS User Guide, "Deploy private clusters")."""

GATEWAY_SERVICES: Final = ("dynamodb", "s3")

_ECR_PULL: Final = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
)
_HTTPS: Final = (443, 443)


def gateway_endpoints(
    site: Site, route_tables: Sequence[aws.ec2.RouteTable], app: aws.ec2.SecurityGroup
) -> Mapping[str, aws.ec2.VpcEndpoint]:
    """Give the gateway endpoints, routed from the given tables, with the application tier let out to each."""
    endpoints: dict[str, aws.ec2.VpcEndpoint] = {}
    for service in GATEWAY_SERVICES:
        endpoint = aws.ec2.VpcEndpoint(
            f"{site.name}-endpoint-{service}",
            vpc_id=site.vpc.id,
            service_name=names.endpoint_service(site.args.location, service),
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in route_tables],
            policy=_policy(site.args, service),
            tags=site.named(service),
            opts=site.here,
        )
        egress(site, f"app-out-{service}", app, _HTTPS, prefix_list_id=endpoint.prefix_list_id)
        endpoints[service] = endpoint
    return endpoints


def interface_endpoints(
    site: Site, subnets: Sequence[aws.ec2.Subnet], groups: SecurityGroups
) -> Mapping[str, aws.ec2.VpcEndpoint]:
    """Give the interface endpoints, with an address in each of the given subnets and private names."""
    return {
        service: aws.ec2.VpcEndpoint(
            f"{site.name}-endpoint-{service.replace('.', '-')}",
            vpc_id=site.vpc.id,
            service_name=names.endpoint_service(site.args.location, service),
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[groups.endpoints.id],
            private_dns_enabled=True,
            policy=_policy(site.args, service),
            tags=site.named(service),
            opts=site.here,
        )
        for service in INTERFACE_SERVICES
    }


def _policy(args: NetworkArgs, service: str) -> str:
    """Give an endpoint policy. Its principal is "*" as endpoint policies have it; the condition names who that is."""
    everyone = {"AWS": ("*",)}
    ours = {"aws:PrincipalAccount": args.account.id}
    only_ours = {"StringEquals": {**ours, "aws:ResourceAccount": args.account.id}}
    if service == "s3":
        # AWS's own buckets, by region: image layers of ECR, and the packages of Amazon Linux 2023.
        region = args.location.region
        buckets = (f"prod-{region}-starport-layer-bucket/*", f"al2023-repos-{region}-de612dc2/*")
        return document(
            allow("Own", ("s3:*",), resources=("*",), principals=everyone, conditions=only_ours),
            allow(
                "FromAws",
                ("s3:GetObject",),
                resources=[names.unowned_arn(args.location, "s3", bucket) for bucket in buckets],
                principals=everyone,
            ),
        )
    if service == "dynamodb":
        return document(allow("Own", ("dynamodb:*",), resources=("*",), principals=everyone, conditions=only_ours))
    if service.startswith("ecr."):
        # EKS add-ons come from registries of AWS's own accounts: pulling is open to any registry, pushing to our own.
        return document(
            allow("Pull", _ECR_PULL, resources=("*",), principals=everyone, conditions={"StringEquals": ours}),
            allow("Own", ("ecr:*",), resources=("*",), principals=everyone, conditions=only_ours),
        )
    # The action is bounded by the endpoint itself: it carries one service.
    return document(allow("Own", ("*",), resources=("*",), principals=everyone, conditions={"StringEquals": ours}))
