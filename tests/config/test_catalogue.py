"""What the shipped catalogue says, against the federation's definition."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from config.model import Catalogue, EnvironmentName, KeyProtection, Role
from tests.fixtures.catalogues import TODAY

# cluster → group, role, jurisdiction, {placement: (location, recovery)}
FEDERATION = {
    "nautilus-enterprise-us-east-1": ("americas", "primary", "us", {"main": ("aws/us-east-1", "aws/us-east-2")}),
    "nautilus-enterprise-us-west-1": ("americas", "regional", "us", {"main": ("gcp/us-west2", "gcp/us-west1")}),
    "nautilus-enterprise-us-central-1": ("americas", "recovery", "us", {"main": ("azure/centralus", "azure/eastus2")}),
    "nautilus-enterprise-ca-east-1": (
        "americas",
        "regional",
        "ca",
        {
            "main": ("aws/ca-central-1", "aws/ca-west-1"),
            "standby": ("gcp/northamerica-northeast2", "aws/ca-central-1"),
        },
    ),
    "nautilus-enterprise-eu-west-1": ("emea", "primary", "eu", {"main": ("gcp/europe-west1", "gcp/europe-west4")}),
    "nautilus-enterprise-uk-south-1": (
        "emea",
        "primary",
        "uk",
        {"main": ("azure/uksouth", "azure/ukwest"), "standby": ("aws/eu-west-2", "azure/uksouth")},
    ),
    "nautilus-enterprise-eu-central-1": ("emea", "recovery", "eu", {"main": ("aws/eu-central-1", "aws/eu-west-1")}),
    "nautilus-enterprise-eu-north-1": ("emea", "analytics", "eu", {"main": ("gcp/europe-north1", "gcp/europe-north2")}),
    "nautilus-enterprise-asia-ne-1": (
        "apac",
        "primary",
        "jp",
        {"main": ("azure/japaneast", "azure/japanwest"), "standby": ("aws/ap-northeast-3", "azure/japaneast")},
    ),
    "nautilus-enterprise-asia-se-1": (
        "apac",
        "regional",
        "sg",
        {"main": ("aws/ap-southeast-1", "gcp/asia-southeast1"), "standby": ("gcp/asia-southeast1", "aws/ap-southeast-1")},
    ),
    "nautilus-enterprise-asia-south-1": (
        "apac",
        "regional",
        "in",
        {"main": ("gcp/asia-south1", "gcp/asia-south2"), "standby": ("aws/ap-south-2", "gcp/asia-south1")},
    ),
    "nautilus-enterprise-au-east-1": (
        "apac",
        "recovery",
        "au",
        {
            "main": ("azure/australiaeast", "azure/australiasoutheast"),
            "standby": ("aws/ap-southeast-4", "azure/australiaeast"),
        },
    ),
    "nautilus-edge-global-east-1": (
        "edge",
        "edge",
        "us",
        {
            "aws": ("aws/us-east-1", "aws/us-west-2"),
            "gcp": ("gcp/us-east4", "gcp/us-west1"),
            "azure": ("azure/eastus2", "azure/westus2"),
        },
    ),
    "nautilus-edge-global-west-1": (
        "edge",
        "edge",
        "us",
        {
            "aws": ("aws/us-west-2", "aws/us-east-1"),
            "gcp": ("gcp/us-west1", "gcp/us-east4"),
            "azure": ("azure/westus2", "azure/eastus2"),
        },
    ),
    "nautilus-analytics-global-1": (
        "analytics",
        "analytics",
        "us",
        {"gcp": ("gcp/us-central1", "gcp/us-east4"), "aws": ("aws/us-east-2", "aws/us-west-2")},
    ),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(config.root(), today=TODAY)


def test_the_clusters_are_those_of_the_specification(catalogue: Catalogue) -> None:
    assert {
        cluster.id: (
            cluster.group.value,
            cluster.role.value,
            cluster.jurisdiction,
            {name: (place.location, place.recovery) for name, place in cluster.placements.items()},
        )
        for cluster in catalogue.clusters.values()
    } == FEDERATION


def test_a_standby_is_called_so_and_lies_on_another_cloud_of_its_jurisdiction(catalogue: Catalogue) -> None:
    standbys = {cluster.id for cluster in catalogue.clusters.values() if "standby" in cluster.placements}
    assert {catalogue.clusters[name].jurisdiction for name in standbys} == {"uk", "jp", "sg", "in", "ca", "au"}
    for cluster in catalogue.clusters.values():
        assert {name for name, place in cluster.placements.items() if place.standby} == {"standby"} & set(cluster.placements)
        if cluster.id in standbys:
            main, standby = (catalogue.locations[cluster.placements[name].location] for name in ("main", "standby"))
            assert main.cloud is not standby.cloud
            assert main.jurisdiction == standby.jurisdiction == cluster.jurisdiction


def test_every_placement_has_three_zones(catalogue: Catalogue) -> None:
    zones = {len(place.zones) for cluster in catalogue.clusters.values() for place in cluster.placements.values()}
    assert zones == {3}


def test_only_the_edge_is_tuned_for_kernel_bypass(catalogue: Catalogue) -> None:
    tuned = {pool.id for pool in catalogue.node_pools.values() if pool.tuning.huge_pages_2mi}
    users = {cluster.role for cluster in catalogue.clusters.values() if tuned & set(cluster.node_pools)}
    assert (tuned, users) == ({"edge-trading", "edge-high"}, {Role.EDGE})


def test_trading_pins_processors_and_scales_from_two_to_ten(catalogue: Catalogue) -> None:
    size = catalogue.environments[EnvironmentName.PROD].sizes["trading"]
    assert catalogue.node_pools["trading"].tuning.cpu_manager_static
    assert (size.min, size.max) == (2, 10)
    assert catalogue.environments[EnvironmentName.PROD].sizes["data"].max == 5


def test_budgets_and_protection_rise_with_the_environment(catalogue: Catalogue) -> None:
    budgets = {name.value: env.monthly_budget_usd for name, env in catalogue.environments.items()}
    assert budgets == {"dev": 150, "staging": 400, "prod": 2000}
    assert [name.value for name, env in catalogue.environments.items() if env.deletion_protection] == ["prod"]


def test_keys_are_in_hardware_everywhere(catalogue: Catalogue) -> None:
    assert {home.keys.protection for home in catalogue.jurisdictions.values()} == {KeyProtection.HSM}


@pytest.mark.parametrize(
    ("jurisdiction", "years"), [("us", 7), ("eu", 7), ("uk", 7), ("jp", 10), ("sg", 7), ("in", 8), ("ca", 7), ("au", 7)]
)
def test_locks_last_as_long_as_the_table_says(catalogue: Catalogue, jurisdiction: str, years: int) -> None:
    records = catalogue.jurisdictions[jurisdiction].records
    assert records["trade-and-order"].lock_years == years
    assert records["market-and-trade-data"].lock_years >= 7
    assert records["performance-data"].lock_years == 5


def test_personal_data_stays_at_home(catalogue: Catalogue) -> None:
    for home in catalogue.jurisdictions.values():
        for name in ("pii", "regulatory"):
            assert home.data_classes[type(next(iter(home.data_classes)))(name)].jurisdictions == (home.id,)


def test_location_names_that_mislead_are_right(catalogue: Catalogue) -> None:
    places = {name: catalogue.locations[name].place for name in ("gcp/us-west2", "gcp/us-west1", "gcp/europe-west1")}
    assert places == {"gcp/us-west2": "Los Angeles", "gcp/us-west1": "Oregon", "gcp/europe-west1": "Belgium"}
    assert catalogue.locations["azure/ukwest"].zones == ()
