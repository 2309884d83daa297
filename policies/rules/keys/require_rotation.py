"""KEY-004: a symmetric key, and every vault key, rotates by itself within its jurisdiction's limit (KEY-1).

Signing and asymmetric keys of KMS cannot rotate by themselves; this rule does not judge them.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, cite, control, show
from policies.rules.keys.periods import google_days, iso_days

_AWS = "aws:kms/key:Key"
_GCP = "gcp:kms/cryptoKey:CryptoKey"
_AZURE = "azure-native:keyvault:Key"


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    match resource.type:
        case "aws:kms/key:Key":
            found, shown = _aws(resource)
        case "gcp:kms/cryptoKey:CryptoKey":
            found, shown = _gcp(resource)
        case _:
            found, shown = _azure(resource)
    home = law.home(resource)
    limit = home.keys.rotation_days
    if found is None or found > limit:
        yield Fault(
            found=shown,
            allowed=f"rotation every {limit} days or sooner ({home.id})",
            clause=cite(home.keys.clause),
        )


def _aws(resource: Resource) -> tuple[float | None, str]:
    spec = resource.props.text("customerMasterKeySpec")
    if spec not in (None, "SYMMETRIC_DEFAULT"):
        return 0, "not symmetric"
    if not resource.props.flag("enableKeyRotation"):
        return None, "enableKeyRotation is not true"
    days = resource.props.number("rotationPeriodInDays")
    return (days, f"rotationPeriodInDays is {days:g}") if days is not None else (None, "no rotationPeriodInDays")


def _gcp(resource: Resource) -> tuple[float | None, str]:
    if resource.props.text("purpose") not in (None, "ENCRYPT_DECRYPT"):
        return 0, "not symmetric"
    text = resource.props.text("rotationPeriod")
    return (google_days(text), f"rotationPeriod is {show(text)}") if text is not None else (None, "no rotationPeriod")


def _azure(resource: Resource) -> tuple[float | None, str]:
    for action in resource.props.each("properties.rotationPolicy.lifetimeActions"):
        if (action.text("action.type") or "").lower() == "rotate" and (
            text := action.text("trigger.timeAfterCreate")
        ) is not None:
            return iso_days(text), f"rotates after {show(text)}"
    return None, "no rotationPolicy that rotates a time after creation"


RULE = Rule(
    id="KEY-004",
    title="rotation within the limit",
    clause=control("KEY-004", "KEY-1"),
    severity=Severity.HIGH,
    allowed="automatic rotation within the jurisdiction's limit",
    fix="set the rotation period from the jurisdiction's keys.rotation_days",
    resource=_check,
    types=frozenset({_AWS, _GCP, _AZURE}),
)
