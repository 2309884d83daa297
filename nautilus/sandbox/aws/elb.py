"""Network load balancers and their listeners.

Guarantees that subnets, groups, VPC and targets exist and belong together, and that a protected balancer is not deleted.
Application and gateway load balancers are refused: they are not offered. No target is ever registered here and no packet
passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.elb_targets import PROTOCOLS, look_targets, named, tags
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.tags import unpaired
from nautilus.sandbox.aws.vpc import missing, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused, Value


def look_balancer(call: Call, arn: str) -> Raw | None:
    """Give a balancer's description, None where there is none."""
    answer = unless_gone(lambda: call.boto("describe_load_balancers", of="elbv2", LoadBalancerArns=[arn]))
    found = dig(answer, "LoadBalancers.0")
    return found if isinstance(found, Mapping) else None


def _refuse_balancer(call: Call) -> Iterator[Problem]:
    yield from named(call)
    kind = call.inputs.get("loadBalancerType")
    if kind is not UNKNOWN and kind != "network":
        yield Problem(path="loadBalancerType", reason=f"{kind or 'application'} is not offered by the sandbox: use network")
    yield from unsupported(call, "subnetMappings", "ipamPools", "customerOwnedIpv4Pool", "minimumLoadBalancerCapacity")
    if not call.inputs.get("subnets"):
        yield Problem(path="subnets", reason="is required: at least one subnet")
    logs = call.get("accessLogs")
    if isinstance(logs, Mapping) and logs.get("enabled"):
        yield Problem(path="accessLogs", reason="are not offered by the sandbox")


def _there(call: Call, name: str, operation: str, parameter: str, answer: str) -> list[Mapping[str, Any]]:
    """Give EC2's descriptions of those of an input's ids that exist."""
    ids = [
        one for one in call.get(name, []) if not list(missing(_only(call, name, one), name, operation, parameter, answer))
    ]
    return list(call.boto(operation, of="ec2", **{parameter: ids})[answer]) if ids else []


def _only(call: Call, name: str, value: Value) -> Call:
    probe = Call(request=call.request, service="ec2")
    probe.inputs = {**call.inputs, name: value}
    return probe


def _guard_balancer(call: Call) -> Iterator[Problem]:
    yield from missing(call, "subnets", "describe_subnets", "SubnetIds", "Subnets")
    yield from missing(call, "securityGroups", "describe_security_groups", "GroupIds", "SecurityGroups")
    subnets = _there(call, "subnets", "describe_subnets", "SubnetIds", "Subnets")
    zones = [subnet["AvailabilityZone"] for subnet in subnets]
    if len(set(zones)) < len(zones):
        yield Problem(path="subnets", reason=f"two subnets are in one zone: {', '.join(sorted(zones))}")
    vpcs = {subnet["VpcId"] for subnet in subnets}
    if len(vpcs) > 1:
        yield Problem(path="subnets", reason=f"are of several VPCs: {', '.join(sorted(vpcs))}")
    for group in _there(call, "securityGroups", "describe_security_groups", "GroupIds", "SecurityGroups"):
        if group["VpcId"] not in vpcs:
            yield Problem(path="securityGroups", reason=f"{group['GroupId']} is not of the subnets' VPC")
    had = bool((look_balancer(call, call.id) or {}).get("SecurityGroups")) if call.id else None
    if had is not None and had is not bool(call.get("securityGroups")):
        # Source: Network Load Balancers guide, "Security groups": decided when the balancer is made, for good.
        reason = f"a balancer made {'with' if had else 'without'} groups stays so (InvalidConfigurationRequest)"
        yield Problem(path="securityGroups", reason=reason)
    for other in call.boto("describe_load_balancers")["LoadBalancers"]:
        if other["LoadBalancerName"] == call.get("name") and other["LoadBalancerArn"] != call.id:
            yield Problem(path="name", reason=f"{call.get('name')} exists already (DuplicateLoadBalancerName)")


def _balancer_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    params = send("name loadBalancerType=Type subnets securityGroups ipAddressType")(inputs)
    params["Scheme"] = "internal" if inputs.get("internal") else "internet-facing"
    return params


def _settle_balancer(call: Call) -> None:
    raw = look_balancer(call, call.id) or {}
    if set(raw.get("SecurityGroups", ())) != set(call.get("securityGroups", ())):
        call.boto("set_security_groups", LoadBalancerArn=call.id, SecurityGroups=call.get("securityGroups", []))
    wanted = {
        "deletion_protection.enabled": call.get("enableDeletionProtection", False),
        "load_balancing.cross_zone.enabled": call.get("enableCrossZoneLoadBalancing", False),
    }
    call.boto(
        "modify_load_balancer_attributes",
        LoadBalancerArn=call.id,
        Attributes=[{"Key": key, "Value": str(value).lower()} for key, value in wanted.items()],
    )


def _show_balancer(call: Call, raw: Raw) -> dict[str, object]:
    told = call.boto("describe_load_balancer_attributes", LoadBalancerArn=call.id)["Attributes"]
    attributes = unpaired(told)
    return {
        **show("name=LoadBalancerName vpcId dnsName=DNSName zoneId=CanonicalHostedZoneId ipAddressType securityGroups")(raw),
        "arn": call.id,
        "arnSuffix": call.id.rsplit(":loadbalancer/", 1)[-1],
        "loadBalancerType": raw["Type"],
        "internal": raw["Scheme"] == "internal",
        "subnets": [zone["SubnetId"] for zone in raw["AvailabilityZones"]],
        "enableDeletionProtection": attributes.get("deletion_protection.enabled") == "true",
        "enableCrossZoneLoadBalancing": attributes.get("load_balancing.cross_zone.enabled") == "true",
    }


