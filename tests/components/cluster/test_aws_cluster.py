"""The EKS cluster: what is registered, how it is closed, and in which order it comes up."""

from __future__ import annotations

import base64
import json
from typing import Any

import pulumi
import pytest

from components.cluster.args import ClusterArgs
from components.cluster.aws import LOG_TYPES, AwsCluster
from components.cluster.aws_add_ons import AddOn
from components.cluster.aws_pools import spread
from components.keys.args import KeysArgs, Purpose
from components.keys.aws import AwsKeys
from components.network.args import NetworkArgs
from components.network.aws import AwsNetwork
from config.model import PoolSize

NODES = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
PLUMBING = {
    "aws:ec2/networkAclRule:NetworkAclRule",
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
}
"""What of EC2 takes no tags."""
POOLS = ("system", "trading", "edge")
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
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
def build(record: Any, aws_location: Any, aws_account: Any, key_rules: Any, labels: Any, pools: Any) -> Any:  # noqa: PLR0917 - fixtures
    """Build keys, network and cluster as a placement does; give the recording of all and the cluster's outputs."""

    def run(
        zones: Any = ZONES, pool_ids: Any = ("system", "trading", "edge"), *, protected: bool = True, versions: Any = None
    ) -> Any:
        outputs = {}

        def program() -> None:
            common = {"location": aws_location, "account": aws_account, "labels": labels, "deletion_protection": protected}
            keys = AwsKeys("one-keys", KeysArgs(rules=key_rules, purposes=tuple(Purpose), **common))
            ranges = {"zones": zones, "pods": "100.64.0.0/16", "services": "172.16.0.0/20"}
            network = AwsNetwork(
                "one-network",
                NetworkArgs(
                    nodes="10.0.0.0/16",
                    nat_per_zone=True,
                    log_key=keys.keys[Purpose.LOGS],
                    flow_log_retention_days=365,
                    **ranges,
                    **common,
                ),
            )
            cluster = AwsCluster(
                "one",
                ClusterArgs(
                    kubernetes_version="1.34",
                    pools={pool_id: pools[pool_id] for pool_id in pool_ids},
                    secrets_key=keys.keys[Purpose.CLUSTER],
                    volumes_key=keys.keys[Purpose.VOLUMES],
                    log_key=keys.keys[Purpose.LOGS],
                    log_retention_days=365,
                    **ranges,
                    **common,
                ),
                network,
                keys,
                addon_versions=versions,
            )
            names = ("cluster_name", "endpoint", "certificate_authority", "issuer", "security_group_id", "log_group_arn")
            pulumi.Output.all(**{name: getattr(cluster, name) for name in names}).apply(outputs.update)

        return record(program, OUTPUTS), outputs

    return run


@pytest.fixture(scope="module")
def seen(build: Any) -> Any:
    return build()[0]


def only_cluster(lines: list[str]) -> list[str]:
    return [line for line in lines if "one-keys" not in line and "one-network" not in line]


def test_production_like_in_full(seen: Any, golden: Any) -> None:
    golden("aws_three_zones_three_pools", only_cluster(seen.lines()))


def test_two_zones_one_pool_in_full(build: Any, golden: Any) -> None:
    golden("aws_two_zones_one_pool", only_cluster(build(ZONES[:2], ("system",))[0].lines()))


def test_outputs(build: Any) -> None:
    assert build()[1] == {
        "cluster_name": "one",
        "endpoint": "https://one",
        "certificate_authority": "Y2E=",
        "issuer": "https://issuer",
        "security_group_id": "sg-cluster",
        "log_group_arn": "arn:one-control-plane-logs",
    }


