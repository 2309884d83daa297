"""Starts, stops and describes a sandbox's process, and gives the environment in which the engine uses it.

Guarantees that `start` can be repeated and returns only when everything serves, that `stop` never ends a process that
took over an old id, and that the environment holds no real credential. Does not run the engine.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nautilus.sandbox import guard
from nautilus.sandbox.handler import Fidelity
from nautilus.sandbox.ledger import FILE, Ledger
from nautilus.sandbox.packages import CLOUDS
from nautilus.sandbox.process import HOST, LOCK, STATUS, started_at

_START_S: Final = 60.0
_STOP_S: Final = 5.0
_POLL_S: Final = 0.02
_LOG_TAIL: Final = 15


class ControlError(Exception):
    """The process did not start or did not stop; the message has the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """A sandbox that serves: ports by package, other endpoints by name (moto), and how many resources its ledger has."""

    home: Path
    pid: int
    ports: Mapping[str, int]
    endpoints: Mapping[str, str]
    resources: int


def start(home: Path, packages: Iterable[str] | None = None) -> Status:
    """Starts the process unless it serves already. `packages` are `module:attribute` names, by default the three clouds.

    Raises NotOurs for a folder that is not a sandbox's, ControlError when it does not come up within 60 s.
    """
    home = home.resolve()
    guard.claim(home)
    names = CLOUDS if packages is None else tuple(packages)
    with _one_at_a_time(home):
        running = status(home)
        if running is not None:
            return running
        log = home / "log" / "sandbox.log"
        log.parent.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "nautilus.sandbox", "serve", "--home", str(home)]
        command += [part for name in names for part in ("--package", name)]
        pid = _detached(command, log)
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            running = status(home)
            if running is not None:
                return running
            ended, code = os.waitpid(pid, os.WNOHANG)
            if ended:
                ended_with = os.waitstatus_to_exitcode(code)
                raise ControlError(f"the sandbox ended with {ended_with} while starting:\n{_tail(log)}")
            time.sleep(_POLL_S)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise ControlError(f"the sandbox did not serve within {_START_S:g} s:\n{_tail(log)}")


def stop(home: Path) -> bool:
    """Ends the process; false when none ran. Raises ControlError when it does not end within 5 s."""
    home = home.resolve()
    if not home.exists():
        return False
    with _one_at_a_time(home):
        data = _published(home)
        if data is None or not _ours(data):
            return False
        pid = int(data["pid"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _STOP_S
        while time.monotonic() < until:
            # A child of ours stays a zombie until it is waited for.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if not _ours(data):
                (home / STATUS).unlink(missing_ok=True)
                return True
            time.sleep(_POLL_S)
        raise ControlError(f"the sandbox (process {pid}) did not stop within {_STOP_S:g} s")


def status(home: Path) -> Status | None:
    """The sandbox that serves from a home, None where none does."""
    home = home.resolve()
    data = _published(home)
    if data is None or not _ours(data) or not all(_listens(port) for port in data["ports"].values()):
        return None
    ledger = Ledger(home)
    try:
        resources = ledger.count()
    finally:
        ledger.close()
    return Status(home=home, pid=data["pid"], ports=data["ports"], endpoints=data["endpoints"], resources=resources)


def environment(home: Path) -> dict[str, str]:
    """The variables in which `pulumi` uses this sandbox; those that are empty blank out what a shell may hold.

    Raises ControlError when the sandbox does not serve, NotOurs for a folder that is not a sandbox's.
    """
    home = home.resolve()
    marker = guard.marked(home)
    running = status(home)
    if running is None:
        raise ControlError(f"no sandbox serves from {home}: start it first")
    blank = dict.fromkeys((*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES), "")
    return blank | {
        "PULUMI_BACKEND_URL": f"file://{home / 'state'}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": marker.passphrase,
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in sorted(running.ports.items())),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "NAUTILUS_SANDBOX": "1",
    }


def fidelity_counts(home: Path, stack: str | None = None) -> dict[Fidelity, int]:
    """How many live resources there are of each fidelity, of one stack (`prod-emea`) or of all; zeros without a ledger."""
    if not (home / FILE).exists():
        return dict.fromkeys(Fidelity, 0)
    ledger = Ledger(home)
    try:
        return ledger.fidelity(stack)
    finally:
        ledger.close()


def _detached(command: list[str], log: Path) -> int:
    """Starts a process in a session of its own, so that a Ctrl-C at this terminal is not for it; its id."""
    with log.open("ab") as out:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, out.fileno(), 2),
        ]
        return os.posix_spawn(command[0], command, _clean(os.environ), file_actions=actions, setsid=True)


def _published(home: Path) -> dict[str, Any] | None:
    try:
        data: dict[str, Any] = json.loads((home / STATUS).read_text())
    except (OSError, ValueError):
        return None
    return data if data.keys() >= {"pid", "started", "ports", "endpoints"} else None


def _ours(data: Mapping[str, Any]) -> bool:
    """Whether the process that wrote the status still lives: a later one with its id has another start time."""
    pid = int(data["pid"])
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z" and started_at(pid) == data["started"]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _clean(variables: Mapping[str, str]) -> dict[str, str]:
    dropped = {*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES}
    return {name: value for name, value in variables.items() if name not in dropped}


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_TAIL:])


@contextlib.contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    with (home / f"control-{LOCK}").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
