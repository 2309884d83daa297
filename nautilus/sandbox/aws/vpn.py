"""Site-to-site VPN connections on transit gateways.

Guarantees that every setting of a tunnel is one AWS takes: pre-shared key, inside range (free on that transit gateway and
not reserved), algorithms, groups, lifetimes, logs. moto takes a connection and drops its settings: they are put into moto's
own object, so that a client reads them back. No tunnel ever comes up: nobody negotiates. The configuration file for the
peer's device is not offered.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, camel, pascal, recase, send, show
from nautilus.sandbox.aws.row import Raw, Row, found
from nautilus.sandbox.aws.storage import look_group
from nautilus.sandbox.aws.transit import forget_attachment, no_gateway, release, state
from nautilus.sandbox.aws.vpc import missing, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_KEY: Final = re.compile(r"(?!0)[A-Za-z0-9._]{8,64}")
_LINK_LOCAL: Final = ipaddress.IPv4Network("169.254.0.0/16")
_RESERVED: Final = frozenset({*(f"169.254.{third}.0/30" for third in range(6)), "169.254.169.252/30"})
_INSIDE_PREFIX: Final = 30
_QUOTA: Final = 50
"""A region. Source: AWS Site-to-Site VPN user guide, "Quotas"."""

_CHOICES: Final[Mapping[str, frozenset[Any]]] = {
    "ikeVersions": frozenset({"ikev1", "ikev2"}),
    "phase1EncryptionAlgorithms": frozenset({"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"}),
    "phase2EncryptionAlgorithms": frozenset({"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"}),
    "phase1IntegrityAlgorithms": frozenset({"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"}),
    "phase2IntegrityAlgorithms": frozenset({"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"}),
    "phase1DhGroupNumbers": frozenset({2, *range(14, 25)}),
    "phase2DhGroupNumbers": frozenset({2, 5, *range(14, 25)}),
    "dpdTimeoutAction": frozenset({"clear", "none", "restart"}),
    "startupAction": frozenset({"add", "start"}),
}
_BOUNDS: Final = {
    "phase1LifetimeSeconds": (900, 28_800),
    "phase2LifetimeSeconds": (900, 3_600),
    "dpdTimeoutSeconds": (30, 2**31 - 1),
    "rekeyFuzzPercentage": (0, 100),
    "replayWindowSize": (64, 2_048),
}
"""Source of both tables: EC2 API reference, VpnTunnelOptionsSpecification."""

_SETTINGS: Final = (*_CHOICES, *_BOUNDS, "insideCidr", "presharedKey", "rekeyMarginTimeSeconds", "logOptions")
_THEIRS: Final = {
    "insideCidr": "TunnelInsideCidr",
    "presharedKey": "PreSharedKey",
    "phase1DhGroupNumbers": "Phase1DHGroupNumbers",
    "phase2DhGroupNumbers": "Phase2DHGroupNumbers",
    "cloudwatchLogOptions": "CloudWatchLogOptions",
}
_ASKED: Final = {
    "ikeVersions": "IKEVersions",
    "dpdTimeoutSeconds": "DPDTimeoutSeconds",
    "dpdTimeoutAction": "DPDTimeoutAction",
}
"""Members that a request spells otherwise than an answer does."""


def _tunnels(inputs: Mapping[str, Any], *, asked: bool) -> list[dict[str, Any]]:
    """Give the settings of both tunnels as a request has them, or as an answer has."""
    names = {**_THEIRS, **(_ASKED if asked else {})}
    tunnels: list[dict[str, Any]] = []
    for place in (1, 2):
        options: dict[str, Any] = {}
        for name in _SETTINGS:
            value = inputs.get(f"tunnel{place}{pascal(name)}")
            if isinstance(value, list | tuple):
                value = [item if item is UNKNOWN else {"Value": item} for item in value]
            if value is not None:
                options[names.get(name, pascal(name))] = recase(value, names=names)
        tunnels.append(options)
    return tunnels


def _vpn_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    options = send("enableAcceleration staticRoutesOnly tunnelInsideIpVersion")(inputs)
    if any(tunnels := _tunnels(inputs, asked=True)):
        options["TunnelOptions"] = tunnels
    return {**send("type customerGatewayId transitGatewayId")(inputs), "Options": options}


def _make_vpn(call: Call) -> str:
    params = {name: value for name, value in _vpn_params(call.inputs).items() if name != "Options"}
    made = str(call.boto("create_vpn_connection", **params)["VpnConnection"]["VpnConnectionId"])
    release(call, _attachment(call, made), call.get("transitGatewayId"))
    return made


def _attachment(call: Call, connection: str) -> str:
    attachments = state(call).transit_gateway_attachments.values()
    return next(str(item.id) for item in attachments if item.resource_id == connection)


def _settle_vpn(call: Call) -> None:
    tunnels = _tunnels(call.inputs, asked=False)
    for place, tunnel in enumerate(tunnels, start=1):
        tunnel["OutsideIpAddress"] = _outside(call.seed, place)
    state(call).vpn_connections[call.id].options = {
        "EnableAcceleration": call.get("enableAcceleration", False),
        "StaticRoutesOnly": call.get("staticRoutesOnly", False),
        "TunnelInsideIpVersion": call.get("tunnelInsideIpVersion", "ipv4"),
        "TunnelOptions": tunnels,
    }


def _outside(seed: str, place: int) -> str:
    """Give a public address that looks as AWS's do, and is the same each time."""
    digits = emulator.digest(seed, "outside", str(place))
    return ".".join(["52", *(str(1 + int(digits[at : at + 2], 16) % 254) for at in (0, 2, 4))])


