"""The Azure entry: a rule and a probe a class, nobody let in while halted, nobody out."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.network.azure_rules import Ranges, Subnet, rules
from components.traffic.azure_entry import ENTRY_IDS
from config.model import Probe
from tests.components.azure_placement import SUBSCRIPTION
from tests.components.traffic.azure_traffic import ANSWERS, PORTS, entry, location, service

RANGES = Ranges(
    public="10.9.224.0/21",
    private=("10.9.0.0/19", "10.9.32.0/19"),
    data="10.9.192.0/19",
    endpoints="10.9.240.0/22",
    api_server="10.9.244.0/28",
    pods="100.73.0.0/16",
)
BALANCER = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-one-entry/providers/Microsoft.Network/loadBalancers/lb-one-entry"
)


def balancer(record: Any, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = record(lambda: entry(**changes), ANSWERS).one("one-entry-balancer").inputs
    return made


def test_everything(record: Any, golden: Any) -> None:
    seen = record(entry, ANSWERS)
    golden("azure_entry", [line for line in seen.lines() if "one-network" not in line])
    assert seen.protected() >= {"one-entry-group", "one-entry-address", "one-entry-balancer"}


def test_a_rule_a_class_that_keeps_sessions_where_asked(record: Any) -> None:
    made = {one["name"]: one for one in balancer(record)["loadBalancingRules"]}
    assert {key: (one["frontendPort"], one["backendPort"]) for key, one in made.items()} == {
        "trading": (8443, 8001),
        "client": (443, 8004),
    }
    assert {key: one["loadDistribution"] for key, one in made.items()} == {"trading": "SourceIP", "client": "Default"}
    assert made["trading"]["probe"] == {"id": f"{BALANCER}/probes/trading"}
    assert made["trading"]["backendAddressPool"] == {"id": f"{BALANCER}/backendAddressPools/targets"}
    assert made["trading"]["frontendIPConfiguration"] == {"id": f"{BALANCER}/frontendIPConfigurations/public"}
    for one in made.values():
        assert (one["protocol"], one["disableOutboundSnat"], one["enableFloatingIP"]) == ("Tcp", True, False)
        assert (one["enableTcpReset"], one["idleTimeoutInMinutes"]) == (True, 30)


def test_probes_the_targets_as_asked(record: Any) -> None:
    probes = balancer(record, probe=Probe(interval_s=7, threshold=3, timeout_s=2))["probes"]
    assert probes == [
        {"name": "trading", "protocol": "Tcp", "port": 8001, "intervalInSeconds": 7, "probeThreshold": 3},
        {"name": "client", "protocol": "Tcp", "port": 8004, "intervalInSeconds": 7, "probeThreshold": 3},
    ]


def test_its_address_is_in_every_zone(record: Any) -> None:
    seen = record(entry, ANSWERS)
    inputs = seen.one("one-entry-address").inputs
    assert inputs["zones"] == ["1", "2", "3"]
    assert inputs["sku"] == {"name": "Standard", "tier": "Regional"}
    flat = record(lambda: entry(zones=()), ANSWERS).one("one-entry-address").inputs
    assert "zones" not in flat


def test_halted_admits_nobody(record: Any) -> None:
    seen = record(lambda: entry(halted=True), ANSWERS)
    inputs = seen.one("one-entry-balancer").inputs
    assert inputs["loadBalancingRules"] == []
    assert len(inputs["probes"]) == 2
    rules = seen.one("one-network-private-rules").inputs["securityRules"]
    assert (rules[0]["name"], rules[0]["access"], rules[0]["sourceAddressPrefix"]) == ("halted", "Deny", "Internet")
    assert not [one for one in rules if one["access"] == "Allow" and one.get("sourceAddressPrefix") == "Internet"]


def test_hands_over_what_the_balancer_needs(record: Any) -> None:
    kept: dict[str, Any] = {}

    def program() -> None:
        made = entry()
        assert tuple(made.facts) == ENTRY_IDS
        found = {**made.facts, **{f"metric-{key}": value for key, value in made.metric_ids.items()}}
        pulumi.Output.all(**found).apply(kept.update)

    record(program, ANSWERS)
    assert kept == {
        "frontend": "one-entry-balancer-id/frontendIPConfigurations/public",
        "address": "203.0.113.9",
        "balancer": "one-entry-balancer-id",
        "metric-balancer": "one-entry-balancer-id",
    }


def test_clients_reach_the_entrys_ports_alone() -> None:
    table = rules(RANGES, None, PORTS)[Subnet.PRIVATE]
    (clients,) = [rule for rule in table if rule.source_address_prefix == "Internet"]
    assert (clients.name, clients.access, clients.destination_port_ranges) == ("clients", "Allow", ["8001", "8004"])
    assert clients.destination_address_prefixes == list(RANGES.private)
    for kind, other in rules(RANGES, None, PORTS).items():
        assert kind is Subnet.PRIVATE or not [rule for rule in other if rule.source_address_prefix == "Internet"]


@pytest.mark.parametrize(
    ("changes", "network", "says"),
    [
        ({"probe": Probe(interval_s=4, threshold=2, timeout_s=2)}, {}, "a probe every 4 s; Azure probes every 5 s at most"),
        (
            {"classes": {"a": service("a", 443, 8001), "b": service("b", 443, 8004)}},
            {},
            r"two classes share a port of \[443, 443\]",
        ),
        ({"location": location("centralus")}, {}, "it is at azure/centralus, its network at azure/uksouth"),
        ({}, {"entry_ports": (8001,)}, r"the network admits no clients to \[8004\]; add them to its entry_ports"),
        ({"halted": True}, {"halted": False}, "halted here and not in the network, or the reverse"),
    ],
)
def test_refuses(record: Any, changes: dict[str, Any], network: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        record(lambda: entry(network, **changes), ANSWERS)
