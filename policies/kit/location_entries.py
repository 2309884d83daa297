"""How each resource type says where it is: one entry a type, and no type without one (RES-006, RES-007).

Guarantees that a type is either found by a named property, by what it hangs on, or by its provider; or is known to have no
place, with the reason why that is harmless; or is known to be unlawful, with the reason. A type that is not here is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class How(StrEnum):
    """How a type's place is found."""

    OWN = "own"
    """By its own property where it is set, else by its provider."""
    MUST = "must"
    """By its own property, which has to be there: the cloud would choose otherwise."""
    OF = "of"
    """By the place of the resource that a property refers to."""
    NOWHERE = "nowhere"
    """It has no place; the reason says why that is lawful."""
    REFUSED = "refused"
    """It holds data outside every single place; the reason says what."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One type's way to its place: `properties` are tried in order."""

    how: How
    properties: tuple[str, ...] = ()
    reason: str = ""


_ENTRIES: dict[str, Entry] = {}


def _add(package: str, types: str | Iterable[str], entry: Entry) -> None:
    for kind in types.split() if isinstance(types, str) else types:
        token = f"{package}:{kind}"
        if token in _ENTRIES:
            raise ValueError(f"{token} has two location entries")
        _ENTRIES[token] = entry


# --- AWS: a regional resource lies where its `region` says, else where its provider does. ------------------------------
_add(
    "aws",
    """
    backup/plan:Plan backup/selection:Selection backup/vault:Vault backup/vaultLockConfiguration:VaultLockConfiguration
    cloudwatch/logGroup:LogGroup cloudwatch/logDestination:LogDestination
    cloudwatch/logSubscriptionFilter:LogSubscriptionFilter cloudwatch/metricStream:MetricStream
    ebs/encryptionByDefault:EncryptionByDefault ebs/defaultKmsKey:DefaultKmsKey ebs/volume:Volume
    ec2/defaultNetworkAcl:DefaultNetworkAcl ec2/defaultRouteTable:DefaultRouteTable
    ec2/defaultSecurityGroup:DefaultSecurityGroup ec2/eip:Eip ec2/flowLog:FlowLog
    ec2/internetGateway:InternetGateway ec2/launchTemplate:LaunchTemplate ec2/natGateway:NatGateway
    ec2/networkAcl:NetworkAcl ec2/networkAclAssociation:NetworkAclAssociation ec2/networkAclRule:NetworkAclRule
    ec2/placementGroup:PlacementGroup ec2/route:Route ec2/routeTable:RouteTable
    ec2/routeTableAssociation:RouteTableAssociation ec2/securityGroup:SecurityGroup
    ec2/securityGroupRule:SecurityGroupRule ec2/subnet:Subnet ec2/vpc:Vpc ec2/vpcDhcpOptions:VpcDhcpOptions
    ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation ec2/vpcEndpoint:VpcEndpoint
    ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation
    eks/accessEntry:AccessEntry eks/accessPolicyAssociation:AccessPolicyAssociation eks/addon:Addon eks/cluster:Cluster
    eks/nodeGroup:NodeGroup eks/podIdentityAssociation:PodIdentityAssociation
    kms/alias:Alias kms/externalKey:ExternalKey kms/grant:Grant kms/key:Key kms/keyPolicy:KeyPolicy
    kms/replicaExternalKey:ReplicaExternalKey kms/replicaKey:ReplicaKey
    s3/bucket:Bucket s3/bucketLogging:BucketLogging s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration
    s3/bucketPolicy:BucketPolicy s3/bucketPublicAccessBlock:BucketPublicAccessBlock
    s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
    s3/bucketVersioning:BucketVersioning
    vpc/securityGroupEgressRule:SecurityGroupEgressRule vpc/securityGroupIngressRule:SecurityGroupIngressRule
    """,
    Entry(how=How.OWN, properties=("region",)),
)
_add(
    "aws",
    """
    iam/instanceProfile:InstanceProfile iam/openIdConnectProvider:OpenIdConnectProvider iam/policy:Policy iam/role:Role
    iam/rolePolicy:RolePolicy iam/rolePolicyAttachment:RolePolicyAttachment iam/serviceLinkedRole:ServiceLinkedRole
    """,
    Entry(how=How.NOWHERE, reason="IAM is one per account and holds who may do what, no customer data"),
)
_add(
    "aws",
    "dynamodb/globalTable:GlobalTable cloudfront/distribution:Distribution",
    Entry(how=How.REFUSED, reason="it copies data to regions of several jurisdictions"),
)

