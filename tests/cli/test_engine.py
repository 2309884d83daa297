"""The engine's environment and its way of running: what reaches it, what comes back, how it is stopped."""

from __future__ import annotations

import signal
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from nautilus.cli.engine import REVEALING, Engine, Job, Operation, environment
from nautilus.cli.events import Tally
from nautilus.cli.exits import CommandError

FIXTURES = Path(__file__).parent / "fixtures"

SCRIPT = """#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in --event-log) log="$2";; esac
  shift
done
{body}
"""


def program(folder: Path, body: str) -> Path:
    """Write a stand-in for the engine."""
    path = folder / "pulumi"
    path.write_text(SCRIPT.replace("{body}", body))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def job(folder: Path) -> Job:
    return Job(
        stack="prod-emea",
        operation=Operation.PREVIEW,
        config_file=folder / "c.yaml",
        folder=folder,
        environment={"PATH": "/usr/bin:/bin"},
    )


@pytest.mark.parametrize("name", REVEALING)
def test_what_reveals_secrets_does_not_reach_the_engine(name: str) -> None:
    result = environment({name: "1", "HOME": "/h", "PATH": "/b"}, {"X": "y"}, Path("/e/pulumi"))
    assert name not in result
    assert (result["PATH"], result["X"], result["HOME"]) == ("/e:/b", "y", "/h")
    assert result["PULUMI_DEBUG_COMMANDS"] == "true"


@pytest.mark.parametrize("name", REVEALING)
def test_in_continuous_integration_it_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match=f"{name} prints secrets"):
        environment({name: "1", "CI": "true"}, {}, Path("/e/pulumi"))


def test_blanks_of_the_place_stand_over_the_shells_own() -> None:
    result = environment({"AWS_ACCESS_KEY_ID": "real"}, {"AWS_ACCESS_KEY_ID": ""}, Path("/e/pulumi"))
    assert result["AWS_ACCESS_KEY_ID"] == ""


def test_events_are_given_as_they_come(tmp_path: Path) -> None:
    event = '{"summaryEvent":{"resourceChanges":{"create":2},"result":"succeeded"}}'
    engine = Engine(program(tmp_path, f"echo '{event}' > \"$log\""), tmp_path)
    calls: list[int] = []
    ended = engine.run(job(tmp_path), lambda tally: calls.append(tally.resources))
    assert ended.succeeded
    assert ended.tally.changes == {"create": 2}
    assert calls == [2]


def test_an_error_outside_the_event_log_is_told(tmp_path: Path) -> None:
    engine = Engine(program(tmp_path, "echo 'error: the stack is currently locked by 1 lock(s).'; exit 255"), tmp_path)
    ended = engine.run(job(tmp_path), _ignore)
    assert not ended.succeeded
    assert [item.text for item in ended.tally.errors()] == ["the stack is currently locked by 1 lock(s)."]


def test_silence_is_told_with_the_status(tmp_path: Path) -> None:
    ended = Engine(program(tmp_path, "exit 3"), tmp_path).run(job(tmp_path), _ignore)
    assert [item.text for item in ended.tally.errors()] == ["the engine ended with status 3 and no message"]


@pytest.mark.parametrize("padding", [0, 20_000])
def test_the_reason_stands_although_the_deletions_write_the_log_of_their_preview_anew(tmp_path: Path, padding: int) -> None:
    """The log that is written anew is shorter than what was read of it or, padded with blank lines, longer."""
    refused = tmp_path / "refused"
    refused.write_text((FIXTURES / "destroy_refused.events").read_text() + "\n" * padding)
    preview = FIXTURES / "destroy_protected.events"
    body = f'cat "{preview}" > "$log"; sleep 0.4; cat "{refused}" > "$log"; exit 1'
    ended = Engine(program(tmp_path, body), tmp_path).run(job(tmp_path), _ignore)
    (error,) = ended.tally.errors()
    assert error.text.startswith("ScopeLocked: ")
    assert ended.tally.result == "failed"


def test_an_old_log_is_not_read_again(tmp_path: Path) -> None:
    job(tmp_path).event_log.write_text('{"summaryEvent":{"resourceChanges":{"create":9},"result":"succeeded"}}\n')
    ended = Engine(program(tmp_path, "exit 0"), tmp_path).run(job(tmp_path), _ignore)
    assert ended.tally.resources == 0


def test_a_short_command_that_fails_gives_the_engines_message(tmp_path: Path) -> None:
    engine = Engine(program(tmp_path, "echo 'error: stack already exists' >&2; exit 255"), tmp_path)
    with pytest.raises(CommandError, match="pulumi stack init: stack already exists"):
        engine.ask(("stack", "init", "x"), {"PATH": "/usr/bin:/bin"})


def test_an_interrupt_reaches_the_run_and_no_further_one_starts(tmp_path: Path) -> None:
    # Not a shell's trap: a shell that was started with the signal ignored, as in the background of another, cannot set one.
    waits = "import pathlib, signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(7))\n"
    waits += "pathlib.Path(sys.argv[1]).touch()\ntime.sleep(60)"
    engine = Engine(program(tmp_path, f"exec '{sys.executable}' -c '{waits}' \"$log\""), tmp_path)
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(engine.run(job(tmp_path), _ignore).code))
    thread.start()
    until = time.monotonic() + 20
    while not job(tmp_path).event_log.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    assert engine.interrupt() == 1
    thread.join(timeout=20)
    assert ended == [7]
    after = engine.run(job(tmp_path), _ignore)
    assert after.interrupted
    assert after.code == -signal.SIGINT


def _ignore(tally: Tally) -> None:
    del tally
