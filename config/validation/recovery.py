"""Rules on what recovery is judged by (FO-3, FO-4).

Guarantees that every scenario has a target, every tier a limit, every mechanism that reacts a figure, and every thing that
is composed an agreement; and that a miss has one deviation at the most. Whether what is planned meets a
target, `nautilus.federation.recovery` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config.model import Cloud, Mechanism, Recovery, Scenario
from config.problem import one_of, shown
from config.validation.view import Finding, View

KIND: Final = "recovery"
SILENT: Final = frozenset({Mechanism.STORE, Mechanism.AWS_ENTRY, Mechanism.AZURE_ENTRY})
"""Mechanisms that add nothing of their own: what they take is in the settings alone."""

COMPOSED: Final = tuple(
    f"{cloud}-{part}"
    for cloud in Cloud
    for part in ("cluster", "entry", "anycast", "names")
    if f"{cloud}-{part}" != "gcp-entry"
)
"""Agreements that availability is composed from; Google's regional entry is a part of its anycast balancer."""


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with recovery; nothing where its file could not be read."""
    recovery = view.recovery
    if recovery is None:
        return
    yield from _complete(view, recovery)
    yield from _ids(view, recovery)
    yield from _deviations(view, recovery)
    for name, shortfall in recovery.shortfalls.items():
        for jurisdiction in shortfall.jurisdictions:
            if view.unknown("jurisdiction", jurisdiction):
                allowed = one_of(sorted(view.names("jurisdiction")), "a jurisdiction")
                yield _finding(view, "shortfalls", name, value=jurisdiction, allowed=allowed, fix="write one that exists")


def _complete(view: View, recovery: Recovery) -> Iterator[Finding]:
    wanted: dict[str, tuple[set[str], set[str]]] = {
        "targets": ({str(one) for one in Scenario}, {str(one) for one in recovery.targets}),
        "reactions": ({str(one) for one in Mechanism if one not in SILENT}, {str(one) for one in recovery.reactions}),
        "agreements": (set(COMPOSED), set(recovery.agreements)),
    }
    for field, (needed, there) in wanted.items():
        for name in sorted(needed - there):
            yield _finding(
                view,
                field,
                value=shown(f"no {name}"),
                allowed=f"one for each: {', '.join(sorted(needed))}",
                fix=f"add {name}",
            )
    tiers = [limit.tier for limit in recovery.tiers.values()]
    if sorted(tiers) != list(range(5)):
        yield _finding(view, "tiers", value=shown(sorted(tiers)), allowed="each tier from 0 to 4 once", fix="mend the tiers")


def _ids(view: View, recovery: Recovery) -> Iterator[Finding]:
    for field in ("targets", "tiers", "reactions", "agreements", "deviations", "shortfalls"):
        for name, record in getattr(recovery, field).items():
            if record.id != name:
                fix = "make the id and its key the same"
                yield _finding(view, field, name, "id", value=shown(record.id), allowed=f"its key: {name}", fix=fix)


def _deviations(view: View, recovery: Recovery) -> Iterator[Finding]:
    taken: dict[tuple[Scenario, Mechanism], str] = {}
    for name, deviation in recovery.deviations.items():
        for scenario in deviation.scenarios:
            first = taken.setdefault((scenario, deviation.mechanism), name)
            if first != name:
                allowed = f"one deviation for {scenario} and {deviation.mechanism}; {first} is there"
                yield _finding(
                    view, "deviations", name, "scenarios", value=scenario, allowed=allowed, fix="keep one of the two"
                )


def _finding(view: View, *steps: str, value: str, allowed: str, fix: str) -> Finding:
    return view.finding(KIND, KIND, *steps, value=value, allowed=allowed, fix=fix)
