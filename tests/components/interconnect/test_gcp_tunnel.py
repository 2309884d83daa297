"""Which ends a tunnel joins: each pair of interfaces once, and both sides by the same count."""

from __future__ import annotations

import pytest

from components.interconnect.gcp_tunnel import join, native_joins
from config.model import Cloud
from nautilus.federation.link import interface

ALL = [(0, 0), (0, 1), (1, 0), (1, 1)]


def pairs(*, first: bool, peers: int) -> list[tuple[int, int]]:
    return [(made.interface, made.peer) for made in (join(n, first=first, peers=peers) for n in range(4))]


def test_two_tunnels_leave_each_interface_towards_aws() -> None:
    assert pairs(first=False, peers=4) == [(0, 0), (0, 1), (1, 2), (1, 3)]


def test_each_interface_joins_each_of_two() -> None:
    assert pairs(first=True, peers=2) == ALL
    assert [(peer, own) for own, peer in pairs(first=False, peers=2)] == ALL


@pytest.mark.parametrize(
    ("peer", "first", "peers"), [(Cloud.AWS, False, 4), (Cloud.AZURE, False, 2), (Cloud.AZURE, True, 2)]
)
def test_the_federation_counts_alike(peer: Cloud, first: bool, peers: int) -> None:
    found = [own for own, _ in pairs(first=first, peers=peers)]
    assert found == [interface(n, Cloud.GCP, peer, first=first) for n in range(4)]


@pytest.mark.parametrize(("first", "peers"), [(True, 4), (False, 1), (False, 3), (True, 0)])
def test_other_numbers_of_addresses_are_refused(first: bool, peers: int) -> None:
    with pytest.raises(ValueError, match=f"end of tunnels cannot have a peer with {peers} addresses"):
        join(0, first=first, peers=peers)


def test_inside_the_cloud_interfaces_of_one_number_are_joined() -> None:
    assert native_joins() == ((0, 0), (1, 3))
    assert [join(index, first=True, peers=2).peer for _, index in native_joins()] == [0, 1]
