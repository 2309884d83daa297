"""A copy of the project's data in a folder of its own, and the real command run on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nautilus.sandbox import control
from nautilus.sandbox.handler import Row
from nautilus.sandbox.ledger import FILE, Ledger

REPO = Path(__file__).resolve().parents[2]
LIMIT_S = 900


@dataclass(frozen=True)
class Run:
    """What one run of the command did: its exit code, everything it printed and the verdict it wrote."""

    code: int
    output: str
    verdict: dict[str, Any]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Every policy finding over all stacks."""
        return [finding for stack in self.verdict["stacks"] for finding in stack["findings"]]

    @property
    def protected(self) -> set[str]:
        """The URNs that a destroy kept because they are protected."""
        return {urn for stack in self.verdict["stacks"] for urn in stack["protected"]}


@dataclass(frozen=True)
class Project:
    """A project folder with a sandbox of its own."""

    root: Path

    def nautilus(self, *arguments: str, env: dict[str, str] | None = None) -> Run:
        """Run the command on this project and give what it did; the verdict is empty where the command writes none."""
        verdict = self.root / "verdict.json"
        verdict.unlink(missing_ok=True)
        place = ["-C", str(self.root)]
        wants = ["--json", str(verdict)] if arguments[0] in {"up", "preview", "refresh", "destroy"} else []
        done = subprocess.run(
            [str(Path(sys.executable).parent / "nautilus"), *arguments, *place, *wants],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            env={**os.environ, "COLUMNS": "200", **(env or {})},
            check=False,
        )
        written = json.loads(verdict.read_text()) if verdict.exists() else {}
        return Run(done.returncode, done.stdout + done.stderr, written)

    @property
    def home(self) -> Path:
        """The sandbox's folder."""
        return self.root / ".nautilus" / "sandbox"

    def rows(self) -> list[Row]:
        """Give what the sandbox's ledger holds; nothing where it was never started."""
        if not (self.home / FILE).exists():
            return []
        ledger = Ledger(self.home)
        try:
            return ledger.all()
        finally:
            ledger.close()

    def environment(self) -> dict[str, str]:
        """Give the environment in which plain `pulumi` works on this project's sandbox."""
        control.start(self.home)
        engine = REPO / ".nautilus" / "engine" / "bin"
        settings = {**os.environ, **control.environment(self.home), "NAUTILUS_ROOT": str(self.root)}
        return {**settings, "PATH": f"{engine}{os.pathsep}{settings['PATH']}"}

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run plain `pulumi` on this project's sandbox."""
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )

    def outputs(self, stack: str) -> dict[str, Any]:
        """Give a stack's outputs."""
        done = self.pulumi("stack", "output", "-s", stack, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def stop(self) -> None:
        """Stop the project's sandbox."""
        self.nautilus("sandbox", "stop")


def copy(root: Path, main: Path = REPO / "stacks") -> Project:
    """Make a project folder that holds the real catalogue and runs the program in `main`."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copytree(REPO / "config" / "catalogue", root / "config" / "catalogue")
    shutil.copytree(REPO / "config" / "stacks", root / "config" / "stacks")
    settings = yaml.safe_load((REPO / "Pulumi.yaml").read_text())
    settings["main"] = str(main)
    settings["runtime"]["options"]["virtualenv"] = str(Path(sys.executable).parent.parent)
    (root / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
    return Project(root)
