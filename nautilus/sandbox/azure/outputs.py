"""What Azure gives back of a resource beside its inputs: names, states, URLs, principals.

Guarantees that the same request gives the same outputs: what Azure draws at random is made from the resource's seed.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.azure.arm import Address
from nautilus.sandbox.azure.regions import REGIONS
from nautilus.sandbox.handler import UNKNOWN, Request

Outputs = Mapping[str, Any]


def digest(request: Request, length: int) -> str:
    """Give hexadecimal digits that look random and are the same each time."""
    return hashlib.sha256(f"{request.target.account}/{request.seed}".encode()).hexdigest()[:length]


def _done(_request: Request, _name: str) -> Outputs:
    return {"provisioningState": "Succeeded"}


def _vault(request: Request, name: str) -> Outputs:
    uri = f"https://{name}.vault.azure.net/"
    given = request.inputs.get("properties") or {}
    return {"properties": {**given, "vaultUri": uri, "provisioningState": "Succeeded", "hsmPoolResourceId": ""}}


def _key(request: Request, name: str) -> Outputs:
    properties = request.inputs.get("properties") or {}
    uri = f"https://{request.inputs['vaultName']}.vault.azure.net/keys/{name}"
    versioned = f"{uri}/{digest(request, 32)}"
    shown = {
        field: properties[field]
        for field in ("keyOps", "keySize", "kty", "curveName", "rotationPolicy")
        if field in properties
    }
    attributes = {"enabled": True, "recoveryLevel": "Recoverable", **(properties.get("attributes") or {})}
    return {"keyUri": uri, "keyUriWithVersion": versioned, "attributes": attributes, **shown}


def _identity(request: Request, _name: str) -> Outputs:
    seed = f"{request.target.account}/{request.seed}"
    tenant = request.target.settings.get("tenant") or arm.guid(f"{request.target.account}/tenant")
    return {"principalId": arm.guid(f"{seed}/principal"), "clientId": arm.guid(f"{seed}/client"), "tenantId": tenant}


def _address(request: Request, _name: str) -> Outputs:
    # TEST-NET-3 (RFC 5737): an address that can never be anybody's.
    host = int(digest(request, 8), 16) % 254 + 1
    return {"provisioningState": "Succeeded", "ipAddress": str(ipaddress.IPv4Network("203.0.113.0/24")[host])}


def _account(request: Request, name: str) -> Outputs:
    region = refer.place(request)
    known = REGIONS.get(region or "")
    sku = str(refer.first(request.inputs, "sku.name") or "")
    geo = sku.rpartition("_")[2] in {"GRS", "RAGRS", "GZRS", "RAGZRS"}
    services = ("blob", "dfs", "file", "queue", "table")
    return {
        "provisioningState": "Succeeded",
        "primaryLocation": region,
        "secondaryLocation": known.pair if known and geo else None,
        "statusOfPrimary": "available",
        "primaryEndpoints": {service: f"https://{name}.{service}.core.windows.net/" for service in services},
    }


def _cluster(request: Request, _name: str) -> Outputs:
    region = refer.place(request)
    prefix = request.inputs.get("dnsPrefix") or request.inputs.get("fqdnSubdomain")
    host = f"{prefix}-{digest(request, 8)}"
    private = refer.first(request.inputs, "apiServerAccessProfile.enablePrivateCluster") is True
    issuer = f"https://{region}.oic.prod-aks.azure.com/{arm.guid(request.seed)}/{arm.guid(request.seed + '/issuer')}/"
    profile = request.inputs.get("oidcIssuerProfile") or {}
    made: dict[str, Any] = {
        "provisioningState": "Succeeded",
        "currentKubernetesVersion": request.inputs.get("kubernetesVersion"),
        "maxAgentPools": 100,
        "powerState": {"code": "Running"},
        "resourceUID": digest(request, 24),
        "azurePortalFQDN": f"{host}.portal.hcp.{region}.azmk8s.io",
    }
    if profile.get("enabled") is True:
        made["oidcIssuerProfile"] = {**profile, "issuerURL": issuer}
    if private:
        made["privateFQDN"] = f"{host}.{arm.guid(request.seed + '/zone')}.privatelink.{region}.azmk8s.io"
    else:
        made["fqdn"] = f"{host}.hcp.{region}.azmk8s.io"
    return made


def _pool(request: Request, _name: str) -> Outputs:
    return {"provisioningState": "Succeeded", "currentOrchestratorVersion": request.inputs.get("orchestratorVersion")}


def _workspace(request: Request, _name: str) -> Outputs:
    return {"provisioningState": "Succeeded", "customerId": arm.guid(request.seed)}


def _assignment(_request: Request, _name: str) -> Outputs:
    return {}


SPECIAL: Final[Mapping[str, Callable[[Request, str], Outputs]]] = {
    "Microsoft.KeyVault/vaults": _vault,
    "Microsoft.KeyVault/vaults/keys": _key,
    "Microsoft.ManagedIdentity/userAssignedIdentities": _identity,
    "Microsoft.Network/publicIPAddresses": _address,
    "Microsoft.Storage/storageAccounts": _account,
    "Microsoft.ContainerService/managedClusters": _cluster,
    "Microsoft.ContainerService/managedClusters/agentPools": _pool,
    "Microsoft.OperationalInsights/workspaces": _workspace,
    "Microsoft.Authorization/roleAssignments": _assignment,
    "Microsoft.Authorization/locks": _assignment,
    "Microsoft.Insights/diagnosticSettings": _assignment,
}
"""By ARM type what it gives; every other type gives its state alone."""


def compute(request: Request, address: Address) -> Outputs:
    """Give the outputs of a resource that was made or changed."""
    name = arm.name(address, request)
    special = SPECIAL.get(address.type, _done)(request, name)
    kind = request.inputs.get("type") or address.type  # an agent pool's own `type` hides ARM's
    return {"name": name, "type": kind, **identities(request), **special}


def shown(inputs: Mapping[str, Any]) -> Outputs:
    """Give the identities as Azure shows them: a map by id, with what is not known before they are used."""
    identity = inputs.get("identity")
    if not isinstance(identity, Mapping) or not identity.get("userAssignedIdentities"):
        return {}
    given = identity["userAssignedIdentities"]
    if given is UNKNOWN or UNKNOWN in given:
        return {"identity": {**identity, "userAssignedIdentities": UNKNOWN}}
    used = {item: {"principalId": UNKNOWN, "clientId": UNKNOWN} for item in given}
    return {"identity": {**identity, "userAssignedIdentities": used}}


def identities(request: Request) -> Outputs:
    """Give the identities with their principals, once they exist."""
    identity = request.inputs.get("identity")
    if not isinstance(identity, Mapping) or not identity.get("userAssignedIdentities"):
        return {}
    used = {}
    for item in identity["userAssignedIdentities"]:
        found = request.find(str(item)) or {}
        used[item] = {field: found.get(field) for field in ("principalId", "clientId")}
    return {"identity": {**identity, "userAssignedIdentities": used}}
