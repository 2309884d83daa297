"""Transit gateways, the VPCs attached to them, and leased lines as attachments.

Guarantees that a gateway's AS number is a private one, that a VPC is attached once, with one subnet a zone, all its own;
that neither goes while something hangs on it; and that with the defaults off an attachment belongs to no route table, which
moto does not know. Multicast, IPv6 and CIDR blocks of a gateway's own are refused, not ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.local_zone import not_offered
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, unless_gone
from nautilus.sandbox.aws.vpc import missing, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import Problem, Value

_PRIVATE_ASNS: Final = ((64512, 65534), (4_200_000_000, 4_294_967_294))
"""First and last of each range. Source: EC2 API reference, TransitGatewayRequestOptions, AmazonSideAsn."""
_GATEWAYS_MAX: Final = 5
"""A region and account. Source: Amazon VPC transit gateways guide, "Quotas"."""
_BGP: Final = frozenset({"vpn", "direct-connect-gateway", "connect"})
_GONE: Final = frozenset({"deleted", "deleting", "rejected", "failed"})

look_gateway = found("describe_transit_gateways", "TransitGatewayIds", "TransitGateways")
look_vpc_attachment = found(
    "describe_transit_gateway_vpc_attachments", "TransitGatewayAttachmentIds", "TransitGatewayVpcAttachments"
)


def state(call: Call) -> Value:
    """Give moto's own state of EC2 in the call's account and region, for what its interface cannot say or set."""
    return emulator.backend("ec2", call.account, call.region)


def private_asn(number: Value) -> bool:
    """Whether this is an AS number that AWS takes for its own side."""
    return isinstance(number, int) and any(low <= number <= high for low, high in _PRIVATE_ASNS)


def no_gateway(call: Call, name: str = "transitGatewayId") -> Iterator[Problem]:
    """Refuse a transit gateway that does not exist."""
    return missing(call, name, "describe_transit_gateways", "TransitGatewayIds", "TransitGateways.0")


def attachment(call: Call, id: str) -> Value:  # noqa: A002 - the engine's word
    """Give moto's attachment of any kind, None where there is none (any more)."""
    live = state(call).transit_gateway_attachments.get(id)
    return None if live is None or live.state in _GONE else live


def gateways_of(live: Value) -> frozenset[str]:
    """Give the transit gateways of an attachment: two for a peering, else one."""
    if live.resource_type == "peering":
        return frozenset({live.requester_tgw_info["TransitGatewayId"], live.accepter_tgw_info["TransitGatewayId"]})
    return frozenset({live.transit_gateway_id})


def release(call: Call, id: str, gateway: str) -> None:  # noqa: A002 - the engine's word
    """Take a new attachment out of the gateway's default route table where the gateway has that switched off."""
    options = dig(
        unless_gone(lambda: call.boto("describe_transit_gateways", of="ec2", TransitGatewayIds=[gateway])), _OPTIONS
    )
    if (options or {}).get("DefaultRouteTableAssociation") == "disable":
        live = state(call)
        attached = live.transit_gateway_attachments[id]
        default = attached.transit_gateway_route_table
        attached.transit_gateway_route_table = None
        if default is not None:
            default.route_table_associations.pop(id, None)


def forget_attachment(call: Call, id: str) -> None:  # noqa: A002 - the engine's word
    """Take an attachment that goes out of every route table, as AWS does and moto does not."""
    for table in state(call).transit_gateways_route_tables.values():
        table.route_table_associations.pop(id, None)
        table.route_table_propagation = [
            item for item in table.route_table_propagation if item.transitGatewayAttachmentId != id
        ]


def attach_line(call: Call, gateway: str, resource: str) -> str:
    """Attach a Direct Connect gateway, which moto does not have, as it would any other, and give the attachment's id."""
    backend = state(call)
    made = TransitGatewayAttachment(
        backend,
        resource_id=resource,
        resource_type="direct-connect-gateway",
        transit_gateway=backend.transit_gateways[gateway],
    )
    backend.transit_gateway_attachments[made.id] = made
    release(call, made.id, gateway)
    return str(made.id)