def _look_vpn(call: Call) -> Raw | None:
    raw = found("describe_vpn_connections", "VpnConnectionIds", "VpnConnections")(call)
    return None if raw is None or raw["State"] == "deleted" else raw


def _show_vpn(call: Call, raw: Raw) -> dict[str, object]:
    options = raw["Options"]
    gateway = state(call).transit_gateways.get(raw["TransitGatewayId"])
    asn = str(gateway.options["AmazonSideAsn"]) if gateway else None
    shown: dict[str, object] = {
        **show("customerGatewayId transitGatewayId type")(raw),
        **show("enableAcceleration staticRoutesOnly tunnelInsideIpVersion")(options),
        "arn": call.arn(f"vpn-connection/{call.id}"),
        "transitGatewayAttachmentId": _attachment(call, call.id),
    }
    ours = {theirs: name for name, theirs in _THEIRS.items()}
    for place, tunnel in enumerate(options["TunnelOptions"], start=1):
        for theirs, value in tunnel.items():
            name = ours.get(theirs, camel(theirs))
            if name in _SETTINGS:
                listed = isinstance(value, list)
                shown[f"tunnel{place}{pascal(name)}"] = (
                    [item["Value"] for item in value] if listed else recase(value, camel, names=ours)
                )
        shown |= {f"tunnel{place}Address": tunnel["OutsideIpAddress"], f"tunnel{place}BgpAsn": asn}
        shown[f"tunnel{place}BgpHoldtime"] = 30
        if inside := tunnel.get("TunnelInsideCidr"):
            first, second = ipaddress.IPv4Network(inside).hosts()
            shown |= {f"tunnel{place}VgwInsideAddress": str(first), f"tunnel{place}CgwInsideAddress": str(second)}
    return shown


def _drop_vpn(call: Call) -> None:
    attached = _attachment(call, call.id)
    call.boto("delete_vpn_connection", VpnConnectionId=call.id)
    forget_attachment(call, attached)


def _refuse_vpn(call: Call) -> Iterator[Problem]:
    if call.get("type", "ipsec.1") != "ipsec.1":
        yield Problem(path="type", reason=f"{call.get('type')!r} is not ipsec.1, the only type")
    if call.inputs.get("transitGatewayId") is None:
        yield Problem(path="transitGatewayId", reason="is required: the sandbox offers no other VPN concentrator")
    if call.get("enableAcceleration", False):
        yield Problem(path="enableAcceleration", reason="is not offered by the sandbox, and it will not pretend")
    if call.get("tunnelInsideIpVersion", "ipv4") != "ipv4":
        yield Problem(path="tunnelInsideIpVersion", reason="only ipv4 is offered by the sandbox")
    yield from unsupported(
        call, "vpnGatewayId", "vpnConcentratorId", "outsideIpAddressType", "tunnelBandwidth",
        "presharedKeyStorage", "localIpv4NetworkCidr", "remoteIpv4NetworkCidr", "transportTransitGatewayAttachmentId",
        *(f"tunnel{place}{name}" for place in (1, 2) for name in ("EnableTunnelLifecycleControl", "InsideIpv6Cidr")),
    )  # fmt: skip
    for place in (1, 2):
        yield from _tunnel_problems(call, f"tunnel{place}")
    first, second = (call.get(f"tunnel{place}InsideCidr") for place in (1, 2))
    if first is not None and first == second:
        yield Problem(path="tunnel2InsideCidr", reason=f"{second} is the other tunnel's too")


