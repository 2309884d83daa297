"""A drill for people, for machines and as a picture.

Guarantees that the three say the same figures, and that a recovery that never ends is a word and not a number: `never` in
the table, null in JSON, a bar without an end in the plot.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from nautilus.federation.availability import Availability
    from nautilus.federation.course import Moment
    from nautilus.federation.recovery import Outcome

PLOTS: Final = (".png", ".svg")
SEED: Final = 1
"""Of the spread of simulated courses: the same drill always gives the same figures."""

_STYLE: Final = {"met": "green", "accepted deviation": "yellow", "not planned": "yellow", "MISSED": "bold red"}
_SHORT: Final = {"accepted deviation": "accepted"}
NO_POINT: Final = "no store"
_PHASES: Final = ("detection", "decision", "convergence")
_COLOURS: Final = {"detection": "#4878a8", "decision": "#8a6d3b", "convergence": "#5a9e6f"}


@dataclass(frozen=True, kw_only=True)
class Drill:
    """What a drill found. `timed` says that the time line of the worst course is shown."""

    environment: str
    resources: int
    outcomes: tuple[Outcome, ...]
    availabilities: tuple[Availability, ...]
    timed: bool

    @property
    def rows(self) -> tuple[Outcome, ...]:
        """The worst outcome of each scenario and tier."""
        from nautilus.federation.recovery import worst  # noqa: PLC0415 - a help page need not wait for it

        return worst(self.outcomes)

    @property
    def missed(self) -> tuple[Outcome, ...]:
        """Every row whose target is missed beyond what is accepted."""
        return tuple(row for row in self.rows if row.verdict.value == "MISSED")

    @property
    def short(self) -> tuple[Availability, ...]:
        """Every front whose availability is below its tier's, and not accepted."""
        return tuple(one for one in self.availabilities if not one.met and not one.accepted)

    @property
    def kept(self) -> bool:
        """Whether every target is met or its miss accepted."""
        return not self.missed and not self.short


def show(drill: Drill, console: Console) -> None:
    """Print the table, what is missed and would mend it, the accepted misses with their reasons, and the availability."""
    console.print(_table(drill))
    if any(row.recovery_point == _no_store() for row in drill.rows):
        console.print(f"RPO: {_no_store()}, so no recovery point is met or missed", highlight=False)
    for outcome in _once(drill.missed):
        _miss(outcome, console)
    _accepted(drill, console)
    if drill.timed:
        _line(drill, console)
    if drill.availabilities:
        _served(drill, console)
    style, words = ("green", "every target is met or its miss accepted") if drill.kept else ("red", _count(drill))
    console.print(f"[{style}]{words}[/] ({drill.resources} resources read)", highlight=False)


def _count(drill: Drill) -> str:
    parts = [(len(drill.missed), "recovery time(s)"), (len(drill.short), "availability figure(s)")]
    return " and ".join(f"{count} {what}" for count, what in parts if count) + " missed"


