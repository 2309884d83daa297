"""Accelerators, their listeners and endpoint groups.

Guarantees that every call passes Global Accelerator's own model, that a listener's ports overlap no other's, that a region
has one endpoint group a listener, that a load balancer in a group is there and may keep its clients' addresses, and that
health checks have intervals that exist. moto has no Global Accelerator, so these are model-checked: the ledger keeps them,
and a boto3 client does not see them. Its API is in one region for all; nothing here depends on the provider's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.aws.call import Call, dig, send
from nautilus.sandbox.aws.compute import kept_tags
from nautilus.sandbox.aws.row import Raw, Row, made, unless_gone
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import UNKNOWN, Fidelity, Problem, Refused, Value

ZONE_ID: Final = "Z2BJ6XQ5FK7U4H"
"""The hosted zone of every accelerator's name. Source: Global Accelerator API reference, aliases in Route 53."""
_NAME: Final = re.compile(r"(?![-.])[a-zA-Z0-9.-]{1,64}(?<![-.])")
_INTERVALS_S: Final = (10, 30)
"""Source: Global Accelerator API reference, CreateEndpointGroup, HealthCheckIntervalSeconds."""
_WEIGHT: Final = 255
_BALANCER: Final = re.compile(r"arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):(\d{12}):loadbalancer/(net|app)/.+")
_ACCELERATOR: Final = "aws:globalaccelerator/accelerator:Accelerator"
_LISTENER: Final = "aws:globalaccelerator/listener:Listener"
_GROUP: Final = "aws:globalaccelerator/endpointGroup:EndpointGroup"
_TOKEN: Final = {"IdempotencyToken": "sandbox"}


def _identity(call: Call) -> str:
    digits = emulator.digest(call.seed)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"


def _there(call: Call) -> Raw | None:
    return {} if made(call, call.id) else None


def _among(call: Call, kind: str, name: str, wanted: str) -> list[Mapping[str, Any]]:
    """Give the live resources of a type, this one left out, whose input `name` is `wanted`."""
    return [one for one in call.request.among(kind) if one.get(name) == wanted and one["id"] != call.id]


def _is(call: Call, kind: str, arn: Value) -> bool:
    return any(one["id"] == arn for one in call.request.among(kind))


def _children(kind: str, name: str) -> Callable[[Call], Iterator[str]]:
    def held(call: Call) -> Iterator[str]:
        for child in _among(call, kind, name, call.id):
            yield str(child["id"])

    return held


def _refuse_accelerator(call: Call) -> Iterator[Problem]:
    name = call.inputs.get("name")
    if name is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name!r} is not 1 to 64 letters, digits, inner hyphens and full stops")
    yield from unsupported(call, "ipAddresses")
    attributes = call.get("attributes")
    if isinstance(attributes, Mapping) and attributes.get("flowLogsEnabled") and not attributes.get("flowLogsS3Bucket"):
        yield Problem(path="attributes.flowLogsS3Bucket", reason="is required where flow logs are on")


def _show_accelerator(call: Call, _raw: Raw) -> dict[str, object]:
    first, second, name = (int(emulator.digest(call.seed, part)[:4], 16) for part in ("first", "second", "name"))
    addresses = [f"75.2.{first >> 9}.{first % 254 + 1}", f"99.83.{128 + (second >> 9)}.{second % 254 + 1}"]
    label = f"a{emulator.digest(call.seed, str(name))[:16]}"
    return {
        "arn": call.id,
        "dnsName": f"{label}.awsglobalaccelerator.com",
        "dualStackDnsName": f"{label}.dualstack.awsglobalaccelerator.com" if _dual(call) else "",
        "hostedZoneId": ZONE_ID,
        "ipSets": [{"ipAddresses": addresses, "ipFamily": "IPv4"}],
        "enabled": call.get("enabled", True),
        "ipAddressType": call.get("ipAddressType", "IPV4"),
    }


def _dual(call: Call) -> bool:
    return bool(call.get("ipAddressType") == "DUAL_STACK")


