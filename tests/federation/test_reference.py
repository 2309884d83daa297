"""The reasoned pages are the catalogue's, and a stale one is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import config
from config.loader import load
from config.model import Catalogue, DataClass
from config.reference import FOLDER
from nautilus.federation import reference
from nautilus.federation.matrix import matrix
from tests.fixtures.catalogues import TODAY, copied


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


@pytest.fixture(scope="module")
def pages(catalogue: Catalogue) -> dict[str, str]:
    return reference.files(catalogue)


def test_the_committed_pages_are_the_catalogues(pages: dict[str, str]) -> None:
    assert {name: (config.root() / FOLDER / name).read_text(encoding="utf-8") for name in pages} == pages


def test_every_route_has_one_row(catalogue: Catalogue, pages: dict[str, str]) -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in pages["routes.md"].splitlines() if line.startswith("| ")]
    assert sorted(set(rows) & set(catalogue.backbone.routes)) == sorted(catalogue.backbone.routes)
    assert len([row for row in rows if row in catalogue.backbone.routes]) == len(catalogue.backbone.routes)


def test_a_row_shows_floor_figures_budget_and_verdict(pages: dict[str, str]) -> None:
    wanted = "| 39.0 | 58 to 59 | aws 63, gcp 60 | 75 | met | 10 | both | no | trading |"
    assert wanted in pages["routes.md"]
    assert "| 3.0 | not measured | not measured | 75 | unknown |" in pages["routes.md"]


def test_marks_are_as_many_as_the_matrix_has(catalogue: Catalogue, pages: dict[str, str]) -> None:
    cells = [cell for rows in matrix(catalogue).values() for row in rows.values() for cell in row.values()]
    tables = pages["lawful.md"]
    lawful = sum(cell.verdict.lawful for cell in cells)
    assert len(re.findall(r"\| ✓ [a-z] (?=\|)", tables)) == lawful
    assert len(re.findall(r"\| – [a-z] (?=\|)", tables)) == len(cells) - lawful  # noqa: RUF001


def test_every_letter_has_its_note_and_every_refusal_its_clause(pages: dict[str, str]) -> None:
    sections = re.split(r"^## ", pages["lawful.md"], flags=re.MULTILINE)[1 : 1 + len(DataClass)]
    assert [section.splitlines()[0] for section in sections] == [data.value for data in DataClass]
    for section in sections:
        used = set(re.findall(r"[✓–] ([a-z]) \|", section))  # noqa: RUF001
        assert used == set(re.findall(r"^- \*\*([a-z])\*\* ", section, flags=re.MULTILINE))
    assert "`rbi-2018` of in, may be in in: Payment data is stored only in India" in pages["lawful.md"]


def test_lawful_targets_without_a_lawful_way_are_listed(pages: dict[str, str]) -> None:
    assert "| financial | asia-ne-1 | eu-west-1 | asia-se-1 |" in pages["lawful.md"]
    assert "| financial | uk-south-1 | eu-west-1 |" not in pages["lawful.md"]


def test_the_page_of_law_says_that_it_is_no_legal_advice(pages: dict[str, str]) -> None:
    assert "Nothing here is legal advice." in pages["lawful.md"]


def test_check_tells_fresh_from_stale_and_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NAUTILUS_ROOT", str(copied(tmp_path)))
    assert reference.main(["--check"]) == 1
    assert f"lawful.md is stale: run `{reference.COMMAND}`" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    (tmp_path / "config/catalogue/backbone.yaml").unlink()
    assert reference.main(["--check"]) == 2
    assert "backbone.yaml" in capsys.readouterr().err
