"""Names, ids and role assignments of Azure resources: the one place that spells them.

Guarantees that a physical name is the same for the same catalogue, holds no date, and fits the strictest rule of the types
it is used for. It makes no resource but the role assignment, and looks nothing up.
"""

from __future__ import annotations

import hashlib
import uuid
from enum import StrEnum
from typing import Final

import pulumi
from pulumi_azure_native import authorization

from config.model import Account, Location

_GLOBAL_NAME_LENGTH: Final = 24
"""The longest name of a key vault and of a storage account (Azure resource naming rules)."""

_ASSIGNMENTS: Final = uuid.UUID("6f0f4e0a-5a52-5c0e-9d6e-3f6a3c6f2b11")
"""The namespace that role assignment names are made in; changing it replaces every assignment."""


class Role(StrEnum):
    """Built-in roles by their definition's id, the same in every tenant (Azure built-in roles, Microsoft Learn)."""

    KEY_VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
    """Manages the vault itself, no keys: AKS approves its private endpoint connection with it."""
    KEY_VAULT_CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
    """Administers keys."""
    KEY_VAULT_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
    """Encrypts and decrypts with a key: what the AKS KMS plug-in asks for."""
    KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    """Wraps and unwraps data keys: what disks and storage accounts ask for."""
    KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
    """Reads secrets, and lists none: what ExpressRoute asks for to take MACsec keys."""
    NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
    """Joins nodes, load balancers and the API server to the network."""
    READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    """Reads: AKS reads the disk encryption set."""
    STORAGE_BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    """Writes blobs without the account's shared key."""
    AKS_RBAC_CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
    """Administers Kubernetes objects of one cluster through Entra ID."""


class Principal(StrEnum):
    """What kind of thing a principal is in the directory."""

    SERVICE = "ServicePrincipal"
    """A managed identity, or the application that deploys."""
    GROUP = "Group"
    """People, by their group."""


def physical(name: str, limit: int) -> str:
    """Give a name of at most `limit` characters; a longer one is cut and made unique by a digest of the whole.

    Raises ValueError for a limit that leaves no room for the digest.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    if limit <= len(digest) + 1:
        raise ValueError(f"name {name!r}: {limit} characters leave no room for a digest")
    return f"{name[: limit - len(digest) - 1].rstrip('-')}-{digest}"


def global_name(prefix: str, name: str, location: Location, account: Account) -> str:
    """Give a name that is unique over all of Azure: `prefix`, then a digest of subscription, region and name.

    Lower-case letters and digits only, 24 characters. The region is in the digest because a soft-deleted vault keeps its
    name for the whole retention, so that a vault that moves needs another one.
    """
    digest = hashlib.sha256(f"{account.id}/{location.region}/{name}".encode()).hexdigest()
    return f"{prefix}{digest}"[:_GLOBAL_NAME_LENGTH]


def assign(
    name: str,
    account: Account,
    role: Role,
    *,
    scope: pulumi.Input[str],
    principal: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
    kind: Principal = Principal.SERVICE,
) -> authorization.RoleAssignment:
    """Give a principal one role on one scope.

    `kind` must be the principal's own, or Azure refuses it (the SDK's default is a user). The assignment's name is a GUID
    made from subscription and logical name, as ARM asks for one.
    """
    return authorization.RoleAssignment(
        name,
        role_assignment_name=str(uuid.uuid5(_ASSIGNMENTS, f"{account.id}/{name}")),
        role_definition_id=f"/subscriptions/{account.id}/providers/Microsoft.Authorization/roleDefinitions/{role.value}",
        scope=scope,
        principal_id=principal,
        principal_type=kind.value,
        opts=opts,
    )
