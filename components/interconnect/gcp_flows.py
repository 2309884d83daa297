"""Flow logs of a Google Cloud hub: of its tunnels and its VLAN attachments (NET-4, AUD-1).

Guarantees that every flow that the hub carries is logged, sampled at 1.0. Where the records rest is the gateway's log home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.provider import gcp_names

_LOG = "networkmanagement.googleapis.com/vpc_flows"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is watched: exactly one of the two, by its id `projects/…`."""

    tunnel: pulumi.Input[str] | None = None
    attachment: pulumi.Input[str] | None = None


def condition(nodes: str) -> str:
    """Give the Cloud Logging filter for a hub's flows: the records that name an address of the placement's nodes."""
    inside = " OR ".join(f'ip_in_net(jsonPayload.connection.{end}_ip, "{nodes}")' for end in ("src", "dest"))
    return f'log_id("{_LOG}") AND ({inside})'


def flow_logs(
    name: str, project: str, labels: Mapping[str, str], watched: Watched, opts: pulumi.ResourceOptions
) -> gcp.networkmanagement.VpcFlowLogsConfig:
    """Log the flows of one tunnel or attachment. The configuration is global, the records are not."""
    return gcp.networkmanagement.VpcFlowLogsConfig(
        name,
        project=project,
        location="global",
        vpc_flow_logs_config_id=gcp_names.short(name, 63),
        vpn_tunnel=watched.tunnel,
        interconnect_attachment=watched.attachment,
        aggregation_interval="INTERVAL_5_SEC",
        flow_sampling=1.0,
        metadata="INCLUDE_ALL_METADATA",
        state="ENABLED",
        labels=dict(for_gcp(labels)),
        opts=opts,
    )
