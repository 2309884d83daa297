"""An end that a broken record may define is uncertain, never unknown."""

from __future__ import annotations

from typing import Any

from config import records
from config.validation.ends import Ends
from tests.fixtures.catalogues import put, values

CLUSTER = "clusters/nautilus-edge-global-east-1.yaml"


def ends(catalogue: dict[str, Any], *unsound: str, broken: tuple[str, ...] = ()) -> Ends:
    view, _ = records.read(catalogue, broken)
    assert view.backbone is not None
    return Ends(view, view.backbone, frozenset(unsound))


def test_every_placement_and_recovery_location_is_an_end() -> None:
    found = ends(values())
    assert found.complete
    assert len(found.placements) == 26
    assert "nautilus-edge-global-east-1-azure" in found.names
    assert "nautilus-enterprise-us-east-1" in found.names
    assert "nautilus-enterprise-asia-south-1-standby" in found.names
    assert {"aws/us-east-2", "gcp/asia-south2"} <= set(found.names)
    assert not found.uncertain("nautilus-edge-global-east-1-azur")
    assert not found.uncertain("aws/eu-west-3")


def test_placements_of_a_broken_cluster_are_uncertain() -> None:
    catalogue = values()
    put(catalogue[CLUSTER], "tier", "nine")
    found = ends(catalogue)
    assert not found.complete
    assert found.find("nautilus-edge-global-east-1-aws") is None
    assert found.uncertain("nautilus-edge-global-east-1-aws")
    assert found.uncertain("aws/eu-west-3")
    assert not found.uncertain("nautilus-edge-global-west-1-oracle")


def test_placements_of_a_cluster_with_findings_are_uncertain() -> None:
    found = ends(values(), CLUSTER)
    assert not found.complete
    assert found.uncertain("nautilus-edge-global-east-1-aws")


def test_a_file_that_could_not_be_parsed_makes_its_cluster_uncertain() -> None:
    catalogue = values()
    del catalogue[CLUSTER]
    found = ends(catalogue, broken=(CLUSTER,))
    assert found.uncertain("nautilus-edge-global-east-1-gcp")
    assert not found.complete


def test_broken_locations_make_every_end_uncertain() -> None:
    catalogue = values()
    put(catalogue["locations.yaml"], "aws/us-east-1.latitude", "north")
    found = ends(catalogue)
    assert not found.complete
    assert found.uncertain("anything")


def test_two_placements_have_no_refusals_where_some_class_may_pass() -> None:
    found = ends(values())
    india, japan = (found.find(f"nautilus-enterprise-{name}-1") for name in ("asia-south", "asia-ne"))
    assert india is not None
    assert japan is not None
    assert found.refusals(india, japan) == ()
