from __future__ import annotations

import itertools
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.loader import load
from config.model import Catalogue, Cloud, EnvironmentName, Group
from nautilus.federation.plan import PlacementPlan, placements, rebase
from tests.fixtures import sao_paulo
from tests.fixtures.catalogues import TODAY, copied


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


def every(catalogue: Catalogue, environment: EnvironmentName) -> list[PlacementPlan]:
    return [plan for group in Group for plan in placements(catalogue, environment, group)]


@pytest.mark.parametrize("environment", EnvironmentName)
def test_each_environment_has_the_same_twenty_six_placements(catalogue: Catalogue, environment: EnvironmentName) -> None:
    names = [plan.name for plan in every(catalogue, environment)]
    assert len(set(names)) == len(names) == 26
    assert names == [plan.name for plan in every(catalogue, EnvironmentName.PROD)]
    assert not any(name in plan for plan in names for name in ("dev", "staging", "prod"))


def test_names_are_the_clusters_where_there_is_one_placement(catalogue: Catalogue) -> None:
    edge = [plan.name for plan in placements(catalogue, EnvironmentName.PROD, Group.EDGE)]
    assert edge == [
        f"nautilus-edge-global-{side}-1-{cloud}" for side in ("east", "west") for cloud in ("aws", "azure", "gcp")
    ]
    americas = [plan.name for plan in placements(catalogue, EnvironmentName.PROD, Group.AMERICAS)]
    ends = ("ca-east-1", "ca-east-1-standby", "us-central-1", "us-east-1", "us-west-1")
    assert americas == [f"nautilus-enterprise-{end}" for end in ends]


def test_node_ranges_are_disjoint_over_every_environment_and_placement(catalogue: Catalogue) -> None:
    ranges = [IPv4Network(plan.nodes) for name in EnvironmentName for plan in every(catalogue, name)]
    assert len(ranges) == 78
    assert not any(one.overlaps(other) for one, other in itertools.combinations(ranges, 2))


@pytest.mark.parametrize("environment", EnvironmentName)
def test_all_ranges_of_an_environment_are_disjoint(catalogue: Catalogue, environment: EnvironmentName) -> None:
    plans = every(catalogue, environment)
    ranges = [IPv4Network(text) for plan in plans for text in (plan.nodes, plan.pods, plan.services)]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(ranges, 2))
    block = IPv4Network(catalogue.environments[environment].node_block)
    assert all(IPv4Network(plan.nodes).subnet_of(block) for plan in plans)


def test_the_same_catalogue_gives_the_same_plan(catalogue: Catalogue) -> None:
    again = load(config.root(), today=TODAY)
    for name in EnvironmentName:
        assert every(catalogue, name) == every(again, name)


def test_recovery_and_accounts_stay_in_the_jurisdiction(catalogue: Catalogue) -> None:
    for plan in every(catalogue, EnvironmentName.PROD):
        accounts = plan.environment.accounts[plan.jurisdiction.id]
        assert plan.location.jurisdiction == plan.recovery.jurisdiction == plan.jurisdiction.id
        assert plan.account == accounts[plan.cloud]
        assert plan.recovery_account == accounts[plan.recovery.cloud]


def test_pools_are_of_the_placements_cloud_and_the_environments_size(catalogue: Catalogue) -> None:
    (plan,) = [plan for plan in every(catalogue, EnvironmentName.DEV) if plan.name == "nautilus-edge-global-east-1-azure"]
    assert plan.cloud is Cloud.AZURE
    assert {name: pool.machine for name, pool in plan.pools.items()} == {
        "system": "Standard_D2s_v5",
        "edge-trading": "Standard_F32s_v2",
    }
    assert plan.pools["edge-trading"].size == catalogue.environments[EnvironmentName.DEV].sizes["edge"]


