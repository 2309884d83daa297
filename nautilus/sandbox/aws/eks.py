"""EKS control planes (CLU-4).

Guarantees that a version exists, that subnets span two zones of one VPC, that roles trust EKS, that keys and groups
exist, and that a protected or inhabited cluster is not deleted. What moto leaves out of a cluster (access, upgrade and
zonal-shift settings, protection, its security group) is put into moto's own state, so that a boto3 client sees it too.
Node groups are beside it, in `node_group`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, policy, tags
from nautilus.sandbox.aws.call import Call, arn, dig, same, send, show
from nautilus.sandbox.aws.iam import no_role, text
from nautilus.sandbox.aws.local_zone import not_offered
from nautilus.sandbox.aws.row import Raw, Row, found, unless_gone
from nautilus.sandbox.aws.vpc import no_group, no_subnet, unsupported, vpc_ranges
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused, Value

VERSIONS: Final = ("1.31", "1.32", "1.33", "1.34", "1.35")
"""Versions that EKS creates clusters with on 2026-11-21, in standard or extended support. Source: EKS user guide,
"Kubernetes version lifecycle" (14 months of standard and 12 of extended support) and endoflife.date, "Amazon EKS"."""
_PLATFORM: Final = "eks.1"
_SERVICE_PREFIX: Final = (12, 24)
"""Smallest and largest prefix of the service range. Source: EKS API reference, KubernetesNetworkConfigRequest."""
_PRIVATE: Final = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def minor(version: str) -> tuple[int, ...]:
    """Give a version such as `1.34` as numbers, so that it can be compared."""
    return tuple(int(part) for part in version.split("."))


def cluster_state(call: Call, name: str) -> Value:
    """Give moto's own state of a cluster of the call's account and region. Raises KeyError for one that is not there."""
    return emulator.backend("eks", call.account, call.region).clusters[name]


_look_cluster = found("describe_cluster", "name", "cluster", "ResourceNotFoundException", one=True)


def cluster(call: Call, name: str) -> Raw | None:
    """Give EKS's description of a cluster, None where there is none."""
    answer = unless_gone(lambda: call.boto("describe_cluster", of="eks", name=name), "ResourceNotFoundException")
    return (answer or {}).get("cluster")


def no_cluster(call: Call) -> Iterator[Problem]:
    """Refuse a cluster that does not exist."""
    if cluster(call, call.get("clusterName")) is None:
        yield Problem(
            path="clusterName", reason=f"no cluster {call.get('clusterName')} in {call.region} of account {call.account}"
        )


def _params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    params = send(
        "name version roleArn vpcConfig=resourcesVpcConfig kubernetesNetworkConfig accessConfig bootstrapSelfManagedAddons "
        "upgradePolicy zonalShiftConfig computeConfig storageConfig deletionProtection",
        same,
    )({"name": UNKNOWN, **inputs})
    if isinstance(inputs.get("vpcConfig"), Mapping):
        params["resourcesVpcConfig"] = {
            name: value for name, value in inputs["vpcConfig"].items() if name not in ("vpcId", "clusterSecurityGroupId")
        }
    if inputs.get("encryptionConfig") is not None:
        params["encryptionConfig"] = [inputs["encryptionConfig"]]
    if inputs.get("enabledClusterLogTypes") is not None:
        params["logging"] = {"clusterLogging": [{"types": inputs["enabledClusterLogTypes"], "enabled": True}]}
    return params


def _make_cluster(call: Call) -> str:
    params = _params(call.inputs)
    call.boto("create_cluster", **{name: value for name, value in params.items() if name in _MOTO})
    call.id = call.get("name")
    state, digits = cluster_state(call, call.id), emulator.digest(call.seed, "oidc")[:32].upper()
    suffix = "amazonaws.com.cn" if call.region.startswith("cn-") else "amazonaws.com"
    state.endpoint = f"https://{digits}.gr7.{call.region}.eks.{suffix}"
    state.identity = {"oidc": {"issuer": f"https://oidc.eks.{call.region}.{suffix}/id/{digits}"}}
    state.platformVersion = _PLATFORM
    vpc = _vpc(call)
    label = f"eks-cluster-sg-{call.id}"
    group = call.boto("create_security_group", of="ec2", GroupName=f"{label}-{digits[:10]}", Description=label, VpcId=vpc)[
        "GroupId"
    ]
    marks = [{"Key": "Name", "Value": label}, {"Key": f"kubernetes.io/cluster/{call.id}", "Value": "owned"}]
    call.boto("create_tags", of="ec2", Resources=[group], Tags=marks)
    state.resources_vpc_config = {**state.resources_vpc_config, "clusterSecurityGroupId": group, "vpcId": vpc}
    return call.id


