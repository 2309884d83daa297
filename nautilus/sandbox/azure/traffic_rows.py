"""The rows of global traffic: balancers, Traffic Manager, public DNS and alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nautilus.sandbox.azure import balancing, dns, monitor, outputs, refer, trafficmanager
from nautilus.sandbox.azure.refer import Link
from nautilus.sandbox.azure.row import Row
from nautilus.sandbox.handler import Request

_ZONE: Final = "Microsoft.Network/dnsZones"
_GROUP: Final = "Microsoft.Insights/actionGroups"
_SERVERS: Final = ("1-0{0}.azure-dns.com.", "2-0{0}.azure-dns.net.", "3-0{0}.azure-dns.org.", "4-0{0}.azure-dns.info.")


def _profile(request: Request) -> Mapping[str, Any]:
    config = request.inputs.get("dnsConfig") or {}
    return {"dnsConfig": {**config, "fqdn": f"{refer.first(config, 'relativeName')}.trafficmanager.net"}}


def _zone(request: Request) -> Mapping[str, Any]:
    shard = int(outputs.digest(request, 2), 16) % 9 + 1
    return {"nameServers": [f"ns{server.format(shard)}" for server in _SERVERS], "numberOfRecordSets": 2}


def _record(request: Request) -> Mapping[str, Any]:
    name, zone = request.inputs.get("relativeRecordSetName"), request.inputs.get("zoneName")
    return {"fqdn": f"{name}.{zone}.", "provisioningState": "Succeeded"}


def _signing(request: Request) -> Mapping[str, Any]:
    digest = outputs.digest(request, 64)
    key = {"keyTag": int(digest[:4], 16), "flags": 257, "protocol": 3, "securityAlgorithmType": 13, "publicKey": digest}
    signer = [{"digestAlgorithmType": 2, "digestValue": digest}]
    return {"name": "default", "signingKeys": [{**key, "delegationSignerInfo": signer}]}


ROWS: Final = (
    Row(
        pulumi="network:LoadBalancer",
        type="Microsoft.Network/loadBalancers",
        path="Microsoft.Network/loadBalancers/{loadBalancerName}",
        replace="sku",
        links=(
            Link(
                path="frontendIPConfigurations[].publicIPAddress.id", type="Microsoft.Network/publicIPAddresses", near=True
            ),
        ),
        rule=balancing.balancer,
    ),
    Row(
        pulumi="trafficmanager:Profile",
        type="Microsoft.Network/trafficManagerProfiles",
        path="Microsoft.Network/trafficManagerProfiles/{profileName}",
        rule=trafficmanager.profile,
        gives=_profile,
    ),
    Row(pulumi="dns:Zone", type=_ZONE, path=f"{_ZONE}/{{zoneName}}", rule=dns.zone, gives=_zone),
    Row(
        pulumi="dns:DnssecConfig",
        type=f"{_ZONE}/dnssecConfigs",
        path=f"{_ZONE}/{{zoneName}}/dnssecConfigs/default",
        rule=dns.signing,
        gives=_signing,
    ),
    Row(
        pulumi="dns:RecordSet",
        type=f"{_ZONE}/recordSets",
        path=f"{_ZONE}/{{zoneName}}/{{recordType}}/{{relativeRecordSetName}}",
        rule=dns.record,
        gives=_record,
    ),
    Row(
        pulumi="monitor:ActionGroup",
        type=_GROUP,
        path=f"{_GROUP}/{{actionGroupName}}",
        rule=monitor.action_group,
    ),
    Row(
        pulumi="monitor:MetricAlert",
        type="Microsoft.Insights/metricAlerts",
        path="Microsoft.Insights/metricAlerts/{ruleName}",
        links=(Link(path="actions[].actionGroupId", type=_GROUP),),
        rule=monitor.metric_alert,
    ),
    Row(
        pulumi="monitor:ActivityLogAlert",
        type="Microsoft.Insights/activityLogAlerts",
        path="Microsoft.Insights/activityLogAlerts/{activityLogAlertName}",
        links=(Link(path="actions.actionGroups[].actionGroupId", type=_GROUP),),
        rule=monitor.activity_alert,
    ),
)
"""Every type of global traffic."""
