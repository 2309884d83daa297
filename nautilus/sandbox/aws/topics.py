"""Notification topics and who may publish to them.

Guarantees that a topic's name is lawful and given, and that its policy is one of SNS. Neither subscriptions nor FIFO topics
are offered. No message is delivered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import policy
from nautilus.sandbox.aws.call import Call
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.tags import Tags, pairs, unpaired
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Problem

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,256}")
_DISPLAY: Final = 100
"""Source: SNS API reference, CreateTopic, Name; SNS quotas, DisplayName."""


def listed(parameter: str) -> Tags:
    """Give the tags of a service that takes an ARN under `parameter` and a list of pairs (SNS, CloudWatch, EventBridge)."""

    def ask(call: Call, operation: str, **what: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's own parameters
        return call.boto(operation, **{parameter: _arn(call)}, **what)

    return Tags(
        get=lambda call, _raw: unpaired(ask(call, "list_tags_for_resource").get("Tags")),
        put=lambda call, tags: ask(call, "tag_resource", Tags=pairs(tags)),
        cut=lambda call, keys: ask(call, "untag_resource", TagKeys=keys),
    )


def _arn(call: Call) -> str:
    match call.service:
        case "cloudwatch":
            return call.arn(f"alarm:{call.id}")
        case "events":
            return call.arn(f"rule/{call.id}")
        case _:
            return call.id


def look_topic(call: Call, arn: str) -> Raw | None:
    """Give a topic's attributes, None where there is none."""
    answer = unless_gone(lambda: call.boto("get_topic_attributes", of="sns", TopicArn=arn), "NotFound")
    return (answer or {}).get("Attributes")


_SET: Final = {"displayName": "DisplayName", "kmsMasterKeyId": "KmsMasterKeyId"}


def _params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    given = {member: inputs[name] for name, member in _SET.items() if inputs.get(name) is not None}
    return {"Name": inputs.get("name", ""), "Attributes": given}


def _settle(call: Call) -> None:
    for name, member in _SET.items():
        call.boto("set_topic_attributes", TopicArn=call.id, AttributeName=member, AttributeValue=call.get(name, ""))


def _show(call: Call, raw: Raw) -> dict[str, object]:
    live = {name: raw.get(member) for name, member in _SET.items() if name in call.inputs}
    return {**live, "arn": call.id, "owner": raw["Owner"], "name": call.id.rsplit(":", 1)[-1]}


def _refuse(call: Call) -> Iterator[Problem]:
    name, display = call.inputs.get("name"), call.get("displayName")
    if name is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name!r} is not 1 to 256 letters, digits, underscores and hyphens")
    if isinstance(display, str) and len(display) > _DISPLAY:
        yield Problem(path="displayName", reason=f"has {len(display)} characters; SNS allows {_DISPLAY}")
    yield from unsupported(call, "fifoTopic", "policy", "deliveryPolicy", "archivePolicy")


def _guard(call: Call) -> Iterator[Problem]:
    if look_topic(call, call.arn(str(call.get("name")))) is not None:
        yield Problem(path="name", reason=f"topic {call.get('name')} exists already")


def _put_policy(call: Call) -> None:
    text = call.get("policy")
    call.boto("set_topic_attributes", TopicArn=call.get("arn"), AttributeName="Policy", AttributeValue=text)


def _make_policy(call: Call) -> str:
    _put_policy(call)
    return str(call.get("arn"))


def _look_policy(call: Call) -> Raw | None:
    raw = look_topic(call, call.id) if call.id else None
    return raw if raw is not None and "__default_statement_ID" not in raw["Policy"] else None


def _drop_policy(call: Call) -> None:
    """Give the topic its first policy again: the owner's account alone."""
    own = f'{{"Version":"2012-10-17","Statement":[{{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{{"AWS":"{call.account}"}},"Action":"sns:Publish","Resource":"{call.id}"}}]}}'  # noqa: E501
    call.boto("set_topic_attributes", TopicArn=call.id, AttributeName="Policy", AttributeValue=own)


def _refuse_policy(call: Call) -> Iterator[Problem]:
    yield from policy.problems(call, "policy", principals=True)
    for index, statement in enumerate(policy.statements(policy.document(call, "policy"))):
        for action in policy.many(statement.get("Action")):
            if not action.lower().startswith("sns:"):
                yield Problem(path="policy", reason=f"Statement[{index}] action {action!r} is none of SNS")


def _guard_policy(call: Call) -> Iterator[Problem]:
    if look_topic(call, str(call.get("arn"))) is None:
        yield Problem(path="arn", reason=f"topic {call.get('arn')} does not exist (NotFound)")


ROWS: Final = (
    Row(
        type="aws:sns/topic:Topic",
        service="sns",
        operation="create_topic",
        params=_params,
        made="TopicArn",
        look=lambda call: look_topic(call, call.id) if call.id else None,
        show=_show,
        settle=(_settle,),
        drop=lambda call: call.boto("delete_topic", TopicArn=call.id),
        refuse=_refuse,
        guard=_guard,
        tags=listed("ResourceArn"),
        replace_on="name namePrefix fifoTopic",
    ),
    Row(
        type="aws:sns/topicPolicy:TopicPolicy",
        service="sns",
        make=_make_policy,
        look=_look_policy,
        show=lambda _call, raw: {"policy": raw["Policy"], "owner": raw["Owner"]},
        settle=(_put_policy,),
        drop=_drop_policy,
        refuse=_refuse_policy,
        guard=_guard_policy,
        replace_on="arn",
    ),
)
