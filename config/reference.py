"""Reference tables of the catalogue for people, made from it.

Guarantees that the tables under docs/reference say what the catalogue says, and that `unverified` lists every fact whose
source was not read. It is no legal advice, and the pages say so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import config
from config import generated
from config.loader import CatalogueError, load
from config.model import Catalogue, Model, Source
from config.problem import Path, dotted

FOLDER: Final = "docs/reference"
COMMAND: Final = "python -m config.reference"
_NOTE: Final = "Made from `config/catalogue` by `{}`: change the catalogue, not this page.\n"
ADVICE: Final = (
    "Nothing here is legal advice. These are rules that a machine checks, read or recalled by engineers; whether they are "
    "what the law asks is for a lawyer to say.\n"
)


def files(catalogue: Catalogue) -> dict[str, str]:
    """Give every page by its file name."""
    return {
        "clusters.md": _clusters(catalogue),
        "locations.md": _locations(catalogue),
        "jurisdictions.md": _jurisdictions(catalogue),
        "unverified.md": _unverified(catalogue),
    }


def unverified(catalogue: Catalogue) -> Iterator[tuple[str, str, Source]]:
    """Yield every source that is not verified: the path of the fact, what it says, and the source."""
    for path, owner, source in _sources(catalogue, ()):
        if not source.verified:
            yield dotted(path), _says(owner), source


def _clusters(catalogue: Catalogue) -> str:
    rows = [
        [
            cluster.id,
            placement_id,
            cluster.group.value,
            cluster.role.value,
            cluster.jurisdiction,
            placement.location,
            str(len(placement.zones)),
            placement.recovery,
            placement.nodes,
            placement.pods,
            placement.services,
            cluster.kubernetes_version,
        ]
        for cluster in sorted(catalogue.clusters.values(), key=lambda one: (one.group.value, one.id))
        for placement_id, placement in sorted(cluster.placements.items())
    ]
    head = "cluster|placement|group|role|jurisdiction|location|zones|recovery|nodes (prod)|pods|services|Kubernetes"
    count = f"{len(catalogue.clusters)} clusters, {len(rows)} placements.\n"
    return page("Clusters", count, table(head.split("|"), rows))


def _locations(catalogue: Catalogue) -> str:
    rows = [
        [
            location.id,
            location.place,
            location.country,
            location.jurisdiction or "none served",
            str(len(location.zones)),
            "yes" if location.opt_in else "",
            location.pair or "",
            f"{location.latitude:.2f}, {location.longitude:.2f}",
            _yes(location.source.verified),
        ]
        for location in sorted(catalogue.locations.values(), key=lambda one: one.id)
    ]
    head = "location|place|country|jurisdiction|zones|opt-in|pair|latitude, longitude|verified"
    return page("Locations", f"{len(rows)} locations.\n", table(head.split("|"), rows))


def _jurisdictions(catalogue: Catalogue) -> str:
    parts = [ADVICE]
    for home in sorted(catalogue.jurisdictions.values(), key=lambda one: one.id):
        regulators = ", ".join((home.regulator, *home.also))
        parts.append(f"## {home.name} (`{home.id}`)\n\n{regulators}. Frameworks: {', '.join(home.frameworks)}.\n")
        keys = home.keys
        parts.append(
            f"Keys: {keys.protection.value}, rotated every {keys.rotation_days} days, deleted after "
            f"{keys.deletion_window_days} days at the earliest. Logs: {home.log_retention_days} days. "
            f"Halt: {home.halt.duration_s} s, {home.halt.control}.\n"
        )
        residency = [
            [name.value, ", ".join(rule.jurisdictions), _yes(rule.encrypted), rule.clause.says, _source(rule.clause.source)]
            for name, rule in home.data_classes.items()
        ]
        parts.append(table(["data class", "may rest in", "encrypted", "because", "source"], residency))
        records = [
            [name, f"{rule.statute_years:g}", f"{rule.lock_years:g}", rule.immutability, _source(rule.clause.source)]
            for name, rule in home.records.items()
        ]
        parts.append(table(["records", "statute (years)", "lock (years)", "immutability", "source"], records))
        notices = [
            [
                notice.to,
                notice.event,
                f"{notice.within_hours:g} h" if notice.within_hours else "at once",
                _source(notice.source),
            ]
            for notice in home.notices
        ]
        parts.append(table(["notice to", "event", "within", "source"], notices))
        clocks = [
            [
                clock.activity,
                "none found" if clock.tolerance_us is None else f"{clock.tolerance_us} µs",
                _source(clock.source),
            ]
            for clock in home.clocks
        ]
        parts.append(table(["clock", "tolerance", "source"], clocks))
    return page("Jurisdictions", *parts)


def _unverified(catalogue: Catalogue) -> str:
    rows = [[f"`{path}`", says, _document(source)] for path, says, source in unverified(catalogue)]
    total = sum(1 for _ in _sources(catalogue, ()))
    intro = (
        f"{len(rows)} of the catalogue's {total} sourced facts rest on general knowledge or on this platform's own "
        "controls: no source was read for them. A lawyer or an engineer has to confirm each, name the document read and set "
        "`verified: true`.\n"
    )
    return page("Facts to verify", ADVICE, intro, table(["where", "what it says", "said to come from"], rows))


def _sources(value: object, path: Path, owner: Model | None = None) -> Iterator[tuple[Path, Model, Source]]:
    """Yield every source below a value with its path and the record it belongs to."""
    if isinstance(value, Source):
        assert owner is not None, "a source belongs to a record"
        yield path[:-1], owner, value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _sources(getattr(value, name), (*path, name), value)
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _sources(value[key], (*path, str(key)), owner)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _sources(item, (*path, index), owner)


def _says(owner: Model) -> str:
    """Give what a sourced record says in short: its own words where it has any."""
    for name in ("says", "place", "control"):
        if hasattr(owner, name):
            return str(getattr(owner, name))
    stated = {name: getattr(owner, name) for name in type(owner).model_fields if name != "source"}
    return ", ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in stated.items()
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _document(source: Source) -> str:
    return f"{source.document}, {source.section}" if source.section else source.document


def _source(source: Source) -> str:
    return f"{_document(source)}{'' if source.verified else ' (not verified)'}"


def page(title: str, *parts: str, command: str = COMMAND) -> str:
    """Give a page with its title, the command that makes it, and its parts."""
    return "\n".join([f"# {title}\n", _NOTE.format(command), *parts]).rstrip("\n") + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a Markdown table; a bar within a cell becomes a slash."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines) + "\n"


def main(
    arguments: Sequence[str] | None = None, *, of: Callable[[Catalogue], dict[str, str]] = files, command: str = COMMAND
) -> int:
    """Write the pages, or with `--check` give 1 where one is stale; 2 where the catalogue is bad.

    `of` makes the pages by file name, `command` is how a person runs this.
    """
    root = config.root()
    try:
        catalogue = load(root)
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return generated.main(arguments, folder=root / FOLDER, files=of(catalogue), command=command)


if __name__ == "__main__":
    sys.exit(main())
