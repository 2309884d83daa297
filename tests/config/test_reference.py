from __future__ import annotations

from pathlib import Path

import pytest

import config
from config import reference
from config.loader import load
from config.model import Catalogue
from tests.fixtures.catalogues import TODAY, copied


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


@pytest.fixture(scope="module")
def pages(catalogue: Catalogue) -> dict[str, str]:
    return reference.files(catalogue)


def test_the_committed_pages_are_the_catalogues(pages: dict[str, str]) -> None:
    assert {name: (config.root() / reference.FOLDER / name).read_text(encoding="utf-8") for name in pages} == pages


def test_every_placement_has_a_row(catalogue: Catalogue, pages: dict[str, str]) -> None:
    for cluster in catalogue.clusters.values():
        for placement_id, placement in cluster.placements.items():
            assert f"| {cluster.id} | {placement_id} |" in pages["clusters.md"]
            assert placement.nodes in pages["clusters.md"]


def test_every_location_has_a_row(catalogue: Catalogue, pages: dict[str, str]) -> None:
    rows = [line for line in pages["locations.md"].splitlines() if line.startswith(("| aws/", "| gcp/", "| azure/"))]
    assert len(rows) == len(catalogue.locations)
    assert any("Hong Kong" in row and "none served" in row for row in rows)


def test_every_unverified_fact_is_listed(catalogue: Catalogue, pages: dict[str, str]) -> None:
    listed = [line for line in pages["unverified.md"].splitlines() if line.startswith("| `")]
    dumped = catalogue.model_dump_json()
    total = dumped.count('"verified":')
    assert len(listed) == dumped.count('"verified":false')
    assert f"{len(listed)} of the catalogue's {total} sourced facts" in pages["unverified.md"]


@pytest.mark.parametrize("name", ["jurisdictions.md", "unverified.md"])
def test_legal_pages_say_that_they_are_no_legal_advice(pages: dict[str, str], name: str) -> None:
    assert "Nothing here is legal advice." in pages[name]


def test_tables_are_rectangular(pages: dict[str, str]) -> None:
    for text in pages.values():
        width = 0
        for line in text.splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            width = width or line.count("|")
            assert line.count("|") == width


def test_check_tells_fresh_from_stale_and_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NAUTILUS_ROOT", str(copied(tmp_path)))
    assert reference.main(["--check"]) == 1
    assert "clusters.md is stale: run `python -m config.reference`" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    (tmp_path / "config/catalogue/kubernetes.yaml").unlink()
    assert reference.main(["--check"]) == 2
    assert "kubernetes.yaml" in capsys.readouterr().err
