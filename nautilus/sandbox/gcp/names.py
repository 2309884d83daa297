"""Where the provider's property names and Google's own part ways, by schema of the discovery documents.

Guarantees nothing by itself: `discovery` follows it, and a test holds every property that the components use against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "Network": {"routingMode": "routingConfig.routingMode"},
    "Firewall": {"allows": "allowed", "denies": "denied"},
    "Firewall.allowed": {"protocol": "IPProtocol"},
    "Firewall.denied": {"protocol": "IPProtocol"},
    "InterconnectAttachment": {"mtu": "-"},
    "RouterBgpPeer": {"interface": "interfaceName"},
    "RouterInterface": {"interconnectAttachment": "linkedInterconnectAttachment", "vpnTunnel": "linkedVpnTunnel"},
    "VpnTunnel": {"localTrafficSelectors": "localTrafficSelector", "remoteTrafficSelectors": "remoteTrafficSelector"},
    "VpnTunnelPhase1Algorithms": {"dhs": "dh", "encryptions": "encryption", "integrities": "integrity", "prves": "prf"},
    "VpnTunnelPhase2Algorithms": {"encryptions": "encryption", "integrities": "integrity"},
    "BackendService": {"connectionDrainingTimeoutSec": "connectionDraining.drainingTimeoutSec"},
    "TargetTcpProxy": {"backendService": "service"},
    "ForwardingRule": {"ipAddress": "IPAddress", "ipProtocol": "IPProtocol"},
    "RRSetRoutingPolicy": {"wrrs": "wrr.items", "geos": "geo.items", "enableGeoFencing": "geo.enableFencing"},
    "RRSetRoutingPolicyPrimaryBackupPolicy": {
        "primary": "primaryTargets",
        "backupGeos": "backupGeoTargets.items",
        "enableGeoFencingForBackups": "backupGeoTargets.enableFencing",
        "trickleRatio": "trickleTraffic",
    },
    "RouterNatSubnetworkToNat": {"sourceIpRangesToNats": "sourceIpRangesToNat"},
    "ManagedZone": {"reverseLookup": "reverseLookupConfig"},
    "ManagedZonePrivateVisibilityConfig": {"gkeClusters": "gkeClusters"},
    "PolicyNetwork": {},
    "LogBucket": {"enableAnalytics": "analyticsEnabled"},
    "Bucket": {
        "uniformBucketLevelAccess": "iamConfiguration.uniformBucketLevelAccess.enabled",
        "publicAccessPrevention": "iamConfiguration.publicAccessPrevention",
    },
    "Disk": {"size": "sizeGb"},
    "Cluster": {
        "datapathProvider": "networkConfig.datapathProvider",
        "defaultMaxPodsPerNode": "defaultMaxPodsConstraint.maxPodsPerNode",
        "dnsConfig": "networkConfig.dnsConfig",
        "enableIntranodeVisibility": "networkConfig.enableIntraNodeVisibility",
        "enableL4IlbSubsetting": "networkConfig.enableL4ilbSubsetting",
        "enableLegacyAbac": "legacyAbac.enabled",
        "enableShieldedNodes": "shieldedNodes.enabled",
        "gatewayApiConfig": "networkConfig.gatewayApiConfig",
        "inTransitEncryptionConfig": "networkConfig.inTransitEncryptionConfig",
        "minMasterVersion": "initialClusterVersion",
        "nodeLocations": "locations",
        "serviceExternalIpsConfig": "networkConfig.serviceExternalIpsConfig",
    },
    "AddonsConfig": {"cloudrunConfig": "cloudRunConfig"},
    "LoggingConfig": {"enableComponents": "componentConfig.enableComponents"},
    "MonitoringConfig": {
        "advancedDatapathObservabilityConfig": "advancedDatapathObservabilityConfig",
        "enableComponents": "componentConfig.enableComponents",
        "managedPrometheus": "managedPrometheusConfig",
    },
    "MaintenancePolicy": {"recurringWindow": "window.recurringWindow"},
    "RecurringTimeWindow": {"startTime": "window.startTime", "endTime": "window.endTime"},
    "NodePool": {"nodeConfig": "config", "nodeLocations": "locations", "maxPodsPerNode": "maxPodsConstraint.maxPodsPerNode"},
    "NodeConfig": {"loggingVariant": "loggingConfig.variantConfig.variant"},
    "LinuxNodeConfig": {"hugepagesConfig": "hugepages"},
}
"""By schema: the provider's name and the API's, with dots where the API nests deeper."""

UNSENT: Final[Mapping[str, frozenset[str]]] = {
    "KeyRing": frozenset({"location", "project"}),
    "CryptoKey": frozenset({"keyRing"}),
    "Network": frozenset({"project", "deleteDefaultRoutesOnCreate"}),
    "Subnetwork": frozenset({"project"}),
    "Firewall": frozenset({"project"}),
    "Route": frozenset({"project"}),
    "Router": frozenset({"project"}),
    "RouterNat": frozenset({"project", "region", "router"}),
    "Address": frozenset({"project"}),
    "VpnGateway": frozenset({"project"}),
    "ExternalVpnGateway": frozenset({"project"}),
    "VpnTunnel": frozenset({"project", "sharedSecretWo", "sharedSecretWoVersion"}),
    "RouterInterface": frozenset({"project", "region", "router"}),
    "RouterBgpPeer": frozenset({"project", "region", "router"}),
    "RoutePolicy": frozenset({"project", "region", "router"}),
    "Interconnect": frozenset({"project"}),
    # Text in the provider, a number in the API: checked by rule.
    "InterconnectAttachment": frozenset({"project", "mtu"}),
    "Hub": frozenset({"project"}),
    "Spoke": frozenset({"project", "location"}),
    "VpcFlowLogsConfig": frozenset({"project", "location", "vpcFlowLogsConfigId"}),
    "NetworkEndpointGroup": frozenset({"project"}),
    "HealthCheck": frozenset({"project"}),
    "BackendService": frozenset({"project"}),
    "TargetTcpProxy": frozenset({"project"}),
    "ForwardingRule": frozenset({"project"}),
    "Topic": frozenset({"project"}),
    "LogMetric": frozenset({"project"}),
    "NotificationChannel": frozenset({"project", "forceDelete"}),
    "AlertPolicy": frozenset({"project"}),
    "ManagedZone": frozenset({"project", "forceDestroy"}),
    "ResourceRecordSet": frozenset({"project", "managedZone"}),
    "Policy": frozenset({"project"}),
    "LogBucket": frozenset({"project", "location", "bucketId"}),
    "LogSink": frozenset({"project", "uniqueWriterIdentity"}),
    "LogExclusion": frozenset({"project"}),
    "ServiceAccount": frozenset({"project", "accountId"}),
    "Cluster": frozenset({"project", "networkingMode", "removeDefaultNodePool", "deletionProtection"}),
    # A map keyed by name in the API, a list with the name inside in the provider: checked by rule.
    "MaintenancePolicy": frozenset({"maintenanceExclusions"}),
    "NodePool": frozenset({"project", "location", "cluster"}),
}
"""By schema: what the provider takes and the API's body does not: part of the address, or the provider's own behaviour."""
