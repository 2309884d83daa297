"""Who may do what with an AWS KMS key, by its purpose (KEY-1, KEY-006).

Guarantees exact principals: the account's key administrators manage a key and cannot use it; the deployer keeps it in
shape and, where the key is protected, cannot destroy it; services use it only for this account's resources in this
region. The account root is named twice only: as the way back when the administrators' role is lost, which is the root
user alone, and to let IAM policies of this account grant use through the services of the purpose.

It does not create principals: the deployer's and the administrators' roles, and for VOLUMES the Auto Scaling
service-linked role, belong to the account's own set-up, and KMS refuses a policy that names one that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from components.keys.args import KeysArgs, Purpose
from components.provider import aws_names as names
from components.provider.aws_policy import Statement, allow, document
from config.model import Account, Location

_INSPECT: Final = (
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
)
_MAINTAIN: Final = (
    *_INSPECT,
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""What a deployment needs. PutKeyPolicy is among it because KMS's lockout check asks it of whoever creates a key."""

_DESTROY: Final = ("kms:CancelKeyDeletion", "kms:DisableKey", "kms:ScheduleKeyDeletion")
_ADMINISTER: Final = (*_MAINTAIN, *_DESTROY, "kms:DisableKeyRotation", "kms:RevokeGrant", "kms:RotateKeyOnDemand")
_USE: Final = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
_FOR_AWS: Final = MappingProxyType({"Bool": {"kms:GrantIsForAWSResource": "true"}})

_AUTO_SCALING_ROLE: Final = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
"""The service-linked role that starts nodes with encrypted disks (EC2 Auto Scaling User Guide, key policy requirements)."""

_THROUGH: Final[Mapping[Purpose, tuple[str, ...]]] = MappingProxyType(
    {
        Purpose.VOLUMES: ("ec2",),
        Purpose.DATA: ("backup", "elasticache", "kafka", "rds", "s3", "secretsmanager"),
    }
)
"""The services through which IAM policies of the account may grant use of a purpose's key."""


def key_policy(args: KeysArgs, purpose: Purpose) -> str:
    """Give the key policy, known in full before anything is created."""
    by_purpose = {
        Purpose.CLUSTER: _cluster,
        Purpose.VOLUMES: _volumes,
        Purpose.LOGS: _logs,
        Purpose.DATA: _data,
    }
    managed = management(args.location, args.account, deletion_protection=args.deletion_protection)
    return document(*managed, *by_purpose[purpose](args))


def management(location: Location, account: Account, *, deletion_protection: bool) -> tuple[Statement, ...]:
    """Give the statements by which people and the deployer manage a key of an account; nobody uses it by them."""
    deployer = _MAINTAIN if deletion_protection else (*_MAINTAIN, *_DESTROY)
    return (
        allow(
            "RootUserRecovery",
            _ADMINISTER,
            resources=("*",),
            principals={"AWS": (names.root(location, account),)},
            # Narrows the account principal from "whatever IAM says" to the root user in person.
            conditions={"StringEquals": {"aws:PrincipalType": "Account"}},
        ),
        allow("Administer", _ADMINISTER, resources=("*",), principals={"AWS": (account.administrators,)}),
        allow("Deploy", deployer, resources=("*",), principals={"AWS": (account.deployer,)}),
    )


def _cluster(args: KeysArgs) -> tuple[Statement, ...]:
    # EKS takes its grant in the name of whoever creates the cluster and does not support kms:GrantIsForAWSResource on
    # it (EKS User Guide, "Encrypt Kubernetes secrets with KMS").
    return (
        allow(
            "GrantToCluster",
            ("kms:CreateGrant",),
            resources=("*",),
            principals={"AWS": (args.account.deployer,)},
        ),
    )


def _volumes(args: KeysArgs) -> tuple[Statement, ...]:
    role = names.global_arn(args.location, args.account, "iam", _AUTO_SCALING_ROLE)
    return (
        allow("UseByAutoScaling", _USE, resources=("*",), principals={"AWS": (role,)}),
        allow(
            "GrantByAutoScaling",
            ("kms:CreateGrant",),
            resources=("*",),
            principals={"AWS": (role,)},
            conditions=_FOR_AWS,
        ),
        *_through(args, Purpose.VOLUMES),
    )


def _logs(args: KeysArgs) -> tuple[Statement, ...]:
    return (
        allow(
            "UseByLogs",
            _USE,
            resources=("*",),
            principals={"Service": (names.regional_principal(args.location, "logs"),)},
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": names.arn(args.location, args.account, "logs", "log-group:*")
                }
            },
        ),
        # Alarms and events reach a notification topic under this key only if their services may use it (SNS Developer
        # Guide, "Enable compatibility between event sources from AWS services and encrypted topics").
        allow(
            "NotifyUnderKey",
            ("kms:Decrypt", "kms:GenerateDataKey"),
            resources=("*",),
            principals={"Service": (names.principal("cloudwatch"), names.principal("events"))},
            conditions={"StringEquals": {"aws:SourceAccount": args.account.id}},
        ),
    )


def _data(args: KeysArgs) -> tuple[Statement, ...]:
    return _through(args, Purpose.DATA)


def _through(args: KeysArgs, purpose: Purpose) -> tuple[Statement, ...]:
    account = {"AWS": (names.root(args.location, args.account),)}
    services = {"kms:ViaService": [names.via_service(args.location, service) for service in _THROUGH[purpose]]}
    return (
        allow("UseThroughServices", _USE, resources=("*",), principals=account, conditions={"StringEquals": services}),
        allow(
            "GrantThroughServices",
            ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"),
            resources=("*",),
            principals=account,
            conditions={"StringEquals": services, **_FOR_AWS},
        ),
    )
