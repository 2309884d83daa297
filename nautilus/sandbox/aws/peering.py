"""Peerings of transit gateways and of VPCs, in one region or between two, in one account or between two.

Guarantees that both ends exist, that two transit gateways and two VPCs peer once, that peered VPCs share no address, and
that only the other end's owner accepts, in the other end's region. Peering options are refused, not ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, send, show
from nautilus.sandbox.aws.compute import kept_tags
from nautilus.sandbox.aws.row import Raw, Row, found, made
from nautilus.sandbox.aws.transit import attachment, attachments_of, forget_attachment, no_gateway, release, state
from nautilus.sandbox.aws.vpc import no_vpc, unsupported, vpc_ranges
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused, Value

_PEERINGS_MAX: Final = 50
"""A transit gateway. Source: Amazon VPC transit gateways guide, "Quotas"."""
_ATTACHMENT: Final = "transitGatewayAttachmentId"
_CONNECTION: Final = "vpcPeeringConnectionId"
_ENDED: Final = frozenset({"deleted", "deleting", "rejected", "failed", "expired"})


def _there(account: str, region: str) -> Value:
    """Give moto's EC2 at the other end; Refused for what is no region."""
    if region not in emulator.regions():
        raise Refused(f"peerRegion: {region!r} is not a region", code="InvalidParameterValue")
    return emulator.backend("ec2", account, region)


def _peer(call: Call, owner: str) -> tuple[str, str]:
    return call.get(owner) or call.account, call.get("peerRegion") or call.region


_find_transit = found(
    "describe_transit_gateway_peering_attachments", "TransitGatewayAttachmentIds", "TransitGatewayPeeringAttachments"
)


def _look_transit(call: Call) -> Raw | None:
    return _find_transit(call) if call.id and attachment(call, call.id) is not None else None


def _make_transit(call: Call) -> str:
    account, region = _peer(call, "peerAccountId")
    answer = call.boto(
        "create_transit_gateway_peering_attachment",
        PeerAccountId=account,
        PeerRegion=region,
        **send("transitGatewayId peerTransitGatewayId")(call.inputs),
    )
    wanted = str(answer["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"])
    release(call, wanted, call.get("transitGatewayId"))
    return wanted


def _show_transit(call: Call, raw: Raw) -> dict[str, object]:
    return {
        "peerAccountId": raw["AccepterTgwInfo"]["OwnerId"],
        "peerRegion": raw["AccepterTgwInfo"]["Region"],
        "peerTransitGatewayId": raw["AccepterTgwInfo"]["TransitGatewayId"],
        "transitGatewayId": raw["RequesterTgwInfo"]["TransitGatewayId"],
        "state": raw["State"],
        "arn": call.arn(f"transit-gateway-attachment/{call.id}"),
    }


def _guard_transit(call: Call) -> Iterator[Problem]:
    yield from no_gateway(call)
    account, region = _peer(call, "peerAccountId")
    mine, its = call.get("transitGatewayId"), call.get("peerTransitGatewayId")
    if its not in _there(account, region).transit_gateways:
        yield Problem(path="peerTransitGatewayId", reason=f"{its} does not exist in {region} of account {account}")
    if mine == its:
        yield Problem(path="peerTransitGatewayId", reason=f"{mine} cannot peer with itself")
    peerings = [item for item in attachments_of(call, mine) if item.resource_type == "peering"]
    for item in peerings:
        if its in (item.requester_tgw_info["TransitGatewayId"], item.accepter_tgw_info["TransitGatewayId"]):
            yield Problem(path="peerTransitGatewayId", reason=f"{mine} and {its} peer already ({item.id}): one a pair")
    if len(peerings) >= _PEERINGS_MAX:
        yield Problem(path="transitGatewayId", reason=f"{mine} has its quota of {_PEERINGS_MAX} peerings")


def _drop_transit(call: Call) -> None:
    raw = _look_transit(call) or {}
    call.boto("delete_transit_gateway_peering_attachment", TransitGatewayAttachmentId=call.id)
    forget_attachment(call, call.id)
    for end in ("RequesterTgwInfo", "AccepterTgwInfo"):
        for table in _there(raw[end]["OwnerId"], raw[end]["Region"]).transit_gateways_route_tables.values():
            table.route_table_associations.pop(call.id, None)


