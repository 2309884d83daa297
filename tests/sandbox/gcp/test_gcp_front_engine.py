"""A placement's front end, balancer, names and triggers through the real engine: up, up again, shift, halt, destroy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from nautilus.sandbox import control
from tests.sandbox.engine_project import ROOT, Project

pytestmark = pytest.mark.e2e

PROGRAM = Path(__file__).with_name("one_front")
RECORD = "gcp:dns/recordSet:RecordSet"
RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule"


@dataclass(frozen=True, kw_only=True)
class Front(Project):
    """A copy of the program, which finds the catalogue by the environment; `settings` are what it is told beside."""

    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "NAUTILUS_ROOT": str(ROOT), **self.settings}

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The inputs of every resource of a type in the state, by name."""
        return {one["urn"].rpartition("::")[2]: one["inputs"] for one in self.state()["resources"] if one["type"] == kind}


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Iterator[Front]:
    folder = shutil.copytree(PROGRAM, tmp_path / "program")
    options = f"  options:\n    virtualenv: {sys.prefix}\n"
    (folder / "Pulumi.yaml").write_text(f"name: one-front\nruntime:\n  name: python\n{options}")
    control.start(home, ("nautilus.sandbox.gcp:PACKAGE",))
    found = Front(folder=folder, home=home)
    found.init("dev")
    yield found
    control.stop(home)


def test_a_front_serves_shifts_halts_and_leaves_nothing(project: Front, home: Path) -> None:
    project.run("preview")
    project.up()
    project.up("--expect-no-changes")
    project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert len(project.of(RULE)) == 5
    assert len(project.of("gcp:compute/networkEndpointGroup:NetworkEndpointGroup")) == 15
    assert len(project.of("gcp:monitoring/alertPolicy:AlertPolicy")) == 6
    weighted = project.of(RECORD)["names-gcp-risk-us-record"]["routingPolicy"]["wrrs"]
    assert [item["weight"] for item in weighted] == [750, 250, 0]
    address = project.outputs()["address"]
    assert weighted[0]["healthCheckedTargets"]["externalEndpoints"] == [address]

    project.settings["ONE_WEIGHT"] = "1"
    project.up()
    moved = project.of(RECORD)["names-gcp-risk-us-record"]["routingPolicy"]["primaryBackup"]
    assert moved["primary"]["externalEndpoints"] == ["192.0.2.10"]
    assert [item["healthCheckedTargets"]["externalEndpoints"] for item in moved["backupGeos"]] == [[address]]

    project.settings["ONE_HALTED"] = "yes"
    project.up()
    project.up("--expect-no-changes")
    assert project.of(RULE) == {}
    fronts = {name: record["type"] for name, record in project.of(RECORD).items() if name.endswith("-us-record")}
    assert len(fronts) == 5
    assert set(fronts.values()) == {"TXT"}
    assert project.outputs()["address"] == address
    project.run("destroy", "--yes", "--skip-preview")
    status = control.status(home)
    assert status is not None
    assert status.resources <= 1  # the zone's SOA record, which goes with the zone