def attachments_of(call: Call, gateway: str) -> list[Value]:
    """Give every live attachment of a transit gateway."""
    live = state(call).transit_gateway_attachments.values()
    return [item for item in live if item.state not in _GONE and gateway in gateways_of(item)]


_OPTIONS: Final = "TransitGateways.0.Options"
_SETTINGS: Final = (
    "amazonSideAsn autoAcceptSharedAttachments defaultRouteTableAssociation defaultRouteTablePropagation dnsSupport "
    "securityGroupReferencingSupport vpnEcmpSupport"
)
_options: Final = send(_SETTINGS + " multicastSupport")


def _gateway_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**send("description")(inputs), "Options": _options(inputs)}


def _show_gateway(_call: Call, raw: Raw) -> dict[str, object]:
    options = raw["Options"]
    shown = {
        **show("description ownerId arn=TransitGatewayArn")(raw),
        **show(_SETTINGS + " multicastSupport")(options),
        "transitGatewayCidrBlocks": options.get("TransitGatewayCidrBlocks") or None,
        "securityGroupReferencingSupport": options.get("SecurityGroupReferencingSupport", "disable"),
    }
    for kind in ("Association", "Propagation"):
        # With the default off AWS has no such table; moto makes one all the same.
        on = options[f"DefaultRouteTable{kind}"] == "enable"
        shown[f"{kind.lower()}DefaultRouteTableId"] = options[f"{kind}DefaultRouteTableId"] if on else None
    return shown


def _settle_gateway(call: Call) -> None:
    raw = look_gateway(call) or {}
    live = show(_SETTINGS)(raw.get("Options", {}))
    want = {name: call.get(name) for name in _SETTINGS.split() if call.get(name) is not None}
    changed = {name: value for name, value in want.items() if live.get(name) != value}
    text = call.get("description")
    if changed or (text and raw.get("Description") != text):
        call.boto(
            "modify_transit_gateway", TransitGatewayId=call.id, Options=_options(changed), **send("description")(call.inputs)
        )


def _refuse_gateway(call: Call) -> Iterator[Problem]:
    number = call.get("amazonSideAsn")
    if number is not None and not private_asn(number):
        ranges = " or ".join(f"{low} to {high}" for low, high in _PRIVATE_ASNS)
        yield Problem(path="amazonSideAsn", reason=f"{number} is not a private AS number: {ranges}")
    if call.get("multicastSupport", "disable") != "disable":
        yield Problem(path="multicastSupport", reason="is not offered by the sandbox, and it will not pretend")
    yield from unsupported(call, "transitGatewayCidrBlocks", "encryptionSupport")


def _guard_gateway(call: Call) -> Iterator[Problem]:
    if not call.id:
        live = call.boto("describe_transit_gateways")["TransitGateways"]
        if len(live) >= _GATEWAYS_MAX:
            yield Problem(path="description", reason=f"{len(live)} transit gateways are in {call.region}: the quota is 5")
        return
    number = dig(look_gateway(call), "Options.AmazonSideAsn")
    spoken = [item.id for item in attachments_of(call, call.id) if item.resource_type in _BGP]
    if spoken and call.get("amazonSideAsn", number) != number:
        yield Problem(path="amazonSideAsn", reason=f"cannot change while {', '.join(spoken)} speak BGP")


def _held_gateway(call: Call) -> Iterator[str]:
    for item in attachments_of(call, call.id):
        yield item.id


def _vpc_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    settings = send("applianceModeSupport dnsSupport ipv6Support securityGroupReferencingSupport")(inputs)
    return {**send("transitGatewayId vpcId subnetIds")(inputs), "Options": settings}


def _show_vpc(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("transitGatewayId vpcId vpcOwnerId")(raw),
        **show("applianceModeSupport dnsSupport ipv6Support securityGroupReferencingSupport")(raw["Options"]),
        "subnetIds": sorted(raw["SubnetIds"]),
        "arn": call.arn(f"transit-gateway-attachment/{call.id}"),
    }


