"""What the sandbox refuses as Azure would, type by type; each case changes one thing of inputs that are fine."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from nautilus.sandbox.handler import UNKNOWN, Refused
from tests.sandbox.azure.world import GROUP, ROWS, SUBSCRIPTION, TENANT, World, furnished

ROLE = (
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
)
VERSIONED = f"https://vault.vault.azure.net/keys/cluster/{'0' * 32}"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/vault"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
RULE = {
    "name": "web",
    "priority": 100,
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "sourceAddressPrefix": "10.0.0.0/8",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRange": "443",
}

GOOD: Mapping[str, dict[str, Any]] = {
    "resources:ResourceGroup": {"resourceGroupName": "rg-two", "location": "uksouth", "tags": {"nautilus-owner": "desk"}},
    "keyvault:Vault": {
        "resourceGroupName": "rg",
        "vaultName": "kv-two",
        "location": "uksouth",
        "properties": {"tenantId": TENANT, "sku": {"family": "A", "name": "premium"}, "softDeleteRetentionInDays": 90},
    },
    "keyvault:Key": {
        "resourceGroupName": "rg",
        "vaultName": "vault",
        "keyName": "data",
        "properties": {
            "kty": "RSA-HSM",
            "keySize": 3072,
            "rotationPolicy": {
                "attributes": {"expiryTime": "P455D"},
                "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P365D"}}],
            },
        },
    },
    "compute:DiskEncryptionSet": {
        "resourceGroupName": "rg",
        "diskEncryptionSetName": "des",
        "location": "uksouth",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]},
        "activeKey": {"keyUrl": VERSIONED, "sourceVault": {"id": VAULT}},
    },
    "authorization:RoleAssignment": {
        "roleAssignmentName": "7b1a0c1e-7d6f-5a0a-9d55-0a8b2d1f6c11",
        "roleDefinitionId": ROLE,
        "principalId": TENANT,
        "scope": VAULT,
    },
    "network:VirtualNetwork": {
        "resourceGroupName": "rg",
        "virtualNetworkName": "vnet-two",
        "location": "uksouth",
        "addressSpace": {"addressPrefixes": ["10.10.0.0/16"]},
    },
    "network:Subnet": {
        "resourceGroupName": "rg",
        "virtualNetworkName": "vnet",
        "subnetName": "data",
        "addressPrefix": "10.9.192.0/19",
    },
    "network:NetworkSecurityGroup": {
        "resourceGroupName": "rg",
        "networkSecurityGroupName": "nsg",
        "location": "uksouth",
        "securityRules": [RULE],
    },
    "network:NatGateway": {
        "resourceGroupName": "rg",
        "natGatewayName": "nat",
        "location": "uksouth",
        "sku": {"name": "Standard"},
        "zones": ["1"],
    },
    "network:FlowLog": {
        "resourceGroupName": "NetworkWatcherRG",
        "networkWatcherName": "NetworkWatcher_uksouth",
        "flowLogName": "flows",
        "location": "uksouth",
        "targetResourceId": VNET,
        "storageId": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/logs",
        "retentionPolicy": {"enabled": False, "days": 0},
    },
    "storage:StorageAccount": {
        "resourceGroupName": "rg",
        "accountName": "logstwo",
        "location": "uksouth",
        "kind": "StorageV2",
        "sku": {"name": "Standard_ZRS"},
    },
    "containerservice:ManagedCluster": {
        "resourceGroupName": "rg",
        "resourceName": "aks",
        "location": "uksouth",
        "kubernetesVersion": "1.35",
        "dnsPrefix": "aks",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]},
        "disableLocalAccounts": True,
        "aadProfile": {"managed": True},
        "apiServerAccessProfile": {"enablePrivateCluster": True, "enableVnetIntegration": True, "privateDNSZone": "system"},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkDataplane": "cilium",
            "networkPolicy": "cilium",
            "podCidr": "100.73.0.0/16",
            "serviceCidr": "172.16.144.0/20",
            "dnsServiceIP": "172.16.144.10",
        },
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "workloadIdentity": {"enabled": True},
            "azureKeyVaultKms": {
                "enabled": True,
                "keyId": VERSIONED,
                "keyVaultNetworkAccess": "Private",
                "keyVaultResourceId": VAULT,
            },
        },
        "agentPoolProfiles": [
            {
                "name": "system1",
                "mode": "System",
                "vmSize": "Standard_D2s_v5",
                "availabilityZones": ["1"],
                "enableAutoScaling": True,
                "minCount": 1,
                "count": 1,
                "maxCount": 3,
                "vnetSubnetID": f"{VNET}/subnets/private-1",
            }
        ],
    },
}

CASES: tuple[tuple[str, str, Any, str], ...] = (
    ("resources:ResourceGroup", "location", "atlantis", "location: LocationNotAvailable.* no region of Azure"),
    ("resources:ResourceGroup", "resourceGroupName", "ends.", "resourceGroupName: InvalidResourceName"),
    ("resources:ResourceGroup", "tags", {"a<b": "c"}, "tags.a<b: InvalidTagNameCharacters"),
    ("resources:ResourceGroup", "tags", {str(n): "c" for n in range(51)}, "tags: TooManyTags: 51"),
    ("keyvault:Vault", "vaultName", "two--hyphens", "vaultName: InvalidResourceName.*3 to 24"),
    ("keyvault:Vault", "vaultName", "vault", "vaultName: VaultAlreadyExists"),
    ("keyvault:Vault", "resourceGroupName", "gone", "resourceGroupName: ResourceGroupNotFound: gone"),
    ("keyvault:Vault", "properties.softDeleteRetentionInDays", 6, "softDeleteRetentionInDays: VaultPropertyInvalid: 6"),
    (
        "keyvault:Vault",
        "properties.enablePurgeProtection",
        False,
        "enablePurgeProtection: BadRequest: cannot be set to false",
    ),
    ("keyvault:Key", "properties.keySize", 1024, "properties.keySize: BadParameter: 1024"),
    ("keyvault:Key", "vaultName", "nowhere", "ParentResourceNotFound: .*vaults/nowhere"),
    (
        "keyvault:Key",
        "properties.rotationPolicy.attributes.expiryTime",
        "P366D",
        "timeAfterCreate: BadParameter: rotation comes 7 days before",
    ),
    ("compute:DiskEncryptionSet", "activeKey.keyUrl", "https://vault.vault.azure.net/keys/v", "keyUrl: .* with its version"),
    ("compute:DiskEncryptionSet", "activeKey", None, "activeKey: InvalidParameter: .* needs a key"),
    ("compute:DiskEncryptionSet", "identity", None, "identity: InvalidParameter: .* needs an identity"),
    ("compute:DiskEncryptionSet", "location", "ukwest", "sourceVault.id: lies in uksouth"),
    ("authorization:RoleAssignment", "roleAssignmentName", "admin", "roleAssignmentName: InvalidResourceName.* a GUID"),
    ("authorization:RoleAssignment", "roleDefinitionId", "Owner", "roleDefinitionId: InvalidRoleDefinitionId"),
    ("authorization:RoleAssignment", "principalId", "somebody", "principalId: InvalidPrincipalId"),
    ("authorization:RoleAssignment", "scope", f"{VAULT}x", "scope: ResourceNotFound"),
    (
        "network:VirtualNetwork",
        "addressSpace.addressPrefixes",
        ["10.0.0.1/16"],
        "InvalidAddressPrefixFormat: .*host bits set",
    ),
    ("network:VirtualNetwork", "addressSpace.addressPrefixes", ["169.254.0.0/16"], "InvalidAddressPrefix: .* is reserved"),
    ("network:Subnet", "addressPrefix", "10.8.0.0/24", "addressPrefix: NetcfgInvalidSubnet: .* not within 10.9.0.0/16"),
    ("network:Subnet", "addressPrefix", "10.9.1.0/24", "addressPrefix: NetcfgSubnetRangesOverlap: .* subnet private-1"),
    ("network:Subnet", "addressPrefix", "10.9.200.0/30", "addressPrefix: InvalidCIDRNotation"),
    ("network:Subnet", "virtualNetworkName", "nowhere", "ParentResourceNotFound: .*virtualNetworks/nowhere"),
    (
        "network:Subnet",
        "networkSecurityGroup",
        {"id": VNET},
        "networkSecurityGroup.id: .* is not the id of a .*SecurityGroups",
    ),
    (
        "network:NetworkSecurityGroup",
        "securityRules",
        [RULE, {**RULE, "name": "other"}],
        r"securityRules\[1\].priority: SecurityRuleConflict: 100 Inbound",
    ),
    ("network:NetworkSecurityGroup", "securityRules", [{**RULE, "priority": 99}], "SecurityRuleInvalidPriority: 99"),
    (
        "network:NetworkSecurityGroup",
        "securityRules",
        [{**RULE, "destinationPortRange": "443-80"}],
        "SecurityRuleInvalidPortRange: '443-80'",
    ),
    (
        "network:NetworkSecurityGroup",
        "securityRules",
        [{**RULE, "sourceAddressPrefixes": ["10.0.0.0/8"]}],
        "sourceAddressPrefix: InvalidRequestFormat",
    ),
    ("network:NatGateway", "zones", ["1", "2"], "zones: NatGatewayMultipleZones"),
    ("network:NatGateway", "zones", ["4"], r"zones\[0\]: AvailabilityZoneNotSupported: zone 4 of uksouth"),
    ("network:NatGateway", "location", "ukwest", r"zones\[0\]: .* ukwest; it has no availability zones"),
    ("network:FlowLog", "networkWatcherName", "NetworkWatcher_ukwest", "networkWatcherName: NetworkWatcherWrongRegion"),
    ("network:FlowLog", "retentionPolicy.days", 400, "retentionPolicy.days: InvalidRetention: 400"),
    ("network:FlowLog", "targetResourceId", VAULT, "targetResourceId: FlowLogTargetNotSupported"),
    ("storage:StorageAccount", "accountName", "Logs", "accountName: InvalidResourceName.*lower-case"),
    ("storage:StorageAccount", "accountName", "logs", "accountName: StorageAccountAlreadyTaken"),
    (
        "storage:StorageAccount",
        "encryption",
        {"keySource": "Microsoft.Keyvault"},
        "encryption.keyVaultProperties.keyName: KeyVaultPropertiesMissing",
    ),
    ("containerservice:ManagedCluster", "kubernetesVersion", "0.1", "kubernetesVersion: K8sVersionNotSupported: 0.1"),
    ("containerservice:ManagedCluster", "kubernetesVersion", "1.32", "1.32 is in long-term support"),
    ("containerservice:ManagedCluster", "networkProfile.serviceCidr", "10.9.0.0/20", "ServiceCidrOverlapExistingSubnets"),
    ("containerservice:ManagedCluster", "networkProfile.podCidr", "172.16.0.0/16", "podCidr: PodCidrOverlap"),
    ("containerservice:ManagedCluster", "networkProfile.dnsServiceIP", "172.17.0.10", "DnsServiceIpOutOfServiceCidr"),
    ("containerservice:ManagedCluster", "networkProfile.dnsServiceIP", "172.16.144.1", "DnsServiceIpIsReserved"),
    ("containerservice:ManagedCluster", "networkProfile.networkDataplane", "azure", "cilium needs the data plane cilium"),
    (
        "containerservice:ManagedCluster",
        "networkProfile.outboundType",
        "userAssignedNATGateway",
        "subnet has no NAT gateway",
    ),
    ("containerservice:ManagedCluster", "apiServerAccessProfile.privateDNSZone", "none", "privateDNSZone: InvalidParameter"),
    (
        "containerservice:ManagedCluster",
        "apiServerAccessProfile.enableVnetIntegration",
        False,
        "needs API Server VNet Integr",
    ),
    (
        "containerservice:ManagedCluster",
        "apiServerAccessProfile.subnetId",
        f"{VNET}/subnets/private-1",
        "subnetId: InvalidSubnet: it must be delegated",
    ),
    (
        "containerservice:ManagedCluster",
        "securityProfile.azureKeyVaultKms.keyId",
        "https://vault.vault.azure.net/keys/cluster",
        "keyId: InvalidKeyId: .* with its version",
    ),
    ("containerservice:ManagedCluster", "oidcIssuerProfile.enabled", False, "workload identity needs the OIDC issuer"),
    ("containerservice:ManagedCluster", "aadProfile", None, "disableLocalAccounts: InvalidParameter"),
    ("containerservice:ManagedCluster", "identity", None, "identity: InvalidParameter: a cluster needs an identity"),
    ("containerservice:ManagedCluster", "agentPoolProfiles.0.vmSize", "Standard_Z1", "vmSize: VMSizeNotSupported"),
    ("containerservice:ManagedCluster", "agentPoolProfiles.0.minCount", 0, "minCount: InvalidParameter: 0 to 3"),
    ("containerservice:ManagedCluster", "agentPoolProfiles.0.name", "system-one", "name: InvalidParameter: 'system-one'"),
    ("containerservice:ManagedCluster", "agentPoolProfiles.0.mode", "User", "one pool must have the mode System"),
)


@pytest.fixture
def world() -> World:
    made = furnished()
    made.make("storage:StorageAccount", resourceGroupName="rg", accountName="logs", location="uksouth")
    return made


def changed(inputs: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Give inputs with one value set, or taken out where it is None."""
    made: Any = copy.deepcopy(dict(inputs))
    inner = made
    *steps, last = path.split(".")
    for step in steps:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    result: dict[str, Any] = made
    return result


