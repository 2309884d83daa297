"""Where leased ports meet Google: known places, two domains, and every region that the catalogue has."""

from __future__ import annotations

import pytest

from components.interconnect.gcp_facilities import facility
from config import loader, root
from config.model import Cloud
from nautilus.sandbox.gcp.facilities import FACILITIES, area

REGIONS = sorted(place.region for place in loader.load(root()).locations.values() if place.cloud is Cloud.GCP)


@pytest.mark.parametrize("region", [*REGIONS, "southamerica-east1", "me-central2", "australia-southeast1"])
def test_two_ports_are_in_both_domains_of_one_area_near_the_region(region: str) -> None:
    one, two = facility(region, 0), facility(region, 1)
    assert ("-zone1-" in one, "-zone2-" in two) == (True, True)
    assert one.partition("-")[0] == two.partition("-")[0]
    assert FACILITIES[one] == FACILITIES[two] == area(region)


def test_further_ports_take_the_domains_in_turn() -> None:
    assert [facility("us-east4", place) for place in range(4)] == ["iad-zone1-1", "iad-zone2-5467"] * 2


def test_a_region_without_a_facility_is_refused() -> None:
    with pytest.raises(ValueError, match="us-east1: no facility is known for leased ports; those are asia-east1"):
        facility("us-east1", 0)
