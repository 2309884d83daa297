"""Roles: their trust, inline policies, attachments, instance profiles, and the roles of services.

Guarantees that names, paths and documents are what IAM takes, that a role or policy exists before something is attached
to it, and that a role with anything attached is not deleted. Does not evaluate permissions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import policy, tags
from nautilus.sandbox.aws.call import Call, send, show
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, normal, unless_gone
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_INLINE_MAX: Final = 10_240
"""Characters, white space not counted. Source: IAM user guide, "IAM and AWS STS quotas"."""
_look_role = found("get_role", "RoleName", "Role", "NoSuchEntity", one=True)
_look_profile = found("get_instance_profile", "InstanceProfileName", "InstanceProfile", "NoSuchEntity", one=True)


def text(document: Value) -> str:
    """Give a document of moto's answers, parsed or not, as JSON text."""
    return document if isinstance(document, str) else json.dumps(document)


def named(call: Call) -> Iterator[Problem]:
    """Refuse a resource without its physical name."""
    if call.inputs.get("name") is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")


def no_role(call: Call, name: str, value: str | None = None) -> Iterator[Problem]:
    """Refuse a role that does not exist; the input holds its name or its ARN."""
    given = value or call.get(name)
    role = str(given).rsplit("/", 1)[-1]
    foreign = str(given).startswith("arn:") and f"::{call.account}:" not in str(given)
    if foreign or unless_gone(lambda: call.boto("get_role", of="iam", RoleName=role), "NoSuchEntity") is None:
        yield Problem(path=name, reason=f"role {given} does not exist in account {call.account}")


def size_problems(call: Call, name: str, limit: int) -> Iterator[Problem]:
    """Refuse a document of more characters than a limit; white space is not counted, as IAM does not."""
    value = call.get(name)
    size = len("".join(value.split())) if isinstance(value, str) else 0
    if size > limit:
        yield Problem(path=name, reason=f"has {size} characters; IAM allows {limit}")


def _show_role(_call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("arn name=RoleName path description maxSessionDuration uniqueId=RoleId")(raw),
        "permissionsBoundary": (raw.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn"),
        "assumeRolePolicy": text(raw["AssumeRolePolicyDocument"]),
        "createDate": raw["CreateDate"].isoformat(),
    }


def _settle_role(call: Call) -> None:
    raw = _look_role(call) or {}
    trust = call.get("assumeRolePolicy")
    if normal(text(raw["AssumeRolePolicyDocument"])) != normal(trust):
        call.boto("update_assume_role_policy", RoleName=call.id, PolicyDocument=trust)
    duration = call.get("maxSessionDuration", 3600)
    if (raw.get("Description", ""), raw.get("MaxSessionDuration")) != (call.get("description", ""), duration):
        call.boto("update_role", RoleName=call.id, Description=call.get("description", ""), MaxSessionDuration=duration)


def _refuse_role(call: Call) -> Iterator[Problem]:
    yield from named(call)
    yield from policy.problems(call, "assumeRolePolicy", principals=True, resources=False)
    for name in ("inlinePolicies", "managedPolicyArns"):
        if call.get(name):
            yield Problem(path=name, reason="is not offered by the sandbox: use a policy or attachment resource")


def _look_inline(call: Call) -> Raw | None:
    role, _, name = call.id.partition(":")
    return (
        unless_gone(lambda: call.boto("get_role_policy", RoleName=role, PolicyName=name), "NoSuchEntity") if name else None
    )


def _put_inline(call: Call) -> str:
    call.boto("put_role_policy", **_inline_params(call.inputs))
    return f"{call.get('role')}:{call.get('name')}"


def _inline_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"RoleName": inputs["role"], "PolicyName": inputs.get("name", UNKNOWN), "PolicyDocument": inputs["policy"]}


def _refuse_inline(call: Call) -> Iterator[Problem]:
    yield from named(call)
    yield from policy.problems(call, "policy", principals=False)
    yield from size_problems(call, "policy", _INLINE_MAX)


def _guard_inline(call: Call) -> Iterator[Problem]:
    yield from no_role(call, "role")
    name = call.get("name")
    if unless_gone(lambda: call.boto("get_role_policy", RoleName=call.get("role"), PolicyName=name), "NoSuchEntity"):
        yield Problem(path="name", reason=f"role {call.get('role')} already has an inline policy {name}")


def _attached(call: Call) -> Raw | None:
    role, arn = call.get("role"), call.get("policyArn")
    answer = unless_gone(lambda: call.boto("list_attached_role_policies", RoleName=role), "NoSuchEntity")
    found_policies = (answer or {}).get("AttachedPolicies", ())
    return next((item for item in found_policies if item["PolicyArn"] == arn), None)


def _attach(call: Call) -> str:
    call.boto("attach_role_policy", **send("role=RoleName policyArn")(call.inputs))
    return f"{call.get('role')}/{call.get('policyArn')}"


def _guard_attachment(call: Call) -> Iterator[Problem]:
    yield from no_role(call, "role")
    arn = call.get("policyArn")
    if unless_gone(lambda: call.boto("get_policy", PolicyArn=arn), "NoSuchEntity") is None:
        yield Problem(path="policyArn", reason=f"policy {arn} does not exist or is not attachable")


def _show_profile(_call: Call, raw: Raw) -> dict[str, object]:
    roles = [role["RoleName"] for role in raw["Roles"]]
    return {
        **show("arn name=InstanceProfileName path uniqueId=InstanceProfileId")(raw),
        "role": roles[0] if roles else None,
        "createDate": raw["CreateDate"].isoformat(),
    }


