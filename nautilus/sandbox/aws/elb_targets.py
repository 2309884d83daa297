"""Target groups of network load balancers.

Guarantees that the VPC exists and that a health check is one that a Network Load Balancer makes. Groups of application and
gateway load balancers are refused: they are not offered. No target is ever registered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.tags import Tags, pairs, unpaired
from nautilus.sandbox.aws.vpc import missing, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_NAME: Final = re.compile(r"(?!internal-)(?!-)[a-zA-Z0-9-]{1,32}(?<!-)")
"""Source: ELB API reference, CreateLoadBalancer and CreateTargetGroup, Name."""
_INTERVAL_S: Final = (5, 300)
_TIMEOUT_S: Final = (2, 120)
_THRESHOLD: Final = (2, 10)
"""Source: ELB API reference, CreateTargetGroup, HealthCheckIntervalSeconds, HealthCheckTimeoutSeconds and thresholds."""
_DELAY_S: Final = (0, 3600)
PROTOCOLS: Final = ("TCP", "TCP_UDP", "TLS", "UDP", "QUIC", "TCP_QUIC")
"""What a Network Load Balancer listens to."""


def tags() -> Tags:
    """Give the tags of what the service knows by its ARN."""

    def live(call: Call, _raw: Mapping[str, Any]) -> Mapping[str, str]:
        found = call.boto("describe_tags", ResourceArns=[call.id])["TagDescriptions"]
        return unpaired(found[0]["Tags"]) if found else {}

    return Tags(
        get=live,
        put=lambda call, wanted: call.boto("add_tags", ResourceArns=[call.id], Tags=pairs(wanted)),
        cut=lambda call, keys: call.boto("remove_tags", ResourceArns=[call.id], TagKeys=keys),
    )


def named(call: Call) -> Iterator[Problem]:
    """Refuse a name that is missing, or that a balancer or target group may not have."""
    name = call.inputs.get("name")
    if name is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    elif isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name!r} is not 1 to 32 letters, digits and inner hyphens")


def within(call_value: Value, path: str, bounds: tuple[int, int], unit: str = "") -> Iterator[Problem]:
    """Refuse a known number outside its bounds."""
    low, high = bounds
    if isinstance(call_value, int | float) and not low <= call_value <= high:
        yield Problem(path=path, reason=f"{call_value:g} is not {low} to {high}{unit}")


def look_targets(call: Call, arn: str) -> Raw | None:
    """Give a target group's description, None where there is none."""
    answer = unless_gone(lambda: call.boto("describe_target_groups", of="elbv2", TargetGroupArns=[arn]))
    found = dig(answer, "TargetGroups.0")
    return found if isinstance(found, Mapping) else None


_HEALTH: Final = {
    "enabled": "HealthCheckEnabled",
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthyThreshold": "HealthyThresholdCount",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}


def _targets_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    health = inputs.get("healthCheck")
    known = health if isinstance(health, Mapping) else {}
    return {
        **send("name protocol port vpcId targetType ipAddressType")(inputs),
        **{_HEALTH[name]: value for name, value in known.items() if name in _HEALTH and value is not None},
    }


def _refuse_targets(call: Call) -> Iterator[Problem]:
    yield from named(call)
    protocol = call.inputs.get("protocol")
    if isinstance(protocol, str) and protocol not in PROTOCOLS:
        yield Problem(path="protocol", reason=f"{protocol!r} is not offered by the sandbox: {', '.join(PROTOCOLS)}")
    for name in ("port", "protocol", "vpcId"):
        if call.inputs.get(name) is None:
            yield Problem(path=name, reason="is required")
    yield from within(call.get("deregistrationDelay"), "deregistrationDelay", _DELAY_S, " s")
    yield from unsupported(call, "targetFailovers", "targetGroupHealth", "targetHealthStates")
    health = call.get("healthCheck")
    if isinstance(health, Mapping):
        yield from _health_problems(health)
    sticky = call.get("stickiness")
    if isinstance(sticky, Mapping) and sticky.get("type") not in (None, UNKNOWN, "source_ip"):
        yield Problem(path="stickiness.type", reason=f"{sticky['type']!r} is not source_ip, the one of TCP targets")


def _health_problems(health: Mapping[str, Any]) -> Iterator[Problem]:
    if "matcher" in health and health.get("protocol") == "TCP":
        yield Problem(path="healthCheck.matcher", reason="is not a setting of TCP checks")
    yield from within(health.get("interval"), "healthCheck.interval", _INTERVAL_S, " s")
    yield from within(health.get("timeout"), "healthCheck.timeout", _TIMEOUT_S, " s")
    for name in ("healthyThreshold", "unhealthyThreshold"):
        yield from within(health.get(name), f"healthCheck.{name}", _THRESHOLD)
    interval, timeout = health.get("interval"), health.get("timeout")
    if isinstance(interval, int | float) and isinstance(timeout, int | float) and timeout > interval:
        yield Problem(path="healthCheck.timeout", reason=f"{timeout:g} s is longer than the interval of {interval:g} s")


def _guard_targets(call: Call) -> Iterator[Problem]:
    yield from missing(call, "vpcId", "describe_vpcs", "VpcIds", "Vpcs")
    for other in call.boto("describe_target_groups")["TargetGroups"]:
        if other["TargetGroupName"] == call.get("name"):
            yield Problem(path="name", reason=f"{call.get('name')} exists already (DuplicateTargetGroupName)")


_ATTRIBUTES: Final = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
}


