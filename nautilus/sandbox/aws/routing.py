"""Ways in and out of a VPC: internet and NAT gateways, addresses, route tables and their routes.

Guarantees that gateways, tables and addresses exist before anything refers to them, that an address serves one NAT gateway,
and that a route names exactly one destination and one target. Inline routes are refused except the empty list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, dig, pascal, send, show
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, shown, unless_gone
from nautilus.sandbox.aws.vpc import cidr_problems, missing, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused

_TARGETS: Final = (
    "gatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
    "vpcEndpointId",
)
_DESTINATIONS: Final = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")

_look_gateway = found("describe_internet_gateways", "InternetGatewayIds", "InternetGateways")
_look_address = found("describe_addresses", "AllocationIds", "Addresses")
_look_table = found("describe_route_tables", "RouteTableIds", "RouteTables")


def _attach(call: Call) -> None:
    live = dig(_look_gateway(call), "Attachments.0.VpcId")
    want = call.get("vpcId")
    if live and live != want:
        call.boto("detach_internet_gateway", InternetGatewayId=call.id, VpcId=live)
    if want and live != want:
        call.boto("attach_internet_gateway", InternetGatewayId=call.id, VpcId=want)


def _detach(call: Call) -> None:
    if live := dig(_look_gateway(call), "Attachments.0.VpcId"):
        call.boto("detach_internet_gateway", InternetGatewayId=call.id, VpcId=live)
    call.boto("delete_internet_gateway", InternetGatewayId=call.id)


def _public(call: Call) -> Iterator[str]:
    """Give the NAT gateways with public addresses of the VPC: AWS does not detach its internet gateway from under them."""
    vpc = dig(_look_gateway(call), "Attachments.0.VpcId")
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    for nat in call.boto("describe_nat_gateways", Filters=wanted)["NatGateways"] if vpc else ():
        if nat["State"] != "deleted" and nat["ConnectivityType"] == "public":
            yield nat["NatGatewayId"]


def _one_gateway(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    vpc = call.get("vpcId")
    wanted = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    if vpc and call.boto("describe_internet_gateways", Filters=wanted)["InternetGateways"]:
        yield Problem(path="vpcId", reason=f"{vpc} already has an internet gateway attached")


def _show_address(call: Call, raw: Raw) -> dict[str, object]:
    dashed = raw["PublicIp"].replace(".", "-")
    domain = "compute-1" if call.region == "us-east-1" else f"{call.region}.compute"
    return {
        **show("allocationId domain publicIp associationId networkInterface=NetworkInterfaceId privateIp=PrivateIpAddress")(
            raw
        ),
        "arn": call.arn(f"elastic-ip/{call.id}"),
        "publicDns": f"ec2-{dashed}.{domain}.amazonaws.com",
        "networkBorderGroup": call.region,
        "publicIpv4Pool": "amazon",
    }


def _refuse_address(call: Call) -> Iterator[Problem]:
    if call.get("domain", "vpc") != "vpc":
        yield Problem(path="domain", reason="must be vpc: EC2-Classic is retired")
    yield from unsupported(call, "instance", "networkInterface", "customerOwnedIpv4Pool", "ipamPoolId", "publicIpv4Pool")


def _release(call: Call) -> None:
    if (_look_address(call) or {}).get("AssociationId"):
        raise Refused(f"address {call.id} is in use", code="InvalidIPAddress.InUse")
    call.boto("release_address", AllocationId=call.id)


def _look_nat(call: Call) -> Raw | None:
    raw = found("describe_nat_gateways", "NatGatewayIds", "NatGateways")(call)
    return raw if raw and raw["State"] != "deleted" else None


def _show_nat(_call: Call, raw: Raw) -> dict[str, object]:
    address = "NatGatewayAddresses.0."
    return show(
        f"subnetId connectivityType vpcId allocationId={address}AllocationId publicIp={address}PublicIp "
        f"privateIp={address}PrivateIp networkInterfaceId={address}NetworkInterfaceId associationId={address}AssociationId"
    )(raw)


def _refuse_nat(call: Call) -> Iterator[Problem]:
    public = call.get("connectivityType", "public") == "public"
    if public and "allocationId" not in call.inputs:
        yield Problem(path="allocationId", reason="is required by a public NAT gateway")
    if not public and "allocationId" in call.inputs:
        yield Problem(path="allocationId", reason="is not allowed in a private NAT gateway")
    if "subnetId" not in call.inputs:
        yield Problem(path="subnetId", reason="is required (regional NAT gateways are not offered by the sandbox)")
    yield from unsupported(call, "secondaryAllocationIds", "secondaryPrivateIpAddresses", "secondaryPrivateIpAddressCount")


def _guard_nat(call: Call) -> Iterator[Problem]:
    yield from no_subnet(call)
    allocation = call.get("allocationId")
    if allocation is None:
        return
    yield from missing(call, "allocationId", "describe_addresses", "AllocationIds", "Addresses")
    answer = unless_gone(lambda: call.boto("describe_addresses", AllocationIds=[allocation]))
    if dig(answer, "Addresses.0.AssociationId"):
        yield Problem(path="allocationId", reason=f"address {allocation} is in use by another gateway or interface")


def _drop_nat(call: Call) -> None:
    """Delete a NAT gateway and what it holds, which moto leaves behind and AWS takes away."""
    raw = _look_nat(call) or {}
    call.boto("delete_nat_gateway", NatGatewayId=call.id)
    address = dig(raw, "NatGatewayAddresses.0") or {}
    answer = unless_gone(lambda: call.boto("describe_addresses", AllocationIds=[address.get("AllocationId", "")]))
    if association := dig(answer, "Addresses.0.AssociationId"):
        call.boto("disassociate_address", AssociationId=association)
    interfaces = emulator.backend("ec2", call.account, call.region).enis
    interfaces.pop(address.get("NetworkInterfaceId"), None)


def _show_table(call: Call, raw: Raw) -> dict[str, object]:
    return {**show("vpcId ownerId")(raw), "arn": call.arn(f"route-table/{call.id}")}


def _show_default_table(call: Call, raw: Raw) -> dict[str, object]:
    own = [route for route in raw.get("Routes", ()) if route.get("Origin") == "CreateRoute"]
    fields = show("cidrBlock=DestinationCidrBlock gatewayId natGatewayId networkInterfaceId transitGatewayId")
    routes = [{name: value for name, value in fields(route).items() if value} for route in own]
    return {**_show_table(call, raw), "routes": routes}


def _no_inline(call: Call) -> Iterator[Problem]:
    for name in ("routes", "propagatingVgws"):
        if call.get(name):
            yield Problem(path=name, reason="inline routes are not offered by the sandbox: use aws.ec2.Route")


def _adopt_table(call: Call) -> str:
    return str(call.get("defaultRouteTableId"))


def _clear_table(call: Call) -> None:
    raw = _look_table(call) or {}
    for route in raw.get("Routes", ()):
        if route.get("Origin") == "CreateRoute":
            call.boto("delete_route", RouteTableId=call.id, DestinationCidrBlock=route["DestinationCidrBlock"])


def _guard_default_table(call: Call) -> Iterator[Problem]:
    yield from missing(call, "defaultRouteTableId", "describe_route_tables", "RouteTableIds", "RouteTables")
    answer = unless_gone(lambda: call.boto("describe_route_tables", RouteTableIds=[call.get("defaultRouteTableId")]))
    associations = dig(answer, "RouteTables.0.Associations") or ()
    if answer and not any(item.get("Main") for item in associations):
        yield Problem(path="defaultRouteTableId", reason="is not the main route table of its VPC")


def _refuse_route(call: Call) -> Iterator[Problem]:
    for names, what in ((_DESTINATIONS, "destination"), (_TARGETS, "target")):
        given = [name for name in names if call.inputs.get(name) not in (None, "")]
        if len(given) != 1:
            yield Problem(
                path=names[0], reason=f"a route has exactly one {what} of {', '.join(names)}; given: {given or 'none'}"
            )
    yield from cidr_problems(call, "destinationCidrBlock")
    yield from unsupported(
        call, "carrierGatewayId", "coreNetworkArn", "localGatewayId", "odbNetworkArn", "egressOnlyGatewayId"
    )


def _guard_route(call: Call) -> Iterator[Problem]:
    yield from missing(call, "routeTableId", "describe_route_tables", "RouteTableIds", "RouteTables")
    gateway = call.get("gatewayId", "")
    if gateway.startswith("igw-"):
        yield from missing(call, "gatewayId", "describe_internet_gateways", "InternetGatewayIds", "InternetGateways")
    yield from missing(call, "natGatewayId", "describe_nat_gateways", "NatGatewayIds", "NatGateways")
    table = unless_gone(lambda: call.boto("describe_route_tables", RouteTableIds=[call.get("routeTableId")]))
    vpc, routes = dig(table, "RouteTables.0.VpcId"), dig(table, "RouteTables.0.Routes") or ()
    attached = (
        unless_gone(lambda: call.boto("describe_internet_gateways", InternetGatewayIds=[gateway])) if gateway else None
    )
    if attached and dig(attached, "InternetGateways.0.Attachments.0.VpcId") != vpc:
        yield Problem(path="gatewayId", reason=f"{gateway} is not attached to {vpc}, the VPC of the route table")
    destination = call.get("destinationCidrBlock")
    if destination and any(route.get("DestinationCidrBlock") == destination for route in routes):
        yield Problem(path="destinationCidrBlock", reason=f"the table already has a route to {destination}")


def _route_params(call: Call) -> dict[str, object]:
    return send("routeTableId destinationCidrBlock destinationPrefixListId destinationIpv6CidrBlock " + " ".join(_TARGETS))(
        call.inputs
    )


def _make_route(call: Call) -> str:
    call.boto("create_route", of="ec2", **_route_params(call))
    destination = next(call.get(name) for name in _DESTINATIONS if call.get(name))
    return f"r-{call.get('routeTableId')}{int(emulator.digest(destination)[:8], 16)}"


def _look_route(call: Call) -> Raw | None:
    table = unless_gone(lambda: call.boto("describe_route_tables", RouteTableIds=[call.get("routeTableId")]))
    for route in dig(table, "RouteTables.0.Routes") or ():
        if any(call.get(name) and route.get(pascal(name)) == call.get(name) for name in _DESTINATIONS):
            return dict(route)
    return None


def _settle_route(call: Call) -> None:
    live = _look_route(call) or {}
    if any(call.get(name) and live.get(pascal(name)) != call.get(name) for name in _TARGETS):
        call.boto("replace_route", of="ec2", **_route_params(call))


def _drop_route(call: Call) -> None:
    names = {pascal(name): call.get(name) for name in _DESTINATIONS if call.get(name)}
    call.boto("delete_route", RouteTableId=call.get("routeTableId"), **names)


def _look_association(call: Call) -> Raw | None:
    wanted = [{"Name": "association.route-table-association-id", "Values": [call.id]}]
    for table in call.boto("describe_route_tables", Filters=wanted)["RouteTables"]:
        for item in table["Associations"]:
            if item["RouteTableAssociationId"] == call.id:
                return dict(item)
    return None


def _refuse_association(call: Call) -> Iterator[Problem]:
    if call.inputs.get("gatewayId") is not None:
        yield Problem(path="gatewayId", reason="edge associations are not offered by the sandbox")
    elif call.inputs.get("subnetId") is None:
        yield Problem(path="subnetId", reason="is required")


def _guard_association(call: Call) -> Iterator[Problem]:
    yield from no_subnet(call)
    yield from missing(call, "routeTableId", "describe_route_tables", "RouteTableIds", "RouteTables")
    wanted = [{"Name": "association.subnet-id", "Values": [call.get("subnetId")]}]
    if call.boto("describe_route_tables", Filters=wanted)["RouteTables"]:
        yield Problem(path="subnetId", reason=f"{call.get('subnetId')} already has a route table")
    subnet = unless_gone(lambda: call.boto("describe_subnets", SubnetIds=[call.get("subnetId")]))
    table = unless_gone(lambda: call.boto("describe_route_tables", RouteTableIds=[call.get("routeTableId")]))
    vpcs = (dig(subnet, "Subnets.0.VpcId"), dig(table, "RouteTables.0.VpcId"))
    if None not in vpcs and vpcs[0] != vpcs[1]:
        yield Problem(path="routeTableId", reason=f"the table is of {vpcs[1]}, the subnet of {vpcs[0]}")


def _move_association(call: Call) -> None:
    raw, table = _look_association(call) or {}, call.get("routeTableId")
    if raw and table is not UNKNOWN and raw["RouteTableId"] != table:
        answer = call.boto("replace_route_table_association", AssociationId=call.id, RouteTableId=table)
        call.id = answer["NewAssociationId"]


ROWS: Final = (
    Row(
        type="aws:ec2/internetGateway:InternetGateway",
        service="ec2",
        operation="create_internet_gateway",
        made="InternetGateway.InternetGatewayId",
        look=_look_gateway,
        show=shown(show("ownerId vpcId=Attachments.0.VpcId"), arn=lambda call, _: call.arn(f"internet-gateway/{call.id}")),
        settle=(_attach,),
        drop=_detach,
        held=_public,
        guard=_one_gateway,
        tags=tags.ec2(),
    ),
    Row(
        type="aws:ec2/eip:Eip",
        service="ec2",
        operation="allocate_address",
        params=lambda _inputs: {"Domain": "vpc"},
        made="AllocationId",
        look=_look_address,
        show=_show_address,
        drop=_release,
        refuse=_refuse_address,
        tags=tags.ec2(),
        kept="associationId networkInterface privateIp",
        replace_on="domain networkBorderGroup publicIpv4Pool ipamPoolId customerOwnedIpv4Pool",
    ),
    Row(
        type="aws:ec2/natGateway:NatGateway",
        service="ec2",
        operation="create_nat_gateway",
        params=send("subnetId allocationId connectivityType"),
        made="NatGateway.NatGatewayId",
        look=_look_nat,
        show=_show_nat,
        drop=_drop_nat,
        refuse=_refuse_nat,
        guard=_guard_nat,
        tags=tags.ec2(),
        defaults={"secondaryPrivateIpAddressCount": 0},
        replace_on="subnetId allocationId connectivityType privateIp vpcId availabilityMode",
    ),
    Row(
        type="aws:ec2/routeTable:RouteTable",
        service="ec2",
        operation="create_route_table",
        params=send("vpcId"),
        made="RouteTable.RouteTableId",
        look=_look_table,
        show=_show_table,
        drop=dropped("delete_route_table", "RouteTableId"),
        refuse=_no_inline,
        guard=no_vpc,
        tags=tags.ec2(),
        replace_on="vpcId",
    ),
    Row(
        type="aws:ec2/defaultRouteTable:DefaultRouteTable",
        service="ec2",
        make=_adopt_table,
        look=_look_table,
        show=_show_default_table,
        settle=(_clear_table,),
        drop=lambda _call: None,
        refuse=_no_inline,
        guard=_guard_default_table,
        tags=tags.ec2(),
        replace_on="defaultRouteTableId",
    ),
    Row(
        type="aws:ec2/route:Route",
        service="ec2",
        operation="create_route",
        params=send(
            "routeTableId destinationCidrBlock destinationPrefixListId destinationIpv6CidrBlock " + " ".join(_TARGETS)
        ),
        make=_make_route,
        look=_look_route,
        show=shown(show("gatewayId natGatewayId networkInterfaceId transitGatewayId vpcPeeringConnectionId origin state")),
        settle=(_settle_route,),
        drop=_drop_route,
        refuse=_refuse_route,
        guard=_guard_route,
        replace_on="routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
    ),
    Row(
        type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        service="ec2",
        operation="associate_route_table",
        params=send("routeTableId subnetId"),
        made="AssociationId",
        look=_look_association,
        show=shown(show("routeTableId subnetId")),
        settle=(_move_association,),
        drop=dropped("disassociate_route_table", "AssociationId"),
        refuse=_refuse_association,
        guard=_guard_association,
        replace_on="subnetId gatewayId",
    ),
)
