"""One good example of every type of global traffic, in an order in which they can be made."""

from __future__ import annotations

from typing import Any

PROJECT = "projects/nautilus-test-us"
LINK = "https://www.googleapis.com/compute/v1/"
NETWORK = f"{PROJECT}/global/networks/vpc"
SUBNET = f"{PROJECT}/regions/us-west2/subnetworks/private"
KEY = f"{PROJECT}/locations/us-west2/keyRings/ring/cryptoKeys/key"
TOPIC = f"{PROJECT}/topics/triggers"
HEALTH = f"{PROJECT}/global/healthChecks/trading"
FAR_HEALTH = f"{PROJECT}/global/healthChecks/far"
SERVICE = f"{PROJECT}/global/backendServices/trading"
PROXY = f"{PROJECT}/global/targetTcpProxies/trading"


def _group(letter: str) -> tuple[str, dict[str, Any]]:
    return (
        "gcp:compute/networkEndpointGroup:NetworkEndpointGroup",
        {
            "name": "trading",
            "zone": f"us-west2-{letter}",
            "network": NETWORK,
            "subnetwork": SUBNET,
            "networkEndpointType": "GCE_VM_IP_PORT",
            "defaultPort": 8001,
        },
    )


def _backend(letter: str, scale: float) -> dict[str, Any]:
    return {
        "group": f"{LINK}{PROJECT}/zones/us-west2-{letter}/networkEndpointGroups/trading",
        "balancingMode": "CONNECTION",
        "maxConnectionsPerEndpoint": 100,
        "capacityScaler": scale,
    }


