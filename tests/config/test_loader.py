from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

import config
from config.kind import CATALOGUE, KINDS
from config.loader import CatalogueError, digest, from_values, load
from config.model import Cloud, EnvironmentName, Group
from tests.fixtures import sao_paulo
from tests.fixtures.catalogues import TODAY, copied, values

CLUSTER = "config/catalogue/clusters/nautilus-enterprise-us-east-1.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def change(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new, 1))


def test_the_shipped_catalogue_loads_with_fifteen_clusters_in_five_groups() -> None:
    catalogue = load(config.root(), today=TODAY)
    groups = [cluster.group for cluster in catalogue.clusters.values()]
    assert {group: groups.count(group) for group in Group} == {
        Group.AMERICAS: 4,
        Group.EMEA: 4,
        Group.APAC: 4,
        Group.EDGE: 2,
        Group.ANALYTICS: 1,
    }
    assert sum(len(cluster.placements) for cluster in catalogue.clusters.values()) == 26
    assert set(catalogue.jurisdictions) == {"us", "eu", "uk", "jp", "sg", "in", "ca", "au"}
    assert set(catalogue.environments) == set(EnvironmentName)


def test_every_cloud_is_used() -> None:
    catalogue = load(config.root(), today=TODAY)
    places = {place.location.split("/")[0] for one in catalogue.clusters.values() for place in one.placements.values()}
    assert places == {cloud.value for cloud in Cloud}


def test_loading_is_quick() -> None:
    load(config.root(), today=TODAY)
    begun = time.process_time()
    load(config.root(), today=TODAY)
    assert time.process_time() - begun < 0.4


def test_the_root_is_the_environments_where_it_names_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NAUTILUS_ROOT", str(tmp_path))
    assert config.root() == tmp_path.resolve()
    monkeypatch.delenv("NAUTILUS_ROOT")
    assert (config.root() / "config" / "loader.py").is_file()


def test_a_sixteenth_cluster_is_yaml_only(root: Path) -> None:
    catalogue = load(sao_paulo.overlay(root), today=TODAY)
    assert len(catalogue.clusters) == 16
    assert catalogue.clusters[sao_paulo.CLUSTER].jurisdiction == "br"


def test_the_digest_ignores_layout_and_sees_content(root: Path) -> None:
    before = digest(root)
    assert before == digest(config.root())
    change(root, CLUSTER, "tier: 0\n", "tier:   0   # a comment\n")
    assert digest(root) == before
    change(root, CLUSTER, "tier:   0 ", "tier: 1 ")
    assert digest(root) != before


def test_the_digest_refuses_what_cannot_be_read(root: Path) -> None:
    (root / CLUSTER).write_text("id: [")
    with pytest.raises(CatalogueError, match="well-formed YAML"):
        digest(root)


def test_a_problem_names_file_line_path_value_allowed_and_fix(root: Path) -> None:
    change(root, CLUSTER, "location: aws/us-east-1", "location: aws/us-esat-1")
    line = (root / CLUSTER).read_text().splitlines().index("    location: aws/us-esat-1") + 1
    with pytest.raises(CatalogueError, match=rf"us-east-1\.yaml:{line}:5  placements\.main\.location") as caught:
        load(root, today=TODAY)
    (problem,) = caught.value.problems
    assert problem.value == '"aws/us-esat-1"'
    assert problem.allowed.startswith("a location in the cluster's jurisdiction us: aws/us-east-1, ")
    assert problem.fix == "did you mean aws/us-east-1?"


def test_all_problems_come_at_once(root: Path) -> None:
    change(root, CLUSTER, "tier: 0", "tier: nine")
    change(
        root,
        "config/catalogue/clusters/nautilus-enterprise-uk-south-1.yaml",
        "recovery: azure/ukwest",
        "recovery: aws/eu-west-1",
    )
    (root / "config/catalogue/jurisdictions/au.yaml").write_text("id: au\nid: au\n")
    (root / CATALOGUE / "backbone.yml").write_text("{}")
    with pytest.raises(CatalogueError, match="4 problems in the catalogue") as caught:
        load(root, today=TODAY)
    assert [(Path(one.file).name, one.path) for one in caught.value.problems] == [
        ("backbone.yml", ""),
        ("nautilus-enterprise-uk-south-1.yaml", "placements.main.recovery"),
        ("nautilus-enterprise-us-east-1.yaml", "tier"),
        ("au.yaml", "id"),
    ]


