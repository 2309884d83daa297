"""The hub, the tunnels and the link on Google Cloud: what is registered, what may pass, and which end joins which."""

from __future__ import annotations

import dataclasses
from typing import Any

import pulumi
import pytest

from components.interconnect.args import NativeArgs, TunnelArgs
from components.interconnect.gcp import IDS, GcpGateway, GcpLink, GcpTunnels
from components.network.gcp import GcpNetwork
from components.provider.gcp import provider
from tests.components import gcp_backbone
from tests.components.gcp_backbone import (
    FIREWALL,
    FLOWS,
    GATEWAY,
    INTERFACE,
    OUTPUTS,
    PEER,
    POLICY,
    TUNNEL,
    TUNNELS,
    end,
    gateway,
    location,
    network,
    refused,
    secrets,
)

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""


@pytest.fixture
def hub(record: Any, labels: Any) -> Any:
    return record(lambda: GcpGateway("one", gateway(labels), GcpNetwork("net", network(labels))), OUTPUTS)


def tunnel_args(labels: Any, peers: int = 4, *, first: bool = False) -> TunnelArgs:
    return TunnelArgs(
        end=end(labels),
        peer="far",
        peer_asn=64512,
        peer_addresses=tuple(f"203.0.113.{n}" for n in range(peers)),
        tunnels=TUNNELS,
        secrets=secrets(),
        first=first,
        deletion_protection=True,
    )


@pytest.fixture
def tunnels(record: Any, labels: Any) -> Any:
    return record(lambda: GcpTunnels("route", tunnel_args(labels)), OUTPUTS)


def link_args(labels: Any) -> NativeArgs:
    ends = (end(labels, 1), end(labels, 2, "us-east4"))
    account = gcp_backbone.ACCOUNT
    west, east = (provider(name, location(name), account, labels) for name in ("us-west2", "us-east4"))
    return NativeArgs(ends=ends, providers=(west, east), tunnels=TUNNELS, secrets=secrets(), deletion_protection=True)


@pytest.fixture
def link(record: Any, labels: Any) -> Any:
    return record(lambda: GcpLink("route", link_args(labels)), OUTPUTS)


def test_the_hub_in_full(hub: Any, golden: Any) -> None:
    golden("gcp_gateway", [line for line in hub.lines() if " net" not in line])


def test_tunnels_in_full(tunnels: Any, golden: Any) -> None:
    golden("gcp_tunnels", tunnels.lines())


def test_a_link_in_full(link: Any, golden: Any) -> None:
    golden("gcp_link", [line for line in link.lines() if not line.startswith("pulumi:")])


@pytest.mark.parametrize("built", ["hub", "tunnels", "link"])
def test_google_would_refuse_nothing(built: str, request: pytest.FixtureRequest) -> None:
    seen = request.getfixturevalue(built)
    # A stand-in's ids are not Google's: what refers to them is judged in the engine's tests.
    found = {
        name: problems
        for name, problems in refused(seen).items()
        if not name.startswith("net") and not any("key ring" in str(one) or "named projects" in str(one) for one in problems)
    }
    assert found == {}


def test_the_router_announces_the_nodes_alone(hub: Any) -> None:
    bgp = hub.one("one-router").inputs["bgp"]
    assert bgp == {
        "asn": 64513,
        "advertiseMode": "CUSTOM",
        "advertisedIpRanges": [{"range": "10.1.0.0/16"}],
        "keepaliveInterval": 20,
    }


def test_the_gateway_speaks_ipv4_from_the_region(hub: Any) -> None:
    made = hub.one("one-vpn").inputs
    assert (made["stackType"], made["gatewayIpVersion"], made["region"]) == ("IPV4_ONLY", "IPV4", "us-west2")


def test_the_firewall_lets_declared_routes_in_and_nothing_else(hub: Any) -> None:
    rules = {name: rule for name, rule in hub.of(FIREWALL).items() if name.startswith("one-")}
    assert rules["one-in"]["allows"] == [{"protocol": "tcp", "ports": ["15012", "15443"]}]
    assert rules["one-in"]["sourceRanges"] == ["10.0.0.0/16", "10.2.0.0/16"]
    assert rules["one-in"]["destinationRanges"] == ["10.1.0.0/16"]
    assert rules["one-out"]["destinationRanges"] == ["10.0.0.0/16", "10.2.0.0/16"]
    assert "sourceRanges" not in rules["one-out"]
    for name in ("one-in-rest", "one-out-rest"):
        assert rules[name]["denies"] == [{"protocol": "all"}]
        assert rules[name]["priority"] > rules["one-in"]["priority"]
    assert "destinationRanges" not in rules["one-in-rest"]
    assert all("targetTags" not in rule and "logConfig" in rule for rule in rules.values())


