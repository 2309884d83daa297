from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import AWS, AZURE, KEY, RING, VAULT

RULE = "KEY-003"


@pytest.mark.parametrize("resource", [KEY, KEY.but(multiRegion=None), RING, VAULT], ids=["key", "missing", "ring", "vault"])
def test_a_key_of_one_region_passes(resource: Planned) -> None:
    assert found(analyze(resource), RULE) == []


def test_a_multi_region_key_fails() -> None:
    assert "multiRegion is true" in one(analyze(KEY.but(multiRegion=True)), RULE).found


def test_an_unknown_switch_is_undecided_and_fails() -> None:
    assert one(analyze(KEY.but(multiRegion=UNKNOWN)), RULE).found == "multiRegion cannot be known at preview"


def test_a_secret_switch_is_judged() -> None:
    assert found(analyze(KEY.but(multiRegion=secret(True))), RULE)


def test_a_replica_fails() -> None:
    replica = Planned(type="aws:kms/replicaKey:ReplicaKey", provider=AWS, props={"primaryKeyArn": UNKNOWN})
    assert "replica" in one(analyze(replica), RULE).found


@pytest.mark.parametrize("location", ["global", "europe", "eur4", "us"])
def test_a_ring_over_several_regions_fails_even_inside(location: str) -> None:
    assert location in one(analyze(RING.but(location=location)), RULE).found


def test_a_vault_whose_pair_lies_outside_fails() -> None:
    finding = one(analyze(VAULT.but(location="southeastasia")), RULE)
    assert "copied to its pair azure/eastasia" in finding.found


def test_an_extended_hsm_pool_fails() -> None:
    pool = Planned(
        type="azure-native:keyvault:ManagedHsm",
        provider=AZURE,
        props={"location": "uksouth", "properties": {"regions": [{"name": "ukwest"}]}},
    )
    assert "Managed HSM" in one(analyze(pool), RULE).found
