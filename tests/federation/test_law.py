"""The law is the catalogue's, and what it does not know is refused (JUR-2)."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from config.model import Catalogue, DataClass
from nautilus.federation.law import holds, may_rest


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root())


@pytest.mark.parametrize("data", [DataClass.PII, DataClass.FINANCIAL, DataClass.REGULATORY])
def test_no_restricted_indian_data_may_rest_outside_india(catalogue: Catalogue, data: DataClass) -> None:
    for location in catalogue.locations.values():
        verdict = may_rest(catalogue.jurisdictions, "in", data, location)
        assert verdict.lawful == (location.country == "IN"), (location.id, verdict)
        assert verdict.clause is not None
        assert verdict.reason


def test_market_data_may_rest_everywhere(catalogue: Catalogue) -> None:
    for home in catalogue.jurisdictions:
        for location in catalogue.locations.values():
            assert may_rest(catalogue.jurisdictions, home, DataClass.MARKET, location).lawful


def test_personal_data_stays_at_home(catalogue: Catalogue) -> None:
    for home in catalogue.jurisdictions:
        for location in catalogue.locations.values():
            verdict = may_rest(catalogue.jurisdictions, home, DataClass.PII, location)
            assert verdict.lawful == (location.jurisdiction == home)


def test_an_unknown_home_is_refused(catalogue: Catalogue) -> None:
    verdict = may_rest(catalogue.jurisdictions, "atlantis", DataClass.MARKET, catalogue.locations["aws/us-east-1"])
    assert not verdict.lawful
    assert "'atlantis' is no jurisdiction" in verdict.reason


def test_a_class_without_a_rule_is_refused(catalogue: Catalogue) -> None:
    bare = catalogue.jurisdictions["us"].model_copy(update={"data_classes": {}})
    verdict = may_rest({"us": bare}, "us", DataClass.MARKET, catalogue.locations["aws/us-east-1"])
    assert not verdict.lawful
    assert "no residency rule for market" in verdict.reason


def test_a_place_outside_every_jurisdiction_is_refused(catalogue: Catalogue) -> None:
    abroad = [location for location in catalogue.locations.values() if location.jurisdiction is None]
    assert abroad
    for location in abroad:
        verdict = may_rest(catalogue.jurisdictions, "sg", DataClass.FINANCIAL, location)
        assert not verdict.lawful
        assert location.country in verdict.reason


def test_a_cluster_holds_only_what_it_is_declared_for(catalogue: Catalogue) -> None:
    cluster = next(cluster for cluster in catalogue.clusters.values() if DataClass.PII not in cluster.data_classes)
    verdict = holds(catalogue, cluster, DataClass.PII, cluster.jurisdiction)
    assert not verdict.lawful
    assert "is declared for" in verdict.reason
