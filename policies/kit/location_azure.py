"""Azure: what has a location says so, or takes its provider's; children lie where their parents do."""

from __future__ import annotations

from typing import Final

from policies.kit.location_entry import Entry, How

PACKAGE: Final = "azure-native"

TABLE: Final[tuple[tuple[str, Entry], ...]] = (
    (
        """
    compute:Disk compute:DiskEncryptionSet compute:ProximityPlacementGroup containerservice:ManagedCluster
    keyvault:ManagedHsm keyvault:Vault managedidentity:UserAssignedIdentity monitor:DataCollectionEndpoint
    monitor:DataCollectionRule
    network:DdosProtectionPlan network:ExpressRouteCircuit network:ExpressRouteGateway network:ExpressRoutePort
    network:FlowLog network:LoadBalancer network:NatGateway network:NetworkSecurityGroup network:NetworkWatcher
    network:PrivateEndpoint network:PublicIPAddress network:PublicIPPrefix network:RouteTable network:VirtualHub
    network:VirtualNetwork network:VirtualWan network:VpnGateway network:VpnSite
    operationalinsights:Cluster operationalinsights:Workspace resources:ResourceGroup storage:StorageAccount
    """,
        Entry(how=How.OWN, properties=("location",)),
    ),
    ("containerservice:AgentPool", Entry(how=How.OF, properties=("resourceName",))),
    ("containerservice:MaintenanceConfiguration", Entry(how=How.OF, properties=("resourceName",))),
    ("keyvault:Key keyvault:Secret", Entry(how=How.OF, properties=("vaultName",))),
    ("keyvault:AccessPolicy", Entry(how=How.OF, properties=("vaultName",))),
    ("managedidentity:FederatedIdentityCredential", Entry(how=How.OF, properties=("resourceName",))),
    ("monitor:DiagnosticSetting", Entry(how=How.OF, properties=("resourceUri",))),
    ("network:ExpressRouteCircuitPeering", Entry(how=How.OF, properties=("circuitName",))),
    ("network:ExpressRouteConnection", Entry(how=How.OF, properties=("expressRouteGatewayName",))),
    (
        "network:HubRouteTable network:HubVirtualNetworkConnection",
        Entry(how=How.OF, properties=("virtualHubName",)),
    ),
    ("network:PrivateDnsZoneGroup", Entry(how=How.OF, properties=("privateEndpointName",))),
    ("network:Route", Entry(how=How.OF, properties=("routeTableName",))),
    ("network:SecurityRule", Entry(how=How.OF, properties=("networkSecurityGroupName",))),
    # What a link adds to a gateway or a network is made by another stack than that, and knows it by name alone: its
    # provider, one a location, tells.
    ("network:RouteMap network:VirtualNetworkPeering network:VpnConnection", Entry(how=How.OWN)),
    ("network:Subnet", Entry(how=How.OF, properties=("virtualNetworkName",))),
    (
        "operationalinsights:LinkedService operationalinsights:LinkedStorageAccount operationalinsights:Table",
        Entry(how=How.OF, properties=("workspaceName",)),
    ),
    (
        """
    storage:BlobContainer storage:BlobContainerImmutabilityPolicy storage:BlobServiceProperties storage:ManagementPolicy
    """,
        Entry(how=How.OF, properties=("accountName",)),
    ),
    (
        "dns:DnssecConfig dns:RecordSet dns:Zone trafficmanager:Endpoint trafficmanager:Profile",
        Entry(
            how=How.NOWHERE,
            reason="public names are answered everywhere; they hold names, addresses, weights and probes, no customer data",
        ),
    ),
    (
        "monitor:ActionGroup monitor:ActivityLogAlert monitor:MetricAlert",
        Entry(
            how=How.NOWHERE,
            reason="alarms are global on this cloud (action groups can be regional in four regions only); they hold "
            "resource ids, thresholds and who is told, no customer data",
        ),
    ),
    (
        "privatedns:PrivateRecordSet privatedns:PrivateZone privatedns:VirtualNetworkLink",
        Entry(
            how=How.NOWHERE, reason="private DNS is global on this cloud; zones hold names and addresses, no customer data"
        ),
    ),
    (
        """
    authorization:ManagementLockAtResourceGroupLevel authorization:ManagementLockAtResourceLevel
    authorization:ManagementLockByScope authorization:RoleAssignment authorization:RoleDefinition
    """,
        Entry(how=How.NOWHERE, reason="roles and locks are one per subscription; they hold no customer data"),
    ),
)
