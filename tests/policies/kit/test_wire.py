from __future__ import annotations

import json
from typing import Any

import pulumi_policy.policy
import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.kit import wire
from policies.kit.wire import HIDDEN, Concealed, ConcealedNumber, deserialize, reveal
from tests.policies.analyzer import analyze, secret
from tests.policies.planned import KEY

SIGNATURE = "4dabf18193072939515e22adb298388d"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET = "c44067f5952c0a294b673a41bacd8c17"


def value(prop: Any) -> Any:
    return deserialize({"x": prop})["x"]


def test_a_secret_string_compares_as_itself_and_prints_as_none() -> None:
    found = value(secret("CANARY"))
    assert found == "CANARY"
    assert isinstance(found, Concealed)
    assert {str(found), repr(found), f"{found}", f"{found!r}", "%s" % found} == {HIDDEN}  # noqa: UP031 - every way to print
    assert reveal(found) == "CANARY"
    assert type(reveal(found)) is str


def test_a_secret_number_computes_and_prints_as_none() -> None:
    found = value(secret(42.0))
    assert isinstance(found, ConcealedNumber)
    assert found + 1 == 43
    assert {str(found), repr(found), f"{found:g}"} == {HIDDEN}


def test_what_is_inside_a_secret_is_secret() -> None:
    found = value(secret({"a": ["CANARY", True, None]}))
    assert found == {"a": ["CANARY", True, None]}
    assert "CANARY" not in str(found)


def test_an_output_value_is_read_and_keeps_its_secrecy() -> None:
    assert value({SIGNATURE: OUTPUT}) == UNKNOWN_STRING_VALUE
    assert value({SIGNATURE: OUTPUT, "value": "v"}) == "v"
    assert isinstance(value({SIGNATURE: OUTPUT, "value": "v", "secret": True}), Concealed)


def test_a_resource_reference_is_its_id_or_unknown() -> None:
    assert value({SIGNATURE: REFERENCE, "urn": "u", "id": "i"}) == "i"
    assert value({SIGNATURE: REFERENCE, "urn": "u"}) == UNKNOWN_STRING_VALUE


def test_an_asset_is_no_value_to_judge() -> None:
    assert value({SIGNATURE: ASSET, "path": "./x", "hash": "h"}) == {"asset": "./x"}


def test_an_unknown_signature_is_refused() -> None:
    with pytest.raises(ValueError, match="signature that is not known"):
        value({SIGNATURE: "0000"})


def test_install_refuses_a_pulumi_policy_without_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pulumi_policy.policy, "deserialize_properties")
    with pytest.raises(RuntimeError, match="has no deserialize_properties"):
        wire.install()


def test_a_canary_anywhere_in_a_resource_reaches_no_message() -> None:
    names = ("policy", "deletionWindowInDays", "rotationPeriodInDays", "customKeyStoreId", "region", "tags", "multiRegion")
    for name in names:
        for canary in (secret("CANARY"), secret({"nautilus:jurisdiction": "CANARY"}), secret(["CANARY"])):
            assert "CANARY" not in json.dumps([str(one) for one in analyze(KEY.but(**{name: canary}))]), name
