"""What Google refuses of global traffic: an example, what is changed in it, the path of the problem, part of its reason."""

from __future__ import annotations

from typing import Any

from tests.sandbox.gcp.cases import edit
from tests.sandbox.gcp.front_end import FAR_HEALTH, HEALTH, LINK, PROJECT, SUBNET
from tests.sandbox.gcp.world import NETWORK

OTHER = f"{LINK}projects/nautilus-test-eu/zones/us-west2-a/networkEndpointGroups/trading"
TCP = {"port": 8443}
ONE = [{"group": f"{LINK}{PROJECT}/zones/us-west2-a/networkEndpointGroups/trading", "capacityScaler": 0.0}]
TARGET = {"healthCheckedTargets": {"externalEndpoints": ["192.0.2.1"]}}
SPECS = "dnssecConfig.defaultKeySpecs"
THRESHOLD = "conditions.0.conditionThreshold"
MATCHED = {"conditionMatchedLog": {"filter": 'log_id("a")'}}

Case = tuple[str, dict[str, Any], str, str]

GROUPS: list[Case] = [
    ("group", {"zone": "us-west2-z"}, "zone", "zone us-west2-z does not exist"),
    ("group", {"networkEndpointType": "SERVERLESS"}, "networkEndpointType", "not a type of a zonal group"),
    ("group", {"networkEndpointType": "VM"}, "networkEndpointType", "the API takes"),
    ("group", {"networkEndpointType": "GCE_VM_IP"}, "defaultPort", "has no port"),
    ("group", {"defaultPort": 70000}, "defaultPort", "outside 1 to 65535"),
]

PROBES: list[Case] = [
    ("health", {"checkIntervalSec": 0}, "checkIntervalSec", "outside 1 to 300"),
    ("health", {"checkIntervalSec": 301}, "checkIntervalSec", "outside 1 to 300"),
    ("health", {"timeoutSec": 2}, "timeoutSec", "2 s is longer than the interval of 1 s"),
    ("health", {"timeoutSec": None}, "timeoutSec", "5 s is longer than the interval of 1 s"),
    ("health", {"unhealthyThreshold": 0}, "unhealthyThreshold", "outside 1 to 10"),
    ("health", {"unhealthyThreshold": 11}, "unhealthyThreshold", "outside 1 to 10"),
    ("health", {"healthyThreshold": 11}, "healthyThreshold", "outside 1 to 10"),
    ("health", {"tcpHealthCheck": None}, "tcpHealthCheck", "exactly one protocol, found 0"),
    ("health", {"sslHealthCheck": TCP}, "tcpHealthCheck", "exactly one protocol, found 2"),
    ("health", {"tcpHealthCheck": {"port": 0}}, "tcpHealthCheck.port", "outside 1 to 65535"),
    ("health", edit("health", "tcpHealthCheck.port", 80), "tcpHealthCheck.port", "takes the port from the endpoint"),
    ("health", edit("health", "tcpHealthCheck.portSpecification", "ANY"), "tcpHealthCheck.portSpecification", "API takes"),
    (
        "health",
        edit("health", "tcpHealthCheck.portSpecification", "USE_NAMED_PORT"),
        "tcpHealthCheck.portName",
        "needs a port's name",
    ),
    ("far-health", {"sourceRegions": ["us-east4", "us-west1"]}, "sourceRegions", "2 source regions: exactly 3"),
    ("far-health", {"sourceRegions": ["us-east4", "us-west1", "mars"]}, "sourceRegions[2]", "mars does not exist"),
    ("far-health", {"sourceRegions": ["us-east4", "us-west1", "us-east4"]}, "sourceRegions[2]", "is there twice"),
    ("far-health", {"checkIntervalSec": 10}, "checkIntervalSec", "10 s: from source regions at least 30 s"),
    ("far-health", {"checkIntervalSec": None}, "checkIntervalSec", "5 s: from source regions at least 30 s"),
    ("far-health", {"tcpHealthCheck": None, "sslHealthCheck": TCP}, "sslHealthCheck", "SSL is not checked from source"),
    ("far-health", {"tcpHealthCheck": {**TCP, "request": "x"}}, "tcpHealthCheck.request", "is not taken"),
    ("far-health", {"tcpHealthCheck": {**TCP, "proxyHeader": "PROXY_V1"}}, "tcpHealthCheck.proxyHeader", "is not taken"),
    (
        "far-health",
        {"tcpHealthCheck": {"portSpecification": "USE_SERVING_PORT"}},
        "tcpHealthCheck.portSpecification",
        "an address has no serving port",
    ),
]

