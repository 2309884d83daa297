"""`python -m nautilus.federation.reference [--check]`: the pages of docs/reference that are reasoned, not only read.

Guarantees that `routes.md` and `lawful.md` say what `route`, `addressing` and `matrix` derive from the catalogue,
`recovery.md` what recovery is judged by, and `edge.md` where the edge stands. They are no legal advice, and say so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from config import reference
from config.model import Catalogue, DataClass, EnvironmentName, RouteKind
from config.reference import ADVICE, page, table
from nautilus.federation.addressing import Use, summaries
from nautilus.federation.edge_page import edge
from nautilus.federation.law import Verdict
from nautilus.federation.matrix import Row, matrix
from nautilus.federation.recovery_page import recovery
from nautilus.federation.route import Backbone, Leg
from nautilus.federation.stop import find

COMMAND: Final = "python -m nautilus.federation.reference"
TITLES: Final[Mapping[RouteKind, str]] = {
    RouteKind.BACKBONE: "Backbone, inside a group (NET-1)",
    RouteKind.GLOBAL: "Global, between groups (NET-1)",
    RouteKind.RECOVERY: "Recovery, inside a jurisdiction (NET-2)",
    RouteKind.EDGE: "Edge (NET-3)",
}


def files(catalogue: Catalogue) -> dict[str, str]:
    """Give every page by its file name."""
    return {
        "routes.md": routes(catalogue),
        "lawful.md": lawful(catalogue),
        "recovery.md": recovery(catalogue, command=COMMAND),
        "edge.md": edge(catalogue, command=COMMAND),
    }


def routes(catalogue: Catalogue) -> str:
    """Give the page of routes: each with its floor, what was measured, its budget and the verdict, then the summaries."""
    legs = sorted((leg for found in Backbone(catalogue).legs.values() for leg in found), key=lambda leg: leg.route.id)
    once = [leg for leg in legs if leg.here.name == leg.route.ends[0]]
    verdicts = [leg.verdict.value for leg in once]
    counts = ", ".join(f"{verdicts.count(name)} {name}" for name in sorted(set(verdicts)))
    parts = [
        f"{len(once)} routes; budgets: {counts}. The floor is a great circle at 200,000 km/s. A budget bounds the 95th "
        "percentile of the round trip: met or missed by the upper figure that was measured between the two metros, unknown "
        "where none was. P95 is Azure's; averages are by cloud. All figures in milliseconds.\n"
    ]
    head = [
        "route",
        "ends",
        "floor",
        "P95",
        "average",
        "budget",
        "verdict",
        "Gbit/s",
        "encryption",
        "sealed",
        "class",
        "paths",
        "source",
    ]
    for kind, title in TITLES.items():
        parts += [f"## {title}\n", table(head, (_leg(leg) for leg in once if leg.route.kind is kind))]
    parts += [
        "## Address summaries, production\n",
        "The fewest ranges that reach a group from elsewhere: they hold all of its ranges and none of any other's.\n",
        table(
            ["group", *(use.value for use in Use)],
            (
                [group.value, *(", ".join(map(str, found[use])) for use in Use)]
                for group, found in summaries(catalogue, EnvironmentName.PROD).items()
            ),
        ),
    ]
    return page("Routes", *parts, command=COMMAND)


def _leg(leg: Leg) -> list[str]:
    route, trip = leg.route, leg.measured
    averages = trip.averages.by_cloud if trip is not None and trip.averages is not None else {}
    return [
        route.id,
        " to ".join(route.ends),
        f"{leg.floor_ms:.1f}",
        span(leg.p95_ms),
        ", ".join(f"{cloud.value} {figure:g}" for cloud, figure in averages.items()) or "not measured",
        f"{route.budget_ms:g}",
        leg.verdict.value,
        f"{route.capacity_gbps:g}",
        route.encryption.value,
        "yes" if route.sealed else "no",
        route.qos.value,
        "; ".join(f"{path.medium.value}, {path.provider}" for path in route.paths.values()),
        route.source.document + ("" if route.source.verified else " (not verified)"),
    ]


def span(figures: tuple[float, float] | None) -> str:
    """Give a range of milliseconds as people write it."""
    if figures is None:
        return "not measured"
    least, most = figures
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def lawful(catalogue: Catalogue) -> str:
    """Give the lawful matrix: one table a data class, sources down, targets across, and the clauses below it."""
    parts = [
        ADVICE,
        "May the cluster of the column take over this class of data from the cluster of the row? ✓ yes, – no; "  # noqa: RUF001
        "the letter names the clause or the reason below the table. A row without marks is a cluster that does not hold the "
        "class; a blank on the diagonal is a cluster of one placement, which cannot take over from itself.\n",
    ]
    for data, rows in matrix(catalogue).items():
        parts += [f"## {data.value}\n", *_class(catalogue, data, rows)]
    parts += [
        "## Lawful targets that no lawful way reaches\n",
        "Gateways end every tunnel that is not sealed, so what passes through a jurisdiction counts as moved there. The "
        "targets below are lawful, and yet every way to them passes a gateway where the data may not be: sealed routes, or "
        "a route of their own, would mend it.\n",
        table(["data", "from", "to", "refused at"], _stranded(catalogue)),
    ]
    return page("Lawful targets", *parts, command=COMMAND)


def _stranded(catalogue: Catalogue) -> Iterator[list[str]]:
    """Yield each lawful cell of the matrix whose data has no lawful way over the backbone."""
    backbone = Backbone(catalogue)
    for data, rows in matrix(catalogue).items():
        for source, row in rows.items():
            for target, cell in row.items():
                if not cell.verdict.lawful or source == target:
                    continue
                journey = backbone.shortest(find(catalogue, source), find(catalogue, target))
                found = None if journey is None else backbone.passage(journey, data)
                if found is None or (not found.verdict.lawful and found.detour is None):
                    at = "no route" if found is None or found.at is None else short(found.at)
                    yield [data.value, short(source), short(target), at]


def _class(catalogue: Catalogue, data: DataClass, rows: Mapping[str, Row]) -> list[str]:
    notes: dict[str, str] = {}
    columns = sorted(catalogue.clusters)
    lines = []
    for source, row in rows.items():
        cells = [_cell(catalogue, data, source, row[target].verdict, notes) if target in row else "" for target in columns]
        lines.append([f"{short(source)} ({catalogue.clusters[source].jurisdiction})", *cells])
    below = "\n".join(f"- **{letter}** {text}" for text, letter in notes.items())
    return [table(["", *map(short, columns)], lines), f"{below}\n"]


def _cell(catalogue: Catalogue, data: DataClass, source: str, verdict: Verdict, notes: dict[str, str]) -> str:
    """Give one mark with the letter of its note; `notes` maps each note to its letter and grows."""
    if verdict.clause is None:
        note = f"not declared for {data.value} data in the catalogue: least privilege"
    else:
        home = catalogue.clusters[source].jurisdiction
        origin = verdict.clause.source
        where = f"{origin.document}, {origin.section}" if origin.section else origin.document
        allowed = catalogue.jurisdictions[home].data_classes[data].jurisdictions
        unsure = "" if origin.verified else " (not verified)"
        note = f"`{verdict.clause.id}` of {home}, may be in {_places(allowed)}: {verdict.clause.says} {where}{unsure}"
    letter = notes.setdefault(note, chr(ord("a") + len(notes)))
    return f"{'✓' if verdict.lawful else '–'} {letter}"  # noqa: RUF001 - a dash is the mark


def _places(allowed: Sequence[str]) -> str:
    return "every jurisdiction" if "*" in allowed else ", ".join(allowed)


def short(cluster: str) -> str:
    """Give a cluster's id without what all of them share."""
    return cluster.removeprefix("nautilus-").removeprefix("enterprise-")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` give 1 where one is stale; 2 where the catalogue is bad."""
    return reference.main(arguments, of=files, command=COMMAND)


if __name__ == "__main__":
    sys.exit(main())