def _refuse_transit(call: Call) -> Iterator[Problem]:
    yield from unsupported(call, "options")
    region = call.get("peerRegion")
    if isinstance(region, str) and region not in emulator.regions():
        yield Problem(path="peerRegion", reason=f"{region!r} is not a region")


def _accept_transit(call: Call) -> str:
    wanted = str(call.get(_ATTACHMENT))
    if state(call).transit_gateway_attachments[wanted].state != "available":
        call.boto("accept_transit_gateway_peering_attachment", TransitGatewayAttachmentId=wanted)
    return wanted


def _show_accepted(_call: Call, raw: Raw) -> dict[str, object]:
    return {
        "peerAccountId": raw["RequesterTgwInfo"]["OwnerId"],
        "peerRegion": raw["RequesterTgwInfo"]["Region"],
        "peerTransitGatewayId": raw["RequesterTgwInfo"]["TransitGatewayId"],
        "transitGatewayId": raw["AccepterTgwInfo"]["TransitGatewayId"],
        _ATTACHMENT: raw["TransitGatewayAttachmentId"],
    }


def _guard_accept(call: Call) -> Iterator[Problem]:
    wanted = call.get(_ATTACHMENT)
    live = attachment(call, wanted)
    if live is None or live.resource_type != "peering":
        yield Problem(path=_ATTACHMENT, reason=f"no peering {wanted} is in {call.region} of account {call.account}")
        return
    info = live.accepter_tgw_info
    if (info["OwnerId"], info["Region"]) != (call.account, call.region):
        yield Problem(path=_ATTACHMENT, reason=f"{wanted} is for {info['OwnerId']} in {info['Region']} to accept")


def _look_data(call: Call) -> Raw | None:
    raw = found("describe_vpc_peering_connections", "VpcPeeringConnectionIds", "VpcPeeringConnections")(call)
    return None if raw is None or raw["Status"]["Code"] in _ENDED else raw


_data: Final = send("vpcId peerVpcId peerOwnerId peerRegion")


def _show_data(_call: Call, raw: Raw) -> dict[str, object]:
    closed = {"allowRemoteVpcDnsResolution": False}
    return {
        "vpcId": raw["RequesterVpcInfo"]["VpcId"],
        **show("peerVpcId=VpcId peerOwnerId=OwnerId peerRegion=Region")(raw["AccepterVpcInfo"]),
        "acceptStatus": raw["Status"]["Code"],
        "accepter": closed,
        "requester": closed,
    }


def _refuse_data(call: Call) -> Iterator[Problem]:
    yield from unsupported(call, "accepter", "requester")
    region = call.get("peerRegion")
    if isinstance(region, str) and region not in emulator.regions():
        yield Problem(path="peerRegion", reason=f"{region!r} is not a region")
    if call.get("autoAccept"):
        yield Problem(path="autoAccept", reason="works in one account and region only: use an accepter resource")