BALANCERS: list[Case] = [
    ("service", edit("service", "backends.0.capacityScaler", 0.05), "backends[0].capacityScaler", "neither 0 nor 0.1 to 1"),
    ("service", edit("service", "backends.0.capacityScaler", 1.5), "backends[0].capacityScaler", "neither 0 nor 0.1 to 1"),
    ("service", {"backends": ONE}, "backends[0].capacityScaler", "the only backend cannot be drained"),
    ("service", edit("service", "backends.0.balancingMode", "RATE"), "backends[0].balancingMode", "not for connections"),
    ("service", edit("service", "backends.0.balancingMode", "EVEN"), "backends[0].balancingMode", "the API takes"),
    (
        "service",
        edit("service", "backends.0.maxConnectionsPerEndpoint", None),
        "backends[0].maxConnectionsPerEndpoint",
        "needs a target of connections",
    ),
    ("service", edit("service", "backends.0.maxRate", 5), "backends[0].maxRate", "has no rate"),
    ("service", edit("service", "backends.0.group", "zones/a/b"), "backends[0].group", "partial ones are not supported"),
    ("service", edit("service", "backends.1.group", ONE[0]["group"]), "backends[1].group", "a backend already"),
    ("service", {"backends": ONE * 51}, "backends", "51 backends: at most 50"),
    ("service", {"healthChecks": None}, "healthChecks", "needs a health check"),
    ("service", {"sessionAffinity": "HTTP_COOKIE"}, "sessionAffinity", "by its address only"),
    ("service", {"sessionAffinity": "STICKY"}, "sessionAffinity", "the API takes"),
    ("service", {"localityLbPolicy": "ROUND_ROBIN"}, "localityLbPolicy", "no effect with ROUND_ROBIN"),
    ("service", {"connectionDrainingTimeoutSec": 3601}, "connectionDrainingTimeoutSec", "outside 0 to 3600"),
    ("service", {"timeoutSec": 0}, "timeoutSec", "outside 1"),
    ("service", {"loadBalancingScheme": "PUBLIC"}, "loadBalancingScheme", "the API takes"),
    ("service", edit("service", "logConfig.sampleRate", 2), "logConfig.sampleRate", "outside 0 to 1"),
    ("service", edit("service", "logConfig.enable", False), "logConfig.sampleRate", "only where logging is enabled"),
    ("proxy", {"proxyHeader": "PROXY_V2"}, "proxyHeader", "the API takes"),
    ("rule", {"portRange": "0"}, "portRange", "not a port from 1 to 65535"),
    ("rule", {"portRange": "65536"}, "portRange", "not a port from 1 to 65535"),
    ("rule", {"portRange": "all"}, "portRange", "not a port"),
    ("rule", {"portRange": "8443-8444"}, "portRange", "one port a rule"),
    ("rule", {"portRange": None}, "portRange", "needs its port"),
    ("rule", {"networkTier": "STANDARD"}, "networkTier", "premium tier"),
]

