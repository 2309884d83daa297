"""The one place that spells AWS names: ARNs, service principals, endpoint services.

Guarantees that partition and DNS suffix follow from the region, so that the same program is right outside the
commercial partition. It does not know whether what a name speaks of exists.
"""

from __future__ import annotations

from config.model import Account, Location


def partition(region: str) -> str:
    """Give the partition of a region: `aws`, `aws-cn` or `aws-us-gov` (AWS General Reference, ARN format)."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def dns_suffix(region: str) -> str:
    """Give the domain that service principals and endpoints of the region end in."""
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def arn(location: Location, account: Account, service: str, resource: str) -> str:
    """Give the ARN of a regional resource, such as `arn:aws:logs:us-east-1:123456789012:log-group:*`."""
    return f"arn:{partition(location.region)}:{service}:{location.region}:{account.id}:{resource}"


def global_arn(location: Location, account: Account, service: str, resource: str) -> str:
    """Give the ARN of a resource that has an account but no region, such as an IAM role."""
    return f"arn:{partition(location.region)}:{service}::{account.id}:{resource}"


def unowned_arn(location: Location, service: str, resource: str) -> str:
    """Give the ARN of a resource with neither region nor account, such as an S3 object."""
    return f"arn:{partition(location.region)}:{service}:::{resource}"


def root(location: Location, account: Account) -> str:
    """Give the ARN that stands for the account as a principal."""
    return global_arn(location, account, "iam", "root")


def managed_policy(location: Location, path: str) -> str:
    """Give the ARN of an IAM policy that AWS manages; `path` is its name with its path, as AWS lists it."""
    return f"arn:{partition(location.region)}:iam::aws:policy/{path}"


def access_policy(location: Location, name: str) -> str:
    """Give the ARN of an EKS access policy (EKS User Guide, "Review access policy permissions")."""
    return f"arn:{partition(location.region)}:eks::aws:cluster-access-policy/{name}"


def regional_principal(location: Location, service: str) -> str:
    """Give a service principal that carries its region, such as `logs.us-east-1.amazonaws.com`."""
    return f"{service}.{location.region}.{dns_suffix(location.region)}"


def principal(service: str) -> str:
    """Give a service principal without a region, such as `ec2.amazonaws.com`, which is the same in every partition."""
    return f"{service}.amazonaws.com"


def via_service(location: Location, service: str) -> str:
    """Give the value that the condition `kms:ViaService` compares, such as `ec2.us-east-1.amazonaws.com`."""
    return f"{service}.{location.region}.{dns_suffix(location.region)}"


def endpoint_service(location: Location, service: str) -> str:
    """Give the name of a VPC endpoint service of AWS, such as `com.amazonaws.us-east-1.ecr.api`."""
    prefix = ".".join(reversed(dns_suffix(location.region).split(".")))
    return f"{prefix}.{location.region}.{service}"
