"""What Azure refuses of action groups, metric alerts and activity log alerts.

Sources: Azure Monitor metric alert limits, supported metrics by resource type, activity log alert schema, ARM's own text
(Microsoft Learn; general knowledge where the page was not read). A resource type without a row of metrics is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_SHORT_NAME: Final = 12
_MINUTES: Final = {"PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720, "P1D": 1440}
_FREQUENCIES: Final = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H")
_SEVERITIES: Final = range(5)
_OPERATORS: Final = ("Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
_SINGLE: Final = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
_GUID: Final = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CATEGORIES: Final = (
    "Administrative",
    "Autoscale",
    "Policy",
    "Recommendation",
    "ResourceHealth",
    "Security",
    "ServiceHealth",
)
_INCIDENTS: Final = ("ActionRequired", "Incident", "Informational", "Maintenance", "Security")
_FIELDS: Final = frozenset(
    {
        "caller",
        "category",
        "level",
        "operationname",
        "resourcegroup",
        "resourceid",
        "resourceprovider",
        "resourcetype",
        "status",
        "substatus",
    }
)

_FLOW: Final = ("FrontendIPAddress", "FrontendPort")
_TUNNEL: Final = ("ConnectionName", "RemoteIP", "Instance")
METRICS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "microsoft.network/loadbalancers": {
        "VipAvailability": _FLOW,
        "DipAvailability": (*_FLOW, "ProtocolType", "BackendPort", "BackendIPAddress"),
        "GlobalBackendAvailability": (*_FLOW, "BackendIPAddress", "ProtocolType", "FrontendRegion", "BackendRegion"),
        "ByteCount": (*_FLOW, "Direction"),
        "PacketCount": (*_FLOW, "Direction"),
        "SYNCount": (*_FLOW, "Direction"),
        "SnatConnectionCount": ("FrontendIPAddress", "BackendIPAddress", "ConnectionState"),
        "AllocatedSnatPorts": ("FrontendIPAddress", "BackendIPAddress", "ProtocolType", "IsAwaitingRemoval"),
        "UsedSnatPorts": ("FrontendIPAddress", "BackendIPAddress", "ProtocolType", "IsAwaitingRemoval"),
    },
    "microsoft.network/vpngateways": {
        "AverageBandwidth": ("Instance",),
        "BgpPeerStatus": ("BgpPeerAddress", "Instance"),
        "BgpRoutesAdvertised": ("BgpPeerAddress", "Instance"),
        "BgpRoutesLearned": ("BgpPeerAddress", "Instance"),
        "TunnelAverageBandwidth": _TUNNEL,
        "TunnelEgressBytes": _TUNNEL,
        "TunnelEgressPackets": _TUNNEL,
        "TunnelEgressPacketDropCount": _TUNNEL,
        "TunnelIngressBytes": _TUNNEL,
        "TunnelIngressPackets": _TUNNEL,
        "TunnelIngressPacketDropCount": _TUNNEL,
    },
    "microsoft.containerservice/managedclusters": {
        "node_cpu_usage_percentage": ("node", "nodepool"),
        "node_memory_working_set_percentage": ("node", "nodepool"),
        "node_disk_usage_percentage": ("node", "nodepool", "device"),
        "node_network_in_bytes": ("node", "nodepool"),
        "node_network_out_bytes": ("node", "nodepool"),
    },
}
"""ARM type to its metrics and their dimensions (Azure Monitor, supported metrics)."""


def action_group(request: Request) -> Iterator[Problem]:
    """A short name that is short, receivers with names of their own, roles that are built in."""
    short = request.inputs.get("groupShortName")
    if isinstance(short, str) and not 1 <= len(short) <= _SHORT_NAME:
        yield Problem(path="groupShortName", reason=f"BadRequest: {short!r}; it takes 1 to {_SHORT_NAME} characters")
    names: set[str] = set()
    for field in sorted(key for key in request.inputs if key.endswith("Receivers")):
        for path, name in refer.at(request.inputs, f"{field}[].name"):
            if str(name) in names:
                yield Problem(path=path, reason=f"BadRequest: two receivers are named {name}")
            names.add(str(name))
    for path, role in refer.at(request.inputs, "armRoleReceivers[].roleId"):
        if isinstance(role, str) and _GUID.fullmatch(role) is None:
            yield Problem(path=path, reason=f"BadRequest: {role!r} is not the GUID of a role")


def metric_alert(request: Request) -> Iterator[Problem]:
    """A window of at least one frequency, a severity, one resource that is there and has the metric."""
    inputs = request.inputs
    often, window = inputs.get("evaluationFrequency"), inputs.get("windowSize")
    if isinstance(often, str) and often not in _FREQUENCIES:
        reason = f"BadRequest: {often}; it takes {', '.join(_FREQUENCIES)}"
        yield Problem(path="evaluationFrequency", reason=reason)
    if isinstance(window, str):
        if window not in _MINUTES:
            yield Problem(path="windowSize", reason=f"BadRequest: {window}; it takes {', '.join(_MINUTES)}")
        elif _MINUTES.get(str(often), 0) > _MINUTES[window]:
            yield Problem(path="windowSize", reason=f"BadRequest: {window} is shorter than the frequency, {often}")
    severity = inputs.get("severity")
    if isinstance(severity, (int, float)) and severity not in _SEVERITIES:
        yield Problem(path="severity", reason=f"BadRequest: {severity:g}; it takes 0 to 4")
    scopes = inputs.get("scopes") or ()
    if refer.first(inputs, "criteria.odataType") == _SINGLE and len(scopes) != 1:
        yield Problem(path="scopes", reason=f"BadRequest: {len(scopes)}; these criteria take exactly one resource")
    for path, value in refer.at(inputs, "scopes[]"):
        yield from _there(request, path, value)
    yield from _criteria(inputs)


def _criteria(inputs: Mapping[str, Any]) -> Iterator[Problem]:
    scope = refer.first(inputs, "scopes[]")
    parsed = arm.parse(scope) if isinstance(scope, str) else None
    kind = parsed.type if parsed else refer.first(inputs, "targetResourceType")
    offered = METRICS.get(str(kind).lower())
    names = [str(name) for _, name in refer.at(inputs, "criteria.allOf[].name")]
    if not names:
        yield Problem(path="criteria.allOf", reason="BadRequest: an alert needs a criterion")
    if len(names) != len(set(names)):
        yield Problem(path="criteria.allOf", reason="BadRequest: two criteria have one name")
    for path, one in refer.at(inputs, "criteria.allOf[]"):
        operator, metric = refer.first(one, "operator"), refer.first(one, "metricName")
        if operator is not None and operator not in _OPERATORS:
            yield Problem(path=f"{path}.operator", reason=f"BadRequest: {operator}; it takes {', '.join(_OPERATORS)}")
        if offered is None or metric is None:
            continue
        if metric not in offered:
            reason = f"MetricNotFound: {kind} has no {metric}; it has {', '.join(sorted(offered))}"
            yield Problem(path=f"{path}.metricName", reason=reason)
            continue
        for inner, name in refer.at(one, "dimensions[].name"):
            if name not in offered[metric]:
                reason = f"DimensionNotFound: {name}; {metric} has {', '.join(offered[metric])}"
                yield Problem(path=f"{path}.{inner}", reason=reason)


def activity_alert(request: Request) -> Iterator[Problem]:
    """A scope that is there, and a category with fields that there are."""
    fields: dict[str, object] = {}
    for path, one in refer.at(request.inputs, "condition.allOf[]"):
        if not isinstance(one, Mapping):
            continue
        leaf, branch = one.get("field"), one.get("anyOf")
        if (leaf is None) == (not branch):
            yield Problem(path=path, reason="BadRequest: a condition has a field or alternatives, not both")
            continue
        if leaf is None or leaf is UNKNOWN:
            continue
        if (one.get("equals") is None) == (not one.get("containsAny")):
            yield Problem(path=path, reason="BadRequest: a field has one value or several")
        if str(leaf).lower() not in _FIELDS and not str(leaf).startswith("properties."):
            yield Problem(path=f"{path}.field", reason=f"BadRequest: {leaf!r} is no field of the activity log")
        fields[str(leaf)] = one.get("equals")
    category, incident = fields.get("category"), fields.get("properties.incidentType")
    if category is not UNKNOWN and category not in _CATEGORIES:
        reason = f"BadRequest: category {category!r}; it takes {', '.join(_CATEGORIES)}"
        yield Problem(path="condition.allOf", reason=reason)
    if incident is not None and (category != "ServiceHealth" or incident not in _INCIDENTS):
        reason = f"BadRequest: incident type {incident!r}; ServiceHealth takes {', '.join(_INCIDENTS)}"
        yield Problem(path="condition.allOf", reason=reason)
    for path, value in refer.at(request.inputs, "scopes[]"):
        yield from _there(request, path, value)


def _there(request: Request, path: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, str):
        return
    found = arm.parse(value)
    own = found is not None and found.subscription.lower() == str(request.target.account).lower()
    if found is None or not own:
        yield Problem(path=path, reason=f"BadRequest: {value!r} is no id in this subscription")
    elif found.group and not request.preview and request.find(value) is None:
        yield Problem(path=path, reason=f"ResourceNotFound: {value} does not exist")