def _table(drill: Drill) -> Table:
    title = f"nautilus drill · {drill.environment} · worst case in seconds"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("scenario", "tier"):
        table.add_column(name, no_wrap=True)
    for name in ("detect", "decide", "converge", "RTO", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("RPO", "verdict"):
        table.add_column(name, no_wrap=True)
    table.add_column("dominated by", overflow="fold", min_width=30)
    for row in drill.rows:
        chain = row.chain
        phases = [""] * len(_PHASES) if chain is None else [_figure(chain.phase_s(one)) for one in _phases()]
        table.add_row(
            row.scenario.value,
            "all" if row.tier is None else f"{row.tier.tier} {row.tier.id}",
            *phases,
            "" if chain is None else _figure(row.rto_s),
            f"{row.target_s:g}",
            NO_POINT if row.recovery_point == _no_store() else "unread",
            f"[{_STYLE[row.verdict.value]}]{_SHORT.get(row.verdict.value, row.verdict.value)}[/]",
            "" if chain is None else escape(chain.dominant.subject),
        )
    return table


def _no_store() -> str:
    from nautilus.federation.recovery import NO_STORE  # noqa: PLC0415 - as in `Drill.rows`

    return NO_STORE


def _phases() -> Iterator[Any]:
    from nautilus.federation.chain import Phase  # noqa: PLC0415 - as in `Drill.rows`

    yield from (Phase(name) for name in _PHASES)


def _figure(value: float) -> str:
    return "never" if math.isinf(value) else f"{value:g}"


def _once(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield the worst outcome for each thing that dominates: one thing to mend is told once."""
    seen: dict[tuple[str, str], Outcome] = {}
    for outcome in outcomes:
        subject = "" if outcome.chain is None else outcome.chain.dominant.subject
        key = (outcome.scenario.value, subject)
        if key not in seen or outcome.rank > seen[key].rank:
            seen[key] = outcome
    yield from seen.values()


def _miss(outcome: Outcome, console: Console) -> None:
    from nautilus.federation.assessment import allowed, seconds  # noqa: PLC0415 - as in `Drill.rows`

    who = f", front {outcome.front}" if outcome.front else ""
    names = f", {outcome.provider} names" if outcome.provider else ""
    console.print(
        f"[bold red]missed[/] [bold]{outcome.scenario}[/] {escape(outcome.loss + who + names)}",
        highlight=False,
        soft_wrap=True,
    )
    lines = {"found": outcome.recovery_point, "allowed": allowed(outcome), "fix": "plan its replication"}
    if outcome.chain is not None:
        stage = outcome.chain.dominant
        lines["found"] = f"{seconds(outcome.rto_s)}, of which {seconds(stage.worst_s)} by {stage.subject}: {stage.says}"
        lines["fix"] = stage.mend
    for name, text in lines.items():
        console.print(f"  {name:<8} {escape(text)}", highlight=False, soft_wrap=True)


def _accepted(drill: Drill, console: Console) -> None:
    used: dict[str, tuple[float, Any]] = {}
    for outcome in drill.outcomes:
        if outcome.verdict.value == "accepted deviation" and outcome.deviation is not None:
            longest = max(outcome.rto_s, used.get(outcome.deviation.id, (0.0, None))[0])
            used[outcome.deviation.id] = (longest, outcome.deviation)
    for name, (longest, deviation) in sorted(used.items()):
        console.print(
            f"[yellow]accepted[/] {name}: {longest:g} s of {deviation.accepted_s:g} s. {escape(deviation.reason)}",
            highlight=False,
            soft_wrap=True,
        )


def _line(drill: Drill, console: Console) -> None:
    """Print the worst course of the worst outcome, and how others like it spread."""
    from nautilus.federation.course import play, spread  # noqa: PLC0415 - as in `Drill.rows`

    told = max((row for row in drill.rows if row.chain is not None), key=lambda row: row.rank, default=None)
    if told is None or told.chain is None:
        return
    whom = f", front {told.front}" if told.front else ""
    to = f" to {', '.join(told.takes_over)}" if told.takes_over else ""
    console.print(f"time line: {told.loss}{whom}, by {told.chain.by}{to}", highlight=False, markup=False, soft_wrap=True)
    for moment in play(told.chain).moments:
        console.print(_moment(moment), highlight=False, markup=False, soft_wrap=True)
    if math.isinf(told.rto_s):
        return
    runs = spread(told.chain, seed=SEED)
    console.print(
        f"{runs.runs} failures at other moments: {runs.least_s:.1f} s at the least, {runs.median_s:.1f} s in the middle, "
        f"{runs.p95_s:.1f} s in 19 of 20, {runs.most_s:.1f} s at the most",
        highlight=False,
        soft_wrap=True,
    )


def _moment(moment: Moment) -> str:
    return f"  {moment.at_s:8.1f} s  {moment.phase.value:<11}  {moment.subject}: {moment.says}"


def _served(drill: Drill, console: Console) -> None:
    table = Table(
        title="availability from what providers promise, failures independent",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for name in ("tier", "lowest front", "availability", "minutes a year", "target", "verdict", "weakest part"):
        table.add_column(name, overflow="fold")
    lowest: dict[int, Availability] = {}
    for one in drill.availabilities:
        if one.tier not in lowest or one.composed < lowest[one.tier].composed:
            lowest[one.tier] = one
    for tier, one in sorted(lowest.items()):
        verdict = "met" if one.met else "accepted deviation" if one.accepted else "MISSED"
        table.add_row(
            str(tier),
            one.front,
            f"{one.composed:.7f}",
            f"{one.minutes_a_year:.2f}",
            f"{one.target:g}",
            f"[{_STYLE[verdict]}]{verdict}[/]",
            escape(f"{one.weakest.subject}: {one.weakest.title}"),
        )
    console.print(table)


def as_dict(drill: Drill) -> Mapping[str, object]:
    """Give the whole drill as plain values; None for what never ends."""
    return {
        "environment": drill.environment,
        "kept": drill.kept,
        "resources": drill.resources,
        "rows": [_plain(row) for row in drill.rows],
        "outcomes": [_plain(one) for one in drill.outcomes],
        "availability": [
            {
                "front": one.front,
                "tier": one.tier,
                "composed": one.composed,
                "target": one.target,
                "met": one.met,
                "minutes_a_year": one.minutes_a_year,
                "weakest": {"subject": one.weakest.subject, "title": one.weakest.title},
                "endpoints": dict(one.endpoints),
            }
            for one in drill.availabilities
        ],
    }


def _plain(outcome: Outcome) -> Mapping[str, object]:
    chain = outcome.chain
    return {
        "scenario": outcome.scenario.value,
        "loss": outcome.loss,
        "front": outcome.front,
        "tier": None if outcome.tier is None else outcome.tier.tier,
        "names": outcome.provider,
        "by": None if chain is None else chain.by,
        "takes_over": list(outcome.takes_over),
        "rto_s": _finite(outcome.rto_s),
        "target_s": outcome.target_s,
        "rpo": outcome.recovery_point,
        "target_rpo_s": outcome.target_point_s,
        "verdict": outcome.verdict.value,
        "deviation": None if outcome.deviation is None else outcome.deviation.id,
        "dominated_by": None if chain is None else chain.dominant.subject,
        "mend": None if chain is None else chain.dominant.mend,
        "stages": []
        if chain is None
        else [
            {
                "phase": one.phase.value,
                "subject": one.subject,
                "says": one.says,
                "worst_s": _finite(one.worst_s),
                "urn": one.urn,
            }
            for one in chain.stages
        ],
    }


def _finite(value: float) -> float | None:
    return None if math.isinf(value) else value


def write_json(drill: Drill, path: Path) -> None:
    """Write the whole drill as JSON to a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_dict(drill), indent=2, ensure_ascii=False) + "\n")


