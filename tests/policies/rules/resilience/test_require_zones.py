from __future__ import annotations

from typing import Any

import pytest

import config
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.plan import placements
from policies.kit.finding import Finding
from policies.kit.registry import Pack
from policies.rules.resilience.require_zones import LEAST
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, one, secret
from tests.policies.planned import AWS, AZURE, GCP

RULE = "FLT-007"
ZONES = ("a", "b", "c")


def subnet(zone: Any) -> Planned:
    name = zone if isinstance(zone, str) else "secret"
    return Planned(type="aws:ec2/subnet:Subnet", name=f"subnet-{name}", provider=AWS, props={"availabilityZone": zone})


SUBNETS = tuple(subnet(f"eu-central-1{zone}") for zone in ZONES)
LOCAL = subnet("eu-central-1-ham-1a")
EKS = Planned(
    type="aws:eks/cluster:Cluster",
    name="eks",
    provider=AWS,
    props={"vpcConfig": {"subnetIds": [UNKNOWN] * 3}},
    sources={"vpcConfig": tuple(one.urn for one in SUBNETS)},
)


def nodes(name: str, *subnets: Planned, **labels: str) -> Planned:
    return Planned(
        type="aws:eks/nodeGroup:NodeGroup",
        name=name,
        provider=AWS,
        props={
            "clusterName": "eks",
            "subnetIds": [UNKNOWN] * len(subnets),
            "labels": {"nautilus/pool": "trading", **labels},
        },
        sources={"clusterName": (EKS.urn,), "subnetIds": tuple(one.urn for one in subnets)},
    )


GKE = Planned(
    type="gcp:container/cluster:Cluster",
    name="gke",
    provider=GCP,
    props={"nodeLocations": [f"europe-west1-{zone}" for zone in "bcd"]},
)
AKS = Planned(
    type="azure-native:containerservice:ManagedCluster",
    name="aks",
    provider=AZURE,
    props={"agentPoolProfiles": [{"nodeLabels": {"nautilus/pool": "system"}, "availabilityZones": ["1"]}]},
)


def agents(name: str, *zones: Any) -> Planned:
    return Planned(
        type="azure-native:containerservice:AgentPool",
        name=name,
        provider=AZURE,
        props={"availabilityZones": list(zones), "nodeLabels": {"nautilus/pool": "system"}},
        sources={"resourceName": (AKS.urn,)},
    )


def judged(*planned: Planned) -> list[Finding]:
    return found(analyze_stack(*planned, pack=Pack.RESILIENCE), RULE)


def test_three_zones_pass() -> None:
    assert judged(*SUBNETS, EKS, nodes("all", *SUBNETS)) == []
    assert judged(GKE) == []
    assert judged(AKS, agents("two", "2"), agents("three", "3")) == []


def test_pools_that_are_split_by_zone_count_together() -> None:
    assert judged(*SUBNETS, EKS, *(nodes(f"only-{index}", one) for index, one in enumerate(SUBNETS))) == []


def test_a_pool_in_two_zones_is_named() -> None:
    hit = one(judged(*SUBNETS, EKS, nodes("few", *SUBNETS[:2])), RULE)
    assert hit.resource == EKS.urn
    assert hit.found == "pool 'trading' stands in 2 zones: eu-central-1a, eu-central-1b"


def test_a_control_plane_in_two_zones_is_named() -> None:
    planned = Planned(**{**vars(EKS), "sources": {"vpcConfig": tuple(one.urn for one in SUBNETS[:2])}})
    assert one(judged(*SUBNETS, planned), RULE).found.startswith("the control plane stands in 2 zones")


def test_an_entry_in_one_zone_is_named() -> None:
    entry = Planned(
        type="aws:lb/loadBalancer:LoadBalancer",
        name="entry",
        provider=AWS,
        props={"subnets": [UNKNOWN]},
        sources={"subnets": (SUBNETS[0].urn,)},
    )
    assert one(judged(*SUBNETS, entry), RULE).found == "the entry stands in 1 zone: eu-central-1a"


def test_a_site_in_a_local_zone_is_not_judged_and_saves_no_pool() -> None:
    site = nodes("site", LOCAL, **{"nautilus/site": "eu-hamburg"})
    assert judged(*SUBNETS, LOCAL, EKS, nodes("all", *SUBNETS), site) == []
    few = nodes("few", SUBNETS[0])
    assert one(judged(*SUBNETS, LOCAL, EKS, few, site), RULE).found.startswith("pool 'trading' stands in 1 zone")


@pytest.mark.parametrize("labels", [{}, {"nautilus/site": "us-new-york"}, {"nautilus/site": "nowhere"}])
def test_a_pool_that_is_of_no_site_of_its_zone_is_judged(labels: dict[str, str]) -> None:
    hit = one(judged(*SUBNETS, LOCAL, EKS, nodes("site", LOCAL, **labels)), RULE)
    assert hit.found == "pool 'trading' stands in 1 zone: eu-central-1-ham-1a"


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        (GKE.but(nodeLocations=["europe-west1-b"]), "the cluster stands in 1 zone: europe-west1-b"),
        (GKE.but(nodeLocations=None), "the cluster stands in 0 zones: none"),
        (AKS.but(agentPoolProfiles=None), "no pool is planned"),
    ],
)
def test_zones_that_are_few_or_missing_fail(cluster: Planned, says: str) -> None:
    assert one(judged(cluster), RULE).found == says


@pytest.mark.parametrize(
    "planned",
    [
        (GKE.but(nodeLocations=UNKNOWN),),
        (subnet(UNKNOWN), Planned(**{**vars(EKS), "sources": {"vpcConfig": (subnet(UNKNOWN).urn,)}})),
        (AKS, agents("two", UNKNOWN)),
        (EKS.but(vpcConfig={"subnetIds": ["subnet-elsewhere"]}),),
    ],
)
def test_zones_that_are_unknown_are_undecided(planned: tuple[Planned, ...]) -> None:
    loose = tuple(
        Planned(**{**vars(item), "sources": {}}) if item.name == "eks" and len(planned) == 1 else item for item in planned
    )
    hits = judged(*loose)
    assert len(hits) == 1
    assert hits[0].verdict == "undecided" or "does not hold" in hits[0].found


def test_a_secret_zone_counts_and_is_not_shown() -> None:
    hit = one(judged(GKE.but(nodeLocations=[secret("europe-west1-b")])), RULE)
    assert "europe-west1-b" not in hit.found


def test_no_production_pool_is_too_small_to_stand_in_three_zones() -> None:
    catalogue = load(config.root())
    for group in Group:
        for plan in placements(catalogue, EnvironmentName.PROD, group):
            for name, pool in plan.pools.items():
                nodes = pool.size.min if pool.pool.purpose == "system" else pool.size.max
                assert nodes >= LEAST, (plan.name, name)
