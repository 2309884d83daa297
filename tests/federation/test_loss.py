"""What is lost names something of the catalogue, and takes exactly its placements with it (FO-3)."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from config.model import Cloud
from nautilus.federation.loss import Scope, lose, losses, sites

CATALOGUE = load(config.root())


@pytest.mark.parametrize("scope", list(Scope))
def test_every_placement_goes_with_one_loss_of_each_scope(scope: Scope) -> None:
    found = [name for loss in losses(CATALOGUE, scope) for name in sorted(loss.placements)]
    assert sorted(found) == list(sites(CATALOGUE))


def test_a_cloud_takes_its_own_placements_only() -> None:
    lost = lose(CATALOGUE, Scope.CLOUD, "gcp")
    assert {sites(CATALOGUE)[name].cloud for name in lost.placements} == {Cloud.GCP}
    assert str(lost) == "cloud gcp"


@pytest.mark.parametrize(
    ("scope", "end", "whole"),
    [
        (Scope.CLUSTER, "eu-west-1", "nautilus-enterprise-eu-west-1"),
        (Scope.LOCATION, "asia-south1", "gcp/asia-south1"),
        (Scope.LOCATION, "gcp/asia-south1", "gcp/asia-south1"),
    ],
)
def test_the_end_of_a_name_is_enough(scope: Scope, end: str, whole: str) -> None:
    assert lose(CATALOGUE, scope, end).what == whole


@pytest.mark.parametrize(
    ("scope", "name", "message"),
    [
        (Scope.CLOUD, "gpc", "no cloud 'gpc'; there are gcp"),
        (Scope.CLUSTER, "east-1", "no cluster 'east-1'; there are .*edge-global-east-1.*us-east-1"),
        (Scope.LOCATION, "mars", "no location 'mars'; there are "),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(scope: Scope, name: str, message: str) -> None:
    with pytest.raises(LookupError, match=message):
        lose(CATALOGUE, scope, name)