def _tunnel_problems(call: Call, tunnel: str) -> Iterator[Problem]:
    def given(name: str) -> Value:
        return call.get(tunnel + pascal(name))

    for name, allowed in _CHOICES.items():
        value = given(name)
        for item in value if isinstance(value, list | tuple) else () if value is None else (value,):
            if item is not UNKNOWN and item not in allowed:
                choices = ", ".join(str(choice) for choice in sorted(allowed))
                yield Problem(path=tunnel + pascal(name), reason=f"{item!r} is not one of {choices}")
    for name, (low, high) in _BOUNDS.items():
        value = given(name)
        if value is not None and not low <= value <= high:
            yield Problem(path=tunnel + pascal(name), reason=f"{value} is not {low} to {high}")
    life, margin = given("phase2LifetimeSeconds") or _BOUNDS["phase2LifetimeSeconds"][1], given("rekeyMarginTimeSeconds")
    if life >= (given("phase1LifetimeSeconds") or _BOUNDS["phase1LifetimeSeconds"][1]):
        yield Problem(path=f"{tunnel}Phase2LifetimeSeconds", reason=f"{life} is not below the lifetime of phase 1")
    if margin is not None and not 60 <= margin <= life / 2:  # noqa: PLR2004 - the source of the tables
        yield Problem(path=f"{tunnel}RekeyMarginTimeSeconds", reason=f"{margin} is not 60 to half of phase 2's lifetime")
    key = given("presharedKey")
    if isinstance(key, str) and not _KEY.fullmatch(key):
        # Never the key itself: a reason is printed.
        reason = "must be 8 to 64 letters, digits, dots and underscores, not beginning with 0"
        yield Problem(path=f"{tunnel}PresharedKey", reason=reason)
    yield from _inside_problems(tunnel, given("insideCidr"))
    logs = (given("logOptions") or {}).get("cloudwatchLogOptions") or {}
    for on, group in (("logEnabled", "logGroupArn"), ("bgpLogEnabled", "bgpLogGroupArn")):
        if logs.get(on) is True and logs.get(group) is None:
            yield Problem(path=f"{tunnel}LogOptions.cloudwatchLogOptions.{group}", reason=f"is required with {on}")


def _inside_problems(tunnel: str, value: Value) -> Iterator[Problem]:
    if not isinstance(value, str):
        return
    try:
        block = ipaddress.IPv4Network(value)
    except ValueError:
        block = None
    if block is None or block.prefixlen != _INSIDE_PREFIX or not block.subnet_of(_LINK_LOCAL):
        yield Problem(path=f"{tunnel}InsideCidr", reason=f"{value!r} is not a /30 of 169.254.0.0/16")
    elif str(block) in _RESERVED:
        yield Problem(path=f"{tunnel}InsideCidr", reason=f"{value} is reserved by AWS")


def _guard_vpn(call: Call) -> Iterator[Problem]:
    yield from no_gateway(call)
    yield from missing(call, "customerGatewayId", "describe_customer_gateways", "CustomerGatewayIds", "CustomerGateways.0")
    live = [item for item in state(call).vpn_connections.values() if item.state != "deleted" and item.id != call.id]
    if len(live) >= _QUOTA and not call.id:
        yield Problem(path="customerGatewayId", reason=f"{call.region} has its quota of {_QUOTA} VPN connections")
    wanted = {call.get(f"tunnel{place}InsideCidr"): f"tunnel{place}InsideCidr" for place in (1, 2)}
    for other in live:
        if other.transit_gateway_id != call.get("transitGatewayId"):
            continue
        if other.customer_gateway_id == call.get("customerGatewayId"):
            reason = f"{other.id} joins the same two gateways already"
            yield Problem(path="customerGatewayId", reason=reason)
        for tunnel in (other.options or {}).get("TunnelOptions", ()):
            if (inside := tunnel.get("TunnelInsideCidr")) in wanted:
                yield Problem(path=wanted[inside], reason=f"{inside} is used by {other.id} on the same transit gateway")
    for place in (1, 2):
        options = (call.get(f"tunnel{place}LogOptions") or {}).get("cloudwatchLogOptions") or {}
        for name in ("logGroupArn", "bgpLogGroupArn"):
            arn = options.get(name)
            if isinstance(arn, str) and look_group(call, arn.split(":log-group:", 1)[-1].removesuffix(":*")) is None:
                yield Problem(path=f"tunnel{place}LogOptions", reason=f"log group {arn} does not exist")


ROWS: Final = (
    Row(
        type="aws:ec2/vpnConnection:VpnConnection",
        service="ec2",
        operation="create_vpn_connection",
        params=_vpn_params,
        make=_make_vpn,
        look=_look_vpn,
        show=_show_vpn,
        settle=(_settle_vpn,),
        drop=_drop_vpn,
        refuse=_refuse_vpn,
        guard=_guard_vpn,
        guard_updates=True,
        tags=tags.ec2(),
        replace_on="type customerGatewayId transitGatewayId staticRoutesOnly tunnelInsideIpVersion enableAcceleration",
        within="Options.",
    ),
)
