"""The JSON documents of IAM, KMS and endpoint policies, written the same way everywhere (SEC-1).

Guarantees one document for one meaning: keys sorted, actions and principals sorted, no blanks, so that a second run
shows no difference. It does not judge what a statement allows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pulumi

Conditions = Mapping[str, Mapping[str, object]]
"""Operator → key → value or values, as IAM writes it."""

Statement = Mapping[str, object]
"""One statement; built with `allow`."""

_VERSION = "2012-10-17"


def allow(
    sid: str,
    actions: Sequence[str],
    *,
    resources: Sequence[pulumi.Input[str]] | None = None,
    principals: Mapping[str, Sequence[str]] | None = None,
    conditions: Conditions | None = None,
) -> Statement:
    """Give one Allow statement.

    `principals` is keyed by kind (`AWS`, `Service`); `resources` is left out of trust policies. Conditions keep the order
    given, because IAM does not care and readers do.
    """
    statement: dict[str, object] = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions)}
    if principals is not None:
        statement["Principal"] = {kind: sorted(names) for kind, names in principals.items()}
    if resources is not None:
        statement["Resource"] = list(resources)
    if conditions is not None:
        statement["Condition"] = {operator: dict(values) for operator, values in conditions.items()}
    return statement


def document(*statements: Statement) -> str:
    """Give a policy document whose every value is known now, so that a preview and its policies can read it."""
    return json.dumps({"Version": _VERSION, "Statement": statements}, sort_keys=True, separators=(",", ":"))


def document_output(*statements: Statement) -> pulumi.Output[str]:
    """Give a policy document that holds outputs, such as ARNs of what is still to be created."""
    return pulumi.Output.json_dumps(
        {"Version": _VERSION, "Statement": list(statements)}, sort_keys=True, separators=(",", ":")
    )


def trust(service: str, actions: Sequence[str] = ("sts:AssumeRole",), conditions: Conditions | None = None) -> str:
    """Give a trust policy for one AWS service; `conditions` keep other accounts' resources of it out (confused deputy)."""
    return document(allow("Assume", actions, principals={"Service": (service,)}, conditions=conditions))
