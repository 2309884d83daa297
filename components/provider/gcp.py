"""The Google Cloud provider of one location: project and region pinned, no ambient credentials (RES-001, SEC-1)."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from config.model import Account, Location


def provider(
    name: str, location: Location, account: Account, labels: Mapping[str, str], opts: pulumi.ResourceOptions | None = None
) -> gcp.Provider:
    """Give an explicit provider that can act in one project and region only as that project's deployer.

    The zone is left out on purpose: a zonal resource has to name its own. Quota and billing are the project's own, and
    Pulumi adds no label of its own. `labels` are Nautilus' labels; every resource that has labels gets them.
    """
    return gcp.Provider(
        name,
        project=account.id,
        region=location.region,
        billing_project=account.id,
        user_project_override=True,
        impersonate_service_account=account.deployer,
        default_labels=dict(for_gcp(labels)),
        add_pulumi_attribution_label=False,
        opts=opts,
    )
