"""The Azure keys: what is registered, who may use which key, and that none can be taken out or purged."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.keys.args import Purpose
from components.keys.azure import AzureKeys
from config.model import KeyProtection
from tests.components.azure_placement import ACCOUNT, OUTPUTS, RULES, SUBSCRIPTION, keys_args

KEY = "azure-native:keyvault:Key"
ROLE = "azure-native:authorization:RoleAssignment"


_MADE: dict[str, Any] = {}


def made(record: Any) -> Any:
    """Give the recording of all keys; it is made once, since no test changes it."""
    if "keys" not in _MADE:
        _MADE["keys"] = record(lambda: AzureKeys("one", keys_args()), OUTPUTS)
    return _MADE["keys"]


def test_all_purposes_in_full(record: Any, golden: Any) -> None:
    golden("azure_all_purposes", made(record).lines())


def test_recovery_has_the_data_key_only(record: Any) -> None:
    seen = record(lambda: AzureKeys("one-recovery", keys_args(purposes=(Purpose.DATA,))), OUTPUTS)
    assert list(seen.of(KEY)) == ["one-recovery-data"]
    assert seen.of("azure-native:compute:DiskEncryptionSet") == {}


def test_vault_is_closed_and_cannot_be_purged(record: Any) -> None:
    vault = made(record).one("one-vault").inputs
    assert vault["location"] == "uksouth"
    assert re.fullmatch(r"kv[0-9a-f]{22}", vault["vaultName"])
    properties = vault["properties"]
    assert properties["enablePurgeProtection"] is True
    assert properties["softDeleteRetentionInDays"] == 90
    assert properties["enableRbacAuthorization"] is True
    assert properties["publicNetworkAccess"] == "Disabled"
    assert properties["networkAcls"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert properties["sku"] == {"family": "A", "name": "premium"}
    assert "accessPolicies" not in properties


@pytest.mark.parametrize(("protection", "kty"), [(KeyProtection.HSM, "RSA-HSM"), (KeyProtection.SOFTWARE, "RSA")])
def test_keys_are_held_as_the_rules_say(record: Any, protection: KeyProtection, kty: str) -> None:
    rules = RULES.model_copy(update={"protection": protection})
    seen = record(lambda: AzureKeys("one", keys_args(rules=rules)), OUTPUTS)
    for name, inputs in seen.of(KEY).items():
        properties = inputs["properties"]
        assert properties["kty"] == kty, name
        assert properties["keySize"] == 3072, name
        assert properties["attributes"]["exportable"] is False, name
        assert inputs["tags"]["nautilus-jurisdiction"] == "uk", name


def test_keys_rotate_and_outlive_their_rotation(record: Any) -> None:
    seen = made(record)
    for name, inputs in seen.of(KEY).items():
        policy = inputs["properties"]["rotationPolicy"]
        assert policy["lifetimeActions"] == [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P365D"}}], name
        assert policy["attributes"]["expiryTime"] == "P455D", name


def test_each_key_does_the_least(record: Any) -> None:
    seen = made(record)
    operations = {name: inputs["properties"]["keyOps"] for name, inputs in seen.of(KEY).items()}
    wraps = ["wrapKey", "unwrapKey"]
    assert operations == {
        "one-cluster": ["encrypt", "decrypt"],
        "one-volumes": wraps,
        "one-logs": wraps,
        "one-data": wraps,
    }


def test_each_key_is_granted_to_its_own_identity_alone(record: Any) -> None:
    seen = made(record)
    grants = {name: (one["scope"], one["principalId"]) for name, one in seen.of(ROLE).items()}
    for purpose in Purpose:
        assert grants[f"one-{purpose}-grant"] == (f"one-vault-id/keys/{purpose}", f"id-one-{purpose}-principal")
    assert grants["one-administrators"] == ("one-vault-id", ACCOUNT.administrators)
    assert grants["one-cluster-endpoint-grant"] == ("one-vault-id", "id-one-cluster-principal")
    assert len(grants) == 6
    names = {one["roleAssignmentName"] for one in seen.of(ROLE).values()}
    assert len(names) == 6
    roles = {one["roleDefinitionId"].rpartition("/")[0] for one in seen.of(ROLE).values()}
    assert roles == {f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"}


def test_disks_take_the_versioned_key_and_follow_its_rotation(record: Any) -> None:
    disks = made(record).one("one-disks").inputs
    assert re.fullmatch(r"https://kv[0-9a-f]{22}\.vault\.azure\.net/keys/volumes/0{32}", disks["activeKey"]["keyUrl"])
    assert disks["rotationToLatestKeyVersionEnabled"] is True
    assert disks["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["one-volumes-identity-id"]}


def test_urls_are_versionless(record: Any) -> None:
    urls: dict[str, str] = {}

    def program() -> None:
        keys = AzureKeys("one", keys_args())
        assert list(keys.keys) == list(Purpose)
        pulumi.Output.all(**{str(purpose): url for purpose, url in keys.keys.items()}).apply(urls.update)

    record(program, OUTPUTS)
    assert {purpose: url.rpartition("/keys/")[2] for purpose, url in urls.items()} == {str(one): str(one) for one in Purpose}


@pytest.mark.parametrize("protected", [True, False])
def test_protection_and_lock_follow_the_environment(record: Any, protected: bool) -> None:
    seen = record(lambda: AzureKeys("one", keys_args(deletion_protection=protected)), OUTPUTS)
    held = {"one-group", "one-vault", "one-vault-lock", "one-disks", *(f"one-{purpose}" for purpose in Purpose)}
    # The lock on the vault holds every grant on it or on a key of it.
    held |= set(seen.of(ROLE))
    assert seen.protected() == (held if protected else set())
    assert bool(seen.of("azure-native:authorization:ManagementLockByScope")) is protected


def test_refuses_an_account_without_a_tenant(record: Any) -> None:
    account = ACCOUNT.model_copy(update={"tenant": None})
    with pytest.raises(ValueError, match="needs its tenant"):
        record(lambda: AzureKeys("one", keys_args(account=account)), OUTPUTS)
