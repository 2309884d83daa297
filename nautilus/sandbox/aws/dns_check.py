"""Route 53's health checks.

Guarantees an interval, a threshold and checkers that exist, and an address on the public internet: nothing else can be
checked from there. Checks of other checks, of alarms and of routing controls are refused: they are not offered. Nothing is
probed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox import addresses
from nautilus.sandbox.aws.call import Call, send, show
from nautilus.sandbox.aws.dns_zone import reference, tags
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.handler import Problem

_INTERVALS_S: Final = (10, 30)
"""Source: Route 53 API reference, HealthCheckConfig, RequestInterval."""
_OFFERED: Final = ("TCP", "HTTP", "HTTPS")
_FIELDS: Final = (
    "type ipAddress=IPAddress port fqdn=FullyQualifiedDomainName resourcePath requestInterval failureThreshold "
    "measureLatency invertHealthcheck=Inverted disabled enableSni=EnableSNI regions"
)
_CHANGEABLE: Final = (
    "ipAddress=IPAddress port fqdn=FullyQualifiedDomainName resourcePath failureThreshold invertHealthcheck=Inverted "
    "disabled enableSni=EnableSNI regions"
)
_config: Final = send(_FIELDS)


def look_check(call: Call, check: str) -> Raw | None:
    """Give a health check's description, None where there is none."""
    answer = unless_gone(lambda: call.boto("get_health_check", of="route53", HealthCheckId=check), "NoSuchHealthCheck")
    return (answer or {}).get("HealthCheck")


def _params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"CallerReference": "sandbox", "HealthCheckConfig": _config(inputs)}


def _make(call: Call) -> str:
    params = {**_params(call.inputs), "CallerReference": reference(call)}
    return str(call.boto("create_health_check", **params)["HealthCheck"]["Id"])


def _show(call: Call, raw: Raw) -> dict[str, object]:
    live = show(_FIELDS)(raw["HealthCheckConfig"])
    known = {name: value for name, value in live.items() if value is not None and name in call.inputs}
    return {**known, "arn": f"arn:aws:route53:::healthcheck/{call.id}"}


def _settle(call: Call) -> None:
    call.boto("update_health_check", HealthCheckId=call.id, **send(_CHANGEABLE)(call.inputs))


def _refuse(call: Call) -> Iterator[Problem]:
    kind, interval, address = call.get("type"), call.get("requestInterval"), call.get("ipAddress")
    if isinstance(kind, str) and kind not in _OFFERED:
        yield Problem(path="type", reason=f"{kind!r} is not offered by the sandbox: {', '.join(_OFFERED)}")
    for name in ("requestInterval", "failureThreshold"):
        if call.inputs.get(name) is None:
            yield Problem(path=name, reason="is required: the provider has no default for it")
    if interval is not None and interval not in _INTERVALS_S:
        yield Problem(path="requestInterval", reason=f"{interval:g} is neither 10 nor 30")
    if call.inputs.get("ipAddress") is None and call.inputs.get("fqdn") is None:
        yield Problem(path="ipAddress", reason="is required, or fqdn: what is to be checked")
    if kind == "TCP":
        if call.inputs.get("port") is None:
            yield Problem(path="port", reason="is required by TCP")
        if call.inputs.get("resourcePath") is not None:
            yield Problem(path="resourcePath", reason="is not a setting of TCP")
    if isinstance(address, str) and not _public(address):
        yield Problem(path="ipAddress", reason=f"{address} is not a public address: no checker reaches it")


def _public(address: str) -> bool:
    try:
        return addresses.public(address)
    except ValueError:
        return True  # no address at all, which the model says


def _dropped(call: Call) -> None:
    call.boto("delete_health_check", HealthCheckId=call.id)


ROWS: Final = (
    Row(
        type="aws:route53/healthCheck:HealthCheck",
        service="route53",
        operation="create_health_check",
        params=_params,
        make=_make,
        look=lambda call: look_check(call, call.id) if call.id else None,
        show=_show,
        settle=(_settle,),
        drop=_dropped,
        refuse=_refuse,
        tags=tags("healthcheck"),
        defaults={"disabled": False},
        replace_on="type requestInterval measureLatency referenceName",
        within="HealthCheckConfig.",
        aliases={"IPAddress": "ipAddress", "FullyQualifiedDomainName": "fqdn", "EnableSNI": "enableSni"},
        regional=False,
    ),
)
