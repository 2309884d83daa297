"""Global traffic on AWS through the real engine: preview, up, up again, refresh, shift, halt, resume, destroy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nautilus.sandbox import control

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).with_name("one_traffic")
RUN = ("--non-interactive", "--color", "never", "-s", "dev")


@pytest.fixture
def pulumi(home: Path, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Give a `pulumi` for the program; it fails the test where the exit code is another."""
    program = shutil.copytree(PROGRAM, tmp_path / "program")
    control.start(home, ("nautilus.sandbox.aws:PACKAGE",))
    path = os.pathsep.join(
        (str(ROOT / ".nautilus" / "engine" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
    )

    def run(*arguments: str, halted: bool = False, keeps: float = 1.0, code: int = 0) -> str:
        settings = {"PATH": path, "NAUTILUS_ROOT": str(ROOT), "TRAFFIC_HALTED": "yes" if halted else "no"}
        settings["TRAFFIC_KEEPS"] = str(keeps)
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

    yield run
    control.stop(home)


def test_traffic_lives_halts_resumes_and_leaves_nothing(pulumi: Callable[..., str], home: Path) -> None:
    pulumi("stack", "init")
    apply = ("up", "--yes", "--skip-preview")
    planned = re.search(r"\+ (\d+) to create", pulumi("preview"))
    assert planned is not None
    up = pulumi(*apply)
    assert f"{planned[1]} created" in up
    assert re.search(r'address +: "75\.2\.', up)
    assert f"{planned[1]} unchanged" in pulumi(*apply, "--expect-no-changes")
    assert f"{planned[1]} unchanged" in pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    shifted(pulumi, apply)
    assert f"{planned[1]} unchanged" in pulumi(*apply, "--expect-no-changes")
    halted = pulumi(*apply, halted=True)
    assert re.search(r"names-aws-trading-latency-halted-record +created", halted)
    assert re.search(r"east-entry-in-trading +deleted", halted)
    assert re.search(r"east-entry-acl-out +deleted", halted)
    assert re.search(r"us-anycast-aws-accelerator +updated", halted)
    pulumi(*apply)
    assert f"{planned[1]} unchanged" in pulumi(*apply, "--expect-no-changes")
    pulumi("destroy", "--yes", "--skip-preview")
    status = control.status(home)
    assert status is not None
    assert status.resources <= 1  # the zone's SOA record, which goes with the zone


def shifted(pulumi: Callable[..., str], apply: tuple[str, ...]) -> None:
    """Move everything away from the first endpoint in steps, and back: the records of every algorithm let each step pass."""
    begun = pulumi(*apply, keeps=0.5)
    assert re.search(r"names-aws-trading-latency-weighted-us-gcp-record +created", begun)
    assert re.search(r"names-aws-trading-latency-latency-us-gcp-record +deleted", begun)
    assert re.search(r"names-aws-trading-weighted-round-robin-weighted-us-gcp-record +updated", begun)
    done = pulumi(*apply, keeps=0.0)
    assert re.search(r"names-aws-trading-latency-failover-1-primary-record +created", done)
    assert re.search(r"names-aws-trading-latency-failover-primary-record +updated", done)
    assert re.search(r"names-aws-trading-latency-weighted-us-gcp-record +deleted", done)
    for text in (begun, done):
        assert "replaced" not in text
    pulumi(*apply, keeps=0.5)
    assert "replaced" not in pulumi(*apply)
