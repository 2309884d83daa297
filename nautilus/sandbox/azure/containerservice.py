"""What Azure refuses of AKS clusters; `agentpool` says what of their pools.

Sources: AKS supported versions, Azure CNI overlay, API Server VNet Integration, KMS etcd encryption, private clusters
(Microsoft Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Final

from nautilus.sandbox.azure import agentpool, arm, machines, refer
from nautilus.sandbox.azure.keyvault import key_url
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_PREFIX: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?")
_API_SUBNET: Final = 28
_SERVICES_MIN: Final = 12
_WINDOW_HOURS: Final = range(4, 25)


def cluster(request: Request) -> Iterator[Problem]:
    """A version that AKS makes, a system pool, ranges that are clear of one another, and options that go together."""
    inputs = request.inputs
    yield from _version(request, "kubernetesVersion")
    prefix = inputs.get("dnsPrefix")
    if prefix is None and inputs.get("fqdnSubdomain") is None:
        yield Problem(path="dnsPrefix", reason="InvalidParameter: a cluster needs a DNS prefix or a subdomain")
    if isinstance(prefix, str) and _PREFIX.fullmatch(prefix) is None:
        says = "1 to 54 letters, digits and hyphens, a letter or digit at both ends"
        yield Problem(path="dnsPrefix", reason=f"InvalidParameter: {prefix!r}; it takes {says}")
    if inputs.get("identity") is None and inputs.get("servicePrincipalProfile") is None:
        yield Problem(path="identity", reason="InvalidParameter: a cluster needs an identity")
    pools = list(refer.at(inputs, "agentPoolProfiles[]"))
    if not pools and request.prior is None:
        yield Problem(path="agentPoolProfiles", reason="InvalidParameter: a cluster needs a system pool")
    if pools and all(pool is not UNKNOWN and refer.isnt(pool, "mode", "System") for _, pool in pools):
        yield Problem(path="agentPoolProfiles", reason="InvalidParameter: one pool must have the mode System")
    for path, pool in pools:
        if isinstance(pool, Mapping):
            yield from agentpool.pool(request, pool, f"{path}.")
    yield from _network(request)
    yield from _options(request)


def maintenance(request: Request) -> Iterator[Problem]:
    """A window of 4 to 24 hours."""
    hours = refer.first(request.inputs, "maintenanceWindow.durationHours")
    if hours is not None and hours not in _WINDOW_HOURS:
        path = "maintenanceWindow.durationHours"
        yield Problem(path=path, reason=f"InvalidMaintenanceWindow: {hours:g}; it takes 4 to 24")


def _version(request: Request, field: str) -> Iterator[Problem]:
    version = request.inputs.get(field)
    if not isinstance(version, str):
        return
    minor = machines.minor(version)
    if minor in machines.VERSIONS:
        return
    supported = ", ".join(machines.VERSIONS)
    if minor not in machines.LONG_TERM:
        yield Problem(path=field, reason=f"K8sVersionNotSupported: {version}; AKS has {supported}")
    elif refer.first(request.inputs, "sku.tier") != "Premium" or request.inputs.get("supportPlan") != "AKSLongTermSupport":
        reason = (
            f"K8sVersionNotSupported: {version} is in long-term support: take the Premium tier and its plan, or {supported}"
        )
        yield Problem(path=field, reason=reason)


def _network(request: Request) -> Iterator[Problem]:
    profile = refer.first(request.inputs, "networkProfile") or {}
    ranges: dict[str, ipaddress.IPv4Network] = {}
    for field in ("podCidr", "serviceCidr"):
        value = refer.first(profile, field)
        if value is not None:
            try:
                ranges[field] = ipaddress.IPv4Network(value)
            except ValueError as problem:
                yield Problem(path=f"networkProfile.{field}", reason=f"InvalidCIDR: {problem}")
    yield from _ranges(request, ranges)
    services = ranges.get("serviceCidr")
    if services is not None:
        yield from _resolver(refer.first(profile, "dnsServiceIP"), services)
    if refer.first(profile, "networkPolicy") == "cilium" and refer.isnt(profile, "networkDataplane", "cilium"):
        path = "networkProfile.networkPolicy"
        yield Problem(path=path, reason="InvalidParameter: the policy cilium needs the data plane cilium")
    if refer.first(profile, "networkPluginMode") == "overlay" and refer.isnt(profile, "networkPlugin", "azure"):
        yield Problem(path="networkProfile.networkPluginMode", reason="InvalidParameter: overlay needs the plug-in azure")
    if refer.first(profile, "outboundType") == "userAssignedNATGateway":
        for path, subnet in _subnets(request):
            held = request.find(subnet)
            if held is not None and not refer.first(held, "natGateway.id"):
                yield Problem(path=path, reason="OutboundTypeNotSupported: the subnet has no NAT gateway")


def _ranges(request: Request, ranges: Mapping[str, ipaddress.IPv4Network]) -> Iterator[Problem]:
    services, pods = ranges.get("serviceCidr"), ranges.get("podCidr")
    if services and services.prefixlen < _SERVICES_MIN:
        reason = f"ServiceCidrTooLarge: {services}; it takes a /{_SERVICES_MIN} or smaller"
        yield Problem(path="networkProfile.serviceCidr", reason=reason)
    if services and pods and services.overlaps(pods):
        yield Problem(path="networkProfile.podCidr", reason=f"PodCidrOverlap: {pods} overlaps the services' {services}")
    for path, subnet in _subnets(request):
        above = request.find(arm.parent(subnet))
        for _, prefix in refer.at(above, "addressSpace.addressPrefixes[]") if above else ():
            network = ipaddress.IPv4Network(prefix)
            for field, block in ranges.items():
                if block.overlaps(network):
                    reason = f"ServiceCidrOverlapExistingSubnetsCidr: {block} overlaps the network {network} of {path}"
                    yield Problem(path=f"networkProfile.{field}", reason=reason)


def _resolver(address: str | None, services: ipaddress.IPv4Network) -> Iterator[Problem]:
    path = "networkProfile.dnsServiceIP"
    if address is None:
        return
    if ipaddress.IPv4Address(address) not in services:
        yield Problem(path=path, reason=f"DnsServiceIpOutOfServiceCidr: {address} is not within {services}")
    elif ipaddress.IPv4Address(address) in (services[0], services[1]):
        yield Problem(path=path, reason=f"DnsServiceIpIsReserved: {address} belongs to the network or the API")


def _subnets(request: Request) -> Iterator[tuple[str, str]]:
    for path, value in refer.at(request.inputs, "agentPoolProfiles[].vnetSubnetID"):
        if isinstance(value, str):
            yield path, value


def _options(request: Request) -> Iterator[Problem]:
    inputs = request.inputs
    access = refer.first(inputs, "apiServerAccessProfile") or {}
    private = access.get("enablePrivateCluster") is True
    if access.get("privateDNSZone") == "none" and private and refer.isnt(access, "enablePrivateClusterPublicFQDN", True):
        path = "apiServerAccessProfile.privateDNSZone"
        yield Problem(path=path, reason="InvalidParameter: none leaves the API without a name; turn the public FQDN on")
    if private and access.get("authorizedIPRanges"):
        path = "apiServerAccessProfile.authorizedIPRanges"
        yield Problem(path=path, reason="InvalidParameter: a private cluster takes no authorized ranges")
    subnet = access.get("subnetId")
    held = request.find(subnet) if isinstance(subnet, str) else None
    if held is not None:
        delegated = [service for _, service in refer.at(held, "delegations[].serviceName")]
        if "Microsoft.ContainerService/managedClusters" not in delegated:
            reason = "InvalidSubnet: it must be delegated to Microsoft.ContainerService/managedClusters"
            yield Problem(path="apiServerAccessProfile.subnetId", reason=reason)
        prefix = held.get("addressPrefix")
        if isinstance(prefix, str) and ipaddress.IPv4Network(prefix).prefixlen > _API_SUBNET:
            reason = f"InvalidSubnet: {prefix} is too small; it takes a /{_API_SUBNET}"
            yield Problem(path="apiServerAccessProfile.subnetId", reason=reason)
    if inputs.get("disableLocalAccounts") is True and refer.isnt(inputs, "aadProfile.managed", True):
        yield Problem(path="disableLocalAccounts", reason="InvalidParameter: needs managed Entra ID")
    federated = refer.first(inputs, "securityProfile.workloadIdentity.enabled") is True
    if federated and refer.isnt(inputs, "oidcIssuerProfile.enabled", True):
        path = "securityProfile.workloadIdentity"
        yield Problem(path=path, reason="InvalidParameter: workload identity needs the OIDC issuer")
    yield from _secrets(request)


def _secrets(request: Request) -> Iterator[Problem]:
    base = "securityProfile.azureKeyVaultKms"
    kms = refer.first(request.inputs, base) or {}
    if kms.get("enabled") is not True:
        return
    url = kms.get("keyId")
    found = key_url(url) if isinstance(url, str) else None
    if isinstance(url, str) and (found is None or not found[2]):
        yield Problem(path=f"{base}.keyId", reason="InvalidKeyId: it takes the URL of a key with its version")
    if url is None:
        yield Problem(path=f"{base}.keyId", reason="InvalidKeyId: KMS needs a key")
    if refer.first(request.inputs, "identity.type") == "SystemAssigned":
        yield Problem(path="identity.type", reason="InvalidParameter: KMS needs a user-assigned identity")
    if kms.get("keyVaultNetworkAccess") == "Private":
        if refer.isnt(request.inputs, "apiServerAccessProfile.enableVnetIntegration", True):
            path = "apiServerAccessProfile.enableVnetIntegration"
            yield Problem(path=path, reason="InvalidParameter: KMS with a private vault needs API Server VNet Integration")
        if kms.get("keyVaultResourceId") is None:
            yield Problem(path=f"{base}.keyVaultResourceId", reason="InvalidParameter: a private vault needs its id")
