"""The Azure gateway: what is registered, which routes the network learns, what it hands over."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.interconnect.azure import IDS, AzureGateway
from components.network.azure import AzureNetwork
from tests.components.azure_backbone import OUTPUTS, PORTS, gateway_args
from tests.components.azure_placement import network_args

_MADE: dict[str, Any] = {}
_FACTS: dict[str, Any] = {}


def gateway(**changes: Any) -> AzureGateway:
    network = AzureNetwork("one-network", network_args())
    return AzureGateway("one", gateway_args(**changes), network)


def made(record: Any) -> Any:
    """Give the recording of a gateway with two ports; it is made once, since no test changes it."""
    if "gateway" not in _MADE:

        def program() -> None:
            facts = gateway(ports=PORTS).facts
            pulumi.Output.all(*facts.addresses).apply(lambda found: _FACTS.update(addresses=found))
            pulumi.Output.all(**facts.ids).apply(lambda found: _FACTS.update(ids=found))

        _MADE["gateway"] = record(program, OUTPUTS)
    return _MADE["gateway"]


def own(seen: Any) -> list[str]:
    return [
        line
        for line in seen.lines()
        if "one-network" not in line or line.endswith("HubVirtualNetworkConnection one-network")
    ]


def test_two_ports_in_full(record: Any, golden: Any) -> None:
    golden("azure_gateway_two_ports", own(made(record)))


def test_no_port_where_none_is_leased(record: Any, golden: Any) -> None:
    golden("azure_gateway_no_ports", own(record(gateway, OUTPUTS)))


def test_hub_has_its_own_range_and_passes_nothing_on(record: Any) -> None:
    hub, wan = made(record).one("one-hub").inputs, made(record).one("one-wan").inputs
    assert (hub["addressPrefix"], hub["sku"], hub["hubRoutingPreference"]) == ("10.63.18.0/23", "Standard", "ExpressRoute")
    assert hub["allowBranchToBranchTraffic"] is wan["allowBranchToBranchTraffic"] is False
    assert wan["disableVpnEncryption"] is False


def test_network_is_known_to_links_and_learns_from_them_alone(record: Any) -> None:
    seen = made(record).of("azure-native:network:HubVirtualNetworkConnection")["one-network"]
    routing = seen["routingConfiguration"]
    assert seen["remoteVirtualNetwork"] == {"id": "one-network-vnet-id"}
    assert seen["enableInternetSecurity"] is False
    assert routing["associatedRouteTable"] == {"id": "one-nodes-routes-id"}
    assert routing["propagatedRouteTables"]["ids"] == [{"id": "one-hub-id/hubRouteTables/defaultRouteTable"}]


def test_vpn_gateway_lists_the_inside_addresses_of_each_instance(record: Any) -> None:
    bgp = made(record).one("one-vpn").inputs["bgpSettings"]
    assert bgp["asn"] == 65515
    assert {one["ipconfigurationId"]: one["customBgpIpAddresses"] for one in bgp["bgpPeeringAddresses"]} == {
        "Instance0": ["169.254.21.33", "169.254.21.37"],
        "Instance1": ["169.254.21.41", "169.254.21.45"],
    }


def test_a_hub_changes_one_thing_at_a_time(record: Any) -> None:
    seen = made(record)
    assert "one-network" in seen.one("one-vpn").waits_for
    assert "one-vpn" in seen.one("one-ports-gateway").waits_for


def test_hands_over_what_links_need(record: Any) -> None:
    made(record)
    assert _FACTS["addresses"] == ["198.18.0.2", "198.18.0.3"]
    assert tuple(sorted(_FACTS["ids"])) == IDS
    assert _FACTS["ids"]["wan"] == "one-wan-id"
    assert _FACTS["ids"]["network-name"] == "vnet-one-network"
    assert _FACTS["ids"]["default-routes"] == "one-hub-id/hubRouteTables/defaultRouteTable"


@pytest.mark.parametrize("protected", [True, False])
def test_protection_follows_the_environment(record: Any, protected: bool) -> None:
    seen = record(lambda: gateway(ports=PORTS, deletion_protection=protected), OUTPUTS)
    held = {
        "one-group",
        "one-wan",
        "one-hub",
        "one-vpn",
        "one-ports-gateway",
        "one-ports-port-a",
        "one-ports-port-a-circuit",
    }
    assert (held <= seen.protected()) is protected
    assert bool(held & seen.protected()) is protected


def test_refuses_an_as_number_that_a_hub_cannot_have(record: Any) -> None:
    with pytest.raises(ValueError, match="AS number 64521; a virtual WAN hub has 65515"):
        record(lambda: gateway(asn=64521), OUTPUTS)


def test_refuses_an_answer_without_the_second_instance(record: Any) -> None:
    short = {**OUTPUTS, "azure-native:network:VpnGateway": lambda _: {"ipConfigurations": [{"id": "Instance0"}]}}
    with pytest.raises(KeyError, match="public_ip_address"):
        record(gateway, short)