# --- GCP: a regional resource lies where its own property says, else in its provider's region. ------------------------
_add(
    "gcp",
    """
    compute/address:Address compute/regionDisk:RegionDisk compute/resourcePolicy:ResourcePolicy compute/router:Router
    compute/routerNat:RouterNat compute/subnetwork:Subnetwork compute/subnetworkIAMMember:SubnetworkIAMMember
    """,
    Entry(how=How.OWN, properties=("region",)),
)
_add("gcp", "compute/disk:Disk", Entry(how=How.MUST, properties=("zone",)))
_add(
    "gcp",
    """
    container/cluster:Cluster container/nodePool:NodePool kms/keyRing:KeyRing logging/projectBucketConfig:ProjectBucketConfig
    storage/bucket:Bucket
    """,
    Entry(how=How.MUST, properties=("location",)),
)
_add("gcp", "kms/autokeyConfig:AutokeyConfig", Entry(how=How.REFUSED, reason="it makes keys wherever a resource asks"))
_add("gcp", "kms/cryptoKey:CryptoKey kms/keyRingImportJob:KeyRingImportJob", Entry(how=How.OF, properties=("keyRing",)))
_add(
    "gcp",
    """
    kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding kms/cryptoKeyIAMMember:CryptoKeyIAMMember
    kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy
    """,
    Entry(how=How.OF, properties=("cryptoKeyId",)),
)
_add("gcp", "kms/cryptoKeyVersion:CryptoKeyVersion", Entry(how=How.OF, properties=("cryptoKey",)))
_add(
    "gcp",
    """
    kms/keyRingIAMBinding:KeyRingIAMBinding kms/keyRingIAMMember:KeyRingIAMMember kms/keyRingIAMPolicy:KeyRingIAMPolicy
    """,
    Entry(how=How.OF, properties=("keyRingId",)),
)
_add("gcp", "storage/bucketIAMMember:BucketIAMMember", Entry(how=How.OF, properties=("bucket",)))
_add(
    "gcp",
    """
    compute/firewall:Firewall compute/network:Network compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig
    compute/route:Route compute/sharedVPCHostProject:SharedVPCHostProject
    """,
    Entry(how=How.NOWHERE, reason="a network's frame is global on this cloud; data flows through its regional subnetworks"),
)
_add(
    "gcp",
    "compute/globalAddress:GlobalAddress servicenetworking/connection:Connection",
    Entry(how=How.NOWHERE, reason="a reserved private range and the peering behind it; they hold no data"),
)
_add(
    "gcp",
    "dns/managedZone:ManagedZone dns/policy:Policy dns/recordSet:RecordSet dns/responsePolicy:ResponsePolicy",
    Entry(how=How.NOWHERE, reason="Cloud DNS is global; zones hold names and addresses, no customer data"),
)
_add(
    "gcp",
    """
    projects/iAMAuditConfig:IAMAuditConfig projects/iAMCustomRole:IAMCustomRole projects/iAMMember:IAMMember
    projects/service:Service projects/serviceIdentity:ServiceIdentity serviceaccount/account:Account
    serviceaccount/iAMMember:IAMMember
    """,
    Entry(how=How.NOWHERE, reason="identities and their roles are one per project; they hold no customer data"),
)
_add(
    "gcp",
    "logging/projectExclusion:ProjectExclusion logging/projectSink:ProjectSink",
    Entry(how=How.NOWHERE, reason="a routing rule of the project; RES-010 judges where it sends"),
)
_add(
    "gcp",
    "binaryauthorization/policy:Policy",
    Entry(how=How.NOWHERE, reason="one admission policy a project; it holds rules, no customer data"),
)

