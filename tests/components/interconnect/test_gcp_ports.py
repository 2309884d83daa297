"""Leased ports on Google Cloud: where they are ordered, that they fail closed, and how soon a dead one shows."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.interconnect.gcp import GcpGateway
from components.network.gcp import GcpNetwork
from tests.components.gcp_backbone import FLOWS, INTERFACE, OUTPUTS, PEER, POLICY, gateway, network, port

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

PORT = "gcp:compute/interconnect:Interconnect"
VLAN = "gcp:compute/interconnectAttachment:InterconnectAttachment"


def build(record: Any, labels: Any, **change: Any) -> Any:
    args = dataclasses.replace(gateway(labels), **change)
    return record(lambda: GcpGateway("one", args, GcpNetwork("net", network(labels))), OUTPUTS)


@pytest.fixture
def seen(record: Any, labels: Any) -> Any:
    return build(record, labels)


def test_ports_are_ordered_in_both_domains(seen: Any) -> None:
    found = seen.of(PORT)
    assert found["one-port-a"]["location"] == (
        "https://www.googleapis.com/compute/v1/projects/nautilus-test-us/global/interconnectLocations/lax-zone1-19"
    )
    assert [found[f"one-port-{letter}"]["location"].rpartition("/")[2] for letter in "ab"] == [
        "lax-zone1-19",
        "lax-zone2-333",
    ]
    assert [found[f"one-port-{letter}"]["linkType"] for letter in "ab"] == [
        "LINK_TYPE_ETHERNET_10G_LR",
        "LINK_TYPE_ETHERNET_100G_LR",
    ]
    assert all(made["requestedLinkCount"] == 1 and made["interconnectType"] == "DEDICATED" for made in found.values())


def test_macsec_fails_closed(seen: Any) -> None:
    for name, made in seen.of(PORT).items():
        assert made["macsecEnabled"] is True
        assert made["requestedFeatures"] == ["IF_MACSEC"]
        assert made["macsec"] == {"failOpen": False, "preSharedKeys": [{"name": f"{name.removeprefix('one-')}-1"}]}


def test_a_port_without_macsec_asks_for_none(record: Any, labels: Any) -> None:
    plain = build(record, labels, ports=(dataclasses.replace(port(0), macsec=False),)).of(PORT)["one-port-a"]
    assert plain["macsecEnabled"] is False
    assert "macsec" not in plain
    assert "requestedFeatures" not in plain


def test_an_attachment_has_the_ports_tag_and_addresses(seen: Any) -> None:
    made = seen.of(VLAN)["one-port-b-vlan"]
    assert (made["vlanTag8021q"], made["bandwidth"], made["type"]) == (1001, "BPS_100G", "DEDICATED")
    assert made["candidateCloudRouterIpAddress"] == "192.168.4.9/30"
    assert made["candidateCustomerRouterIpAddress"] == "192.168.4.10/30"
    assert seen.of(INTERFACE)["one-port-b-interface"]["ipRange"] == "192.168.4.9/30"


def test_a_dead_port_shows_as_soon_as_google_allows(seen: Any) -> None:
    for made in seen.of(PEER).values():
        assert made["bfd"] == {
            "sessionInitializationMode": "ACTIVE",
            "minReceiveInterval": 1000,
            "minTransmitInterval": 1000,
            "multiplier": 5,
        }


def test_ports_announce_the_nodes_before_tunnels_and_take_declared_ranges(seen: Any) -> None:
    for made in seen.of(PEER).values():
        assert made["advertisedIpRanges"] == [{"range": "10.1.0.0/16"}]
        assert made["advertisedRoutePriority"] == 100
        assert made["importPolicies"] == ["one-learns"]
    terms = seen.of(POLICY)["one-learns"]["terms"]
    assert [(term["match"]["expression"], term["actions"][0]["expression"]) for term in terms] == [
        ("destination == '10.0.0.0/16'", "accept()"),
        ("destination == '10.2.0.0/16'", "accept()"),
        ("destination.inAnyRange(prefix('0.0.0.0/0').orLonger())", "drop()"),
    ]


def test_flows_over_ports_are_logged(seen: Any) -> None:
    assert {made["interconnectAttachment"] for made in seen.of(FLOWS).values()} == {
        "one-port-a-vlan-id",
        "one-port-b-vlan-id",
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bandwidth_gbps": 40}, "port port-a: 40 Gbit/s is not a link that Google offers"),
        ({"far": "192.168.5.2/30"}, "192.168.4.1/30 and 192.168.5.2/30 are not two addresses of one range"),
        ({"far": "192.168.4.1/30"}, "are not two addresses of one range"),
    ],
)
def test_a_port_that_cannot_be_is_refused(record: Any, labels: Any, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        build(record, labels, ports=(dataclasses.replace(port(0), **change),))
