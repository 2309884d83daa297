"""Where things are: the project folder, its stacks, its policy packs, the engine, and the folder that runs write to.

Reads folders only; it starts nothing and writes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nautilus
from config.model.base import Group
from nautilus.cli.exits import CommandError, ExitCode

REPOSITORY = Path(nautilus.__file__).resolve().parent.parent
"""The folder that holds the `nautilus` package."""

FEDERATION = "federation"
"""The stack that joins the groups; it reads the outputs of all others and so comes after them."""

GROUPS: tuple[str, ...] = (*(group.value for group in Group), FEDERATION)
"""Stack groups in the order of a run (OPS-1)."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """One checkout that a command works on. `root` holds `Pulumi.yaml`."""

    root: Path

    @property
    def name(self) -> str:
        """The project's name in `Pulumi.yaml`, which is part of every URN."""
        match = re.search(r"^name:\s*[\"']?([A-Za-z0-9_.-]+)", (self.root / "Pulumi.yaml").read_text(), re.MULTILINE)
        if match is None:
            raise CommandError(f"{self.root / 'Pulumi.yaml'} has no name", "add the line `name: nautilus`")
        return match.group(1)

    @property
    def work(self) -> Path:
        """The folder for everything that a run writes: state of the sandbox, copies of configuration, logs."""
        return self.root / ".nautilus"

    @property
    def stack_files(self) -> Path:
        """The folder of the stacks' configuration files, which no command changes."""
        return self.root / "config" / "stacks"

    @property
    def packs(self) -> tuple[Path, ...]:
        """Every policy pack of the project, or of the repository where the project has none, sorted by name."""
        for base in (self.root, REPOSITORY):
            found = sorted(path.parent for path in (base / "policies" / "packs").glob("*/PulumiPolicy.yaml"))
            if found:
                return tuple(found)
        raise CommandError(
            "there is no policy pack in policies/packs", "restore policies/packs: nothing runs without the gate"
        )

    def engine(self) -> Path:
        """Return the `pulumi` executable: the project's own build, the repository's, else the one on PATH."""
        for base in (self.root, REPOSITORY):
            own = base / ".nautilus" / "engine" / "bin" / "pulumi"
            if own.exists():
                return own
        found = shutil.which("pulumi")
        if found is None:
            raise CommandError("there is no Pulumi engine", "run `make setup`, or put `pulumi` on PATH")
        return Path(found)

    def stacks(self, environment: str, groups: tuple[str, ...]) -> tuple[str, ...]:
        """Return the stacks `<environment>-<group>` of the groups (all six when empty) in the order of a run.

        Raises CommandError (exit 64) for an unknown group, and (exit 1) for a group without a configuration file.
        """
        for group in groups:
            if group not in GROUPS:
                raise CommandError(f"unknown stack group {group!r}", f"one of: {', '.join(GROUPS)}", ExitCode.USAGE)
        wanted = [group for group in GROUPS if not groups or group in groups]
        missing = [group for group in wanted if not self.stack_file(f"{environment}-{group}").exists()]
        if missing:
            files = ", ".join(f"config/stacks/Pulumi.{environment}-{group}.yaml" for group in missing)
            raise CommandError(f"missing stack configuration: {files}", "add the file, or name the stacks with --stack")
        return tuple(f"{environment}-{group}" for group in wanted)

    def stack_file(self, stack: str) -> Path:
        """Return the path of a stack's configuration file; it need not exist."""
        return self.stack_files / f"Pulumi.{stack}.yaml"


def locate(directory: Path | None) -> Project:
    """Return the project in `directory`, else in the current folder, else the repository; exports NAUTILUS_ROOT.

    Raises CommandError (exit 64) when `directory` is given and holds no `Pulumi.yaml`.
    """
    if directory is not None:
        root = directory.resolve()
        if not (root / "Pulumi.yaml").exists():
            raise CommandError(f"{root} holds no Pulumi.yaml", "give the project's folder to --directory", ExitCode.USAGE)
    else:
        root = Path.cwd() if (Path.cwd() / "Pulumi.yaml").exists() else REPOSITORY
    os.environ["NAUTILUS_ROOT"] = str(root)
    return Project(root=root)
