"""Azure's global traffic through the real engine: up, nothing to do, halted, resumed, refresh, destroy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nautilus.sandbox import control, guard
from tests.sandbox.engine_project import ROOT, Project

PROGRAM = """
import pulumi
from components.network.azure import AzureNetwork
from components.provider.azure import provider
from components.traffic.args import Backing
from components.traffic.azure_anycast import AzureAnycast
from components.traffic.azure_entry import AzureEntry
from components.traffic.azure_names import AzureNames
from config.model import Algorithm
from tests.components.azure_placement import ACCOUNT, LABELS, network_args
from tests.components.traffic.azure_traffic import (
    CLASSES, PORTS, PROBE, anycast_args, entry_args, front, location, names_args,
)

halted = pulumi.Config().get_bool("halted") or False
us = {"jurisdiction": "us", "country": "US"}
backings = {}
for name, region, share in (("east", "eastus2", 0.4), ("central", "centralus", 0.6)):
    here = location(region, **us)
    opts = pulumi.ResourceOptions(provider=provider(f"{name}-provider", here, ACCOUNT, LABELS))
    given = {"location": here, "deletion_protection": False}
    network = AzureNetwork(f"{name}-network", network_args(entry_ports=PORTS, halted=halted, **given), opts)
    entry = AzureEntry(f"{name}-entry", entry_args(halted=halted, **given), network, opts)
    backings[name] = Backing(placement=name, location=here, share=share, entry=entry.facts)
args = anycast_args(backings=backings, enabled=not halted, deletion_protection=False)
anycast = AzureAnycast("us-anycast-azure", args, opts)
fronts = [front(algorithm, id=f"{algorithm}-eu", halted=halted) for algorithm in Algorithm]
names = names_args(*fronts, deletion_protection=False)
endpoints = {**names.endpoints, "uk-azure": anycast.endpoint}
AzureNames("names-azure", names_args(*fronts, deletion_protection=False, endpoints=endpoints), opts)
pulumi.export("address", anycast.endpoint.address)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    for name in (*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = Project(folder=tmp_path / "project", home=tmp_path / "home")
    made.write(PROGRAM)
    control.start(made.home, ("nautilus.sandbox.azure:PACKAGE",))
    try:
        yield made
    finally:
        control.stop(made.home)


@pytest.mark.e2e
def test_traffic_lives_through_the_engine(project: Project) -> None:
    project.init("dev")
    assert "to create" in project.run("preview")
    assert "created" in project.up()
    assert project.outputs()["address"].startswith("203.0.113.")
    assert "unchanged" in project.up("--expect-no-changes")
    project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    project.run("config", "set", "halted", "true")
    project.up()
    held = [one for one in project.state()["resources"] if one["type"] == "azure-native:network:LoadBalancer"]
    assert len(held) == 3
    assert all(not one["inputs"]["loadBalancingRules"] for one in held)
    project.up("--expect-no-changes")
    project.run("config", "set", "halted", "false")
    project.up()
    project.run("destroy", "--yes", "--skip-preview")
