"""The log store and what writes to it."""

from __future__ import annotations

import re
from typing import Any

from tests.components.azure_placement import whole


def test_store_is_closed_and_under_the_key(record: Any) -> None:
    store = whole(record).one("one-cluster-services-logs-account").inputs
    assert re.fullmatch(r"log[0-9a-f]{21}", store["accountName"])
    assert store["sku"] == {"name": "Standard_ZRS"}
    assert store["publicNetworkAccess"] == "Disabled"
    assert store["networkRuleSet"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert store["minimumTlsVersion"] == "TLS1_2"
    for never in ("allowSharedKeyAccess", "allowBlobPublicAccess", "allowCrossTenantReplication", "isLocalUserEnabled"):
        assert store[never] is False, never
    encryption = store["encryption"]
    assert encryption["keySource"] == "Microsoft.Keyvault"
    assert encryption["keyVaultProperties"]["keyName"] == "logs"
    assert re.fullmatch(r"https://kv[0-9a-f]{22}\.vault\.azure\.net", encryption["keyVaultProperties"]["keyVaultUri"])
    assert "keyVersion" not in encryption["keyVaultProperties"]
    assert encryption["requireInfrastructureEncryption"] is True
    assert encryption["encryptionIdentity"] == {"encryptionUserAssignedIdentity": "one-keys-logs-identity-id"}


def test_flows_and_the_control_plane_are_kept_as_long_as_asked(record: Any) -> None:
    rules = whole(record).one("one-cluster-services-logs-retention").inputs["policy"]["rules"]
    kept = {
        rule["definition"]["filters"]["prefixMatch"][0]: rule["definition"]["actions"]["baseBlob"]["delete"][
            "daysAfterModificationGreaterThan"
        ]
        for rule in rules
    }
    assert kept.pop("insights-logs-flowlog") == 400
    assert set(kept.values()) == {365}
    assert {"insights-logs-kube-", "insights-logs-auditevent"} <= set(kept)


def test_what_is_kept_stays_under_audit_and_retention(record: Any) -> None:
    held = {name for name in whole(record).protected() if "-services-" in name}
    assert held == {f"one-cluster-services-{role}" for role in ("logs-account", "logs-retention", "vault-log")}


def test_flow_log_hangs_on_the_regions_watcher_and_writes_by_identity(record: Any) -> None:
    seen = whole(record)
    log = seen.one("one-cluster-services-flow-log").inputs
    assert (log["resourceGroupName"], log["networkWatcherName"]) == ("NetworkWatcherRG", "NetworkWatcher_uksouth")
    assert log["enabled"] is True
    assert log["targetResourceId"] == "one-network-vnet-id"
    assert log["identity"]["userAssignedIdentities"] == ["one-cluster-services-flow-writer-id"]
    assert "one-cluster-services-flow-writer-grant" in seen.one("one-cluster-services-flow-log").waits_for


def test_vault_and_store_are_reached_inside(record: Any) -> None:
    seen = whole(record)
    for what, target in (("vault", "one-keys-vault-id"), ("blob", "one-cluster-services-logs-account-id")):
        endpoint = seen.one(f"one-cluster-services-{what}-endpoint").inputs
        assert endpoint["subnet"]["id"] == "one-network-endpoints-id"
        assert endpoint["privateLinkServiceConnections"] == [
            {"name": what, "groupIds": [what], "privateLinkServiceId": target}
        ]
        names = seen.one(f"one-cluster-services-{what}-endpoint-dns").inputs
        assert names["privateDnsZoneConfigs"] == [{"name": what, "privateDnsZoneId": f"one-network-dns-{what}-id"}]


def test_every_use_of_a_key_is_logged(record: Any) -> None:
    log = whole(record).one("one-cluster-services-vault-log").inputs
    assert log["resourceUri"] == "one-keys-vault-id"
    assert log["logs"] == [{"category": "AuditEvent", "enabled": True}]
