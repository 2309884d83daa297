"""The table names types that exist, and every type that the sandbox serves."""

from __future__ import annotations

import importlib
import importlib.util
from functools import lru_cache
from pathlib import Path

import pytest

from policies.kit.location_entries import ENTRIES, EXEMPT, Entry, How, _gather
from policies.kit.registry import Pack, rules
from policies.kit.resource import PROVIDER_PREFIX
from policies.rules.keys.stores import KEY_TYPES, STORES
from policies.rules.residency.restrict_sink_location import SINKS

SDK = {"aws": "pulumi_aws", "gcp": "pulumi_gcp", "azure-native": "pulumi_azure_native"}


@lru_cache
def source(package: str, module: str) -> str:
    """Give the SDK's own text of one module, without importing the SDK."""
    spec = importlib.util.find_spec(SDK[package])
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / module.lower()
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")) if not path.name.startswith("_"))


@pytest.mark.parametrize("token", sorted(ENTRIES))
def test_every_located_type_exists_in_its_sdk(token: str) -> None:
    package, module, _ = token.split(":")
    assert f"'{token}'" in source(package, module.split("/", 1)[0])


@pytest.mark.parametrize("token", sorted({*STORES, *KEY_TYPES, *SINKS}))
def test_every_type_that_a_rule_knows_is_located(token: str) -> None:
    assert token in ENTRIES


@pytest.mark.parametrize("pack", Pack)
def test_every_type_that_a_rule_judges_is_located(pack: Pack) -> None:
    judged = {token for rule in rules(pack) for token in rule.types or () if not token.startswith(PROVIDER_PREFIX)}
    assert sorted(judged - set(ENTRIES) - set(EXEMPT)) == []


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_every_type_that_the_sandbox_serves_is_located(cloud: str) -> None:
    package = importlib.import_module(f"nautilus.sandbox.{cloud}").PACKAGE
    assert package.handlers
    assert sorted({row.type for row in package.handlers} - set(ENTRIES) - set(EXEMPT)) == []


def test_a_type_has_one_entry() -> None:
    with pytest.raises(ValueError, match="two location entries"):
        _gather([("aws", [("ec2/vpc:Vpc", Entry(how=How.OWN)), ("ec2/vpc:Vpc", Entry(how=How.MUST))])])
