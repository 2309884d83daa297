"""No two ranges of the federation overlap, and a summary reaches all of a group and nobody else (CLU-6)."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config import reserved
from config.loader import load
from config.model import Catalogue, EnvironmentName, Group
from nautilus.federation.addressing import Range, Use, hub, overlaps, ranges, summaries, summary
from nautilus.federation.plan import placements
from tests.fixtures.catalogues import TODAY


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


networks = st.builds(
    lambda address, prefix: IPv4Network((address << (32 - prefix) & 0xFFFFFFFF, prefix)),
    st.integers(0, 2**10 - 1),
    st.integers(4, 10),
)


def made(network: IPv4Network, *, placement: str, use: Use = Use.NODES, environment: str = "prod") -> Range:
    name = EnvironmentName(environment)
    return Range(placement=placement, group=Group.EMEA, environment=name, use=use, network=network)


def apart(own: list[IPv4Network], others: list[IPv4Network]) -> list[IPv4Network]:
    """Give those of the others that share no address with ours."""
    return [other for other in others if not any(other.overlaps(one) for one in own)]


def test_the_shipped_federation_has_a_range_for_everything_and_no_overlap(catalogue: Catalogue) -> None:
    found = ranges(catalogue)
    assert len(found) == 3 * len(Use) * sum(len(one.placements) for one in catalogue.clusters.values())
    assert overlaps(found) == ()


def test_no_address_is_anyones_twice_over_every_placement_and_environment(catalogue: Catalogue) -> None:
    """Counted address by address range with plain integers, so that nothing here rests on what `overlaps` does."""
    taken: dict[tuple[int, int], set[tuple[str, str]]] = {}
    for environment in EnvironmentName:
        for group in Group:
            for plan in placements(catalogue, environment, group):
                texts = {"nodes": plan.nodes, "pods": plan.pods, "services": plan.services, "hub": str(hub(plan))}
                for use, text in texts.items():
                    net = IPv4Network(text)
                    # Pods and services of a placement are the same in each environment, and never leave their network.
                    key = (plan.name, use) if use in {"pods", "services"} else (plan.name, f"{use} in {environment}")
                    taken.setdefault((int(net.network_address), int(net.broadcast_address)), set()).add(key)
    every = sum(len(cluster.placements) for cluster in catalogue.clusters.values())
    assert len(taken) == every * (2 + 2 * len(EnvironmentName))
    assert all(len(owners) == 1 for owners in taken.values())
    spans = sorted(taken)
    assert all(last < first for (_, last), (first, _) in pairwise(spans))
    for block in (reserved.PORTS_BLOCK, reserved.INSIDE_FIRST, reserved.INSIDE_SECOND):
        low, high = int(block.network_address), int(block.broadcast_address)
        assert all(last < low or high < first for first, last in spans)


@given(st.lists(networks, max_size=12))
def test_overlaps_are_those_of_every_pair(found: list[IPv4Network]) -> None:
    every = [made(network, placement=str(index)) for index, network in enumerate(found)]
    wanted = {
        frozenset((one.placement, two.placement))
        for one in every
        for two in every
        if one.placement < two.placement and one.network.overlaps(two.network)
    }
    clashes = overlaps(every)
    assert {frozenset((clash.first.placement, clash.second.placement)) for clash in clashes} == wanted
    assert len(clashes) == len(wanted)


def test_an_overlap_names_both_sides() -> None:
    (clash,) = overlaps(
        [made(IPv4Network("10.0.0.0/16"), placement="a"), made(IPv4Network("10.0.9.0/24"), placement="b", use=Use.PODS)]
    )
    assert str(clash) == "10.0.0.0/16 (a nodes in prod) overlaps 10.0.9.0/24 (b pods in prod)"


@pytest.mark.parametrize(
    ("use", "placement", "count"),
    [(Use.PODS, "a", 0), (Use.SERVICES, "a", 0), (Use.NODES, "a", 1), (Use.PODS, "b", 1)],
)
def test_only_pods_and_services_of_one_placement_are_shared_by_environments(use: Use, placement: str, count: int) -> None:
    network = IPv4Network("100.64.0.0/16")
    every = [made(network, placement="a", use=use), made(network, placement=placement, use=use, environment="dev")]
    assert len(overlaps(every)) == count


@given(st.lists(networks, min_size=1, max_size=8), st.lists(networks, max_size=8))
def test_a_summary_holds_all_of_ours_and_none_of_theirs(own: list[IPv4Network], others: list[IPv4Network]) -> None:
    others = apart(own, others)
    found = summary(own, others)
    assert all(any(network.subnet_of(one) for one in found) for network in own)
    assert not any(one.overlaps(two) for one in found for two in others)
    assert not any(one.overlaps(two) for index, one in enumerate(found) for two in found[:index])
    assert list(found) == sorted(found)
    assert len(found) <= len(set(own))


@given(st.lists(networks, min_size=2, max_size=8), st.lists(networks, max_size=8))
def test_no_two_networks_of_a_summary_could_be_one(own: list[IPv4Network], others: list[IPv4Network]) -> None:
    others = apart(own, others)
    found = summary(own, others)
    for index, one in enumerate(found):
        for two in found[:index]:
            both = one
            while not two.subnet_of(both):
                both = both.supernet()
            assert any(both.overlaps(other) for other in others)


@given(networks, st.integers(0, 4), st.lists(networks, max_size=4), st.booleans())
def test_ranges_of_two_owners_that_overlap_have_no_summary(
    one: IPv4Network, wider: int, others: list[IPv4Network], ours_is_wider: bool
) -> None:
    two = one.supernet(wider)
    own, theirs = ([two], [one]) if ours_is_wider else ([one], [two])
    with pytest.raises(ValueError, match="ranges of two owners cannot be told apart"):
        summary(own, [*theirs, *others])


def test_nothing_has_no_summary() -> None:
    assert summary([], [IPv4Network("10.0.0.0/8")]) == ()


@pytest.mark.parametrize("environment", EnvironmentName)
def test_each_group_is_one_route_a_use(catalogue: Catalogue, environment: EnvironmentName) -> None:
    found = summaries(catalogue, environment)
    assert set(found) == set(Group)
    assert {len(one) for uses in found.values() for one in uses.values()} == {1}
    if environment is EnvironmentName.PROD:
        assert found[Group.EMEA][Use.NODES] == (IPv4Network("10.8.0.0/13"),)
        assert found[Group.EDGE][Use.PODS] == (IPv4Network("100.96.0.0/13"),)
