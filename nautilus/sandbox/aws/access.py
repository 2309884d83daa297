"""What lives in an EKS cluster from outside: add-ons, access entries and pod identities.

Guarantees that every call passes EKS's own model and that its cluster, roles and entries exist. moto has none of
these, so they are model-checked: the ledger keeps them, and a boto3 client does not see them. They are gone when
their cluster is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.aws.call import Call, Fields, same, send
from nautilus.sandbox.aws.compute import kept_tags
from nautilus.sandbox.aws.eks import cluster, no_cluster, trusts
from nautilus.sandbox.aws.iam import no_role
from nautilus.sandbox.aws.row import Raw, Row, made
from nautilus.sandbox.handler import UNKNOWN, Fidelity, Problem, Value

_ADDONS: Final = frozenset(
    {
        "vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver", "aws-efs-csi-driver", "aws-fsx-csi-driver", "adot",
        "aws-mountpoint-s3-csi-driver", "snapshot-controller", "eks-pod-identity-agent", "amazon-cloudwatch-observability",
        "aws-guardduty-agent", "eks-node-monitoring-agent", "metrics-server", "cert-manager", "external-dns",
        "prometheus-node-exporter",
        "kube-state-metrics", "aws-network-flow-monitoring-agent", "aws-secrets-store-csi-driver-provider",
        "aws-privateca-connector-for-kubernetes",
    }
)  # fmt: skip
"""AWS's own and community add-ons. Source: EKS user guide, "AWS add-ons" and "Community add-ons".
Marketplace add-ons are refused."""
_ADDON_VERSION: Final = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
_POLICIES: Final = frozenset(
    {
        "AmazonEKSAdminPolicy", "AmazonEKSClusterAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSEditPolicy",
        "AmazonEKSViewPolicy",
        "AmazonEKSAutoNodePolicy", "AmazonEKSSecretReaderPolicy",
    }
)  # fmt: skip
"""Source: EKS user guide, "Review access policy permissions"."""
_PRINCIPAL: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+")
_ENTRY: Final = "aws:eks/accessEntry:AccessEntry"


def _parts(*names: str) -> Callable[[Call], str]:
    return lambda call: ":".join(str(call.get(name)) for name in names)


def _there(call: Call) -> Raw | None:
    """Give an empty description while the cluster is there: nothing outlives it."""
    return {} if made(call, call.id) and cluster(call, call.get("clusterName")) is not None else None


def _taken(names: Callable[[Call], str]) -> Callable[[Call], Iterator[Problem]]:
    def guard(call: Call) -> Iterator[Problem]:
        yield from no_cluster(call)
        if made(call, names(call)):
            yield Problem(path="clusterName", reason=f"{names(call)} already exists (ResourceInUseException)")

    return guard


def _json(call: Call, name: str) -> Iterator[Problem]:
    value = call.get(name)
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError as error:
            yield Problem(path=name, reason=f"is not JSON: {error}")


def _refuse_addon(call: Call) -> Iterator[Problem]:
    name, version = call.get("addonName"), call.get("addonVersion")
    if isinstance(name, str) and name not in _ADDONS:
        yield Problem(path="addonName", reason=f"{name!r} is not an add-on of AWS: {', '.join(sorted(_ADDONS))}")
    if isinstance(version, str) and not _ADDON_VERSION.fullmatch(version):
        yield Problem(path="addonVersion", reason=f"{version!r} is not of the form v1.2.3-eksbuild.1")
    yield from _json(call, "configurationValues")
    if call.get("resolveConflictsOnCreate") == "PRESERVE":
        yield Problem(path="resolveConflictsOnCreate", reason="PRESERVE is for updates only")


_addon_name = _parts("clusterName", "addonName")
_addon_taken = _taken(_addon_name)


def _guard_addon(call: Call) -> Iterator[Problem]:
    yield from _addon_taken(call)
    for index, item in enumerate(call.get("podIdentityAssociations", [])):
        path = f"podIdentityAssociations[{index}].roleArn"
        probe = Call(request=call.request, service="eks")
        probe.inputs = {path: item["roleArn"]}
        yield from no_role(probe, path)
        yield from trusts(probe, path, "pods.eks.amazonaws.com")


def _show_addon(call: Call, _raw: Raw) -> dict[str, object]:
    digits = emulator.digest(call.seed)
    identity = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"
    version = cluster(call, call.get("clusterName")) or {}
    return {
        "arn": call.arn(f"addon/{call.get('clusterName')}/{call.get('addonName')}/{identity}"),
        "addonVersion": call.get("addonVersion") or f"v{version.get('version', '1.0')}.0-eksbuild.1",
        "createdAt": _epoch(call),
        "modifiedAt": _epoch(call),
    }


def _epoch(call: Call) -> str:
    """Give the cluster's creation as the date of what it holds: the ledger keeps no clock."""
    return str((cluster(call, call.get("clusterName")) or {})["createdAt"].isoformat())


def _addon_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return send(
        "clusterName addonName addonVersion serviceAccountRoleArn resolveConflictsOnCreate=resolveConflicts "
        "configurationValues podIdentityAssociations namespaceConfig",
        same,
    )(inputs)


def _refuse_principal(call: Call) -> Iterator[Problem]:
    principal = call.get("principalArn")
    if isinstance(principal, str) and not _PRINCIPAL.fullmatch(principal):
        yield Problem(path="principalArn", reason=f"{principal!r} is not the ARN of an IAM role or user")


