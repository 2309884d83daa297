"""The Azure end of tunnels: which tunnel is which, under which key and policy, and which routes pass."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime import rpc

from components.interconnect.azure_tunnels import AzureTunnels, legs, secret_of
from tests.components.azure_backbone import OUTPUTS, TUNNELS, end, tunnel_args

CONNECTION = "azure-native:network:VpnConnection"
_MADE: dict[int, Any] = {}


def made(record: Any, peers: int) -> Any:
    """Give the recording of an end with so many peer addresses; each is made once, since no test changes it."""
    if peers not in _MADE:
        _MADE[peers] = record(lambda: AzureTunnels("route", tunnel_args(peers)), OUTPUTS)
    return _MADE[peers]


def test_four_addresses_are_a_link_a_tunnel() -> None:
    found = legs(TUNNELS, 4, first=False)
    assert [(leg.peer, leg.secret) for leg in found] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    for index, leg in enumerate(found):
        assert leg.near[index // 2] == TUNNELS[index].second
        assert leg.near[1 - index // 2] == TUNNELS[(index + 2) % 4].second
        assert leg.far == TUNNELS[index].first


def test_two_addresses_are_two_links_of_two_tunnels() -> None:
    first, second = legs(TUNNELS, 2, first=True)
    assert (first.peer, first.near, first.far) == (0, (TUNNELS[0].first, TUNNELS[2].first), TUNNELS[0].second)
    assert (second.peer, second.near, second.far) == (1, (TUNNELS[1].first, TUNNELS[3].first), TUNNELS[3].second)


def test_tunnels_that_share_a_link_share_its_secret() -> None:
    assert [secret_of(index) for index in range(4)] == [0, 1, 0, 1]
    assert [leg.secret for leg in legs(TUNNELS, 2, first=True)] == [0, 1]


def test_refuses_a_fifth_tunnel() -> None:
    with pytest.raises(ValueError, match="tunnel 4: there are four"):
        secret_of(4)


@pytest.mark.parametrize(("tunnels", "peers"), [(TUNNELS[:2], 2), (TUNNELS, 3)])
def test_refuses_shapes_that_no_cloud_has(tunnels: Any, peers: int) -> None:
    with pytest.raises(ValueError, match="four tunnels to two or four addresses"):
        legs(tunnels, peers, first=True)


@pytest.mark.parametrize("peers", [2, 4])
def test_in_full(record: Any, golden: Any, peers: int) -> None:
    golden(f"azure_tunnels_{peers}", made(record, peers).lines())


def test_site_has_a_link_for_each_address_of_the_peer(record: Any) -> None:
    site = made(record, 4).one("route-site").inputs
    assert [link["ipAddress"] for link in site["vpnSiteLinks"]] == [f"203.0.113.{place}" for place in range(1, 5)]
    assert {link["bgpProperties"]["asn"] for link in site["vpnSiteLinks"]} == {64517}
    assert site["virtualWan"] == {"id": "uk-south-wan"}
    assert "addressSpace" not in site


@pytest.mark.parametrize("peers", [2, 4])
def test_every_link_is_ikev2_under_one_policy_with_bgp(record: Any, peers: int) -> None:
    links = rpc.unwrap_rpc_secret(made(record, peers).of(CONNECTION)["route-connection"]["vpnLinkConnections"])
    assert len(links) == peers
    for place, link in enumerate(links):
        assert link["vpnSiteLink"] == {"id": f"route-site-id/vpnSiteLinks/peer-{place}"}
        assert (link["vpnConnectionProtocolType"], link["enableBgp"]) == ("IKEv2", True)
        assert link["ipsecPolicies"] == [
            {
                "ikeEncryption": "GCMAES256",
                "ikeIntegrity": "SHA384",
                "dhGroup": "ECP384",
                "ipsecEncryption": "GCMAES256",
                "ipsecIntegrity": "GCMAES256",
                "pfsGroup": "ECP384",
                "saLifeTimeSeconds": 3600,
                "saDataSizeKilobytes": 102400000,
            }
        ]
        assert [one["ipConfigurationId"] for one in link["vpnGatewayCustomBgpAddresses"]] == ["Instance0", "Instance1"]


@pytest.mark.parametrize(("peers", "keys"), [(2, "ab"), (4, "abcd")])
def test_keys_stay_secret(record: Any, peers: int, keys: str) -> None:
    links = made(record, peers).of(CONNECTION)["route-connection"]["vpnLinkConnections"]
    assert rpc.is_rpc_secret(links)
    assert [link["sharedKey"] for link in rpc.unwrap_rpc_secret(links)] == [letter * 64 for letter in keys]


def test_only_declared_routes_pass(record: Any) -> None:
    seen = made(record, 2)
    for role, block in (("learns", "10.5.0.0/16"), ("advertises", "10.9.0.0/16")):
        declared, rest = seen.one(f"route-{role}").inputs["rules"]
        assert declared["matchCriteria"] == [{"matchCondition": "Contains", "routePrefix": [block]}]
        assert "actions" not in declared
        assert rest["matchCriteria"] == [{"matchCondition": "Contains", "routePrefix": ["0.0.0.0/0"]}]
        assert rest["actions"] == [{"type": "Drop"}]
    routing = seen.of(CONNECTION)["route-connection"]["routingConfiguration"]
    assert routing["inboundRouteMap"] == {"id": "route-learns-id"}
    assert routing["outboundRouteMap"] == {"id": "route-advertises-id"}
    assert routing["propagatedRouteTables"]["ids"] == [{"id": "uk-south-nodes-routes"}]


def test_refuses_to_pass_on_what_is_not_its_own(record: Any) -> None:
    here = end("uk-south", "10.9.0.0/16", "10.5.0.0/16", advertises=("10.9.0.0/16", "10.7.0.0/16"))
    with pytest.raises(ValueError, match=r"advertises 10\.7\.0\.0/16; a hub gives its own 10\.9\.0\.0/16"):
        record(lambda: AzureTunnels("route", tunnel_args(2, end=here)), OUTPUTS)


def test_refuses_a_link_that_may_learn_nothing(record: Any) -> None:
    here = end("uk-south", "10.9.0.0/16", "10.5.0.0/16", learns=())
    with pytest.raises(ValueError, match="a route map needs at least one range"):
        record(lambda: AzureTunnels("route", tunnel_args(2, end=here)), OUTPUTS)
