from __future__ import annotations

from typing import Any

import pytest

from config.loader import from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, unroute, unsite, values

US = "clusters/nautilus-enterprise-us-east-1.yaml"
SG = "clusters/nautilus-enterprise-asia-se-1.yaml"
UK = "clusters/nautilus-enterprise-uk-south-1.yaml"
EDGE = "clusters/nautilus-edge-global-east-1.yaml"
ANALYTICS = "clusters/nautilus-analytics-global-1.yaml"


@pytest.fixture
def catalogue() -> dict[str, Any]:
    return values()


# file, path, new value → value, allowed, fix
CASES = [
    pytest.param(
        US,
        "jurisdiction",
        "uss",
        ('"uss"', "a jurisdiction: au, ca, eu, in, jp, sg, uk, us", "did you mean us?"),
        3,
        id="unknown jurisdiction",
    ),
    pytest.param(
        US,
        "placements.main.location",
        "aws/us-east-3",
        ('"aws/us-east-3"', "a location in the cluster's jurisdiction us", "did you mean aws/us-east-2?"),
        1,
        id="unknown location",
    ),
    pytest.param(
        US,
        "placements.main.recovery",
        "gcp/q9",
        ('"gcp/q9"', "a location in the cluster's jurisdiction us", "name a location of locations.yaml"),
        1,
        id="unknown recovery",
    ),
    pytest.param(
        US,
        "placements.main.recovery",
        "aws/ca-central-1",
        ('"aws/ca-central-1"', "aws/ca-central-1 (Montreal) lies in ca", "choose one of us"),
        1,
        id="recovery outside",
    ),
    pytest.param(
        UK,
        "placements.main.recovery",
        "aws/eu-west-1",
        ('"aws/eu-west-1"', "aws/eu-west-1 (Ireland) lies in eu", "choose one of uk"),
        1,
        id="recovery in a place found adequate",
    ),
    pytest.param(
        SG,
        "placements.main.recovery",
        "azure/eastasia",
        ('"azure/eastasia"', "azure/eastasia (Hong Kong) lies in no jurisdiction served", "choose one of sg"),
        1,
        id="recovery where no law is served",
    ),
    pytest.param(
        US,
        "placements.main.recovery",
        "aws/us-east-1",
        ('"aws/us-east-1"', "another location of the same jurisdiction", "does not fail together"),
        1,
        id="recovery is the location",
    ),
    pytest.param(
        US,
        "placements.main.zones.1",
        "us-east-1g",
        ('"us-east-1g"', "a zone of aws/us-east-1: us-east-1a, us-east-1b", "did you mean us-east-1"),
        1,
        id="unknown zone",
    ),
    pytest.param(
        US,
        "placements.main.zones.1",
        "us-east-1a",
        ('"us-east-1a"', "each zone once", "remove the second one"),
        2,
        id="zone twice",
    ),
    pytest.param(
        US,
        "placements.main.zones",
        ["us-east-1a", "us-east-1b"],
        ("a list of 2: us-east-1a, us-east-1b", "at least 3 zones (CLU-6)", "add zone_deviation with the reason"),
        1,
        id="two zones",
    ),
    pytest.param(
        US,
        "placements.main.zone_deviation",
        "none needed",
        ('"none needed"', "fewer than 3 zones", "remove it"),
        1,
        id="deviation for nothing",
    ),
    pytest.param(
        US,
        "node_pools.1",
        "tradnig",
        (
            '"tradnig"',
            "a node pool of node_pools.yaml: analytics, data, edge-cache, edge-high, edge-std, edge-trading, system",
            "did you mean trading?",
        ),
        1,
        id="unknown pool",
    ),
    pytest.param(
        US, "node_pools.1", "system", ('"system"', "each node pool once", "remove the second one"), 1, id="pool twice"
    ),
    pytest.param(
        US,
        "node_pools",
        ["trading"],
        ("a list of 1: trading", "a pool of purpose system among them", "add the pool named system"),
        1,
        id="no system pool",
    ),
    pytest.param(
        US, "data_classes.1", "pii", ('"pii"', "each data class once", "remove the second one"), 1, id="data class twice"
    ),
    pytest.param(
        ANALYTICS,
        "data_classes.0",
        "pii",
        (
            '"pii"',
            "aggregated or pseudonymised data only in the analytics group: derived, market",
            "move the cluster to a regional group",
        ),
        1,
        id="raw data in analytics",
    ),
]


