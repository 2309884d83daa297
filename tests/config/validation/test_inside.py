"""Blocks of tunnels that a cloud refuses, that two links share or that nothing uses are refused; so are mixed-up ports."""

from __future__ import annotations

from typing import Any

import pytest

from config.loader import CatalogueError, from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, values

FILE = "backbone.yaml"
BLOCK = "a /28 inside 169.254.21.0/24 or 169.254.22.0/24"
E = "nautilus-enterprise-{}-1".format


def changed(path: str, value: Any) -> dict[str, Any]:
    every = values()
    put(every[FILE]["routes"], path, value)
    return every


@pytest.mark.parametrize(
    "value",
    [
        "169.254.20.240/28",
        "169.254.23.0/28",
        "169.254.0.0/28",
        "169.254.21.0/27",
        "169.254.21.0/30",
        "169.254.21.8/28",
        "10.0.0.0/28",
        "a block",
    ],
)
def test_only_a_block_that_every_cloud_takes_is_let_pass(value: str) -> None:
    wrong = changed("us-east-us-west.inside", value)
    fix = "write a block such as 169.254.21.0/28"
    assert_refused(
        wrong, FILE, "routes.us-east-us-west.inside", value=value, allowed=f"{BLOCK}, which Azure takes too", fix=fix
    )


@pytest.mark.parametrize("name", ["us-east-us-west", "us-central-analytics-gcp", "edge-east-gcp-edge-west-gcp"])
def test_tunnels_without_a_block_are_refused(name: str) -> None:
    every = values()
    drop(every[FILE]["routes"], f"{name}.inside")
    allowed = f"{BLOCK}, for the four tunnels between two gateways"
    assert_refused(every, FILE, f"routes.{name}.inside", value="nothing", allowed=allowed, fix="add `inside`")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("us-east-ca-east", "this route"),
        ("edge-east-azure-edge-west-azure", "this route"),
        ("us-east-copies", "copies"),
    ],
)
def test_a_block_that_nothing_uses_is_refused(name: str, what: str) -> None:
    wrong = changed(f"{name}.inside", "169.254.22.240/28")
    allowed = f"nothing: {what} has no tunnels with addresses of their own"
    assert_refused(wrong, FILE, f"routes.{name}.inside", value="169.254.22.240/28", allowed=allowed, fix="remove inside")


def test_two_links_of_one_gateway_never_share_a_block() -> None:
    every = values()
    routes = every[FILE]["routes"]
    routes["us-east-us-west"]["inside"] = routes["us-east-uk-south"]["inside"]
    value = routes["us-east-us-west"]["inside"]
    allowed = f"a block of its own at {E('us-east')}; us-east-us-west uses it"
    assert_refused(every, FILE, "routes.us-east-uk-south.inside", value=value, allowed=allowed, fix="choose a free block")


def test_two_links_without_a_gateway_in_common_may_share_a_block() -> None:
    every = values()
    routes = every[FILE]["routes"]
    routes["us-west-us-central"]["inside"] = routes["eu-central-eu-north"]["inside"]
    from_values(every, today=TODAY)


def test_a_port_has_one_carrier_at_a_placement() -> None:
    wrong = changed("us-east-uk-south.paths.port-a.provider", "carrier C")
    allowed = f"carrier A, which runs port-a of {E('us-east')} for us-east-us-west"
    assert_refused(
        wrong,
        FILE,
        "routes.us-east-uk-south.paths.port-a.provider",
        value="carrier C",
        allowed=allowed,
        fix="name the same carrier, or give the path another id",
    )


def test_a_port_wider_than_any_that_is_leased_is_refused() -> None:
    wrong = changed("us-east-us-west.capacity_gbps", 120)
    allowed = "at most 100 Gbit/s on leased ports"
    where = "routes.us-east-us-west.capacity_gbps"
    assert_refused(wrong, FILE, where, value="120 Gbit/s", allowed=allowed, fix="lower it, or split the route")


def test_copies_lease_no_port() -> None:
    every = values()
    path = every[FILE]["routes"]["us-east-copies"]["paths"]["service"]
    path["medium"], every[FILE]["routes"]["us-east-copies"]["dedicated"] = "dedicated", True
    allowed = "no leased port: nothing of ours stands at aws/us-east-2"
    assert_refused(every, FILE, "routes.us-east-copies.paths", value="service", allowed=allowed, fix="name another medium")


def test_copies_have_one_path_and_links_two() -> None:
    every = values()
    assert len(every[FILE]["routes"]["us-east-copies"]["paths"]) == 1
    del every[FILE]["routes"]["us-east-ca-east"]["paths"]["peering"]
    with pytest.raises(CatalogueError, match="at least 2 diverse paths") as caught:
        from_values(every, today=TODAY)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("generation", [0, -1])
def test_keys_are_drawn_at_least_once(generation: int) -> None:
    with pytest.raises(CatalogueError, match="key_generation"):
        from_values(changed("us-east-us-west.key_generation", generation), today=TODAY)
