"""What a rule found, and the text in which it travels through the engine.

Guarantees that `parse` gives back what `render` wrote, whatever the engine prints around it, and that one field is one
line. It does not colour or wrap: the command does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from policies.kit.props import UNKNOWN_AT_PREVIEW

COULD_NOT_DECIDE: Final = "the rule could not decide"


class Verdict(StrEnum):
    """What a rule says of a resource; a pass leaves no finding."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule not met by one resource: what was found, what is allowed, which clause asks for it and the fix."""

    rule: str
    resource: str
    found: str
    allowed: str
    clause: str
    fix: str

    @property
    def verdict(self) -> Verdict:
        """Whether the rule failed or could not tell."""
        unsure = UNKNOWN_AT_PREVIEW in self.found or COULD_NOT_DECIDE in self.found
        return Verdict.UNDECIDED if unsure else Verdict.FAIL


_LABELS: Final = {"rule": "RULE"} | {item.name: item.name for item in fields(Finding) if item.name != "rule"}
_LINE: Final = re.compile(r"^\s*(RULE|resource|found|allowed|clause|fix): ?(.*?)\s*$")


def render(finding: Finding) -> str:
    """Give the finding as six lines, `RULE: …` first."""
    return "\n".join(f"{label}: {_one_line(str(getattr(finding, name)))}" for name, label in _LABELS.items())


def parse(text: str) -> list[Finding]:
    """Give every complete finding in a text, in order; whatever else stands in it is passed over."""
    return list(_findings(text))


def _findings(text: str) -> Iterator[Finding]:
    names = {label: name for name, label in _LABELS.items()}
    record: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name = names[match.group(1)]
        record = {"rule": match.group(2)} if name == "rule" else record | {name: match.group(2)}
        if len(record) == len(names) and name == "fix":
            yield Finding(**record)
            record = {}


def _one_line(text: str) -> str:
    return " ".join(text.split())
