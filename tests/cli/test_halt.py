"""`nautilus halt` and `nautilus resume` without an engine: order, record, whom to tell, and what is refused (HALT-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nautilus.cli import halt, operate
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.halt import Cause
from nautilus.cli.operation import FOLDER
from nautilus.cli.place import Sandbox
from nautilus.cli.verdict import Result
from tests.cli import operating
from tests.cli.conftest import Tiny
from tests.cli.operating import PROD, Desk

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLASSES = ("client", "portfolio", "reporting", "risk", "trading")


@pytest.fixture
def ready(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(operate, "now", lambda: NOW)
    return operating.desk(tiny.root, monkeypatch)


@pytest.fixture
def unstarted(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], int]:
    return operating.unstarted(tiny.root, monkeypatch)


def stop(ready: Desk, jurisdiction: str = "in", cause: Cause = Cause.REGULATORY) -> ExitCode:
    return ready.operator.halt(jurisdiction, cause, "a drill", wait=False)


def served(ready: Desk, jurisdiction: str) -> list[bool]:
    """Say for each class whether anybody serves it."""
    return [bool(ready.found[f"{name}-{jurisdiction}"]) for name in CLASSES]


def test_traffic_goes_before_entries_close_and_comes_after_they_open(ready: Desk) -> None:
    before, others = ready.file.read_text(), {front: one for front, one in ready.found.items() if not front.endswith("-in")}
    assert stop(ready) is ExitCode.FINE
    assert ready.applied == [("federation",), ("apac",)]
    assert served(ready, "in") == [False] * 5
    assert {front: one for front, one in ready.found.items() if not front.endswith("-in")} == others
    assert ready.operator.resume(("in",)) is ExitCode.FINE
    assert ready.applied[2:] == [("apac",), ("federation",)]
    assert served(ready, "in") == [True] * 5
    assert ready.file.read_text() == before


def test_a_regulatory_halt_ends_by_itself_and_one_after_a_breach_does_not(ready: Desk) -> None:
    stop(ready)
    stop(ready, "uk", Cause.BREACH)
    halts = ready.catalogue.operations[PROD].halts
    assert (halts["in"].since, halts["in"].resumes) == ("2026-11-21T09:30:00Z", "2026-11-21T09:35:00Z")
    assert halts["in"].reason == "regulatory: a drill"
    assert halts["uk"].resumes is None
    assert "in: halted since 2026-11-21T09:30:00Z, until 2026-11-21T09:35:00Z" in ready.said
    assert "uk: halted since 2026-11-21T09:30:00Z, until a person resumes it" in ready.said
    assert halt.due(ready.catalogue, PROD, NOW + timedelta(seconds=299)) == ()
    assert halt.due(ready.catalogue, PROD, NOW + timedelta(days=99)) == ("in",)


def test_whom_to_notify_until_when_is_said(ready: Desk) -> None:
    stop(ready)
    law = ready.catalogue.jurisdictions["in"]
    assert law.notices
    assert f"{law.name}: whom to notify, from 2026-11-21T09:30:00Z" in ready.said
    for rule in law.notices:
        assert rule.to.split()[0] in ready.said
    assert law.regulator in ready.said


def test_everything_is_in_the_journal(ready: Desk) -> None:
    stop(ready)
    ready.operator.resume(("in",))
    assert [line["what"] for line in ready.journal] == ["halt", "applied", "resume", "applied"]
    first = ready.journal[0]
    assert (first["jurisdiction"], first["cause"], first["reason"]) == ("in", "regulatory", "a drill")
    assert first["resumes"] == "2026-11-21T09:35:00Z"
    assert all(line["by"] and line["at"] for line in ready.journal)


@pytest.mark.parametrize(("at", "applied"), [(0, [("federation",)]), (1, [("federation",), ("apac",)])])
def test_a_halt_that_is_not_applied_stays_declared_and_is_said(ready: Desk, at: int, applied: list[tuple[str, ...]]) -> None:
    ready.results = {at: Result.STOPPED}
    assert stop(ready) is ExitCode.POLICY_STOPPED
    assert ready.applied == applied
    assert "in halted is declared but not applied: run `nautilus up`" in ready.said
    assert ready.journal[-1]["what"] == "not applied"
    assert "in" in ready.catalogue.operations[PROD].halts


def test_what_is_due_resumes_and_what_is_not_stays(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stop(ready)
    stop(ready, "uk", Cause.BREACH)
    assert ready.operator.resume_due() is ExitCode.FINE
    assert "no halt has reached its end" in ready.said
    monkeypatch.setattr(operate, "now", lambda: NOW + timedelta(seconds=300))
    assert ready.operator.resume_due() is ExitCode.FINE
    assert set(ready.catalogue.operations[PROD].halts) == {"uk"}
    assert served(ready, "in") == [True] * 5
    assert served(ready, "uk") == [False] * 5


def test_waiting_ends_with_the_resumption(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("nautilus.cli.operate.time.sleep", slept.append)
    assert ready.operator.halt("in", Cause.REGULATORY, "a drill", wait=True) is ExitCode.FINE
    assert slept == [300.0]
    assert ready.catalogue.operations[PROD].halts == {}
    assert ready.applied == [("federation",), ("apac",), ("apac",), ("federation",)]


def test_nobody_else_serves_from_a_halted_jurisdiction(ready: Desk) -> None:
    members = {name for front in ("trading-eu", "client-eu") for name in ready.found[front]}
    stop(ready, "eu")
    assert served(ready, "eu") == [False] * 5
    assert not members & {name for one in ready.found.values() for name in one}


def test_a_jurisdiction_is_halted_once_and_resumed_once(ready: Desk) -> None:
    with pytest.raises(CommandError, match="is not halted; halted is no jurisdiction"):
        ready.operator.resume(("in",))
    stop(ready)
    with pytest.raises(CommandError, match="is halted already, since 2026-11-21T09:30:00Z") as caught:
        stop(ready)
    assert caught.value.fix == "nautilus resume --jurisdiction in"
    with pytest.raises(CommandError, match="is not halted; halted is in"):
        ready.operator.resume(("uk",))
    assert len(ready.applied) == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["halt"], ExitCode.USAGE, "--jurisdiction"),
        (["halt", "--jurisdiction", "in"], ExitCode.USAGE, "--cause"),
        (["halt", "--jurisdiction", "in", "--cause", "boredom", "--reason", "x"], ExitCode.USAGE, "boredom"),
        (["halt", "--jurisdiction", "xx", "--cause", "breach", "--reason", "x"], ExitCode.USAGE, "'xx' is no jurisdiction"),
        (["halt", "--jurisdiction", "in", "--cause", "breach", "--reason", ""], ExitCode.USAGE, "no reason is given"),
        (["resume"], ExitCode.USAGE, "nothing to resume"),
        (["resume", "--due", "--jurisdiction", "in"], ExitCode.USAGE, "nothing to resume"),
        (["resume", "--jurisdiction", "xx"], ExitCode.USAGE, "'xx' is no jurisdiction"),
        (["resume", "--jurisdiction", "in"], ExitCode.USAGE, "is not halted; halted is no jurisdiction"),
    ],
)
def test_the_command_line_refuses_without_a_traceback(
    words: list[str], code: ExitCode, message: str, unstarted: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert unstarted(words) == code
    printed = capsys.readouterr().err
    assert message in printed
    assert "Traceback" not in printed
    assert "unexpected" not in printed


def test_no_halt_begins_while_a_failover_is_under_way(
    tiny: Tiny, unstarted: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = operating.desk(tiny.root, monkeypatch)
    ready.operator.journal.begin({"from": "eu-west-1", "done": 2})
    file = Path(tiny.root / FOLDER / "prod.yaml")
    before = file.read_bytes()
    for words in (
        ["halt", "--jurisdiction", "in", "--cause", "breach", "--reason", "x"],
        ["resume", "--jurisdiction", "in"],
    ):
        assert unstarted(words) == ExitCode.FAILED
        assert "a failover from eu-west-1 is under way, 2 step(s) done" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_clients_are_waited_for_at_the_real_clouds_only(ready: Desk) -> None:
    place = ready.operator.place
    assert isinstance(place, Sandbox)
    assert operate.settle_s(place) == 0
    place.name = "real"
    assert operate.settle_s(place) == ready.catalogue.traffic.ttl_s
