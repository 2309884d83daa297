"""The verdict for people: what stops the run first, then one table over all stacks.

Below the table: residency, keys, replication and the other rules; protected resources that were about to go; drift;
failures; notes. It prints no property values.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nautilus.cli.exits import MEANING, ExitCode
from nautilus.cli.findings import Finding, ranked
from nautilus.cli.verdict import Result, StackVerdict, Verdict

WIDE = 120
"""Columns of text from which the table shows fidelity by stack; output that is no terminal is this wide."""

SHOWN = 25
"""How many findings, drifted resources or kept resources are listed before the rest is counted; `--json` has them all."""

_STYLE = {
    Result.FINE: "green",
    Result.DRIFTED: "yellow",
    Result.HELD: "yellow",
    Result.SKIPPED: "yellow",
    Result.STOPPED: "bold red",
    Result.FAILED: "red",
    Result.INTERRUPTED: "red",
}
_COLUMNS = ("create", "update", "replace", "delete", "same")


def show(verdict: Verdict, console: Console, *, debug: bool) -> None:
    """Print the verdict; `debug` shows diagnostics whole, tracebacks included."""
    console.print(_table(verdict, wide=console.width >= WIDE))
    fidelity = Counter[str]()
    for item in verdict.stacks:
        fidelity.update(item.fidelity)
    if fidelity.total():
        console.print("fidelity: " + ", ".join(f"{count} {name}" for name, count in fidelity.items()), highlight=False)
    _findings(verdict, console)
    _guarded(verdict, console)
    _drift(verdict, console)
    _failures(verdict, console, debug=debug)
    _kept(verdict, console)
    for item in verdict.stacks:
        for note in item.notes:
            console.print(f"{item.stack}: {note}", highlight=False, markup=False)
    _closing(verdict, console)


def write_json(verdict: Verdict, path: Path) -> None:
    """Write the whole verdict as JSON to a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(verdict.as_dict(), indent=2, ensure_ascii=False) + "\n")


def console(*, error: bool = False) -> Console:
    """Return a console for people; what is no terminal gets lines wide enough for the table."""
    made = Console(stderr=error)
    return made if made.is_terminal else Console(stderr=error, width=max(made.width, WIDE))


def meaning(verdict: Verdict) -> str:
    """Say in a line what the run came to."""
    return _fine(verdict) if verdict.exit_code is ExitCode.FINE else MEANING[verdict.exit_code]


def _fine(verdict: Verdict) -> str:
    """Say what a run came to that ended well."""
    changes = sum(count for name, count in verdict.totals.items() if name not in {"same", "read", "refresh"})
    match verdict.command:
        case "preview":
            return f"every policy passes; {changes} change(s) would be made"
        case "destroy":
            return f"{changes} resource(s) deleted, {sum(len(item.protected) for item in verdict.stacks)} protected and kept"
        case "refresh":
            return "what runs is what is recorded" if not changes else f"{changes} drifted resource(s) recorded as they run"
        case _:
            return f"every policy passes; {changes} change(s) made, what runs is what is declared"