def _settle_targets(call: Call) -> None:
    health = {_HEALTH[name]: value for name, value in (call.get("healthCheck") or {}).items() if name in _HEALTH}
    call.boto("modify_target_group", TargetGroupArn=call.id, **health)
    wanted = {_ATTRIBUTES[name]: call.get(name) for name in _ATTRIBUTES if call.get(name) is not None}
    sticky = call.get("stickiness")
    if isinstance(sticky, Mapping):
        wanted |= {"stickiness.type": sticky["type"], "stickiness.enabled": sticky.get("enabled", True)}
    if wanted:
        attributes = [{"Key": key, "Value": str(value).lower()} for key, value in wanted.items()]
        call.boto("modify_target_group_attributes", TargetGroupArn=call.id, Attributes=attributes)


def _show_targets(call: Call, raw: Raw) -> dict[str, object]:
    attributes = unpaired(call.boto("describe_target_group_attributes", TargetGroupArn=call.id)["Attributes"])
    health = {name: raw.get(member) for name, member in _HEALTH.items()}
    live: dict[str, object] = {
        **show("name=TargetGroupName protocol port vpcId targetType ipAddressType")(raw),
        "arn": call.id,
        "arnSuffix": call.id.rsplit(":", 1)[-1],
        "loadBalancerArns": sorted(raw.get("LoadBalancerArns", ())),
        "healthCheck": {**(call.get("healthCheck") or {}), **health},
    }
    for name, key in _ATTRIBUTES.items():
        if key in attributes and call.get(name) is not None:
            live[name] = _like(call.get(name), attributes[key])
    sticky = call.get("stickiness")
    if isinstance(sticky, Mapping):
        on = attributes.get("stickiness.enabled") == "true"
        live["stickiness"] = {**sticky, "type": attributes.get("stickiness.type"), "enabled": on}
    return live


def _like(given: Value, text: str) -> Value:
    """Give an attribute's text in the type that the input has."""
    if isinstance(given, bool):
        return text == "true"
    return int(text) if isinstance(given, int | float) else text


def _drop_targets(call: Call) -> None:
    call.boto("delete_target_group", TargetGroupArn=call.id)


ROWS: Final = (
    Row(
        type="aws:lb/targetGroup:TargetGroup",
        service="elbv2",
        operation="create_target_group",
        params=_targets_params,
        made="TargetGroups.0.TargetGroupArn",
        look=lambda call: look_targets(call, call.id) if call.id else None,
        show=_show_targets,
        settle=(_settle_targets,),
        drop=_drop_targets,
        refuse=_refuse_targets,
        guard=_guard_targets,
        tags=tags(),
        kept="loadBalancerArns",
        replace_on="name namePrefix port protocol vpcId targetType ipAddressType protocolVersion",
        aliases={member: f"healthCheck.{name}" for name, member in _HEALTH.items()},
    ),
)
