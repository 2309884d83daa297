"""The table of Azure's types: ids that are Azure's, outputs that repeat, a row for whatever a component makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nautilus.sandbox.azure import PACKAGE, arm
from nautilus.sandbox.azure.regions import REGIONS
from nautilus.sandbox.handler import UNKNOWN, Fidelity
from tests.sandbox.azure.world import GROUP, ROWS, TENANT, furnished

GOLDEN = Path(__file__).resolve().parents[2] / "components"


def test_every_type_a_component_makes_has_a_row() -> None:
    made = {
        line.split()[0].removeprefix("azure-native:")
        for file in GOLDEN.glob("*/golden/azure_*.txt")
        for line in file.read_text().splitlines()
        if line.startswith("azure-native:")
    }
    assert len(made) > 20
    assert made <= set(ROWS)


def test_claims_no_more_than_typed() -> None:
    assert {row.fidelity for row in PACKAGE.handlers} == {Fidelity.TYPED}


def test_ids_are_resource_managers() -> None:
    world = furnished()
    assert world.make("keyvault:Key", resourceGroupName="rg", vaultName="vault", keyName="data") == (
        f"{GROUP}/providers/Microsoft.KeyVault/vaults/vault/keys/data"
    )
    scope = f"{GROUP}/providers/Microsoft.KeyVault/vaults/vault"
    assert world.make("authorization:ManagementLockByScope", lockName="keep", scope=scope) == (
        f"{scope}/providers/Microsoft.Authorization/locks/keep"
    )


def test_names_that_were_not_given_repeat() -> None:
    first, second = (furnished().make("network:RouteTable", resourceGroupName="rg") for _ in range(2))
    assert first == second
    assert arm.parse(first) == arm.parse(second) is not None


def test_keys_give_their_urls() -> None:
    row, request = (
        ROWS["keyvault:Key"],
        furnished().request(
            "keyvault:Key",
            {"resourceGroupName": "rg", "vaultName": "vault", "keyName": "data", "properties": {"kty": "RSA-HSM"}},
        ),
    )
    assert row.compute is not None
    made = row.compute(request, "id")
    assert made["keyUri"] == "https://vault.vault.azure.net/keys/data"
    assert made["keyUriWithVersion"].startswith("https://vault.vault.azure.net/keys/data/")
    assert made["kty"] == "RSA-HSM"


def test_identities_show_as_a_map_with_their_principals() -> None:
    world = furnished()
    own = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity"
    inputs = {"identity": {"type": "UserAssigned", "userAssignedIdentities": [own]}, "resourceGroupName": "rg"}
    row = ROWS["storage:StorageAccount"]
    assert row.shown is not None
    assert row.compute is not None
    assert row.shown(inputs)["identity"]["userAssignedIdentities"][own]["principalId"] is UNKNOWN
    known = row.compute(world.request("storage:StorageAccount", inputs), "id")["identity"]["userAssignedIdentities"]
    held = world.find(own)
    assert held is not None
    assert held["tenantId"] == TENANT
    assert known == {own: {"principalId": held["principalId"], "clientId": held["clientId"]}}


@pytest.mark.parametrize(
    ("region", "pair"), [("southeastasia", "eastasia"), ("brazilsouth", "southcentralus"), ("uksouth", "ukwest")]
)
def test_pairs(region: str, pair: str) -> None:
    assert REGIONS[region].pair == pair


@pytest.mark.parametrize("region", ["ukwest", "australiasoutheast", "westcentralus"])
def test_regions_without_zones(region: str) -> None:
    assert REGIONS[region].zones == ()


def test_every_pair_is_a_region() -> None:
    assert {region.pair for region in REGIONS.values() if region.pair} <= set(REGIONS)