def _settle_profile(call: Call) -> None:
    live = [role["RoleName"] for role in (_look_profile(call) or {})["Roles"]]
    want = [call.get("role")] if call.get("role") else []
    for role in (item for item in live if item not in want):
        call.boto("remove_role_from_instance_profile", InstanceProfileName=call.id, RoleName=role)
    for role in (item for item in want if item not in live):
        call.boto("add_role_to_instance_profile", InstanceProfileName=call.id, RoleName=role)


def _drop_profile(call: Call) -> None:
    for role in (_look_profile(call) or {})["Roles"]:
        call.boto("remove_role_from_instance_profile", InstanceProfileName=call.id, RoleName=role["RoleName"])
    call.boto("delete_instance_profile", InstanceProfileName=call.id)


def _guard_profile(call: Call) -> Iterator[Problem]:
    if call.get("role"):
        yield from no_role(call, "role")


def _make_linked(call: Call) -> str:
    answer = call.boto(
        "create_service_linked_role", **send("awsServiceName=AWSServiceName customSuffix description")(call.inputs)
    )
    return str(answer["Role"]["Arn"])


def _look_linked(call: Call) -> Raw | None:
    name = call.id.rsplit("/", 1)[-1]
    answer = unless_gone(lambda: call.boto("get_role", RoleName=name), "NoSuchEntity") if name else None
    return (answer or {}).get("Role")


def _linked_tags() -> tags.Tags:
    by_name = tags.iam("role", "RoleName")

    def role(call: Call) -> Call:
        return Call(request=call.request, service="iam", id=call.id.rsplit("/", 1)[-1])

    return tags.Tags(
        get=lambda call, raw: by_name.get(role(call), raw),
        put=lambda call, new: by_name.put(role(call), new),
        cut=lambda call, keys: by_name.cut(role(call), keys),
    )


ROWS: Final = (
    Row(
        type="aws:iam/role:Role",
        service="iam",
        operation="create_role",
        params=send(
            "name=RoleName assumeRolePolicy=AssumeRolePolicyDocument path description maxSessionDuration permissionsBoundary"
        ),
        made="Role.RoleName",
        look=_look_role,
        show=_show_role,
        settle=(_settle_role,),
        drop=dropped("delete_role", "RoleName"),
        refuse=_refuse_role,
        tags=tags.iam("role", "RoleName"),
        defaults={"forceDetachPolicies": False, "path": "/", "maxSessionDuration": 3600},
        kept="createDate",
        replace_on="name namePrefix path",
        aliases={"RoleName": "name", "AssumeRolePolicyDocument": "assumeRolePolicy"},
        regional=False,
    ),
    Row(
        type="aws:iam/rolePolicy:RolePolicy",
        service="iam",
        operation="put_role_policy",
        params=_inline_params,
        make=_put_inline,
        look=_look_inline,
        show=lambda _call, raw: {
            "role": raw["RoleName"],
            "name": raw["PolicyName"],
            "policy": text(raw["PolicyDocument"]),
        },
        settle=(lambda call: call.boto("put_role_policy", **_inline_params(call.inputs)),),
        drop=lambda call: call.boto("delete_role_policy", RoleName=call.id.split(":")[0], PolicyName=call.id.split(":")[1]),
        refuse=_refuse_inline,
        guard=_guard_inline,
        replace_on="role name namePrefix",
        aliases={"RoleName": "role", "PolicyName": "name", "PolicyDocument": "policy"},
        regional=False,
    ),
    Row(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        service="iam",
        operation="attach_role_policy",
        params=send("role=RoleName policyArn"),
        make=_attach,
        look=_attached,
        show=lambda _call, raw: {"policyArn": raw["PolicyArn"]},
        drop=lambda call: call.boto("detach_role_policy", RoleName=call.get("role"), PolicyArn=call.get("policyArn")),
        guard=_guard_attachment,
        replace_on="role policyArn",
        aliases={"RoleName": "role"},
        regional=False,
    ),
    Row(
        type="aws:iam/instanceProfile:InstanceProfile",
        service="iam",
        operation="create_instance_profile",
        params=send("name=InstanceProfileName path"),
        made="InstanceProfile.InstanceProfileName",
        look=_look_profile,
        show=_show_profile,
        settle=(_settle_profile,),
        drop=_drop_profile,
        refuse=named,
        guard=_guard_profile,
        guard_updates=True,
        tags=tags.iam_shown("instance_profile", "InstanceProfileName"),
        defaults={"path": "/"},
        kept="createDate",
        replace_on="name namePrefix path",
        aliases={"InstanceProfileName": "name"},
        regional=False,
    ),
    Row(
        type="aws:iam/serviceLinkedRole:ServiceLinkedRole",
        service="iam",
        operation="create_service_linked_role",
        params=send("awsServiceName=AWSServiceName customSuffix description"),
        make=_make_linked,
        look=_look_linked,
        show=lambda _call, raw: {
            **show("arn name=RoleName path uniqueId=RoleId description")(raw),
            "createDate": raw["CreateDate"].isoformat(),
        },
        drop=lambda call: call.boto("delete_role", RoleName=call.id.rsplit("/", 1)[-1]),
        tags=_linked_tags(),
        kept="createDate",
        replace_on="awsServiceName customSuffix",
        aliases={"AWSServiceName": "awsServiceName"},
        regional=False,
    ),
)
