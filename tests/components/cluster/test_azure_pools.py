"""Cutting node pools into zonal agent pools, and their tuning."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.azure_pools import ZonalPool, node_labels, pool_name, settings, zonal
from config.model import Tuning
from tests.components.azure_placement import POOLS, pool

ZONES = ("1", "2", "3")


def test_system_pools_come_first() -> None:
    assert [one.name for one in zonal(POOLS, ZONES)][:3] == ["system1", "system2", "system3"]


@given(low=st.integers(1, 40), more=st.integers(0, 40), zones=st.integers(1, 3))
def test_shares_add_up(low: int, more: int, zones: int) -> None:
    plan = {"system": pool("system", "system", "Standard_D2s_v5", (low, low, low + more))}
    made = zonal(plan, ZONES[:zones])
    assert sum(one.min for one in made) == low
    assert sum(one.max for one in made) == low + more
    assert all(1 <= one.min <= one.desired <= one.max for one in made)


def test_system_pools_keep_to_the_zones_they_can_fill() -> None:
    made = zonal({"system": pool("system", "system", "Standard_D2s_v5", (1, 1, 3))}, ZONES)
    assert [(one.name, one.min, one.max) for one in made] == [("system1", 1, 3)]


def test_a_zone_without_nodes_gets_no_pool() -> None:
    plan = {**POOLS, "data": pool("data", "data", "Standard_E2s_v5", (0, 1, 2))}
    assert [one.name for one in zonal(plan, ZONES) if one.pool.id == "data"] == ["data1", "data2"]


@given(st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20}){0,2}", fullmatch=True))
def test_names_are_azures(pool_id: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]{0,11}", pool_name(pool_id, "1"))


def test_long_names_stay_apart() -> None:
    assert pool_name("edge-trading-one", "1") != pool_name("edge-trading-two", "1")
    assert pool_name("edge-trading-one", "1") != pool_name("edge-trading-one", "2")


def test_tuning_is_spelt_as_aks_does() -> None:
    trading = next(one for one in zonal(POOLS, ZONES) if one.pool.id == "trading")
    made = settings(trading, "1.35", {}, subnet="subnet", placement="group")
    assert made["kubelet_config"].cpu_manager_policy == "static"
    assert made["kubelet_config"].topology_manager_policy == "single-numa-node"
    sysctls = made["linux_os_config"].sysctls
    assert sysctls.net_core_somaxconn == 16384
    assert sysctls.net_ipv4_tcp_tw_reuse is True
    assert sysctls.net_ipv4_ip_local_port_range == "1024 65535"
    assert made["node_taints"] == ["nautilus/pool=trading:NoSchedule"]
    assert node_labels(trading) == {"nautilus/pool": "trading", "nautilus/huge-pages-2mi": "1024"}


def test_untuned_pools_leave_the_kernel_alone() -> None:
    assert settings(zonal(POOLS, ZONES)[0], "1.35", {}, subnet="s", placement=None)["linux_os_config"] is None


def test_refuses_a_kernel_setting_that_aks_lacks() -> None:
    plan = pool("edge", "edge", "Standard_F32s_v2", (1, 1, 1), tuning=Tuning(sysctls={"net.core.busy_poll": "50"}))
    made = ZonalPool(name="edge1", pool=plan.pool, machine=plan.machine, zone="1", min=1, desired=1, max=1)
    with pytest.raises(ValueError, match=r"AKS offers no kernel setting net\.core\.busy_poll"):
        settings(made, "1.35", {}, subnet="s", placement=None)


def test_refuses_no_system_pool() -> None:
    with pytest.raises(ValueError, match="purpose system"):
        zonal({"trading": POOLS["trading"]}, ZONES)


def test_refuses_an_empty_system_pool() -> None:
    with pytest.raises(ValueError, match="at least one system node"):
        zonal({"system": pool("system", "system", "Standard_D2s_v5", (0, 0, 3))}, ZONES)
