"""Runs Pulumi's own engine on one stack at a time and gives back what it said.

Guarantees that no variable that makes the engine print secrets reaches it, that its processes end with ours, and that what
it says is read whole. It runs the command line, not the Automation API: the event log then carries the policy results.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from nautilus.cli.events import Diagnostic, Tail, Tally
from nautilus.cli.exits import CommandError

POLL_S = 0.1
REVEALING = (
    "PULUMI_DEBUG_GRPC",
    "PULUMI_OPTION_VERBOSE",
    "PULUMI_OPTION_SHOW_SECRETS",
    "PULUMI_OPTION_LOGTOSTDERR",
    "TF_LOG",
)
"""Environment variables that make the engine or a provider print secrets (measured: `PULUMI_DEBUG_GRPC` and `-v=9` do)."""


class Operation(StrEnum):
    """What the engine is asked to do with a stack."""

    PREVIEW = "preview"
    UP = "up"
    REFRESH = "refresh"
    DESTROY = "destroy"


@dataclass(frozen=True, kw_only=True)
class Job:
    """One call of the engine. `arguments` come after those that every call has; `environment` is the whole of it."""

    stack: str
    operation: Operation
    config_file: Path
    folder: Path
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def event_log(self) -> Path:
        """Where the engine writes its events."""
        return self.folder / f"{self.stack}.{self.operation}.events"

    @property
    def output(self) -> Path:
        """Where everything that the engine prints goes."""
        return self.folder / f"{self.stack}.{self.operation}.txt"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a job ended. `seconds` is wall time; `interrupted` says that a signal was passed on to it."""

    code: int
    seconds: float
    tally: Tally
    interrupted: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether the engine itself reported success."""
        return self.code == 0


class Engine:
    """The `pulumi` executable on one project. Safe to use from several threads, one stack each."""

    def __init__(self, executable: Path, project: Path) -> None:
        self.executable = executable
        self.project = project
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._interrupts = 0

    @property
    def interrupted(self) -> bool:
        """Whether a signal asked the runs to end."""
        return self._interrupts > 0

    def interrupt(self) -> int:
        """Pass an interrupt on to every run: the first ends them in order, a second at once. Returns how many there are."""
        with self._lock:
            self._interrupts += 1
            for process in self._running:
                process.send_signal(signal.SIGINT)
            return len(self._running)

    def run(self, job: Job, on_events: Callable[[Tally], None]) -> Ended:
        """Run the job to its end, calling `on_events` with the tally so far whenever it grew; a failed run raises nothing.

        What it returns was read from the whole log afterwards: a destroy's deletions write the log of its preview anew.
        """
        started = time.monotonic()
        tally = Tally()
        if self.interrupted:
            return Ended(code=-signal.SIGINT, seconds=0.0, tally=tally, interrupted=True)
        job.event_log.unlink(missing_ok=True)
        tail = Tail(job.event_log)
        with job.output.open("wb") as output:
            process = self._start(self._command(job), job.environment, output)
            try:
                while process.poll() is None:
                    tally = self._drain(tail, tally, on_events)
                    try:
                        process.wait(timeout=POLL_S)
                    except subprocess.TimeoutExpired:
                        continue
            finally:
                with self._lock:
                    self._running.discard(process)
        self._drain(tail, tally, on_events)
        tally = self._drain(Tail(job.event_log), Tally(), _unheard)
        if process.returncode != 0 and not tally.errors() and not any(item.mandatory for item in tally.findings):
            tally.diagnostics.extend(_printed_errors(job.output.read_text(errors="replace"), process.returncode))
        return Ended(code=process.returncode, seconds=time.monotonic() - started, tally=tally, interrupted=self.interrupted)

    def ask(self, arguments: tuple[str, ...], environment: Mapping[str, str], *, folder: Path | None = None) -> str:
        """Run a short command (`stack init`, `cancel` …) and return what it printed; raises CommandError when it fails."""
        done = subprocess.run(
            [str(self.executable), "-C", str(folder or self.project), *arguments, "--non-interactive"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            errors = _printed_errors(done.stderr + done.stdout, done.returncode)
            raise CommandError(f"pulumi {' '.join(arguments[:2])}: {errors[0].text}")
        return done.stdout

    def _command(self, job: Job) -> list[str]:
        return [
            str(self.executable),
            job.operation.value,
            "--stack",
            job.stack,
            "--cwd",
            str(self.project),
            "--config-file",
            str(job.config_file),
            "--event-log",
            str(job.event_log),
            "--non-interactive",
            "--color",
            "never",
            "--suppress-outputs",
            "--suppress-progress",
            *job.arguments,
        ]

    def _start(self, command: list[str], environment: Mapping[str, str], output: object) -> subprocess.Popen[bytes]:
        with self._lock:
            process: subprocess.Popen[bytes]
            # A session of its own: the terminal's Ctrl-C reaches the engine once, through `interrupt`, not twice.
            process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,  # type: ignore[call-overload]
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if _LIBC is not None else None,  # noqa: PLW1509 - one prepared system call
            )
            self._running.add(process)
            return process

    @staticmethod
    def _drain(tail: Tail, tally: Tally, on_events: Callable[[Tally], None]) -> Tally:
        """Add what the log gained and return the tally, a new one where the log began again."""
        count = 0
        for event in tail.read():
            if tail.restarted and not count:
                tally = Tally()
            tally.feed(event)
            count += 1
        if count:
            on_events(tally)
        return tally


def environment(base: Mapping[str, str], extra: Mapping[str, str], executable: Path) -> dict[str, str]:
    """Return the environment of an engine call: `base` with `extra` over it, and nothing in it that reveals secrets.

    The engine's folder comes first on PATH. Raises CommandError in continuous integration (`CI` set) when a revealing
    variable is there: logs are kept and shared there.
    """
    revealing = [name for name in REVEALING if base.get(name)]
    if revealing and base.get("CI"):
        raise CommandError(
            f"{', '.join(revealing)} prints secrets into the log", "unset it: refused in continuous integration"
        )
    result = {name: value for name, value in base.items() if name not in REVEALING} | dict(extra)
    return result | {
        "PATH": f"{executable.parent}{os.pathsep}{result.get('PATH', '')}",
        # `--event-log` is one of the engine's debugging flags and exists only with this set.
        "PULUMI_DEBUG_COMMANDS": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
    }


def _unheard(tally: Tally) -> None:
    """Show nothing of a log that was followed already."""
    del tally


def _printed_errors(text: str, code: int) -> list[Diagnostic]:
    """Return the error that the engine printed outside its event log, such as a lock that it could not take."""
    match = re.search(r"^error: (.+?)(?=\n\S|\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    message = match.group(1).strip() if match else f"the engine ended with status {code} and no message"
    return [Diagnostic(severity="error", urn="", text=message)]


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """Have the kernel interrupt the engine when who waits for it is gone, as after `kill -9`: no process stays."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT))
