"""RES-010: logs, metrics and events are sent only to places and accounts where their home's law lets them rest.

A destination whose own text tells its region is judged before it is created; any other is followed through the stack, and
one that cannot be found there is not allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.kit import reference
from policies.kit.law import Law
from policies.kit.location import Place, follow, locate, place_of
from policies.kit.props import UNKNOWN_AT_PREVIEW, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, cite, control, show

SINKS: Mapping[str, tuple[str, ...]] = {
    "aws:cloudwatch/logDestination:LogDestination": ("targetArn",),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("destinationArn",),
    "aws:cloudwatch/metricStream:MetricStream": ("firehoseArn",),
    "aws:ec2/flowLog:FlowLog": ("logDestination",),
    "aws:s3/bucketLogging:BucketLogging": ("targetBucket",),
    "gcp:logging/projectSink:ProjectSink": ("destination",),
    "gcp:storage/bucket:Bucket": ("logging.logBucket",),
    "azure-native:containerservice:ManagedCluster": (
        "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID",
        "securityProfile.defender.logAnalyticsWorkspaceResourceId",
    ),
    "azure-native:monitor:DiagnosticSetting": (
        "storageAccountId",
        "workspaceId",
        "eventHubAuthorizationRuleId",
        "marketplacePartnerId",
    ),
    "azure-native:network:FlowLog": (
        "storageId",
        "flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration.workspaceResourceId",
    ),
}
"""Where each type that sends logs, metrics or events says where to."""

SENDERS = frozenset(SINKS) - {"azure-native:containerservice:ManagedCluster", "gcp:storage/bucket:Bucket"}
"""Types that do nothing but send: one that names no destination sends we know not where."""


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    paths = SINKS[resource.type]
    if resource.type in SENDERS and not any(resource.props.present(path) for path in paths):
        yield Fault(f"no destination: none of {', '.join(paths)} is set")
    for path in paths:
        text = _text(resource, path)
        if text is None:
            continue
        named = reference.read(text)
        if named is not None and named.account is not None:
            owner = law.owner(named.cloud, named.account)
            if owner is None or not law.residency(resource)[2].permits(owner[1]):
                yield _fault(
                    resource, law, f"account {show(named.account)} ({owner[1] if owner else 'not in the catalogue'})", path
                )
        place = place_of(text, resource.type)
        if place is not None:
            yield from _judge(resource, law, place, path)


def _check_stack(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    told = False
    for path in SINKS[resource.type]:
        text = _text(resource, path)
        if text is not None and place_of(text, resource.type) is not None:
            told = True  # judged alone
            continue
        if text is None and not resource.sources.get(path.split(".", 1)[0]):
            continue  # absent, or an output that the cloud computes; the last check sees to senders
        place = _follow(resource, stack, path, text)
        if place is None and resource.props.present(path):
            raise Undecided(
                path, UNKNOWN_AT_PREVIEW if text is None else "names a destination that this stack does not hold"
            )
        if place is not None:
            told = True
            yield from _judge(resource, law, place, path)
    if not told and resource.type in SENDERS:
        raise Undecided(" or ".join(SINKS[resource.type]))


def _follow(resource: Resource, stack: Stack, path: str, text: str | None) -> Place | None:
    place = follow(resource, stack, path.split(".", 1)[0])
    if place is not None or text is None:
        return place
    name = text.rsplit("/", 1)[-1].lower()
    for found in stack:
        known = found.props.known("name") and found.props.known("id")
        if known and text in (found.props.get("id"), found.props.get("arn") if found.props.known("arn") else None):
            return locate(found, stack)
        if known and found.type == "gcp:storage/bucket:Bucket" and found.props.get("name") == name:
            return locate(found, stack)
    return None


def _judge(resource: Resource, law: Law, place: Place, path: str) -> Iterator[Fault]:
    rule = law.residency(resource)[2]
    if not all(rule.permits(where) for where in place.jurisdictions(law)) or place.nowhere:
        yield _fault(resource, law, f"{show(place.name)} ({place.cloud})", path)


def _fault(resource: Resource, law: Law, where: str, path: str) -> Fault:
    home, data, rule = law.residency(resource)
    return Fault(
        found=f"{path} sends logs of {data} data of {home.id} to {where}",
        allowed=f"destinations in {', '.join(rule.jurisdictions)}",
        clause=cite(rule.clause),
    )


def _text(resource: Resource, path: str) -> str | None:
    return resource.props.text(path) if resource.props.known(path) else None


RULE = Rule(
    id="RES-010",
    title="log, metric and event sinks inside",
    clause=control("RES-010", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="a destination in the home jurisdiction, in an account of the catalogue",
    fix="send to a log group, bucket, workspace or storage account of the same placement",
    resource=_check,
    stack=_check_stack,
    types=frozenset(SINKS),
)