def test_a_standby_starts_at_the_least_and_may_grow_as_far_as_what_it_stands_in_for(catalogue: Catalogue) -> None:
    plans = {plan.name: plan for plan in every(catalogue, EnvironmentName.PROD)}
    standbys = [plan for plan in plans.values() if plan.placement.standby]
    assert len(standbys) == 6
    for plan in standbys:
        serving = plans[plan.cluster.id].pools
        for name, pool in plan.pools.items():
            assert pool.size.desired == pool.size.min == serving[name].size.min
            assert pool.size.max == serving[name].size.max
    assert any(pool.size.desired > pool.size.min for pool in plans["nautilus-enterprise-uk-south-1"].pools.values())


def test_labels_say_whose_it_is(catalogue: Catalogue) -> None:
    (plan,) = [plan for plan in every(catalogue, EnvironmentName.PROD) if plan.name == "nautilus-enterprise-asia-south-1"]
    assert dict(plan.labels) == {
        "federation": "nautilus",
        "environment": "prod",
        "cluster": "nautilus-enterprise-asia-south-1",
        "jurisdiction": "in",
        "data-class": "pii",
        "owner": "trading-platform-apac",
        "tier": "0",
        "cost-centre": "cc-apac",
    }


def test_label_values_are_what_every_cloud_takes(catalogue: Catalogue) -> None:
    for plan in every(catalogue, EnvironmentName.PROD):
        assert all(set(value) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for value in plan.labels.values())


def test_a_location_outside_every_jurisdiction_is_said(catalogue: Catalogue) -> None:
    cluster = catalogue.clusters["nautilus-enterprise-asia-se-1"]
    place = cluster.placements["main"].model_copy(update={"location": "azure/eastasia"})
    broken = cluster.model_copy(update={"placements": {"main": place}})
    unchecked = catalogue.model_copy(update={"clusters": {broken.id: broken}})
    with pytest.raises(ValueError, match=r"azure/eastasia \(Hong Kong\) lies outside every jurisdiction served"):
        placements(unchecked, EnvironmentName.PROD, Group.APAC)


def test_an_environment_that_is_not_there_is_said(catalogue: Catalogue) -> None:
    prod = {EnvironmentName.PROD: catalogue.environments[EnvironmentName.PROD]}
    with pytest.raises(KeyError, match="dev"):
        placements(catalogue.model_copy(update={"environments": prod}), EnvironmentName.DEV, Group.APAC)


def test_sao_paulo_is_planned_without_code(tmp_path: Path) -> None:
    catalogue = load(sao_paulo.overlay(copied(tmp_path)), today=TODAY)
    for name in EnvironmentName:
        (plan,) = [plan for plan in every(catalogue, name) if plan.name == sao_paulo.CLUSTER]
        assert (plan.location.id, plan.recovery.id) == ("aws/sa-east-1", "gcp/southamerica-east1")
        assert plan.jurisdiction.id == "br"
        assert plan.recovery_account.id == f"nautilus-{name}-br"
        (standby,) = [plan for plan in every(catalogue, name) if plan.name == f"{sao_paulo.CLUSTER}-standby"]
        assert standby.jurisdiction.id == "br"
        assert standby.cloud is not plan.cloud
    assert len(every(catalogue, EnvironmentName.PROD)) == 28


BLOCKS = ("10.0.0.0/10", "10.64.0.0/10", "10.128.0.0/10")


@given(slot=st.integers(0, 63), prefix=st.integers(16, 24), blocks=st.permutations(BLOCKS))
def test_rebasing_keeps_offset_and_size_and_can_be_undone(slot: int, prefix: int, blocks: list[str]) -> None:
    home, away = (IPv4Network(block) for block in blocks[:2])
    inner = IPv4Network((int(home.network_address) + (slot << 16), prefix))
    moved = IPv4Network(rebase(str(inner), str(away)))
    assert moved.subnet_of(away)
    assert moved.prefixlen == inner.prefixlen
    assert int(moved.network_address) - int(away.network_address) == int(inner.network_address) - int(home.network_address)
    assert rebase(str(moved), str(home)) == str(inner)


@pytest.mark.parametrize(("network", "block"), [("10.0.0.1/16", "10.64.0.0/10"), ("10.0.0.0/16", "10.64.0.1/10")])
def test_rebasing_refuses_what_is_no_network(network: str, block: str) -> None:
    with pytest.raises(ValueError, match="has host bits set"):
        rebase(network, block)
