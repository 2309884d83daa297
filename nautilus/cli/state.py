"""The sandbox's state files and locks, read where they lie: no process is started to look.

Knows the layout of the engine's file backend, version 3: `.pulumi/stacks/<project>/<stack>.json` and
`.pulumi/locks/organization/<project>/<stack>/*.json`. It never writes; the engine does.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

STACK = "pulumi:pulumi:Stack"
"""The type of the resource that stands for the stack itself."""

_CLOCK_SLACK_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a stack's lock. `since` is the lock's own time stamp, ISO 8601."""

    pid: int
    user: str
    host: str
    since: str

    @property
    def alive(self) -> bool:
        """Whether that process still runs; on another host it is taken to run, since nobody here can know."""
        if self.host != socket.gethostname():
            return True
        started = _started_at(self.pid)
        # A process that began after the lock was written only has the old one's number.
        return started is not None and started <= _seconds(self.since) + _CLOCK_SLACK_S

    def __str__(self) -> str:
        """Name the holder for people."""
        return f"{self.user}@{self.host}, process {self.pid}, since {self.since[:19]}"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What a stack's state holds.

    `protected` are URNs; `pending` counts operations that were begun and never confirmed; `outputs` are the stack's own, as
    recorded: a secret one is still encrypted and marked as such.
    """

    resources: int = 0
    protected: tuple[str, ...] = ()
    pending: int = 0
    outputs: Mapping[str, Any] = field(default_factory=dict)


def snapshot(deployment: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot in a deployment, as `stack export` and the state file have it."""
    resources = deployment.get("resources") or []
    return Snapshot(
        resources=len(resources),
        protected=tuple(sorted(str(item["urn"]) for item in resources if item.get("protect"))),
        pending=len(deployment.get("pending_operations") or []),
        outputs=next((item.get("outputs") or {} for item in resources if item.get("type") == STACK), {}),
    )


class FileBackend:
    """A file backend in a folder, for one project."""

    def __init__(self, folder: Path, project: str) -> None:
        self._stacks = folder / ".pulumi" / "stacks" / project
        self._locks = folder / ".pulumi" / "locks" / "organization" / project

    def file(self, stack: str) -> Path:
        """Where the stack's state is, or would be."""
        return self._stacks / f"{stack}.json"

    def exists(self, stack: str) -> bool:
        """Whether the stack was initialised."""
        return self.file(stack).exists()

    def snapshot(self, stack: str) -> Snapshot:
        """Return what the stack holds, nothing when it was never initialised. Raises ValueError when its file is broken."""
        try:
            document = json.loads(self.file(stack).read_bytes())
        except FileNotFoundError:
            return Snapshot()
        if not isinstance(document, dict):
            raise ValueError(f"the state of {stack} is not a mapping")
        return snapshot((document.get("checkpoint") or {}).get("latest") or {})

    def holders(self, stack: str) -> tuple[Holder, ...]:
        """Return who holds the stack's locks; a lock file that is gone or half written by now counts for nothing."""
        found = []
        for path in sorted((self._locks / stack).glob("*.json")):
            try:
                lock = json.loads(path.read_bytes())
                found.append(
                    Holder(
                        pid=int(lock["pid"]),
                        user=str(lock["username"]),
                        host=str(lock["hostname"]),
                        since=str(lock["timestamp"]),
                    )
                )
            except (FileNotFoundError, ValueError, KeyError, TypeError):
                continue
        return tuple(found)


def _started_at(pid: int) -> float | None:
    """Return when a process began, in seconds since 1970, or None when there is none (a zombie is none)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
    except (OSError, StopIteration):
        return _alive_elsewhere(pid)
    if fields[0] in {"Z", "X"}:
        return None
    return int(boot.split()[1]) + int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _alive_elsewhere(pid: int) -> float | None:
    """Answer for systems without /proc: 0 when the process runs, None when it does not."""
    if Path("/proc/stat").exists():
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0.0
    return 0.0


def _seconds(stamp: str) -> float:
    """Return a Go time stamp (up to nine decimals) in seconds since 1970; 0 when it cannot be read."""
    head, _, tail = stamp.partition(".")
    zone = "+00:00" if not tail or tail.endswith("Z") else tail[tail.find("+") if "+" in tail else tail.find("-") :]
    try:
        return datetime.fromisoformat(head.rstrip("Z") + zone).timestamp() + 1
    except ValueError:
        return 0.0
