"""An Azure front end for the components' tests: its classes, its fronts, and what Azure would answer."""

from __future__ import annotations

from typing import Any

import pulumi

from components.network.azure import AzureNetwork
from components.traffic.args import AnycastArgs, Backing, Endpoint, EntryArgs, NamesArgs, TriggersArgs
from components.traffic.azure_anycast import AzureAnycast
from components.traffic.azure_entry import AzureEntry
from config.model import Algorithm, Cloud, DataClass, Location, Performance, Probe, ServiceClass
from nautilus.federation.front import Backend, Front
from tests.components.azure_placement import ACCOUNT, LABELS, LOCATION, OUTPUTS, SOURCE, SUBSCRIPTION, network_args

PROBE = Probe(interval_s=5, threshold=1, timeout_s=5)
NAMES_PROBE = Probe(interval_s=10, threshold=3, timeout_s=5)


def service(name: str, port: int, target_port: int, *, affinity: bool = True) -> ServiceClass:
    return ServiceClass(
        id=name,
        title=name,
        tier=0,
        data=DataClass.FINANCIAL,
        performance=Performance.HIGH,
        port=port,
        target_port=target_port,
        algorithm=Algorithm.WEIGHTED,
        affinity=affinity,
    )


CLASSES = {"trading": service("trading", 8443, 8001), "client": service("client", 443, 8004, affinity=False)}
PORTS = (8001, 8004)


def location(region: str, jurisdiction: str = "uk", country: str = "GB", cloud: Cloud = Cloud.AZURE) -> Location:
    return Location(
        id=f"{cloud}/{region}",
        cloud=cloud,
        region=region,
        place="Somewhere",
        country=country,
        jurisdiction=jurisdiction,
        latitude=50,
        longitude=8,
        zones=("1", "2", "3"),
        source=SOURCE,
    )


def entry_args(**changes: Any) -> EntryArgs:
    given: dict[str, Any] = {
        "location": LOCATION,
        "account": ACCOUNT,
        "zones": ("1", "2", "3"),
        "nodes": "10.9.0.0/16",
        "classes": CLASSES,
        "probe": PROBE,
        "halted": False,
        "log_key": "https://kv.vault.azure.net/keys/logs",
        "log_retention_days": 365,
        "labels": LABELS,
        "deletion_protection": True,
    }
    return EntryArgs(**{**given, **changes})


def entry(network: dict[str, Any] | None = None, **changes: Any) -> AzureEntry:
    """Give an entry beside a network that admits its ports."""
    asked = {"entry_ports": PORTS, "halted": changes.get("halted", False), **(network or {})}
    return AzureEntry("one-entry", entry_args(**changes), AzureNetwork("one-network", network_args(**asked)))


def frontend(placement: str) -> str:
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-{placement}-entry/providers/Microsoft.Network"
    return f"{group}/loadBalancers/lb-{placement}-entry/frontendIPConfigurations/public"


def backing(placement: str, where: Location, share: float) -> Backing:
    handed = {"frontend": frontend(placement), "address": "203.0.113.7", "balancer": f"{placement}-balancer"}
    return Backing(placement=placement, location=where, share=share, entry=handed)


def anycast_args(**changes: Any) -> AnycastArgs:
    given: dict[str, Any] = {
        "jurisdiction": "us",
        "account": ACCOUNT,
        "classes": CLASSES,
        "backings": {
            "east": backing("east", location("eastus2", "us", "US"), 0.4),
            "central": backing("central", location("centralus", "us", "US"), 0.6),
            "west": backing("west", location("westus2", "us", "US"), 0.0),
        },
        "probe": PROBE,
        "affinity": False,
        "enabled": True,
        "labels": LABELS,
        "deletion_protection": True,
    }
    return AnycastArgs(**{**given, **changes})


def anycast(**changes: Any) -> AzureAnycast:
    return AzureAnycast("us-anycast-azure", anycast_args(**changes))


def endpoint(name: str, country: str) -> Endpoint:
    jurisdiction, cloud = name.split("-")
    where = location("somewhere", jurisdiction, country, Cloud(cloud))
    return Endpoint(id=name, location=where, address=pulumi.Output.from_input(f"{name}.example"))


def front(algorithm: Algorithm = Algorithm.WEIGHTED, **changes: Any) -> Front:
    def backend(name: str, share: float, *, standby: bool = False) -> Backend:
        jurisdiction, cloud = name.split("-")
        return Backend(
            endpoint=name,
            jurisdiction=jurisdiction,
            cloud=Cloud(cloud),
            home=jurisdiction == "eu",
            standby=standby,
            shares={"one": share},
        )

    given: dict[str, Any] = {
        "id": "trading-eu",
        "service": "trading",
        "jurisdiction": "eu",
        "tier": 0,
        "data": DataClass.FINANCIAL,
        "algorithm": algorithm,
        "affinity": True,
        "port": 8443,
        "countries": ("BE", "DE", "FI"),
        "backends": (backend("eu-aws", 0.75), backend("eu-gcp", 0.25), backend("uk-azure", 0.0, standby=True)),
        "halted": False,
    }
    return Front(**{**given, **changes})


def names_args(*fronts: Front, **changes: Any) -> NamesArgs:
    given: dict[str, Any] = {
        "domain": "prod.nautilus-third.example",
        "account": ACCOUNT,
        "location": LOCATION,
        "fronts": {one.id: one for one in fronts},
        "endpoints": {
            "eu-aws": endpoint("eu-aws", "DE"),
            "eu-gcp": endpoint("eu-gcp", "BE"),
            "uk-azure": endpoint("uk-azure", "GB"),
        },
        "regions": {"eu-aws": "germanywestcentral", "eu-gcp": "westeurope", "uk-azure": "uksouth"},
        "probe": NAMES_PROBE,
        "health_path": "/healthz",
        "ttl_s": 5,
        "labels": LABELS,
        "deletion_protection": True,
    }
    return NamesArgs(**{**given, **changes})


def triggers_args(**changes: Any) -> TriggersArgs:
    base = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers"
    given: dict[str, Any] = {
        "location": LOCATION,
        "account": ACCOUNT,
        "entry_ids": {"balancer": f"{base}/Microsoft.Network/loadBalancers/lb"},
        "gateway_ids": {"group": "rg", "vpn-gateway": "gw", "network": "vnet"},
        "cluster_id": f"{base}/Microsoft.ContainerService/managedClusters/aks",
        "topic_key": "https://kv.vault.azure.net/keys/logs",
        "labels": LABELS,
    }
    return TriggersArgs(**{**given, **changes})


ANSWERS: dict[str, Any] = {
    **OUTPUTS,
    "azure-native:network:PublicIPAddress": lambda _: {"ipAddress": "203.0.113.9"},
    "azure-native:trafficmanager:Profile": lambda inputs: {"name": inputs["profileName"]},
    "azure-native:dns:Zone": lambda inputs: {"name": inputs["zoneName"]},
}
"""What Azure answers beside the inputs, by type."""
