"""Hosted zones and their query logs.

Guarantees that a zone's name is a domain, that a zone with records of its own is not deleted, and that query logs go to a
log group in us-east-1 which a resource policy opens to Route 53. Private zones and delegation sets are refused: they are not
offered. Nothing answers a DNS query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, policy
from nautilus.sandbox.aws.call import Call, dig, send
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.tags import Tags, pairs, unpaired
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Problem

HOME: Final = "us-east-1"
"""Where query logs and signing keys have to be. Source: Route 53 developer guide, "Public DNS query logging", "DNSSEC"."""
_DOMAIN: Final = re.compile(
    r"(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])\.?"
)
_LOG_GROUP: Final = re.compile(r"arn:aws[a-z-]*:logs:([a-z0-9-]+):\d{12}:log-group:([^:]+)(:\*)?")


def tags(kind: str) -> Tags:
    """Give the tags of a `hostedzone` or a `healthcheck`."""

    def live(call: Call, _raw: Mapping[str, Any]) -> Mapping[str, str]:
        answer = call.boto("list_tags_for_resource", ResourceType=kind, ResourceId=call.id)
        return unpaired(answer["ResourceTagSet"]["Tags"])

    def change(call: Call, **what: Any) -> object:  # noqa: ANN401 - boto3's own parameters
        return call.boto("change_tags_for_resource", ResourceType=kind, ResourceId=call.id, **what)

    return Tags(
        get=live,
        put=lambda call, wanted: change(call, AddTags=pairs(wanted)),
        cut=lambda call, keys: change(call, RemoveTagKeys=keys),
    )


def look_zone(call: Call, zone: str) -> Raw | None:
    """Give a zone's description, None where there is none."""
    return unless_gone(lambda: call.boto("get_hosted_zone", of="route53", Id=zone), "NoSuchHostedZone") if zone else None


def reference(call: Call) -> str:
    """Give the caller's reference, by which Route 53 tells a second request from a repeated one."""
    return emulator.digest(call.seed)[:32]


def _zone_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**send("name comment=HostedZoneConfig.Comment")(inputs), "CallerReference": "sandbox"}


def _make_zone(call: Call) -> str:
    params = {**_zone_params(call.inputs), "CallerReference": reference(call)}
    return str(call.boto("create_hosted_zone", **params)["HostedZone"]["Id"]).removeprefix("/hostedzone/")


def _refuse_zone(call: Call) -> Iterator[Problem]:
    name = call.get("name")
    if isinstance(name, str) and not _DOMAIN.fullmatch(name):
        yield Problem(path="name", reason=f"{name!r} is not a domain name of labels of 1 to 63 characters")
    yield from unsupported(call, "vpcs", "delegationSetId", "enableAcceleratedRecovery")


def _show_zone(call: Call, raw: Raw) -> dict[str, object]:
    servers = list(raw["DelegationSet"]["NameServers"])
    return {
        "arn": f"arn:aws:route53:::hostedzone/{call.id}",
        "zoneId": call.id,
        "name": str(raw["HostedZone"]["Name"]).removesuffix("."),
        "comment": dig(raw, "HostedZone.Config.Comment"),
        "nameServers": sorted(servers),
        "primaryNameServer": servers[0],
    }


def _settle_zone(call: Call) -> None:
    call.boto("update_hosted_zone_comment", Id=call.id, Comment=call.get("comment", ""))


def _look_log(call: Call) -> Raw | None:
    answer = unless_gone(
        lambda: call.boto("get_query_logging_config", Id=call.id), "NoSuchQueryLoggingConfig", "InvalidInput"
    )
    return (answer or {}).get("QueryLoggingConfig") if call.id else None


def _log_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return send("zoneId=HostedZoneId cloudwatchLogGroupArn=CloudWatchLogsLogGroupArn")(inputs)


def _make_log(call: Call) -> str:
    params = _log_params(call.inputs)
    group = str(params["CloudWatchLogsLogGroupArn"])
    params["CloudWatchLogsLogGroupArn"] = group if group.endswith(":*") else f"{group}:*"
    return str(call.boto("create_query_logging_config", **params)["QueryLoggingConfig"]["Id"])


def _refuse_log(call: Call) -> Iterator[Problem]:
    arn = call.get("cloudwatchLogGroupArn")
    match = _LOG_GROUP.fullmatch(arn) if isinstance(arn, str) else None
    if isinstance(arn, str) and match is None:
        yield Problem(path="cloudwatchLogGroupArn", reason=f"{arn!r} is not the ARN of a log group")
    elif match and match[1] != HOME:
        yield Problem(path="cloudwatchLogGroupArn", reason=f"is in {match[1]}: Route 53 logs to {HOME} only")


def _guard_log(call: Call) -> Iterator[Problem]:
    zone, arn = call.get("zoneId"), str(call.get("cloudwatchLogGroupArn"))
    if look_zone(call, zone) is None:
        yield Problem(path="zoneId", reason=f"zone {zone} does not exist (NoSuchHostedZone)")
    match = _LOG_GROUP.fullmatch(arn)
    name = match[2] if match else ""
    groups = emulator.call("logs", "describe_log_groups", call.account, HOME, {"logGroupNamePrefix": name})["logGroups"]
    if not any(group["logGroupName"] == name for group in groups):
        yield Problem(path="cloudwatchLogGroupArn", reason=f"log group {name} does not exist in {HOME}")
    policies = emulator.call("logs", "describe_resource_policies", call.account, HOME, {})["resourcePolicies"]
    parsed = [json.loads(one["policyDocument"]) for one in policies]
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        if not any(_lets(one, action, f"{arn.removesuffix(':*')}:*") for one in parsed):
            reason = (
                f"no resource policy lets route53.amazonaws.com do {action} there (InsufficientCloudWatchLogsResourcePolicy)"
            )
            yield Problem(path="cloudwatchLogGroupArn", reason=reason)


def _lets(parsed: Mapping[str, Any], action: str, resource: str) -> bool:
    covering = [one for one in policy.statements(parsed) if policy.covers(policy.many(one.get("Resource")), resource)]
    return policy.allows_service({"Statement": covering}, "route53.amazonaws.com", action)


ROWS: Final = (
    Row(
        type="aws:route53/zone:Zone",
        service="route53",
        operation="create_hosted_zone",
        params=_zone_params,
        make=_make_zone,
        look=lambda call: look_zone(call, call.id),
        show=_show_zone,
        settle=(_settle_zone,),
        drop=lambda call: call.boto("delete_hosted_zone", Id=call.id),
        refuse=_refuse_zone,
        tags=tags("hostedzone"),
        defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
        replace_on="name delegationSetId",
        regional=False,
    ),
    Row(
        type="aws:route53/queryLog:QueryLog",
        service="route53",
        operation="create_query_logging_config",
        params=_log_params,
        make=_make_log,
        look=_look_log,
        show=lambda call, _raw: {"arn": f"arn:aws:route53:::queryloggingconfig/{call.id}"},
        drop=lambda call: call.boto("delete_query_logging_config", Id=call.id),
        refuse=_refuse_log,
        guard=_guard_log,
        replace_on="zoneId cloudwatchLogGroupArn",
        aliases={"HostedZoneId": "zoneId", "CloudWatchLogsLogGroupArn": "cloudwatchLogGroupArn"},
        regional=False,
    ),
)