def _drop_balancer(call: Call) -> None:
    told = call.boto("describe_load_balancer_attributes", LoadBalancerArn=call.id)["Attributes"]
    if unpaired(told).get("deletion_protection.enabled") == "true":
        raise Refused(f"{call.id} has deletion protection: switch it off first", code="OperationNotPermitted")
    call.boto("delete_load_balancer", LoadBalancerArn=call.id)


def look_listener(call: Call, arn: str) -> Raw | None:
    """Give a listener's description, None where there is none."""
    answer = unless_gone(lambda: call.boto("describe_listeners", of="elbv2", ListenerArns=[arn]))
    found = dig(answer, "Listeners.0")
    return found if isinstance(found, Mapping) else None


def _actions(inputs: Mapping[str, Any]) -> Value:
    given = inputs.get("defaultActions")
    return given if given is UNKNOWN else [send("type targetGroupArn order")(action) for action in given or ()]


def _listener_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**send("loadBalancerArn protocol port")(inputs), "DefaultActions": _actions(inputs)}


def _refuse_listener(call: Call) -> Iterator[Problem]:
    protocol = call.inputs.get("protocol")
    if protocol is not UNKNOWN and protocol not in PROTOCOLS:
        yield Problem(path="protocol", reason=f"{protocol!r} is none of a network load balancer: {', '.join(PROTOCOLS)}")
    if call.inputs.get("port") is None:
        yield Problem(path="port", reason="is required")
    yield from unsupported(call, "certificateArn", "sslPolicy", "alpnPolicy", "mutualAuthentication")
    for index, action in enumerate(call.get("defaultActions") or ()):
        if isinstance(action, Mapping) and action.get("type") not in ("forward", UNKNOWN):
            reason = f"{action.get('type')!r} is not forward, all that a network load balancer does"
            yield Problem(path=f"defaultActions[{index}].type", reason=reason)


def _guard_listener(call: Call) -> Iterator[Problem]:
    arn = call.get("loadBalancerArn")
    balancer = look_balancer(call, arn)
    if balancer is None:
        yield Problem(path="loadBalancerArn", reason=f"{arn} does not exist (LoadBalancerNotFound)")
        return
    for index, action in enumerate(call.get("defaultActions") or ()):
        path, wanted = f"defaultActions[{index}].targetGroupArn", action.get("targetGroupArn")
        targets = look_targets(call, wanted)
        if targets is None:
            yield Problem(path=path, reason=f"{wanted} does not exist (TargetGroupNotFound)")
        elif targets["VpcId"] != balancer["VpcId"]:
            yield Problem(path=path, reason=f"{wanted} is not of the balancer's VPC")
        elif targets["Protocol"] != call.get("protocol"):
            yield Problem(path=path, reason=f"{wanted} takes {targets['Protocol']}, the listener {call.get('protocol')}")
        elif set(targets.get("LoadBalancerArns", ())) - {arn}:
            yield Problem(path=path, reason=f"{wanted} is another load balancer's (TargetGroupAssociationLimit)")
    for other in call.boto("describe_listeners", LoadBalancerArn=arn)["Listeners"]:
        if other["Port"] == call.get("port") and other["ListenerArn"] != call.id:
            yield Problem(path="port", reason=f"{call.get('port')} has a listener already (DuplicateListener)")


def _settle_listener(call: Call) -> None:
    call.boto(
        "modify_listener",
        ListenerArn=call.id,
        Port=call.get("port"),
        Protocol=call.get("protocol"),
        DefaultActions=_actions(call.inputs),
    )


def _show_listener(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("loadBalancerArn protocol port")(raw),
        "arn": call.id,
        "defaultActions": [
            {**given, **{"type": live["Type"], "targetGroupArn": _forwarded(live)}}
            for given, live in zip(call.get("defaultActions") or (), raw["DefaultActions"], strict=False)
        ],
    }


def _forwarded(action: Raw) -> Value:
    return action.get("TargetGroupArn") or dig(action, "ForwardConfig.TargetGroups.0.TargetGroupArn")


ROWS: Final = (
    Row(
        type="aws:lb/loadBalancer:LoadBalancer",
        service="elbv2",
        operation="create_load_balancer",
        params=_balancer_params,
        made="LoadBalancers.0.LoadBalancerArn",
        look=lambda call: look_balancer(call, call.id) if call.id else None,
        show=_show_balancer,
        settle=(_settle_balancer,),
        drop=_drop_balancer,
        refuse=_refuse_balancer,
        guard=_guard_balancer,
        guard_updates=True,
        tags=tags(),
        replace_on="name namePrefix internal loadBalancerType subnets ipAddressType",
        aliases={"Type": "loadBalancerType"},
    ),
    Row(
        type="aws:lb/listener:Listener",
        service="elbv2",
        operation="create_listener",
        params=_listener_params,
        made="Listeners.0.ListenerArn",
        look=lambda call: look_listener(call, call.id) if call.id else None,
        show=_show_listener,
        settle=(_settle_listener,),
        drop=lambda call: call.boto("delete_listener", ListenerArn=call.id),
        refuse=_refuse_listener,
        guard=_guard_listener,
        guard_updates=True,
        tags=tags(),
        replace_on="loadBalancerArn",
    ),
)
