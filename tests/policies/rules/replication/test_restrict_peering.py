"""A hand-made peering, tunnel or spoke that no declared route asks for is stopped."""

from __future__ import annotations

from typing import Any

import pytest

from policies.kit.finding import Finding
from tests.policies import federation
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, one, secret

RULE = "REP-007"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")

PEERING = "us-east-ca-east-native-data"
TRANSIT = "us-east-ca-east-native-transit"
CUSTOMER = "us-east-us-west-first-peer-0"
EXTERNAL = "us-east-us-west-second-peer"
VNET = "asia-ne-au-east-native-peering-0"
SITE = "asia-ne-au-east-native-tunnels-0-site"
TUNNEL_AWS = "us-east-us-west-first-connection-0"
TUNNEL_GCP = "us-east-us-west-second-0-tunnel"
TUNNEL_AZURE = "us-east-us-central-second-connection"
FAR_SIDE = {
    TUNNEL_AWS: ("customerGatewayId", "cgw-0123456789abcdef0"),
    TUNNEL_GCP: ("peerExternalGateway", "projects/elsewhere/global/externalVpnGateways/peer"),
    TUNNEL_AZURE: ("remoteVpnSite", {"id": "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/vpnSites/s"}),
}
SPOKE = "us-hub-nautilus-enterprise-us-west-1"
US_WEST = "nautilus-enterprise-us-west-1"


def judged(changed: Planned, members: dict[str, Any] | None = None) -> list[Finding]:
    rest = [one for one in federation.planned() if one.name != changed.name]
    kept = [
        one for one in rest if one.type.startswith(("nautilus:", "pulumi:")) or one.name.startswith(("us-east-", "us-hub"))
    ]
    hits = found(analyze_stack(federation.root(members or {}), *kept, changed), RULE)
    return [hit for hit in hits if hit.resource == changed.urn]


def gateway(placement: str, *addresses: str) -> dict[str, Any]:
    return {placement: {"gateway": {"addresses": list(addresses), "ids": {}}, "entry": {}}}


@pytest.mark.parametrize("name", [PEERING, TRANSIT, f"{PEERING}-accepter", CUSTOMER, EXTERNAL, VNET, SITE, SPOKE, *FAR_SIDE])
def test_a_declared_link_passes_before_anything_exists(name: str) -> None:
    assert judged(federation.one_of(name)) == []


def test_a_peering_that_stands_alone_is_stopped_with_both_sides() -> None:
    alone = Planned(**{**vars(federation.one_of(PEERING)), "parent": "", "name": "alone", "full_urn": ""}).but(
        peerRegion="ap-south-1"
    )
    hit = one(judged(alone), RULE)
    assert hit.found == "'us-east-1' (aws, us) is joined to 'ap-south-1' (in) by no declared route"


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        (PEERING, {"peerRegion": "ap-south-1"}, "it leads to 'ap-south-1'"),
        (PEERING, {"peerOwnerId": "999999999999"}, "in account '999999999999'"),
        (PEERING, {"peerRegion": None}, "it leads to 'us-east-1'"),
        (TRANSIT, {"peerAccountId": "999999999999"}, "in account '999999999999'"),
        (VNET, {"allowGatewayTransit": True}, "so that a third network passes"),
        (VNET, {"allowForwardedTraffic": True}, "so that a third network passes"),
        (VNET, {"remoteVirtualNetwork": {"id": "/subscriptions/00000000-0000-4000-8111-000000000011/x"}}, "(us)"),
        (SITE, {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}}, "is '10.0.0.0/8'"),
        (SPOKE, {"linkedVpcNetwork": {"uri": UNKNOWN, "includeExportRanges": ["10.0.0.0/8"]}}, "gives 10.0.0.0/8"),
        (SPOKE, {"linkedVpcNetwork": {"uri": UNKNOWN}}, "gives every range"),
        (CUSTOMER, {"ipAddress": "203.0.113.66"}, "'203.0.113.66', no gateway of nautilus-enterprise-us-west-1"),
    ],
)
def test_a_link_that_leads_elsewhere_is_stopped(name: str, changes: dict[str, Any], says: str) -> None:
    assert any(says in hit.found for hit in judged(federation.one_of(name).but(**changes)))


@pytest.mark.parametrize("name", FAR_SIDE)
@pytest.mark.parametrize("unknown", [False, True], ids=["literal", "unknown"])
def test_a_tunnel_to_what_its_link_does_not_make_is_stopped(name: str, unknown: bool) -> None:
    prop, literal = FAR_SIDE[name]
    tunnel = federation.one_of(name)
    made = tunnel.but(**{prop: UNKNOWN if unknown else literal})
    alone = Planned(**{**vars(made), "sources": {**made.sources, prop: ()}})
    assert any(f"{prop} is of no part that its link makes" in hit.found for hit in judged(alone))


def test_a_tunnel_to_another_links_far_side_is_stopped() -> None:
    tunnel, other = federation.one_of(TUNNEL_AWS), federation.one_of("us-east-us-central-first-peer-0")
    diverted = Planned(**{**vars(tunnel), "sources": {**tunnel.sources, "customerGatewayId": (other.urn,)}})
    assert any("which is no part of its link" in hit.found for hit in judged(diverted))