# --- Azure: what has a location says so, or takes its provider's; children lie where their parents do. ----------------
_add(
    "azure-native",
    """
    compute:Disk compute:DiskEncryptionSet compute:ProximityPlacementGroup containerservice:ManagedCluster
    keyvault:ManagedHsm keyvault:Vault managedidentity:UserAssignedIdentity monitor:DataCollectionEndpoint
    monitor:DataCollectionRule
    network:DdosProtectionPlan network:FlowLog network:NatGateway network:NetworkSecurityGroup network:NetworkWatcher
    network:PrivateEndpoint network:PublicIPAddress network:PublicIPPrefix network:RouteTable network:VirtualNetwork
    operationalinsights:Cluster operationalinsights:Workspace resources:ResourceGroup storage:StorageAccount
    """,
    Entry(how=How.OWN, properties=("location",)),
)
_add("azure-native", "containerservice:AgentPool", Entry(how=How.OF, properties=("resourceName",)))
_add("azure-native", "containerservice:MaintenanceConfiguration", Entry(how=How.OF, properties=("resourceName",)))
_add("azure-native", "keyvault:Key keyvault:Secret", Entry(how=How.OF, properties=("vaultName",)))
_add("azure-native", "keyvault:AccessPolicy", Entry(how=How.OF, properties=("vaultName",)))
_add("azure-native", "managedidentity:FederatedIdentityCredential", Entry(how=How.OF, properties=("resourceName",)))
_add("azure-native", "monitor:DiagnosticSetting", Entry(how=How.OF, properties=("resourceUri",)))
_add("azure-native", "network:PrivateDnsZoneGroup", Entry(how=How.OF, properties=("privateEndpointName",)))
_add("azure-native", "network:Route", Entry(how=How.OF, properties=("routeTableName",)))
_add("azure-native", "network:SecurityRule", Entry(how=How.OF, properties=("networkSecurityGroupName",)))
_add("azure-native", "network:Subnet network:VirtualNetworkPeering", Entry(how=How.OF, properties=("virtualNetworkName",)))
_add(
    "azure-native",
    "operationalinsights:LinkedService operationalinsights:LinkedStorageAccount operationalinsights:Table",
    Entry(how=How.OF, properties=("workspaceName",)),
)
_add(
    "azure-native",
    """
    storage:BlobContainer storage:BlobContainerImmutabilityPolicy storage:BlobServiceProperties storage:ManagementPolicy
    """,
    Entry(how=How.OF, properties=("accountName",)),
)
_add(
    "azure-native",
    "privatedns:PrivateRecordSet privatedns:PrivateZone privatedns:VirtualNetworkLink",
    Entry(how=How.NOWHERE, reason="private DNS is global on this cloud; zones hold names and addresses, no customer data"),
)
_add(
    "azure-native",
    """
    authorization:ManagementLockAtResourceGroupLevel authorization:ManagementLockAtResourceLevel
    authorization:ManagementLockByScope authorization:RoleAssignment authorization:RoleDefinition
    """,
    Entry(how=How.NOWHERE, reason="roles and locks are one per subscription; they hold no customer data"),
)

ENTRIES: Final[Mapping[str, Entry]] = _ENTRIES

EXEMPT: Final[Mapping[str, str]] = {
    "pulumi:pulumi:Stack": "the stack itself; no cloud holds it",
    "pulumi:pulumi:StackReference": "another stack's outputs; no cloud holds it",
    "pulumi:providers:pulumi": "the engine's own provider of stack references",
    "pulumi:providers:aws": "judged by RES-001 and RES-008",
    "pulumi:providers:gcp": "judged by RES-001 and RES-008",
    "pulumi:providers:azure-native": "judged by RES-001 and RES-008",
}
"""Types that need no place, and why."""

COMPONENT_PREFIX: Final = "nautilus:"
"""This project's components: groupings without a provider, which no cloud holds."""
