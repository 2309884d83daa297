"""The table of Azure's types: how each is addressed, what replaces it, what it points at and what Azure refuses of it."""

from __future__ import annotations

from typing import Final

from nautilus.sandbox.azure import agentpool, balancing, containerservice, keyvault, network, storage, traffic_rows, wan_rows
from nautilus.sandbox.azure.refer import Link
from nautilus.sandbox.azure.row import Row

_IDENTITY: Final = "Microsoft.ManagedIdentity/userAssignedIdentities"
_VNET: Final = "Microsoft.Network/virtualNetworks"
_SUBNET: Final = f"{_VNET}/subnets"
_ACCOUNT: Final = "Microsoft.Storage/storageAccounts"
_VAULT: Final = "Microsoft.KeyVault/vaults"
_AKS: Final = "Microsoft.ContainerService/managedClusters"
_IDENTITIES: Final = Link(path="identity.userAssignedIdentities[]", type=_IDENTITY)


_ROWS: Final = (
    Row(pulumi="resources:ResourceGroup", type="Microsoft.Resources/resourceGroups", path="{resourceGroupName}"),
    Row(
        pulumi="managedidentity:UserAssignedIdentity",
        type=_IDENTITY,
        path=f"{_IDENTITY}/{{resourceName}}",
    ),
    Row(pulumi="keyvault:Vault", type=_VAULT, path=f"{_VAULT}/{{vaultName}}", rule=keyvault.vault),
    Row(pulumi="keyvault:Key", type=f"{_VAULT}/keys", path=f"{_VAULT}/{{vaultName}}/keys/{{keyName}}", rule=keyvault.key),
    Row(
        pulumi="keyvault:ManagedHsm",
        type="Microsoft.KeyVault/managedHSMs",
        path="Microsoft.KeyVault/managedHSMs/{name}",
    ),
    Row(
        pulumi="compute:DiskEncryptionSet",
        type="Microsoft.Compute/diskEncryptionSets",
        path="Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}",
        replace="encryptionType",
        links=(Link(path="activeKey.sourceVault.id", type=_VAULT, near=True), _IDENTITIES),
        rule=keyvault.disk_encryption_set,
    ),
    Row(
        pulumi="compute:ProximityPlacementGroup",
        type="Microsoft.Compute/proximityPlacementGroups",
        path="Microsoft.Compute/proximityPlacementGroups/{proximityPlacementGroupName}",
        replace="proximityPlacementGroupType zones",
        rule=agentpool.placement_group,
    ),
    Row(
        pulumi="authorization:RoleAssignment",
        type="Microsoft.Authorization/roleAssignments",
        path="Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        scope="scope",
        replace="roleDefinitionId principalId principalType delegatedManagedIdentityResourceId",
        rule=keyvault.role_assignment,
    ),
    Row(
        pulumi="authorization:ManagementLockByScope",
        type="Microsoft.Authorization/locks",
        path="Microsoft.Authorization/locks/{lockName}",
        scope="scope",
        rule=storage.lock,
    ),
    Row(pulumi="network:VirtualNetwork", type=_VNET, path=f"{_VNET}/{{virtualNetworkName}}", rule=network.virtual_network),
    Row(
        pulumi="network:Subnet",
        type=_SUBNET,
        path=f"{_VNET}/{{virtualNetworkName}}/subnets/{{subnetName}}",
        links=(
            Link(path="networkSecurityGroup.id", type="Microsoft.Network/networkSecurityGroups"),
            Link(path="natGateway.id", type="Microsoft.Network/natGateways"),
            Link(path="routeTable.id", type="Microsoft.Network/routeTables"),
        ),
        rule=network.subnet,
    ),
    Row(
        pulumi="network:NetworkSecurityGroup",
        type="Microsoft.Network/networkSecurityGroups",
        path="Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}",
        rule=network.security_group,
    ),
    Row(
        pulumi="network:RouteTable",
        type="Microsoft.Network/routeTables",
        path="Microsoft.Network/routeTables/{routeTableName}",
        rule=network.route_table,
    ),
    Row(
        pulumi="network:PublicIPAddress",
        type="Microsoft.Network/publicIPAddresses",
        path="Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
        replace="zones publicIPAddressVersion",
        rule=balancing.address,
    ),
    Row(
        pulumi="network:NatGateway",
        type="Microsoft.Network/natGateways",
        path="Microsoft.Network/natGateways/{natGatewayName}",
        replace="zones",
        links=(Link(path="publicIpAddresses[].id", type="Microsoft.Network/publicIPAddresses", near=True),),
        rule=network.nat_gateway,
    ),
    Row(
        pulumi="network:PrivateEndpoint",
        type="Microsoft.Network/privateEndpoints",
        path="Microsoft.Network/privateEndpoints/{privateEndpointName}",
        replace="subnet customNetworkInterfaceName",
        links=(Link(path="subnet.id", type=_SUBNET, near=True),),
        rule=network.private_endpoint,
    ),
    Row(
        pulumi="network:PrivateDnsZoneGroup",
        type="Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        path="Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}",
        links=(Link(path="privateDnsZoneConfigs[].privateDnsZoneId", type="Microsoft.Network/privateDnsZones"),),
        rule=network.zone_group,
    ),
    Row(
        pulumi="network:NetworkWatcher",
        type="Microsoft.Network/networkWatchers",
        path="Microsoft.Network/networkWatchers/{networkWatcherName}",
        rule=network.watcher,
    ),
    Row(
        pulumi="network:FlowLog",
        type="Microsoft.Network/networkWatchers/flowLogs",
        path="Microsoft.Network/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}",
        replace="targetResourceId",
        links=(Link(path="storageId", type=_ACCOUNT, near=True), _IDENTITIES),
        rule=network.flow_log,
    ),
    Row(
        pulumi="privatedns:PrivateZone",
        type="Microsoft.Network/privateDnsZones",
        path="Microsoft.Network/privateDnsZones/{privateZoneName}",
    ),
    Row(
        pulumi="privatedns:VirtualNetworkLink",
        type="Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        path="Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}",
        replace="virtualNetwork",
        links=(Link(path="virtualNetwork.id", type=_VNET),),
    ),
    Row(
        pulumi="storage:StorageAccount",
        type=_ACCOUNT,
        path=f"{_ACCOUNT}/{{accountName}}",
        replace="isHnsEnabled dnsEndpointType",
        links=(_IDENTITIES, Link(path="encryption.encryptionIdentity.encryptionUserAssignedIdentity", type=_IDENTITY)),
        rule=storage.account,
    ),
    Row(
        pulumi="storage:BlobContainer",
        type=f"{_ACCOUNT}/blobServices/containers",
        path=f"{_ACCOUNT}/{{accountName}}/blobServices/default/containers/{{containerName}}",
        replace="defaultEncryptionScope denyEncryptionScopeOverride",
    ),
    Row(
        pulumi="storage:ManagementPolicy",
        type=f"{_ACCOUNT}/managementPolicies",
        path=f"{_ACCOUNT}/{{accountName}}/managementPolicies/{{managementPolicyName}}",
        rule=storage.management_policy,
    ),
    Row(
        pulumi="operationalinsights:Workspace",
        type="Microsoft.OperationalInsights/workspaces",
        path="Microsoft.OperationalInsights/workspaces/{workspaceName}",
        rule=storage.workspace,
    ),
    Row(
        pulumi="monitor:DiagnosticSetting",
        type="Microsoft.Insights/diagnosticSettings",
        path="Microsoft.Insights/diagnosticSettings/{name}",
        scope="resourceUri",
        links=(
            Link(path="storageAccountId", type=_ACCOUNT),
            Link(path="workspaceId", type="Microsoft.OperationalInsights/workspaces"),
        ),
        rule=storage.diagnostic_setting,
    ),
    Row(
        pulumi="containerservice:ManagedCluster",
        type=_AKS,
        path=f"{_AKS}/{{resourceName}}",
        replace="dnsPrefix fqdnSubdomain nodeResourceGroup diskEncryptionSetID",
        links=(
            _IDENTITIES,
            Link(path="apiServerAccessProfile.subnetId", type=_SUBNET, near=True),
            Link(path="agentPoolProfiles[].vnetSubnetID", type=_SUBNET, near=True),
            Link(
                path="agentPoolProfiles[].proximityPlacementGroupID",
                type="Microsoft.Compute/proximityPlacementGroups",
                near=True,
            ),
            Link(path="diskEncryptionSetID", type="Microsoft.Compute/diskEncryptionSets", near=True),
            Link(path="securityProfile.azureKeyVaultKms.keyVaultResourceId", type=_VAULT),
        ),
        rule=containerservice.cluster,
    ),
    Row(
        pulumi="containerservice:AgentPool",
        type=f"{_AKS}/agentPools",
        path=f"{_AKS}/{{resourceName}}/agentPools/{{agentPoolName}}",
        replace="vmSize availabilityZones osDiskSizeGB osDiskType osType vnetSubnetID podSubnetID maxPods kubeletConfig "
        "linuxOSConfig proximityPlacementGroupID enableEncryptionAtHost enableFIPS enableNodePublicIP nodePublicIPPrefixID",
        links=(
            Link(path="vnetSubnetID", type=_SUBNET),
            Link(path="proximityPlacementGroupID", type="Microsoft.Compute/proximityPlacementGroups"),
        ),
        rule=agentpool.agent_pool,
    ),
    Row(
        pulumi="containerservice:MaintenanceConfiguration",
        type=f"{_AKS}/maintenanceConfigurations",
        path=f"{_AKS}/{{resourceName}}/maintenanceConfigurations/{{configName}}",
        rule=containerservice.maintenance,
    ),
)

HANDLERS: Final = tuple(row.handler() for row in (*_ROWS, *wan_rows.ROWS, *traffic_rows.ROWS))
"""Every type of the package."""