def test_segments_are_judged_before_the_tiers(hub: Any) -> None:
    rules = hub.of(FIREWALL)
    tiers = min(rule["priority"] for name, rule in rules.items() if name.startswith("net-"))
    assert max(rule["priority"] for name, rule in rules.items() if name.startswith("one-")) < tiers


def test_what_the_hub_carries_is_logged_in_the_region(hub: Any) -> None:
    bucket = hub.one("one-logs-bucket").inputs
    assert (bucket["location"], bucket["retentionDays"]) == ("us-west2", 400)
    assert bucket["cmekSettings"] == {"kmsKeyName": gcp_backbone.KEY}
    condition = hub.one("one-logs-sink").inputs["filter"]
    assert 'log_id("networkmanagement.googleapis.com/vpc_flows")' in condition
    assert 'ip_in_net(jsonPayload.connection.src_ip, "10.1.0.0/16")' in condition


def test_facts_are_what_links_need(record: Any, labels: Any) -> None:
    found: dict[str, Any] = {}

    def program() -> None:
        made = GcpGateway("one", gateway(labels, ports=0), GcpNetwork("net", network(labels)))
        assert tuple(made.facts.ids) == IDS
        pulumi.Output.all(made.facts.ids, list(made.facts.addresses)).apply(
            lambda known: found.update(ids=known[0], addresses=known[1])
        )

    record(program, OUTPUTS)
    assert found["ids"] == {"network": "net-vpc-id", "router": "one-router", "vpn_gateway": "one-vpn-id"}
    assert found["addresses"] == ["one-vpn/0", "one-vpn/1"]


def test_no_port_no_session(record: Any, labels: Any) -> None:
    seen = record(lambda: GcpGateway("one", gateway(labels, ports=0), GcpNetwork("net", network(labels))), OUTPUTS)
    assert seen.of(PEER) == {}
    assert seen.of(POLICY) == {}


def test_what_others_were_told_is_protected(hub: Any) -> None:
    own = {name for name in hub.protected() if name.startswith("one")}
    ports = {f"one-port-{letter}{role}" for letter in "ab" for role in ("", "-vlan")}
    assert own == {"one-vpn", "one-logs-bucket"} | ports


def test_four_tunnels_to_aws(tunnels: Any) -> None:
    found = tunnels.of(TUNNEL)
    joined = [
        (found[f"route-{n}-tunnel"]["vpnGatewayInterface"], found[f"route-{n}-tunnel"]["peerExternalGatewayInterface"])
        for n in range(4)
    ]
    assert joined == [(0, 0), (0, 1), (1, 2), (1, 3)]
    peer = tunnels.one("route-peer").inputs
    assert peer["redundancyType"] == "FOUR_IPS_REDUNDANCY"
    assert [one["ipAddress"] for one in peer["interfaces"]] == [f"203.0.113.{n}" for n in range(4)]


def test_tunnels_to_azure(record: Any, labels: Any) -> None:
    seen = record(lambda: GcpTunnels("route", tunnel_args(labels, 2)), OUTPUTS)
    found = seen.of(TUNNEL)
    joined = [
        (found[f"route-{n}-tunnel"]["vpnGatewayInterface"], found[f"route-{n}-tunnel"]["peerExternalGatewayInterface"])
        for n in range(4)
    ]
    assert joined == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert seen.one("route-peer").inputs["redundancyType"] == "TWO_IPS_REDUNDANCY"


def test_every_tunnel_is_encrypted_alike(tunnels: Any) -> None:
    for name, made in tunnels.of(TUNNEL).items():
        assert made["ikeVersion"] == 2, name
        assert made["cipherSuite"] == {
            "phase1": {"encryptions": ["AES-GCM-16-256"], "prves": ["PRF-HMAC-SHA2-384"], "dhs": ["Group-20"]},
            "phase2": {"encryptions": ["AES-GCM-16-256"], "pfs": ["Group-20"]},
        }, name


def test_keys_are_secret_and_each_tunnels_own(record: Any, labels: Any) -> None:
    plain = dataclasses.replace(tunnel_args(labels), secrets=("a" * 64, "b" * 64, "c" * 64, "d" * 64))
    seen = record(lambda: GcpTunnels("route", plain), OUTPUTS)
    keys = [seen.one(f"route-{n}-tunnel").inputs["sharedSecret"] for n in range(4)]
    # Secrets go to the engine wrapped, under a key of the protocol's own.
    assert [(key["value"], len(key)) for key in keys] == [(letter * 64, 2) for letter in "abcd"]


