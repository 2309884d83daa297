"""Direct Connect: leased ports, the gateway they end at, its sessions and MACsec keys.

Guarantees that calls pass Direct Connect's own model; that bandwidth, VLAN, AS numbers, addresses, MTU and key digits are
ones AWS takes; that the gateway's AS number differs from the transit gateway's; and that what is referred to exists. moto
has only connections, with an id that holds the clock and a key it makes up, so that all of it is model-checked: the ledger
keeps it, and a boto3 client sees no more than the attachment to the transit gateway. A connection is available at once, as
if its cross connect were made: AWS takes days for that, and refuses a MACsec key before. Whether a site's code exists is
not known here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.aws.call import Call, Fields, same, send
from nautilus.sandbox.aws.compute import kept_tags
from nautilus.sandbox.aws.row import Raw, Row, made
from nautilus.sandbox.aws.transit import attach_line, attachments_of, forget_attachment, no_gateway, private_asn, state
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Fidelity, Problem, Value

CONNECTION: Final = "aws:directconnect/connection:Connection"
GATEWAY: Final = "aws:directconnect/gateway:Gateway"
ASSOCIATION: Final = "aws:directconnect/gatewayAssociation:GatewayAssociation"
INTERFACE: Final = "aws:directconnect/transitVirtualInterface:TransitVirtualInterface"

_BANDWIDTHS: Final = ("1Gbps", "10Gbps", "100Gbps", "400Gbps")
"""Of dedicated connections. Source: Direct Connect user guide, "Dedicated connections"."""
_MACSEC_BANDWIDTHS: Final = ("10Gbps", "100Gbps", "400Gbps")
_SITE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,31}")
_PREFIXES_MAX: Final = 200
"""From a transit gateway to the ports of a Direct Connect gateway. Same source."""


def digits(call: Call, count: int) -> str:
    """Give hexadecimal digits that are this resource's own, the same each time."""
    return emulator.digest(call.seed)[:count]


def _uuid(call: Call) -> str:
    text = digits(call, 32)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def kept(kind: str, operation: str, params: Fields, make: Callable[[Call], str], **more: Value) -> Row:
    """Give a row of something that only the ledger keeps."""
    defaults: dict[str, Value] = {
        "look": lambda call: {} if made(call, call.id) else None,
        "drop": lambda _call: None,
    }
    return Row(
        type=kind,
        service="directconnect",
        operation=operation,
        params=params,
        make=make,
        fidelity=Fidelity.MODEL_CHECKED,
        **{**defaults, **more},
    )


def one(call: Call, kind: str, name: str, owner: str) -> Mapping[str, Any] | None:
    """Give the live resource that an input refers to, of the same account; None where there is none."""
    wanted = call.get(name)
    return next(
        (item for item in call.request.among(kind) if item["id"] == wanted and item.get(owner) == call.account), None
    )


def absent(call: Call, kind: str, name: str, owner: str) -> Iterator[Problem]:
    """Refuse a reference to what does not exist in the account; `owner` is the output that names its account."""
    if call.get(name) is not None and one(call, kind, name, owner) is None:
        yield Problem(path=name, reason=f"{call.get(name)} does not exist in account {call.account}")


def named(call: Call) -> Iterator[Problem]:
    """Refuse a resource without a name."""
    if call.inputs.get("name") is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")


def _refuse_connection(call: Call) -> Iterator[Problem]:
    yield from named(call)
    bandwidth, site = call.get("bandwidth"), call.get("location")
    if bandwidth is not None and bandwidth not in _BANDWIDTHS:
        yield Problem(path="bandwidth", reason=f"{bandwidth!r} is not one of {', '.join(_BANDWIDTHS)} (dedicated)")
    elif call.get("requestMacsec") and bandwidth is not None and bandwidth not in _MACSEC_BANDWIDTHS:
        yield Problem(path="requestMacsec", reason=f"{bandwidth} has no MACsec; {', '.join(_MACSEC_BANDWIDTHS)} have")
    if isinstance(site, str) and not _SITE.fullmatch(site):
        yield Problem(path="location", reason=f"{site!r} is not a location's code")
    if call.request.id is None and call.inputs.get("encryptionMode") is not None:
        yield Problem(path="encryptionMode", reason="can be set only once MACsec is up, not at the creation")


def _show_connection(call: Call, _raw: Raw) -> dict[str, object]:
    secured = bool(call.get("requestMacsec", False))
    return {
        "arn": call.arn(f"dxcon/{call.id}"),
        "state": "available",
        "ownerAccountId": call.account,
        "jumboFrameCapable": True,
        "macsecCapable": secured,
        "encryptionMode": call.get("encryptionMode") or ("should_encrypt" if secured else "no_encrypt"),
        "portEncryptionStatus": "Encryption Down",
        "hasLogicalRedundancy": "unknown",
        "vlanId": "0",
    }


def _held_connection(call: Call) -> Iterator[str]:
    for item in call.request.among(INTERFACE):
        if item.get("connectionId") == call.id:
            yield item["id"]


