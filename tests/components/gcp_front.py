"""Arguments of Google Cloud's entry, balancer, names and triggers, as their components' tests have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.traffic.args import AnycastArgs, Backing, Endpoint, EntryArgs, NamesArgs, TriggersArgs
from config.model import Algorithm, Cloud, DataClass, Performance, Probe, ServiceClass
from nautilus.federation.front import Backend, Front
from tests.components.gcp_backbone import ACCOUNT, KEY, location

__all__ = ["ACCOUNT", "KEY", "location"]

GROUP = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup"
SERVICE = "gcp:compute/backendService:BackendService"
HEALTH = "gcp:compute/healthCheck:HealthCheck"
PROXY = "gcp:compute/targetTCPProxy:TargetTCPProxy"
RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
RECORD = "gcp:dns/recordSet:RecordSet"
ALARM = "gcp:monitoring/alertPolicy:AlertPolicy"
METRIC = "gcp:logging/metric:Metric"
FIREWALL = "gcp:compute/firewall:Firewall"

_LINK = "https://www.googleapis.com/compute/v1/projects/nautilus-test-us"
OUTPUTS = {
    GROUP: lambda inputs: {"selfLink": f"{_LINK}/zones/{inputs['zone']}/networkEndpointGroups/{inputs['name']}"},
    HEALTH: lambda inputs: {"selfLink": f"{_LINK}/global/healthChecks/{inputs['name']}"},
    "gcp:compute/globalAddress:GlobalAddress": lambda _inputs: {"address": "192.0.2.1"},
    "gcp:dns/managedZone:ManagedZone": lambda _inputs: {"nameServers": ["a.", "b."]},
}
"""What the components read of resources that are only pretended."""


def service(name: str, place: int, *, affinity: bool = True) -> ServiceClass:
    """Give a class that clients reach at 8443 + place, and nodes at 8001 + place."""
    return ServiceClass(
        id=name,
        title=f"Class {name}",
        tier=place,
        data=DataClass.FINANCIAL,
        performance=Performance.HIGH,
        port=8443 + place,
        target_port=8001 + place,
        algorithm=Algorithm.WEIGHTED,
        affinity=affinity,
    )


CLASSES = {"trading": service("trading", 0), "reporting": service("reporting", 1, affinity=False)}
ZONES = ("us-west2-a", "us-west2-b")


def entry(labels: Mapping[str, str], *, halted: bool = False) -> EntryArgs:
    return EntryArgs(
        location=location(),
        account=ACCOUNT,
        zones=ZONES,
        nodes="10.1.0.0/16",
        classes=CLASSES,
        probe=Probe(interval_s=1, threshold=2, timeout_s=1),
        halted=halted,
        log_key=KEY,
        log_retention_days=400,
        labels=labels,
        deletion_protection=True,
    )


def backing(placement: str, share: float, region: str = "us-west2") -> Backing:
    facts = {
        f"{name}-{place}": f"{_LINK}/zones/{region}-{letter}/networkEndpointGroups/{placement}-entry-{name}-group-{place}"
        for name in CLASSES
        for place, letter in enumerate("ab")
    }
    return Backing(placement=placement, location=location(region), share=share, entry=facts)


def anycast(labels: Mapping[str, str], backings: Mapping[str, Backing], *, enabled: bool = True) -> AnycastArgs:
    return AnycastArgs(
        jurisdiction="us",
        account=ACCOUNT,
        classes=CLASSES,
        backings=backings,
        probe=Probe(interval_s=1, threshold=2, timeout_s=1),
        affinity=True,
        enabled=enabled,
        labels=labels,
        deletion_protection=True,
    )


def backend(endpoint: str, share: float, *, home: bool = True, standby: bool = False) -> Backend:
    """Give a backend of an endpoint such as `us-aws`."""
    jurisdiction, _, cloud = endpoint.partition("-")
    return Backend(
        endpoint=endpoint,
        jurisdiction=jurisdiction,
        cloud=Cloud(cloud),
        home=home,
        standby=standby,
        shares={f"{endpoint}-placement": share},
    )


def front(algorithm: Algorithm, *backends: Backend, name: str = "trading", halted: bool = False) -> Front:
    return Front(
        id=f"{name}-us",
        service=name,
        jurisdiction="us",
        tier=0,
        data=DataClass.FINANCIAL,
        algorithm=algorithm,
        affinity=True,
        port=CLASSES[name].port,
        countries=("US",),
        backends=backends,
        halted=halted,
    )


REGIONS = {"us-gcp": "us-west2", "us-aws": "us-east4", "us-azure": "us-central1", "ca-aws": "northamerica-northeast1"}


def names(labels: Mapping[str, str], *fronts: Front, key: str | None = KEY, interval_s: int = 30) -> NamesArgs:
    addresses = {endpoint: f"192.0.2.{place}" for place, endpoint in enumerate(REGIONS, 10)}
    return NamesArgs(
        domain="prod.nautilus.example",
        account=ACCOUNT,
        location=location(),
        fronts={one.id: one for one in fronts},
        endpoints={
            endpoint: Endpoint(id=endpoint, location=location(), address=pulumi.Output.from_input(address))
            for endpoint, address in addresses.items()
        },
        regions=REGIONS,
        probe=Probe(interval_s=interval_s, threshold=1, timeout_s=5),
        health_path="/healthz",
        ttl_s=5,
        labels=labels,
        deletion_protection=True,
        log_key=key,
    )


def triggers(labels: Mapping[str, str], **change: Any) -> TriggersArgs:
    given: dict[str, Any] = {
        "location": location(),
        "account": ACCOUNT,
        "entry_ids": {"groups": "place-1-entry"},
        "gateway_ids": {"vpn_gateway": "projects/p/regions/us-west2/vpnGateways/place-1-gateway-vpn"},
        "cluster_id": "place-1-cluster",
        "topic_key": KEY,
        "labels": labels,
    }
    return TriggersArgs(**{**given, **change})
