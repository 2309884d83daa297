"""One production placement on Azure through the real engine: preview, up, nothing to do, refresh, a refusal, destroy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nautilus.sandbox import control, guard

ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 300
PROGRAM = """
import pulumi
import config
from components.placement import Placement
from config.loader import load
from config.model import Cloud, EnvironmentName, Group
from nautilus.federation.front import served
from nautilus.federation.link import gateway
from nautilus.federation.plan import placements

environment = EnvironmentName(pulumi.Config().require("environment"))
catalogue = load(config.root())
for plan in placements(catalogue, environment, Group.EMEA):
    if plan.cloud is Cloud.AZURE:
        Placement(plan.name, plan, gateway(catalogue, plan), served(catalogue, plan))
"""


class Project:
    """A Pulumi project of one placement, on a sandbox that serves Azure alone."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, **control.environment(home), "PYTHONPATH": str(ROOT), "NAUTILUS_ROOT": str(ROOT)}
        engine = ROOT / ".nautilus" / "engine" / "bin"
        self.environment["PATH"] = os.pathsep.join([str(engine), str(Path(sys.executable).parent), self.environment["PATH"]])
        (folder / "Pulumi.yaml").write_text("name: one\nruntime: python\nmain: .\n")
        (folder / "__main__.py").write_text(PROGRAM)

    def pulumi(self, *arguments: str) -> tuple[int, str]:
        """Run the engine and give its exit code and all it said."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    for name in (*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    home = tmp_path / "home"
    folder = tmp_path / "project"
    folder.mkdir()
    control.start(home, ("nautilus.sandbox.azure:PACKAGE", "nautilus.sandbox.random:PACKAGE"))
    try:
        yield Project(folder, home)
    finally:
        control.stop(home)


@pytest.mark.e2e
def test_a_placement_lives_through_the_engine(project: Project) -> None:
    def ran(*arguments: str) -> str:
        code, said = project.pulumi(*arguments)
        assert code == 0, said
        return said

    ran("stack", "init", "prod")
    ran("config", "set", "environment", "prod")
    planned = re.search(r"\+ (\d+) to create", ran("preview"))
    assert planned is not None
    assert f"{planned[1]} created" in ran("up", "--yes", "--skip-preview")
    assert f"{planned[1]} unchanged" in ran("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert f"{planned[1]} unchanged" in ran("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    code, said = project.pulumi("destroy", "--yes")
    assert code != 0
    assert "cannot be deleted\n    because it is protected" in said
    ran("stack", "init", "dev")
    ran("config", "set", "environment", "dev")
    assert "created" in ran("up", "--yes", "--skip-preview")
    ran("destroy", "--yes")
    assert control.status(project.folder.parent / "home") is not None