def test_a_session_a_tunnel_announces_and_takes_what_is_declared(tunnels: Any) -> None:
    peers, interfaces = tunnels.of(PEER), tunnels.of(INTERFACE)
    assert len(peers) == len(interfaces) == 4
    assert interfaces["route-1-interface"]["ipRange"] == "169.254.21.6/30"
    one = peers["route-1-peer"]
    assert (one["ipAddress"], one["peerIpAddress"], one["peerAsn"]) == ("169.254.21.6", "169.254.21.5", 64512)
    for name, made in peers.items():
        assert made["advertiseMode"] == "CUSTOM", name
        assert made["advertisedIpRanges"] == [{"range": "10.1.0.0/16"}], name
        assert made["importPolicies"] == ["route-learns"], name
        assert "bfd" not in made, name
    assert len({made["advertisedRoutePriority"] for made in peers.values()}) == 1


def test_the_first_end_has_the_first_addresses(record: Any, labels: Any) -> None:
    seen = record(lambda: GcpTunnels("route", tunnel_args(labels, 2, first=True)), OUTPUTS)
    one = seen.of(PEER)["route-0-peer"]
    assert (one["ipAddress"], one["peerIpAddress"]) == ("169.254.21.1", "169.254.21.2")


def test_flows_of_every_tunnel_are_logged(tunnels: Any) -> None:
    found = tunnels.of(FLOWS)
    assert {made["vpnTunnel"] for made in found.values()} == {f"route-{n}-tunnel-id" for n in range(4)}
    assert all(made["flowSampling"] == 1.0 and made["location"] == "global" for made in found.values())


def test_addresses_are_the_gateways(record: Any, labels: Any) -> None:
    found: list[str] = []

    def program() -> None:
        pulumi.Output.all(*GcpTunnels("route", tunnel_args(labels)).addresses).apply(found.extend)

    record(program, OUTPUTS)
    assert found == ["198.18.1.0", "198.18.1.1"]


def test_keys_that_do_not_fit_the_tunnels_are_refused(record: Any, labels: Any) -> None:
    few = dataclasses.replace(tunnel_args(labels), secrets=secrets()[:3])
    with pytest.raises(ValueError, match="4 tunnels with 3 pre-shared keys"):
        record(lambda: GcpTunnels("route", few), OUTPUTS)


def test_a_peer_with_three_addresses_is_refused(record: Any, labels: Any) -> None:
    with pytest.raises(ValueError, match="cannot have a peer with 3 addresses"):
        record(lambda: GcpTunnels("route", tunnel_args(labels, 3)), OUTPUTS)


def test_a_link_joins_interfaces_of_the_same_number_both_ways(link: Any) -> None:
    found = link.of(TUNNEL)
    for place, index, interface in ((1, 0, 0), (1, 3, 1), (2, 0, 0), (2, 3, 1)):
        made = found[f"route-place-{place}-{index}-tunnel"]
        assert made["vpnGateway"] == f"vpn_gateway-{place}"
        assert made["peerGcpGateway"] == f"vpn_gateway-{3 - place}"
        assert made["vpnGatewayInterface"] == interface
        assert "peerExternalGatewayInterface" not in made
    assert len(found) == 4


def test_both_ends_of_a_link_agree(link: Any) -> None:
    peers = link.of(PEER)
    for index in (0, 3):
        one, two = (peers[f"route-place-{place}-{index}-peer"] for place in (1, 2))
        assert (one["ipAddress"], one["peerIpAddress"]) == (two["peerIpAddress"], two["ipAddress"])
        assert (one["peerAsn"], two["peerAsn"]) == (64514, 64513)
        assert one["advertisedIpRanges"] == [{"range": "10.1.0.0/16"}]
    assert {made["region"] for made in peers.values()} == {"us-west2", "us-east4"}


def test_a_link_between_ends_of_one_number_is_refused(record: Any, labels: Any) -> None:
    def program() -> None:
        args = link_args(labels)
        GcpLink("route", dataclasses.replace(args, ends=(args.ends[0], args.ends[0])))

    with pytest.raises(ValueError, match="both ends have AS number 64513"):
        record(program, OUTPUTS)


def test_a_link_without_its_tunnels_is_refused(record: Any, labels: Any) -> None:
    def program() -> None:
        args = link_args(labels)
        GcpLink("route", dataclasses.replace(args, tunnels=args.tunnels[:2], secrets=args.secrets[:2]))

    with pytest.raises(ValueError, match="tunnel 3 is missing"):
        record(program, OUTPUTS)


def test_the_gateway_is_the_only_one(hub: Any) -> None:
    assert list(hub.of(GATEWAY)) == ["one-vpn"]