def _ranges(inputs: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    ranges = inputs.get("portRanges")
    for item in ranges if isinstance(ranges, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("fromPort"), int | float):
            low, high = item["fromPort"], item.get("toPort", item["fromPort"])
            if isinstance(high, int | float):
                yield int(low), int(high)


def _listener_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    ranges = inputs.get("portRanges")
    spelt = [send("fromPort toPort")(item) for item in ranges] if isinstance(ranges, list) else ranges
    return {**send("acceleratorArn protocol clientAffinity")(inputs), "PortRanges": spelt or [], **_TOKEN}


def _refuse_listener(call: Call) -> Iterator[Problem]:
    seen: list[tuple[int, int]] = []
    for index, (low, high) in enumerate(_ranges(call.inputs)):
        if low > high:
            yield Problem(path=f"portRanges[{index}].toPort", reason=f"{high} lies below fromPort {low}")
        if any(low <= last and first <= high for first, last in seen):
            yield Problem(path=f"portRanges[{index}]", reason=f"{low} to {high} overlaps another range of the listener")
        seen.append((low, high))


def _guard_listener(call: Call) -> Iterator[Problem]:
    arn = call.get("acceleratorArn")
    if not _is(call, _ACCELERATOR, arn):
        yield Problem(path="acceleratorArn", reason=f"{arn} does not exist (AcceleratorNotFoundException)")
    for other in _among(call, _LISTENER, "acceleratorArn", arn):
        for low, high in _ranges(call.inputs):
            taken = any(low <= last and first <= high for first, last in _ranges(other))
            if taken and other.get("protocol") == call.get("protocol"):
                reason = f"{low} to {high} is {other['id']}'s already (InvalidPortRangeException)"
                yield Problem(path="portRanges", reason=reason)


def _group_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    endpoints = inputs.get("endpointConfigurations")
    one = send("endpointId weight clientIpPreservationEnabled=ClientIPPreservationEnabled attachmentArn")
    spelt = [one(item) for item in endpoints] if isinstance(endpoints, list) else []
    return {
        **send(
            "listenerArn endpointGroupRegion trafficDialPercentage healthCheckPort healthCheckProtocol healthCheckPath "
            "healthCheckIntervalSeconds thresholdCount"
        )(inputs),
        "EndpointConfigurations": spelt,
        **_TOKEN,
    }


def _refuse_group(call: Call) -> Iterator[Problem]:
    interval = call.get("healthCheckIntervalSeconds")
    if interval is not None and interval not in _INTERVALS_S:
        yield Problem(path="healthCheckIntervalSeconds", reason=f"{interval:g} is neither 10 nor 30")
    region = call.get("endpointGroupRegion")
    if region is None and "endpointGroupRegion" not in call.inputs:
        yield Problem(path="endpointGroupRegion", reason="is required: the sandbox does not guess it from the provider")
    if isinstance(region, str) and region not in emulator.regions():
        yield Problem(path="endpointGroupRegion", reason=f"{region!r} is not a region of AWS")
    for index, item in enumerate(call.get("endpointConfigurations") or ()):
        weight, endpoint = item.get("weight"), item.get("endpointId")
        if isinstance(weight, int | float) and not 0 <= weight <= _WEIGHT:
            yield Problem(path=f"endpointConfigurations[{index}].weight", reason=f"{weight:g} is not 0 to {_WEIGHT}")
        match = _BALANCER.fullmatch(endpoint) if isinstance(endpoint, str) else None
        if match and isinstance(region, str) and match[1] != region:
            yield Problem(
                path=f"endpointConfigurations[{index}].endpointId", reason=f"is in {match[1]}, the group in {region}"
            )


def _guard_group(call: Call) -> Iterator[Problem]:
    arn, region = call.get("listenerArn"), call.get("endpointGroupRegion")
    if not _is(call, _LISTENER, arn):
        yield Problem(path="listenerArn", reason=f"{arn} does not exist (ListenerNotFoundException)")
    for index, item in enumerate(call.get("endpointConfigurations") or ()):
        for reason in _endpoint_reasons(call, item):
            yield Problem(path=f"endpointConfigurations[{index}].endpointId", reason=reason)
    if any(other.get("endpointGroupRegion") == region for other in _among(call, _GROUP, "listenerArn", arn)):
        reason = f"the listener has a group in {region} already (EndpointGroupAlreadyExistsException)"
        yield Problem(path="endpointGroupRegion", reason=reason)


def _endpoint_reasons(call: Call, item: Mapping[str, Any]) -> Iterator[str]:
    """Say what Global Accelerator would have against an endpoint. Source: Developer Guide, requirements for endpoints."""
    endpoint = item.get("endpointId")
    match = _BALANCER.fullmatch(endpoint) if isinstance(endpoint, str) else None
    if match is None:
        yield f"{endpoint!r} is not the ARN of a load balancer, all that the sandbox offers"
        return
    region, account = match[1], match[2]
    if account != call.account:
        yield f"is of account {account}, the accelerator of {call.account}"
        return

    def ask(service: str, operation: str, **params: Any) -> Any:  # noqa: ANN401 - boto3's own parameters
        return unless_gone(lambda: emulator.call(service, operation, account, region, params))

    balancer = dig(ask("elbv2", "describe_load_balancers", LoadBalancerArns=[endpoint]), "LoadBalancers.0")
    if balancer is None:
        yield f"{endpoint} does not exist (EndpointNotFoundException)"
        return
    if item.get("clientIpPreservationEnabled") and not balancer.get("SecurityGroups"):
        yield "has no security group, without which a client's address is not preserved"
    wanted = [{"Name": "attachment.vpc-id", "Values": [balancer["VpcId"]]}]
    if not dig(ask("ec2", "describe_internet_gateways", Filters=wanted), "InternetGateways"):
        yield f"is in {balancer['VpcId']}, which has no internet gateway"


def _drop_accelerator(call: Call) -> None:
    """Nothing is left to do: the provider disables an accelerator before it deletes it."""
    if not call.id:
        raise Refused("there is no accelerator", code="AcceleratorNotFoundException")


ROWS: Final = (
    Row(
        type=_ACCELERATOR,
        service="globalaccelerator",
        operation="create_accelerator",
        params=lambda inputs: {"Name": UNKNOWN, **send("name ipAddressType enabled")(inputs), **_TOKEN},
        make=lambda call: call.arn(f"accelerator/{_identity(call)}", region=False),
        look=_there,
        show=_show_accelerator,
        drop=_drop_accelerator,
        held=_children(_LISTENER, "acceleratorArn"),
        refuse=_refuse_accelerator,
        tags=kept_tags(),
        fidelity=Fidelity.MODEL_CHECKED,
        regional=False,
    ),
    Row(
        type=_LISTENER,
        service="globalaccelerator",
        operation="create_listener",
        params=_listener_params,
        make=lambda call: f"{call.get('acceleratorArn')}/listener/{emulator.digest(call.seed)[:8]}",
        look=_there,
        show=lambda call, _raw: {"arn": call.id, "clientAffinity": call.get("clientAffinity", "NONE")},
        drop=lambda _call: None,
        held=_children(_GROUP, "listenerArn"),
        refuse=_refuse_listener,
        guard=_guard_listener,
        guard_updates=True,
        replace_on="acceleratorArn",
        fidelity=Fidelity.MODEL_CHECKED,
        regional=False,
    ),
    Row(
        type=_GROUP,
        service="globalaccelerator",
        operation="create_endpoint_group",
        params=_group_params,
        make=lambda call: f"{call.get('listenerArn')}/endpoint-group/{emulator.digest(call.seed)[:12]}",
        look=_there,
        show=lambda call, _raw: {"arn": call.id},
        drop=lambda _call: None,
        refuse=_refuse_group,
        guard=_guard_group,
        guard_updates=True,
        replace_on="listenerArn endpointGroupRegion",
        fidelity=Fidelity.MODEL_CHECKED,
        regional=False,
    ),
)
