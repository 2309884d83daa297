"""Who a key policy or a grant names, and whether that is one of the account's own.

Guarantees that only what is recognised as the account's own, or as the cloud's own service, is accepted; anything else,
wildcards above all, is a reason. It does not say what the principal may do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from config.model import Account
from policies.kit import reference
from policies.kit.law import Law

_ACCOUNT: Final = re.compile(r"^\d{12}$")
_SERVICE: Final = re.compile(r"^[a-z0-9.-]+\.amazonaws\.com$")
_REGION_IN_SERVICE: Final = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$")
_PROJECT_OF_EMAIL: Final = re.compile(r"@([a-z0-9-]+)\.iam\.gserviceaccount\.com$")
_NUMBER_IN_EMAIL: Final = re.compile(r"^(?:service-|cmek-p|p|bq-)?(\d{5,})(?:-compute)?@([a-z0-9.-]+)$")
_GOOGLE_HOSTS: Final = ("gserviceaccount.com", "developer.gserviceaccount.com")


def aws_reasons(policy: Any, account: Account, jurisdiction: str | None, law: Law) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Give a reason for each principal of a parsed policy document that is not `account`'s own or a service's."""
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        yield "a policy without statements"
        return
    for index, statement in enumerate(statements):
        where = f"statement {index}"
        if not isinstance(statement, dict):
            yield f"{where} is no object"
            continue
        if statement.get("Effect") == "Deny":
            continue
        if "Principal" not in statement:
            yield f"{where} names no Principal" + (" but NotPrincipal" if "NotPrincipal" in statement else "")
            continue
        for kind, name in _principals(statement["Principal"]):
            if (reason := aws_reason(kind, name, account, jurisdiction, law)) is not None:
                yield f"{where}: {reason}"


def aws_reason(kind: str, name: str, account: Account, jurisdiction: str | None, law: Law) -> str | None:
    """Give why one principal is not allowed, None where it is."""
    if "*" in name:
        return f"{kind} {name!r} is a wildcard"
    if kind == "Service":
        return _service_reason(name, jurisdiction, law)
    if kind != "AWS":
        return f"{kind} {name!r} is neither an account's principal nor a service"
    named = reference.read(name)
    owner = name if _ACCOUNT.match(name) else named.account if named is not None else None
    if owner is None:
        return f"{name!r} names no account"
    return None if owner == account.id else f"{name!r} is of the foreign account {owner}"


def _service_reason(name: str, jurisdiction: str | None, law: Law) -> str | None:
    if not _SERVICE.match(name):
        return f"service {name!r} is none of AWS"
    region = _REGION_IN_SERVICE.search(name)
    if region is not None and law.jurisdiction_of(f"aws/{region.group(1)}") != jurisdiction:
        return f"service {name!r} is of another jurisdiction"
    return None


def _principals(principal: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    if isinstance(principal, str):
        yield "AWS", principal
    elif isinstance(principal, dict):
        for kind, names in principal.items():
            for name in names if isinstance(names, list) else [names]:
                yield str(kind), str(name)
    else:
        yield "AWS", "*"  # anything that IAM would not take is treated as open to all


def gcp_reason(member: str, account: Account) -> str | None:
    """Give why an IAM member is not allowed on a key of the project, None where it is."""
    kind, _, name = member.partition(":")
    if kind in ("principal", "principalSet"):
        own = account.number is not None and name.startswith(f"//iam.googleapis.com/projects/{account.number}/")
        return None if own and kind == "principal" else f"{member!r} is no single identity of this project"
    if name in (account.administrators.partition(":")[2] or account.administrators, account.deployer):
        return None
    if kind != "serviceAccount":
        return f"{member!r} is no service account, and not the project's administrators"
    number = _NUMBER_IN_EMAIL.match(name)
    if number is not None and number.group(2).endswith(_GOOGLE_HOSTS):
        return None if number.group(1) == account.number else f"{member!r} is the service agent of another project"
    project = _PROJECT_OF_EMAIL.search(name)
    if project is not None and project.group(1) == account.id:
        return None
    return f"{member!r} is of another project"
