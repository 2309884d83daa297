"""The engine's event log, read as it grows, and what it amounts to for one stack.

`Tail` gives whole events only, however the file is cut; `Tally` adds them up. Debug lines are dropped unread: they are most
of a log. Nothing here starts the engine, and no property value is kept, only the paths of those that drifted.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nautilus.cli.findings import Finding, read
from nautilus.cli.state import STACK

Event = Mapping[str, Any]

_COLOUR = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")
_GENERIC = ("preview failed", "update failed", "destroy failed", "refresh failed", "preview cancelled", "update cancelled")
_AFTERMATH = "context canceled"
_ENDINGS = frozenset({"replace", "delete", "delete-replaced", "discard", "discard-replaced"})


class Tail:
    """Gives each event of a growing file exactly once; a partial last line waits for its end.

    A file that got shorter is read from its start again, and `restarted` says so. One that was written anew and is already
    longer than before cannot be told from one that grew: who needs all of it reads it once more when its writer has ended.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.restarted = False
        self._offset = 0
        self._rest = b""

    def read(self) -> Iterator[Event]:
        """Yield the events that were completed since the last call; none while the file does not exist yet."""
        self.restarted = False
        try:
            with self.path.open("rb") as stream:
                if stream.seek(0, os.SEEK_END) < self._offset:
                    self.restarted, self._offset, self._rest = True, 0, b""
                stream.seek(self._offset)
                chunk = stream.read()
        except FileNotFoundError:
            return
        self._offset += len(chunk)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            if b'"severity":"debug"' in line or not line.strip():
                continue
            try:
                event = json.loads(line)
            except ValueError:
                continue  # a crash of the engine can cut a line; the run's own exit status tells of it
            if isinstance(event, dict):
                yield event


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One message of the engine, a provider or the program. `severity` is `error` or `warning`."""

    severity: str
    urn: str
    text: str

    def short(self) -> str:
        """Return the message without a Python traceback: its last line and the place in our own code."""
        if "Traceback (most recent call last)" not in self.text:
            return self.text
        lines = [line for line in self.text.splitlines() if line.strip()]
        places = [line.strip() for line in lines if line.strip().startswith("File ") and "site-packages" not in line]
        return lines[-1].strip() + (f"\n  {places[-1]}" if places else "")


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A resource that is not as recorded: `properties` are the paths that differ, `gone` that it no longer exists."""

    urn: str
    properties: tuple[str, ...]
    gone: bool = False


@dataclass
class Tally:
    """What one run of the engine on one stack said. `changes` maps an operation (`create` …) to a count of resources."""

    changes: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    guarded: dict[str, str] = field(default_factory=dict)
    packs: tuple[str, ...] = ()
    result: str | None = None
    seen: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)
    _operations: dict[str, str] = field(default_factory=dict)
    _refreshing: set[str] = field(default_factory=set)

    def feed(self, event: Event) -> None:
        """Add one event; kinds that carry nothing for the verdict are passed over."""
        for kind, handler in _HANDLERS.items():
            body = event.get(kind)
            if isinstance(body, dict):
                handler(self, body)

    @property
    def resources(self) -> int:
        """How many resources the run looked at, those to be deleted included."""
        return sum(self.counts().values())

    def counts(self) -> dict[str, int]:
        """Return the engine's own summary, or what was seen so far where a run was cut short before it."""
        return dict(self.changes) if self.result is not None else dict(Counter(self._operations.values()))

    @property
    def changed(self) -> int:
        """How many resources differ from what is recorded."""
        return sum(count for operation, count in self.counts().items() if operation not in {"same", "read", "refresh"})

    def errors(self) -> list[Diagnostic]:
        """Return the error messages, without the engine's general ones where a better one is there."""
        errors = [item for item in self.diagnostics if item.severity == "error"]
        telling = [item for item in errors if item.text not in _GENERIC and not item.text.endswith(_AFTERMATH)]
        return telling or errors

    def _resource_pre(self, body: Event) -> None:
        metadata = body.get("metadata") or {}
        urn, operation = str(metadata.get("urn", "")), str(metadata.get("op", ""))
        self.seen.add(urn)
        if operation == "refresh":
            self._refreshing.add(urn)
            return
        # A replacement is several steps of one resource: the first one names it.
        self._operations[urn] = "replace" if "replace" in operation else operation
        old = metadata.get("old") or {}
        if operation in _ENDINGS and old.get("protect"):
            self.guarded[urn] = "replace" if "replace" in operation else "delete"

    def _resource_done(self, body: Event) -> None:
        metadata = body.get("metadata") or {}
        urn, operation = str(metadata.get("urn", "")), str(metadata.get("op", ""))
        self.finished.add(urn)
        if urn not in self._refreshing:
            return
        # A refresh opens each resource with the operation `refresh` and closes it with what it found.
        self._refreshing.discard(urn)
        if operation in {"update", "delete"} and metadata.get("type") != STACK:
            self.drift.append(Drift(urn=urn, properties=_differences(metadata), gone=operation == "delete"))

    def _policy(self, body: Event) -> None:
        self.findings.extend(
            read(
                _plain(body.get("message")),
                urn=str(body.get("resourceUrn") or ""),
                policy=str(body.get("policyName") or ""),
                pack=str(body.get("policyPackName") or ""),
                mandatory=body.get("enforcementLevel") == "mandatory",
            )
        )

    def _diagnostic(self, body: Event) -> None:
        severity = str(body.get("severity", ""))
        if severity in {"error", "warning"} and not body.get("ephemeral"):
            self.diagnostics.append(
                Diagnostic(severity=severity, urn=str(body.get("urn") or ""), text=_plain(body.get("message")))
            )

    def _summary(self, body: Event) -> None:
        self.changes = {str(name): int(count) for name, count in (body.get("resourceChanges") or {}).items()}
        self.packs = tuple(sorted(str(name).split("|")[0] for name in body.get("PolicyPacks") or {}))
        self.result = str(body.get("result") or "succeeded")


_HANDLERS: dict[str, Callable[[Tally, Event], None]] = {
    "resourcePreEvent": Tally._resource_pre,
    "resOutputsEvent": Tally._resource_done,
    "resOpFailedEvent": Tally._resource_done,
    "policyEvent": Tally._policy,
    "diagnosticEvent": Tally._diagnostic,
    "summaryEvent": Tally._summary,
}


def _plain(text: object) -> str:
    """Return the text without colour marks and outer blank space."""
    return _COLOUR.sub("", str(text or "")).strip()


def _differences(metadata: Event) -> tuple[str, ...]:
    """Return the paths of the properties that a refresh found changed; values are not kept, they may be secret."""
    detailed = metadata.get("detailedDiff") or {}
    named = metadata.get("diffs") or ()
    if detailed or named:
        return tuple(sorted({*map(str, detailed), *map(str, named)}))
    old = (metadata.get("old") or {}).get("outputs") or {}
    new = (metadata.get("new") or {}).get("outputs") or {}
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))