@pytest.mark.parametrize("kind", GOOD)
def test_takes_what_is_good(world: World, kind: str) -> None:
    assert world.problems(kind, GOOD[kind]) == []


@pytest.mark.parametrize("kind", GOOD)
def test_passes_over_what_is_not_known_yet(kind: str) -> None:
    inputs = {name: value if isinstance(value, str) else UNKNOWN for name, value in GOOD[kind].items()}
    known = {name: value for name, value in inputs.items() if "Id" not in name and name != "scope"}
    required = {"dnsPrefix", "agentPoolProfiles", "identity", "activeKey", "addressPrefix"}
    assert World().problems(kind, {**known, **dict.fromkeys(required & set(inputs), UNKNOWN)}, preview=True) == []


@pytest.mark.parametrize(("kind", "path", "value", "says"), CASES)
def test_refuses(world: World, kind: str, path: str, value: Any, says: str) -> None:
    problems = world.problems(kind, changed(GOOD[kind], path, value))
    with pytest.raises(Refused, match=says):
        raise Refused("; ".join(problems))


def test_standard_vault_holds_no_hsm_key(world: World) -> None:
    world.make(
        "keyvault:Vault",
        resourceGroupName="rg",
        vaultName="soft",
        location="uksouth",
        properties={"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}},
    )
    problems = world.problems("keyvault:Key", {**GOOD["keyvault:Key"], "vaultName": "soft"})
    assert problems == ["properties.kty: KeyTypeNotSupported: RSA-HSM needs a premium vault; this one is standard"]


@pytest.mark.parametrize(
    ("region", "sku", "says"),
    [
        ("polandcentral", "Standard_GRS", "polandcentral has no pair"),
        ("ukwest", "Standard_ZRS", "ukwest has no zones"),
        ("uksouth", "Premium_GRS", "premium storage has no geo-redundancy"),
    ],
)
def test_redundancy_follows_the_region(world: World, region: str, sku: str, says: str) -> None:
    inputs = {**GOOD["storage:StorageAccount"], "location": region, "sku": {"name": sku}}
    assert any(says in problem for problem in world.problems("storage:StorageAccount", inputs))


def test_retention_of_a_vault_never_changes(world: World) -> None:
    prior = {"properties": {"softDeleteRetentionInDays": 90}}
    inputs = changed(GOOD["keyvault:Vault"], "properties.softDeleteRetentionInDays", 30)
    problems = world.problems("keyvault:Vault", inputs, prior=prior)
    assert problems == ["properties.softDeleteRetentionInDays: BadRequest: cannot be changed once it is set (it is 90)"]


def test_the_same_role_is_not_assigned_twice(world: World) -> None:
    world.make("authorization:RoleAssignment", **{**GOOD["authorization:RoleAssignment"], "roleAssignmentName": TENANT})
    problems = world.problems("authorization:RoleAssignment", GOOD["authorization:RoleAssignment"])
    assert any("RoleAssignmentExists" in problem for problem in problems)


def test_agent_pool_is_not_newer_than_its_cluster(world: World) -> None:
    world.make("containerservice:ManagedCluster", **GOOD["containerservice:ManagedCluster"])
    pool = {
        "resourceGroupName": "rg",
        "resourceName": "aks",
        "agentPoolName": "data1",
        "vmSize": "Standard_E2s_v5",
        "orchestratorVersion": "1.36",
        "enableAutoScaling": True,
        "minCount": 0,
        "maxCount": 2,
    }
    problems = world.problems("containerservice:AgentPool", pool)
    assert problems == ["orchestratorVersion: NodePoolMcVersionIncompatible: the cluster is on 1.35"]


def test_options_that_are_not_known_yet_are_not_held_against_a_cluster(world: World) -> None:
    unknown = {"apiServerAccessProfile": UNKNOWN, "oidcIssuerProfile": UNKNOWN, "aadProfile": UNKNOWN, "identity": UNKNOWN}
    inputs = {**GOOD["containerservice:ManagedCluster"], **unknown}
    assert world.problems("containerservice:ManagedCluster", inputs) == []


def test_a_lock_holds_its_scope_back(world: World) -> None:
    world.make("authorization:ManagementLockByScope", lockName="keep", level="CanNotDelete", scope=VAULT)
    delete = ROWS["keyvault:Vault"].delete
    assert delete is not None
    with pytest.raises(Refused, match=r"ScopeLocked: .*the lock"):
        delete(world.request("keyvault:Vault", GOOD["keyvault:Vault"], id=VAULT))


@pytest.mark.parametrize(
    ("kind", "below"),
    [
        ("keyvault:Key", "/keys/cluster"),
        ("authorization:RoleAssignment", "/keys/cluster/providers/Microsoft.Authorization/roleAssignments/r"),
        ("monitor:DiagnosticSetting", "/providers/Microsoft.Insights/diagnosticSettings/audit"),
    ],
)
def test_a_lock_holds_back_what_lies_below_its_scope(world: World, kind: str, below: str) -> None:
    world.make("authorization:ManagementLockByScope", lockName="keep", level="CanNotDelete", scope=VAULT)
    delete = ROWS[kind].delete
    assert delete is not None
    with pytest.raises(Refused, match=r"ScopeLocked: .*the lock"):
        delete(world.request(kind, {}, id=f"{VAULT}{below}"))
