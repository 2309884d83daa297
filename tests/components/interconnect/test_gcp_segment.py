"""The firewall between segments: what is let through, and that the rest of the block is denied to the last address."""

from __future__ import annotations

import ipaddress

import pytest

from components.interconnect.args import BACKBONE_PORTS
from components.interconnect.gcp_segment import segment
from components.network.gcp_rules import Direction

NODES, BLOCK = "10.1.0.0/16", "10.0.0.0/8"


def test_the_rest_is_all_of_the_block_but_the_own_nodes() -> None:
    rules = segment(NODES, BLOCK, ("10.2.0.0/16",))
    whole = ipaddress.ip_network(BLOCK)
    for role in ("in-rest", "out-rest"):
        rest = [ipaddress.ip_network(cidr) for cidr in rules[role].peers]
        assert sum(one.num_addresses for one in rest) == whole.num_addresses - 2**16
        assert not any(one.overlaps(ipaddress.ip_network(NODES)) for one in rest)
        assert not rules[role].allow


def test_only_reach_passes_at_the_meshs_ports_both_ways() -> None:
    rules = segment(NODES, BLOCK, ("10.3.0.0/16", "10.2.0.0/16", "10.2.0.0/16"))
    assert {role for role, rule in rules.items() if rule.allow} == {"in", "out"}
    assert (rules["in"].direction, rules["out"].direction) == (Direction.IN, Direction.OUT)
    for role in ("in", "out"):
        assert rules[role].peers == ("10.2.0.0/16", "10.3.0.0/16")
        assert rules[role].tcp == tuple(map(str, BACKBONE_PORTS))
        assert rules[role].priority < rules[f"{role}-rest"].priority


def test_a_placement_that_reaches_no_one_only_denies() -> None:
    assert set(segment(NODES, BLOCK, ())) == {"in-rest", "out-rest"}


def test_a_block_of_one_placement_has_no_rest() -> None:
    assert segment(NODES, NODES, ()) == {}


def test_nodes_outside_the_block_are_refused() -> None:
    with pytest.raises(ValueError, match=r"nodes 172.16.0.0/16 are outside the federation's block 10.0.0.0/8"):
        segment("172.16.0.0/16", BLOCK, ())


@pytest.mark.parametrize("peer", ["172.16.0.0/16", "10.1.0.0/17", "10.0.0.0/8"])
def test_reach_outside_the_block_or_into_the_own_nodes_is_refused(peer: str) -> None:
    with pytest.raises(ValueError, match=r"is not within 10.0.0.0/8 beside the placement's own 10.1.0.0/16"):
        segment(NODES, BLOCK, (peer,))