ANSWERS: list[Case] = [
    ("public-zone", edit("public-zone", f"{SPECS}.0.keyLength", 512), f"{SPECS}[0].keyLength", "outside 256 to 256"),
    ("public-zone", edit("public-zone", f"{SPECS}.0.algorithm", "ed25519"), f"{SPECS}[0].algorithm", "the API takes"),
    ("public-zone", edit("public-zone", f"{SPECS}.1.keyType", "keySigning"), f"{SPECS}[1].keyType", "two keys for"),
    ("public-zone", edit("public-zone", f"{SPECS}.1.keyType", "keySigning"), SPECS, "needs a key for signing keys"),
    ("public-zone", {"visibility": "private"}, "dnssecConfig.state", "a private zone is not signed"),
    ("public-zone", edit("public-zone", "dnssecConfig.nonExistence", "nsec5"), "dnssecConfig.nonExistence", "nsec3"),
    ("weighted", {"rrdatas": ["192.0.2.1"]}, "routingPolicy", "not both"),
    ("weighted", {"routingPolicy": {}}, "routingPolicy", "exactly one of wrrs, geos, primaryBackup, found 0"),
    ("weighted", edit("weighted", "routingPolicy.geos", [{"location": "us-west2", **TARGET}]), "routingPolicy", "found 2"),
    (
        "weighted",
        edit("weighted", "routingPolicy.wrrs.0.weight", 1001),
        "routingPolicy.wrrs[0].weight",
        "outside 0 to 1000",
    ),
    ("weighted", edit("weighted", "routingPolicy.wrrs.0.weight", -1), "routingPolicy.wrrs[0].weight", "outside 0 to 1000"),
    ("weighted", edit("weighted", "routingPolicy.healthCheck", None), "routingPolicy.healthCheck", "need a health check"),
    ("weighted", {"type": "TXT"}, "type", "A and AAAA have"),
    (
        "weighted",
        edit("weighted", "routingPolicy.wrrs.0.healthCheckedTargets.externalEndpoints", ["a.example."]),
        "routingPolicy.wrrs[0].healthCheckedTargets.externalEndpoints[0]",
        "not an IPv4 address",
    ),
    ("weighted", {"ttl": -1}, "ttl", "outside 0"),
    (
        "nearest",
        edit("nearest", "routingPolicy.geos.0.location", "europe"),
        "routingPolicy.geos[0].location",
        "europe is not a region",
    ),
    (
        "nearest",
        edit("nearest", "routingPolicy.geos.0.location", "us-west2"),
        "routingPolicy.geos[1].location",
        "two items for us-west2",
    ),
    (
        "failover",
        edit("failover", "routingPolicy.primaryBackup.primary", {}),
        "routingPolicy.primaryBackup.primary",
        "needs a primary target",
    ),
    (
        "failover",
        edit("failover", "routingPolicy.primaryBackup.backupGeos", []),
        "routingPolicy.primaryBackup.backupGeos",
        "needs a backup",
    ),
    (
        "failover",
        edit("failover", "routingPolicy.primaryBackup.backupGeos.0.location", "mars"),
        "routingPolicy.primaryBackup.backupGeos[0].location",
        "mars is not a region",
    ),
    (
        "failover",
        edit("failover", "routingPolicy.primaryBackup.trickleRatio", 2),
        "routingPolicy.primaryBackup.trickleRatio",
        "outside 0 to 1",
    ),
]

