"""An environment that is changed without an engine: what is applied is what the catalogue derives, at once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from config.loader import load
from config.model import Catalogue, EnvironmentName
from nautilus.cli.engine import Engine
from nautilus.cli.main import main
from nautilus.cli.operate import Operator
from nautilus.cli.operation import FOLDER
from nautilus.cli.place import Sandbox
from nautilus.cli.project import FEDERATION, Project
from nautilus.cli.verdict import Result, StackVerdict, Verdict
from nautilus.federation import strategy

PROD = EnvironmentName.PROD


@dataclass
class Desk:
    """An operator at a project, what it printed, and which stack groups it applied in which order.

    `results` says how the n-th apply ends, from 0; every other one ends well. `found` are the shares that are deployed.
    """

    root: Path
    operator: Operator
    out: io.StringIO
    applied: list[tuple[str, ...]] = field(default_factory=list)
    results: dict[int, Result] = field(default_factory=dict)
    found: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it stands in the project now."""
        return load(self.root)

    @property
    def file(self) -> Path:
        """The file of what is in force."""
        return self.root / FOLDER / "prod.yaml"

    @property
    def said(self) -> str:
        """Everything printed, in one line."""
        return " ".join(self.out.getvalue().split())

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The journal's lines."""
        path = self.operator.journal.path
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def apply(self, groups: tuple[str, ...]) -> Verdict:
        """Take over what the catalogue derives, unless this apply is one that does not end well."""
        result = self.results.get(len(self.applied), Result.FINE)
        self.applied.append(groups)
        if result is Result.FINE and FEDERATION in groups:
            self.found = strategy.shares(self.catalogue, PROD)
        stacks = tuple(StackVerdict(stack=f"prod-{group}", result=result) for group in groups)
        return Verdict(command="up", environment="prod", place="sandbox", stacks=stacks, seconds=0.0)


def desk(root: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk at a project whose federation is deployed as it is declared."""
    out = io.StringIO()
    project = Project(root=root)
    place = Sandbox(project, Engine(Path("/pulumi"), root))
    made = Desk(root=root, operator=Operator(place, PROD, Console(file=out, width=200)), out=out)
    monkeypatch.setattr(made.operator, "apply", made.apply)
    monkeypatch.setattr(made.operator, "deployed", lambda: made.found)
    made.found = strategy.shares(made.catalogue, PROD)
    return made


def unstarted(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], int]:
    """Give the command line at a project, with a sandbox that need not start and an engine that need not be there."""

    def nothing(_: Sandbox) -> None:
        return None

    monkeypatch.setattr(Sandbox, "start", nothing)
    monkeypatch.setattr(Project, "engine", lambda _: Path("/pulumi"))
    return lambda words: main([words[0], "-C", str(root), *words[1:]])
