"""`make bench`: seconds and resources for each stack, beside a bare loop of as many resources, as a ratio.

Prints what it measured on this machine, in a sandbox of its own that it stops at the end. It judges nothing: times differ
from machine to machine, ratios less so.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import yaml

from nautilus.sandbox import control
from tests.bench.memory import peak
from tests.e2e.project import REPO, Project, copy

GROUPS = ("americas", "emea", "apac", "edge", "analytics", "federation")

WHOLE = {
    "nautilus check": ("check",),
    "preview, nothing there": ("preview",),
    "up, from nothing": ("up", "--yes"),
    "up, nothing to change": ("up", "--yes"),
}


def main() -> int:
    """Measure a first preview of each prod stack beside its bare loop, then check, preview and up of all of them."""
    with tempfile.TemporaryDirectory(prefix="nautilus-bench-") as scratch:
        ours, bare = copy(Path(scratch) / "ours"), copy(Path(scratch) / "bare", main=REPO / "tests" / "bench" / "bare")
        try:
            return _measure(ours, bare)
        finally:
            ours.stop()
            bare.stop()


def _measure(ours: Project, bare: Project) -> int:
    print(f"{'first preview of one stack, prod':34} {'seconds':>8} {'resources':>10} {'bare s':>9} {'ratio':>6}")
    for group in GROUPS:
        seconds, resources = _timed(ours, "preview", "--stack", group)
        floor = _bare(bare, resources)
        print(f"{group:34} {seconds:8.1f} {resources:10} {floor:9.1f} {seconds / floor:6.2f}", flush=True)
    print(f"\n{'whole federation, prod':34} {'seconds':>8} {'resources':>10} {'peak MiB':>9}")
    for title, arguments in WHOLE.items():
        with peak(lambda: {os.getpid(), *_sandbox(ours)}) as memory:
            seconds, resources = _timed(ours, *arguments)
        print(f"{title:34} {seconds:8.1f} {resources or '':>10} {memory():9.0f}", flush=True)
    return 0


def _sandbox(project: Project) -> set[int]:
    """Give the process id of the project's sandbox, none before it was started."""
    status = control.status(project.home) if project.home.exists() else None
    return {status.pid} if status is not None else set()


def _timed(project: Project, *arguments: str) -> tuple[float, int]:
    started = time.monotonic()
    run = project.nautilus(*arguments)
    seconds = time.monotonic() - started
    if run.code:
        raise SystemExit(f"nautilus {' '.join(arguments)} ended with {run.code}:\n{run.output}")
    return seconds, sum(stack["resources"] for stack in run.verdict.get("stacks", []))


def _bare(project: Project, count: int) -> float:
    """Give the seconds that the engine alone takes to preview `count` resources of one type."""
    path = project.root / "config" / "stacks" / "Pulumi.bare.yaml"
    path.write_text(yaml.safe_dump({"config": {"bare:count": str(count)}}))
    project.pulumi("stack", "init", "bare")
    started = time.monotonic()
    done = project.pulumi("preview", "-s", "bare")
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"the bare loop ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