def test_a_broken_file_brings_no_false_reports_of_what_refers_to_it(root: Path) -> None:
    (root / CATALOGUE / "locations.yaml").write_text("aws/us-east-1: [")
    with pytest.raises(CatalogueError, match="1 problem in the catalogue\n"):
        load(root, today=TODAY)


@pytest.mark.parametrize("folder", ["jurisdictions", "clusters", "environments"])
def test_a_missing_folder_is_said(root: Path, folder: str) -> None:
    shutil.rmtree(root / CATALOGUE / folder)
    with pytest.raises(
        CatalogueError, match=rf"config/catalogue/{folder}\n  found    nothing there\n  allowed  {folder}/ with"
    ):
        load(root, today=TODAY)


@pytest.mark.parametrize("file", ["locations.yaml", "node_pools.yaml", "kubernetes.yaml"])
def test_a_missing_file_is_said(root: Path, file: str) -> None:
    (root / CATALOGUE / file).unlink()
    with pytest.raises(CatalogueError, match=rf"config/catalogue/{file}\n  found    nothing there"):
        load(root, today=TODAY)


@pytest.mark.parametrize("name", ["nowhere", "x" * 300, "nul\0"], ids=["missing", "too long", "no name"])
def test_no_catalogue_at_all_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(CatalogueError, match=f"{len(KINDS)} problems") as caught:
        load(tmp_path / name, today=TODAY)
    assert sorted(problem.file for problem in caught.value.problems) == sorted(f"{CATALOGUE}/{kind.path}" for kind in KINDS)


def test_a_file_that_cannot_be_read_is_said(root: Path) -> None:
    (root / CATALOGUE / "kubernetes.yaml").unlink()
    (root / CATALOGUE / "kubernetes.yaml").mkdir()
    with pytest.raises(CatalogueError, match=r"kubernetes\.yaml\n  found    Is a directory"):
        load(root, today=TODAY)
    os.symlink(root / "nothing.yaml", root / CATALOGUE / "clusters" / "dangling.yaml")
    with pytest.raises(CatalogueError, match=r"dangling\.yaml\n  found    No such file"):
        load(root, today=TODAY)


BYTES = {
    "binary": bytes(range(256)) * 20,
    "nul": b"id: \x00",
    "not utf-8": b"id: \xff\xfe",
    "utf-16": "id: x".encode("utf-16"),
    "empty": b"",
    "only a comment": b"# nothing",
    "a number": b"42",
    "a list": b"- a\n- b",
    "null": b"~",
    "deep list": b"[" * 200_000,
    "deep mapping": b"{a: " * 50_000,
    "deep block": b"- " * 100_000,
    "bomb": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "itself": b"a: &a [*a]\n",
    "tag": b"!!python/object/apply:os.system [true]\n",
    "huge": b"x: " + b"a" * 2_000_000,
    "huge number": b"x: " + b"9" * 5000,
    "huge exponent": b"x: 1e999999",
    "list as key": b"? [a]\n: b\n",
    "mapping as key": b"? {a: b}\n: b\n",
    "null as key": b"~: b\n",
    "number as key": b"1: b\n",
    "tab": b"a:\n\tb: c\n",
    "two documents": b"a: b\n---\na: b\n",
    "surrogate": b'id: "\\ud800"\n',
    "directive": b"%YAML 9.9\n---\na: b\n",
    "merge key": b"<<: {a: b}\n",
    "many keys": b"".join(b"k%d: 1\n" % number for number in range(20_000)),
}


@pytest.mark.parametrize(
    "file",
    [CLUSTER, "config/catalogue/locations.yaml", "config/catalogue/environments/prod.yaml"],
    ids=["cluster", "locations", "environment"],
)
@pytest.mark.parametrize("data", list(BYTES.values()), ids=list(BYTES))
def test_whatever_the_bytes_the_answer_is_a_catalogue_error(root: Path, file: str, data: bytes) -> None:
    (root / file).write_bytes(data)
    with pytest.raises(CatalogueError, match="in the catalogue") as caught:
        load(root, today=TODAY)
    assert file in {problem.file for problem in caught.value.problems}
    assert all(len(line) < 400 and line.isprintable() for line in str(caught.value).splitlines())


def test_from_values_gives_the_same_catalogue() -> None:
    assert from_values(values(), today=TODAY) == load(config.root(), today=TODAY)


def test_the_catalogue_survives_json() -> None:
    catalogue = load(config.root(), today=TODAY)
    assert type(catalogue).model_validate_json(catalogue.model_dump_json()) == catalogue
    assert json.loads(catalogue.model_dump_json())["locations"]["azure/eastasia"]["jurisdiction"] is None
