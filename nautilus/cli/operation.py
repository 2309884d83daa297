"""What is in force, as a file of the catalogue that commands write, and the journal of who changed it (FO-1, HALT-1).

Guarantees that the file is written in one step, that a change begun and not ended is found by the next command, and that
every change leaves a line in the journal. It applies nothing: the engine does, from the file.
"""

from __future__ import annotations

import getpass
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nautilus.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from config.model import Operation

FOLDER = Path("config/catalogue/operations")

LONGEST_REASON = 400
"""Characters of a reason: the catalogue takes 500, and a halt's cause stands before it."""


def now() -> datetime:
    """Give this moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """Give a moment as the catalogue writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def checked_reason(text: str) -> str:
    """Give a reason without blanks around it. Raises CommandError (64) for none, or one too long for the catalogue."""
    reason = text.strip()
    if not reason:
        raise CommandError("no reason is given", "say why with --reason: it goes into the journal", ExitCode.USAGE)
    if len(reason) > LONGEST_REASON:
        what = f"a reason of {len(reason)} characters"
        raise CommandError(what, f"use at most {LONGEST_REASON}", ExitCode.USAGE)
    return reason


@dataclass(frozen=True, kw_only=True)
class OperationFile:
    """One environment's file of what is in force."""

    path: Path

    def read(self) -> str:
        """Give the file as it is. Raises CommandError where it cannot be read."""
        try:
            return self.path.read_text()
        except OSError as error:
            raise CommandError(f"{self.path}: {error.strerror}", "restore the file") from error

    def put(self, text: str) -> None:
        """Write the whole file in one step. Raises CommandError where it cannot be written."""
        _replace(self.path, text)

    def write(self, operation: Operation) -> None:
        """Write what is in force, under the comments that the file begins with."""
        from ruamel.yaml import YAML  # noqa: PLC0415 - only commands that change something need it

        lines = self.read().splitlines(keepends=True)
        head = "".join(line for line in lines if line.startswith("#"))
        plain = operation.model_dump(mode="json", exclude_defaults=True)
        body = StringIO()
        yaml = YAML()
        yaml.width = 120
        yaml.dump({"id": plain["id"], "shifts": plain["shifts"], "halts": plain["halts"]}, body)
        self.put(head + body.getvalue())


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What was done in one environment of one place, and what was begun and has not ended.

    `folder` is the place's own. The journal has one JSON object a line; nothing is ever taken out of it.
    """

    folder: Path
    environment: str

    @property
    def path(self) -> Path:
        """The journal's file."""
        return self.folder / "operations" / f"{self.environment}.jsonl"

    @property
    def _open(self) -> Path:
        return self.folder / "operations" / f"{self.environment}.open.json"

    def record(self, what: str, **details: object) -> None:
        """Add a line: what was done, when, by whom."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = {"at": stamp(now()), "by": _user(), "what": what, **details}
        with self.path.open("a") as stream:
            stream.write(json.dumps(line, sort_keys=True) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def begin(self, change: Mapping[str, Any]) -> None:
        """Note that a change has begun, or how far it is."""
        _replace(self._open, json.dumps(change, sort_keys=True, indent=1))

    def begun(self) -> Mapping[str, Any] | None:
        """Give the change that has begun and not ended, None where there is none. Raises CommandError for a broken note."""
        try:
            found = json.loads(self._open.read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            fix = f"see {self.path} for what was done, mend {FOLDER}, and remove the file"
            raise CommandError(f"{self._open} is broken: {error}", fix) from error
        return dict(found)

    def end(self) -> None:
        """Note that no change is under way."""
        self._open.unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}", "make its folder writable") from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
