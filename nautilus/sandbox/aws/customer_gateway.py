"""Customer gateways: what AWS knows of the other side of a VPN.

Guarantees that the peer's address is a public one, that its AS number is in the field for its size and not AWS's own, and
that no two customer gateways are the same to AWS, which would give the first one again. Certificates are refused, not
ignored.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import tags
from nautilus.sandbox.aws.call import Call, send, show
from nautilus.sandbox.aws.row import Raw, Row, found
from nautilus.sandbox.aws.transit import state
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Problem, Value

_LONG_ASN: Final = 2**31
_RESERVED_ASNS: Final = {"us-east-1": 7224, "eu-west-1": 9059, "ap-northeast-1": 10124, "ap-southeast-1": 17943}
"""Source: AWS Site-to-Site VPN user guide, "Customer gateway options"."""
_NOT_PUBLIC: Final = tuple(
    ipaddress.IPv4Network(item)
    for item in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        "224.0.0.0/3",
    )
)
_QUOTA: Final = 50
"""A region. Source: AWS Site-to-Site VPN user guide, "Quotas"."""


def _peer_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    params = send("type ipAddress deviceName bgpAsn bgpAsnExtended")(inputs)
    return {name: int(value) if name.startswith("BgpAsn") and _digits(value) else value for name, value in params.items()}


def _digits(value: Value) -> bool:
    return isinstance(value, str) and value.isdigit()


def _make_peer(call: Call) -> str:
    params = _peer_params(call.inputs)
    made = str(call.boto("create_customer_gateway", **params)["CustomerGateway"]["CustomerGatewayId"])
    # What moto drops of a request that it accepts.
    live = state(call).customer_gateways[made]
    live.device_name = call.get("deviceName")
    live.bgp_asn_extended = call.get("bgpAsnExtended")
    return made


def _look_peer(call: Call) -> Raw | None:
    raw = found("describe_customer_gateways", "CustomerGatewayIds", "CustomerGateways")(call)
    return None if raw is None or raw["State"] == "deleted" else raw


def _show_peer(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("type ipAddress deviceName bgpAsn bgpAsnExtended")(raw),
        "arn": call.arn(f"customer-gateway/{call.id}"),
    }


def _refuse_peer(call: Call) -> Iterator[Problem]:
    yield from unsupported(call, "certificateArn")
    address = call.get("ipAddress")
    if call.inputs.get("ipAddress") is None:
        yield Problem(path="ipAddress", reason="is required (certificates are not offered by the sandbox)")
    if isinstance(address, str):
        try:
            known = ipaddress.IPv4Address(address)
        except ValueError:
            yield Problem(path="ipAddress", reason=f"{address!r} is not an IPv4 address")
        else:
            if any(known in block for block in _NOT_PUBLIC):
                yield Problem(path="ipAddress", reason=f"{address} is not a public address")
    given = [name for name in ("bgpAsn", "bgpAsnExtended") if call.inputs.get(name) is not None]
    if len(given) != 1:
        yield Problem(path="bgpAsn", reason=f"give exactly one of bgpAsn and bgpAsnExtended; given: {given or 'none'}")
    for name in given:
        value = call.get(name)
        low, high = (1, _LONG_ASN - 1) if name == "bgpAsn" else (_LONG_ASN, 2**32 - 1)
        if value is not None and not (_digits(value) and low <= int(value) <= high):
            yield Problem(path=name, reason=f"{value!r} is not an AS number from {low} to {high}")
        elif value is not None and call.request.target.region and int(value) == _RESERVED_ASNS.get(call.region):
            yield Problem(path=name, reason=f"{value} is AWS's own in {call.region}")


def _guard_peer(call: Call) -> Iterator[Problem]:
    live = [item for item in state(call).customer_gateways.values() if item.state != "deleted" and item.id != call.id]
    if len(live) >= _QUOTA and not call.id:
        yield Problem(path="ipAddress", reason=f"{call.region} has its quota of {_QUOTA} customer gateways")
    mine = (call.get("ipAddress"), call.get("bgpAsn") or call.get("bgpAsnExtended"), call.get("deviceName"))
    for item in live:
        its = (item.ip_address, item.bgp_asn or item.bgp_asn_extended, item.device_name)
        if tuple(map(str, its)) == tuple(map(str, mine)):
            reason = f"{item.id} has the same address, AS number and device: AWS would give that one again"
            yield Problem(path="ipAddress", reason=reason)


def _held_peer(call: Call) -> Iterator[str]:
    for item in state(call).vpn_connections.values():
        if item.customer_gateway_id == call.id and item.state != "deleted":
            yield item.id


ROWS: Final = (
    Row(
        type="aws:ec2/customerGateway:CustomerGateway",
        service="ec2",
        operation="create_customer_gateway",
        params=_peer_params,
        make=_make_peer,
        look=_look_peer,
        show=_show_peer,
        drop=lambda call: call.boto("delete_customer_gateway", CustomerGatewayId=call.id),
        refuse=_refuse_peer,
        guard=_guard_peer,
        held=_held_peer,
        tags=tags.ec2(),
        replace_on="type ipAddress deviceName bgpAsn bgpAsnExtended certificateArn",
    ),
)
