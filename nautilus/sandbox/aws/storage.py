"""Log groups and plain buckets.

Guarantees that a log group's retention is one AWS offers, that its key lets the logs service in and that a protected one
is not deleted; that a bucket's name is lawful. Bucket features other than the name, tags and encryption are refused: they
are resources of their own, or not offered yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, policy, tags
from nautilus.sandbox.aws.call import Call, same, send, show
from nautilus.sandbox.aws.iam import named
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Problem

_RETENTION_DAYS: Final = (
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""0 is for ever. Source: CloudWatch Logs API reference, PutRetentionPolicy."""
_BUCKET: Final = re.compile(r"(?!xn--|sthree-|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Source: Amazon S3 user guide, "General purpose bucket naming rules"."""


def group_arn(call: Call, name: str) -> str:
    """Give the ARN of a log group as the provider gives it: without the `:*` behind it."""
    return call.arn(f"log-group:{name}", of="logs")


def look_group(call: Call, name: str) -> Raw | None:
    """Give CloudWatch's description of a log group, None where there is none."""
    groups = call.boto("describe_log_groups", of="logs", logGroupNamePrefix=name)["logGroups"]
    return next((group for group in groups if group["logGroupName"] == name), None)


_group_params: Final = send("name=logGroupName kmsKeyId logGroupClass deletionProtectionEnabled", same)


def _make_group(call: Call) -> str:
    call.boto("create_log_group", **_group_params({**call.inputs, "deletionProtectionEnabled": None}))
    return str(call.get("name"))


def _show_group(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("name=logGroupName kmsKeyId deletionProtectionEnabled", same)(raw),
        "arn": group_arn(call, call.id),
        "retentionInDays": raw.get("retentionInDays", 0),
        "logGroupClass": call.get("logGroupClass", "STANDARD"),
    }


def _settle_group(call: Call) -> None:
    raw, days = look_group(call, call.id) or {}, call.get("retentionInDays", 0)
    if days and raw.get("retentionInDays") != days:
        call.boto("put_retention_policy", logGroupName=call.id, retentionInDays=days)
    elif not days and "retentionInDays" in raw:
        call.boto("delete_retention_policy", logGroupName=call.id)
    # moto has neither associate_kms_key nor put_log_group_deletion_protection; its own state is where the answer comes from.
    state = emulator.backend("logs", call.account, call.region).groups[call.id]
    state.kms_key_id = call.get("kmsKeyId")
    state.deletion_protection = call.get("deletionProtectionEnabled", False)


def _refuse_group(call: Call) -> Iterator[Problem]:
    yield from named(call)
    days = call.get("retentionInDays")
    if days is not None and days not in _RETENTION_DAYS:
        yield Problem(path="retentionInDays", reason=f"{days} is not one of {', '.join(map(str, _RETENTION_DAYS))}")


def _guard_group(call: Call) -> Iterator[Problem]:
    key = call.get("kmsKeyId")
    if key is None:
        return
    answer = unless_gone(lambda: call.boto("get_key_policy", of="kms", KeyId=key, PolicyName="default"))
    if answer is None:
        yield Problem(path="kmsKeyId", reason=f"key {key} does not exist in {call.region} of account {call.account}")
        return
    service = f"logs.{call.region}.amazonaws.com"
    probe = Call(request=call.request, service="kms")
    parsed = policy.document(_with(probe, answer["Policy"]), "policy")
    if not any(policy.allows_service(parsed, name, "kms:GenerateDataKey") for name in (service, "logs.amazonaws.com")):
        yield Problem(
            path="kmsKeyId", reason=f"the policy of key {key} does not let {service} use it (kms:GenerateDataKey*)"
        )


def _with(call: Call, text: str) -> Call:
    call.inputs = {"policy": text}
    return call


def _look_bucket(call: Call) -> Raw | None:
    if not call.id or unless_gone(lambda: call.boto("head_bucket", Bucket=call.id), "404", "NoSuchBucket") is None:
        return None
    place = call.boto("get_bucket_location", Bucket=call.id)["LocationConstraint"]
    return {"Region": place or "us-east-1"}


def _bucket_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return send("bucket objectLockEnabled=ObjectLockEnabledForBucket")(inputs)


def _make_bucket(call: Call) -> str:
    params = _bucket_params(call.inputs)
    if call.region != "us-east-1":
        params["CreateBucketConfiguration"] = {"LocationConstraint": call.region}
    call.boto("create_bucket", **params)
    return str(call.get("bucket"))


def _show_bucket(call: Call, raw: Raw) -> dict[str, object]:
    return {
        "bucket": call.id,
        "arn": call.arn(call.id, region=False).replace(f":{call.account}:", "::"),
        "bucketDomainName": f"{call.id}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{call.id}.s3.{raw['Region']}.amazonaws.com",
        "bucketRegion": raw["Region"],
        "region": raw["Region"],
    }


def _refuse_bucket(call: Call) -> Iterator[Problem]:
    name = call.inputs.get("bucket")
    if name is None:
        yield Problem(path="bucket", reason="is required: the sandbox makes up no names")
    if isinstance(name, str) and (not _BUCKET.fullmatch(name) or ".." in name):
        yield Problem(path="bucket", reason=f"{name!r} is not a lawful bucket name")
    yield from unsupported(
        call, "bucketPrefix", "accelerationStatus", "replicationConfiguration", "lifecycleRules", "websites", "website",
        "corsRules", "grants", "loggings", "objectLockConfiguration", "versioning", "serverSideEncryptionConfiguration",
        "policy",
    )  # fmt: skip


def _drop_bucket(call: Call) -> None:
    if call.get("forceDestroy"):
        for item in call.boto("list_objects_v2", Bucket=call.id).get("Contents", ()):
            call.boto("delete_object", Bucket=call.id, Key=item["Key"])
    call.boto("delete_bucket", Bucket=call.id)


def _subject(call: Call) -> str:
    return group_arn(call, call.id)


ROWS: Final = (
    Row(
        type="aws:cloudwatch/logGroup:LogGroup",
        service="logs",
        operation="create_log_group",
        params=_group_params,
        make=_make_group,
        look=lambda call: look_group(call, call.id) if call.id else None,
        show=_show_group,
        settle=(_settle_group,),
        drop=lambda call: call.boto("delete_log_group", logGroupName=call.id) if not call.get("skipDestroy") else None,
        refuse=_refuse_group,
        guard=_guard_group,
        guard_updates=True,
        tags=tags.by_arn(_subject),
        defaults={"skipDestroy": False},
        replace_on="name namePrefix logGroupClass",
        aliases={"logGroupName": "name"},
    ),
    Row(
        type="aws:s3/bucket:Bucket",
        service="s3",
        operation="create_bucket",
        params=_bucket_params,
        make=_make_bucket,
        look=_look_bucket,
        show=_show_bucket,
        drop=_drop_bucket,
        refuse=_refuse_bucket,
        tags=tags.BUCKET,
        defaults={"forceDestroy": False},
        replace_on="bucket bucketPrefix objectLockEnabled",
    ),
)
