"""One placement's entry and triggers, its jurisdiction's anycast balancer and names, as a program of its own."""

from __future__ import annotations

import os

import pulumi

from components.keys.args import KeysArgs, Purpose
from components.keys.aws import AwsKeys
from components.network.args import NetworkArgs
from components.network.aws import AwsNetwork
from components.provider.aws import provider
from components.traffic.args import AnycastArgs, Backing, Endpoint, EntryArgs, NamesArgs, TriggersArgs
from components.traffic.aws_anycast import AwsAnycast
from components.traffic.aws_entry import AwsEntry
from components.traffic.aws_names import AwsNames
from components.traffic.aws_triggers import AwsTriggers
from config import loader, root
from config.model import (
    Algorithm,
    Cloud,
    DataClass,
    EnvironmentName,
    Group,
    Performance,
    Probe,
    ServiceClass,
)
from nautilus.federation.front import Backend, Front
from nautilus.federation.plan import placements

HALTED = os.environ.get("TRAFFIC_HALTED") == "yes"
KEEPS = float(os.environ.get("TRAFFIC_KEEPS", "1"))
"""How much of its share the first endpoint keeps; what it gives up goes to the second."""
_PLANS = placements(loader.load(root()), EnvironmentName.DEV, Group.AMERICAS)
PLAN = next(plan for plan in _PLANS if plan.location.id == "aws/us-east-1")
LABELS = {"environment": "dev", "jurisdiction": "us", "data-class": "market"}


def served(key: str, tier: int, port: int, target: int) -> ServiceClass:
    return ServiceClass(
        id=key,
        title=key,
        tier=tier,
        data=DataClass.FINANCIAL,
        performance=Performance.HIGH,
        port=port,
        target_port=target,
        algorithm=Algorithm.LATENCY,
        affinity=True,
    )


CLASSES = {"trading": served("trading", 0, 443, 8000), "client": served("client", 3, 8443, 8003)}


def front(service: str, algorithm: Algorithm) -> Front:
    def backend(endpoint: str, share: float, *, standby: bool) -> Backend:
        cloud = Cloud(endpoint.split("-")[1])
        shares = {endpoint: share}
        return Backend(endpoint=endpoint, jurisdiction="us", cloud=cloud, home=True, standby=standby, shares=shares)

    backends = (
        backend("us-aws", 0.6 * KEEPS, standby=False),
        backend("us-gcp", 1 - 0.6 * KEEPS, standby=False),
        backend("us-azure", 0, standby=True),
    )
    return Front(
        id=f"{service}-{algorithm}",
        service=service,
        jurisdiction="us",
        tier=CLASSES[service].tier,
        data=DataClass.FINANCIAL,
        algorithm=algorithm,
        affinity=True,
        port=CLASSES[service].port,
        countries=("US", "PR"),
        backends=() if HALTED else backends,
        halted=HALTED,
        shifting=0 < KEEPS < 1,
    )


here = pulumi.ResourceOptions(provider=provider("provider", PLAN.location, PLAN.account, LABELS))
keys = AwsKeys(
    "east-keys",
    KeysArgs(
        location=PLAN.location,
        account=PLAN.account,
        rules=PLAN.jurisdiction.keys,
        purposes=(Purpose.LOGS,),
        labels=LABELS,
        deletion_protection=False,
    ),
    here,
)
network = AwsNetwork(
    "east-network",
    NetworkArgs(
        location=PLAN.location,
        account=PLAN.account,
        zones=PLAN.placement.zones,
        nodes=PLAN.nodes,
        pods=PLAN.pods,
        services=PLAN.services,
        nat_per_zone=False,
        log_key=keys.keys[Purpose.LOGS],
        flow_log_retention_days=30,
        labels=LABELS,
        deletion_protection=False,
    ),
    here,
)
entry = AwsEntry(
    "east-entry",
    EntryArgs(
        location=PLAN.location,
        account=PLAN.account,
        zones=PLAN.placement.zones,
        nodes=PLAN.nodes,
        classes=CLASSES,
        probe=Probe(interval_s=5, threshold=2, timeout_s=3),
        halted=HALTED,
        log_key=keys.keys[Purpose.LOGS],
        log_retention_days=30,
        labels=LABELS,
        deletion_protection=False,
    ),
    network,
    here,
)
AwsTriggers(
    "east-triggers",
    TriggersArgs(
        location=PLAN.location,
        account=PLAN.account,
        entry_ids=entry.metric_ids,
        gateway_ids={"transit-gateway": "tgw-1", "vpc-attachment": "tgw-attach-1"},
        cluster_id="east",
        topic_key=keys.keys[Purpose.LOGS],
        labels=LABELS,
    ),
    here,
)
anycast = AwsAnycast(
    "us-anycast-aws",
    AnycastArgs(
        jurisdiction="us",
        account=PLAN.account,
        classes=CLASSES,
        backings={"east": Backing(placement="east", location=PLAN.location, share=1.0, entry=entry.facts)},
        probe=Probe(interval_s=10, threshold=1, timeout_s=4),
        affinity=True,
        enabled=not HALTED,
        labels=LABELS,
        deletion_protection=False,
    ),
    here,
)
others = {
    key: Endpoint(id=key, location=PLAN.location, address=pulumi.Output.from_input(address))
    for key, address in {"us-gcp": "34.1.2.3", "us-azure": "20.1.2.3"}.items()
}
FRONTS = {
    one.id: one
    for one in (
        *(front("trading", algorithm) for algorithm in Algorithm),
        front("client", Algorithm.WEIGHTED),
    )
}
names = AwsNames(
    "names-aws",
    NamesArgs(
        domain="dev.nautilus.example",
        account=PLAN.account,
        location=PLAN.location,
        fronts=FRONTS,
        endpoints={anycast.endpoint.id: anycast.endpoint, **others},
        regions={"us-aws": "us-east-1", "us-gcp": "us-west-2", "us-azure": "us-east-2"},
        probe=Probe(interval_s=10, threshold=1, timeout_s=4),
        health_path="/healthz",
        ttl_s=10,
        labels=LABELS,
        deletion_protection=False,
        log_key=keys.keys[Purpose.LOGS],
        log_retention_days=30,
    ),
    here,
)
pulumi.export("address", anycast.endpoint.address)
pulumi.export("delegation", names.delegation)
