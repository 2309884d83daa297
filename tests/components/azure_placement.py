"""An Azure placement for the components' tests: where it lies, whose it is, and what Azure would answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components.cluster.args import ClusterArgs
from components.cluster.azure import AzureCluster
from components.keys.args import KeysArgs, Purpose
from components.keys.azure import AzureKeys
from components.network.args import NetworkArgs
from components.network.azure import AzureNetwork
from config.model import Account, Clause, Cloud, KeyProtection, KeyRules, Location, NodePool, PoolSize, Source, Taint, Tuning
from nautilus.federation.plan import PoolPlan

SOURCE = Source(document="a test", verified=False)
SUBSCRIPTION = "00000000-0000-4000-8131-000000000013"
ACCOUNT = Account(
    id=SUBSCRIPTION,
    deployer="00000000-0000-4000-8132-000000000013",
    administrators="00000000-0000-4000-8133-000000000013",
    tenant="00000000-0000-4000-8130-000000000013",
)
LOCATION = Location(
    id="azure/uksouth",
    cloud=Cloud.AZURE,
    region="uksouth",
    place="London",
    country="GB",
    jurisdiction="uk",
    latitude=51.51,
    longitude=-0.13,
    zones=("1", "2", "3"),
    source=SOURCE,
)
RULES = KeyRules(
    protection=KeyProtection.HSM,
    rotation_days=365,
    deletion_window_days=90,
    clause=Clause(id="TEST-1", says="keys stay", source=SOURCE),
)
LABELS = {"jurisdiction": "uk", "data-class": "pii"}


def pool(name: str, purpose: Any, machine: str, bounds: tuple[int, int, int], **more: Any) -> PoolPlan:
    low, wanted, high = bounds
    machines = {Cloud.AWS: "m6i.large", Cloud.GCP: "n2-standard-2", Cloud.AZURE: machine}
    made = NodePool(id=name, purpose=purpose, sizing=name, machines=machines, disk_gib=100, **more)
    return PoolPlan(pool=made, machine=machine, size=PoolSize(min=low, desired=wanted, max=high))


_RECORDED: dict[str, Any] = {}

POOLS = {
    "trading": pool(
        "trading",
        "trading",
        "Standard_F4s_v2",
        (2, 3, 10),
        labels={"nautilus/pool": "trading"},
        taints=(Taint(key="nautilus/pool", value="trading", effect="NoSchedule"),),
        tuning=Tuning(
            cpu_manager_static=True,
            topology_single_numa=True,
            huge_pages_2mi=1024,
            placement_group=True,
            sysctls={
                "net.core.somaxconn": "16384",
                "net.ipv4.tcp_tw_reuse": "1",
                "net.ipv4.ip_local_port_range": "1024 65535",
            },
        ),
    ),
    "system": pool("system", "system", "Standard_D2s_v5", (3, 3, 6)),
}


def keys_args(**changes: Any) -> KeysArgs:
    given: dict[str, Any] = {
        "location": LOCATION,
        "account": ACCOUNT,
        "rules": RULES,
        "purposes": tuple(Purpose),
        "labels": LABELS,
        "deletion_protection": True,
    }
    return KeysArgs(**{**given, **changes})


def network_args(**changes: Any) -> NetworkArgs:
    given: dict[str, Any] = {
        "location": LOCATION,
        "account": ACCOUNT,
        "zones": ("1", "2", "3"),
        "nodes": "10.9.0.0/16",
        "pods": "100.73.0.0/16",
        "services": "172.16.144.0/20",
        "nat_per_zone": True,
        "log_key": "https://kv.vault.azure.net/keys/logs",
        "flow_log_retention_days": 400,
        "labels": LABELS,
        "deletion_protection": True,
    }
    return NetworkArgs(**{**given, **changes})


def cluster(keys: AzureKeys, network: AzureNetwork, **changes: Any) -> AzureCluster:
    given: dict[str, Any] = {
        "location": LOCATION,
        "account": ACCOUNT,
        "zones": ("1", "2", "3"),
        "kubernetes_version": "1.35",
        "pods": "100.73.0.0/16",
        "services": "172.16.144.0/20",
        "pools": POOLS,
        "secrets_key": keys.keys[Purpose.CLUSTER],
        "volumes_key": keys.keys[Purpose.VOLUMES],
        "log_key": keys.keys[Purpose.LOGS],
        "log_retention_days": 365,
        "labels": LABELS,
        "deletion_protection": True,
    }
    return AzureCluster("one-cluster", ClusterArgs(**{**given, **changes}), network, keys)


def placement(**changes: Any) -> AzureCluster:
    keys = AzureKeys("one-keys", keys_args())
    return cluster(keys, AzureNetwork("one-network", network_args()), **changes)


def whole(record: Any) -> Any:
    """Give the recording of the whole placement; it is made once, since no test changes it."""
    if "whole" not in _RECORDED:
        _RECORDED["whole"] = record(placement, OUTPUTS)
    return _RECORDED["whole"]


def _named(field: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda inputs: {"name": inputs[field]}


def _key(inputs: dict[str, Any]) -> dict[str, Any]:
    url = f"https://{inputs['vaultName']}.vault.azure.net/keys/{inputs['keyName']}"
    return {"name": inputs["keyName"], "keyUri": url, "keyUriWithVersion": f"{url}/{'0' * 32}"}


def with_identity(field: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def answer(inputs: dict[str, Any]) -> dict[str, Any]:
        identity = inputs["identity"]
        used = {item: {"principalId": "p", "clientId": "c"} for item in identity["userAssignedIdentities"]}
        return {"name": inputs[field], "identity": {**identity, "userAssignedIdentities": used}}

    return answer


def _aks(inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        **with_identity("resourceName")(inputs),
        "privateFQDN": "one.privatelink.uksouth.azmk8s.io",
        "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://uksouth.oic.prod-aks.azure.com/one/"},
    }


OUTPUTS = {
    "azure-native:resources:ResourceGroup": _named("resourceGroupName"),
    "azure-native:keyvault:Vault": _named("vaultName"),
    "azure-native:keyvault:Key": _key,
    "azure-native:managedidentity:UserAssignedIdentity": lambda inputs: {
        "principalId": f"{inputs['resourceName']}-principal"
    },
    "azure-native:compute:DiskEncryptionSet": with_identity("diskEncryptionSetName"),
    "azure-native:network:VirtualNetwork": _named("virtualNetworkName"),
    "azure-native:network:PrivateEndpoint": _named("privateEndpointName"),
    "azure-native:network:FlowLog": with_identity("flowLogName"),
    "azure-native:privatedns:PrivateZone": _named("privateZoneName"),
    "azure-native:storage:StorageAccount": with_identity("accountName"),
    "azure-native:containerservice:ManagedCluster": _aks,
}
"""What Azure answers beside the inputs, by type."""
