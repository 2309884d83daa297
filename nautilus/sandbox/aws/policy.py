"""Policy documents of IAM, KMS and endpoints: what AWS refuses in them before it looks at anything else.

Guarantees that a document is JSON with a version and statements that each have an effect and an action, and what kind
it must be: one that names principals, or one that must not. Does not evaluate a policy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws.call import Call
from nautilus.sandbox.handler import Problem, Value

_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_ACTION: Final = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+")
_MEMBERS: Final = frozenset(
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"]
)
"""Source: IAM user guide, "Grammar of the IAM JSON policy language"."""


def document(call: Call, name: str) -> Mapping[str, Any] | None:
    """Give the parsed document of an input, None where it is not given, not known or not JSON."""
    text = call.get(name)
    try:
        parsed = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return parsed if isinstance(parsed, Mapping) else None


def statements(parsed: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Give the statements of a document as a list, one or many."""
    found = (parsed or {}).get("Statement", [])
    return [item for item in (found if isinstance(found, list) else [found]) if isinstance(item, Mapping)]


def many(value: Value) -> list[str]:
    """Give a member that may be one text or a list of them as a list."""
    return [value] if isinstance(value, str) else list(value or ())


def problems(call: Call, name: str, *, principals: bool, resources: bool = True) -> Iterator[Problem]:
    """Refuse a malformed document. `principals`: each statement names one, else none may; `resources` likewise."""
    text = call.get(name)
    if not isinstance(text, str):
        return
    parsed = document(call, name)
    if parsed is None:
        yield Problem(path=name, reason="is not a JSON object (MalformedPolicyDocument)")
        return
    if parsed.get("Version", _VERSIONS[1]) not in _VERSIONS:
        yield Problem(path=name, reason=f"Version {parsed['Version']!r} is not one of {', '.join(_VERSIONS)}")
    if not statements(parsed):
        yield Problem(path=name, reason="has no Statement")
    for index, statement in enumerate(statements(parsed)):
        for reason in _statement(statement, principals=principals, resources=resources):
            yield Problem(path=name, reason=f"Statement[{index}] {reason}")


def _statement(statement: Mapping[str, Any], *, principals: bool, resources: bool) -> Iterator[str]:
    if unknown := sorted(set(statement) - _MEMBERS):
        yield f"has unknown members: {', '.join(unknown)}"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"Effect is {statement.get('Effect')!r}, not Allow or Deny"
    if ("Action" in statement) == ("NotAction" in statement):
        yield "has exactly one of Action and NotAction"
    for action in (*many(statement.get("Action")), *many(statement.get("NotAction"))):
        if not _ACTION.fullmatch(action):
            yield f"action {action!r} is not service:Action"
    named = "Principal" in statement or "NotPrincipal" in statement
    if named != principals:
        yield "names no Principal" if principals else "must not name a Principal: it is an identity's policy"
    if resources and not ("Resource" in statement or "NotResource" in statement):
        yield "has no Resource"
    if not resources and "Resource" in statement:
        yield "must not name a Resource: a trust policy has none"


def aws_principals(parsed: Mapping[str, Any] | None) -> Iterator[str]:
    """Give every AWS principal that a document names, `*` included."""
    for statement in statements(parsed):
        principal = statement.get("Principal")
        yield from many(principal.get("AWS") if isinstance(principal, Mapping) else principal)


def allows_service(parsed: Mapping[str, Any] | None, service: str, action: str) -> bool:
    """Whether a statement allows a service principal an action such as `kms:Decrypt`; conditions are not looked at."""
    for statement in statements(parsed):
        principal = statement.get("Principal")
        services = many(principal.get("Service")) if isinstance(principal, Mapping) else []
        if statement.get("Effect") == "Allow" and service in services and covers(many(statement.get("Action")), action):
            return True
    return False


def covers(patterns: list[str], action: str) -> bool:
    """Whether one of a statement's action patterns covers an action; letter case does not matter."""
    return any(re.fullmatch(re.escape(item).replace(r"\*", ".*"), action, re.IGNORECASE) for item in patterns)
