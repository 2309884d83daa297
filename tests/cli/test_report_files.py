"""`--report DIR`: four files or none, refused before anything runs where they could not be written."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import jsonschema
import pytest

import config
from nautilus.cli import main as command
from nautilus.cli import report_files, verdict_schema
from nautilus.cli.events import Diagnostic
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.main import main
from nautilus.cli.project import REPOSITORY
from nautilus.cli.verdict import Result, StackVerdict, Verdict
from nautilus.sandbox import whole as files
from tests.cli.report_verdicts import HOSTILE, every_kind, finding, stack, whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("verdict", [whole(), every_kind(), every_kind(HOSTILE)])
def test_the_four_files_are_written_and_read_back(verdict: Verdict, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"
    report_files.prepare(folder)
    assert names(folder) == []
    report_files.write(verdict, folder)
    assert names(folder) == ["verdict.json", "verdict.junit.xml", "verdict.md", "verdict.sarif"]
    assert json.loads((folder / "verdict.sarif").read_text())["version"] == "2.1.0"
    assert Xml.parse(folder / "verdict.junit.xml").getroot().tag == "testsuites"
    assert (folder / "verdict.md").read_text().startswith("## ")
    assert json.loads((folder / "verdict.json").read_text())["exit_code"] == int(verdict.exit_code)


def test_an_earlier_runs_report_does_not_pass_for_this_ones_and_other_files_stay(tmp_path: Path) -> None:
    report_files.write(every_kind(), tmp_path)
    (tmp_path / "other.txt").write_text("mine")
    report_files.prepare(tmp_path)
    assert names(tmp_path) == ["other.txt"]


def test_a_write_that_fails_leaves_none_and_keeps_the_verdicts_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write

    def full(file: Path, text: str) -> None:
        if file.name == "verdict.junit.xml":
            raise OSError(28, "No space left on device")
        real(file, text)

    monkeypatch.setattr(files, "write", full)
    for verdict, code in ((every_kind(), ExitCode.POLICY_STOPPED), (whole(stack()), ExitCode.FAILED)):
        with pytest.raises(CommandError, match=r"could not be written.*No space left") as caught:
            report_files.write(verdict, tmp_path)
        assert caught.value.code is code
        assert names(tmp_path) == []


@pytest.mark.parametrize("words", [["preview"], ["up"], ["refresh"], ["refresh", "--accept"]])
def test_an_unwritable_folder_is_refused_before_anything_runs(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(*_: object, **__: object) -> Any:
        raise AssertionError("it ran")

    monkeypatch.setattr(command, "_run", ran)
    (tmp_path / "file").write_text("")
    assert main([*words, "-C", str(REPOSITORY), "--report", str(tmp_path / "file" / "report")]) == ExitCode.USAGE
    text = capsys.readouterr().err
    assert "error: no report can be written to" in text
    assert "fix: give --report a folder" in text


def test_a_file_in_the_reports_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "verdict.md").mkdir()
    with pytest.raises(CommandError, match="no report can be written"):
        report_files.prepare(tmp_path)


@pytest.mark.parametrize("name", ["preview", "up", "refresh"])
def test_the_commands_write_what_their_run_came_to(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = every_kind()

    class Ran:
        watch = nullcontext()

    setattr(Ran, name, lambda _: verdict)
    monkeypatch.setattr(command, "_run", lambda *_, **__: Ran())
    assert main([name, "-C", str(REPOSITORY), "--report", str(tmp_path / "out")]) == ExitCode.POLICY_STOPPED
    assert len(names(tmp_path / "out")) == 4
    assert "exit 3" in capsys.readouterr().out


def test_a_secret_that_the_engine_masked_stays_masked_in_every_file(tmp_path: Path) -> None:
    """The engine masks secrets before they reach a verdict; reports add nothing that a verdict does not have."""
    item = StackVerdict(
        stack="prod-emea",
        result=Result.STOPPED,
        findings=[finding(found="password is [secret]")],
        diagnostics=[Diagnostic(severity="error", urn="", text="token [secret] refused")],
    )
    report_files.write(whole(item), tmp_path)
    for name in report_files.FILES:
        text = (tmp_path / name).read_text().replace("&#91;", "[").replace("&#93;", "]")
        assert "password is [secret]" in text


@pytest.mark.parametrize("verdict", [whole(), whole(stack()), every_kind(), every_kind(HOSTILE)])
def test_every_verdict_fits_the_schema(verdict: Verdict) -> None:
    jsonschema.Draft202012Validator(json.loads(verdict_schema.schema())).validate(json.loads(report_files.as_json(verdict)))


@pytest.mark.parametrize("field", ["exit_code", "stacks", "totals"])
def test_a_verdict_with_less_or_more_does_not_fit(field: str) -> None:
    checks = jsonschema.Draft202012Validator(json.loads(verdict_schema.schema()))
    body = json.loads(report_files.as_json(every_kind()))
    assert not checks.is_valid({name: value for name, value in body.items() if name != field})
    assert not checks.is_valid(body | {"more": 1})
    body["stacks"][0]["findings"][0]["value"] = "x"
    assert not checks.is_valid(body)


def test_the_committed_schema_is_the_records() -> None:
    schema = verdict_schema.schema()
    jsonschema.Draft202012Validator.check_schema(json.loads(schema))
    assert (config.root() / verdict_schema.FOLDER / verdict_schema.NAME).read_text() == schema
    assert verdict_schema.main(["--check"]) == 0
