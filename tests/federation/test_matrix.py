"""The matrix is what the law derives, cell by cell (JUR-2, FO-3)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import config
from config.loader import load
from config.model import Catalogue, DataClass
from nautilus.federation.law import holds
from nautilus.federation.matrix import Row, matrix
from tests.fixtures.catalogues import TODAY

E = "nautilus-enterprise-{}-1".format


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


@pytest.fixture(scope="module")
def cells(catalogue: Catalogue) -> Mapping[DataClass, Mapping[str, Row]]:
    return matrix(catalogue)


def test_every_class_source_and_target_has_a_cell_where_there_is_something_to_take_over(
    catalogue: Catalogue, cells: Mapping[DataClass, Mapping[str, Row]]
) -> None:
    assert set(cells) == set(DataClass)
    for data, rows in cells.items():
        assert list(rows) == sorted(catalogue.clusters)
        for source, row in rows.items():
            cluster = catalogue.clusters[source]
            others = set(catalogue.clusters) - ({source} if len(cluster.placements) == 1 else set())
            assert set(row) == (others if data in cluster.data_classes else set())


def test_every_cell_is_the_laws_and_carries_its_reason(
    catalogue: Catalogue, cells: Mapping[DataClass, Mapping[str, Row]]
) -> None:
    for data, rows in cells.items():
        for source, row in rows.items():
            for target, cell in row.items():
                verdict = holds(catalogue, catalogue.clusters[target], data, catalogue.clusters[source].jurisdiction)
                assert cell.verdict == verdict
                assert cell.verdict.reason


def test_no_indian_personal_or_financial_record_has_a_target_outside_india(
    cells: Mapping[DataClass, Mapping[str, Row]],
) -> None:
    for data in (DataClass.PII, DataClass.FINANCIAL, DataClass.REGULATORY, DataClass.DERIVED):
        row = cells[data][E("asia-south")]
        assert {target for target, cell in row.items() if cell.verdict.lawful} == {E("asia-south")}
    assert cells[DataClass.FINANCIAL][E("asia-south")][E("asia-se")].verdict.clause is not None
    assert any(cell.verdict.lawful for cell in cells[DataClass.MARKET][E("asia-south")].values())


@pytest.mark.parametrize(
    ("source", "target", "lawful"),
    [("asia-ne", "eu-west", True), ("eu-west", "asia-ne", True), ("eu-west", "us-east", False)],
)
def test_some_cells_of_financial_data(
    cells: Mapping[DataClass, Mapping[str, Row]], source: str, target: str, lawful: bool
) -> None:
    assert cells[DataClass.FINANCIAL][E(source)][E(target)].verdict.lawful is lawful


def test_a_standby_may_take_over_from_its_own_cluster_and_is_a_way_out_to_no_other_law(
    catalogue: Catalogue, cells: Mapping[DataClass, Mapping[str, Row]]
) -> None:
    for cluster in catalogue.clusters.values():
        for data in cluster.data_classes:
            assert (cluster.id in cells[data][cluster.id]) == (len(cluster.placements) > 1)
            if len(cluster.placements) > 1:
                assert cells[data][cluster.id][cluster.id].verdict.lawful


def test_an_edge_clusters_other_placements_may_take_over(cells: Mapping[DataClass, Mapping[str, Row]]) -> None:
    edge = "nautilus-edge-global-east-1"
    assert cells[DataClass.FINANCIAL][edge][edge].verdict.lawful
