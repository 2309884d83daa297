"""What the sandbox covers, as a page, and a check that no type sinks.

Guarantees that `COVERAGE.md` lists every type and function with its fidelity, and that `--check` fails when the page is
old, when a type is gone or when its fidelity is lower than the page says. Does not prove a label: a package's own tests
do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from nautilus.sandbox import packages
from nautilus.sandbox.handler import Fidelity, Package

FILE: Final = Path(__file__).with_name("COVERAGE.md")
_ROW: Final = re.compile(r"^\| `([^`]+)` \| ([a-z-]+) \|$", re.MULTILINE)
_RANK: Final = {fidelity: rank for rank, fidelity in enumerate(reversed(Fidelity))}


def rows(served: Iterable[Package]) -> dict[str, Fidelity]:
    """Every type and function with its fidelity."""
    return {
        token: fidelity
        for package in served
        for token, fidelity in (
            *((handler.type, handler.fidelity) for handler in package.handlers),
            *((function.token, function.fidelity) for function in package.functions),
        )
    }


def page(served: Iterable[Package]) -> str:
    """The page's text."""
    served = tuple(served)
    counts = Counter(rows(served).values())
    lines = [
        "# What the sandbox covers",
        "",
        "Made by `python -m nautilus.sandbox coverage`; CI fails when a type sinks.",
        "",
        "- **emulated**: created in an emulator of the cloud and read back from it",
        "- **model-checked**: inputs checked against the cloud's own published interface description and rules",
        "- **typed**: inputs checked against the SDK's types, down to nested fields, enums and required ones",
        "",
        "A type or a function that is not listed is an error, never a silent success. Not even an emulated type proves",
        "latency, quotas, prices or what a cloud does on its own.",
        "",
        f"{sum(counts.values())} rows: " + ", ".join(f"{counts[fidelity]} {fidelity}" for fidelity in Fidelity) + ".",
    ]
    for package in served:
        lines += ["", f"## {package.name}", "", "| type or function | fidelity |", "|---|---|"]
        lines += [f"| `{token}` | {fidelity} |" for token, fidelity in sorted(rows((package,)).items())]
    return "\n".join(lines) + "\n"


def problems(committed: str, served: Iterable[Package]) -> list[str]:
    """What is wrong with the committed page, one line each: sunk and lost types first, then that it is old."""
    served = tuple(served)
    before: Mapping[str, str] = {match.group(1): match.group(2) for match in _ROW.finditer(committed)}
    now = rows(served)
    found = [f"{token} was {label} and is gone" for token, label in before.items() if token not in now]
    found += [
        f"{token} sank from {label} to {now[token]}"
        for token, label in before.items()
        if token in now and (label not in list(Fidelity) or _RANK[now[token]] < _RANK[Fidelity(label)])
    ]
    if not found and committed != page(served):
        found.append(f"{FILE.name} is old: run python -m nautilus.sandbox coverage")
    return found


def run(check: bool) -> int:
    """Writes the page, or checks it: 0 when it is good, 1 when not."""
    served = packages.load()
    if not check:
        FILE.write_text(page(served))
        print(f"{FILE.name}: {len(rows(served))} rows")
        return 0
    found = problems(FILE.read_text() if FILE.exists() else "", served)
    print("\n".join(found) if found else f"{FILE.name}: {len(rows(served))} rows, none sank")
    return 1 if found else 0