def _table(verdict: Verdict, *, wide: bool) -> Table:
    """Build the verdict table: a row for each stack and one of totals, with fidelity by stack where there is room."""
    fidelities = sorted({name for item in verdict.stacks for name in item.fidelity}) if wide else []
    title = f"nautilus {verdict.command} · {verdict.environment} · {verdict.place}"
    table = Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1 if wide else 0, 0, 0), show_edge=False
    )
    table.add_column("stack", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name in ("all", *_COLUMNS, "policy", *fidelities, "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    for item in verdict.stacks:
        table.add_row(*_row(item, item.stack if wide else _group(verdict, item), fidelities))
    totals = verdict.totals
    table.add_section()
    table.add_row(
        "all",
        "",
        str(sum(item.resources for item in verdict.stacks)),
        *(str(totals.get(name, 0)) for name in _COLUMNS),
        _policy(sum(item.mandatory for item in verdict.stacks), sum(item.advisory for item in verdict.stacks)),
        *(str(sum(item.fidelity.get(name, 0) for item in verdict.stacks)) for name in fidelities),
        f"{verdict.seconds:.1f}",
    )
    return table


def _group(verdict: Verdict, item: StackVerdict) -> str:
    """Return the stack's name without the environment, which the title has: a small terminal has no room for it."""
    return item.stack.removeprefix(f"{verdict.environment}-")


def _row(item: StackVerdict, name: str, fidelities: list[str]) -> list[str]:
    style = _STYLE[item.result]
    return [
        name,
        f"[{style}]{item.result.value}[/]",
        str(item.resources),
        *(str(item.changes.get(name, 0)) for name in _COLUMNS),
        _policy(item.mandatory, item.advisory),
        *(str(item.fidelity.get(name, 0)) for name in fidelities),
        f"{sum(item.seconds.values()):.1f}",
    ]


def _policy(mandatory: int, advisory: int) -> str:
    """Show violations, and advice behind them where there is any."""
    return f"{mandatory}+{advisory}" if advisory else str(mandatory)


def _findings(verdict: Verdict, console: Console) -> None:
    found = ranked(finding for item in verdict.stacks for finding in item.findings)
    for finding in found[:SHOWN]:
        _finding(finding, console)
    if len(found) > SHOWN:
        console.print(f"… and {len(found) - SHOWN} more findings; --json FILE has them all", highlight=False)


def _finding(finding: Finding, console: Console) -> None:
    head = "[bold red]policy[/]" if finding.mandatory else "[yellow]advice[/]"
    console.print(f"{head} [bold]{escape(finding.rule)}[/]  {escape(finding.resource)}", highlight=False, soft_wrap=True)
    for name in ("found", "allowed", "clause", "fix"):
        value = getattr(finding, name)
        if value:
            console.print(f"  {name:<8} {escape(value)}", highlight=False, soft_wrap=True)


def _guarded(verdict: Verdict, console: Console) -> None:
    for item in verdict.stacks:
        for urn, operation in sorted(item.guarded.items()):
            console.print(f"[bold red]protected[/] would {operation}: {escape(urn)}", highlight=False, soft_wrap=True)


def _drift(verdict: Verdict, console: Console) -> None:
    for item in verdict.stacks:
        for drift in item.drift[:SHOWN]:
            what = "no longer exists" if drift.gone else ", ".join(drift.properties) or "changed"
            console.print(f"[yellow]drift[/] {escape(drift.urn)}: {escape(what)}", highlight=False, soft_wrap=True)
        if len(item.drift) > SHOWN:
            console.print(f"… and {len(item.drift) - SHOWN} more in {item.stack}; --json FILE has them all", highlight=False)


def _failures(verdict: Verdict, console: Console, *, debug: bool) -> None:
    """Print each error once, with every stack that gave it: a missing tool fails them all in the same words."""
    stacks: dict[tuple[str, str], list[str]] = {}
    for item in verdict.stacks:
        for error in item.errors:
            stacks.setdefault((error.urn, error.text if debug else error.short()), []).append(item.stack)
    for (urn, text), names in stacks.items():
        where = f" {escape(urn)}" if urn else ""
        console.print(f"[red]error[/] {', '.join(dict.fromkeys(names))}{where}", highlight=False, soft_wrap=True)
        for line in text.splitlines():
            console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)


def _kept(verdict: Verdict, console: Console) -> None:
    kept = [urn for item in verdict.stacks for urn in item.protected]
    if kept:
        console.print(f"{len(kept)} resources protected, and kept with what they need:", highlight=False)
        for urn in kept:
            console.print(f"  {escape(urn)}", highlight=False, soft_wrap=True)


def _closing(verdict: Verdict, console: Console) -> None:
    code = verdict.exit_code
    style = "green" if code is ExitCode.FINE else "red"
    console.print(
        f"[{style}]{meaning(verdict)}[/] (exit {int(code)}, {verdict.seconds:.1f} s)", highlight=False, soft_wrap=True
    )
    if code is ExitCode.INTERRUPTED:
        console.print(f"to go on: nautilus {verdict.command} --env {verdict.environment}", highlight=False)
