"""IAM policies that stand on their own, in versions.

Guarantees that a document is what IAM takes and of a size it takes, and that a policy in use is not deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.aws import policy, tags
from nautilus.sandbox.aws.call import Call, send, show
from nautilus.sandbox.aws.iam import named, size_problems, text
from nautilus.sandbox.aws.row import Raw, Row, found, normal
from nautilus.sandbox.handler import Problem

_MANAGED_MAX: Final = 6_144
"""Characters, white space not counted. Source: IAM user guide, "IAM and AWS STS quotas"."""
_look_policy = found("get_policy", "PolicyArn", "Policy", "NoSuchEntity", one=True)


def _show_policy(call: Call, raw: Raw) -> dict[str, object]:
    version = call.boto("get_policy_version", PolicyArn=call.id, VersionId=raw["DefaultVersionId"])
    return {
        **show("arn name=PolicyName path policyId attachmentCount")(raw),
        "description": raw.get("Description", ""),
        "policy": text(version["PolicyVersion"]["Document"]),
    }


def _settle_policy(call: Call) -> None:
    raw = _look_policy(call) or {}
    if normal(_show_policy(call, raw)["policy"]) == normal(call.get("policy")):
        return
    versions = call.boto("list_policy_versions", PolicyArn=call.id)["Versions"]
    spare = [item["VersionId"] for item in versions if not item["IsDefaultVersion"]]
    if len(versions) == 5:  # noqa: PLR2004 - IAM keeps five versions of a policy
        call.boto("delete_policy_version", PolicyArn=call.id, VersionId=spare[0])
    call.boto("create_policy_version", PolicyArn=call.id, PolicyDocument=call.get("policy"), SetAsDefault=True)


def _users(call: Call) -> Iterator[str]:
    """Give the roles, users and groups that a policy is attached to."""
    entities = call.boto("list_entities_for_policy", PolicyArn=call.id)
    for kind, name in (("PolicyRoles", "RoleName"), ("PolicyUsers", "UserName"), ("PolicyGroups", "GroupName")):
        yield from (item[name] for item in entities[kind])


def _drop_policy(call: Call) -> None:
    for item in call.boto("list_policy_versions", PolicyArn=call.id)["Versions"]:
        if not item["IsDefaultVersion"]:
            call.boto("delete_policy_version", PolicyArn=call.id, VersionId=item["VersionId"])
    call.boto("delete_policy", PolicyArn=call.id)


def _refuse_policy(call: Call) -> Iterator[Problem]:
    yield from named(call)
    yield from policy.problems(call, "policy", principals=False)
    yield from size_problems(call, "policy", _MANAGED_MAX)


ROWS: Final = (
    Row(
        type="aws:iam/policy:Policy",
        service="iam",
        operation="create_policy",
        params=send("name=PolicyName policy=PolicyDocument path description"),
        made="Policy.Arn",
        look=_look_policy,
        show=_show_policy,
        settle=(_settle_policy,),
        drop=_drop_policy,
        held=_users,
        refuse=_refuse_policy,
        tags=tags.iam("policy", "PolicyArn"),
        defaults={"path": "/"},
        kept="attachmentCount",
        replace_on="name namePrefix path description",
        aliases={"PolicyName": "name", "PolicyDocument": "policy"},
        regional=False,
    ),
)