_MOTO: Final = frozenset(
    {"name", "version", "roleArn", "resourcesVpcConfig", "kubernetesNetworkConfig", "logging", "encryptionConfig"}
)
"""Parameters that moto keeps; the rest goes into its state."""


def _vpc(call: Call) -> str:
    subnets = call.boto("describe_subnets", of="ec2", SubnetIds=call.get("vpcConfig")["subnetIds"])["Subnets"]
    return str(subnets[0]["VpcId"])


def _settle_cluster(call: Call) -> None:
    state, given = cluster_state(call, call.id), call.get("vpcConfig")
    want, have = call.get("version"), state.version
    if want and want != have:
        if not 0 < minor(want)[1] - minor(have)[1] <= 1:
            raise Refused(
                f"unsupported Kubernetes minor version update from {have} to {want}", code="InvalidParameterException"
            )
        state.version = want
    kept = {name: state.resources_vpc_config[name] for name in ("clusterSecurityGroupId", "vpcId")}
    public = given.get("endpointPublicAccess", True)
    state.resources_vpc_config = {
        "endpointPublicAccess": public,
        "endpointPrivateAccess": given.get("endpointPrivateAccess", False),
        "publicAccessCidrs": given.get("publicAccessCidrs") or (["0.0.0.0/0"] if public else []),
        "securityGroupIds": sorted(given.get("securityGroupIds") or ()),
        "subnetIds": sorted(given["subnetIds"]),
        **kept,
    }
    types = call.get("enabledClusterLogTypes", [])
    state.logging = {"clusterLogging": [{"types": sorted(types), "enabled": True}] if types else []}
    state.kubernetes_network_config = {
        "ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16",
        **(call.get("kubernetesNetworkConfig") or {}),
    }  # fmt: skip
    state.access_config = {
        "authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True,
        **(call.get("accessConfig") or {}),
    }  # fmt: skip
    state.upgrade_policy = call.get("upgradePolicy") or {"supportType": "EXTENDED"}
    state.zonal_shift_config = call.get("zonalShiftConfig") or {"enabled": False}
    state.deletion_protection = call.get("deletionProtection", False)


def _show_cluster(_call: Call, raw: Raw) -> dict[str, Any]:
    logs = [
        kind for item in dig(raw, "logging.clusterLogging") or () if item.get("enabled") for kind in item.get("types", ())
    ]
    encryption = raw.get("encryptionConfig") or [None]
    return {
        **show(
            "name arn version roleArn endpoint platformVersion status certificateAuthority vpcConfig=resourcesVpcConfig "
            "kubernetesNetworkConfig accessConfig upgradePolicy zonalShiftConfig deletionProtection",
            same,
        )(raw),
        "createdAt": raw["createdAt"].isoformat(),
        "enabledClusterLogTypes": sorted(logs) or None,
        "encryptionConfig": encryption[0],
        "identities": [{"oidcs": [{"issuer": dig(raw, "identity.oidc.issuer")}]}],
    }


def _drop_cluster(call: Call) -> None:
    raw = _look_cluster(call) or {}
    if raw.get("deletionProtection"):
        raise Refused(f"cluster {call.id} has deletion protection: set it to false first", code="InvalidRequestException")
    call.boto("delete_cluster", name=call.id)
    group = dig(raw, "resourcesVpcConfig.clusterSecurityGroupId")
    if group:
        unless_gone(lambda: call.boto("delete_security_group", of="ec2", GroupId=group))


def _refuse_cluster(call: Call) -> Iterator[Problem]:
    if call.inputs.get("name") is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    version = call.get("version")
    if version is not None and version not in VERSIONS:
        yield Problem(path="version", reason=f"{version!r} is not a version of EKS: {', '.join(VERSIONS)}")
    given = call.get("vpcConfig") or {}
    if isinstance(given, Mapping) and (given.get("endpointPublicAccess"), given.get("endpointPrivateAccess", False)) == (
        False,
        False,
    ):
        yield Problem(path="vpcConfig", reason="private and public endpoint access cannot both be off")
    yield from unsupported(call, "outpostConfig", "remoteNetworkConfig", "controlPlaneScalingConfig")
    yield from _services(call)