@pytest.mark.parametrize(("file", "path", "new", "expected", "count"), CASES)
def test_refuses(file: str, path: str, new: object, expected: tuple[str, str, str], count: int) -> None:
    catalogue = values()
    put(catalogue[file], path, new)
    value, allowed, fix = expected
    shown = path.replace(".0", "[0]").replace(".1", "[1]")
    assert_refused(catalogue, file, shown, value=value, allowed=allowed, fix=fix, count=count)


def test_refuses_a_location_outside_the_jurisdiction(catalogue: dict[str, Any]) -> None:
    unsite(catalogue)
    put(catalogue[SG], "placements.main.location", "gcp/europe-west2")
    put(catalogue[SG], "placements.main.zones", ["europe-west2-a", "europe-west2-b", "europe-west2-c"])
    assert_refused(
        catalogue,
        SG,
        "placements.main.location",
        value='"gcp/europe-west2"',
        allowed="a location in the cluster's jurisdiction sg: aws/ap-southeast-1, azure/southeastasia, gcp/asia-southeast1; "
        "gcp/europe-west2 (London) lies in uk",
        fix="choose one of sg",
        count=4,  # and no account of the United Kingdom on GCP in any of the three environments
    )


def test_a_deviation_lets_two_zones_pass(catalogue: dict[str, Any]) -> None:
    put(catalogue[US], "placements.main.zones", ["us-east-1a", "us-east-1b"])
    put(catalogue[US], "placements.main.zone_deviation", "capacity of the third zone")
    assert len(from_values(catalogue, today=TODAY).clusters) == 15


def test_refuses_a_pool_without_a_machine_for_the_cloud(catalogue: dict[str, Any]) -> None:
    drop(catalogue["node_pools.yaml"], "edge-trading.machines.azure")
    assert_refused(
        catalogue,
        EDGE,
        "node_pools[1]",
        value='"edge-trading"',
        allowed="a pool with a machine for azure; edge-trading has aws, gcp",
        fix="add machines.azure to edge-trading in node_pools.yaml",
        count=2,
    )


def test_refuses_a_data_class_the_home_law_does_not_let_in(catalogue: dict[str, Any]) -> None:
    unsite(catalogue)
    put(catalogue["jurisdictions/us.yaml"], "data_classes.financial.jurisdictions", ["ca"])
    assert_refused(
        catalogue,
        US,
        "data_classes[1]",
        value='"financial"',
        allowed="financial of us in: ca",
        fix="remove financial from the cluster",
        count=6,  # five American clusters, and the law itself
    )


def test_refuses_a_name_longer_than_a_cloud_takes(catalogue: dict[str, Any]) -> None:
    cluster = catalogue.pop(US)
    unroute(catalogue, cluster["id"])
    long = "nautilus-enterprise-us-east-1-with-a-long-tail"
    cluster["id"] = long
    catalogue[f"clusters/{long}.yaml"] = cluster
    assert_refused(
        catalogue,
        f"clusters/{long}.yaml",
        "placements.main",
        value=f'"{long}"',
        allowed="at most 40 characters (GKE's limit), here 46",
        fix="shorten the cluster's id",
    )


def test_refuses_two_placements_of_one_name(catalogue: dict[str, Any]) -> None:
    cluster = catalogue.pop(US)
    unroute(catalogue, cluster["id"])
    cluster["id"] = "nautilus-edge-global-east-1-aws"
    catalogue["clusters/nautilus-edge-global-east-1-aws.yaml"] = cluster
    assert_refused(
        catalogue,
        "clusters/nautilus-edge-global-east-1-aws.yaml",
        "placements.main",
        value='"nautilus-edge-global-east-1-aws"',
        allowed="a name of its own; nautilus-edge-global-east-1 placement aws has it",
        fix="rename the placement or the cluster",
    )