def test_an_address_that_the_far_gateway_handed_over_passes() -> None:
    customer = federation.one_of(CUSTOMER).but(ipAddress="203.0.113.66")
    assert judged(customer, gateway(US_WEST, "203.0.113.66")) == []
    assert len(judged(customer, gateway(US_WEST, "203.0.113.67"))) == 1


def test_an_address_from_another_links_resource_is_stopped() -> None:
    external = federation.one_of(EXTERNAL)
    other = federation.one_of("us-east-us-central-first-connection-0")
    changed = Planned(**{**vars(external), "sources": {"interfaces": (other.urn,)}})
    assert any("which is no part of its link" in hit.found for hit in judged(changed))


def test_a_link_made_in_a_third_place_is_stopped() -> None:
    third = federation.one_of("in-anycast-aws-accelerator").provider
    assert third is not None
    hit = one(judged(federation.one_of(PEERING).under(third)), RULE)
    assert "is no end of us-east-ca-east" in hit.found
    assert "nautilus-enterprise-ca-east-1" in hit.allowed


def test_accepting_what_nobody_here_asked_for_is_stopped() -> None:
    accepter = federation.one_of(f"{PEERING}-accepter")
    assert "does not ask for" in one(judged(Planned(**{**vars(accepter), "sources": {}})), RULE).found
    other = federation.one_of("us-east-analytics-aws-native-data")
    changed = Planned(**{**vars(accepter), "sources": {"vpcPeeringConnectionId": (other.urn,)}})
    assert "it accepts us-east-analytics-aws-native-data" in one(judged(changed), RULE).found


@pytest.mark.parametrize(
    ("name", "changes"),
    [(PEERING, {"peerRegion": UNKNOWN}), (TRANSIT, {"peerAccountId": UNKNOWN}), (SITE, {"vpnSiteLinks": UNKNOWN})],
)
def test_an_unknown_other_side_is_undecided(name: str, changes: dict[str, Any]) -> None:
    assert one(judged(federation.one_of(name).but(**changes)), RULE).verdict == "undecided"


def test_a_secret_other_side_is_not_shown() -> None:
    hit = one(judged(federation.one_of(PEERING).but(peerRegion=secret("ap-south-1"))), RULE)
    assert "ap-south-1" not in f"{hit}"


def test_a_hub_joins_its_own_placements_network_alone() -> None:
    provider = federation.one_of(VNET).provider
    network = Planned(type="azure-native:network:VirtualNetwork", name="us-east-net", provider=provider, stack="prod-apac")
    hub = Planned(type="azure-native:network:VirtualHub", name="us-east-hub", provider=provider, stack="prod-apac")
    own = Planned(
        type="azure-native:network:HubVirtualNetworkConnection",
        name="own",
        provider=provider,
        props={"remoteVirtualNetwork": {"id": UNKNOWN}, "virtualHubName": UNKNOWN},
        sources={"remoteVirtualNetwork": (network.urn,), "virtualHubName": (hub.urn,)},
        stack="prod-apac",
    )
    american = {"id": "/subscriptions/00000000-0000-4000-8111-000000000011/resourceGroups/rg/x"}
    abroad = federation.one_of("us-anycast-azure-balancer").provider

    def judged_with(*planned: Planned) -> list[str]:
        return [hit.found for hit in found(analyze_stack(*planned), RULE)]

    assert judged_with(network, hub, own) == []
    assert any("(us)" in text for text in judged_with(network, hub, own.but(remoteVirtualNetwork=american)))
    assert any("it joins us-east-net" in text for text in judged_with(network.under(abroad), hub, own))  # type: ignore[arg-type]
    assert any("of no part that this stack makes" in text for text in judged_with(network, own))


def test_a_transit_gateway_is_joined_to_its_own_placements_vpc_alone() -> None:
    provider, abroad = federation.one_of(PEERING).provider, federation.one_of("in-anycast-aws-accelerator").provider
    vpc = Planned(type="aws:ec2/vpc:Vpc", name="vpc", provider=provider, stack="prod-americas")
    transit = Planned(
        type="aws:ec2transitgateway/transitGateway:TransitGateway", name="transit", provider=provider, stack="prod-americas"
    )
    attachment = Planned(
        type="aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        name="attachment",
        provider=provider,
        props={"vpcId": UNKNOWN, "transitGatewayId": UNKNOWN},
        sources={"vpcId": (vpc.urn,), "transitGatewayId": (transit.urn,)},
        stack="prod-americas",
    )
    assert abroad is not None

    def judged_with(*planned: Planned) -> list[str]:
        return [hit.found for hit in found(analyze_stack(*planned), RULE)]

    assert judged_with(vpc, transit, attachment) == []
    assert any("it joins vpc, which is no part" in text for text in judged_with(vpc.under(abroad), transit, attachment))
    foreign = Planned(**{**vars(attachment), "sources": {}}).but(vpcId="vpc-1", transitGatewayId="tgw-1")
    assert any("vpcId is 'vpc-1', of no part" in text for text in judged_with(vpc, transit, foreign))
    assert any(
        "is no placement" in text for text in judged_with(vpc, transit, attachment.under(abroad.but(region="eu-west-3")))
    )