def test_control_plane_is_private_encrypted_and_logged(seen: Any) -> None:
    cluster = seen.one("one-control-plane")
    assert cluster.inputs["vpcConfig"]["endpointPrivateAccess"] is True
    assert cluster.inputs["vpcConfig"]["endpointPublicAccess"] is False
    assert cluster.inputs["vpcConfig"]["subnetIds"] == [f"one-network-private-{zone}-id" for zone in "abc"]
    assert cluster.inputs["encryptionConfig"] == {
        "provider": {"keyArn": "arn:one-keys-cluster"},
        "resources": ["secrets"],
    }
    assert cluster.inputs["enabledClusterLogTypes"] == list(LOG_TYPES)
    assert len(LOG_TYPES) == 5
    assert cluster.inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert cluster.inputs["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "172.16.0.0/20"
    assert cluster.inputs["upgradePolicy"] == {"supportType": "STANDARD"}


def test_log_group_comes_first_and_is_the_one_eks_writes_to(seen: Any) -> None:
    group = seen.one("one-control-plane-logs").inputs
    assert group["name"] == f"/aws/eks/{seen.one('one-control-plane').inputs['name']}/cluster"
    assert group["kmsKeyId"] == "arn:one-keys-logs"
    assert "one-control-plane-logs" in seen.one("one-control-plane").waits_for


@pytest.mark.parametrize("protected", [True, False])
def test_protection_follows_the_environment(build: Any, protected: bool) -> None:
    seen, _ = build(protected=protected)
    stateful = {"one-control-plane", "one-control-plane-logs", "one-network-flow-logs"}
    assert (stateful <= seen.protected()) is protected
    assert (not seen.protected()) is not protected
    assert seen.one("one-control-plane").inputs["deletionProtection"] is protected


def test_nodes_wait_for_roles_network_and_their_pods_network(seen: Any) -> None:
    for name in seen.of(NODES):
        waits_for = seen.one(name).waits_for
        assert {
            "one-vpc-cni",
            "one-eks-pod-identity-agent",
            "one-nodes-AmazonEKSWorkerNodePolicy",
            "one-network-private-a-default",
            "one-network-private-acl-out-120",
            "one-network-endpoint-ecr-dkr",
        } <= waits_for, name


def test_scheduled_add_ons_wait_for_nodes(seen: Any) -> None:
    assert set(seen.of(NODES)) <= seen.one("one-coredns").waits_for
    assert set(seen.of(NODES)) <= seen.one("one-aws-ebs-csi-driver").waits_for


def test_add_ons_take_eks_default_unless_pinned(build: Any) -> None:
    assert "addonVersion" not in build()[0].one("one-vpc-cni").inputs
    seen, _ = build(versions={AddOn.VPC_CNI: "v1.20.4-eksbuild.1"})
    assert seen.one("one-vpc-cni").inputs["addonVersion"] == "v1.20.4-eksbuild.1"
    assert "addonVersion" not in seen.one("one-coredns").inputs


def test_pods_take_addresses_of_their_own_range_in_each_zone(seen: Any) -> None:
    settings = json.loads(seen.one("one-vpc-cni").inputs["configurationValues"])
    assert settings["env"]["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] == "true"
    assert settings["eniConfig"]["subnets"] == {
        zone: {"id": f"one-network-pods-{zone[-1]}-id", "securityGroups": ["sg-cluster", "one-network-app-id"]}
        for zone in ZONES
    }


def test_add_on_roles_are_for_one_service_account_of_this_cluster(seen: Any, statements: Any) -> None:
    for role, account in (("vpc-cni", "aws-node"), ("ebs-csi", "ebs-csi-controller-sa")):
        trust = statements(seen.one(f"one-{role}-role").inputs["assumeRolePolicy"])["Assume"]
        assert trust["Principal"] == {"Service": ["pods.eks.amazonaws.com"]}
        assert trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"] == account
        assert trust["Condition"]["ArnEquals"] == {"aws:SourceArn": "arn:aws:eks:us-east-1:100000000001:cluster/one"}


def test_nodes_hold_no_network_and_no_storage_rights(seen: Any) -> None:
    attached = {
        one["policyArn"].rpartition("/")[2]
        for one in seen.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").values()
        if one["role"] == "one-nodes"
    }
    assert attached == {
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodePolicy",
        "AmazonSSMManagedInstanceCore",
    }


def test_key_administrators_look_and_the_deployer_administers(seen: Any, aws_account: Any) -> None:
    granted = {
        one["principalArn"]: one["policyArn"]
        for one in seen.of("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").values()
    }
    prefix = "arn:aws:eks::aws:cluster-access-policy"
    assert granted == {
        aws_account.deployer: f"{prefix}/AmazonEKSClusterAdminPolicy",
        aws_account.administrators: f"{prefix}/AmazonEKSViewPolicy",
    }


def test_every_node_disk_is_encrypted_and_metadata_needs_a_token(seen: Any) -> None:
    for name, one in seen.of(TEMPLATE).items():
        disk = one["blockDeviceMappings"][0]["ebs"]
        assert (disk["encrypted"], disk["kmsKeyId"]) == ("true", "arn:one-keys-volumes"), name
        assert one["metadataOptions"]["httpTokens"] == "required", name
        assert one["metadataOptions"]["httpPutResponseHopLimit"] == 1, name
        interface = one["networkInterfaces"][0]
        assert interface["associatePublicIpAddress"] == "false", name
        assert interface["securityGroups"] == ["sg-cluster", "one-network-app-id"], name


def test_trading_pool(seen: Any) -> None:
    group = seen.one("one-trading-nodes")
    assert group.inputs["scalingConfig"] == {"minSize": 2, "desiredSize": 3, "maxSize": 10}
    assert group.inputs["taints"] == [{"key": "nautilus/pool", "value": "trading", "effect": "NO_SCHEDULE"}]
    assert group.inputs["labels"] == {"nautilus/pool": "trading"}
    assert group.inputs["launchTemplate"] == {"id": "one-trading-template-id", "version": "7"}
    assert group.inputs["version"] == "1.34"
    assert group.inputs["subnetIds"] == [f"one-network-private-{zone}-id" for zone in "abc"]
    assert group.ignored == ("scalingConfig.desiredSize",)
    template = seen.one("one-trading-template").inputs
    assert template["instanceType"] == "c6i.xlarge"
    assert '"cpuManagerPolicy": "static"' in base64.b64decode(template["userData"]).decode()


def test_a_placement_group_lies_in_one_zone(seen: Any) -> None:
    for zone in "abc":
        group = seen.one(f"one-edge-{zone}-nodes").inputs
        assert group["subnetIds"] == [f"one-network-private-{zone}-id"]
        assert seen.one(f"one-edge-{zone}-template").inputs["placement"] == {"groupName": f"one-edge-{zone}"}
    total = [one["scalingConfig"] for name, one in seen.of(NODES).items() if name.startswith("one-edge-")]
    assert [sum(one[bound] for one in total) for bound in ("minSize", "desiredSize", "maxSize")] == [2, 2, 5]


@pytest.mark.parametrize("most", range(1, 12))
@pytest.mark.parametrize("count", range(1, 7))
def test_spread_keeps_sums_and_bounds(most: int, count: int) -> None:
    for least in range(most + 1):
        for desired in range(least, most + 1):
            shares = spread(PoolSize(min=least, desired=desired, max=most), tuple("abcdef"[:count]))
            assert sum(one.min for one in shares.values()) == least
            assert sum(one.desired for one in shares.values()) == desired
            assert sum(one.max for one in shares.values()) == most
            assert all(one.min <= one.desired <= one.max and one.max >= 1 for one in shares.values())


def test_what_takes_tags_is_labelled(seen: Any) -> None:
    untagged = {
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    }
    tagged = [one for one in seen.registered if one.type.startswith("aws:e") and one.type not in untagged | PLUMBING]
    assert len(tagged) > 30
    for one in tagged:
        assert one.inputs["tags"]["nautilus:data-class"] == "pii", one.name
