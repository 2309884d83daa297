"""Key Vault keys of one placement: HSM-backed, in the region, rotated, each usable by one identity (KEY-1).

Decision: premium vaults, not Managed HSM pools. The keys of a premium vault are generated in and never leave the HSMs of the
vault's own region (Microsoft: FIPS 140-3 level 3 on the current platform), a vault cannot be extended into a second region,
and it costs by key. A Managed HSM pool is single-tenant but costs several US dollars an hour, is activated by hand with a
security domain that somebody must carry, and in most locations of the catalogue it can have no second region. Azure copies
a vault to its region's pair (Key Vault availability and redundancy, Microsoft Learn; general knowledge), so the residency
rules have to look at the pair: Singapore's lies in Hong Kong.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import authorization, compute, keyvault, managedidentity, resources

from components import labels
from components.keys.args import KeysArgs, Purpose
from components.provider.azure_resource import Principal, Role, assign, global_name, physical
from config.model import KeyProtection

_KTY: Final = {KeyProtection.HSM: "RSA-HSM", KeyProtection.SOFTWARE: "RSA"}

_BITS: Final = 3072
"""RSA of 128-bit strength until Key Vault offers post-quantum keys (NIST SP 800-57 part 1, table 2; KEY-2)."""

_GRACE_DAYS: Final = 90
"""A key version outlives its rotation by this long: AKS pins a version, and an expired one encrypts no more."""

_OPERATIONS: Final[Mapping[Purpose, tuple[str, ...]]] = {
    Purpose.CLUSTER: ("encrypt", "decrypt"),
    Purpose.VOLUMES: ("wrapKey", "unwrapKey"),
    Purpose.LOGS: ("wrapKey", "unwrapKey"),
    Purpose.DATA: ("wrapKey", "unwrapKey"),
}
"""The least that each user calls: the AKS KMS plug-in encrypts, disks and stores wrap their data keys."""

_ROLES: Final[Mapping[Purpose, Role]] = {
    Purpose.CLUSTER: Role.KEY_VAULT_CRYPTO_USER,
    Purpose.VOLUMES: Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
    Purpose.LOGS: Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
    Purpose.DATA: Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
}


class AzureKeys(pulumi.ComponentResource):
    """A premium vault in the location and one key a purpose, each granted to one identity only (KEY-1).

    Guarantees that no key can be read, exported or purged: HSM-held when the jurisdiction asks for it, purge protection on,
    soft delete for the deletion window, no public network, access by role and never by access policy, no wildcard.
    Rotation is Key Vault's own, within the jurisdiction's limit. The account's administrators are a group. Where deletion is
    protected the vault is locked, and everything below the lock is protected with it, grants included. It makes no
    private endpoint (the network's services do) and no key of another region. AKS does not follow a rotation by itself:
    `nautilus refresh` and `up` move it to the new version.
    """

    keys: Mapping[Purpose, pulumi.Output[str]]
    """Purpose to versionless key URL (`https://<vault>.vault.azure.net/keys/<name>`), known once its grant exists."""

    versions: Mapping[Purpose, pulumi.Output[str]]
    """Purpose to the URL of the key's current version, for AKS and disk encryption sets, which take nothing else."""

    identities: Mapping[Purpose, managedidentity.UserAssignedIdentity]
    """Purpose to the one identity that may use the key. The cluster's is also the AKS control plane's."""

    disk_encryption_set: compute.DiskEncryptionSet | None
    """Of the volumes' key, where there is one."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the vault, its keys, identities and grants. Raises ValueError for an account without a tenant."""
        super().__init__("nautilus:keys:AzureKeys", name, None, opts)
        if args.account.tenant is None:
            raise ValueError(
                f"account {args.account.id}: an Azure account needs its tenant; add `tenant` to the environment"
            )
        self._args = args
        self._tags = labels.for_azure(args.labels)
        self._guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self._child = pulumi.ResourceOptions(parent=self)
        self.resource_group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=args.location.region,
            tags=self._tags,
            opts=self._guarded,
        )
        self.vault = self._make_vault(name, args.account.tenant)
        assign(
            f"{name}-administrators",
            args.account,
            Role.KEY_VAULT_CRYPTO_OFFICER,
            scope=self.vault.id,
            principal=args.account.administrators,
            opts=self._guarded,
            kind=Principal.GROUP,
        )
        if args.deletion_protection:
            # Azure's locks hold what lies below their scope too: the keys and every grant on the vault or on a key of it.
            authorization.ManagementLockByScope(
                f"{name}-vault-lock",
                lock_name="keep-keys",
                level="CanNotDelete",
                scope=self.vault.id,
                notes="Keys of the jurisdiction: data under them is lost with them.",
                opts=self._guarded,
            )
        made = {purpose: self._make_key(name, purpose) for purpose in args.purposes}
        self.identities = MappingProxyType({purpose: identity for purpose, (_, identity, _) in made.items()})
        self.keys = MappingProxyType({p: _after(key.key_uri, grants) for p, (key, _, grants) in made.items()})
        self.versions = MappingProxyType(
            {p: _after(key.key_uri_with_version, grants) for p, (key, _, grants) in made.items()}
        )
        self.disk_encryption_set = self._make_disk_encryption_set(name) if Purpose.VOLUMES in made else None
        self.register_outputs({"keys": {str(purpose): key for purpose, key in self.keys.items()}})

    def _make_vault(self, name: str, tenant: str) -> keyvault.Vault:
        args = self._args
        return keyvault.Vault(
            f"{name}-vault",
            vault_name=global_name("kv", name, args.location, args.account),
            resource_group_name=self.resource_group.name,
            location=args.location.region,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=tenant,
                sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.PREMIUM),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                soft_delete_retention_in_days=args.rules.deletion_window_days,
                enable_purge_protection=True,
                enabled_for_deployment=False,
                enabled_for_disk_encryption=False,
                enabled_for_template_deployment=False,
                public_network_access="Disabled",
                # Disks and stores reach a closed vault only as trusted services; they still need their role on the key.
                network_acls=keyvault.NetworkRuleSetArgs(bypass="AzureServices", default_action="Deny"),
            ),
            tags=self._tags,
            opts=self._guarded,
        )

    def _make_key(
        self, name: str, purpose: Purpose
    ) -> tuple[keyvault.Key, managedidentity.UserAssignedIdentity, list[authorization.RoleAssignment]]:
        args = self._args
        role = f"{name}-{purpose}"
        tags = {**self._tags, "nautilus-purpose": str(purpose)}
        key = keyvault.Key(
            role,
            key_name=str(purpose),
            vault_name=self.vault.name,
            resource_group_name=self.resource_group.name,
            properties=keyvault.KeyPropertiesArgs(
                kty=_KTY[args.rules.protection],
                key_size=_BITS,
                key_ops=list(_OPERATIONS[purpose]),
                attributes=keyvault.KeyAttributesArgs(enabled=True, exportable=False),
                rotation_policy=_rotation(args.rules.rotation_days),
            ),
            tags=tags,
            opts=self._guarded,
        )
        identity = managedidentity.UserAssignedIdentity(
            f"{role}-identity",
            resource_name_=physical(f"id-{role}", 128),
            resource_group_name=self.resource_group.name,
            location=args.location.region,
            tags=tags,
            opts=self._child,
        )
        scope = pulumi.Output.concat(self.vault.id, "/keys/", key.name)
        who = identity.principal_id
        grants = [
            assign(f"{role}-grant", args.account, _ROLES[purpose], scope=scope, principal=who, opts=self._guarded),
        ]
        if purpose is Purpose.CLUSTER:
            grants.append(
                assign(
                    f"{role}-endpoint-grant",
                    args.account,
                    Role.KEY_VAULT_CONTRIBUTOR,
                    scope=self.vault.id,
                    principal=who,
                    opts=self._guarded,
                )
            )
        return key, identity, grants

    def _make_disk_encryption_set(self, name: str) -> compute.DiskEncryptionSet:
        return compute.DiskEncryptionSet(
            f"{name}-disks",
            disk_encryption_set_name=physical(f"des-{name}", 80),
            resource_group_name=self.resource_group.name,
            location=self._args.location.region,
            encryption_type="EncryptionAtRestWithCustomerKey",
            identity=compute.EncryptionSetIdentityArgs(
                type="UserAssigned", user_assigned_identities=[self.identities[Purpose.VOLUMES].id]
            ),
            active_key=compute.KeyForDiskEncryptionSetArgs(
                key_url=self.versions[Purpose.VOLUMES], source_vault=compute.SourceVaultArgs(id=self.vault.id)
            ),
            rotation_to_latest_key_version_enabled=True,
            tags=self._tags,
            opts=self._guarded,
        )


def _rotation(days: int) -> keyvault.RotationPolicyArgs:
    return keyvault.RotationPolicyArgs(
        attributes=keyvault.KeyRotationPolicyAttributesArgs(expiry_time=f"P{days + _GRACE_DAYS}D"),
        lifetime_actions=[
            keyvault.LifetimeActionArgs(
                action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                trigger=keyvault.TriggerArgs(time_after_create=f"P{days}D"),
            )
        ],
    )


def _after(url: pulumi.Output[str], grants: list[authorization.RoleAssignment]) -> pulumi.Output[str]:
    """Give a key's URL only once its grants exist: who takes it needs them."""
    return pulumi.Output.all(url, *[grant.id for grant in grants]).apply(lambda found: str(found[0]))