def as_number(value: Value) -> int | None:
    """Give an AS number, which the provider takes as text too; None for what is none."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


def _refuse_gateway(call: Call) -> Iterator[Problem]:
    yield from named(call)
    value = call.get("amazonSideAsn")
    if value is not None and not private_asn(as_number(value)):
        yield Problem(path="amazonSideAsn", reason=f"{value} is not a private AS number: 64512 to 65534, or 4200000000 on")


def _held_gateway(call: Call) -> Iterator[str]:
    for kind in (ASSOCIATION, INTERFACE):
        yield from (item["id"] for item in call.request.among(kind) if item.get("dxGatewayId") == call.id)


def _gateway_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    number = inputs.get("amazonSideAsn")
    asked = {**inputs, "amazonSideAsn": as_number(number) if isinstance(number, str) and number.isdigit() else number}
    return send("name=directConnectGatewayName amazonSideAsn", same)(asked)


def _association_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    prefixes = inputs.get("allowedPrefixes")
    asked = [{"cidr": item} for item in prefixes] if isinstance(prefixes, list | tuple) else prefixes
    params = send("dxGatewayId=directConnectGatewayId associatedGatewayId=gatewayId", same)(inputs)
    return params | ({} if asked is None else {"addAllowedPrefixesToDirectConnectGateway": asked})


def _refuse_association(call: Call) -> Iterator[Problem]:
    yield from unsupported(call, "proposalId", "associatedGatewayOwnerAccountId")
    prefixes = call.inputs.get("allowedPrefixes")
    if call.inputs.get("associatedGatewayId") is None:
        yield Problem(path="associatedGatewayId", reason="is required (proposals are not offered by the sandbox)")
    if prefixes is None or prefixes == []:
        yield Problem(path="allowedPrefixes", reason="is required with a transit gateway")
    for item in prefixes if isinstance(prefixes, list | tuple) else ():
        if isinstance(item, str) and _network(item) is None:
            yield Problem(path="allowedPrefixes", reason=f"{item!r} is not an IPv4 network in CIDR notation")
    if isinstance(prefixes, list | tuple) and len(prefixes) > _PREFIXES_MAX:
        yield Problem(path="allowedPrefixes", reason=f"holds {len(prefixes)}; the quota is {_PREFIXES_MAX}")


def _network(text: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def _guard_association(call: Call) -> Iterator[Problem]:
    yield from absent(call, GATEWAY, "dxGatewayId", "ownerAccountId")
    yield from no_gateway(call, "associatedGatewayId")
    exchange = one(call, GATEWAY, "dxGatewayId", "ownerAccountId") or {}
    transit = state(call).transit_gateways.get(call.get("associatedGatewayId"))
    if transit is not None and as_number(exchange.get("amazonSideAsn")) == as_number(transit.options["AmazonSideAsn"]):
        reason = f"has the AS number of {transit.id}, {exchange['amazonSideAsn']}: they must differ"
        yield Problem(path="dxGatewayId", reason=reason)
    prefixes = [block for item in call.get("allowedPrefixes", []) if (block := _network(item))]
    for other in call.request.among(ASSOCIATION):
        if other.get("dxGatewayId") != call.get("dxGatewayId") or other["id"] == call.id:
            continue
        if other.get("associatedGatewayId") == call.get("associatedGatewayId"):
            yield Problem(path="associatedGatewayId", reason=f"{other['id']} associates the two already")
        for item in other.get("allowedPrefixes", ()):
            theirs = _network(item)
            if theirs and any(theirs.overlaps(block) for block in prefixes):
                yield Problem(path="allowedPrefixes", reason=f"{item} is announced by {other['id']} already")


def _line(call: Call) -> str | None:
    """Give the id of the transit gateway's attachment of this association, None where it is gone."""
    exchange = call.get("dxGatewayId")
    found = attachments_of(call, call.get("associatedGatewayId", ""))
    return next((item.id for item in found if item.resource_id == exchange), None)


def _make_association(call: Call) -> str:
    attach_line(call, call.get("associatedGatewayId"), call.get("dxGatewayId"))
    return f"ga-{call.get('dxGatewayId')}{call.get('associatedGatewayId')}"


def _drop_association(call: Call) -> None:
    if line := _line(call):
        forget_attachment(call, line)
        del state(call).transit_gateway_attachments[line]


def _show_association(call: Call, _raw: Raw) -> dict[str, object]:
    return {
        "associatedGatewayType": "transitGateway",
        "associatedGatewayOwnerAccountId": call.account,
        "dxGatewayOwnerAccountId": call.account,
        "dxGatewayAssociationId": _uuid(call),
        "transitGatewayAttachmentId": _line(call),
    }


ROWS: Final = (
    kept(
        CONNECTION,
        "create_connection",
        send("name=connectionName bandwidth location providerName requestMacsec=requestMACSec", same),
        lambda call: f"dxcon-{digits(call, 8)}",
        show=_show_connection,
        refuse=_refuse_connection,
        held=_held_connection,
        tags=kept_tags(),
        defaults={"requestMacsec": False, "skipDestroy": False},
        replace_on="bandwidth location providerName requestMacsec",
        aliases={"connectionName": "name", "requestMACSec": "requestMacsec"},
    ),
    kept(
        GATEWAY,
        "create_direct_connect_gateway",
        _gateway_params,
        _uuid,
        show=lambda call, _raw: {
            "ownerAccountId": call.account,
            "arn": call.arn(f"dx-gateway/{call.id}", region=False),
        },
        refuse=_refuse_gateway,
        held=_held_gateway,
        tags=kept_tags(),
        replace_on="amazonSideAsn",
        aliases={"directConnectGatewayName": "name"},
        regional=False,
    ),
    kept(
        ASSOCIATION,
        "create_direct_connect_gateway_association",
        _association_params,
        _make_association,
        look=lambda call: {} if made(call, call.id) and _line(call) else None,
        show=_show_association,
        drop=_drop_association,
        refuse=_refuse_association,
        guard=_guard_association,
        guard_updates=True,
        replace_on="dxGatewayId associatedGatewayId",
        aliases={
            "directConnectGatewayId": "dxGatewayId",
            "gatewayId": "associatedGatewayId",
            "addAllowedPrefixesToDirectConnectGateway": "allowedPrefixes",
        },
    ),
)
