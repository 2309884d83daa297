"""KEY-007: a key that is deleted by mistake or malice can be brought back for as long as its jurisdiction asks (KEY-1).

Asks for what is written, never for a cloud's default, and for no more than the cloud can do: AWS KMS waits 30 days at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, cite, control, show
from policies.rules.keys.periods import google_days

_AWS = frozenset(
    {
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/key:Key",
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
        "aws:kms/replicaKey:ReplicaKey",
    }
)
_GCP = "gcp:kms/cryptoKey:CryptoKey"
_AZURE = frozenset({"azure-native:keyvault:ManagedHsm", "azure-native:keyvault:Vault"})
_MOST_AWS_DAYS = 30
"""The longest waiting period of AWS KMS (ScheduleKeyDeletion, PendingWindowInDays 7 to 30)."""


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    home, props = law.home(resource), resource.props
    wanted, clause = home.keys.deletion_window_days, cite(home.keys.clause)
    if resource.type in _AWS:
        wanted = min(wanted, _MOST_AWS_DAYS)
        path, days = "deletionWindowInDays", props.number("deletionWindowInDays")
    elif resource.type == _GCP:
        path, text = "destroyScheduledDuration", props.text("destroyScheduledDuration")
        days = google_days(text) if text is not None else None
    else:
        path = "properties.softDeleteRetentionInDays"
        days = props.number(path)
        if not props.flag("properties.enablePurgeProtection"):
            yield Fault("enablePurgeProtection is not true", allowed="properties.enablePurgeProtection: true", clause=clause)
        if props.get("properties.enableSoftDelete") is False:
            yield Fault("enableSoftDelete is false", allowed="properties.enableSoftDelete: true", clause=clause)
    if days is None or days < wanted:
        yield Fault(
            found=f"no {path}" if days is None else f"{path} is {show(props.get(path))}, {days:g} days",
            allowed=f"{path} of {wanted} days or more ({home.id})",
            clause=clause,
        )


RULE = Rule(
    id="KEY-007",
    title="deletion window and purge protection",
    clause=control("KEY-007", "KEY-1"),
    severity=Severity.HIGH,
    allowed="the jurisdiction's deletion window, and purge protection where the cloud has it",
    fix="set the window from the jurisdiction's keys.deletion_window_days",
    resource=_check,
    types=_AWS | _AZURE | {_GCP},
)
