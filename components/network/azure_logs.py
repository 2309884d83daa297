"""A store for the logs of one placement: in the region, under the jurisdiction's key, closed to the public (KEY-1, CLU-6).

Decision: logs rest in a storage account, not in a Log Analytics workspace. A workspace takes a customer's key only inside a
dedicated cluster with a commitment of 100 GB a day or more, far above the budget of a cluster (CLU-5); without one its data
would rest under Microsoft's key, which KEY-1 does not allow. Traffic analytics needs a workspace and is off for that reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import managedidentity, storage

from components.provider.azure_resource import global_name
from config.model import Account, Location


@dataclass(frozen=True, kw_only=True)
class LogStoreArgs:
    """Where and how logs are kept.

    `key` is the versionless URL of the logs' key and `identity` the one identity that may use it. `retention_days` maps
    a prefix of containers (`insights-logs-kube-`) to the days from the last write after which what is in them is deleted;
    what has no entry stays. `tags` are Azure tags.
    """

    location: Location
    account: Account
    resource_group: pulumi.Input[str]
    key: pulumi.Input[str]
    identity: managedidentity.UserAssignedIdentity
    retention_days: Mapping[str, int]
    tags: Mapping[str, str]
    deletion_protection: bool


class AzureLogStore(pulumi.ComponentResource):
    """One storage account that logs are written to and deleted from after their retention (AUD-1, KEY-1).

    Guarantees a customer-managed key that follows its rotation, a second layer of encryption, TLS 1.2, no shared key, no
    anonymous or cross-tenant access, and copies inside the region only: over its zones where it has them, never geo-
    redundant. Trusted Azure services write to it by their identity. It is no WORM archive: the audit store is another.
    """

    account: storage.StorageAccount

    def __init__(self, name: str, args: LogStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the account and its lifecycle rule."""
        super().__init__("nautilus:network:AzureLogStore", name, None, opts)
        guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self.account = storage.StorageAccount(
            f"{name}-account",
            account_name=global_name("log", name, args.location, args.account),
            resource_group_name=args.resource_group,
            location=args.location.region,
            kind=storage.Kind.STORAGE_V2,
            sku=storage.SkuArgs(name=storage.SkuName.STANDARD_ZRS if args.location.zones else storage.SkuName.STANDARD_LRS),
            access_tier=storage.AccessTier.HOT,
            identity=storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[args.identity.id]),
            encryption=_encryption(args),
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            allow_shared_key_access=False,
            allowed_copy_scope="AAD",
            default_to_o_auth_authentication=True,
            enable_https_traffic_only=True,
            is_local_user_enabled=False,
            is_sftp_enabled=False,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            public_network_access="Disabled",
            network_rule_set=storage.NetworkRuleSetArgs(bypass="AzureServices", default_action=storage.DefaultAction.DENY),
            tags=args.tags,
            opts=guarded,
        )
        storage.ManagementPolicy(
            f"{name}-retention",
            account_name=self.account.name,
            resource_group_name=args.resource_group,
            management_policy_name="default",
            policy=storage.ManagementPolicySchemaArgs(
                rules=[_expiry(prefix, days) for prefix, days in args.retention_days.items()]
            ),
            # A store that is kept goes on deleting what is past its retention.
            opts=guarded,
        )
        self.register_outputs({"account": self.account.id})


def _encryption(args: LogStoreArgs) -> storage.EncryptionArgs:
    enabled = storage.EncryptionServiceArgs(enabled=True, key_type="Account")
    key = pulumi.Output.from_input(args.key)
    return storage.EncryptionArgs(
        key_source=storage.KeySource.MICROSOFT_KEYVAULT,
        # Without a version the account takes each new version of the key within a day of its rotation.
        key_vault_properties=storage.KeyVaultPropertiesArgs(
            key_vault_uri=key.apply(lambda url: url.partition("/keys/")[0]),
            key_name=key.apply(lambda url: url.partition("/keys/")[2]),
        ),
        encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=args.identity.id),
        require_infrastructure_encryption=True,
        services=storage.EncryptionServicesArgs(blob=enabled, file=enabled, queue=enabled, table=enabled),
    )


def _expiry(prefix: str, days: int) -> storage.ManagementPolicyRuleArgs:
    return storage.ManagementPolicyRuleArgs(
        name=f"expire-{prefix.rstrip('-')}",
        type=storage.RuleType.LIFECYCLE,
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob", "appendBlob"], prefix_match=[prefix]),
            actions=storage.ManagementPolicyActionArgs(
                base_blob=storage.ManagementPolicyBaseBlobArgs(
                    delete=storage.DateAfterModificationArgs(days_after_modification_greater_than=days)
                )
            ),
        ),
    )
