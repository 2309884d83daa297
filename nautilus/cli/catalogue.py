"""`nautilus check`: the catalogue, loaded or refused with every mistake at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.project import Project

if TYPE_CHECKING:
    from config.model.catalogue import Catalogue


UNVERIFIED: Final = "docs/reference/unverified.md"
"""The page that lists every fact whose source nobody has read; `make generate` writes it."""


def load(project: Project) -> Catalogue:
    """Return the project's catalogue. Raises CommandError (exit 2) with every problem of it."""
    from config.loader import CatalogueError, load  # noqa: PLC0415 - a help page need not wait for the models

    try:
        return load(project.root)
    except CatalogueError as error:
        problems = "\n\n".join(str(problem) for problem in error.problems)
        raise CommandError(
            f"{len(error.problems)} mistake(s) in the catalogue\n\n{problems}\n",
            "mend these and run it again",
            ExitCode.BAD_CATALOGUE,
        ) from error


def show(catalogue: Catalogue, console: Console) -> None:
    """Print a summary: how much there is of everything, clusters by jurisdiction, and facts nobody has checked."""
    table = Table(title="the catalogue", title_justify="left")
    table.add_column("jurisdiction")
    for name in ("locations", "clusters", "placements"):
        table.add_column(name, justify="right")
    locations = Counter(item.jurisdiction or "none served" for item in catalogue.locations.values())
    clusters = Counter(item.jurisdiction for item in catalogue.clusters.values())
    placements = Counter[str]()
    for cluster in catalogue.clusters.values():
        placements[cluster.jurisdiction] += len(cluster.placements)
    for name in [*sorted(catalogue.jurisdictions), *sorted(set(locations) - set(catalogue.jurisdictions))]:
        table.add_row(name, str(locations[name]), str(clusters[name]), str(placements[name]))
    table.add_section()
    table.add_row("all", str(locations.total()), str(clusters.total()), str(placements.total()))
    console.print(table)
    environments = ", ".join(sorted(catalogue.environments))
    console.print(f"environments: {environments}", highlight=False)
    console.print(
        f"facts not checked against their source: {unverified(catalogue)}, listed in {UNVERIFIED}", highlight=False
    )
    console.print("the catalogue is sound", style="green", highlight=False)


def unverified(catalogue: BaseModel) -> int:
    """Return how many facts of the catalogue carry `verified: false`."""
    return sum(1 for value in _records(catalogue) if getattr(value, "verified", None) is False)


def _records(value: object) -> Iterator[BaseModel]:
    """Walk every record of the catalogue, each once for each place it stands in."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _records(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _records(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _records(item)
