"""Route tables of transit gateways: what is looked up in them, what they learn, and their static routes.

Guarantees that table and attachment exist and are of one gateway, that an attachment is accepted before anything refers to
it and is looked up in one table only, that a range has one static route a table, and that a table with associations stays.
moto answers success to all of the contrary. What BGP would bring into a table does not appear: nobody speaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nautilus.sandbox.aws import tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, unless_gone
from nautilus.sandbox.aws.transit import attachment, attachments_of, gateways_of, no_gateway, state
from nautilus.sandbox.aws.vpc import cidr_problems
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_TABLES_MAX: Final = 20
"""A transit gateway. Source: Amazon VPC transit gateways guide, "Quotas"."""
_TABLE: Final = "transitGatewayRouteTableId"
_ATTACHMENT: Final = "transitGatewayAttachmentId"
_BOTH: Final = send(f"{_TABLE} {_ATTACHMENT}")

_find_table = found("describe_transit_gateway_route_tables", "TransitGatewayRouteTableIds", "TransitGatewayRouteTables")


def _look_table(call: Call) -> Raw | None:
    raw = _find_table(call)
    return None if raw is None or raw["State"] == "deleted" else raw


def table(call: Call, id: str) -> Value:  # noqa: A002 - the engine's word
    """Give moto's route table, None where there is none (any more)."""
    live = state(call).transit_gateways_route_tables.get(id)
    return None if live is None or live.state == "deleted" else live


def _show_table(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("transitGatewayId defaultAssociationRouteTable defaultPropagationRouteTable")(raw),
        "arn": call.arn(f"transit-gateway-route-table/{call.id}"),
    }


def _guard_table(call: Call) -> Iterator[Problem]:
    yield from no_gateway(call)
    gateway = call.get("transitGatewayId")
    live = [item for item in state(call).transit_gateways_route_tables.values() if item.transit_gateway_id == gateway]
    if len([item for item in live if item.state != "deleted"]) > _TABLES_MAX:
        yield Problem(path="transitGatewayId", reason=f"{gateway} has its quota of {_TABLES_MAX} route tables")


def _held_table(call: Call) -> Iterator[str]:
    yield from (table(call, call.id).route_table_associations if table(call, call.id) else ())


def _place(call: Call) -> str:
    return f"{call.get(_TABLE)}_{call.get(_ATTACHMENT)}"


def _guard_pair(call: Call) -> Iterator[Problem]:
    """Refuse a table or an attachment that is not there, not accepted, or of another gateway."""
    home, attached = table(call, call.get(_TABLE, "")), None
    if home is None:
        yield Problem(path=_TABLE, reason=f"{call.get(_TABLE)} does not exist in {call.region} of account {call.account}")
    wanted = call.get(_ATTACHMENT)
    if wanted is not None:
        attached = attachment(call, wanted)
        if attached is None:
            yield Problem(path=_ATTACHMENT, reason=f"{wanted} does not exist in {call.region} of account {call.account}")
        elif attached.state != "available":
            yield Problem(
                path=_ATTACHMENT, reason=f"{wanted} is {attached.state}: its peer has to accept it (IncorrectState)"
            )
    if home is not None and attached is not None and home.transit_gateway_id not in gateways_of(attached):
        yield Problem(path=_ATTACHMENT, reason=f"{wanted} is not attached to {home.transit_gateway_id}, the table's gateway")


def _guard_association(call: Call) -> Iterator[Problem]:
    yield from _guard_pair(call)
    home, wanted = table(call, call.get(_TABLE, "")), call.get(_ATTACHMENT)
    gateway = None if home is None else home.transit_gateway_id
    for other in state(call).transit_gateways_route_tables.values():
        if other.transit_gateway_id == gateway and wanted in other.route_table_associations and other.state != "deleted":
            yield Problem(path=_ATTACHMENT, reason=f"{wanted} is associated with {other.id} (Resource.AlreadyAssociated)")


def _make_association(call: Call) -> str:
    call.boto("associate_transit_gateway_route_table", **_BOTH(call.inputs))
    attachment(call, call.get(_ATTACHMENT)).transit_gateway_route_table = table(call, call.get(_TABLE))
    return _place(call)


def _look_association(call: Call) -> Raw | None:
    return _looked("get_transit_gateway_route_table_associations", "Associations", call)


def _looked(operation: str, answer: str, call: Call) -> Raw | None:
    if not call.id or table(call, call.get(_TABLE, "")) is None:
        return None
    wanted = [{"Name": "transit-gateway-attachment-id", "Values": [call.get(_ATTACHMENT)]}]
    raw = dig(call.boto(operation, TransitGatewayRouteTableId=call.get(_TABLE), Filters=wanted), f"{answer}.0")
    return dict(raw) if raw else None


def _drop_association(call: Call) -> None:
    # Not by moto's own call: it keeps one association for an attachment of two gateways, which a peering is.
    table(call, call.get(_TABLE)).route_table_associations.pop(call.get(_ATTACHMENT), None)
    if (attached := attachment(call, call.get(_ATTACHMENT))) is not None:
        attached.transit_gateway_route_table = None


def _guard_propagation(call: Call) -> Iterator[Problem]:
    yield from _guard_pair(call)
    home, attached = table(call, call.get(_TABLE, "")), attachment(call, call.get(_ATTACHMENT, ""))
    if attached is not None and attached.resource_type == "peering":
        yield Problem(path=_ATTACHMENT, reason=f"{attached.id} is a peering: its routes are static, nothing propagates")
    learnt = [] if home is None else [item.transitGatewayAttachmentId for item in home.route_table_propagation]
    if call.get(_ATTACHMENT) in learnt:
        yield Problem(path=_ATTACHMENT, reason=f"{call.get(_ATTACHMENT)} propagates to {home.id} already")


