"""What Google Cloud can see of the failover triggers, as data: metrics, filters and figures (FO-2).

Guarantees one condition a trigger, with FO-2's own figure where a metric carries one. It makes no resource.

| trigger | what is watched |
|---|---|
| 3 failed checks | a health check's own transition to unhealthy: its threshold says after how many; logged at once |
| > 100 ms | round trips between nodes and the balancer's edge or the internet, 95th percentile. The way from the client to
  the edge has no metric for this balancer |
| > 5 % errors | connections that the proxy ended with an error, against all, from its access log; TLS hides the rest |
| > 90 % load | processors in use of what nodes can give. How full a balancer's group is has no metric |
| partition | a tunnel of the placement's gateway down, or more than half of its routers' sessions |
| scheduled maintenance | service health events of the region. Google moves machines live and gives no notice of it; GKE
  keeps to its maintenance window |
| manual | nothing: it is told to the topic |

Source: Cloud Monitoring documentation, "Google Cloud metrics"; Cloud Load Balancing documentation, "Proxy Network Load
Balancer logging and monitoring" and "Health check logging"; Personalized Service Health documentation, "Log schema"
(2026-11). The names of log fields and of the flow and node metrics are general knowledge of those pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LATENCY_MS = 100.0
ERROR_SHARE = 0.05
LOAD_SHARE = 0.9
"""FO-2's figures."""

MINUTE = "60s"
"""The least that Cloud Monitoring aligns by."""


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A metric that is above or below a figure for a minute.

    `over` makes it a share of another metric's. `of_gateway` says that the filter has to name the placement's VPN gateway as
    well, which is known once it is there.
    """

    says: str
    filter: str
    above: bool
    value: float
    aligner: str
    reducer: str
    over: str | None = None
    of_gateway: bool = False


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """A log entry that must not appear."""

    says: str
    filter: str


COUNTED: Mapping[str, str] = {
    "connections": "Connections that the entry's groups took",
    "errors": "Of those, the ones that the proxy ended with an error",
}
"""What is counted from access logs, by role."""


def counted(groups: str) -> Mapping[str, str]:
    """Give the log filter of each counted metric, by role. `groups` is what the names of the entry's groups begin with."""
    served = f'resource.type="l4_proxy_rule" AND resource.labels.backend_name:"{groups}"'
    return {"connections": served, "errors": f'{served} AND jsonPayload.proxyStatus:"error="'}


def thresholds(region: str, connections: str, errors: str) -> Mapping[str, tuple[Threshold, ...]]:
    """Give the alarms that watch metrics, by trigger. `connections` and `errors` are the names of the counted metrics."""
    return {
        "latency": (
            Threshold(
                says="95 of 100 round trips take longer",
                filter=(
                    'metric.type="networking.googleapis.com/vm_flow/external_rtt" AND resource.type="gce_instance" '
                    f'AND resource.labels.zone=starts_with("{region}-")'
                ),
                above=True,
                value=LATENCY_MS,
                aligner="ALIGN_DELTA",
                reducer="REDUCE_PERCENTILE_95",
            ),
        ),
        "errors": (
            Threshold(
                says="Too many connections end with an error",
                filter=f'metric.type="logging.googleapis.com/user/{errors}" AND resource.type="l4_proxy_rule"',
                over=f'metric.type="logging.googleapis.com/user/{connections}" AND resource.type="l4_proxy_rule"',
                above=True,
                value=ERROR_SHARE,
                aligner="ALIGN_DELTA",
                reducer="REDUCE_SUM",
            ),
        ),
        "load": (
            Threshold(
                says="Nodes have little left to give",
                filter=(
                    'metric.type="kubernetes.io/node/cpu/allocatable_utilization" AND resource.type="k8s_node" '
                    f'AND resource.labels.location=starts_with("{region}")'
                ),
                above=True,
                value=LOAD_SHARE,
                aligner="ALIGN_MEAN",
                reducer="REDUCE_MEAN",
            ),
        ),
        "partition": (
            Threshold(
                says="A tunnel of the gateway is down",
                filter=(
                    'metric.type="vpn.googleapis.com/tunnel_established" AND resource.type="vpn_gateway" '
                    f'AND resource.labels.region="{region}"'
                ),
                of_gateway=True,
                above=False,
                value=1.0,
                aligner="ALIGN_MAX",
                reducer="REDUCE_MIN",
            ),
            Threshold(
                # A link with Azure has two of four sessions up at its best, so that the least of all would always be 0.
                says="More than half of the sessions of the region's routers are down",
                filter=(
                    'metric.type="router.googleapis.com/bgp/session_up" AND resource.type="gce_router" '
                    f'AND resource.labels.region="{region}"'
                ),
                above=False,
                value=0.5,
                aligner="ALIGN_MAX",
                reducer="REDUCE_MEAN",
            ),
        ),
    }


def entries(region: str) -> Mapping[str, LogEntry]:
    """Give the alarms that watch log entries, by trigger."""
    return {
        "checks": LogEntry(
            says="A node's health check turned unhealthy",
            filter=(
                'log_id("compute.googleapis.com/healthchecks") AND resource.type="gce_network_endpoint_group" '
                f'AND resource.labels.zone:"{region}-" AND jsonPayload.healthCheckProbeResult.healthState="UNHEALTHY"'
            ),
        ),
        "maintenance": LogEntry(
            says="Google tells of an event in the region",
            filter=(
                'resource.type="servicehealth.googleapis.com/Event" '
                'AND jsonPayload.@type="type.googleapis.com/google.cloud.servicehealth.logging.v1.EventLog" '
                f'AND jsonPayload.relevance!="NOT_IMPACTED" AND jsonPayload.impactedLocations:"{region}"'
            ),
        ),
    }
