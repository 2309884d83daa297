"""The MACsec keys of a placement's leased ports: a vault of their own, in the region (NET-4, KEY-1).

Decision: not the placement's vault of encryption keys: who installs the carriers' routers reads these, and nobody reads
those. ExpressRoute takes MACsec keys from a vault only, as secrets, and reaches a closed vault as a trusted service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pulumi
import pulumi_random
from pulumi_azure_native import keyvault, managedidentity, network

from components import labels
from components.interconnect.args import GatewayArgs
from components.provider.azure_resource import Role, assign, global_name, physical

_HEX_DIGITS: Final = 64
"""Of name (CKN) and key (CAK) alike: 256 bits, what a 256-bit cipher needs (ExpressRoute Direct, configure MACsec)."""

_KEPT_DAYS: Final = 90
"""The longest that Key Vault keeps what was deleted."""


class AzureMacsec(pulumi.ComponentResource):
    """A vault, an identity that may read its secrets, and a name and a key for each port (NET-4).

    Guarantees that a key is made at random, is a secret in the state, and can be read in Azure by the ports' identity alone.
    It does not rotate: the router at the other end of the wave has to change in the same minute, which is a person's work.
    """

    configs: Mapping[str, network.ExpressRouteLinkMacSecConfigArgs]
    """What a port's links take, by port; known once the identity may read the vault."""

    def __init__(
        self,
        name: str,
        args: GatewayArgs,
        group: pulumi.Input[str],
        ports: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make keys for the ports of these ids. Raises ValueError for an account without a tenant."""
        super().__init__("nautilus:interconnect:AzureMacsec", name, None, opts)
        if args.account.tenant is None:
            raise ValueError(
                f"account {args.account.id}: an Azure account needs its tenant; add `tenant` to the environment"
            )
        self._name = name
        self._group = group
        self._tags = labels.for_azure(args.labels)
        self._guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self.vault = keyvault.Vault(
            f"{name}-vault",
            vault_name=global_name("mac", name, args.location, args.account),
            resource_group_name=group,
            location=args.location.region,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=args.account.tenant,
                sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.PREMIUM),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                soft_delete_retention_in_days=_KEPT_DAYS,
                enable_purge_protection=True,
                public_network_access="Disabled",
                network_acls=keyvault.NetworkRuleSetArgs(bypass="AzureServices", default_action="Deny"),
            ),
            tags=self._tags,
            opts=self._guarded,
        )
        self.identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=physical(f"id-{name}", 128),
            resource_group_name=group,
            location=args.location.region,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        grant = assign(
            f"{name}-grant",
            args.account,
            Role.KEY_VAULT_SECRETS_USER,
            scope=self.vault.id,
            principal=self.identity.principal_id,
            opts=self._guarded,
        )
        self.configs = MappingProxyType(
            {
                port: network.ExpressRouteLinkMacSecConfigArgs(
                    ckn_secret_identifier=self._secret(f"{port}-ckn", grant.id),
                    cak_secret_identifier=self._secret(f"{port}-cak", grant.id),
                    # The numbers of the shorter ciphers run out within minutes at 100 Gbit/s (IEEE 802.1AEbw).
                    cipher=network.ExpressRouteLinkMacSecCipher.GCM_AES_XPN256,
                    sci_state=network.ExpressRouteLinkMacSecSciState.ENABLED,
                )
                for port in ports
            }
        )
        self.register_outputs({"vault": self.vault.id})

    def _secret(self, role: str, grant: pulumi.Output[str]) -> pulumi.Output[str]:
        digits = pulumi_random.RandomPassword(
            f"{self._name}-{role}",
            length=_HEX_DIGITS,
            lower=False,
            upper=False,
            special=True,
            override_special="abcdef",
            opts=self._guarded,
        )
        kept = keyvault.Secret(
            f"{self._name}-{role}-secret",
            secret_name=role,
            vault_name=self.vault.name,
            resource_group_name=self._group,
            properties=keyvault.SecretPropertiesArgs(
                value=digits.result,
                content_type="text/plain",
                attributes=keyvault.SecretAttributesArgs(enabled=True),
            ),
            tags=self._tags,
            opts=self._guarded,
        )
        # The address of a secret is none itself; without this it would be one in a preview only, and break the plan.
        properties: pulumi.Output[Any] = pulumi.Output.unsecret(kept.properties)
        return pulumi.Output.all(properties, grant).apply(lambda found: str(found[0]["secret_uri"]))
