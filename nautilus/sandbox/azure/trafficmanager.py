"""What Azure refuses of Traffic Manager profiles.

Sources: Traffic Manager endpoint monitoring, routing methods, nested profiles, naming rules (Microsoft Learn; general
knowledge where the page was not read). Not modelled: quotas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from nautilus.sandbox.azure import arm, refer
from nautilus.sandbox.azure.regions import REGIONS, normal
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_METHODS: Final = ("Priority", "Performance", "Weighted", "Geographic", "MultiValue", "Subnet")
_TIMEOUTS_S: Final = {10: range(5, 10), 30: range(5, 11)}
_FAILURES: Final = range(10)
_TTL_S: Final = range(2147483648)
_RANKS: Final = range(1, 1001)
_RETURNED: Final = range(1, 9)
_RELATIVE: Final = re.compile(r"(?i)(?=.{1,63}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_GEO: Final = re.compile(r"WORLD|GEO-[A-Z]{2}|[A-Z]{2}(-[A-Z0-9]{1,3})?")
_IPV4: Final = re.compile(r"(\d{1,3}\.){3}\d{1,3}")
_KINDS: Final = ("azureEndpoints", "externalEndpoints", "nestedEndpoints")
_PREFIX: Final = "microsoft.network/trafficmanagerprofiles/"
_PROFILE: Final = _PREFIX.rstrip("/")


def profile(request: Request) -> Iterator[Problem]:
    """A method that there is, a name that nobody has, a monitor within its limits, endpoints that fit the method."""
    inputs = request.inputs
    method = inputs.get("trafficRoutingMethod")
    if method is None or (isinstance(method, str) and method not in _METHODS):
        yield Problem(path="trafficRoutingMethod", reason=f"BadRequest: {method!r}; it takes {', '.join(_METHODS)}")
    yield from _dns(request)
    yield from _monitor(inputs.get("monitorConfig"))
    most = inputs.get("maxReturn")
    if method == "MultiValue" and (not isinstance(most, (int, float)) or most not in _RETURNED):
        yield Problem(path="maxReturn", reason="BadRequest: MultiValue needs 1 to 8")
    endpoints = [(path, one) for path, one in refer.at(inputs, "endpoints[]") if isinstance(one, Mapping)]
    yield from _distinct(endpoints)
    for path, one in endpoints:
        yield from _endpoint(request, path, one, str(method))


def _dns(request: Request) -> Iterator[Problem]:
    config = request.inputs.get("dnsConfig")
    if config is None:
        yield Problem(path="dnsConfig", reason="BadRequest: a profile needs it")
        return
    name = refer.first(config, "relativeName")
    if isinstance(name, str):
        if _RELATIVE.fullmatch(name) is None:
            reason = f"BadRequest: {name!r}; 1 to 63 letters, digits, hyphens and periods, a letter or digit at both ends"
            yield Problem(path="dnsConfig.relativeName", reason=reason)
        for other in request.among(request.type):
            if other.get("id") != request.id and str(refer.first(other, "dnsConfig.relativeName")).lower() == name.lower():
                reason = f"Conflict: {name} is taken; Traffic Manager's names are global"
                yield Problem(path="dnsConfig.relativeName", reason=reason)
    ttl = refer.first(config, "ttl")
    if isinstance(ttl, (int, float)) and ttl not in _TTL_S:
        yield Problem(path="dnsConfig.ttl", reason=f"BadRequest: {ttl:g} s; it takes 0 to {_TTL_S.stop - 1}")


def _monitor(config: object) -> Iterator[Problem]:
    if not isinstance(config, Mapping):
        yield Problem(path="monitorConfig", reason="BadRequest: a profile needs it")
        return
    port, protocol = config.get("port"), config.get("protocol")
    if not isinstance(port, (int, float)) or not 1 <= port <= 65535:  # noqa: PLR2004 - what a port is
        yield Problem(path="monitorConfig.port", reason=f"BadRequest: {port!r}; a monitor needs a port of 1 to 65535")
    if protocol == "TCP":
        for field in ("path", "expectedStatusCodeRanges", "customHeaders"):
            if config.get(field):
                yield Problem(path=f"monitorConfig.{field}", reason="BadRequest: a TCP monitor has none")
    elif protocol in ("HTTP", "HTTPS"):
        if not str(config.get("path") or "").startswith("/"):
            yield Problem(path="monitorConfig.path", reason=f"BadRequest: an {protocol} monitor needs a path from /")
    else:
        yield Problem(path="monitorConfig.protocol", reason=f"BadRequest: {protocol!r}; it takes HTTP, HTTPS, TCP")
    # Azure's own defaults where nothing is given.
    interval, timeout = config.get("intervalInSeconds", 30), config.get("timeoutInSeconds")
    if interval not in _TIMEOUTS_S:
        yield Problem(path="monitorConfig.intervalInSeconds", reason=f"BadRequest: {interval!r}; it takes 10 or 30 s")
    elif isinstance(timeout, (int, float)) and timeout not in _TIMEOUTS_S[interval]:
        bounds = _TIMEOUTS_S[interval]
        reason = f"BadRequest: {timeout:g}; at {interval:g} s it takes {bounds.start} to {bounds.stop - 1} s"
        yield Problem(path="monitorConfig.timeoutInSeconds", reason=reason)
    failures = config.get("toleratedNumberOfFailures")
    if isinstance(failures, (int, float)) and failures not in _FAILURES:
        path = "monitorConfig.toleratedNumberOfFailures"
        yield Problem(path=path, reason=f"BadRequest: {failures:g}; it takes 0 to 9")


def _distinct(endpoints: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[Problem]:
    """Names, targets, priorities and geographic codes occur once in a profile."""
    for field, code in (("name", "name"), ("target", "target"), ("targetResourceId", "target"), ("priority", "priority")):
        seen: set[str] = set()
        for path, one in endpoints:
            value = one.get(field)
            if value is None or value is UNKNOWN:
                continue
            if str(value).lower() in seen:
                yield Problem(path=f"{path}.{field}", reason=f"BadRequest: two endpoints have one {code}, {value}")
            seen.add(str(value).lower())
    mapped: set[str] = set()
    for path, one in endpoints:
        for inner, value in refer.at(one, "geoMapping[]"):
            if value in mapped:
                yield Problem(path=f"{path}.{inner}", reason=f"BadRequest: {value} is another endpoint's already")
            mapped.add(str(value))


def _endpoint(request: Request, path: str, one: Mapping[str, Any], method: str) -> Iterator[Problem]:
    kind = str(one.get("type", "")).lower().removeprefix(_PREFIX)
    if kind not in {known.lower() for known in _KINDS}:
        yield Problem(path=f"{path}.type", reason=f"BadRequest: {one.get('type')!r}; it takes {', '.join(_KINDS)}")
    if kind == "externalendpoints" and one.get("target") is None:
        yield Problem(path=f"{path}.target", reason="BadRequest: an external endpoint needs a target")
    if kind == "nestedendpoints":
        yield from _nested(request, path, one)
    for field in ("weight", "priority"):
        value = one.get(field)
        if isinstance(value, (int, float)) and value not in _RANKS:
            yield Problem(path=f"{path}.{field}", reason=f"BadRequest: {value:g}; it takes 1 to 1000")
    where = one.get("endpointLocation")
    if method == "Performance" and where is None and kind != "azureendpoints":
        yield Problem(path=f"{path}.endpointLocation", reason="BadRequest: under Performance an endpoint needs a location")
    if isinstance(where, str) and normal(where) not in REGIONS:
        yield Problem(path=f"{path}.endpointLocation", reason=f"BadRequest: {where!r} is no region of Azure")
    codes = one.get("geoMapping")
    if method == "Geographic" and not codes:
        yield Problem(path=f"{path}.geoMapping", reason="BadRequest: under Geographic an endpoint needs a region code")
    for inner, value in refer.at(one, "geoMapping[]"):
        if isinstance(value, str) and _GEO.fullmatch(value) is None:
            yield Problem(path=f"{path}.{inner}", reason=f"BadRequest: {value!r} is no region code")
    target = one.get("target")
    if method == "MultiValue" and isinstance(target, str) and _IPV4.fullmatch(target) is None:
        yield Problem(path=f"{path}.target", reason="BadRequest: under MultiValue a target is an address")


def _nested(request: Request, path: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    least = one.get("minChildEndpoints", 1)
    if isinstance(least, (int, float)) and least < 1:
        yield Problem(path=f"{path}.minChildEndpoints", reason=f"BadRequest: {least:g}; the least is 1")
    value = one.get("targetResourceId")
    if value is None:
        yield Problem(path=f"{path}.targetResourceId", reason="BadRequest: a nested endpoint needs a profile")
        return
    if value is UNKNOWN:
        return
    found = arm.parse(str(value))
    if found is None or found.type.lower() != _PROFILE:
        yield Problem(path=f"{path}.targetResourceId", reason=f"BadRequest: {value!r} is not the id of a profile")
    elif str(value).lower() == str(request.id).lower():
        yield Problem(path=f"{path}.targetResourceId", reason="BadRequest: a profile cannot be nested in itself")
    elif not request.preview and request.find(str(value)) is None:
        yield Problem(path=f"{path}.targetResourceId", reason=f"ResourceNotFound: {value} does not exist")
