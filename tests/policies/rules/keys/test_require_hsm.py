from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one
from tests.policies.planned import AWS, AZURE_KEY, CRYPTO_KEY, KEY, VAULT

RULE = "KEY-005"
STANDARD = VAULT.but(properties={**VAULT.props["properties"], "sku": {"name": "standard"}})


@pytest.mark.parametrize("resource", [KEY, CRYPTO_KEY, AZURE_KEY, VAULT], ids=lambda resource: resource.name)
def test_hsm_keys_pass(resource: Planned) -> None:
    assert found(analyze(resource), RULE) == []


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        (KEY.but(customKeyStoreId="cks-1"), "customKeyStoreId"),
        (KEY.but(xksKeyId="x"), "xksKeyId"),
        (Planned(type="aws:kms/externalKey:ExternalKey", provider=AWS), "imported"),
        (CRYPTO_KEY.but(versionTemplate={"protectionLevel": "SOFTWARE"}), "'SOFTWARE'"),
        (CRYPTO_KEY.but(versionTemplate={"protectionLevel": "EXTERNAL"}), "'EXTERNAL'"),
        (CRYPTO_KEY.but(versionTemplate=None), "'SOFTWARE'"),
        (CRYPTO_KEY.but(importOnly=True), "importOnly"),
        (AZURE_KEY.but(properties={"kty": "RSA"}), "kty is 'RSA'"),
        (AZURE_KEY.but(properties={}), "kty is None"),
        (STANDARD, "'standard'"),
    ],
    ids=str,
)
def test_anything_else_fails(resource: Planned, says: str) -> None:
    assert says in one(analyze(resource), RULE).found


def test_an_unknown_level_is_undecided_and_fails() -> None:
    assert one(analyze(CRYPTO_KEY.but(versionTemplate={"protectionLevel": UNKNOWN})), RULE).verdict == "undecided"
