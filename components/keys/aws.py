"""The AWS KMS keys of one placement (KEY-1, KEY-001, KEY-003, KEY-004, KEY-007).

Guarantees one customer-managed, single-Region, rotated key a purpose, in the location of its provider, with exact
principals and the longest deletion window the rules and AWS allow. AWS KMS holds key material in HSMs validated to
FIPS 140-3 level 3, so that both protections a jurisdiction may ask for are met by the same key.

It does not make multi-Region keys, imported or external material: none of them can be kept inside a jurisdiction by
what a plan shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.keys.args import KeysArgs, Purpose
from components.keys.aws_policy import key_policy

WINDOW_MAX_DAYS: Final = 30
"""The longest window before a key is destroyed that AWS offers (KMS API, ScheduleKeyDeletion)."""


class AwsKeys(pulumi.ComponentResource):
    """The keys by purpose.

    `keys` gives ARNs, each known only once the key's alias is there; `key_ids` gives the bare ids.
    """

    keys: Mapping[Purpose, pulumi.Output[str]]
    key_ids: Mapping[Purpose, pulumi.Output[str]]

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:keys:AwsKeys", name, None, opts)
        arns: dict[Purpose, pulumi.Output[str]] = {}
        ids: dict[Purpose, pulumi.Output[str]] = {}
        for purpose in args.purposes:
            key, alias = self._key(name, args, purpose)
            # Whoever waits for the ARN waits for the alias as well, by which people and audits find the key.
            arns[purpose] = pulumi.Output.all(key.arn, alias.arn).apply(lambda known: str(known[0]))
            ids[purpose] = key.key_id
        self.keys = MappingProxyType(arns)
        self.key_ids = MappingProxyType(ids)
        self.register_outputs({"keys": dict(arns)})

    def _key(self, name: str, args: KeysArgs, purpose: Purpose) -> tuple[aws.kms.Key, aws.kms.Alias]:
        tags = spelling.for_aws(args.labels)
        key = aws.kms.Key(
            f"{name}-{purpose}",
            description=f"Nautilus {name}: {purpose}",
            policy=key_policy(args, purpose),
            key_usage="ENCRYPT_DECRYPT",
            customer_master_key_spec="SYMMETRIC_DEFAULT",
            multi_region=False,
            is_enabled=True,
            enable_key_rotation=True,
            rotation_period_in_days=args.rules.rotation_days,
            deletion_window_in_days=min(args.rules.deletion_window_days, WINDOW_MAX_DAYS),
            bypass_policy_lockout_safety_check=False,
            tags={**tags, "Name": f"{name}-{purpose}", "nautilus:purpose": str(purpose)},
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        alias = aws.kms.Alias(
            f"{name}-{purpose}-alias",
            name=f"alias/nautilus/{name}/{purpose}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key, alias
