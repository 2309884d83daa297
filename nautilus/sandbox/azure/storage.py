"""What Azure refuses of storage accounts, diagnostic settings, workspaces and locks.

Sources: Storage redundancy, customer-managed keys for Azure Storage, diagnostic settings, Log Analytics workspace (Microsoft
Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.azure.keyvault import existing
from nautilus.sandbox.azure.regions import REGIONS, normal
from nautilus.sandbox.azure.rules import immutable
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused, Request

_GEO: Final = ("GRS", "RAGRS", "GZRS", "RAGZRS")
_ZONAL: Final = ("ZRS", "GZRS", "RAGZRS")
_KEPT_DAYS: Final = range(30, 731)
_CATEGORIES: Final[dict[str, frozenset[str]]] = {
    "microsoft.keyvault/vaults": frozenset({"AuditEvent", "AzurePolicyEvaluationDetails"}),
    "microsoft.containerservice/managedclusters": frozenset(
        {
            "cloud-controller-manager",
            "cluster-autoscaler",
            "csi-azuredisk-controller",
            "csi-azurefile-controller",
            "csi-snapshot-controller",
            "fleet-member-agent",
            "fleet-member-net-controller-manager",
            "fleet-mcs-controller-manager",
            "guard",
            "kube-apiserver",
            "kube-audit",
            "kube-audit-admin",
            "kube-controller-manager",
            "kube-scheduler",
        }
    ),
}
"""Log categories by the type that gives them (Azure Monitor resource log categories)."""


def account(request: Request) -> Iterator[Problem]:
    """Redundancy that the region has, a key that can be reached, a name that nobody else has."""
    sku = str(refer.first(request.inputs, "sku.name") or "")
    kind = sku.rpartition("_")[2]
    region = REGIONS.get(refer.place(request) or "")
    if region is not None:
        if kind in _GEO and region.pair is None:
            yield Problem(path="sku.name", reason=f"RedundancyConfigurationNotAvailableInRegion: {region.name} has no pair")
        if kind in _ZONAL and not region.zones:
            yield Problem(path="sku.name", reason=f"RedundancyConfigurationNotAvailableInRegion: {region.name} has no zones")
    if sku.startswith("Premium") and kind in _GEO:
        yield Problem(path="sku.name", reason=f"InvalidSku: premium storage has no geo-redundancy ({sku})")
    yield from _encryption(request)
    yield from immutable(
        request,
        {
            "encryption.requireInfrastructureEncryption": "AccountPropertyCannotBeUpdated: set when the account is made",
            "isHnsEnabled": "AccountPropertyCannotBeUpdated: set when the account is made",
        },
    )
    if not request.preview:
        own = str(request.inputs.get("accountName", ""))
        for other in request.among(request.type):
            if own and other.get("name") == own and other.get("id") != request.id:
                yield Problem(path="accountName", reason=f"StorageAccountAlreadyTaken: {own}; account names are global")


def _encryption(request: Request) -> Iterator[Problem]:
    if refer.first(request.inputs, "encryption.keySource") != "Microsoft.Keyvault":
        return
    uri = refer.first(request.inputs, "encryption.keyVaultProperties.keyVaultUri")
    for field in ("keyName", "keyVaultUri"):
        if not any(True for _ in refer.at(request.inputs, f"encryption.keyVaultProperties.{field}")):
            path = f"encryption.keyVaultProperties.{field}"
            yield Problem(path=path, reason="KeyVaultPropertiesMissing: a customer-managed key needs it")
    if refer.known(request.inputs, "identity.type") and refer.first(request.inputs, "identity.type") in (None, "None"):
        yield Problem(path="identity", reason="IdentityMissing: a customer-managed key needs an identity to reach it")
    if uri is None or request.preview:
        return
    name = str(uri).removeprefix("https://").split(".")[0].lower()
    holders = [v for v in request.among("azure-native:keyvault:Vault") if str(v.get("name")).lower() == name]
    path = "encryption.keyVaultProperties.keyVaultUri"
    if not holders:
        yield Problem(path=path, reason=f"KeyVaultNotFound: there is no vault {name}")
    elif refer.first(holders[0], "properties.enablePurgeProtection") is not True:
        yield Problem(path=path, reason="KeyVaultNotPurgeProtected: the vault must have soft delete and purge protection on")


def management_policy(request: Request) -> Iterator[Problem]:
    """Rules of different names; append blobs can be deleted, never tiered."""
    names = [value for _, value in refer.at(request.inputs, "policy.rules[].name")]
    if len(names) != len(set(map(str, names))):
        yield Problem(path="policy.rules", reason="InvalidRequestPropertyValue: two rules have one name")
    for path, rule in refer.at(request.inputs, "policy.rules[]"):
        kinds = refer.first(rule, "definition.filters.blobTypes") or ()
        base = refer.first(rule, "definition.actions.baseBlob") or {}
        tiers = sorted(action for action in base if action.startswith("tierTo"))
        if "appendBlob" in kinds and tiers:
            where = f"{path}.definition.actions.baseBlob.{tiers[0]}"
            yield Problem(path=where, reason="InvalidRequestPropertyValue: append blobs can only be deleted")


def diagnostic_setting(request: Request) -> Iterator[Problem]:
    """A resource that is there, a sink in its region, categories that it has."""
    inputs = request.inputs
    yield from existing(request, "resourceUri")
    if not any(inputs.get(sink) for sink in ("storageAccountId", "workspaceId", "eventHubAuthorizationRuleId")):
        yield Problem(path="storageAccountId", reason="InvalidParameter: a diagnostic setting needs a sink")
    if not inputs.get("logs") and not inputs.get("metrics"):
        yield Problem(path="logs", reason="InvalidParameter: a diagnostic setting needs logs or metrics")
    source = inputs.get("resourceUri")
    found = arm.parse(source) if isinstance(source, str) else None
    offered = _CATEGORIES.get(found.type.lower()) if found else None
    for path, category in refer.at(inputs, "logs[].category"):
        if offered and category is not UNKNOWN and category not in offered:
            yield Problem(path=path, reason=f"InvalidLogCategory: {category!r}; it has {', '.join(sorted(offered))}")
    sink = inputs.get("storageAccountId")
    here = request.find(source) if isinstance(source, str) else None
    there = request.find(sink) if isinstance(sink, str) else None
    places = [normal(str(arm.location(item))) for item in (here, there) if item and arm.location(item)]
    if len(set(places)) > 1:
        reason = f"StorageAccountWrongRegion: it lies in {places[1]}, the resource in {places[0]}"
        yield Problem(path="storageAccountId", reason=reason)


def workspace(request: Request) -> Iterator[Problem]:
    """Retention that the plan has."""
    days = request.inputs.get("retentionInDays")
    if isinstance(days, (int, float)) and days not in _KEPT_DAYS:
        yield Problem(path="retentionInDays", reason=f"InvalidParameter: {days:g}; it takes 30 to 730")


def lock(request: Request) -> Iterator[Problem]:
    """A scope that is there."""
    yield from existing(request, "scope")


def unlocked(request: Request) -> None:
    """Raise Refused where a lock holds the resource, or what it lies in, back from being deleted."""
    own = str(request.id).lower()
    for held in request.among("azure-native:authorization:ManagementLockByScope"):
        scope = str(held.get("scope", "")).lower()
        if own == scope or own.startswith(f"{scope}/") or scope.startswith(f"{own}/"):
            raise Refused(f"{request.id} cannot be deleted: the lock {held.get('id')} is on it", code="ScopeLocked")