ALARMS: list[Case] = [
    ("topic", {"name": "goog-x"}, "name", "goog not"),
    ("topic", {"name": "a b"}, "name", "3 to 255"),
    ("topic", {"messageRetentionDuration": "60s"}, "messageRetentionDuration", "outside 600s"),
    ("topic", {"messageRetentionDuration": "2678401s"}, "messageRetentionDuration", "outside 600s to 2678400s"),
    ("topic", {"kmsKeyName": "k"}, "kmsKeyName", "not a crypto key"),
    (
        "topic",
        {"messageStoragePolicy": {"allowedPersistenceRegions": []}},
        "messageStoragePolicy.allowedPersistenceRegions",
        "at least one region",
    ),
    (
        "topic",
        {"messageStoragePolicy": {"allowedPersistenceRegions": ["us"]}},
        "messageStoragePolicy.allowedPersistenceRegions[0]",
        "region us does not exist",
    ),
    ("topic", {"labels": {"Owner": "x"}}, "labels.Owner", "lower-case letter"),
    ("publisher", {"member": "someone"}, "member", "not an IAM member"),
    ("metric", {"name": "/a"}, "name", "1 to 100"),
    ("metric", {"filter": 'a="'}, "filter", "do not match"),
    ("metric", edit("metric", "metricDescriptor.metricKind", "GAUGE"), "metricDescriptor.metricKind", "is DELTA"),
    ("metric", edit("metric", "metricDescriptor.valueType", "DISTRIBUTION"), "valueExtractor", "needs a value"),
    ("metric", {"valueExtractor": "EXTRACT(a)"}, "valueExtractor", "takes no value"),
    ("channel", {"type": "pigeon"}, "type", "not a type of channel"),
    ("channel", {"labels": {}}, "labels.topic", "needs topic"),
    ("channel", {"labels": {"topic": "triggers"}}, "labels.topic", "not a topic such as"),
    ("channel", {"userLabels": {"A": "b"}}, "userLabels.A", "lower-case letter"),
    ("alarm", {"conditions": []}, "conditions", "0 conditions: 1 to 6"),
    (
        "alarm",
        edit("alarm", "conditions.0.conditionMatchedLog", {"filter": "a"}),
        "conditions[0]",
        "exactly one kind, found 2",
    ),
    ("alarm", {"combiner": "XOR"}, "combiner", "the API takes"),
    ("alarm", edit("alarm", f"{THRESHOLD}.duration", "90s"), "conditions[0].conditionThreshold.duration", "whole number"),
    ("alarm", edit("alarm", f"{THRESHOLD}.duration", "1m"), "conditions[0].conditionThreshold.duration", "not a duration"),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.comparison", "COMPARISON_GE"),
        "conditions[0].conditionThreshold.comparison",
        "is not supported",
    ),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.filter", 'metric.type="a"'),
        "conditions[0].conditionThreshold.filter",
        "must name resource.type",
    ),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.filter", f'metric.type="a" AND resource.type="{"b" * 2048}"'),
        "conditions[0].conditionThreshold.filter",
        "at most 2048",
    ),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.aggregations.0.alignmentPeriod", "30s"),
        "conditions[0].conditionThreshold.aggregations[0].alignmentPeriod",
        "outside 60s",
    ),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.aggregations.0.alignmentPeriod", None),
        "conditions[0].conditionThreshold.aggregations[0].alignmentPeriod",
        "needs a period",
    ),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.aggregations.0.perSeriesAligner", "ALIGN_NONE"),
        "conditions[0].conditionThreshold.aggregations[0].perSeriesAligner",
        "aligned before",
    ),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.denominatorAggregations", [{"alignmentPeriod": "60s"}]),
        "conditions[0].conditionThreshold.denominatorAggregations",
        "there is no denominator",
    ),
    ("alarm", edit("alarm", "alertStrategy.autoClose", "60s"), "alertStrategy.autoClose", "outside 1800s"),
    (
        "alarm",
        edit("alarm", "alertStrategy.notificationRateLimit", {"period": "300s"}),
        "alertStrategy.notificationRateLimit",
        "only an alert on log entries",
    ),
    ("log-alarm", {"alertStrategy": None}, "alertStrategy.notificationRateLimit", "needs a rate limit"),
    ("log-alarm", {"conditions": [MATCHED, MATCHED]}, "conditions", "the only one"),
]

CASES = [*GROUPS, *PROBES, *BALANCERS, *ANSWERS, *ALARMS]
"""Refused in previews too: nothing else need be known."""

