"""The security rules of Azure subnets: the tiers, and nothing beside them."""

from __future__ import annotations

from typing import Any

import pytest

from components.network.azure_rules import Ranges, Subnet, rules

RANGES = Ranges(
    public="10.9.224.0/21",
    private=("10.9.0.0/19", "10.9.32.0/19"),
    data="10.9.192.0/19",
    endpoints="10.9.240.0/22",
    api_server="10.9.244.0/28",
    pods="100.73.0.0/16",
)


def allowed(kind: Subnet) -> dict[str, Any]:
    """Give what a subnet lets in: rule to sources, ports and destinations."""
    return {
        str(rule.name): (
            rule.source_address_prefixes or [rule.source_address_prefix],
            rule.destination_port_ranges or [rule.destination_port_range],
        )
        for rule in rules(RANGES)[kind]
        if rule.access == "Allow" and rule.direction == "Inbound"
    }


@pytest.mark.parametrize("kind", Subnet)
def test_denies_the_rest_last(kind: Subnet) -> None:
    inbound = [rule for rule in rules(RANGES)[kind] if rule.direction == "Inbound"]
    assert (inbound[-1].access, inbound[-1].priority, inbound[-1].source_address_prefix) == ("Deny", 4096, "*")
    assert [rule.priority for rule in inbound[:-1]] == [100 + 10 * place for place in range(len(inbound) - 1)]


@pytest.mark.parametrize("kind", Subnet)
def test_lets_nobody_in_from_everywhere(kind: Subnet) -> None:
    for name, (sources, _) in allowed(kind).items():
        assert not {"*", "Internet", "0.0.0.0/0", "VirtualNetwork"} & set(sources), name


def test_web_tier() -> None:
    assert allowed(Subnet.PUBLIC)["front-door"] == (["AzureFrontDoor.Backend"], ["80", "443"])


def test_app_tier() -> None:
    assert allowed(Subnet.PRIVATE)["web-to-app"] == (["10.9.224.0/21"], ["8000-8010"])


def test_data_tier_takes_the_nodes_alone() -> None:
    assert allowed(Subnet.DATA) == {"app-to-data": (["10.9.0.0/19", "10.9.32.0/19"], ["5432", "6379"])}


def test_pods_reach_one_another_and_the_api() -> None:
    workloads = ["10.9.0.0/19", "10.9.32.0/19", "100.73.0.0/16"]
    assert allowed(Subnet.PRIVATE)["workloads"] == (workloads, ["*"])
    assert allowed(Subnet.API_SERVER)["nodes"] == (workloads, ["443", "4443"])


@pytest.mark.parametrize("kind", [Subnet.DATA, Subnet.ENDPOINTS])
def test_data_and_endpoints_have_no_business_outside(kind: Subnet) -> None:
    out = [rule for rule in rules(RANGES)[kind] if rule.direction == "Outbound"]
    assert [(rule.access, rule.destination_address_prefix) for rule in out] == [("Deny", "Internet")]


def test_gives_each_range_in_one_field_only() -> None:
    for table in rules(RANGES).values():
        for rule in table:
            assert (rule.source_address_prefix is None) != (rule.source_address_prefixes is None)
            assert (rule.destination_port_range is None) != (rule.destination_port_ranges is None)


def test_backbone_comes_to_the_nodes_on_the_mesh_ports_alone() -> None:
    reach = {"eu-west": "10.5.0.0/16", "eu-central": "10.7.0.0/16"}
    for kind, table in rules(RANGES, reach).items():
        found = [rule for rule in table if rule.name == "backbone"]
        assert len(found) == (kind is Subnet.PRIVATE)
        for rule in found:
            assert (rule.protocol, rule.direction, rule.access) == ("Tcp", "Inbound", "Allow")
            assert rule.source_address_prefixes == ["10.5.0.0/16", "10.7.0.0/16"]
            assert rule.destination_address_prefixes == ["10.9.0.0/19", "10.9.32.0/19"]
            assert rule.destination_port_ranges == ["15012", "15443"]


def test_backbone_rule_has_one_source_in_the_singular_field() -> None:
    rule = next(rule for rule in rules(RANGES, {"eu-west": "10.5.0.0/16"})[Subnet.PRIVATE] if rule.name == "backbone")
    assert (rule.source_address_prefix, rule.source_address_prefixes) == ("10.5.0.0/16", None)


def test_nothing_comes_over_the_backbone_where_no_route_leads() -> None:
    assert all(rule.name != "backbone" for table in rules(RANGES, {}).values() for rule in table)
