"""A small project on Google Cloud, kept in memory, and one good example of every type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nautilus.sandbox.gcp import PACKAGE
from nautilus.sandbox.handler import Handler, Problem, Request, Target
from tests.sandbox.gcp.backbone import BACKBONE
from tests.sandbox.gcp.front_end import TRAFFIC

TARGET = Target(cloud="gcp", account="nautilus-test-us", region="us-west2")
ROWS: dict[str, Handler] = {handler.type: handler for handler in PACKAGE.handlers}

PROJECT = "projects/nautilus-test-us"
NETWORK = f"{PROJECT}/global/networks/vpc"
SUBNET = f"{PROJECT}/regions/us-west2/subnetworks/private"
RING = f"{PROJECT}/locations/us-west2/keyRings/ring"
KEY = f"{RING}/cryptoKeys/key"
CLUSTER = f"{PROJECT}/locations/us-west2/clusters/cluster"
NODES = "nodes@nautilus-test-us.iam.gserviceaccount.com"

AGENTS = {
    "container": "serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com",
    "compute": "serviceAccount:service-1@compute-system.iam.gserviceaccount.com",
    "logging": "serviceAccount:cmek-p1@gcp-sa-logging.iam.gserviceaccount.com",
    "storage": "serviceAccount:service-1@gs-project-accounts.iam.gserviceaccount.com",
}
GRANT = {"cryptoKeyId": KEY, "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter"}

EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "ring": ("gcp:kms/keyRing:KeyRing", {"name": "ring", "location": "us-west2"}),
    "key": (
        "gcp:kms/cryptoKey:CryptoKey",
        {
            "name": "key",
            "keyRing": RING,
            "purpose": "ENCRYPT_DECRYPT",
            "rotationPeriod": "7776000s",
            "destroyScheduledDuration": "7776000s",
            "versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "HSM"},
            "labels": {"nautilus-purpose": "data"},
        },
    ),
    **{
        f"grant-{name}": ("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", {**GRANT, "member": member})
        for name, member in AGENTS.items()
    },
    "vpc": ("gcp:compute/network:Network", {"name": "vpc", "autoCreateSubnetworks": False, "routingMode": "REGIONAL"}),
    "subnet": (
        "gcp:compute/subnetwork:Subnetwork",
        {
            "name": "private",
            "region": "us-west2",
            "network": NETWORK,
            "ipCidrRange": "10.1.0.0/17",
            "purpose": "PRIVATE",
            "secondaryIpRanges": [
                {"rangeName": "pods", "ipCidrRange": "100.65.0.0/16"},
                {"rangeName": "services", "ipCidrRange": "172.16.16.0/20"},
            ],
            "logConfig": {"aggregationInterval": "INTERVAL_5_SEC", "flowSampling": 1.0, "metadata": "INCLUDE_ALL_METADATA"},
        },
    ),
    "proxies": (
        "gcp:compute/subnetwork:Subnetwork",
        {
            "name": "proxies",
            "region": "us-west2",
            "network": NETWORK,
            "ipCidrRange": "10.1.248.0/23",
            "purpose": "REGIONAL_MANAGED_PROXY",
            "role": "ACTIVE",
        },
    ),
    "firewall": (
        "gcp:compute/firewall:Firewall",
        {
            "name": "web",
            "network": NETWORK,
            "direction": "INGRESS",
            "sourceRanges": ["35.191.0.0/16"],
            "allows": [{"protocol": "tcp", "ports": ["80", "8000-8010"]}],
            "priority": 1000,
        },
    ),
    "route": (
        "gcp:compute/route:Route",
        {"name": "out", "network": NETWORK, "destRange": "0.0.0.0/0", "nextHopGateway": "default-internet-gateway"},
    ),
    "router": ("gcp:compute/router:Router", {"name": "router", "region": "us-west2", "network": NETWORK}),
    "address": ("gcp:compute/address:Address", {"name": "nat-a", "region": "us-west2", "addressType": "EXTERNAL"}),
    "nat": (
        "gcp:compute/routerNat:RouterNat",
        {
            "name": "nat",
            "region": "us-west2",
            "router": "router",
            "natIpAllocateOption": "MANUAL_ONLY",
            "natIps": [f"https://www.googleapis.com/compute/v1/{PROJECT}/regions/us-west2/addresses/nat-a"],
            "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS",
            "subnetworks": [
                {
                    "name": SUBNET,
                    "sourceIpRangesToNats": ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"],
                    "secondaryIpRangeNames": ["pods"],
                }
            ],
            "enableDynamicPortAllocation": True,
            "minPortsPerVm": 64,
        },
    ),
    **BACKBONE,
    **TRAFFIC,
    "range": (
        "gcp:compute/globalAddress:GlobalAddress",
        {
            "name": "services",
            "purpose": "VPC_PEERING",
            "addressType": "INTERNAL",
            "address": "10.1.240.0",
            "prefixLength": 21,
            "network": NETWORK,
        },
    ),
    "peering": (
        "gcp:servicenetworking/connection:Connection",
        {"network": NETWORK, "service": "servicenetworking.googleapis.com", "reservedPeeringRanges": ["services"]},
    ),
    "disk": (
        "gcp:compute/disk:Disk",
        {"name": "disk", "zone": "us-west2-a", "size": 10, "diskEncryptionKey": {"kmsKeySelfLink": KEY}},
    ),
    "zone": (
        "gcp:dns/managedZone:ManagedZone",
        {
            "name": "apis",
            "dnsName": "googleapis.com.",
            "visibility": "private",
            "privateVisibilityConfig": {"networks": [{"networkUrl": NETWORK}]},
        },
    ),
    "record": (
        "gcp:dns/recordSet:RecordSet",
        {"name": "restricted.googleapis.com.", "managedZone": "apis", "type": "A", "ttl": 300, "rrdatas": ["199.36.153.4"]},
    ),
    "policy": ("gcp:dns/policy:Policy", {"name": "policy", "enableLogging": True, "networks": [{"networkUrl": NETWORK}]}),
    "log-bucket": (
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        {
            "project": "nautilus-test-us",
            "location": "us-west2",
            "bucketId": "logs",
            "retentionDays": 400,
            "cmekSettings": {"kmsKeyName": KEY},
        },
    ),
    "sink": (
        "gcp:logging/projectSink:ProjectSink",
        {
            "name": "sink",
            "destination": f"logging.googleapis.com/{PROJECT}/locations/us-west2/buckets/logs",
            "filter": '(log_id("a") OR log_id("b"))',
        },
    ),
    "exclusion": ("gcp:logging/projectExclusion:ProjectExclusion", {"name": "exclusion", "filter": 'log_id("a")'}),
    "bucket": (
        "gcp:storage/bucket:Bucket",
        {"name": "nautilus-test", "location": "US-WEST2", "encryption": {"defaultKmsKeyName": KEY}},
    ),
    "account": ("gcp:serviceaccount/account:Account", {"accountId": "nodes0"}),
    "account-member": (
        "gcp:serviceaccount/iAMMember:IAMMember",
        {
            "serviceAccountId": f"{PROJECT}/serviceAccounts/nodes0@nautilus-test-us.iam.gserviceaccount.com",
            "role": "roles/iam.serviceAccountUser",
            "member": "group:a@example.org",
        },
    ),
    "project-member": (
        "gcp:projects/iAMMember:IAMMember",
        {"project": "nautilus-test-us", "role": "roles/logging.logWriter", "member": "group:a@example.org"},
    ),
    "identity": ("gcp:projects/serviceIdentity:ServiceIdentity", {"service": "sqladmin.googleapis.com"}),
    "cluster": (
        "gcp:container/cluster:Cluster",
        {
            "name": "cluster",
            "location": "us-west2",
            "nodeLocations": ["us-west2-a", "us-west2-b"],
            "minMasterVersion": "1.35",
            "releaseChannel": {"channel": "REGULAR"},
            "network": NETWORK,
            "subnetwork": SUBNET,
            "datapathProvider": "ADVANCED_DATAPATH",
            "ipAllocationPolicy": {"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services"},
            "privateClusterConfig": {
                "enablePrivateNodes": True,
                "enablePrivateEndpoint": True,
                "masterIpv4CidrBlock": "10.1.255.240/28",
            },
            "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "10.1.0.0/17"}]},
            "databaseEncryption": {"state": "ENCRYPTED", "keyName": KEY},
            "workloadIdentityConfig": {"workloadPool": "nautilus-test-us.svc.id.goog"},
            "loggingConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "APISERVER"]},
            "maintenancePolicy": {
                "recurringWindow": {
                    "startTime": "2026-01-03T06:00:00Z",
                    "endTime": "2026-01-03T18:00:00Z",
                    "recurrence": "FREQ=WEEKLY;BYDAY=SA",
                }
            },
            "initialNodeCount": 1,
            "removeDefaultNodePool": True,
            "deletionProtection": True,
        },
    ),
    "pool": (
        "gcp:container/nodePool:NodePool",
        {
            "name": "trading",
            "location": "us-west2",
            "cluster": "cluster",
            "nodeLocations": ["us-west2-a"],
            "autoscaling": {"totalMinNodeCount": 2, "totalMaxNodeCount": 10, "locationPolicy": "BALANCED"},
            "placementPolicy": {"type": "COMPACT"},
            "nodeConfig": {
                "machineType": "c2-standard-4",
                "diskType": "pd-balanced",
                "diskSizeGb": 200,
                "bootDiskKmsKey": KEY,
                "serviceAccount": "nodes0@nautilus-test-us.iam.gserviceaccount.com",
                "kubeletConfig": {"cpuManagerPolicy": "static", "insecureKubeletReadonlyPortEnabled": "FALSE"},
                "linuxNodeConfig": {
                    "sysctls": {"net.core.somaxconn": "16384"},
                    "hugepagesConfig": {"hugepageSize2m": 1024},
                },
                "resourceLabels": {"nautilus-pool": "trading"},
            },
        },
    ),
}
"""Every type by an example's name, in an order in which they can be made."""


