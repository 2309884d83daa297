"""What nodes are made from: launch templates and placement groups.

Guarantees that a template's whole data passes EC2's model, that its keys and security groups exist, and that every
change makes a new version. Placement groups are not in moto: their calls are checked against EC2's model and kept by
the ledger.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, camel, pascal, recase
from nautilus.sandbox.aws.iam import named
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, made, normal, unless_gone
from nautilus.sandbox.aws.vpc import missing, no_group
from nautilus.sandbox.handler import UNKNOWN, Fidelity, Problem, Value

_NAME: Final = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
"""Source: EC2 API reference, CreateLaunchTemplate, LaunchTemplateName."""
_NOT_DATA: Final = frozenset(
    {"name", "namePrefix", "description", "tags", "updateDefaultVersion", "defaultVersion", "region"}
)
_SPELT: Final = {
    "vpcSecurityGroupIds": "SecurityGroupIds",
    "securityGroupNames": "SecurityGroups",
    "securityGroups": "Groups",
    "ebs": "Ebs",
    "kernelId": "KernelId",
    "httpProtocolIpv6": "HttpProtocolIpv6",
    "ipv4AddressCount": "PrivateIpAddresses",
}
_FLAGS: Final = frozenset(
    {
        "ebsOptimized", "encrypted", "deleteOnTermination", "associatePublicIpAddress", "associateCarrierIpAddress",
        "primaryIpv6", "enabled",
    }
)  # fmt: skip
"""Members that the provider takes as the text "true" or "false" and EC2 as a boolean."""
_USER_DATA_MAX: Final = 16_384
"""Bytes before base64. Source: EC2 user guide, "User data"."""

_look_template = found("describe_launch_templates", "LaunchTemplateIds", "LaunchTemplates")


def data(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give EC2's launch template data for the inputs; UNKNOWN stays where it is."""
    kept = {name: value for name, value in inputs.items() if name not in _NOT_DATA and value is not None}
    specifications = kept.pop("tagSpecifications", None)
    turned: dict[str, Any] = recase(_flags(kept), pascal, names=_SPELT)
    if isinstance(specifications, list):
        turned["TagSpecifications"] = [
            {
                "ResourceType": item.get("resourceType", UNKNOWN),
                "Tags": tags.pairs(own) if isinstance(own := item.get("tags", {}), Mapping) else UNKNOWN,
            }
            for item in specifications
        ]
    return turned


def _flags(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {
            name: {"true": True, "false": False}.get(item, item)
            if name in _FLAGS and isinstance(item, str)
            else _flags(item)
            for name, item in value.items()
        }
    return [_flags(item) for item in value] if isinstance(value, list | tuple) else value


def _template_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"LaunchTemplateName": inputs.get("name", UNKNOWN), "LaunchTemplateData": data(inputs)}


def _latest(call: Call) -> Raw:
    answer = call.boto("describe_launch_template_versions", LaunchTemplateId=call.id, Versions=["$Latest"])
    return dict(answer["LaunchTemplateVersions"][0])


def _settle_template(call: Call) -> None:
    if normal(_latest(call)["LaunchTemplateData"]) != normal(data(call.inputs)):
        text = {"VersionDescription": call.get("description")} if call.get("description") else {}
        call.boto("create_launch_template_version", LaunchTemplateId=call.id, LaunchTemplateData=data(call.inputs), **text)
    raw = _look_template(call) or {}
    default = raw["LatestVersionNumber"] if call.get("updateDefaultVersion") else call.get("defaultVersion")
    if default and raw["DefaultVersionNumber"] != default:
        call.boto("modify_launch_template", LaunchTemplateId=call.id, DefaultVersion=str(default))


def _show_template(call: Call, raw: Raw) -> dict[str, Any]:
    live = _latest(call)["LaunchTemplateData"]
    shown: dict[str, Any] = {
        "name": raw["LaunchTemplateName"],
        "arn": call.arn(f"launch-template/{call.id}"),
        "latestVersion": raw["LatestVersionNumber"],
        "defaultVersion": raw["DefaultVersionNumber"],
    }
    if normal(live) != normal(data(call.inputs)):
        given = {name: value for name, value in call.inputs.items() if name not in _NOT_DATA}
        back = recase(live, camel, names={theirs: ours for ours, theirs in _SPELT.items()})
        shown |= {
            name: back.get(name)
            for name in {*given, *back}
            if normal(data({name: given.get(name)})) != normal(_only(live, name))
        }
    return shown


