"""What AWS would refuse of a backbone is refused: in previews where the inputs tell, else at the create."""

# ruff: noqa: E501 - tables are read by column
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.handler import Refused, Target
from tests.sandbox.aws.world import ACCOUNT, BY_NAME, TARGET, World, verb

LOGS = {"cloudwatchLogOptions": {"logEnabled": True}}
NOT_THERE = "does not exist in eu-central-1 of account 111122223333"

STATIC: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("tgw", {"amazonSideAsn": 65535}, "amazonSideAsn: 65535 is not a private AS number: 64512 to 65534 or 4200000000 to"),
    ("tgw", {"amazonSideAsn": 64511}, "amazonSideAsn: 64511 is not a private"),
    ("tgw", {"amazonSideAsn": 4294967295}, "amazonSideAsn: 4294967295 is not a private"),
    ("tgw", {"multicastSupport": "enable"}, "multicastSupport: is not offered"),
    ("tgw", {"transitGatewayCidrBlocks": ["10.0.0.0/24"]}, "transitGatewayCidrBlocks: is not offered"),
    ("tgw", {"vpnEcmpSupport": "on"}, "vpnEcmpSupport: 'on' is not one of disable, enable"),
    ("tgw-vpc", {"ipv6Support": "enable"}, "ipv6Support: is not offered"),
    ("tgw-vpc", {"subnetIds": []}, "subnetIds: holds no subnet"),
    ("tgw-static", {"blackhole": True}, "either an attachment or blackhole"),
    ("tgw-static", {"transitGatewayAttachmentId": None}, "either an attachment or blackhole"),
    ("tgw-static", {"destinationCidrBlock": "10.0.0.1/16"}, "destinationCidrBlock: .* not an IPv4 network"),
    ("tgw-flow", {"trafficType": "ALL"}, "trafficType: is not a setting of a transit gateway's flow log"),
    ("tgw-flow", {"maxAggregationInterval": 600}, "maxAggregationInterval: must be 60 seconds on a transit gateway"),
    ("flow", {"trafficType": None}, "trafficType: is required"),
    ("cgw", {"ipAddress": "10.1.2.3"}, "ipAddress: 10.1.2.3 is not a public address"),
    ("cgw", {"ipAddress": "34.1.2"}, "ipAddress: '34.1.2' is not an IPv4 address"),
    ("cgw", {"ipAddress": None}, "ipAddress: is required"),
    ("cgw", {"type": "ipsec.2"}, "type: 'ipsec.2' is not one of ipsec.1"),
    ("cgw", {"bgpAsn": "2147483648"}, "bgpAsn: '2147483648' is not an AS number from 1 to 2147483647"),
    ("cgw", {"bgpAsn": "0"}, "bgpAsn: '0' is not an AS number"),
    ("cgw", {"bgpAsnExtended": "64700"}, "give exactly one of bgpAsn and bgpAsnExtended"),
    ("cgw", {"bgpAsn": None, "bgpAsnExtended": "64700"}, "bgpAsnExtended: '64700' is not an AS number from 2147483648"),
    ("cgw", {"bgpAsn": "7224", "region": "us-east-1"}, "bgpAsn: 7224 is AWS's own in us-east-1"),
    ("vpn", {"tunnel1PresharedKey": "short"}, "tunnel1PresharedKey: must be 8 to 64 letters"),
    ("vpn", {"tunnel1PresharedKey": "0" + "a" * 20}, "tunnel1PresharedKey: .* not beginning with 0"),
    ("vpn", {"tunnel2PresharedKey": "a-b" * 10}, "tunnel2PresharedKey: must be 8 to 64 letters"),
    ("vpn", {"tunnel2PresharedKey": "a" * 65}, "tunnel2PresharedKey: must be 8 to 64 letters"),
    ("vpn", {"tunnel1InsideCidr": "169.254.5.0/30"}, "tunnel1InsideCidr: 169.254.5.0/30 is reserved by AWS"),
    ("vpn", {"tunnel1InsideCidr": "169.254.169.252/30"}, "tunnel1InsideCidr: .* is reserved by AWS"),
    ("vpn", {"tunnel1InsideCidr": "10.0.0.0/30"}, "tunnel1InsideCidr: '10.0.0.0/30' is not a /30 of 169.254.0.0/16"),
    ("vpn", {"tunnel1InsideCidr": "169.254.10.0/29"}, "tunnel1InsideCidr: .* is not a /30"),
    ("vpn", {"tunnel1InsideCidr": "169.254.10.1/30"}, "tunnel1InsideCidr: .* is not a /30"),
    ("vpn", {"tunnel1InsideCidr": "169.254.10.4/30"}, "tunnel2InsideCidr: 169.254.10.4/30 is the other tunnel's too"),
    ("vpn", {"tunnel1IkeVersions": ["ikev3"]}, "tunnel1IkeVersions: 'ikev3' is not one of ikev1, ikev2"),
    ("vpn", {"tunnel1Phase1DhGroupNumbers": [5]}, "tunnel1Phase1DhGroupNumbers: 5 is not one of 2, 14"),
    ("vpn", {"tunnel1Phase2EncryptionAlgorithms": ["3DES"]}, "tunnel1Phase2EncryptionAlgorithms: '3DES' is not one of"),
    ("vpn", {"tunnel1Phase1IntegrityAlgorithms": ["MD5"]}, "tunnel1Phase1IntegrityAlgorithms: 'MD5' is not one of"),
    ("vpn", {"tunnel1Phase1LifetimeSeconds": 28801}, "tunnel1Phase1LifetimeSeconds: 28801 is not 900 to 28800"),
    ("vpn", {"tunnel1Phase1LifetimeSeconds": 3600}, "tunnel1Phase2LifetimeSeconds: 3600 is not below the lifetime of phase 1"),
    ("vpn", {"tunnel1Phase2LifetimeSeconds": 3601}, "tunnel1Phase2LifetimeSeconds: 3601 is not 900 to 3600"),
    ("vpn", {"tunnel1RekeyMarginTimeSeconds": 1801}, "tunnel1RekeyMarginTimeSeconds: 1801 is not 60 to half"),
    ("vpn", {"tunnel1DpdTimeoutSeconds": 29}, "tunnel1DpdTimeoutSeconds: 29 is not 30 to"),
    ("vpn", {"tunnel1DpdTimeoutAction": "hold"}, "tunnel1DpdTimeoutAction: 'hold' is not one of clear, none, restart"),
    ("vpn", {"tunnel1StartupAction": "wait"}, "tunnel1StartupAction: 'wait' is not one of add, start"),
    ("vpn", {"tunnel1LogOptions": LOGS}, "cloudwatchLogOptions.logGroupArn: is required with logEnabled"),
    ("vpn", {"transitGatewayId": None}, "transitGatewayId: is required"),
    ("vpn", {"type": "ipsec.2"}, "type: 'ipsec.2' is not ipsec.1"),
    ("vpn", {"enableAcceleration": True}, "enableAcceleration: is not offered"),
    ("vpn", {"tunnelInsideIpVersion": "ipv6"}, "tunnelInsideIpVersion: only ipv4"),
    ("tgw-peering", {"peerRegion": "eu-west-9"}, "peerRegion: 'eu-west-9' is not a region"),
    ("tgw-peering", {"options": {"dynamicRouting": "enable"}}, "options: is not offered"),
    ("pcx", {"peerRegion": "eu-west-9"}, "peerRegion: 'eu-west-9' is not a region"),
    ("pcx", {"autoAccept": True}, "autoAccept: works in one account and region only"),
    ("pcx", {"requester": {"allowRemoteVpcDnsResolution": True}}, "requester: is not offered"),
    ("pcx-accept", {"autoAccept": False}, "autoAccept: must be true"),
    ("port", {"bandwidth": "50Mbps"}, "bandwidth: '50Mbps' is not one of 1Gbps, 10Gbps, 100Gbps, 400Gbps"),
    ("port", {"bandwidth": "1Gbps"}, "requestMacsec: 1Gbps has no MACsec"),
    ("port", {"location": "Equinix FR5, Frankfurt"}, "location: .* is not a location's code"),
    ("port", {"encryptionMode": "must_encrypt"}, "encryptionMode: can be set only once MACsec is up"),
    ("port", {"name": None}, "name: is required"),
    ("exchange", {"amazonSideAsn": "7224"}, "amazonSideAsn: 7224 is not a private AS number"),
    ("exchange-tgw", {"allowedPrefixes": []}, "allowedPrefixes: is required with a transit gateway"),
    ("exchange-tgw", {"allowedPrefixes": ["10.0.0.1/16"]}, "allowedPrefixes: '10.0.0.1/16' is not an IPv4 network"),
    ("exchange-tgw", {"allowedPrefixes": [f"10.{n}.0.0/16" for n in range(201)]}, "allowedPrefixes: holds 201; the quota is 200"),
    ("exchange-tgw", {"associatedGatewayId": None}, "associatedGatewayId: is required"),
    ("session", {"vlan": 4095}, "vlan: 4095 is not 1 to 4094"),
    ("session", {"mtu": 9001}, "mtu: 9001 is neither 1500 nor 8500"),
    ("session", {"bgpAsnLong": "4200000000"}, "give exactly one of bgpAsn and bgpAsnLong"),
    ("session", {"bgpAsn": 0}, "bgpAsn: 0 is not an AS number"),
    ("session", {"addressFamily": "ipv5"}, "addressFamily: 'ipv5' is not one of ipv4, ipv6"),
    ("session", {"customerAddress": "169.254.20.6/30"}, "customerAddress: .* is not another address of the network"),
    ("session", {"customerAddress": "169.254.20.1/30"}, "customerAddress: .* is not another address"),
    ("session", {"customerAddress": None}, "amazonAddress: give both addresses"),
    ("session", {"amazonAddress": "169.254.20.1/24", "customerAddress": "169.254.20.2/24"}, "amazonAddress: .* must have a prefix of /29 to /31"),
    ("session", {"amazonAddress": "here"}, "amazonAddress: 'here' is not an IPv4 address with its prefix"),
    ("session", {"bgpAuthKey": "short"}, "bgpAuthKey: must have 6 to 80"),
    ("macsec", {"ckn": "abc"}, "ckn: must be 64 hexadecimal digits"),
    ("macsec", {"cak": "g" * 64}, "cak: must be 64 hexadecimal digits"),
    ("macsec", {"cak": None}, "ckn: give ckn and cak, or secretArn"),
    ("macsec", {"ckn": None, "cak": None, "secretArn": "arn"}, "secretArn: is not offered"),
)  # fmt: skip

