"""GCP: a regional resource lies where its own property says, else in its provider's region."""

from __future__ import annotations

from typing import Final

from policies.kit.location_entry import Entry, How

PACKAGE: Final = "gcp"

TABLE: Final[tuple[tuple[str, Entry], ...]] = (
    (
        """
    compute/address:Address compute/haVpnGateway:HaVpnGateway compute/interconnectAttachment:InterconnectAttachment
    compute/regionDisk:RegionDisk compute/resourcePolicy:ResourcePolicy compute/router:Router
    compute/routerInterface:RouterInterface compute/routerNat:RouterNat compute/routerPeer:RouterPeer
    compute/routerRoutePolicy:RouterRoutePolicy compute/subnetwork:Subnetwork
    compute/subnetworkIAMMember:SubnetworkIAMMember compute/vPNTunnel:VPNTunnel
    """,
        Entry(how=How.OWN, properties=("region",)),
    ),
    (
        "compute/disk:Disk compute/networkEndpointGroup:NetworkEndpointGroup",
        Entry(how=How.MUST, properties=("zone",)),
    ),
    (
        "pubsub/topic:Topic",
        Entry(how=How.MUST, properties=("messageStoragePolicy.allowedPersistenceRegions.0",)),
    ),
    ("pubsub/topicIAMMember:TopicIAMMember", Entry(how=How.OF, properties=("topic",))),
    (
        """
    container/cluster:Cluster container/nodePool:NodePool kms/keyRing:KeyRing logging/projectBucketConfig:ProjectBucketConfig
    storage/bucket:Bucket
    """,
        Entry(how=How.MUST, properties=("location",)),
    ),
    ("kms/autokeyConfig:AutokeyConfig", Entry(how=How.REFUSED, reason="it makes keys wherever a resource asks")),
    ("kms/cryptoKey:CryptoKey kms/keyRingImportJob:KeyRingImportJob", Entry(how=How.OF, properties=("keyRing",))),
    (
        """
    kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding kms/cryptoKeyIAMMember:CryptoKeyIAMMember
    kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy
    """,
        Entry(how=How.OF, properties=("cryptoKeyId",)),
    ),
    ("kms/cryptoKeyVersion:CryptoKeyVersion", Entry(how=How.OF, properties=("cryptoKey",))),
    (
        """
    kms/keyRingIAMBinding:KeyRingIAMBinding kms/keyRingIAMMember:KeyRingIAMMember kms/keyRingIAMPolicy:KeyRingIAMPolicy
    """,
        Entry(how=How.OF, properties=("keyRingId",)),
    ),
    ("storage/bucketIAMMember:BucketIAMMember", Entry(how=How.OF, properties=("bucket",))),
    (
        """
    compute/firewall:Firewall compute/network:Network compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig
    compute/route:Route compute/sharedVPCHostProject:SharedVPCHostProject
    """,
        Entry(
            how=How.NOWHERE, reason="a network's frame is global on this cloud; data flows through its regional subnetworks"
        ),
    ),
    (
        "compute/externalVpnGateway:ExternalVpnGateway",
        Entry(how=How.NOWHERE, reason="the other side's addresses, written down; nothing passes through it"),
    ),
    (
        "compute/interconnect:Interconnect",
        Entry(
            how=How.NOWHERE,
            reason="a leased port is one per project and carries only what its regional VLAN attachments give it",
        ),
    ),
    (
        "networkconnectivity/hub:Hub networkconnectivity/spoke:Spoke",
        Entry(
            how=How.NOWHERE,
            reason="routes between a project's own networks, whose subnetworks are regional; it holds no data",
        ),
    ),
    (
        "networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig",
        Entry(how=How.NOWHERE, reason="it says what is logged; RES-010 judges the sink that says where the records rest"),
    ),
    (
        "compute/globalAddress:GlobalAddress servicenetworking/connection:Connection",
        Entry(
            how=How.NOWHERE,
            reason="a reserved private range and the peering behind it, or a balancer's one address; they hold no data",
        ),
    ),
    (
        """
    compute/backendService:BackendService compute/globalForwardingRule:GlobalForwardingRule
    compute/healthCheck:HealthCheck compute/targetTCPProxy:TargetTCPProxy
    """,
        Entry(
            how=How.NOWHERE,
            reason="a global balancer's frame: it passes TLS through unended and keeps nothing; REP-008 judges its backends",
        ),
    ),
    (
        "logging/metric:Metric monitoring/alertPolicy:AlertPolicy monitoring/notificationChannel:NotificationChannel",
        Entry(
            how=How.NOWHERE,
            reason="Cloud Monitoring keeps alarms and counted metrics by project, in no region: names and figures only",
        ),
    ),
    (
        "dns/managedZone:ManagedZone dns/policy:Policy dns/recordSet:RecordSet dns/responsePolicy:ResponsePolicy",
        Entry(how=How.NOWHERE, reason="Cloud DNS is global; zones hold names and addresses, no customer data"),
    ),
    (
        """
    projects/iAMAuditConfig:IAMAuditConfig projects/iAMCustomRole:IAMCustomRole projects/iAMMember:IAMMember
    projects/service:Service projects/serviceIdentity:ServiceIdentity serviceaccount/account:Account
    serviceaccount/iAMMember:IAMMember
    """,
        Entry(how=How.NOWHERE, reason="identities and their roles are one per project; they hold no customer data"),
    ),
    (
        "logging/projectExclusion:ProjectExclusion logging/projectSink:ProjectSink",
        Entry(how=How.NOWHERE, reason="a routing rule of the project; RES-010 judges where it sends"),
    ),
    (
        "binaryauthorization/policy:Policy",
        Entry(how=How.NOWHERE, reason="one admission policy a project; it holds rules, no customer data"),
    ),
)
