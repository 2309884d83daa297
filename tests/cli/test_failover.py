"""`nautilus failover` without an engine: its steps, gates and roll-back, an interruption, and what it refuses (FO-1)."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nautilus.cli import failover, operate
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.operation import LONGEST_REASON, Journal, OperationFile
from nautilus.cli.place import Sandbox
from nautilus.cli.project import Project
from nautilus.cli.verdict import Result
from nautilus.federation import strategy
from tests.cli import operating
from tests.cli.conftest import Tiny
from tests.cli.operating import PROD, Desk

WEST = "nautilus-enterprise-eu-west-1"
CENTRAL = "nautilus-enterprise-eu-central-1"
SHIFTED = """id: prod
shifts:
  nautilus-enterprise-eu-west-1: {keeps: 0.5, since: 2026-11-21T09:30:00Z, reason: a trial}
halts: {}
"""


@pytest.fixture
def ready(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return operating.desk(tiny.root, monkeypatch)


@pytest.fixture
def unstarted(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], int]:
    return operating.unstarted(tiny.root, monkeypatch)


def gate_failing_at(root: Path, step: int) -> str:
    """Give a gate that notes each step that it sees and fails at one of them."""
    script = root / "gate.py"
    script.write_text(
        "import os, pathlib, sys\n"
        "with pathlib.Path(__file__).with_name('seen.txt').open('a') as seen:\n"
        "    print(os.environ['NAUTILUS_STEP'], os.environ['NAUTILUS_KEEPS'], os.environ['NAUTILUS_SOURCES'], file=seen)\n"
        f"sys.exit(7 if os.environ['NAUTILUS_STEP'] == '{step}' else 0)\n"
    )
    return f"{sys.executable} {script}"


def start(ready: Desk, how: str = "gradual", gates: tuple[str, ...] = (), where: str = "eu-west-1") -> ExitCode:
    plan = ready.operator.plan(where, how, "a drill")
    return ready.operator.failover(plan, gates, 0).run()


def shares(found: Mapping[str, Mapping[str, float]]) -> list[float]:
    """Give what eu-west-1 has of the two fronts that tell algorithms apart."""
    return [found["trading-eu"].get(WEST, 0.0), found["client-eu"].get(WEST, 0.0)]


def test_a_gradual_failover_takes_four_steps_each_applied_to_the_federation_alone(ready: Desk) -> None:
    assert start(ready) is ExitCode.FINE
    assert ready.applied == [("federation",)] * 4
    assert [line["title"] for line in ready.journal] == ["keep 75%", "keep 50%", "keep 25%", "keep 0%"]
    assert [shares(line["shares"]) for line in ready.journal] == [[0.75, 0.375], [0.5, 0.25], [0.25, 0.125], [0.0, 0.0]]
    assert ready.found["trading-eu"] == {CENTRAL: 1.0}
    assert ready.operator.begun() is None


def test_the_plan_shows_every_step_and_who_takes_over(ready: Desk) -> None:
    ready.operator.show(ready.operator.plan("eu-west-1", "gradual", "a drill"))
    for text in ("1. keep 75%", "2. keep 50%", "3. keep 25%", "4. keep 0%", "trading-eu", f"{CENTRAL} 100%"):
        assert text in ready.said
    assert "everything as it was before" in ready.said
    assert ready.applied == []


def test_a_gate_that_fails_at_half_leads_back_to_the_exact_file_and_shares(ready: Desk) -> None:
    before, found = ready.file.read_bytes(), {front: dict(one) for front, one in ready.found.items()}
    assert start(ready, gates=(gate_failing_at(ready.root, 2),)) is ExitCode.FAILED
    assert ready.file.read_bytes() == before
    assert ready.found == found
    assert (ready.root / "seen.txt").read_text() == f"1 0.75 {WEST}\n2 0.5 {WEST}\n"
    assert len(ready.applied) == 3
    assert [line["what"] for line in ready.journal] == ["failover step", "failover rolled back"]
    assert ready.journal[-1]["exact"] is True
    assert "ended with 7" in ready.journal[-1]["why"]
    assert "shares are exactly as before" in ready.said
    assert ready.operator.begun() is None


@pytest.mark.parametrize("result", [Result.STOPPED, Result.FAILED])
def test_an_update_that_a_policy_stops_or_that_fails_is_rolled_back(ready: Desk, result: Result) -> None:
    before = ready.file.read_bytes()
    ready.results = {1: result}
    assert start(ready) is ExitCode.FAILED
    assert ready.file.read_bytes() == before
    assert "the update ended with" in ready.journal[-1]["why"]


def test_what_is_deployed_must_be_what_was_derived(ready: Desk) -> None:
    plan = ready.operator.plan("eu-west-1", "gradual", "a drill")
    run = ready.operator.failover(plan, (), 0)
    first = dict(ready.found)
    run.deployed = lambda: first
    assert run.run() is ExitCode.FAILED
    assert "deployed shares are not the derived ones: client-eu" in ready.journal[-1]["why"]
    assert len(ready.applied) == 2


def test_a_roll_back_that_fails_is_said_and_can_be_repeated(ready: Desk) -> None:
    before = ready.file.read_bytes()
    ready.results = {1: Result.FAILED, 2: Result.FAILED}
    with pytest.raises(CommandError, match="the roll-back itself ended with 1"):
        start(ready)
    found = ready.operator.begun()
    assert found is not None
    assert ready.operator.failover(found[0], (), 0, found[1]).roll_back("asked for") is ExitCode.FAILED
    assert ready.file.read_bytes() == before
    assert ready.operator.begun() is None


def test_a_roll_back_that_leaves_other_shares_is_no_success(ready: Desk) -> None:
    plan = ready.operator.plan("eu-west-1", "gradual", "a drill")
    run = ready.operator.failover(plan, (), 0)
    nearly = {**ready.found, "trading-eu": {WEST: 1.0 - 1e-12}}
    run.deployed = lambda: nearly
    with pytest.raises(CommandError, match="rolled back, but shares differ from before: trading-eu"):
        run.roll_back("asked for")
    assert ready.journal[-1]["exact"] is False


def test_an_interrupted_failover_is_taken_up_where_it_stopped(ready: Desk) -> None:
    ready.results = {1: Result.INTERRUPTED}
    assert start(ready) is ExitCode.INTERRUPTED
    with pytest.raises(CommandError, match="a failover from eu-west-1 is under way, 1 step"):
        ready.operator.refuse_begun()
    found = ready.operator.begun()
    assert found is not None
    plan, done = found
    assert done == 1
    assert ready.operator.failover(plan, (), 0, done).run() is ExitCode.FINE
    steps = [line["step"] for line in ready.journal if line["what"] == "failover step"]
    assert steps == [1, 2, 3, 4]
    assert ready.operator.begun() is None


@pytest.mark.parametrize("applies", [0, 1, 3])
def test_a_failover_that_was_killed_is_rolled_back_to_the_exact_file(ready: Desk, applies: int) -> None:
    class Killed(BaseException):
        """What no handler of ours ever sees."""

    before, found = ready.file.read_bytes(), ready.found
    apply = ready.apply

    def killed(groups: tuple[str, ...]) -> Any:
        if len(ready.applied) == applies:
            raise Killed
        return apply(groups)

    plan = ready.operator.plan("eu-west-1", "gradual", "a drill")
    run = ready.operator.failover(plan, (), 0)
    run.apply = lambda: killed(("federation",))
    with pytest.raises(Killed):
        run.run()
    assert ready.file.read_bytes() != before
    again = ready.operator.begun()
    assert again is not None
    assert again == (plan, applies)
    ready.operator.failover(again[0], (), 0, again[1]).roll_back("asked for")
    assert ready.file.read_bytes() == before
    assert ready.found == found


def test_an_interrupt_while_a_gate_runs_leaves_a_failover_to_take_up(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("nautilus.cli.failover.subprocess.run", interrupted)
    assert start(ready, gates=("true",)) is ExitCode.INTERRUPTED
    assert "take it up with `nautilus failover --resume`" in ready.said
    assert ready.journal[-1]["what"] == "failover interrupted"
    assert ready.operator.begun() is not None


def test_a_trial_that_fails_goes_a_step_back_only(ready: Desk) -> None:
    assert start(ready, "circuit-breaker", (gate_failing_at(ready.root, 2),)) is ExitCode.FAILED
    assert shares(ready.found) == [0.0, 0.0]
    assert ready.journal[-1]["what"] == "failover went a step back"
    assert ready.operator.begun() is None


@pytest.mark.parametrize("how", list(strategy.Strategy))
def test_every_strategy_ends_as_its_last_step_says(ready: Desk, how: strategy.Strategy) -> None:
    assert start(ready, how.value) is ExitCode.FINE
    last = strategy.steps(how, (WEST,))[-1]
    kept = {tier: last.keeps if tier in (last.tiers or strategy.TIERS) else 1.0 for tier in strategy.TIERS}
    assert shares(ready.found) == [kept[0] * 1.0, kept[3] * 0.5]


@pytest.mark.parametrize(
    ("where", "code", "message"),
    [
        ("atlantis", ExitCode.USAGE, "'atlantis' is nothing that traffic can be moved away from"),
        ("1", ExitCode.USAGE, "'1' is nothing that traffic can be moved away from"),
        ("asia-south-1", ExitCode.FAILED, "asia-south-1: no other lawful endpoint for client-in, portfolio-in"),
        ("aws/ap-south-2", ExitCode.FAILED, "nautilus-enterprise-asia-south-1-standby answers for nobody now"),
    ],
)
def test_what_cannot_be_moved_is_refused_with_the_reason(ready: Desk, where: str, code: ExitCode, message: str) -> None:
    before = ready.file.read_bytes()
    with pytest.raises(CommandError, match=message) as caught:
        ready.operator.plan(where, "gradual", "a drill")
    assert caught.value.code is code
    assert ready.file.read_bytes() == before


@pytest.mark.parametrize("how", ["gradual", "canary", "blue-green", "rolling", "load-shedding"])
def test_a_first_step_that_would_bring_traffic_back_is_refused(ready: Desk, how: str) -> None:
    ready.file.write_text(SHIFTED)
    with pytest.raises(CommandError, match=f"{WEST} keeps less already than after the first step"):
        ready.operator.plan("eu-west-1", how, "a drill")


@pytest.mark.parametrize("how", ["immediate", "circuit-breaker"])
def test_a_place_that_keeps_a_part_can_still_be_left_at_once(ready: Desk, how: str) -> None:
    ready.file.write_text(SHIFTED)
    assert ready.operator.plan("eu-west-1", how, "a drill").steps[0].keeps == 0


def test_a_federation_that_is_not_as_declared_is_not_touched(ready: Desk) -> None:
    before = ready.file.read_bytes()
    ready.found = {}
    with pytest.raises(CommandError, match="what is deployed is not what is declared: client-au"):
        start(ready)
    assert ready.file.read_bytes() == before
    assert (ready.applied, ready.journal, ready.operator.begun()) == ([], [], None)


@pytest.mark.parametrize(
    ("gate", "message"),
    [("", "names no command"), ("no-such-command --now", "names no command"), ("sh -c 'true", "cannot be read")],
)
def test_a_gate_that_cannot_run_is_refused_before_the_first_step(ready: Desk, gate: str, message: str) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        start(ready, gates=(gate,))
    assert caught.value.code is ExitCode.USAGE
    assert ready.applied == []


def test_a_gate_that_takes_too_long_or_vanishes_has_failed(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failover, "GATE_LIMIT_S", 0.2)
    assert start(ready, gates=("sleep 5",)) is ExitCode.FAILED
    assert "the gate 'sleep 5' took longer than 0.2 s" in ready.journal[-1]["why"]
    plan = ready.operator.plan("eu-west-1", "gradual", "a drill")
    run = ready.operator.failover(plan, (), 0)
    run.gates = ("/nowhere/gate",)
    assert run.run() is ExitCode.FAILED
    assert "cannot be run" in ready.journal[-1]["why"]


@pytest.mark.parametrize(
    ("reason", "message"), [("  ", "no reason is given"), ("x" * (LONGEST_REASON + 1), "a reason of 401 characters")]
)
def test_a_reason_must_fit_the_catalogue(ready: Desk, reason: str, message: str) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        ready.operator.plan("eu-west-1", "gradual", reason)
    assert caught.value.code is ExitCode.USAGE


@pytest.mark.parametrize("reason", ["a: b # c", "'quoted' \"twice\"", "two\nlines", "no", "[x]", "x" * LONGEST_REASON])
def test_any_reason_comes_back_from_the_file_as_it_was(ready: Desk, reason: str) -> None:
    plan = ready.operator.plan("eu-west-1", "immediate", reason)
    assert ready.operator.failover(plan, (), 0).run() is ExitCode.FINE
    assert ready.catalogue.operations[PROD].shifts[WEST].reason == reason
    assert ready.file.read_text().startswith("# yaml-language-server:")


def test_a_note_or_a_kept_file_that_is_broken_is_said(ready: Desk) -> None:
    ready.operator.journal.begin({"done": 0})
    path = ready.operator.journal.path.with_name("prod.open.json")
    path.write_text("{")
    with pytest.raises(CommandError, match="is broken"):
        ready.operator.begun()
    path.unlink()
    plan = ready.operator.plan("eu-west-1", "immediate", "a drill")
    with pytest.raises(CommandError, match=r"prod\.yaml, as it was before the failover, is broken"):
        ready.operator.failover(replace(plan, before="a: [1"), (), 0)


def test_a_file_that_is_gone_or_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        OperationFile(path=tmp_path / "prod.yaml").read()
    (tmp_path / "taken").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        OperationFile(path=tmp_path / "taken" / "prod.yaml").put("id: prod\n")
    assert Journal(folder=tmp_path, environment="prod").begun() is None


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], ExitCode.USAGE, "error: nothing to move away from"),
        (["--resume"], ExitCode.USAGE, "error: no failover is under way"),
        (["--roll-back"], ExitCode.USAGE, "error: no failover is under way"),
        (["--resume", "--roll-back"], ExitCode.USAGE, "error: --resume and --roll-back say opposite things"),
        (["--from", "atlantis"], ExitCode.USAGE, "error: 'atlantis' is nothing that traffic can be moved away from"),
        (["--from", "asia-south-1"], ExitCode.FAILED, "no other lawful endpoint for client-in"),
        (["--from", "eu-west-1", "--strategy", "sideways"], ExitCode.USAGE, "sideways"),
        (["--from", "eu-west-1", "--settle", "-1"], ExitCode.USAGE, "'--settle'"),
        (["--from", "eu-west-1", "--reason", " "], ExitCode.USAGE, "error: no reason is given"),
    ],
)
def test_the_command_line_refuses_without_a_traceback(
    words: list[str], code: ExitCode, message: str, unstarted: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert unstarted(["failover", *words]) == code
    printed = capsys.readouterr().err
    assert message in printed
    assert "Traceback" not in printed
    assert "unexpected" not in printed


def test_a_plan_alone_changes_nothing(
    tiny: Tiny, unstarted: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    file = tiny.root / "config" / "catalogue" / "operations" / "prod.yaml"
    before = file.read_bytes()
    assert unstarted(["failover", "--from", "eu-west-1", "--plan"]) == ExitCode.FINE
    assert "4. keep 0%" in capsys.readouterr().out
    assert file.read_bytes() == before
    assert operate.Operator(Sandbox(Project(root=tiny.root), None), PROD, None).begun() is None  # type: ignore[arg-type]
