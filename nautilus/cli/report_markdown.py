"""The verdict as Markdown for a comment on a pull request.

Guarantees, in this order: the verdict, protected resources that would go, policy findings with clause and fix, errors,
counts for each stack, and the rest folded; at most 65,536 characters, and what is cut is said. Values of others are shown,
never obeyed: no mark of Markdown or HTML in them works, and nobody is mentioned. It says nothing that is not in the verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nautilus.cli import report
from nautilus.cli.events import Drift
from nautilus.cli.exits import ExitCode
from nautilus.cli.findings import Finding, ranked
from nautilus.cli.report_text import clean, code
from nautilus.cli.verdict import StackVerdict, Verdict

LIMIT = 65_536
"""The most characters that GitHub takes for a comment; its API says "maximum is 65536 characters"."""

LONGEST = 600
"""The most characters of one value that are shown; `verdict.json` has it whole."""

_NOTE = 160
"""Room for the line that says what was cut, and for the end of a fold that was open."""

_COUNTS = ("create", "update", "replace", "delete", "same")
_OPEN, _CLOSE = "<details>", "</details>"


@dataclass(frozen=True)
class _Section:
    """A heading and its lines; a folded one is opened by the reader."""

    title: str
    lines: list[str]
    folded: bool = False

    def text(self) -> Iterator[str]:
        if self.folded:
            yield from ("", _OPEN, f"<summary>{self.title}</summary>", "", *self.lines, "", _CLOSE)
        else:
            yield from ("", f"### {self.title}", "", *self.lines)


def render(verdict: Verdict) -> str:
    """Give the comment, at most `LIMIT` characters."""
    lines = [_head(verdict)]
    for section in _sections(verdict):
        if section.lines:
            lines.extend(section.text())
    return _cut(lines)


def _head(verdict: Verdict) -> str:
    sign = "✅" if verdict.exit_code is ExitCode.FINE else "❌"
    return (
        f"## {sign} nautilus {verdict.command} · {clean(verdict.environment)} · {clean(verdict.place)}\n\n"
        f"**{report.meaning(verdict)}** (exit {int(verdict.exit_code)}, {verdict.seconds:.1f} s)"
    )


def _sections(verdict: Verdict) -> Iterator[_Section]:
    stacks = verdict.stacks
    order = {finding: rank for rank, finding in enumerate(ranked(one for item in stacks for one in item.findings))}
    found = sorted(
        ((finding, item.stack) for item in stacks for finding in ranked(item.findings)), key=lambda pair: order[pair[0]]
    )
    mandatory = sum(item.mandatory for item in stacks)
    yield _Section(
        "Protected resources that would go",
        [f"- **{what}** {_value(urn)}" for item in stacks for urn, what in sorted(item.guarded.items())],
    )
    shown, more = found[: report.SHOWN], found[report.SHOWN :]
    title = f"Policy findings: {mandatory} that stop it, {len(found) - mandatory} advisory"
    yield _Section(title, [line for pair in shown for line in _finding(*pair)])
    yield _Section("Errors", list(_errors(verdict)))
    yield _Section("Counts", _table(verdict))
    yield _Section(f"{len(more)} more findings", [line for pair in more for line in _finding(*pair)], folded=True)
    drift = [f"- {_value(one.urn)}: {_drifted(one)}" for item in stacks for one in item.drift]
    yield _Section(f"{len(drift)} drifted resources", drift, folded=True)
    kept = [f"- {_value(urn)}" for item in stacks for urn in item.protected]
    yield _Section(f"{len(kept)} protected resources kept", kept, folded=True)
    notes = [f"- {_value(item.stack)}: {_value(note)}" for item in stacks for note in item.notes]
    yield _Section(f"{len(notes)} notes", notes, folded=True)
    warnings = [line for item in stacks for line in _warnings(item)]
    yield _Section(f"{len(warnings)} warnings", warnings, folded=True)
    yield _Section("Packs, fidelity and seconds", list(_how(verdict)), folded=True)


def _value(text: str) -> str:
    return code(text, LONGEST)


def _finding(finding: Finding, stack: str) -> Iterator[str]:
    kind = "" if finding.mandatory else " (advisory)"
    yield f"- {_value(finding.rule)}{kind} in {_value(stack)}: {_value(finding.resource or stack)}"
    for name in ("found", "allowed", "clause", "fix"):
        value = getattr(finding, name)
        if value:
            yield f"  - {name}: {_value(value)}"


def _errors(verdict: Verdict) -> Iterator[str]:
    """Give each error once, with every stack that gave it."""
    stacks: dict[tuple[str, str], list[str]] = {}
    for item in verdict.stacks:
        for error in item.errors:
            stacks.setdefault((error.urn, error.short()), []).append(item.stack)
    for (urn, text), names in stacks.items():
        where = f" {_value(urn)}" if urn else ""
        yield f"- {', '.join(map(_value, dict.fromkeys(names)))}{where}: {_value(text)}"


def _table(verdict: Verdict) -> list[str]:
    """Give a row for each stack and one of totals; operations without a column of their own are under `other`."""
    rows = [
        f"| {_value(item.stack)} | {item.result.value} | {_counted(item.changes)} | {item.mandatory} | {item.advisory} |"
        for item in verdict.stacks
    ]
    return [
        f"| stack | verdict | {' | '.join(_COUNTS)} | other | violations | advice |",
        f"|---|---|{'---:|' * (len(_COUNTS) + 3)}",
        *rows,
        f"| all | | {_counted(dict(verdict.totals))} "
        f"| {sum(item.mandatory for item in verdict.stacks)} | {sum(item.advisory for item in verdict.stacks)} |",
    ]


def _counted(changes: dict[str, int]) -> str:
    other = sum(count for name, count in changes.items() if name not in _COUNTS)
    return " | ".join(str(count) for count in [*(changes.get(name, 0) for name in _COUNTS), other])


def _drifted(drift: Drift) -> str:
    return "no longer exists" if drift.gone else _value(", ".join(drift.properties)) or "changed"


def _warnings(item: StackVerdict) -> Iterator[str]:
    """Give each warning of a stack once, with how often it came."""
    for text, count in Counter(one.short() for one in item.diagnostics if one.severity == "warning").items():
        yield f"- {_value(item.stack)}: {_value(text)}" + (f" ({count} times)" if count > 1 else "")


def _how(verdict: Verdict) -> Iterator[str]:
    yield "| stack | packs | fidelity | seconds |"
    yield "|---|---|---|---|"
    for item in verdict.stacks:
        fidelity = ", ".join(f"{count} {name}" for name, count in item.fidelity.items())
        seconds = ", ".join(f"{name} {value:.1f}" for name, value in item.seconds.items())
        yield f"| {_value(item.stack)} | {_value(', '.join(item.packs))} | {_value(fidelity)} | {_value(seconds)} |"


def _cut(lines: list[str]) -> str:
    """Give the lines as one text; where it is too long, as many whole lines as fit, with a note of how much is left out."""
    text = "\n".join(lines) + "\n"
    if len(text) <= LIMIT:
        return text
    kept: list[str] = []
    size = 0
    for line in lines:
        if size + len(line) + 1 > LIMIT - _NOTE:
            break
        kept.append(line)
        size += len(line) + 1
    end = ["", _CLOSE] if kept.count(_OPEN) > kept.count(_CLOSE) else []
    left = len(text) - size
    missing = len(lines) - len(kept)
    note = f"**Cut to {LIMIT:,} characters: {left:,} characters in {missing:,} lines left out; see verdict.json**"
    return "\n".join([*kept, *end, "", note]) + "\n"
