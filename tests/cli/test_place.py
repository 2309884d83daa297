"""How contracts are taken from each stack's own backend and handed to the federation (OPS-1)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from config.loader import load
from config.model import EnvironmentName
from nautilus.cli.engine import Engine
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.place import Real
from nautilus.cli.progress import Watch
from nautilus.cli.project import Project
from nautilus.cli.run import Options, Run
from tests.cli.conftest import Tiny
from tests.cli.test_run import Script

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
REGIONS = tuple(f"prod-{group}" for group in ("americas", "emea", "apac", "edge", "analytics"))


class Backends(Script):
    """Answers `stack export` from outputs by stack, and notes which backend was asked for which stack."""

    def __init__(self, outputs: Mapping[str, object], refusal: str = "") -> None:
        super().__init__({})
        self.outputs = outputs
        self.refusal = refusal
        self.exports: dict[str, str] = {}

    def ask(self, arguments: tuple[str, ...], environment: Mapping[str, str], *, folder: Path | None = None) -> str:
        """Give the deployment of a stack that is there; refuse any other as the engine does."""
        del folder
        if arguments[:2] != ("stack", "export"):
            return ""
        stack = arguments[-1]
        self.exports[stack] = environment["PULUMI_BACKEND_URL"]
        if stack not in self.outputs:
            raise CommandError(self.refusal or f"pulumi stack export: no stack named '{stack}' found")
        resources = [{"urn": "s", "type": "pulumi:pulumi:Stack", "outputs": self.outputs[stack]}]
        return json.dumps({"deployment": {"resources": resources}})


def real(tiny: Tiny, engine: Engine) -> Real:
    return Real(Project(root=tiny.root), engine, load(tiny.root).environments[EnvironmentName.PROD])


def test_each_contract_is_read_from_its_own_backend_and_given_by_a_file(tiny: Tiny) -> None:
    contract = {"contract": 1, "placements": {"c": {}}}
    engine = Backends({"prod-emea": {**contract, "environment": "prod"}, "prod-apac": {}})
    place = real(tiny, engine)
    options = Options(environment="prod", stacks=("prod-federation",), parallel=1)

    verdict = Run(place, options, Watch(Console(file=io.StringIO()))).preview()

    assert verdict.exit_code is ExitCode.FINE
    state = place.declared.state
    assert {stack: engine.exports[stack] for stack in REGIONS} == {
        stack: state[stack.removeprefix("prod-")].backend for stack in REGIONS
    }
    assert len({engine.exports[stack] for stack in REGIONS}) > 1
    (job,) = engine.jobs
    named = yaml.safe_load(job.config_file.read_text())["config"]["nautilus:contracts"]
    handed = json.loads(Path(named).read_text())
    assert handed == {**dict.fromkeys(REGIONS), "prod-emea": contract}
    assert "prod-apac" in verdict.stacks[0].notes[0]
    assert "prod-emea" not in verdict.stacks[0].notes[0]
    assert "contracts" not in place.config_file("prod-emea").read_text()


def test_a_secret_in_a_contract_stops_the_federation_before_the_engine_runs(tiny: Tiny) -> None:
    engine = Backends({"prod-emea": {"contract": 1, "placements": {"c": {"endpoint": SECRET}}}})
    options = Options(environment="prod", stacks=("prod-federation",), parallel=1)

    verdict = Run(real(tiny, engine), options, Watch(Console(file=io.StringIO()))).preview()

    assert verdict.exit_code is ExitCode.FAILED
    assert "placements.c.endpoint" in verdict.stacks[0].errors[0].text
    assert engine.jobs == []


def test_a_backend_that_cannot_be_reached_is_not_taken_for_an_undeployed_stack(tiny: Tiny) -> None:
    with pytest.raises(CommandError, match="access denied"):
        real(tiny, Backends({}, "access denied")).hand_over("prod-federation", REGIONS)
