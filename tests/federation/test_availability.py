"""Availability is composed of what is planned and promised, in series and in parallel (CLU-3, FO-4)."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from config.model import Catalogue, Shortfall, Source
from nautilus.federation.availability import Availability, availabilities, parallel
from nautilus.federation.planned import Plan, Planned
from tests.federation import plans

CATALOGUE = load(config.root())
WHOLE = plans.whole(CATALOGUE)
US_EAST, AU_EAST = "nautilus-enterprise-us-east-1", "nautilus-enterprise-au-east-1"


def of(front: str, planned: tuple[Planned, ...] = WHOLE, catalogue: Catalogue = CATALOGUE) -> Availability:
    found = {one.front: one for one in availabilities(Plan(planned), catalogue, plans.ENVIRONMENT)}
    return found[front]


def test_one_of_several_is_enough_and_of_none_there_is_none() -> None:
    assert parallel([0.9, 0.9]) == pytest.approx(0.99)
    assert parallel([]) == 0


def test_an_endpoint_is_its_balancer_entry_and_cluster_in_series() -> None:
    assert of("trading-us").endpoints["us-aws"] == pytest.approx(0.9999 * 0.9995 * 0.9999)
    # Google's entry is a part of its balancer, and has no promise of its own.
    assert of("trading-us").endpoints["us-gcp"] == pytest.approx(0.9999 * 0.9995)


def test_endpoints_are_in_parallel_and_names_of_three_providers_too() -> None:
    found = of("trading-au")
    one, other = 0.9999 * 0.9995 * 0.9999, 0.9999 * 0.9995 * 0.9999
    assert found.composed == pytest.approx(1 - (1 - one) * (1 - other), abs=1e-12)
    assert found.met
    assert found.minutes_a_year == pytest.approx((1 - found.composed) * 525_600)


def test_every_front_meets_its_tier_as_declared() -> None:
    found = availabilities(Plan(WHOLE), CATALOGUE, plans.ENVIRONMENT)
    assert len(found) == 40
    assert [one.front for one in found if not one.met] == []


@pytest.mark.parametrize(
    "gone",
    [
        f"{AU_EAST}-cluster-control-plane",
        f"{AU_EAST}-entry-balancer",
    ],
)
def test_what_is_not_planned_adds_nothing(gone: str) -> None:
    found = of("trading-au", plans.without(WHOLE, gone))
    assert found.endpoints["au-azure"] == 0
    assert not found.met
    assert found.weakest.title.endswith("not planned") or "not planned" in found.weakest.title


def test_a_control_plane_without_a_promise_adds_nothing() -> None:
    free = plans.changed(WHOLE, f"{AU_EAST}-cluster-control-plane", sku={"name": "Base", "tier": "Free"})
    assert of("trading-au", free).endpoints["au-azure"] == 0


def test_one_provider_of_names_alone_would_not_do() -> None:
    found = WHOLE
    for name in (
        "names-gcp-trading-au-record",
        "names-aws-trading-au-au-azure-record",
        "names-aws-trading-au-au-aws-record",
    ):
        found = plans.without(found, name)
    assert of("trading-au", found).composed == pytest.approx(0.9999 * of("trading-au").composed, abs=1e-9)
    assert not of("trading-au", found).met


def test_a_stack_alone_gives_an_upper_bound() -> None:
    alone = of("trading-au", plans.stack(WHOLE, "federation"))
    assert of("trading-au").composed < alone.composed <= 1


def test_a_declared_shortfall_is_accepted_down_to_its_figure() -> None:
    shortfall = Shortfall(
        id="au", jurisdictions=("au",), accepted=0.999, reason="a test", source=Source(document="a test", verified=False)
    )
    recovery = CATALOGUE.recovery.model_copy(update={"shortfalls": {"au": shortfall}})
    catalogue = CATALOGUE.model_copy(update={"recovery": recovery})
    planned = plans.without(WHOLE, f"{AU_EAST}-entry-balancer")
    found = of("trading-au", planned, catalogue)
    assert (found.met, found.accepted) == (False, True)
    worse = plans.without(planned, f"{AU_EAST}-standby-cluster-control-plane")
    assert not of("trading-au", worse, catalogue).accepted