def _only(live: Raw, name: str) -> dict[str, Any]:
    theirs = _SPELT.get(name, pascal(name))
    return {theirs: live[theirs]} if theirs in live else {}


def _refuse_template(call: Call) -> Iterator[Problem]:
    yield from named(call)
    name = call.get("name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name!r} is not 3 to 128 letters, digits and ()./_-")
    text = call.get("userData")
    try:
        size = len(base64.b64decode(text, validate=True)) if isinstance(text, str) else 0
    except (binascii.Error, ValueError):
        yield Problem(path="userData", reason="is not base64 (InvalidUserData.Malformed)")
    else:
        if size > _USER_DATA_MAX:
            yield Problem(path="userData", reason=f"has {size} bytes; EC2 allows {_USER_DATA_MAX}")


def _guard_template(call: Call) -> Iterator[Problem]:
    yield from no_group(call, "vpcSecurityGroupIds")
    for index, interface in enumerate(call.get("networkInterfaces", [])):
        for group in interface.get("securityGroups") or ():
            probe = {"securityGroups": group}
            for problem in missing(
                _sub(call, probe), "securityGroups", "describe_security_groups", "GroupIds", "SecurityGroups"
            ):
                yield Problem(path=f"networkInterfaces[{index}].securityGroups", reason=problem.reason)
    for index, device in enumerate(call.get("blockDeviceMappings", [])):
        key = (device.get("ebs") or {}).get("kmsKeyId")
        if key and unless_gone(lambda key=key: call.boto("describe_key", of="kms", KeyId=key), "NotFoundException") is None:  # type: ignore[misc]
            yield Problem(
                path=f"blockDeviceMappings[{index}].ebs.kmsKeyId", reason=f"key {key} does not exist in {call.region}"
            )


def _sub(call: Call, inputs: Mapping[str, Any]) -> Call:
    made = Call(request=call.request, service="ec2")
    made.inputs = inputs
    return made


def _group_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    names = {"name": "GroupName", "strategy": "Strategy", "partitionCount": "PartitionCount", "spreadLevel": "SpreadLevel"}
    return {theirs: inputs[ours] for ours, theirs in names.items() if inputs.get(ours) is not None}


def _refuse_group(call: Call) -> Iterator[Problem]:
    yield from named(call)
    strategy = call.get("strategy")
    if "partitionCount" in call.inputs and strategy not in (None, "partition"):
        yield Problem(path="partitionCount", reason=f"is only for the strategy partition, not {strategy}")
    if isinstance(count := call.get("partitionCount"), int) and not 1 <= count <= 7:  # noqa: PLR2004 - EC2 user guide, limits
        yield Problem(path="partitionCount", reason=f"{count} is not 1 to 7")


def _guard_group(call: Call) -> Iterator[Problem]:
    if made(call, call.get("name")):
        yield Problem(path="name", reason=f"group {call.get('name')} already exists (InvalidPlacementGroup.Duplicate)")


def _show_group(call: Call, _raw: Raw) -> dict[str, object]:
    digits = emulator.digest(call.seed)[:17]
    return {"arn": call.arn(f"placement-group/{call.id}"), "placementGroupId": f"pg-{digits}", "name": call.id}


def kept_tags() -> tags.Tags:
    """Give the tags of a row that only the ledger keeps: they are what the inputs say."""
    return tags.Tags(get=lambda call, _raw: call.tags, put=lambda _call, _tags: None, cut=lambda _call, _keys: None)


ROWS: Final = (
    Row(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        service="ec2",
        operation="create_launch_template",
        params=_template_params,
        made="LaunchTemplate.LaunchTemplateId",
        look=_look_template,
        show=_show_template,
        settle=(_settle_template,),
        drop=dropped("delete_launch_template", "LaunchTemplateId"),
        refuse=_refuse_template,
        guard=_guard_template,
        tags=tags.ec2_listed(),
        replace_on="name namePrefix",
        aliases={"LaunchTemplateName": "name"},
        within="LaunchTemplateData.",
    ),
    Row(
        type="aws:ec2/placementGroup:PlacementGroup",
        service="ec2",
        operation="create_placement_group",
        params=_group_params,
        make=lambda call: str(call.get("name")),
        look=lambda call: {} if made(call, call.id) else None,
        show=_show_group,
        drop=lambda _call: None,
        refuse=_refuse_group,
        guard=_guard_group,
        tags=kept_tags(),
        replace_on="name strategy partitionCount spreadLevel",
        aliases={"GroupName": "name"},
        fidelity=Fidelity.MODEL_CHECKED,
    ),
)
