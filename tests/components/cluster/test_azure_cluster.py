"""The AKS cluster: what is registered, and what it is set to."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.keys.args import Purpose
from components.keys.azure import AzureKeys
from components.network.azure import AzureNetwork
from tests.components.azure_placement import OUTPUTS, POOLS, cluster, keys_args, network_args, placement, whole

POOL = "azure-native:containerservice:AgentPool"


def test_three_zones_in_full(record: Any, golden: Any) -> None:
    lines = [line for line in whole(record).lines() if " one-cluster" in line]
    golden("azure_three_zones_two_pools", lines)


def test_api_is_private_and_inside_the_network(record: Any) -> None:
    made = whole(record).one("one-cluster-aks").inputs
    assert made["apiServerAccessProfile"] == {
        "enablePrivateCluster": True,
        "enablePrivateClusterPublicFQDN": False,
        "privateDNSZone": "system",
        "enableVnetIntegration": True,
        "subnetId": "one-network-api-server-id",
        "disableRunCommand": True,
    }
    assert made["disableLocalAccounts"] is True
    assert made["aadProfile"]["enableAzureRBAC"] is True


def test_secrets_and_disks_are_under_the_placements_keys(record: Any) -> None:
    seen = whole(record)
    made = seen.one("one-cluster-aks")
    kms = made.inputs["securityProfile"]["azureKeyVaultKms"]
    assert re.fullmatch(r"https://kv[0-9a-f]{22}\.vault\.azure\.net/keys/cluster/0{32}", kms["keyId"])
    assert kms["keyVaultNetworkAccess"] == "Private"
    assert kms["keyVaultResourceId"] == "one-keys-vault-id"
    assert made.inputs["diskEncryptionSetID"] == "one-keys-disks-id"
    assert {"one-cluster-network-grant", "one-cluster-disks-grant"} <= made.waits_for
    assert "one-cluster-services-vault-endpoint-dns" in made.waits_for


def test_network_is_an_overlay_that_leaves_by_our_gateways(record: Any) -> None:
    profile = whole(record).one("one-cluster-aks").inputs["networkProfile"]
    assert profile["networkPluginMode"] == "overlay"
    assert profile["networkPolicy"] == profile["networkDataplane"] == "cilium"
    assert profile["outboundType"] == "userAssignedNATGateway"
    assert (profile["podCidr"], profile["serviceCidr"]) == ("100.73.0.0/16", "172.16.144.0/20")
    assert profile["dnsServiceIP"] == "172.16.144.10"


def test_pools_are_zonal_and_the_autoscaler_owns_their_count(record: Any) -> None:
    seen = whole(record)
    assert sorted(seen.of(POOL)) == [
        f"one-cluster-{name}" for name in ("system2", "system3", "trading1", "trading2", "trading3")
    ]
    for name, inputs in seen.of(POOL).items():
        zone = name[-1]
        assert inputs["availabilityZones"] == [zone], name
        assert inputs["vnetSubnetID"] == f"one-network-private-{zone}-id", name
        assert inputs["enableNodePublicIP"] is False, name
        assert inputs["enableEncryptionAtHost"] is True, name
        assert seen.one(name).ignored == ("count",), name
    assert seen.one("one-cluster-aks").ignored == ("agentPoolProfiles[0].count",)


def test_first_system_pool_is_inline(record: Any) -> None:
    profiles = whole(record).one("one-cluster-aks").inputs["agentPoolProfiles"]
    assert [(one["name"], one["mode"], one["minCount"], one["maxCount"]) for one in profiles] == [
        ("system1", "System", 1, 2)
    ]


def test_trading_machines_stand_together(record: Any) -> None:
    seen = whole(record)
    group = seen.one("one-cluster-trading2-placement").inputs
    assert (group["zones"], group["intent"]) == (["2"], {"vmSizes": ["Standard_F4s_v2"]})
    assert seen.one("one-cluster-trading2").inputs["proximityPlacementGroupID"] == "one-cluster-trading2-placement-id"


def test_every_control_plane_log_goes_to_the_store(record: Any) -> None:
    log = whole(record).one("one-cluster-control-plane-log").inputs
    assert log["storageAccountId"] == "one-cluster-services-logs-account-id"
    assert {"kube-audit", "kube-apiserver", "guard"} <= {one["category"] for one in log["logs"]}
    assert all(one["enabled"] for one in log["logs"])


@pytest.mark.parametrize("protected", [True, False])
def test_protection_and_lock_follow_the_environment(record: Any, protected: bool) -> None:
    seen = record(lambda: placement(deletion_protection=protected), OUTPUTS)
    own = {name for name in seen.protected() if name.startswith("one-cluster-") and "-services-" not in name}
    below = {
        *seen.of(POOL),
        "one-cluster-deployer-grant",
        "one-cluster-saturday-maintenance",
        "one-cluster-sunday-maintenance",
        "one-cluster-control-plane-log",
    }
    assert own == ({"one-cluster-aks", "one-cluster-group", "one-cluster-lock"} | below if protected else set())


def test_gives_endpoint_and_issuer(record: Any) -> None:
    given: dict[str, Any] = {}

    def program() -> None:
        made = placement()
        pulumi.Output.all(endpoint=made.endpoint, issuer=made.issuer).apply(given.update)

    record(program, OUTPUTS)
    assert given == {
        "endpoint": "one.privatelink.uksouth.azmk8s.io",
        "issuer": "https://uksouth.oic.prod-aks.azure.com/one/",
    }


def test_refuses_a_key_of_another_placement(record: Any) -> None:
    with pytest.raises(ValueError, match="not a key of this placement"):
        record(lambda: placement(secrets_key="https://other.vault.azure.net/keys/cluster"), OUTPUTS)


def test_refuses_keys_without_a_volumes_key(record: Any) -> None:
    def program() -> None:
        keys = AzureKeys("one-keys", keys_args(purposes=(Purpose.CLUSTER, Purpose.LOGS)))
        whole = AzureKeys("two-keys", keys_args())
        network = AzureNetwork("one-network", network_args())
        cluster(keys, network, volumes_key=whole.keys[Purpose.VOLUMES])

    with pytest.raises((ValueError, KeyError), match="volumes"):
        record(program, OUTPUTS)


def test_refuses_pools_without_a_system_pool(record: Any) -> None:
    with pytest.raises(ValueError, match="purpose system"):
        record(lambda: placement(pools={"trading": POOLS["trading"]}), OUTPUTS)
