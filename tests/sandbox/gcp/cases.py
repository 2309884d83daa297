"""What Google refuses: an example, what is changed in it, the path of the problem and a part of its reason."""

from __future__ import annotations

from typing import Any

from tests.sandbox.gcp.world import EXAMPLES, KEY, PROJECT, RING, SUBNET

ELSEWHERE = KEY.replace("us-west2", "europe-west1")


def edit(name: str, path: str, value: Any) -> dict[str, Any]:
    """Give an example's top-level input with one value inside it changed; `path` has dots and list positions."""
    head, *steps = path.split(".")

    def at(found: Any, rest: list[str]) -> Any:
        if not rest:
            return value
        if isinstance(found, list):
            place = int(rest[0])
            return [at(item, rest[1:]) if index == place else item for index, item in enumerate(found)]
        return {**(found or {}), rest[0]: at((found or {}).get(rest[0]), rest[1:])}

    return {head: at(EXAMPLES[name][1].get(head), steps)}


CASES: list[tuple[str, dict[str, Any], str, str]] = [
    # Google's own description: closed lists and patterns, at any depth.
    ("vpc", {"routingMode": "EVERYWHERE"}, "routingMode", "the API takes GLOBAL, REGIONAL"),
    ("vpc", {"name": "Not_A_Name"}, "name", "does not match"),
    ("vpc", {"mtu": 9000}, "mtu", "outside 1300 to 8896"),
    ("subnet", {"purpose": "PUBLIC"}, "purpose", "is not allowed"),
    ("subnet", edit("subnet", "logConfig.metadata", "ALL"), "logConfig.metadata", "INCLUDE_ALL_METADATA"),
    ("key", edit("key", "versionTemplate.protectionLevel", "HARDWARE"), "versionTemplate.protectionLevel", "HSM"),
    ("nat", {"natIpAllocateOption": "MANUAL"}, "natIpAllocateOption", "did you mean MANUAL_ONLY"),
    ("nat", edit("nat", "subnetworks.0.sourceIpRangesToNats", ["ALL"]), "subnetworks[0].sourceIpRangesToNats[0]", "is not"),
    ("cluster", {"datapathProvider": "V2"}, "datapathProvider", "ADVANCED_DATAPATH"),
    ("cluster", edit("cluster", "releaseChannel.channel", "SLOW"), "releaseChannel.channel", "the API takes"),
    (
        "cluster",
        edit("cluster", "loggingConfig.enableComponents.1", "API"),
        "loggingConfig.enableComponents[1]",
        "APISERVER",
    ),
    ("cluster", edit("cluster", "databaseEncryption.state", "YES"), "databaseEncryption.state", "ENCRYPTED"),
    ("pool", edit("pool", "autoscaling.locationPolicy", "EVEN"), "autoscaling.locationPolicy", "BALANCED"),
    ("pool", edit("pool", "placementPolicy.type", "TIGHT"), "placementPolicy.type", "COMPACT"),
    ("zone", {"visibility": "hidden"}, "visibility", "private"),
    # Places.
    ("subnet", {"region": "us-west9"}, "region", "does not exist"),
    ("subnet", {"region": "us"}, "region", "does not exist"),
    ("ring", {"location": "us-west9"}, "location", "Cloud KMS has no location"),
    ("log-bucket", {"location": "mars"}, "location", "Cloud Logging has no location"),
    ("bucket", {"location": "mars"}, "location", "Cloud Storage has no location"),
    ("disk", {"zone": "us-west2-z"}, "zone", "zone us-west2-z does not exist"),
    ("cluster", {"location": "europe"}, "location", "not a region or a zone"),
    ("cluster", {"nodeLocations": ["us-west1-a"]}, "nodeLocations[0]", "outside region us-west2"),
    ("pool", {"nodeLocations": ["us-west2-d"]}, "nodeLocations[0]", "does not exist"),
    # Ranges.
    ("subnet", {"ipCidrRange": "10.1.0.1/17"}, "ipCidrRange", "not an IPv4 network address"),
    ("subnet", {"ipCidrRange": "10.1.0.0/30"}, "ipCidrRange", "/4 to /29"),
    ("subnet", {"ipCidrRange": "169.254.0.0/20"}, "ipCidrRange", "no subnet may use"),
    (
        "subnet",
        edit("subnet", "secondaryIpRanges.0.ipCidrRange", "10.1.0.0/20"),
        "secondaryIpRanges[0].ipCidrRange",
        "overlaps",
    ),
    ("subnet", edit("subnet", "secondaryIpRanges.1.rangeName", "pods"), "secondaryIpRanges[1].rangeName", "two secondary"),
    ("proxies", {"ipCidrRange": "10.1.248.0/27"}, "ipCidrRange", "/4 to /26"),
    ("proxies", {"role": None}, "role", "ACTIVE or BACKUP"),
    ("proxies", {"logConfig": {"flowSampling": 1}}, "logConfig", "takes no flow logs"),
    ("subnet", {"role": "ACTIVE"}, "role", "only a proxy-only"),
    ("subnet", edit("subnet", "logConfig.flowSampling", 2), "logConfig.flowSampling", "outside 0 to 1"),
    # Firewalls and routes.
    ("firewall", {"denies": [{"protocol": "all"}]}, "allows", "exactly one"),
    ("firewall", {"allows": None}, "allows", "exactly one"),
    ("firewall", {"direction": "EGRESS"}, "sourceRanges", "no sources"),
    ("firewall", {"sourceRanges": None}, "sourceRanges", "needs source ranges"),
    ("firewall", {"sourceRanges": None, "destinationRanges": ["10.0.0.0/8"]}, "sourceRanges", "needs a source"),
    ("firewall", {"sourceRanges": ["10.0.0.1/8"]}, "sourceRanges[0]", "not a network address"),
    ("firewall", {"priority": 70000}, "priority", "outside 0 to 65535"),
    ("firewall", {"sourceTags": ["a"], "targetServiceAccounts": ["b"]}, "sourceTags", "cannot be combined"),
    ("firewall", edit("firewall", "allows.0.protocol", "http"), "allows[0].protocol", "not a protocol"),
    ("firewall", edit("firewall", "allows.0.protocol", "icmp"), "allows[0].ports", "has no ports"),
    ("firewall", edit("firewall", "allows.0.ports", ["99999"]), "allows[0].ports[0]", "not a port"),
    ("route", {"nextHopIp": "10.1.0.4"}, "nextHopGateway", "exactly one next hop, found 2"),
    ("route", {"destRange": "0.0.0.0/33"}, "destRange", "not a network address"),
    # NAT and addresses.
    ("nat", {"enableEndpointIndependentMapping": True}, "enableEndpointIndependentMapping", "exclude each other"),
    ("nat", {"minPortsPerVm": 100}, "minPortsPerVm", "power of two"),
    ("nat", {"natIps": None}, "natIps", "needs addresses"),
    ("nat", {"natIpAllocateOption": "AUTO_ONLY"}, "natIps", "takes no addresses"),
    ("nat", {"subnetworks": None}, "subnetworks", "needs subnetworks"),
    ("address", {"subnetwork": "x"}, "subnetwork", "an external address has no"),
    ("address", {"addressType": "INTERNAL", "networkTier": "PREMIUM"}, "networkTier", "has no network tier"),
    ("range", {"prefixLength": None}, "prefixLength", "needs prefixLength"),
    ("range", {"addressType": "EXTERNAL"}, "addressType", "is INTERNAL"),
    # Keys.
    ("ring", {"name": "a b"}, "name", "1 to 63"),
    ("key", {"keyRing": "ring"}, "keyRing", "not a key ring"),
    ("key", {"rotationPeriod": "3600s"}, "rotationPeriod", "outside 86400s"),
    ("key", {"rotationPeriod": "90 days"}, "rotationPeriod", "not a duration"),
    ("key", {"destroyScheduledDuration": "10454400s"}, "destroyScheduledDuration", "outside 86400s to 10368000s"),
    ("key", {"purpose": "ASYMMETRIC_SIGN"}, "rotationPeriod", "not rotated by itself"),
    (
        "key",
        edit("key", "versionTemplate.algorithm", "EC_SIGN_P256_SHA256"),
        "versionTemplate.algorithm",
        "not an algorithm",
    ),
    ("key", {"labels": {"Owner": "x"}}, "labels.Owner", "lower-case letter"),
    ("key", {"labels": {"owner": "A B"}}, "labels.owner", "a label value"),
    ("grant-compute", {"member": "someone"}, "member", "not an IAM member"),
    ("grant-compute", {"role": "viewer"}, "role", "not a role"),
    (
        "disk",
        {"diskEncryptionKey": {"kmsKeySelfLink": ELSEWHERE}},
        "diskEncryptionKey.kmsKeySelfLink",
        "must be in us-west2",
    ),
    ("disk", {"diskEncryptionKey": {"kmsKeySelfLink": "k"}}, "diskEncryptionKey.kmsKeySelfLink", "not a crypto key"),
    ("log-bucket", {"cmekSettings": {"kmsKeyName": ELSEWHERE}}, "cmekSettings.kmsKeyName", "must be in us-west2"),
    ("log-bucket", {"location": "global"}, "cmekSettings", "cannot have a customer-managed key"),
    ("bucket", {"encryption": {"defaultKmsKeyName": ELSEWHERE}}, "encryption.defaultKmsKeyName", "must be in us-west2"),
    (
        "cluster",
        edit("cluster", "databaseEncryption.keyName", ELSEWHERE),
        "databaseEncryption.keyName",
        "must be in us-west2",
    ),
    ("cluster", {"databaseEncryption": {"state": "ENCRYPTED"}}, "databaseEncryption.keyName", "needs a key"),
    ("pool", edit("pool", "nodeConfig.bootDiskKmsKey", ELSEWHERE), "nodeConfig.bootDiskKmsKey", "must be in us-west2"),
    # Identities, names, logs and buckets.
    ("account", {"accountId": "abc"}, "accountId", "6 to 30"),
    ("account", {"accountId": "a" * 31}, "accountId", "6 to 30"),
    ("project-member", {"project": "P"}, "project", "not a project id"),
    ("zone", {"dnsName": "googleapis.com"}, "dnsName", "ends with a dot"),
    ("zone", {"name": "A"}, "name", "1 to 63"),
    ("zone", {"visibility": "public"}, "privateVisibilityConfig", "only a private zone"),
    ("record", {"rrdatas": ["1.2.3"]}, "rrdatas[0]", "not an IPv4 address"),
    ("record", {"type": "CNAME", "rrdatas": ["a.", "b."]}, "rrdatas", "one answer"),
    ("record", {"type": "CNAME", "rrdatas": ["a"]}, "rrdatas[0]", "ends with a dot"),
    ("record", {"rrdatas": None}, "rrdatas", "needs rrdatas"),
    ("record", {"name": "a"}, "name", "ends with a dot"),
    ("log-bucket", {"retentionDays": 4000}, "retentionDays", "outside 1 to 3650"),
    ("log-bucket", {"bucketId": "a b"}, "bucketId", "1 to 100"),
    ("sink", {"destination": "s3://x"}, "destination", "as sinks name it"),
    ("sink", {"filter": 'log_id("a"'}, "filter", "do not match"),
    ("exclusion", {"name": "a b"}, "name", "1 to 100"),
    ("bucket", {"name": "Nautilus"}, "name", "3 to 63"),
    ("bucket", {"storageClass": "COLD"}, "storageClass", "is not one of"),
    ("bucket", {"retentionPolicy": {"retentionPeriod": 0}}, "retentionPolicy.retentionPeriod", "outside 1 second"),
    (
        "bucket",
        {"retentionPolicy": {"retentionPeriod": 1}, "versioning": {"enabled": True}},
        "versioning.enabled",
        "cannot keep",
    ),
    # Clusters.
    ("cluster", {"name": "a" * 41}, "name", "1 to 40"),
    ("cluster", {"minMasterVersion": "1.28"}, "minMasterVersion", "GKE has no version 1.28"),
    ("cluster", {"minMasterVersion": "1.37"}, "minMasterVersion", "it offers 1.34, 1.35, 1.36"),
    ("cluster", {"networkPolicy": {"enabled": True}}, "networkPolicy.enabled", "Dataplane V2"),
    ("cluster", {"initialNodeCount": None}, "initialNodeCount", "at least 1"),
    ("cluster", {"initialNodeCount": 0}, "initialNodeCount", "before it can be removed"),
    ("cluster", {"masterAuthorizedNetworksConfig": None}, "masterAuthorizedNetworksConfig", "needs authorised networks"),
    (
        "cluster",
        edit("cluster", "privateClusterConfig.enablePrivateNodes", False),
        "privateClusterConfig.enablePrivateEndpoint",
        "needs private",
    ),
    (
        "cluster",
        edit("cluster", "privateClusterConfig.privateEndpointSubnetwork", "x"),
        "privateClusterConfig.masterIpv4CidrBlock",
        "excludes",
    ),
    (
        "cluster",
        edit("cluster", "privateClusterConfig.masterIpv4CidrBlock", "10.1.255.0/24"),
        "privateClusterConfig.masterIpv4CidrBlock",
        "/28",
    ),
    (
        "cluster",
        edit("cluster", "workloadIdentityConfig.workloadPool", "p.svc.id.goog"),
        "workloadIdentityConfig.workloadPool",
        "must be",
    ),
    (
        "cluster",
        {"loggingConfig": {"enableComponents": ["WORKLOADS"]}},
        "loggingConfig.enableComponents",
        "SYSTEM_COMPONENTS",
    ),
    (
        "cluster",
        edit("cluster", "masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock", "x"),
        "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock",
        "not an",
    ),
    (
        "cluster",
        edit("cluster", "maintenancePolicy.recurringWindow.startTime", "6:00"),
        "maintenancePolicy.recurringWindow.startTime",
        "not a time",
    ),
    (
        "cluster",
        edit("cluster", "maintenancePolicy.recurringWindow.recurrence", "weekly"),
        "maintenancePolicy.recurringWindow.recurrence",
        "RFC 5545",
    ),
    # Pools.
    ("pool", edit("pool", "nodeConfig.machineType", "c6i.xlarge"), "nodeConfig.machineType", "does not exist"),
    ("pool", edit("pool", "nodeConfig.machineType", "c2-standard-5"), "nodeConfig.machineType", "does not exist"),
    ("pool", edit("pool", "nodeConfig.machineType", "c4-standard-4"), "nodeConfig.diskType", "Hyperdisk only"),
    ("pool", edit("pool", "nodeConfig.diskType", "gp3"), "nodeConfig.diskType", "is not one of"),
    ("pool", edit("pool", "nodeConfig.machineType", "e2-standard-4"), "placementPolicy.type", "no compact placement"),
    ("pool", {"nodeLocations": ["us-west2-a", "us-west2-b"]}, "nodeLocations", "lies in one zone"),
    ("pool", edit("pool", "nodeConfig.diskSizeGb", 5), "nodeConfig.diskSizeGb", "outside 10"),
    (
        "pool",
        edit("pool", "nodeConfig.linuxNodeConfig.sysctls", {"vm.nr_hugepages": "1"}),
        "nodeConfig.linuxNodeConfig.sysctls.vm.nr_hugepages",
        "does not let",
    ),
    (
        "pool",
        edit("pool", "nodeConfig.linuxNodeConfig.hugepagesConfig.hugepageSize2m", 8192),
        "nodeConfig.linuxNodeConfig.hugepagesConfig",
        "9.6 GiB",
    ),
    (
        "pool",
        edit("pool", "nodeConfig.kubeletConfig.cpuManagerPolicy", "pinned"),
        "nodeConfig.kubeletConfig.cpuManagerPolicy",
        "none, static",
    ),
    (
        "pool",
        edit("pool", "nodeConfig.kubeletConfig.topologyManager", {"policy": "numa"}),
        "nodeConfig.kubeletConfig.topologyManager.policy",
        "single-numa-node",
    ),
    (
        "pool",
        edit("pool", "nodeConfig.kubeletConfig.podPidsLimit", 10),
        "nodeConfig.kubeletConfig.podPidsLimit",
        "outside 1024",
    ),
    ("pool", edit("pool", "nodeConfig.resourceLabels", {"A": "b"}), "nodeConfig.resourceLabels.A", "lower-case"),
    ("pool", edit("pool", "autoscaling.totalMinNodeCount", 11), "autoscaling.totalMaxNodeCount", "10 is below 11"),
    ("pool", edit("pool", "autoscaling.minNodeCount", 1), "autoscaling.totalMinNodeCount", "either per zone or in total"),
    ("pool", {"upgradeSettings": {"maxSurge": 0, "maxUnavailable": 0}}, "upgradeSettings.maxSurge", "cannot both be 0"),
]
"""Refused in previews too: nothing else need be known."""

