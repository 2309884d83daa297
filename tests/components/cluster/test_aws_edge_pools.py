"""Node groups in Local Zones are tuned as their site's kind is; pods there have addresses of the zone (EDGE-1, NET-3)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

import config
from components.cluster.args import ClusterArgs
from components.cluster.aws import AwsCluster
from components.keys.args import KeysArgs, Purpose
from components.keys.aws import AwsKeys
from components.network.args import EdgeZone, NetworkArgs
from components.network.aws import AwsNetwork
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.plan import EdgePlan, placements
from tests.fixtures.catalogues import TODAY

NODES = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ADDON = "aws:eks/addon:Addon"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
CATALOGUE = load(config.root(), today=TODAY)
OUTPUTS = {
    "aws:ec2/vpc:Vpc": lambda _: {"defaultNetworkAclId": "acl-default", "defaultRouteTableId": "rtb-default"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": lambda inputs: {"prefixListId": f"pl-{inputs['serviceName']}"},
    TEMPLATE: lambda _: {"latestVersion": 7},
    "aws:eks/cluster:Cluster": lambda inputs: {
        "endpoint": "https://one",
        "certificateAuthority": {"data": "Y2E="},
        "vpcConfig": {**inputs["vpcConfig"], "clusterSecurityGroupId": "sg-cluster"},
        "identities": [{"oidcs": [{"issuer": "https://issuer"}]}],
    },
}


@pytest.fixture(scope="module")
def sites() -> dict[str, EdgePlan]:
    """What production has beside edge-global-east-1-aws."""
    plans = placements(CATALOGUE, EnvironmentName.PROD, Group.EDGE)
    return dict(next(plan for plan in plans if plan.name == "nautilus-edge-global-east-1-aws").edge)


@pytest.fixture(scope="module")
def seen(record: Any, aws_location: Any, aws_account: Any, key_rules: Any, labels: Any, pools: Any, sites: Any) -> Any:  # noqa: PLR0917 - fixtures
    common = {"location": aws_location, "account": aws_account, "labels": labels, "deletion_protection": True}
    ranges = {"zones": ZONES, "pods": "100.64.0.0/16", "services": "172.16.0.0/20"}

    def program() -> None:
        keys = AwsKeys("one-keys", KeysArgs(rules=key_rules, purposes=tuple(Purpose), **common))
        network = AwsNetwork(
            "one-network",
            NetworkArgs(
                nodes="10.0.0.0/16",
                nat_per_zone=True,
                log_key=keys.keys[Purpose.LOGS],
                flow_log_retention_days=365,
                edge={key: EdgeZone(zone=one.zone, slot=one.slot) for key, one in sites.items()},
                **ranges,
                **common,
            ),
        )
        AwsCluster(
            "one",
            ClusterArgs(
                kubernetes_version="1.34",
                pools={"system": pools["system"]},
                secrets_key=keys.keys[Purpose.CLUSTER],
                volumes_key=keys.keys[Purpose.VOLUMES],
                log_key=keys.keys[Purpose.LOGS],
                log_retention_days=365,
                edge=sites,
                **ranges,
                **common,
            ),
            network,
            keys,
        )

    return record(program, OUTPUTS)


def told(seen: Any, site: str) -> str:
    """Give what a site's nodes are told when they start."""
    return base64.b64decode(seen.one(f"one-{site}-template").inputs["userData"]).decode()


def kubelet(text: str) -> dict[str, Any]:
    """Give the kubelet's settings in a node's text."""
    start = text.index("{")
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text[start:])[0]["spec"]["kubelet"]["config"]
    return found


def test_each_site_has_one_group_in_its_zone_and_the_pools_keep_theirs(seen: Any) -> None:
    assert {name: one["subnetIds"] for name, one in seen.of(NODES).items()} == {
        "one-system-nodes": [f"one-network-private-{zone}-id" for zone in "abc"],
        "one-us-chicago-nodes": ["one-network-us-chicago-nodes-id"],
        "one-us-new-york-nodes": ["one-network-us-new-york-nodes-id"],
    }


def test_nodes_say_which_site_and_pool_they_are_of(seen: Any) -> None:
    group = seen.one("one-us-new-york-nodes").inputs
    assert group["labels"] == {"nautilus/pool": "edge-high", "nautilus/site": "us-new-york"}
    assert group["taints"] == [{"key": "nautilus/pool", "value": "edge-high", "effect": "NO_SCHEDULE"}]
    assert group["nodeGroupName"] == "us-new-york"


def test_a_site_is_tuned_as_its_kind_is(seen: Any) -> None:
    fast, plain = told(seen, "us-new-york"), told(seen, "us-chicago")
    assert kubelet(fast)["cpuManagerPolicy"] == kubelet(plain)["cpuManagerPolicy"] == "static"
    assert kubelet(fast)["cpuManagerPolicyOptions"] == {"full-pcpus-only": "true"}
    assert kubelet(fast)["topologyManagerPolicy"] == "single-numa-node"
    assert "topologyManagerPolicy" not in kubelet(plain)
    assert "vm.nr_hugepages = 2048" in fast
    assert "vm.nr_hugepages" not in plain
    assert "net.core.rmem_max = 16777216" in fast
    assert "net.core.somaxconn = 16384" in plain


def test_machines_are_the_kinds_and_disks_are_ones_that_every_local_zone_has(seen: Any) -> None:
    machines = {site: seen.one(f"one-{site}-template").inputs["instanceType"] for site in ("us-new-york", "us-chicago")}
    assert machines == {"us-new-york": "c6in.4xlarge", "us-chicago": "c6in.2xlarge"}
    for site in machines:
        inputs = seen.one(f"one-{site}-template").inputs
        (disk,) = inputs["blockDeviceMappings"]
        assert (disk["ebs"]["volumeType"], disk["ebs"]["encrypted"]) == ("gp2", "true")
        assert disk["ebs"]["kmsKeyId"] == "arn:one-keys-volumes"
        assert "placement" not in inputs
    (disk,) = seen.one("one-system-template").inputs["blockDeviceMappings"]
    assert disk["ebs"]["volumeType"] == "gp3"


def test_pods_in_a_local_zone_take_addresses_of_its_own_subnet(seen: Any) -> None:
    settings = json.loads(seen.one("one-vpc-cni").inputs["configurationValues"])
    subnets = {zone: one["id"] for zone, one in settings["eniConfig"]["subnets"].items()}
    assert subnets["us-east-1-nyc-2a"] == "one-network-us-new-york-pods-id"
    assert set(subnets) == {*ZONES, "us-east-1-nyc-2a", "us-east-1-chi-2a"}


def test_the_control_plane_stays_in_the_region(seen: Any) -> None:
    assert seen.one("one-control-plane").inputs["vpcConfig"]["subnetIds"] == [
        f"one-network-private-{zone}-id" for zone in "abc"
    ]
