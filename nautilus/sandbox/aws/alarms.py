"""Alarms on metrics, rules on events and what they tell.

Guarantees that an alarm's periods, expressions and actions are ones that CloudWatch takes, and that a rule's pattern and its
target are. Nothing is measured, so no alarm ever goes off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws.call import Call, send, show
from nautilus.sandbox.aws.row import Raw, Row, unless_gone
from nautilus.sandbox.aws.topics import listed
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_SHORT_PERIODS_S: Final = (10, 20, 30)
_MINUTE_S: Final = 60
_LONGEST_S: Final = 86_400
_QUERIES: Final = 10
_MISSING: Final = ("breaching", "notBreaching", "ignore", "missing")
"""Source: CloudWatch API reference, PutMetricAlarm: periods, EvaluationPeriods times Period, TreatMissingData."""
_ID: Final = re.compile(r"[a-z][a-zA-Z0-9_]*")
_WORD: Final = re.compile(r"\b[a-z][a-zA-Z0-9_]*\b")
_SCALARS: Final = (
    "name=AlarmName alarmDescription comparisonOperator evaluationPeriods datapointsToAlarm threshold treatMissingData "
    "actionsEnabled alarmActions okActions=OKActions insufficientDataActions metricName namespace period statistic unit"
)


def _dimensions(value: Value) -> Value:
    return [{"Name": name, "Value": value[name]} for name in sorted(value)] if isinstance(value, Mapping) else value


def _query(query: Value) -> Value:
    if not isinstance(query, Mapping):
        return query
    spelt: dict[str, Any] = send("id label expression period returnData")(query)
    metric = query.get("metric")
    if isinstance(metric, Mapping):
        inner = send("metricName namespace")(metric)
        if metric.get("dimensions") is not None:
            inner["Dimensions"] = _dimensions(metric["dimensions"])
        spelt["MetricStat"] = {"Metric": inner, **send("period stat unit")(metric)}
    return spelt


def _params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    spelt: dict[str, Any] = {"AlarmName": UNKNOWN, **send(_SCALARS)(inputs)}
    if inputs.get("dimensions") is not None:
        spelt["Dimensions"] = _dimensions(inputs["dimensions"])
    queries = inputs.get("metricQueries")
    if isinstance(queries, list):
        spelt["Metrics"] = [_query(query) for query in queries]
    return spelt


def _look(call: Call) -> Raw | None:
    found = call.boto("describe_alarms", AlarmNames=[call.id])["MetricAlarms"] if call.id else []
    return found[0] if found else None


def _put(call: Call) -> None:
    call.boto("put_metric_alarm", **_params(call.inputs))


def _make(call: Call) -> str:
    _put(call)
    return str(call.get("name"))


def _show(call: Call, raw: Raw) -> dict[str, object]:
    live = show(_SCALARS)(raw)
    return {
        **{name: value for name, value in live.items() if name in call.inputs},
        "arn": raw["AlarmArn"],
        "name": raw["AlarmName"],
    }


def _refuse(call: Call) -> Iterator[Problem]:
    if call.inputs.get("name") is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    single, queries = call.inputs.get("metricName") is not None, call.inputs.get("metricQueries")
    if single == (queries not in (None, [])):
        yield Problem(path="metricName", reason="an alarm has exactly one of metricName and metricQueries")
    periods, datapoints = call.get("evaluationPeriods"), call.get("datapointsToAlarm")
    if isinstance(periods, int | float) and isinstance(datapoints, int | float) and datapoints > periods:
        yield Problem(path="datapointsToAlarm", reason=f"{datapoints:g} of {periods:g} evaluation periods")
    missing = call.get("treatMissingData")
    if isinstance(missing, str) and missing not in _MISSING:
        yield Problem(path="treatMissingData", reason=f"{missing!r} is not one of {', '.join(_MISSING)}")
    yield from _period_problems("period", call.get("period"), periods)
    if isinstance(queries, list):
        yield from _query_problems(queries, periods)
    for name in ("alarmActions", "okActions", "insufficientDataActions"):
        yield from _action_problems(call, name)
    yield from unsupported(call, "evaluationCriteria", "evaluationWindow", "warmUpConfiguration", "thresholdMetricId")


def _period_problems(path: str, period: Value, periods: Value) -> Iterator[Problem]:
    if not isinstance(period, int | float):
        return
    if period not in _SHORT_PERIODS_S and (period < _MINUTE_S or period % _MINUTE_S):
        yield Problem(path=path, reason=f"{period:g} is not 10, 20, 30 or a multiple of 60 seconds")
    if isinstance(periods, int | float) and periods * period > _LONGEST_S:
        yield Problem(path=path, reason=f"{periods:g} periods of {period:g} s are more than a day")


def _query_problems(queries: list[Any], periods: Value) -> Iterator[Problem]:
    known = [query for query in queries if isinstance(query, Mapping)]
    if len(queries) > _QUERIES:
        yield Problem(path="metricQueries", reason=f"holds {len(queries)}; an alarm takes {_QUERIES}")
    ids = [query.get("id") for query in known]
    if len(set(map(str, ids))) < len(ids):
        yield Problem(path="metricQueries", reason=f"two have one id: {', '.join(map(str, ids))}")
    returned = [query.get("id") for query in known if query.get("returnData") is True]
    if len(returned) != 1:
        yield Problem(path="metricQueries", reason=f"exactly one returns data, and here {len(returned)} do")
    for index, query in enumerate(known):
        path, identity = f"metricQueries[{index}]", query.get("id")
        if isinstance(identity, str) and not _ID.fullmatch(identity):
            yield Problem(path=f"{path}.id", reason=f"{identity!r} does not begin with a small letter, or holds others")
        if (query.get("metric") is None) == (query.get("expression") is None):
            yield Problem(path=path, reason="has exactly one of metric and expression")
        expression = query.get("expression")
        if isinstance(expression, str):
            for word in sorted(set(_WORD.findall(expression)) - set(map(str, ids))):
                yield Problem(path=f"{path}.expression", reason=f"{word} is the id of no query")
        metric = query.get("metric")
        if isinstance(metric, Mapping):
            yield from _period_problems(f"{path}.metric.period", metric.get("period"), periods)


def _action_problems(call: Call, name: str) -> Iterator[Problem]:
    place = (call.region, call.account) if call.request.target.account else None
    for index, arn in enumerate(call.get(name) or ()):
        if not isinstance(arn, str):
            continue
        parts = arn.split(":")
        if len(parts) < 6 or parts[0] != "arn":  # noqa: PLR2004 - the parts of an ARN
            yield Problem(path=f"{name}[{index}]", reason=f"{arn!r} is no ARN")
        elif parts[2] == "sns" and place is not None and (parts[3], parts[4]) != place:
            yield Problem(path=f"{name}[{index}]", reason=f"{arn} is not in {place[0]} of account {place[1]}")


def _guard_alarm(call: Call) -> Iterator[Problem]:
    if call.boto("describe_alarms", AlarmNames=[call.get("name")])["MetricAlarms"]:
        yield Problem(path="name", reason=f"alarm {call.get('name')} exists already, and would be overwritten")


_rule_params: Final = send("name description eventPattern scheduleExpression state roleArn eventBusName")


def _look_rule(call: Call) -> Raw | None:
    return unless_gone(lambda: call.boto("describe_rule", Name=call.id)) if call.id else None


def _put_rule(call: Call) -> None:
    call.boto("put_rule", **_rule_params(call.inputs))


def _make_rule(call: Call) -> str:
    _put_rule(call)
    return str(call.get("name"))


def _refuse_rule(call: Call) -> Iterator[Problem]:
    if call.inputs.get("name") is None:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    pattern = call.inputs.get("eventPattern")
    if (pattern is None) == (call.inputs.get("scheduleExpression") is None):
        yield Problem(path="eventPattern", reason="is required, or scheduleExpression: exactly one of both")
    yield from unsupported(call, "scheduleExpression", "eventBusName")
    if isinstance(pattern, str):
        try:
            parsed = json.loads(pattern)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict) or not parsed or not _is_pattern(parsed):
            yield Problem(path="eventPattern", reason="is not an object whose every value is a list (InvalidEventPattern)")


def _is_pattern(value: Value) -> bool:
    if isinstance(value, dict):
        return all(_is_pattern(item) for item in value.values())
    return isinstance(value, list) and bool(value)


def _guard_rule(call: Call) -> Iterator[Problem]:
    if unless_gone(lambda: call.boto("describe_rule", Name=call.get("name"))) is not None:
        yield Problem(path="name", reason=f"rule {call.get('name')} exists already, and would be overwritten")


def _target(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"Id": inputs.get("targetId", UNKNOWN), "Arn": inputs.get("arn", UNKNOWN)}


def _make_target(call: Call) -> str:
    call.boto("put_targets", Rule=call.get("rule"), Targets=[_target(call.inputs)])
    return f"{call.get('rule')}-{call.get('targetId')}"


def _look_target(call: Call) -> Raw | None:
    if not call.id:
        return None
    answer = unless_gone(lambda: call.boto("list_targets_by_rule", Rule=call.get("rule"))) or {}
    return next((one for one in answer.get("Targets", ()) if one["Id"] == call.get("targetId")), None)


def _refuse_target(call: Call) -> Iterator[Problem]:
    arn = call.get("arn")
    if call.inputs.get("targetId") is None:
        yield Problem(path="targetId", reason="is required: the sandbox makes up no names")
    if isinstance(arn, str) and ":sns:" not in arn:
        yield Problem(path="arn", reason=f"{arn} is no SNS topic, all that the sandbox offers")
    elif isinstance(arn, str) and f":sns:{call.region}:" not in arn:
        yield Problem(path="arn", reason=f"{arn} is not in {call.region}")


def _guard_target(call: Call) -> Iterator[Problem]:
    if unless_gone(lambda: call.boto("describe_rule", Name=call.get("rule"))) is None:
        yield Problem(path="rule", reason=f"rule {call.get('rule')} does not exist (ResourceNotFoundException)")


ROWS: Final = (
    Row(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        service="cloudwatch",
        operation="put_metric_alarm",
        params=_params,
        make=_make,
        look=_look,
        show=_show,
        settle=(_put,),
        drop=lambda call: call.boto("delete_alarms", AlarmNames=[call.id]),
        refuse=_refuse,
        guard=_guard_alarm,
        tags=listed("ResourceARN"),
        replace_on="name",
        aliases={"AlarmName": "name", "OKActions": "okActions", "Metrics": "metricQueries"},
    ),
    Row(
        type="aws:cloudwatch/eventRule:EventRule",
        service="events",
        operation="put_rule",
        params=lambda inputs: {"Name": UNKNOWN, **_rule_params(inputs)},
        make=_make_rule,
        look=_look_rule,
        show=lambda _call, raw: {**show("name description eventPattern state arn")(raw), "eventBusName": "default"},
        settle=(_put_rule,),
        drop=lambda call: call.boto("delete_rule", Name=call.id),
        refuse=_refuse_rule,
        guard=_guard_rule,
        tags=listed("ResourceARN"),
        defaults={"forceDestroy": False},
        replace_on="name namePrefix eventBusName",
    ),
    Row(
        type="aws:cloudwatch/eventTarget:EventTarget",
        service="events",
        operation="put_targets",
        params=lambda inputs: {"Rule": inputs.get("rule", UNKNOWN), "Targets": [_target(inputs)]},
        make=_make_target,
        look=_look_target,
        show=lambda _call, raw: {"arn": raw["Arn"], "targetId": raw["Id"]},
        settle=(_make_target,),
        drop=lambda call: call.boto("remove_targets", Rule=call.get("rule"), Ids=[call.get("targetId")]),
        refuse=_refuse_target,
        guard=_guard_target,
        defaults={"eventBusName": "default"},
        replace_on="rule targetId eventBusName",
        within="Targets[0].",
    ),
)
