"""A tiny Pulumi project that the real engine runs against a sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nautilus.sandbox import control

ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT_S = 120


def pulumi() -> str:
    """The engine: on PATH, or as the project's own bring-up puts it."""
    own = ROOT / ".nautilus" / "engine" / "bin" / "pulumi"
    found = shutil.which("pulumi") or (str(own) if own.exists() else None)
    assert found is not None, "no engine: make up brings one"
    return found


@dataclass(frozen=True, kw_only=True)
class Project:
    """A program in a folder and the sandbox it runs against."""

    folder: Path
    home: Path

    def write(self, program: str) -> None:
        """Replaces the program."""
        self.folder.mkdir(exist_ok=True)
        options = f"    virtualenv: {sys.prefix}\n"
        (self.folder / "Pulumi.yaml").write_text(f"name: tiny\nruntime:\n  name: python\n  options:\n{options}")
        (self.folder / "__main__.py").write_text(program)

    def environment(self) -> dict[str, str]:
        """What the engine is to see."""
        path = os.pathsep.join((str(Path(pulumi()).parent), os.environ["PATH"]))
        return {**os.environ, **control.environment(self.home), "PATH": path}

    def start(self, *arguments: str, stack: str | None = "dev") -> subprocess.Popen[str]:
        """Starts the engine; its output is on one pipe, its processes in one group."""
        chosen = ["--stack", stack] if stack else []
        return subprocess.Popen(
            [pulumi(), *arguments, *chosen, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def try_run(self, *arguments: str, stack: str | None = "dev") -> tuple[int, str]:
        """Runs the engine to its end; its exit code and what it printed."""
        with self.start(*arguments, stack=stack) as process:
            out, _ = process.communicate(timeout=_TIMEOUT_S)
        return process.returncode, out

    def run(self, *arguments: str, stack: str | None = "dev") -> str:
        """Runs the engine, which has to succeed; what it printed."""
        code, out = self.try_run(*arguments, stack=stack)
        assert code == 0, out
        return out

    def fail(self, *arguments: str, stack: str | None = "dev") -> str:
        """Runs the engine, which has to fail; what it printed."""
        code, out = self.try_run(*arguments, stack=stack)
        assert code > 0, out
        return out

    def init(self, *stacks: str) -> None:
        """Makes stacks."""
        for stack in stacks:
            self.run("stack", "init", stack, stack=None)

    def up(self, *arguments: str, stack: str = "dev") -> str:
        """An update without its own preview."""
        return self.run("up", "--yes", "--skip-preview", *arguments, stack=stack)

    def state(self, stack: str = "dev") -> dict[str, Any]:
        """The deployment as the engine keeps it."""
        deployment: dict[str, Any] = json.loads(self.run("stack", "export", stack=stack))["deployment"]
        return deployment

    def outputs(self, stack: str = "dev") -> dict[str, Any]:
        """The stack's outputs."""
        found: dict[str, Any] = json.loads(self.run("stack", "output", "--json", "--show-secrets", stack=stack))
        return found
