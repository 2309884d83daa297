"""The catalogue read from its files, checked as a whole.

Guarantees that `load` gives a catalogue in which every reference resolves and every rule of `config.validation` holds, or
raises CatalogueError with every problem of the run, whatever the files hold. It calls no cloud and changes no file. A record
that is ill-formed by itself is left out of the rules between records until it is mended, so that one slip is said once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from config import document, records
from config.kind import CATALOGUE, KINDS
from config.model import Catalogue
from config.problem import LINE_LENGTH, CatalogueError, Problem, dotted, one_of, shown_text
from config.problem import Path as Steps
from config.validation import check
from config.validation.view import Finding, View

__all__ = ["CatalogueError", "Problem", "digest", "from_values", "load"]


def load(root: Path, *, today: date | None = None) -> Catalogue:
    """Read and check the catalogue under a project's root.

    `today` is the day on which Kubernetes versions must be in support; the current day where it is None. Raises
    CatalogueError with every problem of the run, and nothing else.
    """
    values, problems, broken = _read(root)
    findings, view = _check(values, broken, today or date.today())
    if problems or findings:
        raise CatalogueError([*problems, *_located(root, findings)])
    return _catalogue(view)


def from_values(values: Mapping[str, Any], *, today: date | None = None) -> Catalogue:
    """Check a catalogue that is parsed already: `values` maps files below the catalogue's folder to plain values.

    Raises CatalogueError as `load` does, without lines.
    """
    findings, view = _check(values, (), today or date.today())
    if findings:
        raise CatalogueError(_problem(finding, (0, 0)) for finding in findings)
    return _catalogue(view)


def digest(root: Path) -> str:
    """Give the SHA-256 of the catalogue's content in hexadecimal: the same for the same values, whatever their layout.

    Comments, order of keys and line breaks do not count. Raises CatalogueError where a file cannot be read.
    """
    values, problems, _ = _read(root)
    if problems:
        raise CatalogueError(problems)
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _read(root: Path) -> tuple[dict[str, Any], list[Problem], list[str]]:
    """Parse every file: the values, what is wrong, and the files that could not be parsed."""
    folder = root / CATALOGUE
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    broken: list[str] = []
    for file, path in _files(folder):
        name = f"{CATALOGUE}/{file}"
        if not _expected(file):
            problems.append(_unexpected(name, file))
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            problems.append(
                Problem(file=name, value=error.strerror or "unreadable", allowed="a readable file", fix="make it readable")
            )
            broken.append(file)
            continue
        parsed = document.parse(name, data)
        problems += parsed.problems
        if parsed.problems:
            broken.append(file)
        else:
            values[file] = parsed.value
    return values, problems, broken


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Give every YAML file below the catalogue's folder by its relative name, sorted; none where there is no folder."""
    try:
        found = [path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")]
    except (OSError, ValueError):
        return []
    return sorted((path.relative_to(folder).as_posix(), path) for path in found)


def _expected(file: str) -> bool:
    return file.endswith(".yaml") and any(
        file.startswith(f"{kind.path}/") and file.count("/") == 1 if kind.folder else file == kind.path for kind in KINDS
    )


def _unexpected(name: str, file: str) -> Problem:
    places = [f"{kind.path}/<id>.yaml" if kind.folder else kind.path for kind in KINDS]
    return Problem(
        file=shown_text(name),
        value=shown_text(f"the file {file}"),
        allowed=one_of(places, "a file that a model reads"),
        fix="rename, move or remove it",
    )


def _check(values: Mapping[str, Any], broken: Iterable[str], today: date) -> tuple[list[Finding], View]:
    view, findings = records.read(values, broken)
    return [*findings, *check(view, today)], view


def _located(root: Path, findings: Iterable[Finding]) -> list[Problem]:
    """Give findings their lines, reading the files concerned a second time with positions."""
    positions: dict[str, dict[Steps, document.Position]] = {}
    problems = []
    for finding in findings:
        if finding.file not in positions:
            path = root / CATALOGUE / finding.file
            try:
                positions[finding.file] = document.parse(finding.file, path.read_bytes(), positions=True).positions
            except (OSError, ValueError):
                positions[finding.file] = {}
        problems.append(_problem(finding, _position(positions[finding.file], finding.path)))
    return problems


def _position(positions: Mapping[Steps, document.Position], path: Steps) -> document.Position:
    """Give the place of a path, or of the nearest thing around it that stands in the file."""
    for length in range(len(path), -1, -1):
        if path[:length] in positions:
            return positions[path[:length]]
    return (0, 0)


def _problem(finding: Finding, position: document.Position) -> Problem:
    return Problem(
        file=f"{CATALOGUE}/{shown_text(finding.file)}",
        line=position[0],
        column=position[1],
        path=dotted(finding.path),
        value=shown_text(finding.value, LINE_LENGTH),
        allowed=shown_text(finding.allowed, LINE_LENGTH),
        fix=shown_text(finding.fix, LINE_LENGTH),
    )


def _catalogue(view: View) -> Catalogue:
    kubernetes = view.kubernetes
    backbone = view.backbone
    assert kubernetes is not None, "a view without findings holds every kind"
    assert backbone is not None, "a view without findings holds every kind"
    traffic = view.traffic
    assert traffic is not None, "a view without findings holds every kind"
    recovery = view.recovery
    assert recovery is not None, "a view without findings holds every kind"
    edge = view.edge
    assert edge is not None, "a view without findings holds every kind"
    return Catalogue(
        jurisdictions=dict(view.jurisdictions),
        locations=dict(view.locations),
        clusters=dict(view.clusters),
        node_pools=dict(view.node_pools),
        environments=dict(view.environments),
        kubernetes=kubernetes,
        backbone=backbone,
        traffic=traffic,
        operations=dict(view.operations),
        recovery=recovery,
        edge=edge,
    )