GONE = f"{PROJECT}/global/networks/gone"
BINDINGS: list[tuple[str, dict[str, Any], str, str]] = [
    ("subnet", {"network": GONE, "ipCidrRange": "10.9.0.0/20"}, "network", "networks/gone does not exist"),
    (
        "subnet",
        {"name": "new", "ipCidrRange": "10.1.64.0/20", "secondaryIpRanges": None},
        "ipCidrRange",
        "overlaps with 10.1.0.0/17",
    ),
    ("subnet", {"name": "new", "ipCidrRange": "10.1.240.0/24", "secondaryIpRanges": None}, "ipCidrRange", "of services"),
    ("subnet", {"name": "new", "ipCidrRange": "10.1.255.0/24", "secondaryIpRanges": None}, "ipCidrRange", "control plane"),
    ("firewall", {"network": GONE}, "network", "does not exist"),
    ("router", {"network": GONE}, "network", "does not exist"),
    ("nat", {"router": "gone"}, "router", "routers/gone does not exist"),
    ("nat", edit("nat", "natIps.0", f"{PROJECT}/regions/us-west1/addresses/x"), "natIps[0]", "outside region us-west2"),
    (
        "nat",
        edit("nat", "subnetworks.0.secondaryIpRangeNames", ["jobs"]),
        "subnetworks[0].secondaryIpRangeNames[0]",
        "no secondary range jobs",
    ),
    ("range", {"name": "new"}, "address", "overlaps with 10.1.240.0/21"),
    ("peering", {"reservedPeeringRanges": ["gone"]}, "reservedPeeringRanges[0]", "no range gone"),
    ("key", {"keyRing": f"{RING}x"}, "keyRing", "does not exist"),
    ("grant-compute", {"cryptoKeyId": f"{KEY}x"}, "cryptoKeyId", "does not exist"),
    ("disk", {"diskEncryptionKey": {"kmsKeySelfLink": f"{KEY}x"}}, "diskEncryptionKey.kmsKeySelfLink", "does not exist"),
    ("zone", {"name": "again"}, "dnsName", "already answers googleapis.com."),
    ("policy", {"name": "again"}, "networks", "already has the policy"),
    ("record", {"managedZone": "gone"}, "managedZone", "does not exist"),
    ("record", {"name": "a.example.org."}, "name", "outside googleapis.com."),
    ("record", {"name": "googleapis.com.", "type": "CNAME", "rrdatas": ["a.b."]}, "type", "cannot be a CNAME"),
    (
        "sink",
        {"destination": f"logging.googleapis.com/{PROJECT}/locations/us-west2/buckets/gone"},
        "destination",
        "does not exist",
    ),
    ("account-member", {"serviceAccountId": f"{PROJECT}/serviceAccounts/gone"}, "serviceAccountId", "does not exist"),
    ("cluster", {"subnetwork": f"{SUBNET}x"}, "subnetwork", "does not exist"),
    ("cluster", {"network": GONE}, "subnetwork", "is in another network"),
    (
        "cluster",
        edit("cluster", "ipAllocationPolicy.clusterSecondaryRangeName", "jobs"),
        "ipAllocationPolicy.clusterSecondaryRangeName",
        "no secondary range jobs",
    ),
    (
        "cluster",
        edit("cluster", "privateClusterConfig.masterIpv4CidrBlock", "10.1.0.16/28"),
        "privateClusterConfig.masterIpv4CidrBlock",
        "overlaps",
    ),
    ("pool", {"cluster": "gone"}, "cluster", "clusters/gone does not exist"),
    (
        "pool",
        edit("pool", "nodeConfig.serviceAccount", "gone@nautilus-test-us.iam.gserviceaccount.com"),
        "nodeConfig.serviceAccount",
        "does not exist",
    ),
]
"""Refused only once what they refer to can be looked at."""
