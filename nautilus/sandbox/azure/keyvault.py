"""What Azure refuses of vaults, keys, disk encryption sets and role assignments.

Sources: Key Vault soft delete and purge protection, key types and rotation policy limits; server-side encryption of managed
disks; role assignments (Microsoft Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.azure.rules import immutable
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_RETENTION_DAYS: Final = range(7, 91)
_RSA_BITS: Final = (2048, 3072, 4096)
_CURVES: Final = ("P-256", "P-384", "P-521", "P-256K")
_DAYS: Final = re.compile(r"P(\d+)D|P(\d+)M|P(\d+)Y")
_EXPIRY_DAYS_MIN: Final = 28
_MARGIN_DAYS: Final = 7
_KEY_URL: Final = re.compile(
    r"https://(?P<vault>[A-Za-z0-9-]{3,24})\.vault\.azure\.net/keys/(?P<key>[A-Za-z0-9-]{1,127})(/[0-9a-f]{32})?"
)
_ROLE: Final = re.compile(
    r"(?i)(/subscriptions/[0-9a-f-]{36})?/providers/Microsoft\.Authorization/roleDefinitions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_GUID: Final = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def vault(request: Request) -> Iterator[Problem]:
    """Soft delete for good, purge protection never off again, a retention of 7 to 90 days that never changes."""
    properties = request.inputs.get("properties")
    days = refer.first(request.inputs, "properties.softDeleteRetentionInDays")
    if days is not None and days not in _RETENTION_DAYS:
        path = "properties.softDeleteRetentionInDays"
        yield Problem(path=path, reason=f"VaultPropertyInvalid: {days:g}; it takes 7 to 90")
    for field in ("enableSoftDelete", "enablePurgeProtection"):
        if refer.first(properties, field) is False:
            yield Problem(
                path=f"properties.{field}", reason="BadRequest: cannot be set to false; turning it on is irreversible"
            )
    tenant = refer.first(properties, "tenantId")
    if tenant is not None and _GUID.fullmatch(str(tenant)) is None:
        yield Problem(path="properties.tenantId", reason=f"BadRequest: {tenant!r} is not the GUID of a tenant")
    yield from immutable(
        request,
        {
            "properties.softDeleteRetentionInDays": "BadRequest: cannot be changed once it is set",
            "properties.tenantId": "BadRequest: a vault stays with its tenant",
        },
    )
    if not request.preview:
        own = str(request.inputs.get("vaultName", "")).lower()
        for other in request.among("azure-native:keyvault:Vault"):
            if own and str(other.get("name", "")).lower() == own and other.get("id") != request.id:
                yield Problem(path="vaultName", reason=f"VaultAlreadyExists: {own} is taken; vault names are global")


def key(request: Request) -> Iterator[Problem]:
    """HSM keys only in a premium vault, sizes and curves that exist, a rotation that comes in time."""
    kty = str(refer.first(request.inputs, "properties.kty") or "")
    size = refer.first(request.inputs, "properties.keySize")
    curve = refer.first(request.inputs, "properties.curveName")
    if kty.startswith("RSA") and size is not None and size not in _RSA_BITS:
        yield Problem(path="properties.keySize", reason=f"BadParameter: {size:g}; an RSA key has 2048, 3072 or 4096 bits")
    if kty.startswith("EC") and curve is not None and curve not in _CURVES:
        yield Problem(path="properties.curveName", reason=f"BadParameter: {curve!r}; it takes {', '.join(_CURVES)}")
    yield from _rotation(request)
    above = request.find(arm.parent(_key_id(request)))
    sku = refer.first(above, "properties.sku.name")
    if kty.endswith("-HSM") and sku == "standard":
        yield Problem(
            path="properties.kty", reason=f"KeyTypeNotSupported: {kty} needs a premium vault; this one is standard"
        )


def _key_id(request: Request) -> str:
    group, name = request.inputs.get("resourceGroupName"), request.inputs.get("vaultName")
    base = f"/subscriptions/{request.target.account}/resourceGroups/{group}"
    return f"{base}/providers/Microsoft.KeyVault/vaults/{name}/keys/{request.inputs.get('keyName')}"


def _rotation(request: Request) -> Iterator[Problem]:
    base = "properties.rotationPolicy"
    expiry = _days(refer.first(request.inputs, f"{base}.attributes.expiryTime"))
    if expiry is not None and expiry < _EXPIRY_DAYS_MIN:
        yield Problem(path=f"{base}.attributes.expiryTime", reason=f"BadParameter: at least {_EXPIRY_DAYS_MIN} days")
    for path, action in refer.at(request.inputs, f"{base}.lifetimeActions[]"):
        after = _days(refer.first(action, "trigger.timeAfterCreate"))
        before = refer.first(action, "trigger.timeBeforeExpiry")
        if refer.first(action, "action.type") != "rotate" or (after is None and before is None):
            continue
        if after is not None and after < _MARGIN_DAYS:
            yield Problem(path=f"{path}.trigger.timeAfterCreate", reason=f"BadParameter: at least {_MARGIN_DAYS} days")
        if after is not None and expiry is not None and after > expiry - _MARGIN_DAYS:
            reason = f"BadParameter: rotation comes {_MARGIN_DAYS} days before the expiry ({expiry} days) at the latest"
            yield Problem(path=f"{path}.trigger.timeAfterCreate", reason=reason)
        if before is not None and expiry is None:
            yield Problem(path=f"{path}.trigger.timeBeforeExpiry", reason="BadParameter: the policy has no expiryTime")


def _days(value: object) -> int | None:
    found = _DAYS.fullmatch(str(value)) if value is not None else None
    if found is None:
        return None
    days, months, years = found.groups()
    return int(days or 0) + 30 * int(months or 0) + 365 * int(years or 0)


def disk_encryption_set(request: Request) -> Iterator[Problem]:
    """A versioned key of a vault that nobody can purge, and an identity to reach it with."""
    url = refer.first(request.inputs, "activeKey.keyUrl")
    if url is not None:
        found = _KEY_URL.fullmatch(str(url))
        if found is None or not found[3]:
            yield Problem(path="activeKey.keyUrl", reason="InvalidParameter: it takes the URL of a key with its version")
    if request.inputs.get("activeKey") is None:
        yield Problem(path="activeKey", reason="InvalidParameter: a disk encryption set needs a key")
    if refer.known(request.inputs, "identity.type") and refer.first(request.inputs, "identity.type") in (None, "None"):
        yield Problem(path="identity", reason="InvalidParameter: a disk encryption set needs an identity to reach its key")
    source = refer.first(request.inputs, "activeKey.sourceVault.id")
    holder = request.find(str(source)) if source else None
    if holder is not None and refer.first(holder, "properties.enablePurgeProtection") is not True:
        path = "activeKey.sourceVault.id"
        yield Problem(path=path, reason="KeyVaultNotPurgeProtected: the vault must have soft delete and purge protection on")


def role_assignment(request: Request) -> Iterator[Problem]:
    """A role's id, a principal's GUID, a scope that is there, and not the same assignment twice."""
    inputs = request.inputs
    role, principal, scope = (inputs.get(field) for field in ("roleDefinitionId", "principalId", "scope"))
    if isinstance(role, str) and _ROLE.fullmatch(role) is None:
        yield Problem(
            path="roleDefinitionId", reason=f"InvalidRoleDefinitionId: {role!r} is not the id of a role definition"
        )
    if isinstance(principal, str) and _GUID.fullmatch(principal) is None:
        yield Problem(path="principalId", reason=f"InvalidPrincipalId: {principal!r} is not an object id")
    yield from existing(request, "scope")
    if request.preview or UNKNOWN in (role, principal, scope):
        return
    for other in request.among(request.type):
        if (other.get("scope"), other.get("roleDefinitionId"), other.get("principalId")) == (scope, role, principal):
            yield Problem(path="roleDefinitionId", reason="RoleAssignmentExists: the principal has this role on this scope")


def existing(request: Request, field: str) -> Iterator[Problem]:
    """An input that names any resource: a well-formed id of something that is there."""
    value = request.inputs.get(field)
    if not isinstance(value, str):
        return
    found = arm.parse(value)
    if found is None:
        yield Problem(path=field, reason=f"InvalidScope: {value!r} is not an id of Azure Resource Manager")
    elif not request.preview and found.group and request.find(value) is None:
        yield Problem(path=field, reason=f"ResourceNotFound: {value} does not exist")


def key_url(value: object) -> tuple[str, str, bool] | None:
    """Read a key's URL: vault, key, and whether a version is given; None where it is not one."""
    found = _KEY_URL.fullmatch(str(value))
    return (found["vault"], found["key"], bool(found[3])) if found else None
