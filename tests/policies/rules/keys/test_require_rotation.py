from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one
from tests.policies.planned import AZURE_KEY, CRYPTO_KEY, KEY

RULE = "KEY-004"


def azure(period: object) -> Planned:
    actions = [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": period}}]
    return AZURE_KEY.but(properties={"kty": "RSA-HSM", "rotationPolicy": {"lifetimeActions": actions}})


@pytest.mark.parametrize(
    "key", [KEY, CRYPTO_KEY, azure("P365D"), azure("P11M"), KEY.but(customerMasterKeySpec="ECC_NIST_P384")], ids=str
)
def test_rotation_within_the_limit_passes(key: Planned) -> None:
    assert found(analyze(key), RULE) == []


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (KEY.but(enableKeyRotation=False), "enableKeyRotation is not true"),
        (KEY.but(enableKeyRotation=None), "enableKeyRotation is not true"),
        (KEY.but(rotationPeriodInDays=366), "rotationPeriodInDays is 366"),
        (KEY.but(rotationPeriodInDays=None), "no rotationPeriodInDays"),
        (CRYPTO_KEY.but(rotationPeriod="31622400s"), "rotationPeriod is '31622400s'"),
        (CRYPTO_KEY.but(rotationPeriod=None), "no rotationPeriod"),
        (CRYPTO_KEY.but(rotationPeriod="a year"), "rotationPeriod is 'a year'"),
        (azure("P1Y"), "rotates after 'P1Y'"),
        (AZURE_KEY.but(properties={"kty": "RSA-HSM"}), "no rotationPolicy"),
    ],
    ids=str,
)
def test_rotation_beyond_the_limit_or_none_fails(key: Planned, says: str) -> None:
    finding = one(analyze(key), RULE)
    assert says in finding.found
    assert "365 days" in finding.allowed


@pytest.mark.parametrize(
    "key", [KEY.but(rotationPeriodInDays=UNKNOWN), CRYPTO_KEY.but(rotationPeriod=UNKNOWN), azure(UNKNOWN)], ids=str
)
def test_an_unknown_period_is_undecided_and_fails(key: Planned) -> None:
    assert one(analyze(key), RULE).verdict == "undecided"