GONE = f"{PROJECT}/global/healthChecks/gone"
BINDINGS: list[Case] = [
    ("group", {"network": f"{NETWORK}x"}, "network", "vpcx does not exist"),
    ("group", {"network": f"{PROJECT}/global/networks/far-vpc"}, "subnetwork", "in another network"),
    ("group", {"subnetwork": f"{SUBNET}x"}, "subnetwork", "privatex does not exist"),
    ("group", {"zone": "us-west1-a"}, "subnetwork", "in another region than zone us-west1-a"),
    ("service", {"healthChecks": GONE}, "healthChecks", "health check projects/nautilus-test-us/global/healthChecks/gone"),
    ("service", {"healthChecks": FAR_HEALTH}, "healthChecks", "is for names, not for balancers"),
    ("service", edit("service", "backends.0.group", f"{ONE[0]['group']}x"), "backends[0].group", "does not exist"),
    ("service", edit("service", "backends.0.group", OTHER), "backends[0].group", "is in another project"),
    ("proxy", {"backendService": f"{PROJECT}/global/backendServices/gone"}, "backendService", "does not exist"),
    ("rule", {"target": f"{PROJECT}/global/targetTcpProxies/gone"}, "target", "does not exist"),
    ("rule", {"ipAddress": f"{PROJECT}/global/addresses/gone"}, "ipAddress", "does not exist"),
    ("rule", {"ipAddress": f"{PROJECT}/global/addresses/services"}, "ipAddress", "is an internal address"),
    ("rule", {"loadBalancingScheme": "EXTERNAL"}, "loadBalancingScheme", "has EXTERNAL_MANAGED"),
    ("rule", {"name": "again"}, "portRange", "port 8443 of the address is taken by trading"),
    ("weighted", edit("weighted", "routingPolicy.healthCheck", GONE), "routingPolicy.healthCheck", "does not exist"),
    ("weighted", edit("weighted", "routingPolicy.healthCheck", HEALTH), "routingPolicy.healthCheck", "with source regions"),
    (
        "weighted",
        edit("weighted", "routingPolicy.wrrs", [{"weight": 1, "rrdatas": ["192.0.2.1"]}]),
        "routingPolicy.healthCheck",
        "no item has health-checked external endpoints",
    ),
    (
        "weighted",
        edit("weighted", "routingPolicy.wrrs.0.healthCheckedTargets.externalEndpoints", ["192.0.2.1", "192.0.2.2"]),
        "routingPolicy.wrrs[0].healthCheckedTargets.externalEndpoints",
        "one health-checked address at most",
    ),
    (
        "weighted",
        edit("weighted", "routingPolicy.wrrs.0.rrdatas", ["192.0.2.9"]),
        "routingPolicy.wrrs[0].healthCheckedTargets",
        "rrdatas or health-checked targets",
    ),
    (
        "weighted",
        edit(
            "weighted",
            "routingPolicy.wrrs.0.healthCheckedTargets",
            {"internalLoadBalancers": [{"ipAddress": "10.1.0.9", "port": "80", "ipProtocol": "tcp"}]},
        ),
        "routingPolicy.wrrs[0].healthCheckedTargets.internalLoadBalancers",
        "in private zones only",
    ),
    (
        "weighted",
        {"managedZone": "apis", "name": "risk.googleapis.com."},
        "routingPolicy.wrrs[0].healthCheckedTargets.externalEndpoints",
        "in public zones only",
    ),
    ("topic", {"kmsKeyName": f"{PROJECT}/locations/us-west2/keyRings/ring/cryptoKeys/gone"}, "kmsKeyName", "does not exist"),
    ("publisher", {"topic": "gone"}, "topic", "topics/gone does not exist"),
    ("channel", {"labels": {"topic": f"{PROJECT}/topics/gone"}}, "labels.topic", "does not exist"),
    ("alarm", {"notificationChannels": [f"{PROJECT}/notificationChannels/1"]}, "notificationChannels[0]", "does not exist"),
    (
        "alarm",
        edit("alarm", f"{THRESHOLD}.filter", 'metric.type="logging.googleapis.com/user/gone" resource.type="x"'),
        "conditions[0].conditionThreshold.filter",
        "cannot find metric logging.googleapis.com/user/gone",
    ),
]
"""Refused only once what they refer to can be looked at."""
