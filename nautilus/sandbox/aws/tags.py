"""How each AWS service writes and reads the tags of a resource.

Guarantees that `sync` leaves exactly the wanted tags, tags of AWS itself (`aws:`) apart, with the fewest calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nautilus.sandbox.aws.call import Call
from nautilus.sandbox.handler import Value

Subject = Callable[[Call], str]


@dataclass(frozen=True, kw_only=True)
class Tags:
    """The three verbs of one service's tags: `get` gives the live ones, `put` adds or changes, `cut` removes."""

    get: Callable[[Call, Mapping[str, Any]], Mapping[str, str]]
    put: Callable[[Call, Mapping[str, str]], object]
    cut: Callable[[Call, list[str]], object]

    def live(self, call: Call, raw: Mapping[str, Any]) -> dict[str, str]:
        """Give the live tags without those that AWS itself sets."""
        return {key: value for key, value in sorted(self.get(call, raw).items()) if not key.startswith("aws:")}

    def sync(self, call: Call, raw: Mapping[str, Any]) -> None:
        """Make the live tags those that the call wants."""
        live, want = self.live(call, raw), call.tags
        if gone := [key for key in live if key not in want]:
            self.cut(call, gone)
        if new := {key: value for key, value in want.items() if live.get(key) != value}:
            self.put(call, new)


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Give tags as the list of pairs that most services take."""
    return [{key: name, value: tags[name]} for name in sorted(tags)]


def unpaired(tags: Value, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Give a service's list of pairs as a mapping."""
    return {tag[key]: tag[value] for tag in tags or ()}


def _id(call: Call) -> str:
    return call.id


def ec2(subject: Subject = _id) -> Tags:
    """Tags of EC2 resources, which every describe call shows."""
    return Tags(
        get=lambda _call, raw: unpaired(raw.get("Tags")),
        put=lambda call, tags: call.boto("create_tags", Resources=[subject(call)], Tags=pairs(tags)),
        cut=lambda call, keys: call.boto("delete_tags", Resources=[subject(call)], Tags=[{"Key": key} for key in keys]),
    )


def ec2_listed() -> Tags:
    """Tags of EC2 resources whose describe call in moto shows only the first ones (launch templates)."""
    plain = ec2()
    wanted = "resource-id"
    return Tags(
        get=lambda call, _raw: unpaired(call.boto("describe_tags", Filters=[{"Name": wanted, "Values": [call.id]}])["Tags"]),
        put=plain.put,
        cut=plain.cut,
    )


KMS = Tags(
    get=lambda call, _raw: unpaired(call.boto("list_resource_tags", KeyId=call.id)["Tags"], "TagKey", "TagValue"),
    put=lambda call, tags: call.boto("tag_resource", KeyId=call.id, Tags=pairs(tags, "TagKey", "TagValue")),
    cut=lambda call, keys: call.boto("untag_resource", KeyId=call.id, TagKeys=keys),
)


def iam(kind: str, parameter: str) -> Tags:
    """Tags of an IAM resource: `iam("role", "RoleName")`."""
    return Tags(
        get=lambda call, _raw: unpaired(call.boto(f"list_{kind}_tags", **{parameter: call.id})["Tags"]),
        put=lambda call, tags: call.boto(f"tag_{kind}", **{parameter: call.id}, Tags=pairs(tags)),
        cut=lambda call, keys: call.boto(f"untag_{kind}", **{parameter: call.id}, TagKeys=keys),
    )


def iam_shown(kind: str, parameter: str) -> Tags:
    """Tags of an IAM resource whose describe call shows them, where moto has no call that lists them."""
    plain = iam(kind, parameter)
    return Tags(get=lambda _call, raw: unpaired(raw.get("Tags")), put=plain.put, cut=plain.cut)


def by_arn(subject: Subject, parameter: str = "resourceArn") -> Tags:
    """Tags of services that take an ARN and a mapping (EKS, logs), and show them in `list_tags_for_resource`."""
    return Tags(
        get=lambda call, _raw: call.boto("list_tags_for_resource", **{parameter: subject(call)}).get("tags", {}),
        put=lambda call, tags: call.boto("tag_resource", **{parameter: subject(call)}, tags=dict(tags)),
        cut=lambda call, keys: call.boto("untag_resource", **{parameter: subject(call)}, tagKeys=keys),
    )


def _bucket_tags(call: Call, tags: Mapping[str, str]) -> None:
    live = {key: value for key, value in _bucket_live(call).items() if key not in tags}
    call.boto("put_bucket_tagging", Bucket=call.id, Tagging={"TagSet": pairs({**live, **tags})})


def _bucket_cut(call: Call, keys: list[str]) -> None:
    live = {key: value for key, value in _bucket_live(call).items() if key not in keys}
    call.boto("put_bucket_tagging", Bucket=call.id, Tagging={"TagSet": pairs(live)})


def _bucket_live(call: Call) -> dict[str, str]:
    from nautilus.sandbox.aws.row import unless_gone  # noqa: PLC0415 - the row needs this module

    answer = unless_gone(lambda: call.boto("get_bucket_tagging", Bucket=call.id), "NoSuchTagSet")
    return unpaired((answer or {}).get("TagSet"))


BUCKET = Tags(get=lambda call, _raw: _bucket_live(call), put=_bucket_tags, cut=_bucket_cut)