def _settle_vpc(call: Call) -> None:
    raw = look_vpc_attachment(call) or {}
    live, want = set(raw.get("SubnetIds", ())), set(call.get("subnetIds", []))
    options = {
        name: value for name, value in _vpc_params(call.inputs)["Options"].items() if raw["Options"].get(name) != value
    }
    if live != want or options:
        call.boto(
            "modify_transit_gateway_vpc_attachment",
            TransitGatewayAttachmentId=call.id,
            AddSubnetIds=sorted(want - live),
            RemoveSubnetIds=sorted(live - want),
            Options=options,
        )


def _make_vpc(call: Call) -> str:
    answer = call.boto("create_transit_gateway_vpc_attachment", **_vpc_params(call.inputs))
    made = str(answer["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])
    release(call, made, call.get("transitGatewayId"))
    return made


def _drop_vpc(call: Call) -> None:
    call.boto("delete_transit_gateway_vpc_attachment", TransitGatewayAttachmentId=call.id)
    forget_attachment(call, call.id)


def _refuse_vpc(call: Call) -> Iterator[Problem]:
    if call.get("ipv6Support", "disable") != "disable":
        yield Problem(path="ipv6Support", reason="is not offered by the sandbox: its VPCs have no IPv6 ranges")
    if call.inputs.get("subnetIds") == []:
        yield Problem(path="subnetIds", reason="holds no subnet; one a zone is needed")


def _guard_vpc(call: Call) -> Iterator[Problem]:
    yield from no_gateway(call)
    yield from no_vpc(call)
    yield from no_subnet(call, "subnetIds")
    yield from not_offered(call, "subnetIds", "transit gateway attachment")
    vpc, gateway = call.get("vpcId"), call.get("transitGatewayId")
    seen: dict[str, str] = {}
    for subnet in call.get("subnetIds", []):
        answer = unless_gone(lambda subnet=subnet: call.boto("describe_subnets", SubnetIds=[subnet]))  # type: ignore[misc]
        home, zone = dig(answer, "Subnets.0.VpcId"), dig(answer, "Subnets.0.AvailabilityZone")
        if answer and home != vpc:
            yield Problem(path="subnetIds", reason=f"{subnet} is of {home}, not of {vpc} (InvalidSubnetID)")
        if zone in seen:
            yield Problem(path="subnetIds", reason=f"{seen[zone]} and {subnet} are both in {zone}: one a zone")
        seen[zone] = subnet
    for item in attachments_of(call, gateway):
        if item.id != call.id and item.resource_type == "vpc" and item.resource_id == vpc:
            yield Problem(path="vpcId", reason=f"{vpc} has an attachment to {gateway} (DuplicateTransitGatewayAttachment)")


ROWS: Final = (
    Row(
        type="aws:ec2transitgateway/transitGateway:TransitGateway",
        service="ec2",
        operation="create_transit_gateway",
        params=_gateway_params,
        made="TransitGateway.TransitGatewayId",
        look=look_gateway,
        show=_show_gateway,
        settle=(_settle_gateway,),
        drop=dropped("delete_transit_gateway", "TransitGatewayId"),
        refuse=_refuse_gateway,
        guard=_guard_gateway,
        guard_updates=True,
        held=_held_gateway,
        tags=tags.ec2(),
        replace_on="multicastSupport",
        within="Options.",
    ),
    Row(
        type="aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        service="ec2",
        operation="create_transit_gateway_vpc_attachment",
        params=_vpc_params,
        make=_make_vpc,
        look=look_vpc_attachment,
        show=_show_vpc,
        settle=(_settle_vpc,),
        drop=_drop_vpc,
        refuse=_refuse_vpc,
        guard=_guard_vpc,
        guard_updates=True,
        tags=tags.ec2(),
        defaults={
            "transitGatewayDefaultRouteTableAssociation": True,
            "transitGatewayDefaultRouteTablePropagation": True,
        },
        replace_on="transitGatewayId vpcId",
        within="Options.",
    ),
)
