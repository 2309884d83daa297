"""Private endpoints of AWS services, and flow logs.

Guarantees that a service exists in the region, that an endpoint has what its kind needs and nothing else, that an interface
endpoint has one subnet a zone, and that a flow log delivers: an `Unsuccessful` answer or a missing log group is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES

from nautilus.sandbox.aws import emulator, policy, tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.iam import no_role
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, normal, unless_gone
from nautilus.sandbox.aws.storage import look_group
from nautilus.sandbox.aws.transit import no_gateway
from nautilus.sandbox.aws.vpc import missing, no_group, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused

_GATEWAYS: Final = ("s3", "dynamodb")
"""Services with gateway endpoints. Source: Amazon VPC guide, "Gateway endpoints"."""
_SERVICES: Final = frozenset(AWS_ENDPOINT_SERVICES) | {
    "eks", "eks-auth", "ecr.api", "ecr.dkr", "elasticloadbalancing", "autoscaling", "ec2", "sts", "logs", "kms", "ssm",
    "ssmmessages", "ec2messages", "secretsmanager", "monitoring", "guardduty-data", "xray", "s3", "dynamodb",
}  # fmt: skip
"""Names after `com.amazonaws.<region>.`: moto's list, and those of an EKS cluster without internet
access (EKS user guide)."""

_look_endpoint = found("describe_vpc_endpoints", "VpcEndpointIds", "VpcEndpoints")
_LISTS: Final = (
    ("subnetIds", "SubnetIds", "AddSubnetIds", "RemoveSubnetIds"),
    ("routeTableIds", "RouteTableIds", "AddRouteTableIds", "RemoveRouteTableIds"),
    ("securityGroupIds", "Groups", "AddSecurityGroupIds", "RemoveSecurityGroupIds"),
)


def _look(call: Call) -> Raw | None:
    raw = _look_endpoint(call) if call.id else None
    return raw if raw and raw.get("State") != "deleted" else None


def _members(raw: Raw, name: str) -> list[str]:
    return sorted(item["GroupId"] if isinstance(item, Mapping) else item for item in raw.get(name) or ())


def _show_endpoint(call: Call, raw: Raw) -> dict[str, Any]:
    dns = [
        {"dnsName": item.get("DnsName", ""), "hostedZoneId": item.get("HostedZoneId", "")}
        for item in raw.get("DnsEntries") or ()
    ]
    shown = {
        **show("vpcId serviceName vpcEndpointType state privateDnsEnabled policy=PolicyDocument")(raw),
        "arn": call.arn(f"vpc-endpoint/{call.id}"),
        "ownerId": call.account,
        "networkInterfaceIds": sorted(raw.get("NetworkInterfaceIds") or ()),
        "dnsEntries": dns,
        "ipAddressType": call.get("ipAddressType", "ipv4"),
        "requesterManaged": False,
        "prefixListId": None,
        "cidrBlocks": [],
    }
    if raw["VpcEndpointType"] == "Gateway":
        shown["privateDnsEnabled"] = False
        shown |= _prefix_list(call, raw["ServiceName"])
    return shown | {name: _members(raw, live) for name, live, _, _ in _LISTS}


def _prefix_list(call: Call, service: str) -> dict[str, object]:
    for item in call.boto("describe_managed_prefix_lists")["PrefixLists"]:
        if item["PrefixListName"] == service:
            entries = call.boto("get_managed_prefix_list_entries", PrefixListId=item["PrefixListId"])["Entries"]
            return {"prefixListId": item["PrefixListId"], "cidrBlocks": sorted(entry["Cidr"] for entry in entries)}
    return {}


def _settle_endpoint(call: Call) -> None:
    raw = _look(call) or {}
    changes: dict[str, Any] = {}
    for name, live, add, remove in _LISTS:
        if name in call.inputs:
            want, have = set(call.get(name, [])), set(_members(raw, live))
            changes |= {key: sorted(value) for key, value in ((add, want - have), (remove, have - want)) if value}
    document = call.get("policy")
    if document and normal(document) != normal(raw.get("PolicyDocument")):
        changes["PolicyDocument"] = document
    if changes:
        call.boto("modify_vpc_endpoint", VpcEndpointId=call.id, **changes)
    if "privateDnsEnabled" in call.inputs:
        endpoint = emulator.backend("ec2", call.account, call.region).vpc_end_points[call.id]
        endpoint.private_dns_enabled = call.get("privateDnsEnabled", False)


def _refuse_endpoint(call: Call) -> Iterator[Problem]:
    yield from policy.problems(call, "policy", principals=True)
    yield from unsupported(call, "resourceConfigurationArn", "serviceNetworkArn", "subnetConfigurations")
    if call.request.target.region:
        yield from _service(call)
    gateway = call.get("vpcEndpointType", "Gateway") == "Gateway"
    wrong = ("subnetIds", "securityGroupIds", "privateDnsEnabled") if gateway else ("routeTableIds",)
    for name in wrong:
        if call.get(name):
            yield Problem(path=name, reason=f"is not a setting of a{' Gateway' if gateway else 'n Interface'} endpoint")


def _service(call: Call) -> Iterator[Problem]:
    name = call.inputs.get("serviceName")
    if name is None:
        yield Problem(path="serviceName", reason="is required")
    if not isinstance(name, str) or name.startswith("com.amazonaws.vpce."):
        return
    prefix = f"com.amazonaws.{call.region}."
    bare = name.removeprefix(prefix)
    if not name.startswith(prefix) or bare not in _SERVICES:
        yield Problem(path="serviceName", reason=f"{name!r} is not a service of {call.region} (InvalidServiceName)")
    elif call.get("vpcEndpointType", "Gateway") == "Gateway" and bare not in _GATEWAYS:
        yield Problem(path="vpcEndpointType", reason=f"{bare} has no Gateway endpoint; only {', '.join(_GATEWAYS)} have")


def _guard_endpoint(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    yield from no_subnet(call, "subnetIds")
    yield from no_group(call, "securityGroupIds")
    yield from missing(call, "routeTableIds", "describe_route_tables", "RouteTableIds", "RouteTables")
    seen: dict[str, str] = {}
    for subnet in call.get("subnetIds", []):
        answer = unless_gone(lambda subnet=subnet: call.boto("describe_subnets", SubnetIds=[subnet]))  # type: ignore[misc]
        zone = dig(answer, "Subnets.0.AvailabilityZone")
        if zone in seen:
            yield Problem(
                path="subnetIds", reason=f"{seen[zone]} and {subnet} are both in {zone} (DuplicateSubnetsInSameZone)"
            )
        elif zone:
            seen[zone] = subnet


_SUBJECTS: Final = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface", "transitGatewayId": "TransitGateway"}


def _flow_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    params = send(
        "trafficType iamRoleArn=DeliverLogsPermissionArn logDestinationType logDestination logFormat maxAggregationInterval"
    )(inputs)
    for name, kind in _SUBJECTS.items():
        if inputs.get(name) is not None:
            params |= {"ResourceType": kind, "ResourceIds": [inputs[name]]}
    return {"ResourceType": UNKNOWN, "ResourceIds": [], **params}


def _group_name(arn: str) -> str:
    return arn.split(":log-group:", 1)[-1].removesuffix(":*")


def _make_flow(call: Call) -> str:
    params = _flow_params(call.inputs)
    if call.get("logDestinationType", "cloud-watch-logs") == "cloud-watch-logs":
        params["LogGroupName"] = _group_name(params.pop("LogDestination"))
    answer = call.boto("create_flow_logs", **params)
    for failure in answer.get("Unsuccessful") or ():
        raise Refused(f"{failure['ResourceId']}: {failure['Error']['Message']}", code="Unsuccessful")
    return str(answer["FlowLogIds"][0])


def _show_flow(call: Call, raw: Raw) -> dict[str, object]:
    subject = next((name for name in _SUBJECTS if name in call.inputs), "vpcId")
    group = raw.get("LogGroupName")
    return {
        **show("trafficType logDestinationType logFormat maxAggregationInterval iamRoleArn=DeliverLogsPermissionArn")(raw),
        "arn": call.arn(f"vpc-flow-log/{call.id}"),
        "logDestination": call.arn(f"log-group:{group}", of="logs") if group else raw.get("LogDestination"),
        subject: raw["ResourceId"],
    }


def _refuse_flow(call: Call) -> Iterator[Problem]:
    given = [name for name in _SUBJECTS if call.inputs.get(name) is not None]
    if len(given) != 1:
        yield Problem(path="vpcId", reason=f"a flow log has exactly one of {', '.join(_SUBJECTS)}; given: {given or 'none'}")
    transit = "transitGatewayId" in given
    if transit and call.inputs.get("trafficType") is not None:
        yield Problem(path="trafficType", reason="is not a setting of a transit gateway's flow log: it records all")
    if not transit and call.inputs.get("trafficType") is None:
        yield Problem(path="trafficType", reason="is required")
    if transit and call.inputs.get("maxAggregationInterval", 600) not in (60, UNKNOWN):
        yield Problem(path="maxAggregationInterval", reason="must be 60 seconds on a transit gateway")
    elif call.get("maxAggregationInterval", 600) not in (60, 600):
        yield Problem(
            path="maxAggregationInterval", reason=f"{call.get('maxAggregationInterval')} is neither 60 nor 600 seconds"
        )
    if "logDestination" not in call.inputs:
        yield Problem(path="logDestination", reason="is required")
    if call.get("logDestinationType", "cloud-watch-logs") == "cloud-watch-logs" and "iamRoleArn" not in call.inputs:
        yield Problem(path="iamRoleArn", reason="is required for delivery to CloudWatch Logs")
    yield from unsupported(call, "regionalNatGatewayId", "transitGatewayAttachmentId", "tagFieldSpecifications")


def _guard_flow(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    yield from no_subnet(call)
    yield from no_gateway(call)
    if call.get("iamRoleArn"):
        yield from no_role(call, "iamRoleArn")
    destination = call.get("logDestination")
    if call.get("logDestinationType", "cloud-watch-logs") == "cloud-watch-logs" and not look_group(
        call, _group_name(destination)
    ):
        yield Problem(path="logDestination", reason=f"log group {_group_name(destination)} does not exist (Access error)")


_drop_flow: Final[Callable[[Call], object]] = dropped("delete_flow_logs", "FlowLogIds", listed=True)

ROWS: Final = (
    Row(
        type="aws:ec2/vpcEndpoint:VpcEndpoint",
        service="ec2",
        operation="create_vpc_endpoint",
        params=lambda inputs: {
            "VpcEndpointType": "Gateway",
            **send(
                "vpcId serviceName vpcEndpointType policy=PolicyDocument routeTableIds subnetIds "
                "securityGroupIds privateDnsEnabled"
            )({"serviceName": UNKNOWN, **inputs}),
        },
        made="VpcEndpoint.VpcEndpointId",
        look=_look,
        show=_show_endpoint,
        settle=(_settle_endpoint,),
        drop=dropped("delete_vpc_endpoints", "VpcEndpointIds", listed=True),
        refuse=_refuse_endpoint,
        guard=_guard_endpoint,
        guard_updates=True,
        tags=tags.ec2(),
        replace_on="vpcId serviceName vpcEndpointType serviceRegion",
        aliases={"PolicyDocument": "policy"},
    ),
    Row(
        type="aws:ec2/flowLog:FlowLog",
        service="ec2",
        operation="create_flow_logs",
        params=_flow_params,
        make=_make_flow,
        look=found("describe_flow_logs", "FlowLogIds", "FlowLogs"),
        show=_show_flow,
        drop=_drop_flow,
        refuse=_refuse_flow,
        guard=_guard_flow,
        tags=tags.ec2(),
        defaults={"maxAggregationInterval": 600, "logDestinationType": "cloud-watch-logs"},
        replace_on=(
            "vpcId subnetId eniId transitGatewayId trafficType iamRoleArn logDestination logDestinationType logFormat "
            "maxAggregationInterval deliverCrossAccountRole destinationOptions"
        ),
        aliases={"DeliverLogsPermissionArn": "iamRoleArn"},
    ),
)
