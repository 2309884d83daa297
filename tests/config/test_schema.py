from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import config
from config import schema
from config.kind import CATALOGUE, KINDS, Kind
from tests.fixtures.catalogues import put, values

NAMES = [kind.name for kind in KINDS]


def kind_of(file: str) -> Kind:
    return next(kind for kind in KINDS if file == kind.path or file.startswith(f"{kind.path}/"))


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_the_committed_schema_is_the_models(kind: Kind) -> None:
    assert (config.root() / schema.FOLDER / f"{kind.name}.json").read_text(encoding="utf-8") == schema.schema(kind)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_schemas_are_valid_schemas(kind: Kind) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.schema(kind)))


@pytest.mark.parametrize("file", sorted(values()))
def test_every_shipped_file_fits_its_schema(file: str) -> None:
    jsonschema.validate(values()[file], json.loads(schema.schema(kind_of(file))))


@pytest.mark.parametrize("file", sorted(values()))
def test_every_shipped_file_names_its_schema(file: str) -> None:
    path = config.root() / CATALOGUE / file
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = (path.parent / first.split("$schema=")[1]).resolve()
    assert named == (config.root() / schema.FOLDER / f"{kind_of(file).name}.json").resolve()
    assert named.is_file()


def test_a_schema_refuses_an_unknown_key() -> None:
    file = "clusters/nautilus-enterprise-us-east-1.yaml"
    cluster = values()[file]
    put(cluster, "placements.main.zone", ["us-east-1a"])
    with pytest.raises(jsonschema.ValidationError, match="'zone' was unexpected"):
        jsonschema.validate(cluster, json.loads(schema.schema(kind_of(file))))


def test_check_passes_on_fresh_schemas_and_fails_on_stale_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NAUTILUS_ROOT", str(tmp_path))
    assert schema.main(["--check"]) == 1
    assert "cluster.json is stale: run `python -m config.schema`" in capsys.readouterr().err
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
    (tmp_path / schema.FOLDER / "cluster.json").write_text("{}")
    assert schema.main(["--check"]) == 1
    assert capsys.readouterr().err == "cluster.json is stale: run `python -m config.schema`\n"
