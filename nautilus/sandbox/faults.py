"""The faults that a sandbox is told to show.

Guarantees that faults happen only by configuration and count from the process's start. Throttling and latency must not
change what gets created; a crash leaves a resource that the engine has not heard of; a partial creation is healed by
the next update. Set them in `<home>/faults.json`, which is read again when it changes, or in NAUTILUS_SANDBOX_FAULTS as
the same JSON.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

FILE: Final = "faults.json"
VARIABLE: Final = "NAUTILUS_SANDBOX_FAULTS"


class BadFaults(Exception):  # noqa: N818 - it is a refusal
    """The configuration of faults does not say anything that this sandbox can do."""


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What goes wrong. `throttle`: the first n tries to create each type are told to come back later; `crash_after`:
    the process exits after the n-th creation, before it answers; `partial`: the first n creations of each type are left
    uninitialised; `latency_ms`: each operation takes that much longer; `types`: only these, all when empty."""

    throttle: int = 0
    crash_after: int = 0
    partial: int = 0
    latency_ms: int = 0
    types: tuple[str, ...] = ()

    def applies(self, type_token: str) -> bool:
        """Whether a type is meant."""
        return not self.types or type_token in self.types


def parse(content: str) -> Faults:
    """Raises BadFaults, naming what is wrong and what is known."""
    try:
        data: Any = json.loads(content)
    except ValueError as error:
        raise BadFaults(f"{FILE} is not JSON: {error}") from error
    known = {item.name for item in fields(Faults)}
    if not isinstance(data, Mapping) or not data.keys() <= known:
        raise BadFaults(f"{FILE} takes an object with {', '.join(sorted(known))}")
    values = dict(data)
    types = values.pop("types", [])
    if not isinstance(types, list) or not all(isinstance(item, str) for item in types):
        raise BadFaults(f"types in {FILE} is a list of type tokens")
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise BadFaults(f"{name} in {FILE} is a whole number, 0 or more")
    return Faults(types=tuple(types), **values)


class Injector:
    """Counts and decides; one a process, used from many threads."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE
        self._lock = threading.Lock()
        self._throttled: Counter[str] = Counter()
        self._left_partial: Counter[str] = Counter()
        self._created = 0
        self._seen: tuple[int, int] | None = None
        self._faults = parse(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else Faults()
        self._base = self._faults

    def current(self) -> Faults:
        """What is set now. Raises BadFaults when the file was changed into something unknown."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._seen, self._faults = None, self._base
            return self._faults
        seen = (status.st_mtime_ns, status.st_size)
        if seen != self._seen:
            self._faults = parse(self._file.read_text())
            self._seen = seen
        return self._faults

    def throttles(self, type_token: str) -> bool:
        """Whether this try to create the type is to be refused for now."""
        return self._take(self._throttled, type_token, self.current().throttle)

    def leaves_partial(self, type_token: str) -> bool:
        """Whether this creation of the type is to be left uninitialised."""
        return self._take(self._left_partial, type_token, self.current().partial)

    def crashes(self, type_token: str) -> bool:
        """Counts a creation; true when the process is to exit now."""
        faults = self.current()
        if not faults.crash_after or not faults.applies(type_token):
            return False
        with self._lock:
            self._created += 1
            return self._created == faults.crash_after

    def latency_s(self, type_token: str) -> float:
        """How long this operation is to be held up, in seconds."""
        faults = self.current()
        return faults.latency_ms / 1000 if faults.applies(type_token) else 0.0

    def _take(self, counter: Counter[str], type_token: str, limit: int) -> bool:
        if not limit or not self._faults.applies(type_token):
            return False
        with self._lock:
            counter[type_token] += 1
            return counter[type_token] <= limit