class World:
    """What is live, by id; `refused` gives what would stop a resource, `create` makes it."""

    def __init__(self) -> None:
        self.live: dict[str, tuple[str, dict[str, Any]]] = {}

    def request(self, name: str, kind: str, inputs: Mapping[str, Any], *, preview: bool = False, **more: Any) -> Request:
        def find(made: str) -> Mapping[str, Any] | None:
            return self.live[made][1] if made in self.live else None

        def among(kind: str) -> Iterator[Mapping[str, Any]]:
            for made, (found, outputs) in self.live.items():
                if found == kind and outputs["urn"] != name:
                    yield {**outputs, "id": made}

        return Request(
            urn=name, type=kind, name=name, inputs=inputs, target=TARGET, preview=preview, find=find, among=among, **more
        )

    def refused(self, name: str, change: Mapping[str, Any], *, preview: bool = False, fresh: str = "") -> list[Problem]:
        """Give what is refused of an example with some inputs changed; a None takes the input away."""
        kind, inputs = EXAMPLES[name]
        given = {key: value for key, value in {**inputs, **change}.items() if value is not None}
        refuse = ROWS[kind].refuse
        assert refuse is not None
        return list(refuse(self.request(fresh or name, kind, given, preview=preview)))

    def create(self, name: str) -> tuple[str, dict[str, Any]]:
        """Make an example; whatever is refused is an error of the test."""
        kind, inputs = EXAMPLES[name]
        row = ROWS[kind]
        request = self.request(name, kind, inputs)
        assert row.refuse is not None
        assert row.identify is not None
        assert row.compute is not None
        assert list(row.refuse(request)) == [], name
        made = row.identify(request)
        outputs = {**inputs, **row.compute(request, made), "urn": name}
        self.live[made] = (kind, outputs)
        return made, outputs


def everything() -> World:
    """Give a world in which every example is made."""
    world = World()
    for name in EXAMPLES:
        world.create(name)
    return world
