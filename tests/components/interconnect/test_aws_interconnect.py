"""The hub, the tunnels and the link on AWS: what is registered, what may pass, and which end joins which."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.interconnect.args import EndArgs, GatewayArgs, GatewayFacts, NativeArgs, TunnelArgs
from components.interconnect.aws import IDS, AwsGateway, AwsLink, AwsTunnels
from components.interconnect.aws_gate import acl_number
from components.interconnect.aws_ports import exchange_asn
from components.interconnect.aws_site import dashed, halves
from components.interconnect.aws_tunnels import tunnels_of
from components.network.args import NetworkArgs
from components.network.aws import AwsNetwork
from components.provider.aws import provider
from nautilus.federation.link import Port, Tunnel
from nautilus.sandbox.aws import PACKAGE
from nautilus.sandbox.handler import Request, Target

ROUTE = "aws:ec2/route:Route"
STATIC = "aws:ec2transitgateway/route:Route"
VPN = "aws:ec2/vpnConnection:VpnConnection"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
REACH = {"far-east": "10.9.0.0/16", "far-west": "10.2.0.0/16"}
OUTPUTS = {
    "aws:ec2/vpc:Vpc": lambda _: {"defaultNetworkAclId": "acl-default", "defaultRouteTableId": "rtb-default"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": lambda inputs: {"prefixListId": f"pl-{inputs['serviceName']}"},
    VPN: lambda inputs: {
        "tunnel1Address": f"52.0.0.1-{inputs['customerGatewayId']}",
        "tunnel2Address": f"52.0.0.2-{inputs['customerGatewayId']}",
        "transitGatewayAttachmentId": f"attach-{inputs['customerGatewayId']}",
    },
    "aws:directconnect/gatewayAssociation:GatewayAssociation": lambda _: {"transitGatewayAttachmentId": "attach-dx"},
    "random:index/randomPassword:RandomPassword": lambda _: {"result": "A1" * 32},
}
TUNNELS = tuple(
    Tunnel(index=i, inside=f"169.254.10.{4 * i}/30", first=f"169.254.10.{4 * i + 1}", second=f"169.254.10.{4 * i + 2}")
    for i in range(4)
)
PORTS = tuple(
    Port(
        id=f"route-port-{letter}",
        carrier=f"carrier {letter}",
        bandwidth_gbps=10,
        macsec=letter == "a",
        vlan=1000,
        near=f"169.254.20.{place}/30",
        far=f"169.254.20.{place + 1}/30",
        far_asn=asn,
    )
    for letter, place, asn in (("a", 1, 64600), ("b", 5, 4_200_000_001))
)


@pytest.fixture
def args(aws_location: Any, aws_account: Any, labels: Any) -> GatewayArgs:
    return GatewayArgs(
        location=aws_location,
        account=aws_account,
        zones=ZONES,
        nodes="10.0.0.0/16",
        hub="10.62.0.0/23",
        block="10.0.0.0/10",
        reach=REACH,
        asn=64513,
        ports=(),
        log_key="arn:key",
        log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


def gateway(args: GatewayArgs) -> AwsGateway:
    net = NetworkArgs(
        location=args.location,
        account=args.account,
        zones=args.zones,
        nodes=args.nodes,
        pods="100.64.0.0/16",
        services="172.16.0.0/20",
        nat_per_zone=True,
        log_key="arn:key",
        flow_log_retention_days=400,
        labels=args.labels,
        deletion_protection=True,
    )
    return AwsGateway("one", args, AwsNetwork("net", net))


@pytest.fixture
def hub(record: Any, args: GatewayArgs) -> Any:
    return record(lambda: gateway(args), OUTPUTS)


@pytest.fixture
def leased(record: Any, args: GatewayArgs) -> Any:
    return record(lambda: gateway(dataclasses.replace(args, ports=PORTS)), OUTPUTS)


def end(args: GatewayArgs, placement: str, nodes: str, peer: str, **change: Any) -> EndArgs:
    ids = {key: pulumi.Output.from_input(f"{placement}-{key}") for key in IDS}
    made = EndArgs(
        placement=placement,
        location=args.location,
        account=args.account,
        zones=ZONES[:2],
        nodes=nodes,
        asn=64513,
        advertises=(nodes,),
        learns=(peer,),
        facts=GatewayFacts(addresses=(), ids=ids),
        labels=args.labels,
    )
    return dataclasses.replace(made, **change)


def tunnel_args(args: GatewayArgs, **change: Any) -> TunnelArgs:
    made = TunnelArgs(
        end=end(args, "here", "10.0.0.0/16", "10.2.0.0/16"),
        peer="far-west",
        peer_asn=64514,
        peer_addresses=("34.0.0.1", "34.0.0.2"),
        tunnels=TUNNELS,
        secrets=tuple(pulumi.Output.secret(letter * 64) for letter in "abcd"),
        first=True,
        deletion_protection=True,
    )
    return dataclasses.replace(made, **change)


@pytest.fixture
def tunnels(record: Any, args: GatewayArgs) -> Any:
    return record(lambda: AwsTunnels("route", tunnel_args(args)), OUTPUTS)


def link_args(args: GatewayArgs, *, apart: bool) -> NativeArgs:
    location = args.location.model_copy(update={"id": "aws/us-west-2", "region": "us-west-2"}) if apart else args.location
    first = end(args, "here", "10.0.0.0/16", "10.9.0.0/16")
    second = end(args, "there", "10.9.0.0/16", "10.0.0.0/16", location=location, labels={**args.labels, "owner": "desk"})
    providers = tuple(provider(f"at-{one.placement}", one.location, one.account, one.labels) for one in (first, second))
    return NativeArgs(
        ends=(first, second),
        providers=(providers[0], providers[1]),
        tunnels=(),
        secrets=(),
        deletion_protection=True,
    )


@pytest.fixture
def link(record: Any, args: GatewayArgs) -> Any:
    return record(lambda: AwsLink("route", link_args(args, apart=True)), OUTPUTS)


def of(seen: Any, kind: str, prefix: str) -> Mapping[str, Any]:
    return {name: inputs for name, inputs in seen.of(kind).items() if name.startswith(prefix)}


def own(seen: Any) -> list[str]:
    return [line for line in seen.lines() if " one" in line]


def test_a_hub_in_full(hub: Any, golden: Any) -> None:
    golden("aws_gateway", own(hub))


def test_leased_ports_in_full(leased: Any, hub: Any, golden: Any) -> None:
    golden("aws_ports", sorted(set(own(leased)) - set(own(hub))))


def test_tunnels_in_full(tunnels: Any, golden: Any) -> None:
    golden("aws_tunnels", tunnels.lines())


def test_a_link_in_full(link: Any, golden: Any) -> None:
    golden("aws_link", link.lines())


def plain(value: Any) -> Any:
    """What a provider is handed: whole numbers as such, secrets open."""
    if isinstance(value, dict):
        return plain(value["value"]) if pulumi.runtime.rpc.is_rpc_secret(value) else {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.mark.parametrize("built", ["leased", "tunnels", "link"])
def test_aws_would_refuse_nothing(built: str, request: pytest.FixtureRequest) -> None:
    handlers = {item.type: item for item in PACKAGE.handlers}
    target = Target(cloud="aws", account="100000000001", region="us-east-1")
    found = {}
    for one in request.getfixturevalue(built).registered:
        refuse = handlers[one.type].refuse if one.type in handlers else None
        if refuse is not None:
            asked = Request(
                urn=one.name, type=one.type, name=one.name, inputs=plain(one.inputs), target=target, preview=True
            )
            found[one.name] = list(refuse(asked))
    assert len(found) >= 10
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_a_hub_decides_nothing_by_default(hub: Any) -> None:
    transit = hub.one("one-transit").inputs
    assert transit["amazonSideAsn"] == 64513
    assert (transit["defaultRouteTableAssociation"], transit["defaultRouteTablePropagation"]) == ("disable", "disable")
    assert (transit["autoAcceptSharedAttachments"], transit["vpnEcmpSupport"]) == ("disable", "enable")
    attached = hub.one("one-vpc").inputs
    assert attached["subnetIds"] == [f"net-private-{letter}-id" for letter in "abc"]
    assert attached["applianceModeSupport"] == "disable"


def test_only_declared_placements_have_a_route(hub: Any) -> None:
    routes = of(hub, ROUTE, "one-")
    assert len(routes) == 2 * len(ZONES) * len(REACH)
    assert {one["destinationCidrBlock"] for one in routes.values()} == set(REACH.values())
    assert {one["transitGatewayId"] for one in routes.values()} == {"one-transit-id"}
    assert "one-vpc" in hub.one("one-private-a-to-far-east").waits_for


def test_the_firewall_admits_the_mesh_of_declared_placements_alone(hub: Any) -> None:
    for kind, role in (("Ingress", "in"), ("Egress", "out")):
        rules = of(hub, f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule", "one-")
        assert {(one["cidrIpv4"], one["fromPort"], one["toPort"], one["ipProtocol"]) for one in rules.values()} == {
            (nodes, port, port, "tcp") for nodes in REACH.values() for port in (15012, 15443)
        }, role
        assert {one["securityGroupId"] for one in rules.values()} == {"net-app-id"}


def test_the_subnets_acl_lets_connections_and_answers_out(hub: Any) -> None:
    rules = of(hub, "aws:ec2/networkAclRule:NetworkAclRule", "one-")
    assert {(one["cidrBlock"], one["fromPort"], one["toPort"], one["egress"]) for one in rules.values()} == {
        (nodes, 1024, 65535, True) for nodes in REACH.values()
    }
    assert {one["networkAclId"] for one in rules.values()} == {"net-private-acl-id"}
    # Inwards the network's own entry for answers holds both of the mesh's ports.
    inward = of(hub, "aws:ec2/networkAclRule:NetworkAclRule", "net-private-acl-in").values()
    assert any((one["cidrBlock"], one["fromPort"]) == ("0.0.0.0/0", 1024) for one in inward)


def test_an_acl_entry_is_numbered_by_its_placement() -> None:
    assert [acl_number(nodes) for nodes in ("10.0.0.0/16", "10.2.0.0/16", "10.191.0.0/16")] == [1000, 1002, 1191]
    with pytest.raises(ValueError, match=r"nodes 10.0.0.0/17: the backbone numbers placements by their /16"):
        acl_number("10.0.0.0/17")


def test_flows_are_recorded_as_a_transit_gateways_are(hub: Any) -> None:
    log = hub.one("one-flow-log").inputs
    assert log["transitGatewayId"] == "one-transit-id"
    assert "trafficType" not in log
    assert log["maxAggregationInterval"] == 60
    assert "${packets-lost-no-route}" in log["logFormat"]
    assert hub.one("one-tunnel-logs").inputs["kmsKeyId"] == "arn:key"
    assert hub.protected() >= {"one-flow-logs", "one-tunnel-logs"}


def test_facts_have_the_promised_keys(record: Any, args: GatewayArgs) -> None:
    made: list[AwsGateway] = []
    record(lambda: made.append(gateway(args)), OUTPUTS)
    assert tuple(made[0].facts.ids) == IDS
    assert made[0].facts.addresses == ()


def test_leased_ports_are_apart_and_announce_own_nodes(leased: Any) -> None:
    first, second = (leased.one(f"one-route-port-{letter}") for letter in "ab")
    assert (first.inputs["location"], second.inputs["location"]) == ("EqDC2", "CSVA1")
    assert (first.inputs["requestMacsec"], second.inputs["requestMacsec"]) == (True, False)
    assert first.protect
    assert first.inputs["bandwidth"] == "10Gbps"
    assert leased.one("one-exchange-association").inputs["allowedPrefixes"] == ["10.0.0.0/16"]
    near, far = (leased.one(f"one-route-port-{letter}-session").inputs for letter in "ab")
    assert (near["vlan"], near["amazonAddress"], near["customerAddress"]) == (1000, "169.254.20.1/30", "169.254.20.2/30")
    assert (near["mtu"], near["bgpAsn"], far["bgpAsnLong"]) == (8500, 64600, "4200000001")
    assert "bgpAsn" not in far


def test_a_macsec_key_is_drawn_and_secret(leased: Any) -> None:
    keys = leased.of("aws:directconnect/macsecKeyAssociation:MacsecKeyAssociation")
    assert list(keys) == ["one-route-port-a-macsec"]
    for name in ("ckn", "cak"):
        assert pulumi.runtime.rpc.is_rpc_secret(keys["one-route-port-a-macsec"][name])
    drawn = leased.one("one-route-port-a-key").inputs
    assert (drawn["length"], drawn["upper"], drawn["lower"], drawn["overrideSpecial"]) == (64, False, False, "ABCDEF")


def test_a_port_without_a_site_is_refused(record: Any, args: GatewayArgs) -> None:
    far = dataclasses.replace(args, ports=PORTS, location=args.location.model_copy(update={"region": "sa-east-1"}))
    with pytest.raises(ValueError, match=r"one: no Direct Connect site is known for sa-east-1; known: ap-southeast-1"):
        record(lambda: gateway(far), OUTPUTS)


def test_the_exchange_has_an_as_number_of_its_own() -> None:
    assert exchange_asn(64513) == 4_200_064_513
    assert exchange_asn(4_200_000_000) == 4_200_065_536


def test_which_tunnel_is_which(tunnels: Any) -> None:
    assert [tunnels_of(number) for number in (0, 1)] == [(0, 1), (2, 3)]
    with pytest.raises(ValueError, match="connection 2: a link has 2"):
        tunnels_of(2)
    for number in (0, 1):
        peer = tunnels.one(f"route-peer-{number}").inputs
        assert (peer["ipAddress"], peer["bgpAsn"], peer["deviceName"]) == (
            f"34.0.0.{number + 1}",
            "64514",
            f"route-{number}",
        )
        made = tunnels.one(f"route-connection-{number}").inputs
        assert made["customerGatewayId"] == f"route-peer-{number}-id"
        for place in (1, 2):
            assert made[f"tunnel{place}InsideCidr"] == TUNNELS[2 * number + place - 1].inside


def test_addresses_are_in_the_order_of_the_tunnels(record: Any, args: GatewayArgs) -> None:
    found: list[Any] = []

    def program() -> None:
        made = AwsTunnels("route", tunnel_args(args))
        pulumi.Output.all(*made.addresses).apply(found.extend)

    record(program, OUTPUTS)
    assert found == [f"52.0.0.{place}-route-peer-{number}-id" for number in (0, 1) for place in (1, 2)]


def test_tunnels_are_encrypted_as_promised(tunnels: Any) -> None:
    for made in tunnels.of(VPN).values():
        assert made["staticRoutesOnly"] is False
        for tunnel in ("tunnel1", "tunnel2"):
            assert made[f"{tunnel}IkeVersions"] == ["ikev2"]
            for phase in ("Phase1", "Phase2"):
                assert made[f"{tunnel}{phase}EncryptionAlgorithms"] == ["AES256-GCM-16"]
                assert made[f"{tunnel}{phase}DhGroupNumbers"] == [20]
            assert (made[f"{tunnel}Phase1LifetimeSeconds"], made[f"{tunnel}Phase2LifetimeSeconds"]) == (28_800, 3_600)
            assert (made[f"{tunnel}DpdTimeoutAction"], made[f"{tunnel}StartupAction"]) == ("restart", "start")
            assert made[f"{tunnel}LogOptions"]["cloudwatchLogOptions"]["bgpLogGroupArn"] == "here-tunnel-logs"
            assert pulumi.runtime.rpc.is_rpc_secret(made[f"{tunnel}PresharedKey"])


def test_a_link_announces_what_it_may_and_learns_into_the_vpcs_table(tunnels: Any) -> None:
    assert [(one["destinationCidrBlock"], one["transitGatewayAttachmentId"]) for one in tunnels.of(STATIC).values()] == [
        ("10.0.0.0/16", "here-vpc-attachment")
    ]
    learnt = tunnels.of("aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation")
    assert {one["transitGatewayRouteTableId"] for one in learnt.values()} == {"here-vpc-routes"}
    lookups = tunnels.of("aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation")
    assert {one["transitGatewayRouteTableId"] for one in lookups.values()} == {"route-routes-id"}
    assert len(lookups) == 2


def test_a_long_as_number_goes_into_its_own_field(record: Any, args: GatewayArgs) -> None:
    seen = record(lambda: AwsTunnels("route", tunnel_args(args, peer_asn=4_200_000_000)), OUTPUTS)
    peer = seen.one("route-peer-0").inputs
    assert peer["bgpAsnExtended"] == "4200000000"
    assert "bgpAsn" not in peer


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"first": False}, "route: AWS takes the first address"),
        ({"peer_addresses": ("34.0.0.1",)}, "4 tunnels, 4 secrets and 1 peer addresses; give 4, 4 and 2"),
        ({"tunnels": TUNNELS[:2]}, "2 tunnels, 4 secrets"),
    ],
)
def test_what_cannot_be_four_tunnels_is_refused(record: Any, args: GatewayArgs, change: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        record(lambda: AwsTunnels("route", tunnel_args(args, **change)), OUTPUTS)


def test_a_link_goes_two_ways(link: Any) -> None:
    transit = link.one("route-transit").inputs
    assert (transit["transitGatewayId"], transit["peerTransitGatewayId"]) == (
        "here-transit-gateway",
        "there-transit-gateway",
    )
    assert (transit["peerAccountId"], transit["peerRegion"]) == ("100000000001", "us-west-2")
    data = link.one("route-data").inputs
    assert (data["vpcId"], data["peerVpcId"], data["peerRegion"]) == ("here-vpc", "there-vpc", "us-west-2")
    assert link.one("route-data-accepter").inputs["autoAccept"] is True
    statics = {
        name: (one["destinationCidrBlock"], one["transitGatewayAttachmentId"]) for name, one in link.of(STATIC).items()
    }
    accepted = "route-transit-accepter-id"
    assert statics == {
        "route-here-in-10-0-0-0-16": ("10.0.0.0/16", "here-vpc-attachment"),
        "route-here-out-10-9-0-0-16": ("10.9.0.0/16", accepted),
        "route-there-in-10-9-0-0-16": ("10.9.0.0/16", "there-vpc-attachment"),
        "route-there-out-10-0-0-0-16": ("10.0.0.0/16", accepted),
    }


def test_the_data_tier_prefers_the_second_way(link: Any) -> None:
    routes = link.of(ROUTE)
    assert len(routes) == 2 * 2 * 2
    here = {(one["routeTableId"], one["destinationCidrBlock"]) for name, one in routes.items() if "-here-" in name}
    assert here == {(f"here-data-routes-{slot}", half) for slot in (0, 1) for half in ("10.9.0.0/17", "10.9.128.0/17")}
    assert {one["vpcPeeringConnectionId"] for one in routes.values()} == {"route-data-accepter-id"}


def test_halves_make_the_whole() -> None:
    assert halves("10.9.0.0/16") == ("10.9.0.0/17", "10.9.128.0/17")
    assert dashed("10.9.128.0/17") == "10-9-128-0-17"


def test_in_one_account_and_region_the_first_end_accepts(record: Any, args: GatewayArgs, link: Any) -> None:
    near = record(lambda: AwsLink("route", link_args(args, apart=False)), OUTPUTS)
    for accepter in ("route-transit-accepter", "route-data-accepter"):
        assert "nautilus:owner" not in near.one(accepter).inputs["tags"]
        assert link.one(accepter).inputs["tags"]["nautilus:owner"] == "desk"


def test_a_link_without_zones_is_refused(record: Any, args: GatewayArgs) -> None:
    made = link_args
    with pytest.raises(ValueError, match="route: there names no zones"):
        record(lambda: AwsLink("route", _zoneless(made(args, apart=True))), OUTPUTS)


def _zoneless(args: NativeArgs) -> NativeArgs:
    return dataclasses.replace(args, ends=(args.ends[0], dataclasses.replace(args.ends[1], zones=())))


def test_logical_names_hold_no_region_and_no_account(leased: Any, tunnels: Any, link: Any) -> None:
    for seen in (leased, tunnels, link):
        assert not [one.name for one in seen.registered if "us-east-1" in one.name or "100000000001" in one.name]