def _make_propagation(call: Call) -> str:
    call.boto("enable_transit_gateway_route_table_propagation", **_BOTH(call.inputs))
    return _place(call)


def _look_propagation(call: Call) -> Raw | None:
    return _looked("get_transit_gateway_route_table_propagations", "TransitGatewayRouteTablePropagations", call)


def _drop_propagation(call: Call) -> None:
    home = table(call, call.get(_TABLE))
    home.route_table_propagation = [
        item for item in home.route_table_propagation if item.transitGatewayAttachmentId != call.get(_ATTACHMENT)
    ]


_route: Final = send(f"destinationCidrBlock blackhole {_TABLE} {_ATTACHMENT}")


def _refuse_route(call: Call) -> Iterator[Problem]:
    yield from cidr_problems(call, "destinationCidrBlock")
    given = call.inputs.get(_ATTACHMENT) is not None
    if call.inputs.get("blackhole") is UNKNOWN:
        return
    if given == bool(call.get("blackhole", False)):
        yield Problem(path=_ATTACHMENT, reason="a route has either an attachment or blackhole, and not both")


def _guard_route(call: Call) -> Iterator[Problem]:
    yield from _guard_pair(call)
    home = table(call, call.get(_TABLE, ""))
    if home is not None and call.get("destinationCidrBlock") in home.routes:
        reason = f"{home.id} has a static route to {call.get('destinationCidrBlock')} (RouteAlreadyExists)"
        yield Problem(path="destinationCidrBlock", reason=reason)


def _make_route(call: Call) -> str:
    call.boto("create_transit_gateway_route", **_route(call.inputs))
    route = table(call, call.get(_TABLE)).routes[call.get("destinationCidrBlock")]
    if target := route.get("transitGatewayAttachments"):
        # moto keeps one object where its own answer wants a list, and so shows none.
        route["transitGatewayAttachments"] = [
            {"ResourceId": target["resourceId"], "ResourceType": target["resourceType"], _PASCAL: call.get(_ATTACHMENT)}
        ]
    return _route_name(call)


_PASCAL: Final = "TransitGatewayAttachmentId"


def _route_name(call: Call) -> str:
    return f"{call.get(_TABLE)}_{call.get('destinationCidrBlock')}"


def _look_route(call: Call) -> Raw | None:
    if not call.id or table(call, call.get(_TABLE, "")) is None:
        return None
    wanted = [{"Name": "route-search.exact-match", "Values": [call.get("destinationCidrBlock")]}]
    found_routes: list[dict[str, Any]] = (
        unless_gone(
            lambda: call.boto("search_transit_gateway_routes", TransitGatewayRouteTableId=call.get(_TABLE), Filters=wanted)
        )
        or {}
    ).get("Routes", [])
    return next((route for route in found_routes if route["Type"] == "static"), None)


def _show_route(_call: Call, raw: Raw) -> dict[str, object]:
    return {
        "destinationCidrBlock": raw["DestinationCidrBlock"],
        "blackhole": raw["State"] == "blackhole",
        _ATTACHMENT: dig(raw, f"TransitGatewayAttachments.0.{_PASCAL}"),
    }


def _drop_route(call: Call) -> None:
    cidr = call.get("destinationCidrBlock")
    call.boto("delete_transit_gateway_route", TransitGatewayRouteTableId=call.get(_TABLE), DestinationCidrBlock=cidr)


_show_pair: Final = show("resourceId resourceType")

ROWS: Final = (
    Row(
        type="aws:ec2transitgateway/routeTable:RouteTable",
        service="ec2",
        operation="create_transit_gateway_route_table",
        params=send("transitGatewayId"),
        made="TransitGatewayRouteTable.TransitGatewayRouteTableId",
        look=_look_table,
        show=_show_table,
        drop=dropped("delete_transit_gateway_route_table", "TransitGatewayRouteTableId"),
        guard=_guard_table,
        held=_held_table,
        tags=tags.ec2(),
        replace_on="transitGatewayId",
    ),
    Row(
        type="aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
        service="ec2",
        operation="associate_transit_gateway_route_table",
        params=_BOTH,
        make=_make_association,
        identify=_place,
        look=_look_association,
        show=lambda _call, raw: _show_pair(raw),
        drop=_drop_association,
        guard=_guard_association,
        replace_on=f"{_TABLE} {_ATTACHMENT}",
    ),
    Row(
        type="aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation",
        service="ec2",
        operation="enable_transit_gateway_route_table_propagation",
        params=_BOTH,
        make=_make_propagation,
        identify=_place,
        look=_look_propagation,
        show=lambda _call, raw: _show_pair(raw),
        drop=_drop_propagation,
        guard=_guard_propagation,
        replace_on=f"{_TABLE} {_ATTACHMENT}",
    ),
    Row(
        type="aws:ec2transitgateway/route:Route",
        service="ec2",
        operation="create_transit_gateway_route",
        params=_route,
        make=_make_route,
        identify=_route_name,
        look=_look_route,
        show=_show_route,
        drop=_drop_route,
        refuse=_refuse_route,
        guard=_guard_route,
        defaults={"blackhole": False},
        replace_on=f"destinationCidrBlock blackhole {_TABLE} {_ATTACHMENT}",
    ),
)


def bound(call: Call, gateway: str, vpc: str) -> bool:
    """Whether a VPC is attached to a transit gateway: before that, none of its tables takes a route there."""
    return any(item.resource_type == "vpc" and item.resource_id == vpc for item in attachments_of(call, gateway))