def _refuse_entry(call: Call) -> Iterator[Problem]:
    yield from _refuse_principal(call)
    if call.get("type", "STANDARD") != "STANDARD" and call.get("kubernetesGroups"):
        yield Problem(path="kubernetesGroups", reason="is only for entries of type STANDARD")
    for group in call.get("kubernetesGroups", []):
        if isinstance(group, str) and group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:")):
            yield Problem(path="kubernetesGroups", reason=f"{group!r} starts with a reserved prefix")


_entry_name = _parts("clusterName", "principalArn")
_entry_taken = _taken(_entry_name)


def _guard_entry(call: Call) -> Iterator[Problem]:
    yield from _entry_taken(call)
    home = cluster(call, call.get("clusterName")) or {}
    if (home.get("accessConfig") or {}).get("authenticationMode") == "CONFIG_MAP":
        yield Problem(path="clusterName", reason="the cluster's authentication mode CONFIG_MAP takes no access entries")


def _show_entry(call: Call, _raw: Raw) -> dict[str, object]:
    kind, account, name = _principal_parts(call.get("principalArn"))
    digits = emulator.digest(call.seed)[:32]
    return {
        "accessEntryArn": call.arn(f"access-entry/{call.get('clusterName')}/{kind}/{account}/{name}/{digits}"),
        "userName": call.get("userName") or call.get("principalArn"),
        "type": call.get("type", "STANDARD"),
        "createdAt": _epoch(call),
        "modifiedAt": _epoch(call),
    }


def _principal_parts(principal: str) -> tuple[str, str, str]:
    account, resource = principal.split(":")[4:6]
    return resource.split("/")[0], account, resource.rsplit("/", 1)[-1]


def _refuse_association(call: Call) -> Iterator[Problem]:
    yield from _refuse_principal(call)
    arn = call.get("policyArn")
    if isinstance(arn, str) and (":eks::aws:cluster-access-policy/" not in arn or arn.rsplit("/", 1)[-1] not in _POLICIES):
        yield Problem(path="policyArn", reason=f"{arn!r} is not an access policy of EKS: {', '.join(sorted(_POLICIES))}")
    scope = call.get("accessScope") or {}
    if (
        isinstance(scope, Mapping)
        and scope.get("type") is not UNKNOWN
        and (scope.get("type") == "namespace") != bool(scope.get("namespaces"))
    ):
        yield Problem(path="accessScope.namespaces", reason="is required with type namespace, and only there")


def _association_id(call: Call) -> str:
    """Give the provider's id of an association, whose parts hold colons themselves."""
    return "#".join(str(call.get(name)) for name in ("clusterName", "principalArn", "policyArn"))


_association_taken = _taken(_association_id)


def _guard_association(call: Call) -> Iterator[Problem]:
    yield from _association_taken(call)
    if not made(call, _entry_name(call)):
        yield Problem(
            path="principalArn", reason=f"{call.get('principalArn')} has no access entry in {call.get('clusterName')}"
        )


_identity_name = _parts("clusterName", "namespace", "serviceAccount")


def _make_identity(call: Call) -> str:
    return f"a-{emulator.digest(call.seed)[:18]}"


def _guard_identity(call: Call) -> Iterator[Problem]:
    yield from no_cluster(call)
    yield from no_role(call, "roleArn")
    yield from trusts(call, "roleArn", "pods.eks.amazonaws.com")
    for other in call.request.among("aws:eks/podIdentityAssociation:PodIdentityAssociation"):
        if all(other.get(name) == call.get(name) for name in ("clusterName", "namespace", "serviceAccount")):
            yield Problem(path="serviceAccount", reason=f"{_identity_name(call)} already has an association")


def _show_identity(call: Call, _raw: Raw) -> dict[str, object]:
    return {
        "associationId": call.id,
        "associationArn": call.arn(f"podidentityassociation/{call.get('clusterName')}/{call.id}"),
    }


def _kept(kind: str, operation: str, params: Fields, make: Callable[[Call], str], **more: Value) -> Row:
    """Give a row of something that only the ledger keeps."""
    return Row(
        type=kind,
        service="eks",
        operation=operation,
        params=params,
        make=make,
        identify=None if make is _make_identity else make,
        look=_there,
        drop=lambda _call: None,
        fidelity=Fidelity.MODEL_CHECKED,
        **more,
    )


ROWS: Final = (
    _kept(
        "aws:eks/addon:Addon",
        "create_addon",
        _addon_params,
        _addon_name,
        show=_show_addon,
        refuse=_refuse_addon,
        guard=_guard_addon,
        tags=kept_tags(),
        defaults={"preserve": False},
        kept="createdAt modifiedAt",
        replace_on="clusterName addonName",
        aliases={"resolveConflicts": "resolveConflictsOnCreate"},
    ),
    _kept(
        _ENTRY,
        "create_access_entry",
        send("clusterName principalArn kubernetesGroups userName=username type", same),
        _entry_name,
        show=_show_entry,
        refuse=_refuse_entry,
        guard=_guard_entry,
        tags=kept_tags(),
        kept="createdAt modifiedAt",
        replace_on="clusterName principalArn type",
        aliases={"username": "userName"},
    ),
    _kept(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "associate_access_policy",
        send("clusterName principalArn policyArn accessScope", same),
        _association_id,
        show=lambda call, _raw: {"associatedAt": _epoch(call), "modifiedAt": _epoch(call)},
        refuse=_refuse_association,
        guard=_guard_association,
        kept="associatedAt modifiedAt",
        replace_on="clusterName principalArn policyArn accessScope",
    ),
    _kept(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "create_pod_identity_association",
        send("clusterName namespace serviceAccount roleArn disableSessionTags targetRoleArn", same),
        _make_identity,
        show=_show_identity,
        guard=_guard_identity,
        tags=kept_tags(),
        replace_on="clusterName namespace serviceAccount",
    ),
)