def write_plot(drill: Drill, path: Path) -> None:
    """Write a bar for each row to a PNG or SVG file, by the end of its name: its phases, and a mark at its target."""
    import matplotlib  # noqa: PLC0415 - heavy, and wanted only here

    matplotlib.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415 - after the choice of its back end
    from matplotlib.patches import Patch  # noqa: PLC0415 - as above

    rows = [row for row in drill.rows if row.chain is not None][::-1]
    figure, axes = pyplot.subplots(figsize=(11, 1.2 + 0.34 * len(rows)))
    finite = [row.rto_s for row in rows if not math.isinf(row.rto_s)]
    edge = max([*finite, *(row.target_s for row in rows), 1.0]) * 1.1
    for place, row in enumerate(rows):
        left = 0.0
        for phase in _phases():
            assert row.chain is not None, "rows without a chain were left out above"
            width = min(row.chain.phase_s(phase), edge - left)
            axes.barh(place, width, left=left, color=_COLOURS[phase.value], height=0.7)
            left += width
        axes.plot([row.target_s, row.target_s], [place - 0.45, place + 0.45], color="black", linewidth=2)
        axes.text(left, place, f" {_figure(row.rto_s)} {row.verdict.value}", va="center", fontsize=8)
    axes.set_yticks(
        range(len(rows)), [f"{row.scenario} · {'all' if row.tier is None else row.tier.id}" for row in rows], fontsize=8
    )
    axes.set_xlim(0, edge * 1.25)
    axes.set_xlabel("seconds after the failure, worst case; the black mark is the target")
    axes.set_title(f"nautilus drill, {drill.environment}")
    handles = [Patch(color=colour, label=name) for name, colour in _COLOURS.items()]
    axes.legend(handles=handles, loc="lower right", fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight")
    pyplot.close(figure)
