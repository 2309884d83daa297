"""The page of docs/reference on recovery: targets, reactions, promises and accepted misses, as the catalogue has them.

Guarantees nothing of what is planned: `nautilus drill` works times out of resources; this page says what it judges by.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from config.model import Catalogue, Source
from config.reference import page, table

_INTRODUCTION: Final = (
    "By these figures `nautilus drill` and the rules FLT-001…003 judge planned and deployed resources. Times are the worst "
    "case, in seconds. Where a scenario and a tier disagree, the stricter figure is the target.\n"
)


def recovery(catalogue: Catalogue, *, command: str) -> str:
    """Give the page; `command` is what makes it."""
    found = catalogue.recovery
    return page(
        "Recovery",
        _INTRODUCTION,
        "## Scenarios (FO-3)\n",
        table(
            ["scenario", "what", "recovery time", "recovery point", "source"],
            (
                [one.id, one.title, f"{one.rto_s:g}", _figure(one.rpo_s), _source(one.source)]
                for one in found.targets.values()
            ),
        ),
        "## Service tiers (FO-4)\n",
        table(
            ["tier", "what", "recovery time", "US dollars an hour", "availability", "source"],
            (
                [
                    str(one.tier),
                    one.title,
                    f"{one.recovery_s:g}",
                    _figure(one.cost_usd_h),
                    f"{one.availability:g}",
                    _source(one.source),
                ]
                for one in found.tiers.values()
            ),
        ),
        "## What mechanisms add that no setting shows\n",
        table(
            ["mechanism", "adds", "source"],
            (
                [one.id, _adds(one.model_dump(exclude={"id", "source"})), _source(one.source)]
                for one in found.reactions.values()
            ),
        ),
        f"A client reconnects within {found.reconnect_s:g} s; an urgent change is in force within {found.apply_s:g} s.\n",
        "## Accepted misses\n",
        table(
            ["deviation", "scenarios", "mechanism", "accepted up to", "reason", "source"],
            (
                [
                    one.id,
                    ", ".join(one.scenarios),
                    one.mechanism,
                    f"{one.accepted_s:g}",
                    one.reason.strip(),
                    _source(one.source),
                ]
                for one in found.deviations.values()
            ),
        ),
        "## What providers promise\n",
        table(
            ["what", "availability", "source"],
            ([one.title, f"{one.availability:g}", _source(one.source)] for one in found.agreements.values()),
        ),
        command=command,
    )


def _adds(figures: dict[str, object]) -> str:
    """Name the figures that are not nothing."""
    return (
        ", ".join(f"{name} {_plain(figure)}" for name, figure in figures.items() if figure not in (0, 1, {}, False))
        or "nothing"
    )


def _plain(figure: object) -> str:
    if isinstance(figure, dict):
        return " and ".join(f"{key} {value:g}" for key, value in figure.items())
    return f"{figure:g}" if isinstance(figure, float) else "yes" if figure is True else str(figure)


def _figure(figure: float | None) -> str:
    return "none" if figure is None else f"{figure:,.10g}"


def _source(source: Source) -> str:
    parts: Iterable[str | None] = (source.document, source.section)
    return ", ".join(part for part in parts if part) + ("" if source.verified else " (not verified)")
