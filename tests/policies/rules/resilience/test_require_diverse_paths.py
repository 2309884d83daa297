from __future__ import annotations

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies import federation
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, secret
from tests.policies.planned import catalogue_account

RULE = "FLT-004"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")

PORTS = ("port-a", "port-b")
FRANKFURT = Planned(
    type="pulumi:providers:aws",
    name="frankfurt",
    props={"region": "eu-central-1", "allowedAccountIds": f'["{catalogue_account("eu", "aws").id}"]'},
)


def judged(*planned: Planned) -> list[Finding]:
    return found(analyze_stack(*planned, pack=Pack.RESILIENCE), RULE)


def port(name: str, **props: object) -> Planned:
    return Planned(type="aws:directconnect/connection:Connection", name=name, provider=FRANKFURT, props=props)


def of(placement: str, hits: list[Finding]) -> list[str]:
    return [hit.found for hit in hits if placement in hit.found]


def test_every_link_that_ships_has_two_ways_at_both_ends() -> None:
    assert judged(*federation.planned()) == []


@pytest.mark.parametrize(
    ("gone", "route", "end"),
    [
        ("us-east-us-west-first-connection-1", "us-east-us-west", "nautilus-enterprise-us-east-1"),
        ("us-east-ca-east-native-data", "us-east-ca-east", "nautilus-enterprise-ca-east-1"),
    ],
)
def test_a_link_with_one_way_is_named(gone: str, route: str, end: str) -> None:
    hits = judged(*(one for one in federation.planned() if not one.name.startswith(gone)))
    assert any(hit.found.startswith(f"{route} has 1 way") and end in hit.found for hit in hits), hits


def test_two_tunnels_from_one_interface_are_one_way() -> None:
    planned = tuple(
        one.but(vpnGatewayInterface=0) if one.name.startswith("us-east-us-west-second-") and "VPNTunnel" in one.type else one
        for one in federation.planned()
    )
    assert [hit.found for hit in judged(*planned)] == [
        "us-east-us-west has 1 way (tunnel) planned at nautilus-enterprise-us-west-1"
    ]


def test_an_interface_that_is_unknown_is_undecided() -> None:
    name = next(one.name for one in federation.planned() if one.name.startswith("us-east-us-west-second-0-tunnel"))
    assert [hit.verdict for hit in judged(*federation.changed(name, vpnGatewayInterface=UNKNOWN))] == ["undecided"]


def test_links_that_are_secret_as_a_whole_are_counted_and_not_shown() -> None:
    name = "us-east-us-central-second-connection"
    links = federation.one_of(name).props["vpnLinkConnections"]
    assert judged(*federation.changed(name, vpnLinkConnections=secret(links))) == []
    hits = judged(*federation.changed(name, vpnLinkConnections=secret(links[:1])))
    assert [hit.found for hit in hits] == ["us-east-us-central has 1 way (link) planned at nautilus-enterprise-us-central-1"]


NAMES = tuple(f"nautilus-enterprise-eu-central-1-gateway-{one}" for one in PORTS)


def test_two_ports_at_two_sites_pass() -> None:
    assert of("eu-central-1", judged(port(NAMES[0], location="EqFA5"), port(NAMES[1], location="IXFRA"))) == []


def test_two_ports_at_one_site_are_one_way() -> None:
    hits = of("eu-central-1", judged(port(NAMES[0], location="EqFA5"), port(NAMES[1], location="EqFA5")))
    assert hits == ["port-b and port-a of nautilus-enterprise-eu-central-1 both come to EqFA5"]


def test_a_missing_port_is_named() -> None:
    assert of("eu-central-1", judged(port(NAMES[0], location="EqFA5"))) == [
        "nautilus-enterprise-eu-central-1 has no port port-b planned"
    ]


def test_a_port_whose_site_is_unknown_or_missing_is_undecided() -> None:
    for props, why in (({"location": UNKNOWN}, "cannot be known"), ({}, "is not set")):
        hits = judged(port(NAMES[0], **props), port(NAMES[1], location="IXFRA"))
        assert any(why in hit.found for hit in hits)
