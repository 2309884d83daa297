"""`make bench`: seconds and resources for each stack, beside a bare loop of as many resources, as a ratio.

Prints what it measured on this machine, in a sandbox of its own that it stops at the end. It judges nothing: times differ
from machine to machine, ratios less so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from nautilus.sandbox import control
from tests.e2e.project import REPO, Project, copy

GROUPS = ("americas", "emea", "apac", "edge", "analytics", "federation")


def main() -> int:
    """Measure check, preview and up of every prod stack, then the bare loop for the largest one."""
    with tempfile.TemporaryDirectory(prefix="nautilus-bench-") as scratch:
        ours, bare = copy(Path(scratch) / "ours"), copy(Path(scratch) / "bare", main=REPO / "tests" / "bench" / "bare")
        try:
            return _measure(ours, bare)
        finally:
            ours.stop()
            bare.stop()


def _measure(ours: Project, bare: Project) -> int:
    rows = [("nautilus check", *_timed(ours, "check"))]
    rows.append(("preview, nothing there", *_timed(ours, "preview")))
    rows.append(("up, from nothing", *_timed(ours, "up", "--yes")))
    rows.append(("up, nothing to change", *_timed(ours, "up", "--yes")))
    print(f"{'whole federation, prod':34} {'seconds':>8} {'resources':>10}")
    for title, seconds, resources in rows:
        print(f"{title:34} {seconds:8.1f} {resources or '':>10}")
    print(f"\n{'preview of one stack':34} {'seconds':>8} {'resources':>10} {'bare s':>8} {'ratio':>6}")
    for group in GROUPS:
        seconds, resources = _timed(ours, "preview", "--stack", group)
        floor = _bare(bare, resources)
        print(f"{group:34} {seconds:8.1f} {resources:10} {floor:8.1f} {seconds / floor:6.2f}")
    return 0


def _timed(project: Project, *arguments: str) -> tuple[float, int]:
    started = time.monotonic()
    run = project.nautilus(*arguments)
    seconds = time.monotonic() - started
    if run.code:
        raise SystemExit(f"nautilus {' '.join(arguments)} ended with {run.code}:\n{run.output}")
    return seconds, sum(stack["resources"] for stack in run.verdict.get("stacks", []))


def _bare(project: Project, count: int) -> float:
    """Give the seconds that the engine alone takes to preview `count` resources of one type."""
    home = project.root / ".nautilus" / "sandbox"
    control.start(home)
    path = project.root / "config" / "stacks" / "Pulumi.bare.yaml"
    path.write_text(yaml.safe_dump({"config": {"bare:count": str(count)}}))
    environment = {**os.environ, **control.environment(home)}
    environment["PATH"] = f"{REPO / '.nautilus' / 'engine' / 'bin'}{os.pathsep}{environment['PATH']}"
    settings = {"cwd": project.root, "env": environment, "capture_output": True, "text": True}
    subprocess.run(["pulumi", "stack", "init", "bare", "--non-interactive"], check=False, **settings)
    started = time.monotonic()
    done = subprocess.run(["pulumi", "preview", "-s", "bare", "--non-interactive"], check=False, **settings)
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"the bare loop ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
