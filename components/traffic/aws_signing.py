"""The key that signs a zone's names (KEY-1, KEY-2, KEY-006, DNS-1).

Guarantees an elliptic-curve key whose private half never leaves KMS's HSMs, that only Route 53 may sign with it and only for
zones of this account, and that whoever deploys cannot destroy it where it is protected. KMS does not rotate asymmetric keys:
a new one is made beside it, and the parent's DS record changed, by people.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.keys.aws import WINDOW_MAX_DAYS
from components.keys.aws_policy import management
from components.provider import aws_names as names
from components.provider.aws_policy import allow, document
from components.traffic.args import NamesArgs


def signing_key(logical: str, args: NamesArgs, tags: Mapping[str, str], parent: pulumi.Resource) -> aws.kms.Key:
    """Give the key: ECC_NIST_P256, which is what Route 53 signs with (Route 53 API, CreateKeySigningKey)."""
    zones = names.unowned_arn(args.location, "route53", "hostedzone/*")
    service = {"Service": (names.principal("dnssec-route53"),)}
    return aws.kms.Key(
        logical,
        description=f"Nautilus {logical}: signs the zone of the federation's names",
        policy=document(
            *management(args.location, args.account, deletion_protection=args.deletion_protection),
            allow(
                "SignZones",
                ("kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"),
                resources=("*",),
                principals=service,
                conditions={
                    "StringEquals": {"aws:SourceAccount": args.account.id},
                    "ArnLike": {"aws:SourceArn": zones},
                },
            ),
            allow(
                "GrantToZones",
                ("kms:CreateGrant",),
                resources=("*",),
                principals=service,
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            ),
        ),
        key_usage="SIGN_VERIFY",
        customer_master_key_spec="ECC_NIST_P256",
        multi_region=False,
        is_enabled=True,
        deletion_window_in_days=WINDOW_MAX_DAYS,
        bypass_policy_lockout_safety_check=False,
        tags={**tags, "nautilus:purpose": "signing"},
        opts=pulumi.ResourceOptions(parent=parent, protect=args.deletion_protection),
    )
