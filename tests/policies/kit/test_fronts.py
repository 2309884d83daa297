"""Names, endpoints and contracts as rules read them."""

from __future__ import annotations

import pytest

from config.model import Cloud, EnvironmentName
from policies.kit import fronts
from policies.kit.law import law
from policies.kit.props import Props
from policies.kit.resource import Resource, Stack
from tests.policies.analyzer import UNKNOWN

PROD = EnvironmentName.PROD


@pytest.mark.parametrize(
    ("cloud", "name", "front"),
    [
        (Cloud.AWS, "trading-in.prod.nautilus.example", "trading-in"),
        (Cloud.AWS, "in-gcp.Trading-IN.prod.nautilus.example.", "trading-in"),
        (Cloud.GCP, "client-jp.prod.nautilus-second.example.", "client-jp"),
        (Cloud.AZURE, "client-jp-area-jp.prod", "client-jp"),
        (Cloud.AZURE, "client-jp.prod.trafficmanager.net", "client-jp"),
        (Cloud.AWS, "trading-in.dev.nautilus.example", None),
        (Cloud.AWS, "prod.nautilus.example", None),
        (Cloud.AWS, "bonus.prod.nautilus.example", None),
        (Cloud.GCP, "trading-in.prod.nautilus.example", None),
        (Cloud.AZURE, "elsewhere.prod", None),
    ],
)
def test_a_name_is_of_the_front_that_stands_before_the_zone(cloud: Cloud, name: str, front: str | None) -> None:
    found = fronts.named(law(), PROD, cloud, name)
    assert (found.id if found else None) == front


def test_indian_fronts_have_indian_endpoints_alone() -> None:
    for front in fronts.fronts(law(), PROD).values():
        if front.jurisdiction == "in":
            assert {one.rpartition("-")[0] for one in fronts.lawful(front)} == {"in"}, front.id


def test_what_was_not_handed_over_is_not_known() -> None:
    def contracts(members: object) -> object:
        return fronts.contracts(
            Stack([Resource(urn="u", type="pulumi:pulumi:Stack", name="s", props=Props({"members": members}))])
        )

    assert contracts({"a": {"entry": {}}}) == {"a": {"entry": {}}}
    assert contracts(UNKNOWN) == {}
    assert contracts(None) == {}
    assert contracts("text") == {}