def _services(call: Call) -> Iterator[Problem]:
    path = "kubernetesNetworkConfig.serviceIpv4Cidr"
    value = dig(call.get("kubernetesNetworkConfig"), "serviceIpv4Cidr")
    if not isinstance(value, str):
        return
    try:
        block = ipaddress.IPv4Network(value)
    except ValueError:
        yield Problem(path=path, reason=f"{value!r} is not an IPv4 network")
        return
    if not _SERVICE_PREFIX[0] <= block.prefixlen <= _SERVICE_PREFIX[1]:
        yield Problem(path=path, reason=f"{value} must have a prefix of /{_SERVICE_PREFIX[0]} to /{_SERVICE_PREFIX[1]}")
    if not any(block.subnet_of(private) for private in _PRIVATE):
        yield Problem(path=path, reason=f"{value} is not inside a private range (RFC 1918)")


def _guard_cluster(call: Call) -> Iterator[Problem]:
    given = call.get("vpcConfig")
    inner = Call(request=call.request, service="ec2")
    inner.inputs = {name: given.get(name) for name in ("subnetIds", "securityGroupIds")}
    problems = [
        *no_subnet(inner, "subnetIds"),
        *no_group(inner, "securityGroupIds"),
        *not_offered(inner, "subnetIds", "control plane"),
    ]
    yield from (Problem(path=f"vpcConfig.{problem.path}", reason=problem.reason) for problem in problems)
    if not problems:
        yield from _placed(call, given["subnetIds"])
    yield from no_role(call, "roleArn")
    yield from trusts(call, "roleArn", "eks.amazonaws.com")
    key = dig(call.get("encryptionConfig"), "provider.keyArn")
    if key and unless_gone(lambda: call.boto("describe_key", of="kms", KeyId=key), "NotFoundException") is None:
        yield Problem(path="encryptionConfig.provider.keyArn", reason=f"key {key} does not exist in {call.region}")


def _placed(call: Call, ids: list[str]) -> Iterator[Problem]:
    subnets = call.boto("describe_subnets", of="ec2", SubnetIds=ids)["Subnets"]
    if len({subnet["AvailabilityZone"] for subnet in subnets}) < 2:  # noqa: PLR2004 - EKS user guide, "Networking requirements"
        yield Problem(path="vpcConfig.subnetIds", reason="must lie in at least two availability zones")
    vpcs = {subnet["VpcId"] for subnet in subnets}
    if len(vpcs) > 1:
        yield Problem(path="vpcConfig.subnetIds", reason=f"lie in several VPCs: {', '.join(sorted(vpcs))}")
    value = dig(call.get("kubernetesNetworkConfig"), "serviceIpv4Cidr")
    for block in vpc_ranges(call, sorted(vpcs)[0]) or ():
        if value and ipaddress.IPv4Network(value).overlaps(block):
            yield Problem(path="kubernetesNetworkConfig.serviceIpv4Cidr", reason=f"{value} overlaps with {block} of the VPC")


def trusts(call: Call, name: str, service: str, action: str = "sts:AssumeRole") -> Iterator[Problem]:
    """Refuse a role whose trust policy does not let a service assume it. A role that is missing is not this check's."""
    role = str(call.get(name)).rsplit("/", 1)[-1]
    answer = unless_gone(lambda: call.boto("get_role", of="iam", RoleName=role), "NoSuchEntity")
    if answer is None:
        return
    probe = Call(request=call.request, service="iam")
    probe.inputs = {"policy": text(answer["Role"]["AssumeRolePolicyDocument"])}
    if not policy.allows_service(policy.document(probe, "policy"), service, action):
        yield Problem(path=name, reason=f"role {role} does not trust {service} ({action})")


def cluster_arn(call: Call, name: str) -> str:
    """Give the ARN of a cluster of the call's account and region."""
    return arn("eks", call.region, call.account, f"cluster/{name}")


ROWS: Final = (
    Row(
        type="aws:eks/cluster:Cluster",
        service="eks",
        operation="create_cluster",
        params=_params,
        make=_make_cluster,
        look=_look_cluster,
        show=_show_cluster,
        settle=(_settle_cluster,),
        drop=_drop_cluster,
        refuse=_refuse_cluster,
        guard=_guard_cluster,
        guard_updates=True,
        tags=tags.by_arn(lambda call: cluster_arn(call, call.id)),
        defaults={"bootstrapSelfManagedAddons": True},
        kept="createdAt",
        replace_on="name roleArn encryptionConfig kubernetesNetworkConfig bootstrapSelfManagedAddons outpostConfig",
        aliases={"resourcesVpcConfig": "vpcConfig", "logging": "enabledClusterLogTypes"},
    ),
)
