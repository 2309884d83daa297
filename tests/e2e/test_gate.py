"""The gate bites: each planted violation is stopped by its rule, before anything is created (OPS-3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.e2e.plants.plants import PLANTS, Plant
from tests.e2e.project import REPO, Project, copy

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = copy(tmp_path_factory.mktemp("planted"), main=REPO / "tests" / "e2e" / "plants")
    yield project
    project.stop()


def plant_in(root: Path, plant: Plant) -> None:
    path = root / "config" / "stacks" / f"Pulumi.prod-{plant.group}.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["config"]["nautilus:plant"] = plant.name
    path.write_text(yaml.safe_dump(settings))


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_violation_is_stopped_before_anything_is_created(planted: Project, plant: Plant) -> None:
    plant_in(planted.root, plant)

    run = planted.nautilus("up", "--stack", plant.group, "--yes")

    assert run.code == 3, run.output
    wanted = {change.rule for change in plant.changes}
    assert {finding["rule"] for finding in run.findings} == {*wanted, *plant.also}, run.output
    for finding in run.findings:
        for field in ("resource", "found", "allowed", "clause", "fix"):
            assert finding[field], (field, finding)
            assert str(finding[field])[:40] in " ".join(run.output.split()), (field, run.output)
    for change in plant.changes:
        hits = [finding["resource"] for finding in run.findings if change.found in finding["found"]]
        assert hits, (change, run.findings)
        # A provider that is moved is told by what it makes; every further change is told at its own resource.
        assert change not in plant.others or all(hit.endswith(f"::{change.resource}") for hit in hits), (change, hits)
    assert planted.rows() == []
