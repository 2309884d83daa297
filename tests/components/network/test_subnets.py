"""Carving: nothing overlaps, nothing moves."""

from __future__ import annotations

import ipaddress
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.network.subnets import Tier, carve, regional

LETTERS = [f"us-east-1{letter}" for letter in "abcdef"]
DIGITS = list("123456")
ZONES = st.sampled_from([LETTERS, DIGITS]).flatmap(
    lambda names: st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=6)
)
BLOCKS = st.builds(
    lambda block, prefix: str(ipaddress.ip_network((block << 16, prefix), strict=False)),
    st.integers(min_value=0, max_value=65535),
    st.integers(min_value=8, max_value=20),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes=BLOCKS, pods=BLOCKS, zones=ZONES)
def test_subnets_lie_inside_and_never_overlap(nodes: str, pods: str, zones: list[str]) -> None:
    carved = carve(nodes, pods, tuple(zones))
    assert list(carved) == zones
    ours = [ipaddress.ip_network(ranges.of(tier)) for ranges in carved.values() for tier in Tier]
    theirs = [ipaddress.ip_network(ranges.pods) for ranges in carved.values()]
    for home, subnets in ((nodes, ours), (pods, theirs)):
        assert all(subnet.subnet_of(ipaddress.ip_network(home)) for subnet in subnets)
        assert not [pair for pair in combinations(subnets, 2) if pair[0].overlaps(pair[1])]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes=BLOCKS, zones=ZONES)
def test_the_reserve_belongs_to_no_tier(nodes: str, zones: list[str]) -> None:
    reserve = ipaddress.ip_network(regional(nodes).reserved)
    for ranges in carve(nodes, "100.64.0.0/16", tuple(zones)).values():
        assert not [tier for tier in Tier if ipaddress.ip_network(ranges.of(tier)).overlaps(reserve)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes=BLOCKS)
def test_regional_subnets_lie_inside_and_never_overlap(nodes: str) -> None:
    whole = regional(nodes)
    subnets = [ipaddress.ip_network(one) for one in (*(whole.of(tier) for tier in Tier), whole.reserved)]
    assert all(subnet.subnet_of(ipaddress.ip_network(nodes)) for subnet in subnets)
    assert not [pair for pair in combinations(subnets, 2) if pair[0].overlaps(pair[1])]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(zones=ZONES)
def test_a_zones_ranges_depend_on_that_zone_alone(zones: list[str]) -> None:
    together = carve("10.0.0.0/16", "100.64.0.0/16", tuple(zones))
    for zone in zones:
        assert carve("10.0.0.0/16", "100.64.0.0/16", (zone,))[zone] == together[zone]


def test_figures_of_a_16() -> None:
    zone = carve("10.0.0.0/16", "100.64.0.0/16", ("us-east-1c",))["us-east-1c"]
    assert (zone.private, zone.data, zone.public, zone.pods) == (
        *("10.0.64.0/19", "10.0.200.0/22", "10.0.226.0/24"),
        "100.64.64.0/19",
    )


@pytest.mark.parametrize("zone", ["us-east-1g", "us-east-17", "", "us-east-1-"])
def test_a_zone_without_a_slot_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="must be a letter a-f or a digit 1-6"):
        carve("10.0.0.0/16", "100.64.0.0/16", (zone,))


def test_the_same_zone_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="give each zone once"):
        carve("10.0.0.0/16", "100.64.0.0/16", ("us-east-1a", "us-east-1a"))


@pytest.mark.parametrize("carving", [lambda cidr: carve(cidr, "100.64.0.0/16", ("1",)), regional])
def test_a_range_too_small_is_refused(carving: Any) -> None:
    with pytest.raises(ValueError, match="too small to carve into tiers"):
        carving("10.0.0.0/21")
