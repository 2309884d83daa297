"""One YAML file read to plain values, strictly.

Guarantees that whatever the bytes are, the outcome is plain values or problems: no tags, no anchors, no duplicate keys, no
keys that are not text, no depth or size that could harm. Scalars follow YAML 1.2's core schema (`no` is text, `010` is
ten) except that dates stay text for the models to read. It knows nothing of what the values mean.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

from config.problem import Path, Plain, Problem, dotted, shown, shown_text

_MAX_BYTES: Final = 1024 * 1024
_MAX_DEPTH: Final = 40
_MAX_DIGITS: Final = 18
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z|[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")

Position = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file's plain value (None where there are problems), its problems, and where its values stand if that was asked."""

    value: Any
    problems: tuple[Problem, ...]
    positions: dict[Path, Position]


@dataclass(kw_only=True)
class _Open:
    """A mapping or list that is being filled; `key` is the mapping's key that waits for its value."""

    items: dict[str, Any] | list[Any]
    path: Path
    keyed: bool = False
    key: str = ""
    seen: set[str] = field(default_factory=set)


class _Refused(Exception):  # noqa: N818 - carries a problem, and is not an error of ours
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def parse(file: str, data: bytes, *, positions: bool = False) -> Document:
    """Read one file's bytes. `file` is only the name to put into problems; never raises.

    `positions` asks for the line and column of every key and value, which costs about as much again as reading.
    """
    reader = _Reader(file=file, want_positions=positions)
    try:
        value = reader.read(_decoded(file, data))
    except _Refused as refused:
        reader.problems.append(refused.problem)
    except yaml.MarkedYAMLError as error:
        reader.problems.append(_syntax(file, error))
    except (yaml.YAMLError, RecursionError) as error:
        reader.problems.append(_unreadable(file, str(error)))
    else:
        if not reader.problems:
            return Document(value=value, problems=(), positions=reader.positions)
    return Document(value=None, problems=tuple(reader.problems), positions=reader.positions)


@dataclass(kw_only=True)
class _Reader:
    """Builds plain values from parser events with a stack of its own, so that no nesting can exhaust the interpreter's."""

    file: str
    want_positions: bool
    problems: list[Problem] = field(default_factory=list)
    positions: dict[Path, Position] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    result: Any = None
    documents: int = 0

    def read(self, text: str) -> Plain:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                self._check(event)
                self._scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._check(event)
                self._open(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._place(self.stack.pop().items, None)
            elif isinstance(event, yaml.AliasEvent):
                raise self._refusal(event, f"*{event.anchor}", "no aliases", "write the value out in full")
            elif isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise self._refusal(
                        event, "a second document", "one document a file", "remove the `---` and what follows"
                    )
        return self.result

    def _check(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise self._refusal(event, f"&{event.anchor}", "no anchors", "remove the anchor and write values out in full")
        if event.tag is not None and event.tag != "!":
            raise self._refusal(event, event.tag, "no tags", "remove the tag")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.items, dict) and not top.keyed:
            self._key(top, event)
            return
        self._place(self._value(event), event)

    def _key(self, top: _Open, event: yaml.ScalarEvent) -> None:
        key = event.value
        if event.implicit[0] and (key in _WORDS or _INTEGER.match(key) or _FLOAT.match(key)):
            self.problems.append(self._problem(event, key, "keys that are text", f'quote it: "{key}"'))
        if key in top.seen:
            self.problems.append(
                self._problem(event, f"{key}, a second time", "each key once", "remove one of the two", step=key)
            )
        top.seen.add(key)
        top.key, top.keyed = key, True
        self._mark(self._path(), event)

    def _value(self, event: yaml.ScalarEvent) -> Plain:
        text: str = event.value
        if event.implicit[0] and text in _WORDS:
            return _WORDS[text]
        if event.implicit[0] and (_INTEGER.match(text) or _FLOAT.match(text)):
            return self._number(event, text)
        return text

    def _number(self, event: yaml.ScalarEvent, text: str) -> int | float:
        """Give a number of harmless size; for any other a problem is noted and 0 stands in."""
        if len(text) > _MAX_DIGITS:
            self.problems.append(self._problem(event, text, f"at most {_MAX_DIGITS} digits", "quote it if it is an id"))
            return 0
        if _INTEGER.match(text):
            return int(text)
        number = float(text) if text[-1].isdigit() or text[-1] == "." else math.inf
        if math.isfinite(number):
            return number
        self.problems.append(self._problem(event, text, "a finite number", "write a number"))
        return 0

    def _open(self, event: yaml.NodeEvent) -> None:
        if len(self.stack) >= _MAX_DEPTH:
            raise self._refusal(event, f"more than {_MAX_DEPTH} levels", f"at most {_MAX_DEPTH} levels", "flatten the file")
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.items, dict) and not top.keyed:
            raise self._refusal(event, "a list or mapping as a key", "keys that are text", "write the key as text")
        path = self._path()
        self._mark(path, event)
        self.stack.append(_Open(items={} if isinstance(event, yaml.MappingStartEvent) else [], path=path))

    def _place(self, value: Plain, event: yaml.Event | None) -> None:
        if event is not None:
            self._mark(self._path(), event)
        if not self.stack:
            self.result = value
            return
        top = self.stack[-1]
        if isinstance(top.items, dict):
            top.items[top.key] = value
            top.keyed = False
        else:
            top.items.append(value)

    def _path(self) -> Path:
        if not self.stack:
            return ()
        top = self.stack[-1]
        return (*top.path, top.key if isinstance(top.items, dict) else len(top.items))

    def _mark(self, path: Path, event: yaml.Event) -> None:
        if self.want_positions:
            self.positions.setdefault(path, (event.start_mark.line + 1, event.start_mark.column + 1))

    def _problem(self, event: yaml.Event, value: str, allowed: str, fix: str, *, step: str | None = None) -> Problem:
        path = self._path() if step is None else (*self.stack[-1].path, step)
        mark = event.start_mark
        return Problem(
            file=self.file,
            line=mark.line + 1,
            column=mark.column + 1,
            path=dotted(path),
            value=shown_text(value),
            allowed=allowed,
            fix=shown_text(fix),
        )

    def _refusal(self, event: yaml.Event, value: str, allowed: str, fix: str) -> _Refused:
        return _Refused(self._problem(event, value, allowed, fix))


def _decoded(file: str, data: bytes) -> str:
    if len(data) > _MAX_BYTES:
        limit = f"at most {_MAX_BYTES // 1024} KiB"
        raise _Refused(Problem(file=file, value=f"{len(data)} bytes", allowed=limit, fix="split the file"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        raise _Refused(Problem(file=file, value=found, allowed="UTF-8 text", fix="save the file as UTF-8")) from error


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    return Problem(
        file=file,
        line=mark.line + 1 if mark else 0,
        column=mark.column + 1 if mark else 0,
        value=shown_text(" ".join(filter(None, (error.context, error.problem)))),
        allowed="well-formed YAML",
        fix="mend the YAML at that place",
    )


def _unreadable(file: str, reason: str) -> Problem:
    return Problem(file=file, value=shown(reason), allowed="well-formed YAML", fix="mend or replace the file")
