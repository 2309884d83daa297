"""What is wrong with a catalogue, said so that the reader can mend it.

Guarantees that every problem names the file, the place in it, what was found, what is allowed and the fix. It does not
decide what is wrong: `config.document`, `config.loader` and `config.validation` do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Plain = Any
"""A value as YAML can write it: mappings with text keys, lists, text, numbers, booleans, None."""
Path = tuple[str | int, ...]
"""Where a value stands in a YAML file: keys and list indices from the top."""

_VALUE_LENGTH = 120
LINE_LENGTH = 400
"""The longest that a line of a problem may be, in characters."""
_LISTED = 12
_CLOSE = 0.65
"""How like a name must be to be suggested: `zones` is 0.6 like `owner`, `tradnig` 0.86 like `trading`."""


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing to mend. `file` is relative to the project's root; `line` and `column` count from 1, 0 where unknown."""

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    value: str
    allowed: str
    fix: str

    def __str__(self) -> str:
        """Give one readable block of four lines."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{where}  {self.path}" if self.path else where
        return f"{head}\n  found    {self.value}\n  allowed  {self.allowed}\n  fix      {self.fix}"


class CatalogueError(Exception):
    """A catalogue that must not be used; `problems` holds every problem found in the run, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        title = f"{count} problem{'' if count == 1 else 's'} in the catalogue"
        super().__init__("\n".join([title, *map(str, self.problems)]))


def dotted(path: Path) -> str:
    """Give a path as people write it: `placements.main.zones[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return shown_text(text)


def shown(value: object) -> str:
    """Give a value on one line, cut to a readable length."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, dict):
        return shown_text(f"a mapping with the keys {', '.join(map(str, value))}" if value else "an empty mapping")
    if isinstance(value, list | tuple):
        return shown_text(f"a list of {len(value)}: {', '.join(map(str, value))}" if value else "an empty list")
    if isinstance(value, bool):
        return str(value).lower()
    return shown_text(f'"{value}"' if isinstance(value, str) else str(value))


def shown_text(text: str, length: int = _VALUE_LENGTH) -> str:
    """Give text without control characters or line breaks, cut to a readable length."""
    clean = "".join(letter if letter.isprintable() else "�" for letter in text[:length])
    return clean if len(text) <= length else f"{clean[:-1]}…"


def one_of(allowed: Iterable[str], what: str) -> str:
    """Say what is allowed: every value where they are few, else their number and what they are."""
    values = sorted(allowed)
    if not values:
        return f"{what}: none is defined"
    return f"{what}: {', '.join(values)}" if len(values) <= _LISTED else f"{what} ({len(values)} of them)"


def nearest(value: str, allowed: Iterable[str], otherwise: str) -> str:
    """Give the fix for a mistyped name: the nearest allowed one, or `otherwise`."""
    close = difflib.get_close_matches(value[:80], list(allowed), n=1, cutoff=_CLOSE)
    return f"did you mean {close[0]}?" if close else otherwise
