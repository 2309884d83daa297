"""What runs over a leased port: the BGP session of a transit virtual interface, and the keys of MACsec.

Guarantees that VLAN, AS numbers, addresses, MTU and key digits are ones AWS takes, that a VLAN is free on its port, and that
port and gateway exist. All of it is model-checked, as `directconnect` says. No session ever comes up: nobody answers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws.call import Call, same, send
from nautilus.sandbox.aws.compute import kept_tags
from nautilus.sandbox.aws.directconnect import CONNECTION, GATEWAY, INTERFACE, absent, as_number, digits, kept, named, one
from nautilus.sandbox.aws.row import Raw
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem

_KEY: Final = "aws:directconnect/macsecKeyAssociation:MacsecKeyAssociation"
_HEX_KEY: Final = re.compile(r"[0-9A-Fa-f]{64}")
_MTUS: Final = (1500, 8500)
_INTERFACES_MAX: Final = 4
"""Transit virtual interfaces a dedicated connection. Source: Direct Connect user guide, "Quotas"."""
_LONG_ASN: Final = 2**31
_VLAN_MAX: Final = 4094


def _interface_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    long = inputs.get("bgpAsnLong")
    asked = {**inputs, "bgpAsnLong": as_number(long) if isinstance(long, str) and long.isdigit() else long}
    fields = (
        "name=virtualInterfaceName vlan bgpAsn=asn bgpAsnLong=asnLong mtu bgpAuthKey=authKey amazonAddress customerAddress "
        "addressFamily dxGatewayId=directConnectGatewayId sitelinkEnabled=enableSiteLink"
    )
    return {**send("connectionId", same)(inputs), "newTransitVirtualInterface": send(fields, same)(asked)}


def _refuse_interface(call: Call) -> Iterator[Problem]:
    yield from named(call)
    yield from unsupported(call, "rateLimit", "prefixPoolAllocatedCountIpv4", "prefixPoolAllocatedCountIpv6")
    vlan, mtu, key = call.get("vlan"), call.get("mtu"), call.get("bgpAuthKey")
    if vlan is not None and not 1 <= vlan <= _VLAN_MAX:
        yield Problem(path="vlan", reason=f"{vlan} is not 1 to {_VLAN_MAX}")
    if mtu is not None and mtu not in _MTUS:
        yield Problem(path="mtu", reason=f"{mtu} is neither 1500 nor 8500")
    if isinstance(key, str) and not 6 <= len(key) <= 80:  # noqa: PLR2004 - Direct Connect API, BGP auth key
        yield Problem(path="bgpAuthKey", reason="must have 6 to 80 characters")
    yield from _asn_problems(call)
    yield from _address_problems(call)


def _asn_problems(call: Call) -> Iterator[Problem]:
    given = [name for name in ("bgpAsn", "bgpAsnLong") if call.inputs.get(name) is not None]
    if len(given) != 1:
        yield Problem(path="bgpAsn", reason=f"give exactly one of bgpAsn and bgpAsnLong; given: {given or 'none'}")
    for name in given:
        value = call.get(name)
        low, high = (1, _LONG_ASN - 1) if name == "bgpAsn" else (1, 2**32 - 2)
        number = as_number(value)
        if value is not None and (number is None or not low <= number <= high):
            yield Problem(path=name, reason=f"{value} is not an AS number from {low} to {high}")


def _address_problems(call: Call) -> Iterator[Problem]:
    names = ("amazonAddress", "customerAddress")
    if (call.inputs.get(names[0]) is None) != (call.inputs.get(names[1]) is None):
        yield Problem(path=names[0], reason="give both addresses of the session, or none")
    ends: list[ipaddress.IPv4Interface] = []
    for name in names:
        value = call.get(name)
        if not isinstance(value, str):
            return
        try:
            end = ipaddress.IPv4Interface(value)
        except ValueError:
            yield Problem(path=name, reason=f"{value!r} is not an IPv4 address with its prefix length")
            return
        if not 29 <= end.network.prefixlen <= 31:  # noqa: PLR2004 - Direct Connect user guide, peer addresses
            yield Problem(path=name, reason=f"{value} must have a prefix of /29 to /31")
        ends.append(end)
    if ends[0].network != ends[1].network or ends[0].ip == ends[1].ip:
        yield Problem(path=names[1], reason=f"{ends[1]} is not another address of the network of {ends[0]}")


def _guard_interface(call: Call) -> Iterator[Problem]:
    yield from absent(call, CONNECTION, "connectionId", "ownerAccountId")
    yield from absent(call, GATEWAY, "dxGatewayId", "ownerAccountId")
    exchange = one(call, GATEWAY, "dxGatewayId", "ownerAccountId") or {}
    number = as_number(call.get("bgpAsn") or call.get("bgpAsnLong"))
    if exchange and as_number(exchange.get("amazonSideAsn")) == number:
        yield Problem(path="bgpAsn", reason=f"{number} is the Direct Connect gateway's own AS number")
    others = [
        item
        for item in call.request.among(INTERFACE)
        if item.get("connectionId") == call.get("connectionId") and item["id"] != call.id
    ]
    for item in others:
        if item.get("vlan") == call.get("vlan"):
            yield Problem(path="vlan", reason=f"{call.get('vlan')} is used by {item['id']} on the same connection")
    if len(others) >= _INTERFACES_MAX:
        yield Problem(path="connectionId", reason=f"has its quota of {_INTERFACES_MAX} transit virtual interfaces")


def _show_interface(call: Call, _raw: Raw) -> dict[str, object]:
    exchange = one(call, GATEWAY, "dxGatewayId", "ownerAccountId") or {}
    prior = call.request.prior or {}
    return {
        "arn": call.arn(f"dxvif/{call.id}"),
        "amazonSideAsn": exchange.get("amazonSideAsn") or prior.get("amazonSideAsn"),
        "jumboFrameCapable": True,
    }


def _refuse_key(call: Call) -> Iterator[Problem]:
    pair = [name for name in ("ckn", "cak") if call.inputs.get(name) is not None]
    if (call.inputs.get("secretArn") is None) == (not pair) or len(pair) == 1:
        yield Problem(path="ckn", reason="give ckn and cak, or secretArn, and not both")
    if call.inputs.get("secretArn") is not None:
        yield Problem(path="secretArn", reason="is not offered by the sandbox, which keeps no secret of AWS's making")
    for name in pair:
        value = call.inputs[name]
        if value is not UNKNOWN and not (isinstance(value, str) and _HEX_KEY.fullmatch(value)):
            # Never the digits themselves: a reason is printed.
            yield Problem(path=name, reason="must be 64 hexadecimal digits")


def _guard_key(call: Call) -> Iterator[Problem]:
    yield from absent(call, CONNECTION, "connectionId", "ownerAccountId")
    connection = one(call, CONNECTION, "connectionId", "ownerAccountId") or {}
    if connection and not connection.get("macsecCapable"):
        yield Problem(path="connectionId", reason=f"{connection['id']} was not requested with MACsec")
    for other in call.request.among(_KEY):
        mine = other.get("connectionId") == call.get("connectionId") and other["id"] != call.id
        if mine and other.get("ckn") == call.get("ckn"):
            yield Problem(path="ckn", reason="the connection has a key of this name already")


def _show_key(call: Call, _raw: Raw) -> dict[str, object]:
    secret = f"secret:directconnect!prod/{call.region}/directconnect/{digits(call, 16)}"
    return {"secretArn": call.arn(secret, of="secretsmanager"), "state": "associated"}


ROWS: Final = (
    kept(
        INTERFACE,
        "create_transit_virtual_interface",
        _interface_params,
        lambda call: f"dxvif-{digits(call, 8)}",
        show=_show_interface,
        refuse=_refuse_interface,
        guard=_guard_interface,
        tags=kept_tags(),
        defaults={"mtu": 1500, "sitelinkEnabled": False},
        replace_on=(
            "connectionId dxGatewayId name vlan addressFamily bgpAsn bgpAsnLong amazonAddress customerAddress bgpAuthKey"
        ),
        aliases={"virtualInterfaceName": "name", "asn": "bgpAsn", "directConnectGatewayId": "dxGatewayId"},
        within="newTransitVirtualInterface.",
    ),
    kept(
        _KEY,
        "associate_mac_sec_key",
        send("connectionId secretArn=secretARN ckn cak", same),
        lambda call: f"{call.get('connectionId')}_{digits(call, 16)}",
        show=_show_key,
        refuse=_refuse_key,
        guard=_guard_key,
        replace_on="connectionId ckn cak secretArn",
        aliases={"secretARN": "secretArn"},
    ),
)
