"""The command line: exit codes, help, refusals, and that nothing ends in a traceback."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from config.loader import load
from nautilus.cli import catalogue, project
from nautilus.cli import main as command
from nautilus.cli.engine import Engine
from nautilus.cli.exits import MEANING, CommandError, ExitCode
from nautilus.cli.main import main
from nautilus.cli.place import Real
from nautilus.cli.project import GROUPS, REPOSITORY, Project, locate
from tests.cli.conftest import Tiny


def test_help_documents_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == ExitCode.FINE
    text = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for code, meaning in MEANING.items():
        assert f"{code.value}: {meaning}" in text
    for name in ("check", "preview", "up", "refresh", "destroy", "policies", "sandbox"):
        assert name in text


def test_no_words_at_all_give_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == ExitCode.FINE
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["up", "--env", "production"],
        ["up", "--unprotect"],
        ["preview", "--parallel", "0"],
        ["preview", "--stack", "atlantis"],
        ["check", "--directory", "/nowhere"],
        ["sandbox"],
    ],
)
def test_a_wrong_command_line_ends_with_64(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == ExitCode.USAGE
    assert "error: " in capsys.readouterr().err


def test_check_sums_up_the_shipped_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-C", str(REPOSITORY)]) == ExitCode.FINE
    text = capsys.readouterr().out
    assert "dev, prod, staging" in text
    assert "the catalogue is sound" in text
    assert catalogue.unverified(load(REPOSITORY)) > 0


def test_check_gives_all_mistakes_with_the_fix(tiny: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = sorted((tiny.root / "config" / "catalogue" / "clusters").glob("*.yaml"))[:2]
    for file in (first, second):
        file.write_text(file.read_text().replace("kubernetes_version:", "kubernetes_versoin:"))
    assert tiny.nautilus("check") == ExitCode.BAD_CATALOGUE
    text = capsys.readouterr().err
    for word in (first.name, second.name, "kubernetes_versoin", "allowed", "fix"):
        assert word in text


def test_policies_lists_the_rules_with_their_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies"]) == ExitCode.FINE
    text = capsys.readouterr().out
    assert all(word in text for word in ("RES-001", "KEY-009", "jurisdiction", "clause"))


def test_the_unforeseen_becomes_one_line_and_a_log(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explode(_: object) -> None:
        raise ZeroDivisionError("by\nnothing")

    monkeypatch.setattr(command.catalogue, "load", explode)
    assert tiny.nautilus("check") == ExitCode.FAILED
    printed = capsys.readouterr().err
    assert "unexpected: ZeroDivisionError: by\n" in printed
    assert "Traceback" not in printed
    (log,) = (tiny.root / ".nautilus" / "log").iterdir()
    assert "Traceback" in log.read_text()
    assert str(log) in printed


def test_an_interrupt_outside_a_run_ends_with_130(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command.catalogue, "load", stop)
    assert tiny.nautilus("check") == ExitCode.INTERRUPTED


def test_real_refuses_a_shell_attached_to_a_sandbox(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NAUTILUS_SANDBOX", "1")
    assert tiny.nautilus("up", "--real", "--yes") == ExitCode.FAILED
    assert "--real refuses to run while NAUTILUS_SANDBOX is set" in capsys.readouterr().err
    monkeypatch.delenv("NAUTILUS_SANDBOX")
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "aws:1")
    assert tiny.nautilus("preview", "--real", "--yes") == ExitCode.FAILED
    assert "PULUMI_DEBUG_PROVIDERS" in capsys.readouterr().err


def test_real_says_where_it_goes_and_asks(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command.sys, "stdin", io.StringIO("y\n"))
    assert tiny.nautilus("destroy", "--real", "--stack", "emea") == ExitCode.USAGE
    printed = capsys.readouterr()
    declared = load(tiny.root).environments["prod"].state["emea"]  # type: ignore[index]
    assert f"prod-emea: state {declared.backend}, secrets {declared.secrets_provider}" in printed.out
    assert "there is no terminal to ask on" in printed.err


def test_each_real_stack_has_the_backend_of_its_jurisdiction(tiny: Tiny) -> None:
    environment = next(item for item in load(tiny.root).environments.values() if item.id == "prod")
    found = Project(root=tiny.root)
    place = Real(found, Engine(Path("/pulumi"), tiny.root), environment)
    for group in GROUPS:
        variables = place.environment(f"prod-{group}")
        assert variables["PULUMI_BACKEND_URL"] == environment.state[group].backend
        assert "NAUTILUS_SANDBOX" not in variables
    assert any("aws" in line for line in place.accounts())
    with pytest.raises(CommandError, match="declares no state for the group moon"):
        place.variables("prod-moon")


def test_the_project_is_the_one_given_else_the_current_one_else_the_repository(
    tiny: Tiny, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locate(tiny.root).root == tiny.root
    monkeypatch.chdir(tiny.root)
    assert locate(None).root == tiny.root
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert locate(None).root == REPOSITORY


def test_a_group_without_a_stack_file_is_named(tiny: Tiny) -> None:
    found = Project(root=tiny.root)
    assert found.stacks("prod", ("federation", "emea")) == ("prod-emea", "prod-federation")
    with pytest.raises(CommandError, match=r"missing stack configuration: config/stacks/Pulumi\.dev-americas\.yaml, "):
        found.stacks("dev", ())


def test_packs_are_the_projects_own_else_the_repositorys(tiny: Tiny) -> None:
    found = Project(root=tiny.root)
    assert [path.name for path in found.packs] == ["gate"]
    shutil.rmtree(tiny.root / "policies")
    assert "jurisdiction" in [path.name for path in found.packs]


def test_without_packs_nothing_runs(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(tiny.root / "policies")
    monkeypatch.setattr(project, "REPOSITORY", tiny.root)
    with pytest.raises(CommandError, match="there is no policy pack"):
        _ = Project(root=tiny.root).packs


def test_without_an_engine_it_says_what_to_do(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "REPOSITORY", tiny.root)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="there is no Pulumi engine"):
        Project(root=tiny.root).engine()


def test_the_projects_own_engine_comes_first(tiny: Tiny) -> None:
    own = tiny.root / ".nautilus" / "engine" / "bin" / "pulumi"
    own.parent.mkdir(parents=True)
    own.touch()
    assert Project(root=tiny.root).engine() == own
