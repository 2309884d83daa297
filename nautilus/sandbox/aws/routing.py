"""Route tables, their routes and the subnets that follow them.

Guarantees that tables and gateways exist before anything refers to them, that a route names exactly one destination and one
target, and that a subnet has one table, of its own VPC. Inline routes are refused except the empty list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, dig, pascal, send, show
from nautilus.sandbox.aws.peering import active
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, shown, unless_gone
from nautilus.sandbox.aws.transit_routing import bound
from nautilus.sandbox.aws.vpc import cidr_problems, missing, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem

_TARGETS: Final = (
    "gatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
    "vpcEndpointId",
)
_DESTINATIONS: Final = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
_look_table = found("describe_route_tables", "RouteTableIds", "RouteTables")


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
    transit, peering = call.get("transitGatewayId"), call.get("vpcPeeringConnectionId")
    if transit is not None and not bound(call, transit, vpc):
        yield Problem(path="transitGatewayId", reason=f"{transit} is not attached to {vpc}, the VPC of the route table")
    if peering is not None and not active(call, peering):
        yield Problem(path="vpcPeeringConnectionId", reason=f"{peering} is not an active peering of {vpc}")
    attached = (
        unless_gone(lambda: call.boto("describe_internet_gateways", InternetGatewayIds=[gateway])) if gateway else None
    )
    if attached and dig(attached, "InternetGateways.0.Attachments.0.VpcId") != vpc:
        yield Problem(path="gatewayId", reason=f"{gateway} is not attached to {vpc}, the VPC of the route table")
    destination = call.get("destinationCidrBlock")
    if destination and not call.id and any(route.get("DestinationCidrBlock") == destination for route in routes):
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
    if not call.id and call.boto("describe_route_tables", Filters=wanted)["RouteTables"]:
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
        guard_updates=True,
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
        guard_updates=True,
        replace_on="subnetId gatewayId",
    ),
)
