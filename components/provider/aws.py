"""The explicit AWS provider of one location (CLU-1, SEC-1, RES-001).

Guarantees that the region and the account are pinned by the catalogue, that the deployer's role is the only identity
resources are made with, and that everything carries Nautilus' labels even where a component forgets them. It reads no
profile, no shared file and no region from the surroundings; who may assume the role is the account's own matter.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from config.model import Account, Location


def provider(
    name: str,
    location: Location,
    account: Account,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions | None = None,
) -> aws.Provider:
    """Give the provider of `account` in `location`.

    `account.deployer` is the ARN of the role to assume. The session token comes from STS in the same region, so that no
    credential is issued in another jurisdiction. Raises ValueError for labels that not every cloud takes.
    """
    return aws.Provider(
        name,
        region=location.region,
        sts_region=location.region,
        allowed_account_ids=[account.id],
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=account.deployer, session_name="nautilus")],
        default_tags=aws.ProviderDefaultTagsArgs(tags=spelling.for_aws(labels)),
        opts=opts,
    )
