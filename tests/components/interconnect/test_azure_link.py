"""A link between two Azure placements: both halves of the peering, both ends of the tunnels, each by its own provider."""

from __future__ import annotations

import dataclasses
from typing import Any

import pulumi_azure_native as azure
import pytest
from pulumi.runtime import rpc

from components.interconnect.args import NativeArgs
from components.interconnect.azure_link import AzureLink
from tests.components.azure_backbone import OUTPUTS, end, tunnel_args

_MADE: dict[str, Any] = {}


def link(**changes: Any) -> None:
    near = end("asia-ne", "10.9.0.0/16", "10.15.0.0/16")
    given: dict[str, Any] = {
        "ends": (near, end("au-east", "10.15.0.0/16", "10.9.0.0/16")),
        "providers": tuple(azure.Provider(name) for name in ("near", "far")),
        "tunnels": (),
        "secrets": tunnel_args(2).secrets,
        "deletion_protection": True,
    }
    AzureLink("route", NativeArgs(**{**given, **changes}))


def made(record: Any) -> Any:
    """Give the recording of a link; it is made once, since no test changes it."""
    if "link" not in _MADE:
        _MADE["link"] = record(link, OUTPUTS)
    return _MADE["link"]


def test_in_full(record: Any, golden: Any) -> None:
    golden("azure_link", made(record).lines())


@pytest.mark.parametrize(("number", "near", "far"), [(0, "asia-ne", "au-east"), (1, "au-east", "asia-ne")])
def test_each_half_of_the_peering_lends_nothing(record: Any, number: int, near: str, far: str) -> None:
    half = made(record).one(f"route-peering-{number}").inputs
    assert half["virtualNetworkName"] == f"{near}-network-name"
    assert half["remoteVirtualNetwork"] == {"id": f"{far}-network"}
    assert half["allowVirtualNetworkAccess"] is True
    assert half["allowForwardedTraffic"] is half["allowGatewayTransit"] is half["useRemoteGateways"] is False


@pytest.mark.parametrize(("number", "near", "far"), [(0, "asia-ne", "10.15.0.0/16"), (1, "au-east", "10.9.0.0/16")])
def test_tunnels_have_static_routes_to_the_other_nodes_alone(record: Any, number: int, near: str, far: str) -> None:
    site = made(record).one(f"route-tunnels-{number}-site").inputs
    assert site["addressSpace"] == {"addressPrefixes": [far]}
    assert [one["ipAddress"] for one in site["vpnSiteLinks"]] == ["198.18.0.2", "198.18.0.3"]
    assert not any("bgpProperties" in one for one in site["vpnSiteLinks"])
    connection = made(record).one(f"route-tunnels-{number}-connection").inputs
    assert connection["gatewayName"] == f"{near}-vpn-gateway"
    links = rpc.unwrap_rpc_secret(connection["vpnLinkConnections"])
    assert [one["enableBgp"] for one in links] == [False, False]
    assert {one["sharedKey"] for one in links} == {"a" * 64}
    assert not any("vpnGatewayCustomBgpAddresses" in one for one in links)


def test_second_half_waits_for_the_first(record: Any) -> None:
    assert "route-peering-0" in made(record).one("route-peering-1").waits_for


def test_refuses_an_end_without_two_addresses(record: Any) -> None:
    near = end("asia-ne", "10.9.0.0/16", "10.15.0.0/16")
    bare = dataclasses.replace(near, facts=dataclasses.replace(near.facts, addresses=()))
    with pytest.raises(ValueError, match="asia-ne has 0 tunnel addresses; a hub has two"):
        record(lambda: link(ends=(bare, near)), OUTPUTS)
