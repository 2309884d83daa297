"""Resource policies of CloudWatch Logs: which services may write to log groups.

Guarantees that a policy is one that names principals and resources, is short enough, and that a region has ten at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nautilus.sandbox.aws import policy
from nautilus.sandbox.aws.call import Call, same, send
from nautilus.sandbox.aws.row import Raw, Row
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import Problem

_LONGEST: Final = 5120
_MOST: Final = 10
"""Source: CloudWatch Logs API reference, PutResourcePolicy."""
_params: Final = send("policyName policyDocument", same)


def _all(call: Call) -> list[Mapping[str, str]]:
    return list(call.boto("describe_resource_policies")["resourcePolicies"])


def _look(call: Call) -> Raw | None:
    return next((one for one in _all(call) if one["policyName"] == call.id), None)


def _put(call: Call) -> None:
    call.boto("put_resource_policy", **_params(call.inputs))


def _make(call: Call) -> str:
    _put(call)
    return str(call.get("policyName"))


def _refuse(call: Call) -> Iterator[Problem]:
    yield from policy.problems(call, "policyDocument", principals=True)
    yield from unsupported(call, "resourceArn")
    text = call.get("policyDocument")
    if isinstance(text, str) and len(text) > _LONGEST:
        yield Problem(path="policyDocument", reason=f"has {len(text)} characters; CloudWatch Logs allows {_LONGEST}")


def _guard(call: Call) -> Iterator[Problem]:
    there = _all(call)
    if any(one["policyName"] == call.get("policyName") for one in there):
        yield Problem(path="policyName", reason=f"policy {call.get('policyName')} exists already")
    elif len(there) >= _MOST:
        yield Problem(path="policyName", reason=f"{call.region} has {_MOST} policies already (LimitExceededException)")


ROWS: Final = (
    Row(
        type="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        service="logs",
        operation="put_resource_policy",
        params=_params,
        make=_make,
        look=lambda call: _look(call) if call.id else None,
        show=lambda _call, raw: {"policyName": raw["policyName"], "policyDocument": raw["policyDocument"]},
        settle=(_put,),
        drop=lambda call: call.boto("delete_resource_policy", policyName=call.id),
        refuse=_refuse,
        guard=_guard,
        replace_on="policyName",
    ),
)
