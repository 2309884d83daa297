"""One writing run at a time for each environment and place on this machine: the first wins, the others learn who it is.

The lock is the kernel's: it is gone when its holder is, however that ended. It says nothing about other machines; there the
engine's own locks hold.
"""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nautilus.cli.exits import CommandError


@contextmanager
def hold(path: Path, what: str) -> Iterator[None]:
    """Hold the lock for the block; `what` names the run for others. Raises CommandError when another run has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            holder = stream.read().strip() or "another run"
            raise CommandError(f"{holder} is at work", "wait until it ends and run the command again") from None
        stream.truncate(0)
        stream.write(f"`{what}` (process {os.getpid()} of {_user()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC)")
        stream.flush()
        try:
            yield
        finally:
            stream.truncate(0)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"
