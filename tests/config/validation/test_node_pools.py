from __future__ import annotations

import pytest

from tests.fixtures.catalogues import assert_refused, put, values

FILE = "node_pools.yaml"


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("edge-trading-fast", "at most 12 letters and digits (AKS' limit), here 15"),
        ("edgetrading", "a name that differs from edge-trading in more than hyphens"),
    ],
)
def test_refuses(name: str, allowed: str) -> None:
    catalogue = values()
    catalogue[FILE][name] = {**catalogue[FILE]["edge-trading"], "id": name}
    assert_refused(catalogue, FILE, name, value=f'"{name}"', allowed=allowed, fix="choose another id")


@pytest.mark.parametrize(
    ("cloud", "machine", "example"),
    [
        ("aws", "Standard_F4s_v2", "m6i.large"),
        ("gcp", "c6i.xlarge", "n2-standard-2"),
        ("azure", "c2-standard-4", "Standard_D2s_v5"),
    ],
)
def test_refuses_a_machine_of_another_cloud(cloud: str, machine: str, example: str) -> None:
    catalogue = values()
    put(catalogue[FILE], f"trading.machines.{cloud}", machine)
    assert_refused(
        catalogue,
        FILE,
        f"trading.machines.{cloud}",
        value=f'"{machine}"',
        allowed=f"a machine type as {cloud} writes it, such as {example}",
        fix="write the cloud's own name",
    )
