"""Targets are lawful by derivation, in a fixed order, (FO-3)."""

from __future__ import annotations

import random

import pytest

import config
from config.loader import load
from config.model import Catalogue, DataClass
from nautilus.federation.failover import options
from nautilus.federation.law import may_rest


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root())


def test_every_target_is_lawful_and_every_other_placement_is_refused_with_a_reason(catalogue: Catalogue) -> None:
    placements = sum(len(cluster.placements) for cluster in catalogue.clusters.values())
    for cluster in catalogue.clusters.values():
        for placement_id in cluster.placements:
            for data in DataClass:
                found = options(catalogue, cluster, placement_id, data)
                assert len(found.targets) + len(found.refused) == placements - 1
                assert found.source not in {target.placement for target in found.targets}
                for target in found.targets:
                    place = catalogue.locations[target.location]
                    assert may_rest(catalogue.jurisdictions, cluster.jurisdiction, data, place).lawful
                    assert data in catalogue.clusters[target.cluster].data_classes
                assert all(refusal.verdict.reason for refusal in found.refused)


def test_the_home_jurisdiction_comes_first_and_a_recovery_cluster_before_a_nearer_one(catalogue: Catalogue) -> None:
    east = catalogue.clusters["nautilus-enterprise-us-east-1"]
    found = options(catalogue, east, "main", DataClass.MARKET)
    homes = [catalogue.locations[target.location].jurisdiction for target in found.targets]
    assert homes == sorted(homes, key=lambda home: home != "us")
    assert found.targets[0].placement == "nautilus-enterprise-us-central-1"


def test_no_indian_personal_or_financial_record_has_a_target_outside_india(catalogue: Catalogue) -> None:
    for cluster in catalogue.clusters.values():
        if cluster.jurisdiction != "in":
            continue
        for placement_id in cluster.placements:
            for data in (DataClass.PII, DataClass.FINANCIAL):
                found = options(catalogue, cluster, placement_id, data).targets
                assert {catalogue.locations[target.location].country for target in found} == {"IN"}


def test_a_standby_is_its_own_clusters_first_target(catalogue: Catalogue) -> None:
    for cluster in catalogue.clusters.values():
        if "standby" in cluster.placements:
            for placement_id, other in (("main", f"{cluster.id}-standby"), ("standby", cluster.id)):
                for data in cluster.data_classes:
                    assert options(catalogue, cluster, placement_id, data).targets[0].placement == other


@pytest.mark.parametrize("seed", range(20))
def test_random_law_never_yields_an_unlawful_target(catalogue: Catalogue, seed: int) -> None:
    chance = random.Random(seed)
    homes = list(catalogue.jurisdictions)
    rewritten = {}
    for key, law in catalogue.jurisdictions.items():
        rules = {
            data: rule.model_copy(
                update={"jurisdictions": tuple(sorted({key, *chance.sample(homes, chance.randint(0, len(homes)))}))}
            )
            for data, rule in law.data_classes.items()
        }
        rewritten[key] = law.model_copy(update={"data_classes": rules})
    changed = catalogue.model_copy(update={"jurisdictions": rewritten})
    for cluster in changed.clusters.values():
        for data in DataClass:
            allowed = rewritten[cluster.jurisdiction].data_classes[data].jurisdictions
            for placement_id in cluster.placements:
                for target in options(changed, cluster, placement_id, data).targets:
                    assert changed.locations[target.location].jurisdiction in allowed
