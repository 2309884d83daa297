"""A CloudWatch log group as every component here wants it (AUD-1, KEY-1).

Guarantees the given key, at least the retention asked for, and where the environment protects, protection by Pulumi and by
CloudWatch Logs itself. It does not make records immutable: CloudWatch Logs has no lock, the audit store does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

RETENTIONS_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs takes as retention (CloudWatch Logs API, PutRetentionPolicy)."""


def retention_days(wanted: int) -> int:
    """Give the shortest retention on offer that is not shorter than `wanted`, both in days.

    Raises ValueError above 3653 days: never expiring is not a retention, and personal data must go at some time.
    """
    for offered in RETENTIONS_DAYS:
        if offered >= wanted:
            return offered
    raise ValueError(
        f"log retention {wanted} days: CloudWatch Logs keeps at most {RETENTIONS_DAYS[-1]}; archive to an audit store"
    )


def log_group(
    logical_name: str,
    *,
    path: str,
    key: pulumi.Input[str],
    wanted_days: int,
    tags: Mapping[str, str],
    protected: bool,
    parent: pulumi.Resource,
) -> aws.cloudwatch.LogGroup:
    """Give a log group called `path`, encrypted under `key` (an ARN)."""
    return aws.cloudwatch.LogGroup(
        logical_name,
        name=path,
        kms_key_id=key,
        retention_in_days=retention_days(wanted_days),
        log_group_class="STANDARD",
        skip_destroy=False,
        deletion_protection_enabled=protected,
        tags={**tags, "Name": logical_name},
        opts=pulumi.ResourceOptions(parent=parent, protect=protected),
    )
