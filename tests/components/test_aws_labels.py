"""Labels on the three clouds."""

from __future__ import annotations

from typing import Any

import pytest

from components.labels import for_aws, for_azure, for_gcp


@pytest.mark.parametrize(
    ("spell", "key"),
    [(for_aws, "nautilus:data-class"), (for_gcp, "nautilus-data-class"), (for_azure, "nautilus-data-class")],
)
def test_spelling(spell: Any, key: str) -> None:
    assert spell({"data-class": "pii"}) == {key: "pii"}


def test_order_is_the_keys_own() -> None:
    assert list(for_aws({"tier": "0", "owner": "x"})) == ["nautilus:owner", "nautilus:tier"]


@pytest.mark.parametrize("value", ["", "Trading Desk", "a" * 64, "a_b"])
@pytest.mark.parametrize("spell", [for_aws, for_gcp, for_azure])
def test_a_value_that_not_every_cloud_takes_is_refused(spell: Any, value: str) -> None:
    with pytest.raises(ValueError, match="label owner = "):
        spell({"owner": value})


@pytest.mark.parametrize("key", ["", "Owner", "1st", "cost centre", "a" * 55])
def test_a_key_that_not_every_cloud_takes_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="label key "):
        for_gcp({key: "x"})
