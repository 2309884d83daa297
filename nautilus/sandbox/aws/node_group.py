"""EKS managed node groups (CLU-4).

Guarantees that a group's cluster, subnets, role and launch template exist and fit together, that its version is none
newer than the cluster's, and that its bounds hold. What moto leaves out of a group is put into moto's own state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import tags
from nautilus.sandbox.aws.call import Call, dig, same, send, show
from nautilus.sandbox.aws.eks import VERSIONS, cluster, cluster_state, minor, no_cluster, trusts
from nautilus.sandbox.aws.iam import no_role
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.vpc import no_subnet, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Value


def _group_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return send(
        "clusterName nodeGroupName=nodegroupName nodeRoleArn=nodeRole subnetIds=subnets scalingConfig amiType capacityType "
        "diskSize instanceTypes labels launchTemplate remoteAccess taints updateConfig nodeRepairConfig version "
        "releaseVersion",
        same,
    )({"nodeGroupName": UNKNOWN, **inputs})


def _look_group(call: Call) -> Raw | None:
    name, _, group = call.id.partition(":")
    answer = unless_gone(
        lambda: call.boto("describe_nodegroup", clusterName=name, nodegroupName=group), "ResourceNotFoundException"
    )
    return (answer or {}).get("nodegroup") if group else None


def _group_state(call: Call) -> Value:
    name, _, group = call.id.partition(":")
    return cluster_state(call, name).nodegroups[group]


def _group_id(call: Call) -> str:
    return f"{call.get('clusterName')}:{call.get('nodeGroupName')}"


def _make_group(call: Call) -> str:
    call.boto("create_nodegroup", **_group_params(call.inputs))
    call.id = _group_id(call)
    if not call.get("version"):
        _group_state(call).version = cluster_state(call, call.get("clusterName")).version
    return call.id


def _settle_group(call: Call) -> None:
    state = _group_state(call)
    state.labels, state.taints = dict(call.get("labels", {})), [dict(taint) for taint in call.get("taints", [])]
    state.scaling_config, state.update_config = (
        dict(call.get("scalingConfig")),
        call.get("updateConfig") or {"maxUnavailable": 1},
    )
    state.node_repair_config = call.get("nodeRepairConfig") or {"enabled": False}
    state.ami_type = call.get("amiType", "AL2023_x86_64_STANDARD")
    if call.get("version"):
        state.version = call.get("version")
    state.release_version = call.get("releaseVersion") or f"{state.version}.0-20261101"
    if template := call.get("launchTemplate"):
        name = _template(call, template)["LaunchTemplateName"]
        state.launch_template = {"name": name, **template}
        state.disk_size, state.remote_access = None, None
        if not call.get("instanceTypes"):
            state.instance_types = []


def _template(call: Call, given: Mapping[str, Any]) -> Mapping[str, Any]:
    ids = {"LaunchTemplateIds": [given["id"]]} if given.get("id") else {"LaunchTemplateNames": [given.get("name")]}
    answer = unless_gone(lambda: call.boto("describe_launch_templates", of="ec2", **ids))
    return dig(answer, "LaunchTemplates.0") or {}


def _show_group(call: Call, raw: Raw) -> dict[str, Any]:
    shown = show(
        "clusterName nodeGroupName=nodegroupName nodeRoleArn=nodeRole subnetIds=subnets scalingConfig amiType capacityType "
        "diskSize instanceTypes launchTemplate updateConfig nodeRepairConfig version releaseVersion status arn=nodegroupArn",
        same,
    )(raw)
    resources = raw.get("resources") or {}
    shown["resources"] = [
        {
            "autoscalingGroups": resources.get("autoScalingGroups", []),
            "remoteAccessSecurityGroupId": resources.get("remoteAccessSecurityGroup", ""),
        }
    ]
    for name in ("labels", "taints"):
        shown[name] = raw.get(name) or (call.get(name) if call.get(name) == {} or call.get(name) == [] else None)
    return shown | ({} if "instanceTypes" in call.inputs or raw.get("instanceTypes") else {"instanceTypes": []})


def _refuse_group(call: Call) -> Iterator[Problem]:
    if call.inputs.get("nodeGroupName") is None:
        yield Problem(path="nodeGroupName", reason="is required: the sandbox makes up no names")
    scaling = call.get("scalingConfig") or {}
    low, want, high = (scaling.get(name, UNKNOWN) for name in ("minSize", "desiredSize", "maxSize"))
    if UNKNOWN not in (low, want, high) and not (0 <= low <= want <= high and high >= 1):
        yield Problem(
            path="scalingConfig",
            reason=f"needs minSize {low} <= desiredSize {want} <= maxSize {high}, and maxSize of at least 1",
        )
    update = call.get("updateConfig")
    if (
        isinstance(update, Mapping)
        and len([name for name in ("maxUnavailable", "maxUnavailablePercentage") if update.get(name)]) != 1
    ):
        yield Problem(path="updateConfig", reason="has exactly one of maxUnavailable and maxUnavailablePercentage")
    version = call.get("version")
    if version is not None and version not in VERSIONS:
        yield Problem(path="version", reason=f"{version!r} is not a version of EKS: {', '.join(VERSIONS)}")
    if call.inputs.get("launchTemplate") is not None:
        for name in ("diskSize", "remoteAccess"):
            if call.inputs.get(name) is not None:
                yield Problem(path=name, reason="must be set in the launch template instead")
    yield from unsupported(call, "warmPoolConfig")


def _guard_group(call: Call) -> Iterator[Problem]:
    yield from no_cluster(call)
    yield from no_subnet(call, "subnetIds")
    yield from no_role(call, "nodeRoleArn")
    yield from trusts(call, "nodeRoleArn", "ec2.amazonaws.com")
    home = cluster(call, call.get("clusterName")) or {}
    version = call.get("version")
    if version and home and minor(version) > minor(home["version"]):
        yield Problem(path="version", reason=f"{version} is newer than the cluster's {home['version']}")
    vpc = dig(home, "resourcesVpcConfig.vpcId")
    for subnet in call.get("subnetIds", []):
        answer = unless_gone(lambda subnet=subnet: call.boto("describe_subnets", of="ec2", SubnetIds=[subnet]))  # type: ignore[misc]
        if vpc and answer and dig(answer, "Subnets.0.VpcId") != vpc:
            yield Problem(path="subnetIds", reason=f"{subnet} is not in {vpc}, the cluster's VPC")
    if given := call.get("launchTemplate"):
        yield from _no_template(call, given)


def _no_template(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    raw = _template(call, given)
    version = str(given.get("version"))
    if not raw:
        yield Problem(
            path="launchTemplate", reason=f"template {given.get('id') or given.get('name')} does not exist in {call.region}"
        )
        return
    if version.isdigit() and int(version) > raw["LatestVersionNumber"]:
        yield Problem(
            path="launchTemplate.version", reason=f"{version} does not exist; the latest is {raw['LatestVersionNumber']}"
        )
        return
    versions = call.boto(
        "describe_launch_template_versions", of="ec2", LaunchTemplateId=raw["LaunchTemplateId"], Versions=[version]
    )
    inner = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    if call.get("instanceTypes") and inner.get("InstanceType"):
        yield Problem(path="instanceTypes", reason="is set in the launch template as well: only one of both may be")
    if inner.get("SecurityGroupIds") and inner.get("NetworkInterfaces"):
        yield Problem(path="launchTemplate", reason="has security groups both at its top and in its network interfaces")
    for member in ("IamInstanceProfile", "HibernationOptions"):
        if inner.get(member):
            yield Problem(path="launchTemplate", reason=f"has {member}, which a managed node group does not allow")


def _group_tags(call: Call, new: Mapping[str, str]) -> None:
    _group_state(call).tags = {**(_group_state(call).tags or {}), **new}


def _group_cut(call: Call, keys: list[str]) -> None:
    _group_state(call).tags = {name: value for name, value in _group_state(call).tags.items() if name not in keys}


def _drop_group(call: Call) -> None:
    name, _, group = call.id.partition(":")
    call.boto("delete_nodegroup", clusterName=name, nodegroupName=group)


ROWS: Final = (
    Row(
        type="aws:eks/nodeGroup:NodeGroup",
        service="eks",
        operation="create_nodegroup",
        params=_group_params,
        identify=_group_id,
        make=_make_group,
        look=_look_group,
        show=_show_group,
        settle=(_settle_group,),
        drop=_drop_group,
        refuse=_refuse_group,
        guard=_guard_group,
        guard_updates=True,
        tags=tags.Tags(get=lambda _call, raw: raw.get("tags") or {}, put=_group_tags, cut=_group_cut),
        replace_on=(
            "clusterName nodeGroupName nodeGroupNamePrefix nodeRoleArn subnetIds amiType capacityType diskSize "
            "instanceTypes remoteAccess"
        ),
        aliases={"nodegroupName": "nodeGroupName", "nodeRole": "nodeRoleArn", "subnets": "subnetIds"},
    ),
)