LIVE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("tgw-vpc", {"transitGatewayId": "tgw-1"}, f"tgw-1 {NOT_THERE}"),
    ("tgw-vpc", {"subnetIds": ["subnet-1"]}, f"subnet-1 {NOT_THERE}"),
    ("tgw-vpc", {"vpcId": "vpc-1"}, f"vpc-1 {NOT_THERE}"),
    ("tgw-table", {"transitGatewayId": "tgw-1"}, f"tgw-1 {NOT_THERE}"),
    ("tgw-lookup", {"transitGatewayRouteTableId": "tgw-rtb-1"}, f"tgw-rtb-1 {NOT_THERE}"),
    ("tgw-lookup", {"transitGatewayAttachmentId": "tgw-attach-1"}, f"tgw-attach-1 {NOT_THERE}"),
    ("tgw-static", {"transitGatewayAttachmentId": "tgw-attach-1"}, f"tgw-attach-1 {NOT_THERE}"),
    ("tgw-route", {"transitGatewayId": "tgw-1"}, "tgw-1 is not attached to vpc-"),
    ("tgw-flow", {"transitGatewayId": "tgw-1"}, f"tgw-1 {NOT_THERE}"),
    ("vpn", {"transitGatewayId": "tgw-1"}, f"tgw-1 {NOT_THERE}"),
    ("vpn", {"customerGatewayId": "cgw-1"}, f"cgw-1 {NOT_THERE}"),
    ("vpn", {"customerGatewayId": "${cgw-long.id}", "tunnel1InsideCidr": None, "tunnel2InsideCidr": None, "tunnel1LogOptions": {"cloudwatchLogOptions": {"logEnabled": True, "logGroupArn": f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:/x"}}}, "log group arn:.*/x does not exist"),
    ("tgw-peering", {"peerTransitGatewayId": "tgw-1"}, "tgw-1 does not exist in eu-west-1 of account 111122223333"),
    ("tgw-accept", {"transitGatewayAttachmentId": "tgw-attach-1"}, "no peering tgw-attach-1 is in eu-west-1"),
    ("tgw-accept", {"region": "eu-central-1"}, "is for 111122223333 in eu-west-1 to accept"),
    ("pcx", {"peerVpcId": "vpc-1"}, "vpc-1 does not exist in eu-west-1 of account 111122223333"),
    ("pcx-accept", {"vpcPeeringConnectionId": "pcx-1"}, "no peering pcx-1 is in eu-west-1"),
    ("pcx-accept", {"region": "eu-central-1"}, "is for 111122223333 in eu-west-1 to accept"),
    ("pcx-route", {"vpcPeeringConnectionId": "pcx-1"}, "pcx-1 is not an active peering"),
    ("exchange-tgw", {"associatedGatewayId": "tgw-1"}, f"tgw-1 {NOT_THERE}"),
    ("exchange-tgw", {"dxGatewayId": "no"}, "dxGatewayId: no does not exist in account"),
    ("session", {"connectionId": "dxcon-1"}, "connectionId: dxcon-1 does not exist in account"),
    ("session", {"dxGatewayId": "no"}, "dxGatewayId: no does not exist in account"),
    ("session", {"bgpAsn": None, "bgpAsnLong": "4200064600"}, "4200064600 is the Direct Connect gateway's own AS number"),
    ("macsec", {"connectionId": "dxcon-1"}, "connectionId: dxcon-1 does not exist in account"),
)  # fmt: skip

TWICE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("tgw-vpc", {}, "has an attachment to tgw-.* .DuplicateTransitGatewayAttachment"),
    ("tgw-lookup", {}, "is associated with tgw-rtb-.* .Resource.AlreadyAssociated"),
    ("tgw-learn", {}, "propagates to tgw-rtb-.* already"),
    ("tgw-static", {}, "has a static route to 10.0.0.0/16 .RouteAlreadyExists"),
    ("cgw", {}, "has the same address, AS number and device: AWS would give that one again"),
    ("vpn", {}, "joins the same two gateways already"),
    ("vpn", {"customerGatewayId": "${cgw-long.id}"}, "169.254.10.0/30 is used by vpn-.* on the same transit gateway"),
    ("tgw-peering", {}, "peer already .tgw-attach-.*: one a pair"),
    ("pcx", {}, "peer already .pcx-.*: one a pair"),
    ("exchange-tgw", {}, "associates the two already"),
    ("exchange-tgw", {"associatedGatewayId": "${tgw-west.id}", "region": "eu-west-1"}, "10.0.0.0/16 is announced by ga-.* already"),
    ("session", {}, "100 is used by dxvif-.* on the same connection"),
    ("macsec", {}, "the connection has a key of this name already"),
)  # fmt: skip

HELD: tuple[tuple[str, str], ...] = (
    ("tgw", "tgw-.* is still needed by tgw-attach-"),
    ("tgw-table", "tgw-rtb-.* is still needed by tgw-attach-"),
    ("cgw", "cgw-.* is still needed by vpn-"),
    ("port", "dxcon-.* is still needed by dxvif-"),
    ("exchange", "is still needed by ga-.*, dxvif-"),
)


@pytest.mark.parametrize(("name", "change", "match"), STATIC)
def test_refused_in_previews(full: World, name: str, change: dict[str, Any], match: str) -> None:
    problems = [f"{problem.path}: {problem.reason}" for problem in full.problems(name, **change)]
    assert [text for text in problems if re.search(match, text)], problems


@pytest.mark.parametrize(("name", "change", "match"), [*LIVE, *TWICE])
def test_refused_at_the_create(full: World, name: str, change: dict[str, Any], match: str) -> None:
    request = replace(full.request(BY_NAME[name], change), seed="another")
    with pytest.raises(Refused, match=match):
        verb(request.type, "create")(request)


@pytest.mark.parametrize(("name", "match"), HELD)
def test_what_is_in_use_is_not_deleted(full: World, name: str, match: str) -> None:
    request = full.again(name)
    with pytest.raises(Refused, match=match):
        verb(request.type, "delete")(request)


def test_a_pre_shared_key_is_never_printed(full: World) -> None:
    problems = full.problems("vpn", tunnel1PresharedKey="0canary-of-a-key")
    assert problems
    assert "canary" not in str(problems)


def test_a_peering_learns_by_static_routes_only(full: World) -> None:
    request = replace(
        full.request(BY_NAME["tgw-learn"], {"transitGatewayAttachmentId": full.made["tgw-accept"][2].id}), seed="another"
    )
    with pytest.raises(Refused, match="is a peering: its routes are static"):
        verb(request.type, "create")(request)


def test_an_as_number_stays_while_bgp_speaks_it(full: World) -> None:
    request = full.again("tgw")
    with pytest.raises(Refused, match="amazonSideAsn: cannot change while tgw-attach-"):
        verb(request.type, "update")(replace(request, inputs={**request.inputs, "amazonSideAsn": 64601}))


def test_peered_networks_share_no_address(empty: World) -> None:
    empty.upto("vpc-west").create("vpc-west", cidrBlock="10.0.0.0/16")
    with pytest.raises(Refused, match=r"10.0.0.0/16 of vpc-.* overlaps with 10.0.0.0/16 of vpc-"):
        empty.create("pcx")


def test_a_peering_carries_nothing_before_it_is_accepted(empty: World) -> None:
    empty.upto("tgw-accept")
    peering = empty.made["tgw-peering"][2].id
    with pytest.raises(Refused, match=r"is pendingAcceptance: its peer has to accept it"):
        empty.create("tgw-over", transitGatewayAttachmentId=peering)
    empty.create("tgw-accept")
    empty.upto("pcx-accept")
    with pytest.raises(Refused, match=r"pcx-.* is not an active peering"):
        empty.create("pcx-route", vpcPeeringConnectionId=empty.made["pcx"][2].id)


def test_a_table_serves_its_own_gateway_alone(empty: World) -> None:
    empty.upto("tgw-table").create("tgw-west", region="eu-central-1")
    empty.create("tgw-table", transitGatewayId=empty.made["tgw-west"][2].id)
    with pytest.raises(Refused, match=r"is not attached to tgw-.*, the table's gateway"):
        empty.create("tgw-lookup")


def test_subnets_of_an_attachment_are_one_a_zone_and_of_its_vpc(empty: World) -> None:
    empty.upto("tgw-vpc")
    with pytest.raises(Refused, match="are both in eu-central-1a: one a zone"):
        empty.create("tgw-vpc", subnetIds=["${a.id}", "${pod-a.id}"])
    other = empty.request(BY_NAME["vpc"], {"cidrBlock": "10.7.0.0/16"})
    vpc = verb(other.type, "create")(replace(other, seed="other")).id
    with pytest.raises(Refused, match=f"subnet-.* is of vpc-.*, not of {vpc}"):
        empty.create("tgw-vpc", vpcId=vpc)


def test_an_attachment_belongs_to_no_table_by_default(empty: World) -> None:
    empty.upto("tgw-lookup")
    listed = emulator.call("ec2", "describe_transit_gateway_attachments", ACCOUNT, TARGET.region or "", {})
    (attachment,) = listed["TransitGatewayAttachments"]
    assert "Association" not in attachment
    assert "associationDefaultRouteTableId" not in empty.made["tgw"][2].outputs
    empty.create("tgw-lookup")
    (after,) = emulator.call("ec2", "describe_transit_gateway_attachments", ACCOUNT, TARGET.region or "", {})[
        "TransitGatewayAttachments"
    ]
    assert after["Association"]["TransitGatewayRouteTableId"] == empty.made["tgw-table"][2].id


def test_exchange_and_hub_need_as_numbers_of_their_own(empty: World) -> None:
    empty.upto("exchange").create("exchange", amazonSideAsn="64600")
    with pytest.raises(Refused, match=r"has the AS number of tgw-.*, 64600: they must differ"):
        empty.create("exchange-tgw")


def test_a_port_without_macsec_takes_no_key(empty: World) -> None:
    empty.upto("port").create("port", requestMacsec=False)
    with pytest.raises(Refused, match=r"dxcon-.* was not requested with MACsec"):
        empty.create("macsec")


def test_quotas_are_kept(empty: World) -> None:
    for number in range(5):
        request = empty.request(BY_NAME["tgw"])
        verb(request.type, "create")(replace(request, seed=str(number)))
    with pytest.raises(Refused, match="5 transit gateways are in eu-central-1: the quota is 5"):
        empty.create("tgw")


def test_another_account_peers_only_if_it_accepts(empty: World) -> None:
    theirs = World(Target(cloud="aws", account="444455556666", region="eu-west-1"))
    west = theirs.create("tgw-west").id
    empty.upto("tgw-vpc").create("tgw-peering", peerTransitGatewayId=west, peerAccountId="444455556666")
    peering = empty.made["tgw-peering"][2].id
    with pytest.raises(Refused, match=r"no peering tgw-attach-.* is in eu-west-1 of account 111122223333"):
        empty.create("tgw-accept")
    accepted = theirs.create("tgw-accept", transitGatewayAttachmentId=peering)
    assert accepted.id == peering
    assert accepted.outputs["peerAccountId"] == ACCOUNT
