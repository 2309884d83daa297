"""Results, exit codes, and the forms in which a verdict is given."""

from __future__ import annotations

import io
import itertools
import json
from pathlib import Path

import pytest
from rich.console import Console

from nautilus.cli import report
from nautilus.cli.engine import Ended
from nautilus.cli.events import Diagnostic, Drift, Tally
from nautilus.cli.exits import ExitCode
from nautilus.cli.findings import Finding, ranked, read
from nautilus.cli.verdict import Result, StackVerdict, Verdict, exit_code


def finding(rule: str, *, mandatory: bool = True, resource: str = "urn:x") -> Finding:
    return Finding(rule=rule, resource=resource, found="f", allowed="a", clause="c", fix="x", pack="p", mandatory=mandatory)


def whole(*stacks: StackVerdict, command: str = "preview", environment: str = "prod") -> Verdict:
    return Verdict(command=command, environment=environment, place="sandbox", stacks=stacks, seconds=1.5)


def shown(verdict: Verdict, *, width: int = 140, debug: bool = False) -> str:
    out = io.StringIO()
    report.show(verdict, Console(file=out, width=width), debug=debug)
    return out.getvalue()


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (Result.FINE, ExitCode.FINE),
        (Result.FAILED, ExitCode.FAILED),
        (Result.STOPPED, ExitCode.POLICY_STOPPED),
        (Result.DRIFTED, ExitCode.DRIFT),
        (Result.INTERRUPTED, ExitCode.INTERRUPTED),
        (Result.HELD, ExitCode.FAILED),
        (Result.SKIPPED, ExitCode.FAILED),
    ],
)
def test_each_result_has_its_exit_code(result: Result, code: ExitCode) -> None:
    assert exit_code([result, Result.FINE]) is code


def test_a_policy_stop_stands_above_everything_and_nothing_hides_a_complaint() -> None:
    for results in itertools.product(Result, repeat=3):
        code = exit_code(results)
        assert (code is ExitCode.POLICY_STOPPED) == (Result.STOPPED in results)
        assert (code is ExitCode.FINE) == (set(results) == {Result.FINE})


@pytest.mark.parametrize(
    ("code", "tally", "interrupted", "result"),
    [
        (0, Tally(), False, Result.FINE),
        (255, Tally(), False, Result.FAILED),
        (255, Tally(findings=[finding("RES-002")]), False, Result.STOPPED),
        (0, Tally(findings=[finding("RES-002", mandatory=False)]), False, Result.FINE),
        # The engine must not be believed when it says that all is well beside a mandatory violation.
        (0, Tally(findings=[finding("RES-002")]), False, Result.STOPPED),
        (-2, Tally(), True, Result.INTERRUPTED),
    ],
)
def test_a_run_of_the_engine_sets_the_result(code: int, tally: Tally, interrupted: bool, result: Result) -> None:
    verdict = StackVerdict(stack="prod-emea")
    verdict.take("preview", Ended(code=code, seconds=1.0, tally=tally, interrupted=interrupted))
    assert verdict.result is result


def test_residency_comes_first_and_repeats_once() -> None:
    mixed = [
        finding("NET-001"),
        finding("KEY-001"),
        finding("RES-003", mandatory=False),
        finding("RES-002"),
        finding("RES-002"),
    ]
    assert [item.rule for item in ranked(mixed)] == ["RES-002", "KEY-001", "NET-001", "RES-003"]


def test_a_message_in_other_words_is_kept_whole() -> None:
    (found,) = read("no luck\n", urn="urn:y", policy="their-rule", pack="theirs", mandatory=True)
    assert (found.rule, found.resource, found.found) == ("their-rule", "urn:y", "no luck")


def test_the_report_shows_rules_then_protected_then_drift_then_errors() -> None:
    verdict = whole(
        StackVerdict(
            stack="prod-emea",
            result=Result.STOPPED,
            findings=[finding("RES-002", resource="urn:bad[0]")],
            guarded={"urn:kept": "replace"},
            drift=[Drift(urn="urn:moved", properties=("a.b",)), Drift(urn="urn:lost", properties=(), gone=True)],
            diagnostics=[Diagnostic(severity="error", urn="urn:e", text="broken [/] thing")],
            notes=["a note"],
        )
    )
    text = shown(verdict)
    marks = [
        "policy RES-002  urn:bad[0]",
        "would replace: urn:kept",
        "urn:moved: a.b",
        "urn:lost: no longer",
        "broken [/] thing",
    ]
    places = [text.index(mark) for mark in [*marks, "prod-emea: a note"]]
    assert places == sorted(places)
    assert "exit 3" in text


def test_the_table_has_counts_fidelity_and_totals_and_fits_a_small_terminal() -> None:
    fidelity = {"emulated": 3, "model-checked": 2, "typed": 1}
    stacks = [
        StackVerdict(stack=f"staging-{name}", changes={"create": 6}, resources=6, fidelity=fidelity)
        for name in ("americas", "federation")
    ]
    text = shown(whole(*stacks, environment="staging"))
    assert "12" in text.splitlines()[-3]
    assert "fidelity: 6 emulated, 4 model-checked, 2 typed" in text
    small = shown(whole(*stacks, environment="staging"), width=80)
    assert max(map(len, small.splitlines())) <= 80
    assert "federation" in small
    assert "staging-federation" not in small
    assert all(name in small for name in ("replace", "seconds", "fine"))
    assert "every policy passes; 12 change(s) would be made" in small


def test_what_was_destroyed_and_kept_is_said() -> None:
    text = shown(
        whole(StackVerdict(stack="prod-emea", changes={"delete": 4}, protected=("urn:a", "urn:b")), command="destroy")
    )
    assert "2 resources protected" in text
    assert "urn:a" in text
    assert "4 resource(s) deleted, 2 protected and kept" in text


def test_the_same_error_of_several_stacks_is_shown_once() -> None:
    same = [Diagnostic(severity="error", urn="", text="no virtual environment")]
    stacks = [StackVerdict(stack=f"prod-{name}", result=Result.FAILED, diagnostics=same) for name in ("emea", "apac")]
    text = shown(whole(*stacks))
    assert "error prod-emea, prod-apac" in text
    assert text.count("no virtual environment") == 1


def test_an_interrupted_run_says_how_to_go_on() -> None:
    assert "to go on: nautilus up --env prod" in shown(
        whole(StackVerdict(stack="prod-emea", result=Result.INTERRUPTED), command="up")
    )


def test_long_lists_are_cut_and_counted() -> None:
    many = [finding("RES-002", resource=f"urn:{number:03}") for number in range(report.SHOWN + 5)]
    text = shown(whole(StackVerdict(stack="prod-emea", result=Result.STOPPED, findings=many)))
    assert "… and 5 more findings" in text


def test_the_json_form_has_everything(tmp_path: Path) -> None:
    stack = StackVerdict(
        stack="prod-emea", result=Result.STOPPED, findings=[finding("RES-002"), finding("KEY-010", mandatory=False)]
    )
    report.write_json(whole(stack), tmp_path / "deep" / "verdict.json")
    data = json.loads((tmp_path / "deep" / "verdict.json").read_text())
    assert data["exit_code"] == 3
    assert data["stacks"][0]["policies"] == {"mandatory": 1, "advisory": 1}
    assert data["stacks"][0]["findings"][0]["rule"] == "RES-002"
    assert data["stacks"][0]["result"] == "policy stop"
