"""Keys, their aliases and replicas (KEY-1).

Guarantees that a rotation period is kept, that a key policy does not lock its account out nor name malformed principals, and
that only a multi-Region key is replicated. Deleting a key schedules its deletion, as AWS does; the key is then gone for
Pulumi and stays in moto as PendingDeletion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from nautilus.sandbox.aws import policy, tags
from nautilus.sandbox.aws.call import Call, show
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Problem, Refused, Value

_ROTATION_DAYS: Final = (90, 2560)
_WINDOW_DAYS: Final = (7, 30)
"""Source: KMS API reference, EnableKeyRotation and ScheduleKeyDeletion."""
_DEFAULT_PERIOD: Final = 365
_ALIAS: Final = "alias/"
_PRINCIPAL: Final = re.compile(
    r"\d{12}|arn:aws[a-z-]*:(iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)|sts::\d{12}:assumed-role/[\w+=,.@/-]+)"
)


def _look_key(call: Call) -> Raw | None:
    answer = unless_gone(lambda: call.boto("describe_key", KeyId=call.id), "NotFoundException") if call.id else None
    raw = (answer or {}).get("KeyMetadata")
    return raw if raw and raw["KeyState"] != "PendingDeletion" else None


def _params(inputs: Value) -> dict[str, Any]:
    spec = inputs.get("customerMasterKeySpec")
    names = {
        "Description": inputs.get("description"),
        "Policy": inputs.get("policy"),
        "KeyUsage": inputs.get("keyUsage"),
        "KeySpec": spec,
        "MultiRegion": inputs.get("multiRegion"),
        "BypassPolicyLockoutSafetyCheck": inputs.get("bypassPolicyLockoutSafetyCheck"),
    }
    return {name: value for name, value in names.items() if value is not None}


def _show_key(call: Call, raw: Raw) -> dict[str, object]:
    rotation = call.boto("get_key_rotation_status", KeyId=call.id)
    return {
        **show("arn keyId description keyUsage customerMasterKeySpec=KeySpec isEnabled=Enabled")(raw),
        "multiRegion": raw.get("MultiRegion", False),
        "policy": call.boto("get_key_policy", KeyId=call.id, PolicyName="default")["Policy"],
        "enableKeyRotation": rotation["KeyRotationEnabled"],
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
    }


def _settle_key(call: Call) -> None:
    raw = _look_key(call) or {}
    if call.get("policy") is not None:
        call.boto("put_key_policy", KeyId=call.id, PolicyName="default", Policy=call.get("policy"))
    if raw["Description"] != call.get("description", ""):
        call.boto("update_key_description", KeyId=call.id, Description=call.get("description", ""))
    if call.get("enableKeyRotation"):
        period = call.get("rotationPeriodInDays", _DEFAULT_PERIOD)
        call.boto("enable_key_rotation", KeyId=call.id, RotationPeriodInDays=period)
    elif raw["KeySpec"] == "SYMMETRIC_DEFAULT":
        call.boto("disable_key_rotation", KeyId=call.id)
    if raw["Enabled"] != call.get("isEnabled", True):
        call.boto("enable_key" if call.get("isEnabled", True) else "disable_key", KeyId=call.id)


def _drop_key(call: Call) -> None:
    window = call.get("deletionWindowInDays", _WINDOW_DAYS[1])
    call.boto("schedule_key_deletion", KeyId=call.id, PendingWindowInDays=window)


def _refuse_key(call: Call) -> Iterator[Problem]:
    yield from policy.problems(call, "policy", principals=True)
    yield from unsupported(call, "customKeyStoreId", "xksKeyId")
    yield from _window(call)
    period = call.get("rotationPeriodInDays")
    if isinstance(period, int) and not _ROTATION_DAYS[0] <= period <= _ROTATION_DAYS[1]:
        yield Problem(path="rotationPeriodInDays", reason=f"{period} is not {_ROTATION_DAYS[0]} to {_ROTATION_DAYS[1]} days")
    if period is not None and call.inputs.get("enableKeyRotation") in (None, False):
        yield Problem(path="rotationPeriodInDays", reason="needs enableKeyRotation to be true")
    if call.get("enableKeyRotation") and call.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        yield Problem(path="enableKeyRotation", reason="is only possible with a symmetric encryption key")
    parsed = policy.document(call, "policy")
    yield from _principals(parsed)
    if parsed is not None and not call.get("bypassPolicyLockoutSafetyCheck") and call.request.target.account:
        yield from _lockout(call, parsed)


def _lockout(call: Call, parsed: Value) -> Iterator[Problem]:
    """Refuse a policy under which nobody of the account may change it again."""
    prefix = f":iam::{call.account}:"
    for statement in policy.statements(parsed):
        principal = statement.get("Principal")
        named = policy.many(principal.get("AWS") if isinstance(principal, dict) else principal)
        ours = any(item in ("*", call.account) or prefix in item for item in named)
        if (
            statement.get("Effect") == "Allow"
            and ours
            and policy.covers(policy.many(statement.get("Action")), "kms:PutKeyPolicy")
        ):
            return
    yield Problem(
        path="policy",
        reason=f"nobody of account {call.account} could update this key policy later (MalformedPolicyDocumentException)",
    )


def _window(call: Call) -> Iterator[Problem]:
    window = call.get("deletionWindowInDays")
    if isinstance(window, int) and not _WINDOW_DAYS[0] <= window <= _WINDOW_DAYS[1]:
        yield Problem(path="deletionWindowInDays", reason=f"{window} is not {_WINDOW_DAYS[0]} to {_WINDOW_DAYS[1]} days")


def _principals(parsed: Value) -> Iterator[Problem]:
    """Refuse principals that AWS cannot resolve by their form; roles made outside the sandbox are taken to exist."""
    for principal in policy.aws_principals(parsed):
        if principal != "*" and not _PRINCIPAL.fullmatch(principal):
            yield Problem(path="policy", reason=f"principal {principal!r} is no account, root, role or user")


def _make_alias(call: Call) -> str:
    name = call.get("name")
    call.boto("create_alias", AliasName=name, TargetKeyId=call.get("targetKeyId"))
    return str(name)


def _look_alias(call: Call) -> Raw | None:
    pages = call.boto("list_aliases", Limit=1000)["Aliases"]
    return next((alias for alias in pages if alias["AliasName"] == call.id), None)


def _show_alias(call: Call, raw: Raw) -> dict[str, object]:
    given = call.get("targetKeyId")
    key = call.arn(f"key/{raw['TargetKeyId']}")
    return {
        "name": raw["AliasName"],
        "arn": raw["AliasArn"],
        "targetKeyId": given if given in (key, raw["TargetKeyId"]) else raw["TargetKeyId"],
        "targetKeyArn": key,
    }


def _settle_alias(call: Call) -> None:
    call.boto("update_alias", AliasName=call.id, TargetKeyId=call.get("targetKeyId"))


def _refuse_alias(call: Call) -> Iterator[Problem]:
    name = call.inputs.get("name")
    if name is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    elif isinstance(name, str) and (not name.startswith(_ALIAS) or name.startswith(f"{_ALIAS}aws/")):
        yield Problem(path="name", reason=f"{name!r} must start with {_ALIAS} and not with {_ALIAS}aws/")


def _guard_alias(call: Call) -> Iterator[Problem]:
    target = call.get("targetKeyId")
    if unless_gone(lambda: call.boto("describe_key", KeyId=target), "NotFoundException") is None:
        yield Problem(path="targetKeyId", reason=f"key {target} does not exist in {call.region} of account {call.account}")


def _make_replica(call: Call) -> str:
    primary = call.get("primaryKeyArn").split(":")
    source = Call(request=_elsewhere(call, primary[3]), service="kms")
    answer = source.boto("replicate_key", KeyId=primary[5].removeprefix("key/"), ReplicaRegion=call.region)
    return str(answer["ReplicaKeyMetadata"]["KeyId"])


def _elsewhere(call: Call, region: str) -> Value:
    return replace(call.request, inputs={"region": region})


def _refuse_replica(call: Call) -> Iterator[Problem]:
    yield from policy.problems(call, "policy", principals=True)
    yield from _window(call)
    arn = call.get("primaryKeyArn")
    if isinstance(arn, str) and not arn.rpartition("key/")[2].startswith("mrk-"):
        yield Problem(path="primaryKeyArn", reason=f"{arn} is not a multi-Region key")
    elif isinstance(arn, str) and call.request.target.region and arn.split(":")[3] == call.region:
        yield Problem(path="primaryKeyArn", reason=f"the primary key is in {call.region}, where its replica would be")


def _guard_replica(call: Call) -> Iterator[Problem]:
    primary = call.get("primaryKeyArn").split(":")
    source = Call(request=_elsewhere(call, primary[3]), service="kms")
    if unless_gone(lambda: source.boto("describe_key", KeyId=primary[5].removeprefix("key/")), "NotFoundException") is None:
        yield Problem(path="primaryKeyArn", reason=f"key {call.get('primaryKeyArn')} does not exist")


def _show_replica(call: Call, raw: Raw) -> dict[str, object]:
    shown = _show_key(call, raw)
    return {
        **{name: shown[name] for name in ("arn", "keyId", "description", "policy", "keyUsage")},
        "enabled": raw["Enabled"],
        "keySpec": raw["KeySpec"],
        "keyRotationEnabled": shown["enableKeyRotation"],
    }


def _settle_replica(call: Call) -> None:
    if _look_key(call) is None:
        raise Refused("the replica is gone", code="NotFoundException")
    if call.get("policy") is not None:
        call.boto("put_key_policy", KeyId=call.id, PolicyName="default", Policy=call.get("policy"))


ROWS: Final = (
    Row(
        type="aws:kms/key:Key",
        service="kms",
        operation="create_key",
        params=_params,
        made="KeyMetadata.KeyId",
        look=_look_key,
        show=_show_key,
        settle=(_settle_key,),
        drop=_drop_key,
        refuse=_refuse_key,
        tags=tags.KMS,
        defaults={"bypassPolicyLockoutSafetyCheck": False},
        replace_on="customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
        aliases={"KeySpec": "customerMasterKeySpec"},
    ),
    Row(
        type="aws:kms/alias:Alias",
        service="kms",
        operation="create_alias",
        params=lambda inputs: {
            "AliasName": inputs.get("name", _ALIAS),
            "TargetKeyId": inputs["targetKeyId"],
        },
        make=_make_alias,
        look=_look_alias,
        show=_show_alias,
        settle=(_settle_alias,),
        drop=lambda call: call.boto("delete_alias", AliasName=call.id),
        refuse=_refuse_alias,
        guard=_guard_alias,
        replace_on="name namePrefix",
        aliases={"AliasName": "name"},
    ),
    Row(
        type="aws:kms/replicaKey:ReplicaKey",
        service="kms",
        make=_make_replica,
        look=_look_key,
        show=_show_replica,
        settle=(_settle_replica,),
        drop=_drop_key,
        refuse=_refuse_replica,
        guard=_guard_replica,
        tags=tags.KMS,
        defaults={"bypassPolicyLockoutSafetyCheck": False, "enabled": True},
        replace_on="primaryKeyArn",
    ),
)
