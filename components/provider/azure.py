"""The Azure provider of one location: subscription, tenant and region pinned, no secret of its own (RES-001, SEC-1)."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_azure_native as azure

from config.model import Account, Location


def provider(
    name: str,
    location: Location,
    account: Account,
    labels: Mapping[str, str],  # noqa: ARG001 - azure-native knows no default tags: every component tags its own
    opts: pulumi.ResourceOptions | None = None,
    *,
    other_tenants: tuple[str, ...] = (),
) -> azure.Provider:
    """Give an explicit provider that can act in one subscription of one tenant only, and defaults to one region.

    It signs in by OpenID Connect federation: the runner's own token is exchanged, no client secret or certificate exists.
    Whose client id that is, the runner says (`ARM_CLIENT_ID`): the catalogue's `deployer` is its object id in the tenant.
    Pulumi's partner id is left off, so that no third party is attributed. `labels` are ignored, since azure-native has
    no default tags. `other_tenants` are tenants that it shows leave of as well: a peering of networks in two tenants is
    refused without. Raises ValueError for an account without a tenant.
    """
    if account.tenant is None:
        raise ValueError(f"account {account.id}: an Azure account needs its tenant; add `tenant` to the environment")
    return azure.Provider(
        name,
        subscription_id=account.id,
        tenant_id=account.tenant,
        location=location.region,
        environment="public",
        auxiliary_tenant_ids=list(other_tenants) or None,
        use_oidc=True,
        use_msi=False,
        disable_pulumi_partner_id=True,
        opts=opts,
    )
