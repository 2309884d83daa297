"""What Compute Engine refuses of a health check: intervals, thresholds, protocols, and checks of names from three regions.

Source: the API's own description (compute v1, HealthCheck); bounds of intervals and thresholds: Cloud Load Balancing
documentation, "Health checks overview" (2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import items, known
from nautilus.sandbox.gcp.places import REGIONS
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

HEALTH: Final = "gcp:compute/healthCheck:HealthCheck"

_PROTOCOLS: Final = {
    "tcpHealthCheck": "TCP",
    "sslHealthCheck": "SSL",
    "httpHealthCheck": "HTTP",
    "httpsHealthCheck": "HTTPS",
    "http2HealthCheck": "HTTP2",
    "grpcHealthCheck": "GRPC",
    "grpcTlsHealthCheck": "GRPC_WITH_TLS",
}
_FROM_REGIONS: Final = frozenset({"tcpHealthCheck", "httpHealthCheck", "httpsHealthCheck"})
_REGIONS: Final = 3
_LEAST_FROM_REGIONS_S: Final = 30
_DEFAULT_S: Final = 5


def protocol(request: Request) -> str:
    """Give the type of a health check: the protocol of the one block that it has."""
    return next((kind for name, kind in _PROTOCOLS.items() if request.inputs.get(name) is not None), "")


def check(request: Request) -> Iterator[Problem]:
    """Refuse a health check that Google would: 1 to 300 s, 1 to 10 in a row, one protocol, and so on."""
    interval, timeout = (request.inputs.get(name, _DEFAULT_S) for name in ("checkIntervalSec", "timeoutSec"))
    for name in ("checkIntervalSec", "timeoutSec"):
        yield from rules.within(name, known(request, name), 1, 300)
    for name in ("healthyThreshold", "unhealthyThreshold"):
        yield from rules.within(name, known(request, name), 1, 10)
    if isinstance(interval, (int, float)) and isinstance(timeout, (int, float)) and timeout > interval:
        yield Problem(path="timeoutSec", reason=f"{timeout:g} s is longer than the interval of {interval:g} s")
    given = [name for name in _PROTOCOLS if request.inputs.get(name) is not None]
    if len(given) != 1:
        yield Problem(path="tcpHealthCheck", reason=f"a health check has exactly one protocol, found {len(given)}")
    for name in given:
        probe = known(request, name)
        if isinstance(probe, Mapping):
            yield from _probe(name, probe)
    regions = request.inputs.get("sourceRegions")
    if regions is not None and regions is not UNKNOWN:
        yield from _from_regions(request, items(regions), given, interval)


def _probe(name: str, probe: Mapping[str, Any]) -> Iterator[Problem]:
    port, how = probe.get("port"), probe.get("portSpecification")
    yield from rules.within(f"{name}.port", port, 1, 65535)
    if how == "USE_SERVING_PORT" and port is not None:
        yield Problem(path=f"{name}.port", reason="USE_SERVING_PORT takes the port from the endpoint")
    if how == "USE_NAMED_PORT" and not probe.get("portName"):
        yield Problem(path=f"{name}.portName", reason="USE_NAMED_PORT needs a port's name")


def _from_regions(request: Request, regions: Any, given: list[str], interval: Any) -> Iterator[Problem]:  # noqa: ANN401 - inputs
    if len(regions) != _REGIONS:
        yield Problem(path="sourceRegions", reason=f"{len(regions)} source regions: exactly {_REGIONS} are asked for")
    for index, region in enumerate(regions):
        if isinstance(region, str) and (region not in REGIONS or region in regions[:index]):
            yield Problem(path=f"sourceRegions[{index}]", reason=f"{region} does not exist, or is there twice")
    if isinstance(interval, (int, float)) and interval < _LEAST_FROM_REGIONS_S:
        yield Problem(
            path="checkIntervalSec", reason=f"{interval:g} s: from source regions at least {_LEAST_FROM_REGIONS_S} s"
        )
    for name in given:
        if name not in _FROM_REGIONS:
            yield Problem(
                path=name, reason=f"{_PROTOCOLS[name]} is not checked from source regions: TCP, HTTP and HTTPS are"
            )
        probe = known(request, name)
        if isinstance(probe, Mapping):
            for part in ("request", "proxyHeader"):
                if (
                    probe.get(part) not in {None, "NONE"}
                    and probe.get(part) is not UNKNOWN
                    and (part != "request" or name == "tcpHealthCheck")
                ):
                    yield Problem(path=f"{name}.{part}", reason="is not taken by a health check with source regions")
            if probe.get("portSpecification") == "USE_SERVING_PORT":
                yield Problem(path=f"{name}.portSpecification", reason="an address has no serving port: name the port")
