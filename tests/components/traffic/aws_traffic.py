"""Fronts, endpoints and arguments that the tests of traffic on AWS share."""

from __future__ import annotations

from typing import Any

import pulumi

from components.traffic.args import Endpoint, EntryArgs, NamesArgs
from config.model import Algorithm, Cloud, DataClass, Performance, Probe, ServiceClass
from nautilus.federation.front import Backend, Front

BALANCER = {"aws:lb/loadBalancer:LoadBalancer": lambda inputs: {"arnSuffix": f"net/{inputs['name']}/1"}}
OUTPUTS: dict[str, Any] = {
    "aws:ec2/vpc:Vpc": lambda _: {"defaultNetworkAclId": "acl-default", "defaultRouteTableId": "rtb-default"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": lambda inputs: {"prefixListId": f"pl-{inputs['serviceName']}"},
    **BALANCER,
    "aws:lb/targetGroup:TargetGroup": lambda inputs: {"arnSuffix": f"targetgroup/{inputs['name']}/1"},
    "aws:globalaccelerator/accelerator:Accelerator": lambda _: {
        "dnsName": "a1.awsglobalaccelerator.com",
        "hostedZoneId": "Z2BJ6XQ5FK7U4H",
        "ipSets": [{"ipAddresses": ["75.2.3.4", "99.83.3.4"], "ipFamily": "IPv4"}],
    },
    "aws:route53/zone:Zone": lambda _: {
        "zoneId": "Z1",
        "nameServers": ["ns-1.test", "ns-2.test"],
        "primaryNameServer": "ns-1.test",
    },
    "aws:route53/keySigningKey:KeySigningKey": lambda _: {"dsRecord": "1 13 2 AB"},
}


def served(key: str, tier: int, port: int, target: int, *, affinity: bool = True) -> ServiceClass:
    """A service class."""
    return ServiceClass(
        id=key,
        title=key,
        tier=tier,
        data=DataClass.FINANCIAL,
        performance=Performance.HIGH,
        port=port,
        target_port=target,
        algorithm=Algorithm.LATENCY,
        affinity=affinity,
    )


CLASSES = {"trading": served("trading", 0, 443, 8000), "client": served("client", 3, 8443, 8003, affinity=False)}


def entry_args(location: Any, account: Any, labels: Any, **more: Any) -> EntryArgs:
    """The arguments of an entry over two zones."""
    given: dict[str, Any] = {
        "location": location,
        "account": account,
        "zones": ("us-east-1a", "us-east-1b"),
        "nodes": "10.0.0.0/16",
        "classes": CLASSES,
        "probe": Probe(interval_s=5, threshold=2, timeout_s=3),
        "halted": False,
        "log_key": "arn:key",
        "log_retention_days": 400,
        "labels": labels,
        "deletion_protection": True,
        **more,
    }
    return EntryArgs(**given)


def backend(endpoint: str, share: float, *, standby: bool = False, home: bool = True) -> Backend:
    """A backend with one placement."""
    jurisdiction, cloud = endpoint.split("-")
    return Backend(
        endpoint=endpoint,
        jurisdiction=jurisdiction,
        cloud=Cloud(cloud),
        home=home,
        standby=standby,
        shares={f"{endpoint}-1": share},
    )


def front(
    algorithm: Algorithm,
    *backends: Backend,
    service: str = "trading",
    tier: int = 0,
    halted: bool = False,
    shifting: bool = False,
) -> Front:
    """A front of the United States."""
    return Front(
        id=f"{service}-us",
        service=service,
        jurisdiction="us",
        tier=tier,
        data=DataClass.FINANCIAL,
        algorithm=algorithm,
        affinity=True,
        port=CLASSES[service].port,
        countries=("US", "PR"),
        backends=backends,
        halted=halted,
        shifting=shifting,
    )


def names_args(location: Any, account: Any, labels: Any, *fronts: Front, **more: Any) -> NamesArgs:
    """The arguments of names with an endpoint at each cloud, the first with an alias."""
    places = {"us-aws": (39.04, -77.49), "us-gcp": (34.05, -118.24), "us-azure": (41.59, -93.62), "ca-aws": (45.5, -73.57)}
    endpoints = {
        key: Endpoint(
            id=key,
            location=location.model_copy(update={"latitude": at[0], "longitude": at[1]}),
            address=pulumi.Output.from_input(f"34.1.2.{number}"),
            second=pulumi.Output.from_input("75.2.1.2") if key.endswith("aws") else None,
        )
        for number, (key, at) in enumerate(places.items(), 1)
    }
    given: dict[str, Any] = {
        "domain": "prod.nautilus.example",
        "account": account,
        "location": location,
        "fronts": {one.id: one for one in fronts},
        "endpoints": endpoints,
        "regions": {"us-aws": "us-east-1", "us-gcp": "us-west-2", "us-azure": "us-east-1", "ca-aws": "ca-central-1"},
        "probe": Probe(interval_s=10, threshold=1, timeout_s=4),
        "health_path": "/healthz",
        "ttl_s": 10,
        "labels": labels,
        "deletion_protection": True,
        "log_key": "arn:key",
        **more,
    }
    return NamesArgs(**given)
