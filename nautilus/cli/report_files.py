"""The four files of `--report DIR`, for those who were not there: a comment, SARIF, JUnit and JSON.

Guarantees that a folder that cannot be written is refused before anything runs, that reports of an earlier run do not pass
for this one's, and that each file is written whole and all four or none. It shows nothing.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from nautilus.cli import report_junit, report_markdown, report_sarif
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.verdict import Verdict
from nautilus.sandbox import whole


def as_json(verdict: Verdict) -> str:
    """Give the whole verdict as JSON in ASCII; `nautilus.cli.verdict_schema` says what is in it."""
    return json.dumps(verdict.as_dict(), indent=2) + "\n"


FILES: Mapping[str, Callable[[Verdict], str]] = {
    "verdict.md": report_markdown.render,
    "verdict.sarif": report_sarif.render,
    "verdict.junit.xml": report_junit.render,
    "verdict.json": as_json,
}


def prepare(folder: Path) -> None:
    """Make the folder ready: there, writable, without an earlier run's files. Raises CommandError where that cannot be."""
    probe = folder / f".{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
        probe.unlink()
        _drop(folder)
    except OSError as error:
        raise CommandError(
            f"no report can be written to {folder}: {error.strerror or error}",
            "give --report a folder that can be written",
            ExitCode.USAGE,
        ) from error


def write(verdict: Verdict, folder: Path) -> None:
    """Write the four files. Raises CommandError with the verdict's own exit code, 1 for a fine one, and leaves none."""
    texts = {name: render(verdict) for name, render in FILES.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            whole.write(folder / name, text)
    except OSError as error:
        code = verdict.exit_code
        with contextlib.suppress(OSError):  # the first failure is the one to tell
            _drop(folder)
        raise CommandError(
            f"the report could not be written to {folder}: {error.strerror or error}",
            "what the run did stands; see above",
            ExitCode.FAILED if code is ExitCode.FINE else code,
        ) from error


def _drop(folder: Path) -> None:
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
