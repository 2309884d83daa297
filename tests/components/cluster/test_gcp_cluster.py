"""The GKE cluster: what is registered, what it is locked with, and what its pools look like."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.cluster.args import ClusterArgs
from components.cluster.gcp import GcpCluster
from components.cluster.gcp_pools import disk_type, shapes
from components.keys.args import KeysArgs, Purpose
from components.keys.gcp import GcpKeys
from components.network.args import NetworkArgs
from components.network.gcp import GcpNetwork
from config.model import Account, Cloud, Location, Source
from nautilus.sandbox.gcp import PACKAGE, discovery
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import Request, Target

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

ACCOUNT = Account(
    id="nautilus-test-us",
    deployer="deployer@nautilus-test-us.iam.gserviceaccount.com",
    administrators="key-administrators@nautilus-test-us.iam.gserviceaccount.com",
    number="100000000001",
)
LOCATION = Location(
    id="gcp/us-west2",
    cloud=Cloud.GCP,
    region="us-west2",
    place="Los Angeles",
    country="US",
    jurisdiction="us",
    latitude=34.05,
    longitude=-118.24,
    source=Source(document="a test", verified=False),
)
ZONES = ("us-west2-a", "us-west2-b", "us-west2-c")
RING = "projects/nautilus-test-us/locations/us-west2/keyRings/r/cryptoKeys"
OUTPUTS = {
    "gcp:compute/network:Network": lambda inputs: {"selfLink": f"link/{inputs['name']}"},
    "gcp:compute/subnetwork:Subnetwork": lambda inputs: {"selfLink": f"link/{inputs['name']}"},
    "gcp:compute/address:Address": lambda inputs: {"selfLink": f"link/{inputs['name']}"},
    "gcp:serviceaccount/account:Account": lambda inputs: {
        "email": f"{inputs['accountId']}@nautilus-test-us.iam.gserviceaccount.com",
        "member": f"serviceAccount:{inputs['accountId']}@nautilus-test-us.iam.gserviceaccount.com",
        "name": f"projects/nautilus-test-us/serviceAccounts/{inputs['accountId']}",
    },
    "gcp:container/cluster:Cluster": lambda inputs: {
        "endpoint": "10.1.255.242",
        "masterVersion": "1.35.7-gke.1222000",
        "masterAuth": {**inputs["masterAuth"], "clusterCaCertificate": "certificate"},
    },
}


@pytest.fixture
def args(pools: Any, labels: Any) -> ClusterArgs:
    machines = {"system": "n2-standard-2", "trading": "c2-standard-4", "edge": "c3-standard-44"}
    return ClusterArgs(
        location=LOCATION,
        account=ACCOUNT,
        zones=ZONES,
        kubernetes_version="1.35",
        pods="100.65.0.0/16",
        services="172.16.16.0/20",
        pools={name: dataclasses.replace(plan, machine=machines[name]) for name, plan in pools.items()},
        secrets_key=f"{RING}/cluster",
        volumes_key=f"{RING}/volumes",
        log_key=f"{RING}/logs",
        log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


@pytest.fixture
def build(record: Any, key_rules: Any, labels: Any) -> Any:
    def run(args: ClusterArgs) -> Any:
        def program() -> None:
            keys = GcpKeys(
                "one-keys",
                KeysArgs(
                    location=LOCATION,
                    account=ACCOUNT,
                    rules=key_rules,
                    purposes=tuple(Purpose),
                    labels=labels,
                    deletion_protection=args.deletion_protection,
                ),
            )
            network = GcpNetwork(
                "one-network",
                NetworkArgs(
                    location=LOCATION,
                    account=ACCOUNT,
                    zones=ZONES,
                    nodes="10.1.0.0/16",
                    pods=args.pods,
                    services=args.services,
                    nat_per_zone=True,
                    log_key=args.log_key,
                    flow_log_retention_days=400,
                    labels=labels,
                    deletion_protection=args.deletion_protection,
                ),
            )
            GcpCluster("one", args, network, keys)

        return record(program, OUTPUTS)

    return run


@pytest.fixture
def seen(build: Any, args: ClusterArgs) -> Any:
    return build(args)


@pytest.fixture
def cluster(seen: Any) -> dict[str, Any]:
    found: dict[str, Any] = seen.of("gcp:container/cluster:Cluster")["one-cluster"]
    return found


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_cluster", [line for line in seen.lines() if " one-keys" not in line and " one-network" not in line])


def test_every_type_has_a_row_and_every_property_is_known_to_google(seen: Any) -> None:
    rows = {handler.type: handler for handler in PACKAGE.handlers}
    target = Target(cloud="gcp", account="nautilus-test-us", region="us-west2")
    for one in seen.registered:
        if one.type.startswith("nautilus:"):
            continue
        row: Row = rows[one.type].refuse.__self__  # type: ignore[union-attr]
        if row.schema:
            assert discovery.unmatched(row.schema, one.inputs) == [], one.name
        request = Request(urn=one.name, type=one.type, name=one.name, inputs=one.inputs, target=target, preview=True)
        refused = [] if "keyRing" in one.inputs else list(row.handler().refuse(request))  # type: ignore[misc]
        assert refused == [], one.name


def test_addresses_are_private(cluster: dict[str, Any]) -> None:
    private = cluster["privateClusterConfig"]
    assert private["enablePrivateNodes"] is True
    assert private["enablePrivateEndpoint"] is True
    assert private["masterIpv4CidrBlock"] == "10.1.255.240/28"
    allowed = [block["cidrBlock"] for block in cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"]]
    assert allowed == ["10.1.0.0/17", "100.65.0.0/16"]
    assert cluster["masterAuthorizedNetworksConfig"]["gcpPublicCidrsAccessEnabled"] is False


def test_secrets_are_under_the_cluster_key(cluster: dict[str, Any]) -> None:
    assert cluster["databaseEncryption"] == {"state": "ENCRYPTED", "keyName": f"{RING}/cluster"}


def test_identity_and_admission(cluster: dict[str, Any]) -> None:
    assert cluster["workloadIdentityConfig"] == {"workloadPool": "nautilus-test-us.svc.id.goog"}
    assert cluster["binaryAuthorization"] == {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}
    assert cluster["enableLegacyAbac"] is False
    assert cluster["masterAuth"] == {"clientCertificateConfig": {"issueClientCertificate": False}}
    assert cluster["enableShieldedNodes"] is True
    assert cluster["anonymousAuthenticationConfig"] == {"mode": "LIMITED"}


def test_control_plane_logs_stay_in_the_region(seen: Any, cluster: dict[str, Any]) -> None:
    expected = {"SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "WORKLOADS"}
    assert set(cluster["loggingConfig"]["enableComponents"]) == expected
    assert seen.one("one-logs-bucket").inputs["cmekSettings"] == {"kmsKeyName": f"{RING}/logs"}
    assert 'resource.labels.cluster_name="one"' in seen.one("one-logs-sink").inputs["filter"]


def test_minor_version_waits_for_the_catalogue_and_upgrades_for_the_weekend(cluster: dict[str, Any]) -> None:
    policy = cluster["maintenancePolicy"]
    assert cluster["minMasterVersion"] == "1.35"
    assert policy["recurringWindow"]["recurrence"] == "FREQ=WEEKLY;BYDAY=SA,SU"
    assert policy["maintenanceExclusions"][0]["exclusionOptions"] == {
        "scope": "NO_MINOR_UPGRADES",
        "endTimeBehavior": "UNTIL_END_OF_SUPPORT",
    }


def test_node_account_has_five_roles_and_no_more(seen: Any) -> None:
    members = seen.of("gcp:projects/iAMMember:IAMMember").values()
    assert {member["member"] for member in members} == {"serviceAccount:one-nodes@nautilus-test-us.iam.gserviceaccount.com"}
    assert sorted(member["role"] for member in members) == [
        "roles/artifactregistry.reader",
        "roles/logging.logWriter",
        "roles/monitoring.metricWriter",
        "roles/monitoring.viewer",
        "roles/stackdriver.resourceMetadata.writer",
    ]


def test_the_cluster_waits_for_grants_and_logs(seen: Any) -> None:
    waits = seen.one("one-cluster").waits_for
    assert {"one-nodes-logging-logwriter", "one-logs-bucket", "one-network-nat", "one-keys-cluster-container"} <= waits


def test_pool_disks_are_encrypted_and_machines_shielded(seen: Any) -> None:
    for name, pool in seen.of("gcp:container/nodePool:NodePool").items():
        config = pool["nodeConfig"]
        assert config["bootDiskKmsKey"] == f"{RING}/volumes", name
        assert config["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}, name
        assert config["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}, name
        assert config["metadata"] == {"disable-legacy-endpoints": "true"}, name
        assert config["kubeletConfig"]["insecureKubeletReadonlyPortEnabled"] == "FALSE", name
        assert pool["networkConfig"] == {"enablePrivateNodes": True}, name
        assert pool["management"] == {"autoRepair": True, "autoUpgrade": True}, name


def test_trading_pool_pins_processors(seen: Any) -> None:
    pool = seen.of("gcp:container/nodePool:NodePool")["one-cluster-trading"]
    assert pool["autoscaling"] == {"totalMinNodeCount": 2, "totalMaxNodeCount": 10, "locationPolicy": "BALANCED"}
    assert pool["initialNodeCount"] == 1
    config = pool["nodeConfig"]
    assert config["kubeletConfig"]["cpuManagerPolicy"] == "static"
    assert config["kubeletConfig"]["cpuCfsQuota"] is False
    assert config["linuxNodeConfig"]["sysctls"] == {"net.core.somaxconn": "16384"}
    assert config["taints"] == [{"key": "nautilus/pool", "value": "trading", "effect": "NO_SCHEDULE"}]
    assert config["tags"] == ["nautilus-app"]


def test_a_compact_pool_is_one_pool_a_zone(args: ClusterArgs, seen: Any) -> None:
    found = shapes("edge", args.pools["edge"], ZONES)
    assert {name: (shape.zones, shape.size.min, shape.size.max) for name, shape in found.items()} == {
        "edge-a": (("us-west2-a",), 1, 2),
        "edge-b": (("us-west2-b",), 1, 2),
        "edge-c": (("us-west2-c",), 0, 1),
    }
    pool = seen.of("gcp:container/nodePool:NodePool")["one-cluster-edge-a"]
    assert pool["placementPolicy"] == {"type": "COMPACT"}
    assert pool["nodeConfig"]["linuxNodeConfig"]["hugepagesConfig"] == {"hugepageSize2m": 4096}
    assert pool["nodeConfig"]["kubeletConfig"]["topologyManager"] == {"policy": "single-numa-node", "scope": "pod"}


@pytest.mark.parametrize(("machine", "disk"), [("n2-standard-2", "pd-balanced"), ("c4-standard-8", "hyperdisk-balanced")])
def test_disk_type(machine: str, disk: str) -> None:
    assert disk_type(machine) == disk


@pytest.mark.parametrize("protected", [True, False])
def test_the_cluster_is_protected_and_its_pools_can_be_replaced(build: Any, args: ClusterArgs, protected: bool) -> None:
    seen = build(dataclasses.replace(args, deletion_protection=protected))
    own = {name for name in seen.protected() if not name.startswith(("one-keys", "one-network"))}
    assert own == ({"one-cluster", "one-logs-bucket"} if protected else set())
    assert seen.one("one-cluster").inputs["deletionProtection"] is protected
    assert seen.one("one-cluster").ignored == ("nodeConfig",)
    assert seen.one("one-cluster-system").ignored == ("initialNodeCount",)
