"""`nautilus route A B`: the way between two places, what it may take, and which data may take it (NET-1…4, JUR-2).

Guarantees that every figure shown is the catalogue's or the floor, and that what was not measured says so. Ends with 1 where
there is no way or a budget is missed by what was measured; unlawful data is shown, not failed: the policies stop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nautilus.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from config.model.catalogue import Catalogue
    from nautilus.federation.route import Backbone, Journey, Passage


def show(catalogue: Catalogue, here: str, there: str, console: Console) -> ExitCode:
    """Print the shortest way and its law in both directions; give the exit code.

    Raises CommandError (64) for names that mean nothing or the same thing.
    """
    from nautilus.federation.route import Backbone, Budget  # noqa: PLC0415 - a help page need not wait for it
    from nautilus.federation.stop import find  # noqa: PLC0415 - as above

    backbone = Backbone(catalogue)
    try:
        sources, targets = find(catalogue, here), find(catalogue, there)
    except LookupError as error:
        fix = "see docs/reference/routes.md for every end"
        raise CommandError(str(error), fix, ExitCode.USAGE) from error
    if set(sources) & set(targets):
        raise CommandError(f"{here} and {there} are the same place", "name two places", ExitCode.USAGE)
    journey = backbone.shortest(sources, targets)
    if journey is None:
        raise CommandError(f"no route joins {here} and {there}", "add one to config/catalogue/backbone.yaml")
    _legs(journey, console)
    _law(backbone, journey, console)
    return ExitCode.FAILED if journey.verdict is Budget.MISSED else ExitCode.FINE


def _legs(journey: Journey, console: Console) -> None:
    from nautilus.federation.reference import span  # noqa: PLC0415 - as in `show`

    table = Table(title=escape(f"{journey.source.name} to {journey.target.name}, round trips in ms"), title_justify="left")
    for name in ("route", "to", "floor", "P95", "average", "budget", "Gbit/s", "link"):
        table.add_column(name, overflow="fold", no_wrap=name != "route")
    for leg in journey.legs:
        trip = leg.measured
        averages = trip.averages.by_cloud if trip is not None and trip.averages is not None else {}
        cells = (
            leg.route.id,
            leg.there.place,
            f"{leg.floor_ms:.1f}",
            span(leg.p95_ms),
            "\n".join(f"{cloud.value} {figure:g}" for cloud, figure in averages.items()) or "not measured",
            f"{leg.route.budget_ms:g} {leg.verdict.value}",
            f"{leg.route.capacity_gbps:g}",
            f"{leg.route.encryption.value}{', sealed' if leg.route.sealed else ''}, {len(leg.route.paths)} paths",
        )
        table.add_row(*map(escape, cells))
    console.print(table)
    console.print(
        f"path: {' → '.join(stop.name for stop in journey.stops)}\n"
        f"floor: {journey.floor_ms:.1f} ms along the path, {journey.direct_floor_ms:.1f} ms direct\n"
        f"expected: {span(journey.p95_ms)}{' ms, P95' if journey.p95_ms else ''}"
        f"{' summed over the legs' if journey.p95_ms and len(journey.legs) > 1 else ''}\n"
        f"budget: {journey.budget_ms:g} ms: {journey.verdict.value}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _law(backbone: Backbone, journey: Journey, console: Console) -> None:
    for way in (journey, journey.reversed()):
        table = Table(title=escape(f"data of {way.source.name} to {way.target.name}"), title_justify="left")
        for name in ("data", "lawful", "clause", "because"):
            table.add_column(name, overflow="fold")
        for passage in backbone.passages(way):
            clause = passage.verdict.clause
            because = passage.verdict.reason + _where(passage, way)
            cells = (passage.data.value, "yes" if passage.verdict.lawful else "no", clause.id if clause else "none", because)
            table.add_row(*map(escape, cells))
        console.print(table)
    console.print("A rule that a machine checks, not legal advice.", highlight=False)


def _where(passage: Passage, way: Journey) -> str:
    """Say at which transit a class is refused and which way would be lawful; nothing for a refusal at the end."""
    if passage.at is None or passage.at == way.target.name:
        return ""
    transit = f"; refused in transit at {passage.at}, whose gateway could read it"
    if passage.detour is None:
        return f"{transit}; no other way is lawful"
    return f"{transit}; lawful by {' → '.join(stop.name for stop in passage.detour.stops)}"
