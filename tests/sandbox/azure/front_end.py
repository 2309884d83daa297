"""An Azure with a front end in it: what each type takes without complaint, and how a case changes one thing of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tests.sandbox.azure.world import GROUP, SUBSCRIPTION, World, furnished

NETWORK = f"{GROUP}/providers/Microsoft.Network"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
OWN = f"{NETWORK}/loadBalancers/two"
REGIONAL = f"{NETWORK}/loadBalancers/regional"
TOPIC = f"{INSIGHTS}/actionGroups/topic"


def part(collection: str, name: str) -> dict[str, str]:
    return {"id": f"{OWN}/{collection}/{name}"}


RULE: dict[str, Any] = {
    "name": "trading",
    "protocol": "Tcp",
    "frontendPort": 8443,
    "backendPort": 8001,
    "frontendIPConfiguration": part("frontendIPConfigurations", "public"),
    "backendAddressPool": part("backendAddressPools", "targets"),
    "probe": part("probes", "trading"),
    "idleTimeoutInMinutes": 30,
}
PROBE = {"name": "trading", "protocol": "Tcp", "port": 8001, "intervalInSeconds": 5, "probeThreshold": 1}
BALANCER: dict[str, Any] = {
    "resourceGroupName": "rg",
    "loadBalancerName": "two",
    "location": "uksouth",
    "sku": {"name": "Standard", "tier": "Regional"},
    "frontendIPConfigurations": [{"name": "public", "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/free"}}],
    "backendAddressPools": [{"name": "targets"}],
    "probes": [PROBE],
    "loadBalancingRules": [RULE],
}
GLOBAL: dict[str, Any] = {
    **BALANCER,
    "sku": {"name": "Standard", "tier": "Global"},
    "frontendIPConfigurations": [{"name": "public", "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/global"}}],
    "backendAddressPools": [
        {
            "name": "targets",
            "loadBalancerBackendAddresses": [
                {
                    "name": "one",
                    "loadBalancerFrontendIPConfiguration": {"id": f"{REGIONAL}/frontendIPConfigurations/public"},
                }
            ],
        }
    ],
    "loadBalancingRules": [{key: value for key, value in RULE.items() if key != "probe"}],
}
del GLOBAL["probes"]
EXTERNAL = {
    "name": "eu-aws",
    "type": "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
    "target": "192.0.2.1",
    "priority": 1,
}
NESTED = {
    "name": "active",
    "type": "Microsoft.Network/trafficManagerProfiles/nestedEndpoints",
    "targetResourceId": f"{NETWORK}/trafficManagerProfiles/inner",
    "minChildEndpoints": 1,
    "priority": 2,
}
PROFILE: dict[str, Any] = {
    "resourceGroupName": "rg",
    "profileName": "trading-eu",
    "location": "global",
    "trafficRoutingMethod": "Priority",
    "dnsConfig": {"relativeName": "trading-eu.prod", "ttl": 5},
    "monitorConfig": {
        "protocol": "TCP",
        "port": 8443,
        "intervalInSeconds": 10,
        "timeoutInSeconds": 5,
        "toleratedNumberOfFailures": 2,
    },
    "endpoints": [EXTERNAL, NESTED],
}
ALERT: dict[str, Any] = {
    "resourceGroupName": "rg",
    "ruleName": "health",
    "location": "global",
    "severity": 0,
    "scopes": [REGIONAL],
    "evaluationFrequency": "PT1M",
    "windowSize": "PT1M",
    "criteria": {
        "odataType": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        "allOf": [
            {
                "criterionType": "StaticThresholdCriterion",
                "name": "health",
                "metricName": "DipAvailability",
                "operator": "LessThan",
                "threshold": 80,
                "timeAggregation": "Average",
                "dimensions": [{"name": "BackendIPAddress", "operator": "Include", "values": ["*"]}],
            }
        ],
    },
    "actions": [{"actionGroupId": TOPIC}],
}
GOOD: Mapping[str, tuple[str, dict[str, Any]]] = {
    "regional": ("network:LoadBalancer", BALANCER),
    "global": ("network:LoadBalancer", GLOBAL),
    "address": (
        "network:PublicIPAddress",
        {
            "resourceGroupName": "rg",
            "publicIpAddressName": "new",
            "location": "uksouth",
            "sku": {"name": "Standard", "tier": "Global"},
            "publicIPAllocationMethod": "Static",
        },
    ),
    "profile": ("trafficmanager:Profile", PROFILE),
    "zone": ("dns:Zone", {"resourceGroupName": "rg", "zoneName": "prod.example.org", "location": "global"}),
    "signing": ("dns:DnssecConfig", {"resourceGroupName": "rg", "zoneName": "example.com"}),
    "record": (
        "dns:RecordSet",
        {
            "resourceGroupName": "rg",
            "zoneName": "example.com",
            "recordType": "CNAME",
            "relativeRecordSetName": "trading-eu",
            "ttl": 5,
            "cnameRecord": {"cname": "trading-eu.trafficmanager.net"},
        },
    ),
    "topic": (
        "monitor:ActionGroup",
        {
            "resourceGroupName": "rg",
            "actionGroupName": "two",
            "location": "global",
            "groupShortName": "two",
            "armRoleReceivers": [{"name": "monitoring", "roleId": "749f88d5-cbae-40b8-bcfc-e573ddc772fa"}],
        },
    ),
    "alert": ("monitor:MetricAlert", ALERT),
    "maintenance": (
        "monitor:ActivityLogAlert",
        {
            "resourceGroupName": "rg",
            "activityLogAlertName": "maintenance",
            "location": "global",
            "scopes": [f"/subscriptions/{SUBSCRIPTION}"],
            "condition": {
                "allOf": [
                    {"field": "category", "equals": "ServiceHealth"},
                    {"field": "properties.incidentType", "equals": "Maintenance"},
                ]
            },
            "actions": {"actionGroups": [{"actionGroupId": TOPIC}]},
        },
    ),
}


def front_end() -> World:
    """Give a world with addresses, balancers, a profile, a zone and an action group."""
    made = furnished()
    for name, tier in (("free", "Regional"), ("taken", "Regional"), ("global", "Global")):
        sku = {"name": "Standard", "tier": tier}
        given = {"resourceGroupName": "rg", "location": "uksouth"}
        made.make("network:PublicIPAddress", publicIpAddressName=name, sku=sku, **given)
    for name, address in (("regional", {"publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/taken"}}), ("inside", {})):
        made.make(
            "network:LoadBalancer",
            resourceGroupName="rg",
            loadBalancerName=name,
            location="uksouth",
            sku={"name": "Standard", "tier": "Regional"},
            frontendIPConfigurations=[{"name": "public", **address}],
        )
    made.make("trafficmanager:Profile", resourceGroupName="rg", profileName="inner", dnsConfig={"relativeName": "inner"})
    made.make("dns:Zone", resourceGroupName="rg", zoneName="example.com", location="global")
    made.make("monitor:ActionGroup", resourceGroupName="rg", actionGroupName="topic", location="global")
    return made


def changed(inputs: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Give a copy with the value at a dotted path, numbers being places in a list; None takes it away."""
    made = copy.deepcopy(inputs)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = made
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return made


def problems(name: str, path: str, value: object) -> str:
    """Give, in lines, what is refused once one thing is changed."""
    kind, inputs = GOOD[name]
    return "\n".join(front_end().problems(kind, changed(inputs, path, value)))
