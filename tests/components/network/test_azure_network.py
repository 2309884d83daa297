"""The Azure network: what is registered, how ranges are cut, and that nothing has an implicit way out."""

from __future__ import annotations

import ipaddress
import itertools
from typing import Any

import pytest

from components.network.azure import AzureNetwork
from tests.components.azure_placement import OUTPUTS, network_args

SUBNET = "azure-native:network:Subnet"
NAT = "azure-native:network:NatGateway"
ADDRESS = "azure-native:network:PublicIPAddress"


_MADE: dict[str, Any] = {}


def made(record: Any) -> Any:
    """Give the recording of a network over three zones; it is made once, since no test changes it."""
    if "network" not in _MADE:
        _MADE["network"] = record(lambda: AzureNetwork("one", network_args()), OUTPUTS)
    return _MADE["network"]


def test_three_zones_in_full(record: Any, golden: Any) -> None:
    golden("azure_three_zones", made(record).lines())


def test_subnets_lie_in_the_network_and_apart(record: Any) -> None:
    seen = made(record)
    blocks = [ipaddress.IPv4Network(one["addressPrefix"]) for one in seen.of(SUBNET).values()]
    assert len(blocks) == 7
    assert all(block.subnet_of(ipaddress.IPv4Network("10.9.0.0/16")) for block in blocks)
    assert not any(a.overlaps(b) for place, a in enumerate(blocks) for b in blocks[:place])


def test_no_subnet_has_an_implicit_way_out(record: Any) -> None:
    seen = made(record)
    for name, inputs in seen.of(SUBNET).items():
        assert inputs["defaultOutboundAccess"] is False, name
        assert inputs["networkSecurityGroup"]["id"].startswith("one-"), name
    for tier in ("data", "endpoints"):
        assert seen.one(f"one-{tier}").inputs["routeTable"] == {"id": "one-isolated-id"}
    routes = seen.one("one-isolated").inputs["routes"]
    assert routes == [{"name": "no-internet", "addressPrefix": "0.0.0.0/0", "nextHopType": "None"}]


def test_each_zone_leaves_by_its_own_gateway(record: Any) -> None:
    seen = made(record)
    for zone in "123":
        assert seen.one(f"one-private-{zone}").inputs["natGateway"] == {"id": f"one-nat-{zone}-id"}
        assert seen.one(f"one-nat-{zone}").inputs["zones"] == [zone]
        assert seen.one(f"one-egress-{zone}").inputs["zones"] == [zone]


def test_one_gateway_where_the_environment_saves(record: Any) -> None:
    seen = record(lambda: AzureNetwork("one", network_args(nat_per_zone=False)), OUTPUTS)
    assert list(seen.of(NAT)) == ["one-nat-1"]
    assert list(seen.of(ADDRESS)) == ["one-egress-1"]
    assert {seen.one(f"one-private-{zone}").inputs["natGateway"]["id"] for zone in "123"} == {"one-nat-1-id"}


def test_api_server_subnet_is_delegated_and_a_28(record: Any) -> None:
    inputs = made(record).one("one-api-server").inputs
    assert inputs["addressPrefix"].endswith("/28")
    assert inputs["delegations"] == [{"name": "aks", "serviceName": "Microsoft.ContainerService/managedClusters"}]


def test_subnets_are_made_one_after_another(record: Any) -> None:
    seen = made(record)
    order = ["public", "private-1", "private-2", "private-3", "data", "endpoints", "api-server"]
    for before, after in itertools.pairwise(order):
        assert f"one-{before}" in seen.one(f"one-{after}").waits_for


@pytest.mark.parametrize("protected", [True, False])
def test_protection_follows_the_environment(record: Any, protected: bool) -> None:
    seen = record(lambda: AzureNetwork("one", network_args(deletion_protection=protected)), OUTPUTS)
    held = {"one-group", "one-vnet", "one-egress-1", "one-egress-2", "one-egress-3"}
    assert seen.protected() == (held if protected else set())


def test_refuses_a_zone_given_twice(record: Any) -> None:
    with pytest.raises(ValueError, match="two of them end alike"):
        record(lambda: AzureNetwork("one", network_args(zones=("1", "1"))), OUTPUTS)


def test_gives_the_subnet_of_a_zone_only_where_there_is_one(record: Any) -> None:
    with pytest.raises(KeyError, match="private-4"):
        record(lambda: AzureNetwork("one", network_args()).private_subnet("4"), OUTPUTS)
