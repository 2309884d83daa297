"""State files and locks of the engine's file backend."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nautilus.cli.state import FileBackend, Holder, Snapshot


def holder(pid: int, *, host: str | None = None, when: datetime | None = None) -> Holder:
    stamp = (when or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    return Holder(pid=pid, user="someone", host=host or socket.gethostname(), since=stamp)


def write(folder: Path, stack: str, latest: dict[str, Any]) -> None:
    path = folder / ".pulumi" / "stacks" / "nautilus" / f"{stack}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))


def test_a_running_process_is_alive_and_an_ended_one_is_not() -> None:
    assert holder(os.getpid()).alive
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not holder(ended.pid).alive


def test_a_process_younger_than_the_lock_only_has_the_number() -> None:
    assert not holder(os.getpid(), when=datetime.now(UTC) - timedelta(days=1)).alive


def test_a_holder_on_another_machine_counts_as_alive() -> None:
    assert holder(2**22 - 1, host="elsewhere").alive
    assert str(holder(7, host="elsewhere")).startswith("someone@elsewhere, process 7, since 2")


def test_a_snapshot_counts_resources_protected_ones_and_open_operations(tmp_path: Path) -> None:
    write(
        tmp_path,
        "prod-emea",
        {
            "resources": [{"urn": "b", "protect": True}, {"urn": "a", "protect": True}, {"urn": "c"}],
            "pending_operations": [{}],
        },
    )
    backend = FileBackend(tmp_path, "nautilus")
    assert backend.exists("prod-emea")
    assert backend.snapshot("prod-emea") == Snapshot(resources=3, protected=("a", "b"), pending=1)


def test_a_stack_without_state_is_empty(tmp_path: Path) -> None:
    backend = FileBackend(tmp_path, "nautilus")
    assert not backend.exists("prod-emea")
    assert backend.snapshot("prod-emea") == Snapshot()
    assert backend.holders("prod-emea") == ()
    write(tmp_path, "prod-emea", None)  # type: ignore[arg-type]  # as `stack init` writes it
    assert backend.snapshot("prod-emea") == Snapshot()


@pytest.mark.parametrize("content", ['{"checkpoint": {"lat', "[]", "3"])
def test_a_damaged_state_is_refused(tmp_path: Path, content: str) -> None:
    write(tmp_path, "prod-emea", {})
    (tmp_path / ".pulumi/stacks/nautilus/prod-emea.json").write_text(content)
    with pytest.raises(ValueError, match=r"not a mapping|Unterminated|Expecting"):
        FileBackend(tmp_path, "nautilus").snapshot("prod-emea")


def test_holders_come_from_the_lock_files_and_broken_ones_do_not_count(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "nautilus" / "prod-emea"
    folder.mkdir(parents=True)
    lock = {"pid": 7, "username": "someone", "hostname": "elsewhere", "timestamp": "2026-11-21T08:56:11.638014909Z"}
    (folder / "a.json").write_text(json.dumps(lock))
    (folder / "b.json").write_text('{"pid":')
    (folder / "a.json.attrs").write_text("{}")
    (found,) = FileBackend(tmp_path, "nautilus").holders("prod-emea")
    assert (found.pid, found.host) == (7, "elsewhere")
