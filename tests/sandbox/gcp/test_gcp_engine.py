"""One Google Cloud placement through the real engine: preview, up, up again, refresh, destroy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nautilus.sandbox import control

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).with_name("one_placement")
RUN = ("--non-interactive", "--color", "never")
Pulumi = Callable[..., str]


@pytest.fixture
def pulumi(home: Path, tmp_path: Path) -> Iterator[Callable[[str, str], Pulumi]]:
    """Give a `pulumi` for one placement and environment; it fails the test where the exit code is another."""
    program = shutil.copytree(PROGRAM, tmp_path / "program")
    control.start(home, ("nautilus.sandbox.gcp:PACKAGE",))
    path = os.pathsep.join(
        (str(ROOT / ".nautilus" / "engine" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
    )

    def place(placement: str, environment: str) -> Pulumi:
        settings = {"PATH": path, "NAUTILUS_ROOT": str(ROOT), "ONE_PLACEMENT": placement, "ONE_ENVIRONMENT": environment}

        def run(*arguments: str, code: int = 0) -> str:
            done = subprocess.run(
                ("pulumi", *arguments, *RUN, "--cwd", str(program)),
                env={**os.environ, **control.environment(home), **settings},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            assert done.returncode == code, done.stdout + done.stderr
            return done.stdout + done.stderr

        run("stack", "init", environment)
        return run

    yield place
    control.stop(home)


def test_a_placement_of_production(pulumi: Any) -> None:
    run = pulumi("nautilus-enterprise-us-west-1", "prod")
    planned = re.search(r"\+ (\d+) to create", run("preview", "-s", "prod"))
    assert planned is not None
    up = run("up", "-s", "prod", "--yes", "--skip-preview")
    assert f"{planned[1]} created" in up
    assert "locations/us-west2/clusters/nautilus-enterprise-us-west-1-cluster" in up
    assert f"{planned[1]} unchanged" in run("up", "-s", "prod", "--yes", "--skip-preview", "--expect-no-changes")
    assert f"{planned[1]} unchanged" in run("refresh", "-s", "prod", "--yes", "--skip-preview", "--expect-no-changes")
    assert "because it is protected" in run("destroy", "-s", "prod", "--yes", code=1)


def test_a_placement_of_development_leaves_nothing(pulumi: Any, home: Path) -> None:
    run = pulumi("nautilus-edge-global-east-1-gcp", "dev")
    run("up", "-s", "dev", "--yes", "--skip-preview")
    status = control.status(home)
    assert status is not None
    assert status.resources > 0
    assert "deleted" in run("destroy", "-s", "dev", "--yes", "--skip-preview")
    status = control.status(home)
    assert status is not None
    assert status.resources == 0
