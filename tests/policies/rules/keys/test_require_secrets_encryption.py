from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one
from tests.policies.planned import AKS, EKS, GKE

RULE = "KEY-009"


@pytest.mark.parametrize("cluster", [EKS, GKE, AKS], ids=lambda cluster: cluster.name)
def test_an_envelope_under_our_key_passes(cluster: Planned) -> None:
    assert found(analyze(cluster), RULE) == []


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        (
            EKS.but(encryptionConfig=None),
            {"encryptionConfig.resources without secrets", "no encryptionConfig.provider.keyArn"},
        ),
        (
            EKS.but(encryptionConfig={"provider": {"keyArn": UNKNOWN}, "resources": []}),
            {"encryptionConfig.resources without secrets"},
        ),
        (
            GKE.but(databaseEncryption={"state": "DECRYPTED", "keyName": UNKNOWN}),
            {"databaseEncryption.state is 'DECRYPTED'"},
        ),
        (GKE.but(databaseEncryption={"state": "ENCRYPTED"}), {"no databaseEncryption.keyName"}),
        (
            AKS.but(securityProfile={"azureKeyVaultKms": {"enabled": False, "keyId": UNKNOWN}}),
            {"securityProfile.azureKeyVaultKms.enabled is not true"},
        ),
        (AKS.but(securityProfile={"azureKeyVaultKms": {"enabled": True}}), {"no securityProfile.azureKeyVaultKms.keyId"}),
    ],
)
def test_anything_less_fails(cluster: Planned, says: set[str]) -> None:
    assert {finding.found for finding in found(analyze(cluster), RULE)} == says


@pytest.mark.parametrize(
    "cluster",
    [
        EKS.but(encryptionConfig={"provider": {"keyArn": UNKNOWN}, "resources": UNKNOWN}),
        GKE.but(databaseEncryption={"state": UNKNOWN, "keyName": UNKNOWN}),
        AKS.but(securityProfile={"azureKeyVaultKms": {"enabled": UNKNOWN, "keyId": UNKNOWN}}),
    ],
    ids=lambda cluster: cluster.name,
)
def test_an_unknown_switch_is_undecided_and_fails(cluster: Planned) -> None:
    assert one(analyze(cluster), RULE).verdict == "undecided"
