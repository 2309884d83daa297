from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.catalogues import assert_refused, put, values

US = "clusters/nautilus-enterprise-us-east-1.yaml"
CA = "clusters/nautilus-enterprise-ca-east-1.yaml"
DEV = "environments/dev.yaml"

CASES = [
    pytest.param(
        CA,
        "nodes",
        "10.0.0.0/16",
        (
            "10.0.0.0/16",
            "a range of its own; nautilus-enterprise-ca-east-1 placement main nodes holds 10.0.0.0/16",
            "choose a free range",
        ),
        (US, 1),
        id="nodes twice",
    ),
    pytest.param(
        US,
        "nodes",
        "10.300.0.0/16",
        ('"10.300.0.0/16"', "an IPv4 network address of /16", "no host bits, such as 10.3.0.0/16"),
        (US, 1),
        id="no address",
    ),
    pytest.param(
        US,
        "nodes",
        "10.0.0.1/16",
        ('"10.0.0.1/16"', "an IPv4 network address of /16", "no host bits"),
        (US, 1),
        id="host bits",
    ),
    pytest.param(
        US, "nodes", "10.0.0.0", ('"10.0.0.0"', "an IPv4 network address of /16", "no host bits"), (US, 1), id="no prefix"
    ),
    pytest.param(
        US, "nodes", "fd00::/16", ('"fd00::/16"', "an IPv4 network address of /16", "no host bits"), (US, 1), id="IPv6"
    ),
    pytest.param(
        US, "nodes", "10.0.0.0/17", ('"10.0.0.0/17"', "a range of /16", "write a /16 range"), (US, 1), id="wrong size"
    ),
    pytest.param(
        US,
        "nodes",
        "10.64.0.0/16",
        ("10.64.0.0/16", "a range inside production's node_block 10.0.0.0/10", "choose a free /16 of 10.0.0.0/10"),
        (US, 1),
        id="outside the block",
    ),
    pytest.param(
        US,
        "pods",
        "8.8.0.0/16",
        ('"8.8.0.0/16"', "a range inside 10.0.0.0/8, 172.16.0.0/12", "choose a private range"),
        (US, 1),
        id="public",
    ),
    pytest.param(
        US,
        "pods",
        "10.9.0.0/16",
        ("10.9.0.0/16", "a range outside 10.0.0.0/10, the prod node_block", "choose pods outside every node_block"),
        (US, 2),
        id="pods in a block",
    ),
    pytest.param(
        US, "pods", "100.64.0.0/17", ('"100.64.0.0/17"', "a range of /16", "write a /16 range"), (US, 1), id="small pods"
    ),
    pytest.param(
        US,
        "services",
        "172.16.0.0/25",
        ('"172.16.0.0/25"', "a range of /16 to /24", "write a /16 to /24 range"),
        (US, 1),
        id="small services",
    ),
    pytest.param(
        US,
        "services",
        "172.17.0.0/20",
        ('"172.17.0.0/20"', "a range outside 172.17.0.0/16, which container runtimes use", "choose another range"),
        (US, 1),
        id="bridge",
    ),
]


@pytest.mark.parametrize(("file", "step", "new", "expected", "blame"), CASES)
def test_refuses(file: str, step: str, new: str, expected: tuple[str, str, str], blame: tuple[str, int]) -> None:
    blamed, count = blame
    catalogue: dict[str, Any] = values()
    put(catalogue[file], f"placements.main.{step}", new)
    value, allowed, fix = expected
    assert_refused(catalogue, blamed, f"placements.main.{step}", value=value, allowed=allowed, fix=fix, count=count)


def test_refuses_a_range_that_lies_in_a_wider_one_further_back() -> None:
    catalogue = values()
    put(catalogue[US], "placements.main.services", "172.16.0.0/16")
    assert_refused(
        catalogue,
        CA,
        "placements.main.services",
        value="172.16.48.0/20",
        allowed="nautilus-enterprise-us-east-1 placement main services holds 172.16.0.0/16",
        fix="choose a free range of the same size",
        count=9,  # seven clusters of the Americas and EMEA, and two of their standbys
    )


@pytest.mark.parametrize(
    ("block", "value", "allowed"),
    [
        ("10.0.0.0/9", '"10.0.0.0/9"', "a range of /10"),
        ("11.0.0.0/10", '"11.0.0.0/10"', "a range inside 10.0.0.0/8"),
        ("10.0.0.0/10", "10.0.0.0/10", "a range of its own; dev node_block holds 10.0.0.0/10"),
    ],
)
def test_refuses_a_node_block(block: str, value: str, allowed: str) -> None:
    catalogue = values()
    put(catalogue[DEV], "node_block", block)
    blamed = "environments/prod.yaml" if "its own" in allowed else DEV
    assert_refused(catalogue, blamed, "node_block", value=value, allowed=allowed, fix="")


def test_the_last_16_of_a_block_is_the_hubs() -> None:
    changed = values()
    put(changed["clusters/nautilus-enterprise-us-east-1.yaml"], "placements.main.nodes", "10.63.0.0/16")
    assert_refused(
        changed,
        "clusters/nautilus-enterprise-us-east-1.yaml",
        "placements.main.nodes",
        value="10.63.0.0/16",
        allowed="any /16 of 10.0.0.0/10 but the last, which the hubs use",
        fix="choose another free /16",
    )


@pytest.mark.parametrize(("step", "value"), [("pods", "192.168.0.0/16"), ("services", "192.168.16.0/20")])
def test_the_sessions_of_leased_ports_keep_their_range(step: str, value: str) -> None:
    changed = values()
    put(changed["clusters/nautilus-enterprise-us-east-1.yaml"], f"placements.main.{step}", value)
    assert_refused(
        changed,
        "clusters/nautilus-enterprise-us-east-1.yaml",
        f"placements.main.{step}",
        value=value,
        allowed="a range outside 192.168.0.0/16, which the sessions of leased ports use",
        fix="choose another range",
    )
