"""FLT-008: a probe asks for what its mechanism really does, and every setting of it is written down (DNS-1, FO-2).

A setting that a cloud would round, refuse or fill in by itself makes a worked-out recovery time a guess. Sources: Route 53
UpdateHealthCheck; Elastic Load Balancing, target group health checks; Global Accelerator endpoint groups; Compute Engine
HealthCheck and Cloud DNS external checks; Azure load balancer probes; Traffic Manager endpoint monitoring (2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policies.kit.law import Law
from policies.kit.props import Props
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show

_ROUTE_53_CHECKERS: Final = 3
_CLOUD_DNS_SOURCES: Final = 3
_CLOUD_DNS_LEAST_S: Final = 30
_GLOBAL: Final = "Global"
_TRAFFIC_MANAGER_TIMEOUTS_S: Final[Mapping[float, range]] = {10.0: range(5, 10), 30.0: range(5, 11)}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One figure of a probe: what it may be, and how that reads."""

    path: str
    within: Container[float]
    says: str


def _range(path: str, least: int, most: int, unit: str = "s") -> Setting:
    return Setting(path=path, within=range(least, most + 1), says=f"{least} to {most} {unit}".strip())


def _either(path: str, *values: int) -> Setting:
    return Setting(path=path, within=frozenset(values), says=f"{' or '.join(map(str, values))} s")


_HEALTH_53: Final = (_either("requestInterval", 10, 30), _range("failureThreshold", 1, 10, ""))
_TARGETS: Final = (
    _range("healthCheck.interval", 5, 300),
    _range("healthCheck.unhealthyThreshold", 2, 10, ""),
    _range("healthCheck.timeout", 2, 120),
)
_ACCELERATOR: Final = (_either("healthCheckIntervalSeconds", 10, 30), _range("thresholdCount", 1, 10, ""))
_GCP_HEALTH: Final = (
    _range("checkIntervalSec", 1, 300),
    _range("timeoutSec", 1, 300),
    _range("unhealthyThreshold", 1, 10, ""),
    _range("healthyThreshold", 1, 10, ""),
)
_AZURE_PROBE: Final = (_range("intervalInSeconds", 5, 3600), _range("probeThreshold", 1, 100, ""))
_MONITOR: Final = (
    _either("monitorConfig.intervalInSeconds", 10, 30),
    _range("monitorConfig.toleratedNumberOfFailures", 0, 9, ""),
    _range("dnsConfig.ttl", 0, 2_147_483_647),
)


def _judge(props: Props, settings: tuple[Setting, ...], at: str = "") -> Iterator[Fault]:
    for wanted in settings:
        value = props.number(wanted.path)
        if value is None:
            yield Fault(
                f"{at}{wanted.path} is not set, so the provider's default decides", allowed=f"{wanted.path}: {wanted.says}"
            )
        elif value not in wanted.within:
            yield Fault(f"{at}{wanted.path} is {show(value)}", allowed=f"{wanted.path}: {wanted.says}")


def _health_53(resource: Resource) -> Iterator[Fault]:
    if resource.props.text("type") in {"CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"}:
        yield Fault(
            f"type {show(resource.props.text('type'))}, which probes nothing by itself", allowed="TCP, HTTP or HTTPS"
        )
        return
    yield from _judge(resource.props, _HEALTH_53)
    checkers = resource.props.texts("regions")
    if 0 < len(checkers) < _ROUTE_53_CHECKERS:
        yield Fault(f"checked from {len(checkers)} regions", allowed=f"regions: at least {_ROUTE_53_CHECKERS}")


def _targets(resource: Resource) -> Iterator[Fault]:
    yield from _judge(resource.props, _TARGETS)
    interval, timeout = resource.props.number("healthCheck.interval"), resource.props.number("healthCheck.timeout")
    if interval is not None and timeout is not None and timeout > interval:
        yield Fault(
            f"healthCheck.timeout is {show(timeout)}, longer than its interval", allowed="a timeout within the interval"
        )


def _accelerator(resource: Resource) -> Iterator[Fault]:
    yield from _judge(resource.props, _ACCELERATOR)


def _gcp_health(resource: Resource) -> Iterator[Fault]:
    yield from _judge(resource.props, _GCP_HEALTH)
    interval, timeout = resource.props.number("checkIntervalSec"), resource.props.number("timeoutSec")
    if interval is not None and timeout is not None and timeout > interval:
        yield Fault(f"timeoutSec is {show(timeout)}, longer than its interval", allowed="a timeout within the interval")
    sources = resource.props.texts("sourceRegions")
    if not sources:
        return
    if len(sources) != _CLOUD_DNS_SOURCES:
        yield Fault(f"checked from {len(sources)} source regions", allowed=f"sourceRegions: exactly {_CLOUD_DNS_SOURCES}")
    if interval is not None and interval < _CLOUD_DNS_LEAST_S:
        yield Fault(
            f"checkIntervalSec is {show(interval)} from source regions", allowed=f"at least {_CLOUD_DNS_LEAST_S} s there"
        )


def _balancer(resource: Resource) -> Iterator[Fault]:
    probes = list(resource.props.each("probes"))
    if resource.props.text("sku.tier") == _GLOBAL:
        if probes:
            yield Fault(
                f"{len(probes)} probes on a balancer of the Global tier, which samples by itself", allowed="no probe"
            )
        return
    for probe in probes:
        yield from _judge(probe, _AZURE_PROBE, f"probe {probe.text('name') or '?'}: ")


def _profile(resource: Resource) -> Iterator[Fault]:
    yield from _judge(resource.props, _MONITOR)
    interval, timeout = (resource.props.number(f"monitorConfig.{name}InSeconds") for name in ("interval", "timeout"))
    allowed = _TRAFFIC_MANAGER_TIMEOUTS_S.get(interval or 0.0)
    if timeout is None:
        yield Fault(
            "monitorConfig.timeoutInSeconds is not set, so the provider's default decides",
            allowed="5 to 9 s every 10 s, 5 to 10 s every 30 s",
        )
    elif allowed is not None and timeout not in allowed:
        yield Fault(
            f"monitorConfig.timeoutInSeconds is {show(timeout)} every {show(interval)} s",
            allowed=f"{allowed.start} to {allowed.stop - 1} s",
        )


PROBES: Final[Mapping[str, Callable[[Resource], Iterator[Fault]]]] = {
    "aws:route53/healthCheck:HealthCheck": _health_53,
    "aws:lb/targetGroup:TargetGroup": _targets,
    "aws:globalaccelerator/endpointGroup:EndpointGroup": _accelerator,
    "gcp:compute/healthCheck:HealthCheck": _gcp_health,
    "azure-native:network:LoadBalancer": _balancer,
    "azure-native:trafficmanager:Profile": _profile,
}
"""How each type that probes is judged."""


def _check(resource: Resource, _law: Law) -> Iterator[Fault]:
    yield from PROBES[resource.type](resource)


RULE = Rule(
    id="FLT-008",
    title="probe settings that the mechanism really supports",
    clause=control("FLT-008", "DNS-1"),
    severity=Severity.HIGH,
    allowed="an interval, threshold and timeout that the mechanism has, all written down",
    fix="write a figure that the mechanism has",
    resource=_check,
    types=frozenset(PROBES),
)
