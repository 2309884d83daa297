"""GCP: a regional resource lies where its own property says, else in its provider's region."""

from __future__ import annotations

from typing import Final

from policies.kit.location_entry import Entry, How

PACKAGE: Final = "gcp"

TABLE: Final[tuple[tuple[str, Entry], ...]] = (
    (
        """
    compute/address:Address compute/regionDisk:RegionDisk compute/resourcePolicy:ResourcePolicy compute/router:Router
    compute/routerNat:RouterNat compute/subnetwork:Subnetwork compute/subnetworkIAMMember:SubnetworkIAMMember
    """,
        Entry(how=How.OWN, properties=("region",)),
    ),
    ("compute/disk:Disk", Entry(how=How.MUST, properties=("zone",))),
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
        "compute/globalAddress:GlobalAddress servicenetworking/connection:Connection",
        Entry(how=How.NOWHERE, reason="a reserved private range and the peering behind it; they hold no data"),
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
