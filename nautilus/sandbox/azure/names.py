"""What names Azure takes, by ARM type.

Source: Naming rules and restrictions for Azure resources (Microsoft, Azure Resource Manager), general knowledge where the
page is silent. A type without a rule here is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class NameRule:
    """A pattern and what it means in words."""

    pattern: re.Pattern[str]
    says: str


def _rule(pattern: str, says: str) -> NameRule:
    return NameRule(pattern=re.compile(pattern), says=says)


def _network(least: int, most: int) -> NameRule:
    return _rule(
        rf"(?=.{{{least},{most}}}$)[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?",
        f"{least} to {most} letters, digits, underscores, periods and hyphens; a letter or digit first, one "
        "or an underscore last",
    )


_VAULT: Final = _rule(
    r"(?=.{3,24}$)(?!.*--)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
    "3 to 24 letters, digits and single hyphens; it starts with a letter and ends with a letter or digit",
)
_ALERT: Final = _rule(
    r"[^:<>+/&%\\?*#]{0,259}[^:<>+/&%\\?*#. ]", r"1 to 260 characters, none of :<>+/&%\?*#, no period or space last"
)
_GUID: Final = _rule(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a GUID")

RULES: Final[Mapping[str, NameRule]] = {
    "Microsoft.Resources/resourceGroups": _rule(
        r"(?=.{1,90}$)[\w().-]*[\w()-]",
        "1 to 90 letters, digits, underscores, parentheses, hyphens and periods, no period last",
    ),
    "Microsoft.KeyVault/vaults": _VAULT,
    "Microsoft.KeyVault/managedHSMs": _VAULT,
    "Microsoft.KeyVault/vaults/secrets": _rule(r"[A-Za-z0-9-]{1,127}", "1 to 127 letters, digits and hyphens"),
    "Microsoft.KeyVault/vaults/keys": _rule(r"[A-Za-z0-9-]{1,127}", "1 to 127 letters, digits and hyphens"),
    "Microsoft.ManagedIdentity/userAssignedIdentities": _rule(
        r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}", "3 to 128 letters, digits, underscores and hyphens, a letter or digit first"
    ),
    "Microsoft.Compute/diskEncryptionSets": _rule(
        r"[A-Za-z0-9_-]{1,80}", "1 to 80 letters, digits, underscores and hyphens"
    ),
    "Microsoft.Compute/proximityPlacementGroups": _network(1, 80),
    "Microsoft.Network/virtualNetworks": _network(2, 64),
    "Microsoft.Network/virtualNetworks/subnets": _network(1, 80),
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings": _network(1, 80),
    "Microsoft.Network/networkSecurityGroups": _network(1, 80),
    "Microsoft.Network/routeTables": _network(1, 80),
    "Microsoft.Network/publicIPAddresses": _network(1, 80),
    "Microsoft.Network/natGateways": _network(1, 80),
    "Microsoft.Network/loadBalancers": _network(1, 80),
    "Microsoft.Network/trafficManagerProfiles": _rule(
        r"(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?",
        "1 to 63 letters, digits, hyphens and periods, a letter or digit at both ends",
    ),
    "Microsoft.Network/dnsZones": _rule(
        r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.){1,33}[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
        "2 to 34 labels of 1 to 63 letters, digits, underscores and hyphens, joined by periods",
    ),
    "Microsoft.Insights/actionGroups": _ALERT,
    "Microsoft.Insights/metricAlerts": _ALERT,
    "Microsoft.Insights/activityLogAlerts": _ALERT,
    "Microsoft.Network/privateEndpoints": _network(2, 64),
    "Microsoft.Network/virtualWans": _network(1, 80),
    "Microsoft.Network/virtualHubs": _network(1, 80),
    "Microsoft.Network/virtualHubs/hubRouteTables": _network(1, 80),
    "Microsoft.Network/virtualHubs/routeMaps": _network(1, 80),
    "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections": _network(1, 80),
    "Microsoft.Network/vpnGateways": _network(1, 80),
    "Microsoft.Network/vpnGateways/vpnConnections": _network(1, 80),
    "Microsoft.Network/vpnSites": _network(1, 80),
    "Microsoft.Network/expressRoutePorts": _network(1, 80),
    "Microsoft.Network/expressRouteCircuits": _network(1, 80),
    "Microsoft.Network/expressRouteGateways": _network(1, 80),
    "Microsoft.Network/expressRouteGateways/expressRouteConnections": _network(1, 80),
    "Microsoft.Network/networkWatchers": _network(1, 80),
    "Microsoft.Network/networkWatchers/flowLogs": _network(1, 80),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": _network(1, 80),
    "Microsoft.Network/privateDnsZones": _rule(
        r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.){1,33}[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
        "2 to 34 labels of 1 to 63 letters, digits, underscores and hyphens, joined by periods",
    ),
    "Microsoft.Storage/storageAccounts": _rule(r"[a-z0-9]{3,24}", "3 to 24 lower-case letters and digits"),
    "Microsoft.Storage/storageAccounts/managementPolicies": _rule(r"default", "default"),
    "Microsoft.Storage/storageAccounts/blobServices/containers": _rule(
        r"(?=.{3,63}$)(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?|\$(root|web)",
        "3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends",
    ),
    "Microsoft.ContainerService/managedClusters": _rule(
        r"(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?",
        "1 to 63 letters, digits, underscores and hyphens, a letter or digit at both ends",
    ),
    "Microsoft.ContainerService/managedClusters/agentPools": _rule(
        r"[a-z][a-z0-9]{0,11}", "1 to 12 lower-case letters and digits, a letter first"
    ),
    "Microsoft.ContainerService/managedClusters/maintenanceConfigurations": _rule(
        r"default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule",
        "one of default, aksManagedAutoUpgradeSchedule, aksManagedNodeOSUpgradeSchedule",
    ),
    "Microsoft.OperationalInsights/workspaces": _rule(
        r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]", "4 to 63 letters, digits and hyphens, a letter or digit at both ends"
    ),
    "Microsoft.Authorization/roleAssignments": _GUID,
    "Microsoft.Authorization/locks": _rule(r"[^<>%&?/\\]{1,90}", r"1 to 90 characters, none of <>%&?/\ "),
    "Microsoft.Insights/diagnosticSettings": _rule(r"[^*<>%:&?+/\\]{1,260}", r"1 to 260 characters, none of *<>%:&?+/\ "),
}