def _guard_data(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    account, region = _peer(call, "peerOwnerId")
    mine, its = call.get("vpcId"), call.get("peerVpcId")
    if mine == its:
        yield Problem(path="peerVpcId", reason=f"{mine} cannot peer with itself")
        return
    home = _there(account, region)
    if its not in home.vpcs:
        yield Problem(path="peerVpcId", reason=f"{its} does not exist in {region} of account {account}")
        return
    theirs = [item["cidr_block"] for item in home.vpcs[its].get_cidr_block_association_set(ipv6=False)]
    for block in vpc_ranges(call, mine) or ():
        for other in theirs:
            if block.overlaps(type(block)(other)):
                yield Problem(path="peerVpcId", reason=f"{other} of {its} overlaps with {block} of {mine}")
    for live in state(call).vpc_pcxs.values():
        if {live.vpc.id, live.peer_vpc.id} == {mine, its} and live.status["Code"] not in _ENDED:
            yield Problem(path="peerVpcId", reason=f"{mine} and {its} peer already ({live.id}): one a pair")


def _accept_data(call: Call) -> str:
    wanted = str(call.get(_CONNECTION))
    if state(call).vpc_pcxs[wanted].status["Code"] != "active":
        call.boto("accept_vpc_peering_connection", VpcPeeringConnectionId=wanted)
    return wanted


def _show_accepted_data(_call: Call, raw: Raw) -> dict[str, object]:
    closed = {"allowRemoteVpcDnsResolution": False}
    return {
        _CONNECTION: raw["VpcPeeringConnectionId"],
        "vpcId": raw["AccepterVpcInfo"]["VpcId"],
        **show("peerVpcId=VpcId peerOwnerId=OwnerId peerRegion=Region")(raw["RequesterVpcInfo"]),
        "acceptStatus": raw["Status"]["Code"],
        "accepter": closed,
        "requester": closed,
    }


def _guard_accept_data(call: Call) -> Iterator[Problem]:
    wanted = call.get(_CONNECTION)
    live = state(call).vpc_pcxs.get(wanted)
    if live is None or live.status["Code"] in _ENDED:
        yield Problem(path=_CONNECTION, reason=f"no peering {wanted} is in {call.region} of account {call.account}")
        return
    info: dict[str, Any] = live.accepter_vpc_info
    if (info["OwnerId"], info["Region"]) != (call.account, call.region):
        yield Problem(path=_CONNECTION, reason=f"{wanted} is for {info['OwnerId']} in {info['Region']} to accept")


def _refuse_accept_data(call: Call) -> Iterator[Problem]:
    yield from unsupported(call, "accepter", "requester")
    if call.inputs.get("autoAccept") not in (True, UNKNOWN):
        yield Problem(path="autoAccept", reason="must be true: the sandbox has no other way to accept")


def active(call: Call, id: str) -> bool:  # noqa: A002 - the engine's word
    """Whether a VPC peering is there and accepted: before that, no table takes a route to it."""
    live = state(call).vpc_pcxs.get(id)
    return live is not None and live.status["Code"] == "active"


ROWS: Final = (
    Row(
        type="aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        service="ec2",
        operation="create_transit_gateway_peering_attachment",
        params=lambda inputs: {
            # The provider puts the account in itself where it is not given.
            "PeerAccountId": "",
            **send("transitGatewayId peerTransitGatewayId peerAccountId peerRegion")(inputs),
        },
        make=_make_transit,
        look=_look_transit,
        show=_show_transit,
        drop=_drop_transit,
        refuse=_refuse_transit,
        guard=_guard_transit,
        tags=tags.ec2(),
        kept="state",  # the acceptance is another resource's doing, and no drift of this one
        replace_on="transitGatewayId peerTransitGatewayId peerAccountId peerRegion options",
    ),
    Row(
        type="aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
        service="ec2",
        operation="accept_transit_gateway_peering_attachment",
        params=send(_ATTACHMENT),
        make=_accept_transit,
        look=_look_transit,
        show=_show_accepted,
        drop=_drop_transit,  # as the provider does: an attachment cannot go back to be accepted
        guard=_guard_accept,
        tags=kept_tags(),
        replace_on=_ATTACHMENT,
    ),
    Row(
        type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        service="ec2",
        operation="create_vpc_peering_connection",
        params=_data,
        made="VpcPeeringConnection.VpcPeeringConnectionId",
        look=_look_data,
        show=_show_data,
        drop=lambda call: call.boto("delete_vpc_peering_connection", VpcPeeringConnectionId=call.id),
        refuse=_refuse_data,
        guard=_guard_data,
        tags=tags.ec2(),
        kept="acceptStatus",
        replace_on="vpcId peerVpcId peerOwnerId peerRegion",
    ),
    Row(
        type="aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        service="ec2",
        operation="accept_vpc_peering_connection",
        params=send(_CONNECTION),
        make=_accept_data,
        look=lambda call: _look_data(call) if made(call, call.id) else None,
        show=_show_accepted_data,
        drop=lambda _call: None,
        refuse=_refuse_accept_data,
        guard=_guard_accept_data,
        tags=kept_tags(),
        replace_on=_CONNECTION,
    ),
)
