"""Cloud Monitoring's alert policies and notification channels, and the metrics that Cloud Logging counts.

Source: the APIs' own descriptions (monitoring v3, logging v2); channel labels and the least time to close: Cloud Monitoring
documentation (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import address, items, known, number
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.gcp.storage import filter_text
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

METRIC: Final = "gcp:logging/metric:Metric"
CHANNEL: Final = "gcp:monitoring/notificationChannel:NotificationChannel"
POLICY: Final = "gcp:monitoring/alertPolicy:AlertPolicy"

_CHANNELS: Final = {
    "pubsub": ("topic",),
    "email": ("email_address",),
    "webhook_tokenauth": ("url",),
    "webhook_basicauth": ("url", "username"),
    "sms": ("number",),
    "pagerduty": (),
    "slack": ("channel_name",),
    "google_chat": ("space",),
}
"""Channel types and the labels that each needs."""
_TOPIC: Final = re.compile(r"projects/[^/]+/topics/[^/]+")
_NAME: Final = re.compile(r"[A-Za-z0-9_\-.,+!*',()%][A-Za-z0-9_\-.,+!*',()%/]{0,99}")
_KINDS: Final = (
    "conditionAbsent",
    "conditionMatchedLog",
    "conditionMonitoringQueryLanguage",
    "conditionPrometheusQueryLanguage",
    "conditionSql",
    "conditionThreshold",
)
_MOST_CONDITIONS: Final = 6
_MOST_FILTER: Final = 2048
_MINUTE_S: Final = 60
_COUNTED: Final = re.compile(r'metric\.type\s*=\s*"logging\.googleapis\.com/user/([^"]+)"')


def _metric(request: Request) -> Iterator[Problem]:
    name = known(request, "name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name} is not 1 to 100 of the characters that a metric's name may have")
    yield from filter_text(request)
    found = known(request, "metricDescriptor")
    if not isinstance(found, Mapping):
        return
    if found.get("metricKind") not in {"DELTA", UNKNOWN}:
        yield Problem(path="metricDescriptor.metricKind", reason="a counted metric is DELTA")
    spread = found.get("valueType") == "DISTRIBUTION"
    if spread and request.inputs.get("valueExtractor") is None:
        yield Problem(path="valueExtractor", reason="a distribution needs a value to take from the entry")
    if found.get("valueType") == "INT64" and request.inputs.get("valueExtractor") is not None:
        yield Problem(path="valueExtractor", reason="a counter takes no value from the entry")


def _channel(request: Request) -> Iterator[Problem]:
    kind, labels = known(request, "type"), known(request, "labels")
    if isinstance(kind, str) and kind not in _CHANNELS:
        yield Problem(path="type", reason=f"{kind} is not a type of channel: {', '.join(sorted(_CHANNELS))}")
        return
    given = labels if isinstance(labels, Mapping) else {}
    for label in _CHANNELS.get(str(kind), ()):
        if request.inputs.get("labels") is not UNKNOWN and given.get(label) is None:
            yield Problem(path=f"labels.{label}", reason=f"a channel of type {kind} needs {label}")
    topic = given.get("topic")
    if kind == "pubsub" and isinstance(topic, str):
        if not _TOPIC.fullmatch(topic):
            yield Problem(path="labels.topic", reason=f"{topic} is not a topic such as projects/p/topics/t")
        else:
            yield from rules.exists(request, "labels.topic", topic, "topic")


def _policy(request: Request) -> Iterator[Problem]:
    given = known(request, "conditions")
    conditions = [item for item in items(given) if isinstance(item, Mapping)]
    if given is not None and not 1 <= len(items(given)) <= _MOST_CONDITIONS:
        yield Problem(path="conditions", reason=f"{len(items(given))} conditions: 1 to {_MOST_CONDITIONS} are allowed")
    for index, condition in enumerate(conditions):
        path = f"conditions[{index}]"
        kinds = [kind for kind in _KINDS if condition.get(kind) is not None]
        if len(kinds) != 1:
            yield Problem(path=path, reason=f"a condition is of exactly one kind, found {len(kinds)}")
        threshold = condition.get("conditionThreshold")
        if isinstance(threshold, Mapping):
            yield from _threshold(request, f"{path}.conditionThreshold", threshold)
    yield from _strategy(request, conditions)
    for index, link in enumerate(items(known(request, "notificationChannels"))):
        yield from rules.exists(request, f"notificationChannels[{index}]", link, "notification channel")


def _strategy(request: Request, conditions: list[Mapping[str, Any]]) -> Iterator[Problem]:
    strategy = known(request, "alertStrategy")
    strategy = strategy if isinstance(strategy, Mapping) else {}
    limit = strategy.get("notificationRateLimit")
    of_logs = [condition for condition in conditions if condition.get("conditionMatchedLog") is not None]
    if of_logs and len(conditions) > 1:
        yield Problem(path="conditions", reason="a condition on log entries has to be the only one")
    unknown = UNKNOWN in (request.inputs.get("alertStrategy"), limit)
    if of_logs and limit is None and not unknown:
        yield Problem(path="alertStrategy.notificationRateLimit", reason="an alert on log entries needs a rate limit")
    if conditions and not of_logs and limit is not None and not unknown:
        yield Problem(path="alertStrategy.notificationRateLimit", reason="only an alert on log entries has a rate limit")
    yield from rules.duration_s("alertStrategy.autoClose", strategy.get("autoClose"), 30 * _MINUTE_S, 7 * rules.DAY_S)


def _threshold(request: Request, path: str, found: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("filter", "denominatorFilter"):
        text = found.get(name)
        if isinstance(text, str):
            yield from _metric_filter(request, f"{path}.{name}", text)
    duration = found.get("duration")
    if isinstance(duration, str):
        yield from rules.duration_s(f"{path}.duration", duration, 0, 48 * 60 * _MINUTE_S)
        if duration.removesuffix("s").isdigit() and int(duration[:-1]) % _MINUTE_S:
            yield Problem(path=f"{path}.duration", reason=f"{duration} is not a whole number of minutes")
    compare = found.get("comparison")
    if isinstance(compare, str) and compare not in {"COMPARISON_GT", "COMPARISON_LT"}:
        yield Problem(path=f"{path}.comparison", reason=f"{compare} is not supported: COMPARISON_GT and COMPARISON_LT are")
    for name in ("aggregations", "denominatorAggregations"):
        for index, aggregation in enumerate(items(found.get(name))):
            if isinstance(aggregation, Mapping):
                yield from _aligned(f"{path}.{name}[{index}]", aggregation)
    if found.get("denominatorAggregations") and found.get("denominatorFilter") is None:
        yield Problem(path=f"{path}.denominatorAggregations", reason="there is no denominator")


def _aligned(path: str, found: Mapping[str, Any]) -> Iterator[Problem]:
    yield from rules.duration_s(f"{path}.alignmentPeriod", found.get("alignmentPeriod"), _MINUTE_S, 90_000)
    reducer, aligner = found.get("crossSeriesReducer"), found.get("perSeriesAligner")
    if reducer not in {None, "REDUCE_NONE", UNKNOWN} and aligner in {None, "ALIGN_NONE"}:
        yield Problem(path=f"{path}.perSeriesAligner", reason="series have to be aligned before they are reduced")
    if aligner not in {None, "ALIGN_NONE", UNKNOWN} and found.get("alignmentPeriod") is None:
        yield Problem(path=f"{path}.alignmentPeriod", reason=f"{aligner} needs a period")


def _metric_filter(request: Request, path: str, text: Value) -> Iterator[Problem]:
    if len(text) > _MOST_FILTER:
        yield Problem(path=path, reason=f"{len(text)} characters: at most {_MOST_FILTER}")
    for wanted in ("metric.type", "resource.type"):
        if wanted not in text:
            yield Problem(path=path, reason=f"the filter must name {wanted}")
    for name in () if request.preview else _COUNTED.findall(text):
        if not any(metric.get("name") == name for metric in request.among(METRIC)):
            yield Problem(path=path, reason=f"cannot find metric logging.googleapis.com/user/{name}")


def _given(collection: str) -> Any:  # noqa: ANN401 - a function of a row
    """Give how ids that Cloud Monitoring hands out are made: a number in a collection of the project."""
    return lambda request: f"projects/{address(request)['project']}/{collection}/{number(request.seed)}"


def _named(_request: Request, made: str) -> Mapping[str, Any]:
    return {"name": made}


ROWS: Final = (
    Row(
        type=METRIC,
        schema="logging.v2:LogMetric",
        id="{name}",
        replace_on="name project",
        rules=(_metric,),
    ),
    Row(
        type=CHANNEL,
        schema="monitoring.v3:NotificationChannel",
        id=_given("notificationChannels"),
        replace_on="project",
        rules=(_channel, lambda request: rules.labels(request, "userLabels")),
        outputs=_named,
        defaults="project",
    ),
    Row(
        type=POLICY,
        schema="monitoring.v3:AlertPolicy",
        id=_given("alertPolicies"),
        replace_on="project",
        rules=(_policy, lambda request: rules.labels(request, "userLabels")),
        outputs=_named,
        defaults="project",
    ),
)
