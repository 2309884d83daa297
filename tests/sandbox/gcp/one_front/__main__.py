"""One placement of the real catalogue with its front end, balancer, names and triggers; other clouds are only pretended.

ONE_HALTED in the environment halts its jurisdiction; ONE_WEIGHT is the share, in 0…1, of the other of two weighted backends.
"""

from __future__ import annotations

import os
from typing import Any

import pulumi

from components.keys.args import KeysArgs, Purpose
from components.keys.gcp import GcpKeys
from components.network.args import NetworkArgs
from components.network.gcp import GcpNetwork
from components.provider.gcp import provider
from components.traffic.args import AnycastArgs, Backing, Endpoint, EntryArgs, NamesArgs, TriggersArgs
from components.traffic.gcp_anycast import GcpAnycast
from components.traffic.gcp_entry import GcpEntry
from components.traffic.gcp_names import GcpNames
from components.traffic.gcp_triggers import GcpTriggers
from config import loader, root
from config.model import Algorithm, Cloud, EnvironmentName, Group
from nautilus.federation.front import Backend, Front
from nautilus.federation.plan import placements

PLACEMENT = "nautilus-enterprise-us-west-1"
HALTED = bool(os.environ.get("ONE_HALTED"))
WEIGHT = float(os.environ.get("ONE_WEIGHT", "0.25"))

catalogue = loader.load(root())
traffic = catalogue.traffic
plan = next(
    found for group in Group for found in placements(catalogue, EnvironmentName.PROD, group) if found.name == PLACEMENT
)
here = pulumi.ResourceOptions(provider=provider(f"{PLACEMENT}-provider", plan.location, plan.account, plan.labels))
common: dict[str, Any] = {
    "location": plan.location,
    "account": plan.account,
    "labels": plan.labels,
    "deletion_protection": False,
}

keys = GcpKeys(f"{PLACEMENT}-keys", KeysArgs(rules=plan.jurisdiction.keys, purposes=(Purpose.LOGS,), **common), here)
key = keys.keys[Purpose.LOGS]
network = GcpNetwork(
    f"{PLACEMENT}-network",
    NetworkArgs(
        zones=plan.placement.zones,
        nodes=plan.nodes,
        pods=plan.pods,
        services=plan.services,
        nat_per_zone=False,
        log_key=key,
        flow_log_retention_days=400,
        **common,
    ),
    here,
)
entry = GcpEntry(
    f"{PLACEMENT}-entry",
    EntryArgs(
        zones=plan.placement.zones,
        nodes=plan.nodes,
        classes=traffic.classes,
        probe=traffic.entry[Cloud.GCP],
        halted=HALTED,
        log_key=key,
        log_retention_days=400,
        **common,
    ),
    network,
    here,
)
GcpTriggers(
    f"{PLACEMENT}-triggers",
    TriggersArgs(
        location=plan.location,
        account=plan.account,
        entry_ids=entry.metric_ids,
        gateway_ids={"vpn_gateway": f"projects/{plan.account.id}/regions/us-west2/vpnGateways/{PLACEMENT}-gateway-vpn"},
        cluster_id=PLACEMENT,
        topic_key=key,
        labels=plan.labels,
    ),
    here,
)
anycast = GcpAnycast(
    "us-anycast-gcp",
    AnycastArgs(
        jurisdiction="us",
        account=plan.account,
        classes=traffic.classes,
        backings={PLACEMENT: Backing(placement=PLACEMENT, location=plan.location, share=1.0, entry=entry.facts)},
        probe=traffic.anycast[Cloud.GCP],
        affinity=True,
        enabled=not HALTED,
        labels=plan.labels,
        deletion_protection=False,
    ),
    here,
)


def backend(cloud: Cloud, share: float, *, standby: bool = False) -> Backend:
    return Backend(endpoint=f"us-{cloud}", jurisdiction="us", cloud=cloud, home=True, standby=standby, shares={"one": share})


def front(service: str, algorithm: Algorithm, *backends: Backend) -> Front:
    return Front(
        id=f"{service}-us",
        service=service,
        jurisdiction="us",
        tier=0,
        data=traffic.classes[service].data,
        algorithm=algorithm,
        affinity=True,
        port=traffic.classes[service].port,
        countries=("US",),
        backends=backends,
        halted=HALTED,
    )


two = (backend(Cloud.GCP, 1 - WEIGHT), backend(Cloud.AWS, WEIGHT))
fronts = (
    front("trading", Algorithm.HEALTH_PRIORITY, *two),
    front("risk", Algorithm.WEIGHTED, *two, backend(Cloud.AZURE, 0, standby=True)),
    front("portfolio", Algorithm.LATENCY, *two),
    front("client", Algorithm.GEOLOCATION, two[0], backend(Cloud.AZURE, 0, standby=True)),
    front("reporting", Algorithm.COMPLIANCE, *two),
)
pretended = {
    Cloud.AWS: Endpoint(id="us-aws", location=plan.location, address=pulumi.Output.from_input("192.0.2.10")),
    Cloud.AZURE: Endpoint(id="us-azure", location=plan.location, address=pulumi.Output.from_input("192.0.2.20")),
}
GcpNames(
    "names-gcp",
    NamesArgs(
        domain=f"prod.{traffic.domains[Cloud.GCP]}",
        fronts={one.id: one for one in fronts},
        endpoints={"us-gcp": anycast.endpoint, **{one.id: one for one in pretended.values()}},
        regions={"us-gcp": "us-west2", "us-aws": "us-east4", "us-azure": "us-central1"},
        probe=traffic.names[Cloud.GCP],
        health_path=traffic.health_path,
        ttl_s=traffic.ttl_s,
        log_key=key,
        **common,
    ),
    here,
)
pulumi.export("address", anycast.endpoint.address)
pulumi.export("facts", dict(entry.facts))