TRAFFIC: dict[str, tuple[str, dict[str, Any]]] = {
    "grant-pubsub": (
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        {
            "cryptoKeyId": KEY,
            "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "member": "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com",
        },
    ),
    "group": _group("a"),
    "second-group": _group("b"),
    "anycast": ("gcp:compute/globalAddress:GlobalAddress", {"name": "anycast", "addressType": "EXTERNAL"}),
    "health": (
        "gcp:compute/healthCheck:HealthCheck",
        {
            "name": "trading",
            "checkIntervalSec": 1,
            "timeoutSec": 1,
            "healthyThreshold": 2,
            "unhealthyThreshold": 2,
            "tcpHealthCheck": {"portSpecification": "USE_SERVING_PORT"},
            "logConfig": {"enable": True},
        },
    ),
    "far-health": (
        "gcp:compute/healthCheck:HealthCheck",
        {
            "name": "far",
            "sourceRegions": ["us-east4", "europe-west1", "asia-southeast1"],
            "checkIntervalSec": 30,
            "timeoutSec": 5,
            "tcpHealthCheck": {"port": 8443},
        },
    ),
    "service": (
        "gcp:compute/backendService:BackendService",
        {
            "name": "trading",
            "protocol": "TCP",
            "loadBalancingScheme": "EXTERNAL_MANAGED",
            "healthChecks": HEALTH,
            "backends": [_backend("a", 1.0), _backend("b", 0.0)],
            "sessionAffinity": "CLIENT_IP",
            "localityLbPolicy": "MAGLEV",
            "connectionDrainingTimeoutSec": 30,
            "logConfig": {"enable": True, "sampleRate": 1.0},
        },
    ),
    "proxy": (
        "gcp:compute/targetTCPProxy:TargetTCPProxy",
        {"name": "trading", "backendService": SERVICE, "proxyHeader": "NONE"},
    ),
    "rule": (
        "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        {
            "name": "trading",
            "ipAddress": f"{PROJECT}/global/addresses/anycast",
            "ipProtocol": "TCP",
            "portRange": "8443",
            "loadBalancingScheme": "EXTERNAL_MANAGED",
            "networkTier": "PREMIUM",
            "target": PROXY,
        },
    ),
    "public-zone": (
        "gcp:dns/managedZone:ManagedZone",
        {
            "name": "fronts",
            "dnsName": "prod.nautilus.example.",
            "visibility": "public",
            "dnssecConfig": {
                "state": "on",
                "nonExistence": "nsec3",
                "defaultKeySpecs": [
                    {"algorithm": "ecdsap256sha256", "keyLength": 256, "keyType": "keySigning"},
                    {"algorithm": "ecdsap256sha256", "keyLength": 256, "keyType": "zoneSigning"},
                ],
            },
            "cloudLoggingConfig": {"enableLogging": True},
        },
    ),
    "weighted": (
        "gcp:dns/recordSet:RecordSet",
        {
            "name": "risk-us.prod.nautilus.example.",
            "managedZone": "fronts",
            "type": "A",
            "ttl": 5,
            "routingPolicy": {
                "healthCheck": f"{LINK}{FAR_HEALTH}",
                "wrrs": [
                    {"weight": 1000, "healthCheckedTargets": {"externalEndpoints": ["192.0.2.1"]}},
                    {"weight": 0, "healthCheckedTargets": {"externalEndpoints": ["192.0.2.2"]}},
                ],
            },
        },
    ),
    "nearest": (
        "gcp:dns/recordSet:RecordSet",
        {
            "name": "client-us.prod.nautilus.example.",
            "managedZone": "fronts",
            "type": "A",
            "ttl": 5,
            "routingPolicy": {
                "healthCheck": f"{LINK}{FAR_HEALTH}",
                "enableGeoFencing": False,
                "geos": [
                    {"location": "us-east4", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.1"]}},
                    {"location": "us-west2", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.2"]}},
                ],
            },
        },
    ),
    "failover": (
        "gcp:dns/recordSet:RecordSet",
        {
            "name": "trading-us.prod.nautilus.example.",
            "managedZone": "fronts",
            "type": "A",
            "ttl": 5,
            "routingPolicy": {
                "healthCheck": f"{LINK}{FAR_HEALTH}",
                "primaryBackup": {
                    "primary": {"externalEndpoints": ["192.0.2.1"]},
                    "backupGeos": [{"location": "us-west2", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.2"]}}],
                },
            },
        },
    ),
    "topic": (
        "gcp:pubsub/topic:Topic",
        {
            "name": "triggers",
            "kmsKeyName": KEY,
            "messageRetentionDuration": "604800s",
            "messageStoragePolicy": {"allowedPersistenceRegions": ["us-west2"], "enforceInTransit": True},
            "labels": {"nautilus-tier": "0"},
        },
    ),
    "publisher": (
        "gcp:pubsub/topicIAMMember:TopicIAMMember",
        {
            "topic": "triggers",
            "role": "roles/pubsub.publisher",
            "member": "serviceAccount:service-1@gcp-sa-monitoring-notification.iam.gserviceaccount.com",
        },
    ),
    "metric": (
        "gcp:logging/metric:Metric",
        {
            "name": "errors",
            "filter": 'resource.type="l4_proxy_rule"',
            "metricDescriptor": {"metricKind": "DELTA", "valueType": "INT64", "unit": "1"},
        },
    ),
    "channel": (
        "gcp:monitoring/notificationChannel:NotificationChannel",
        {"displayName": "triggers", "type": "pubsub", "labels": {"topic": TOPIC}, "userLabels": {"nautilus-tier": "0"}},
    ),
    "alarm": (
        "gcp:monitoring/alertPolicy:AlertPolicy",
        {
            "displayName": "errors",
            "combiner": "OR",
            "conditions": [
                {
                    "displayName": "errors",
                    "conditionThreshold": {
                        "filter": 'metric.type="logging.googleapis.com/user/errors" AND resource.type="l4_proxy_rule"',
                        "aggregations": [
                            {
                                "alignmentPeriod": "60s",
                                "perSeriesAligner": "ALIGN_DELTA",
                                "crossSeriesReducer": "REDUCE_SUM",
                            }
                        ],
                        "comparison": "COMPARISON_GT",
                        "thresholdValue": 0.05,
                        "duration": "60s",
                    },
                }
            ],
            "alertStrategy": {"autoClose": "1800s"},
        },
    ),
    "log-alarm": (
        "gcp:monitoring/alertPolicy:AlertPolicy",
        {
            "displayName": "checks",
            "combiner": "OR",
            "conditions": [{"displayName": "checks", "conditionMatchedLog": {"filter": 'log_id("a")'}}],
            "alertStrategy": {"autoClose": "1800s", "notificationRateLimit": {"period": "300s"}},
        },
    ),
}
