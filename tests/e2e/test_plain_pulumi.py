"""Plain Pulumi gives the same verdict, the sandbox bites, and a further cluster is data (OPS-1, OPS-3, CLU-7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.plan import PlacementPlan, placements
from tests.e2e.plants.plants import PLANTS
from tests.e2e.project import REPO, Project, copy
from tests.fixtures.sao_paulo import CLUSTER, overlay

pytestmark = pytest.mark.e2e

PACK = str(REPO / "policies" / "packs" / "jurisdiction")


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = copy(tmp_path_factory.mktemp("plain"))
    yield made
    made.stop()


def test_plain_pulumi_previews_under_the_gate(project: Project) -> None:
    assert project.nautilus("sandbox", "start").code == 0
    assert project.pulumi("stack", "init", "prod-emea").returncode == 0

    done = project.pulumi("preview", "-s", "prod-emea", "--policy-pack", PACK)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "jurisdiction@v" in done.stdout
    assert "to create" in done.stdout


def test_plain_pulumi_is_stopped_by_the_same_rule(tmp_path_factory: pytest.TempPathFactory) -> None:
    plant = next(plant for plant in PLANTS if plant.name == "multi-region-key")
    planted = copy(tmp_path_factory.mktemp("plain-planted"), main=REPO / "tests" / "e2e" / "plants")
    try:
        path = planted.root / "config" / "stacks" / "Pulumi.prod-emea.yaml"
        settings = yaml.safe_load(path.read_text())
        settings["config"]["nautilus:plant"] = plant.name
        path.write_text(yaml.safe_dump(settings))
        assert planted.pulumi("stack", "init", "prod-emea").returncode == 0

        done = planted.pulumi("preview", "-s", "prod-emea", "--policy-pack", PACK)

        assert done.returncode != 0
        assert plant.rule in done.stdout
        assert plant.found in done.stdout
    finally:
        planted.stop()


def test_a_sixteenth_cluster_is_data_alone(project: Project) -> None:
    fifteen = project.nautilus("preview", "--stack", "americas")
    assert fifteen.code == 0, fifteen.output
    overlay(project.root)

    sixteen = project.nautilus("preview", "--stack", "americas")

    assert sixteen.code == 0, sixteen.output
    assert sixteen.findings == []
    plan = next(plan for plan in americas(project) if plan.cluster.id == CLUSTER)
    more = sixteen.verdict["totals"]["create"] - fifteen.verdict["totals"]["create"]
    assert more > 40 * len(plan.placement.zones)


def americas(project: Project) -> tuple[PlacementPlan, ...]:
    return placements(load(project.root), EnvironmentName.PROD, Group.AMERICAS)


def test_the_other_environments_preview_before_any_state_exists(project: Project) -> None:
    for environment in ("dev", "staging"):
        run = project.nautilus("preview", "--env", environment)
        assert run.code == 0, run.output
        assert run.findings == []
        assert len(run.verdict["stacks"]) == 6
