"""Routes that physics, law or diversity forbid are refused (NET-1…4, CLU-3, JUR-2)."""

from __future__ import annotations

from typing import Any

import pytest

from config.loader import CatalogueError, from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, unroute, unsite, values

FILE = "backbone.yaml"
E = "nautilus-enterprise-{}-1".format
CASES = [
    pytest.param(
        "asia-ne-au-east.budget_ms",
        75,
        ('"75 ms"', "at least 78.3 ms: the floor from Tokyo to Sydney, a great circle at 200,000 km/s", "above the floor"),
        id="Tokyo to Sydney at 75 ms",
    ),
    pytest.param(
        "us-east-us-west.ends.1",
        "nautilus-enterprise-us-wset-1",
        ("us-wset-1", "a placement, a recovery location or an exchange site", "did you mean nautilus-enterprise-us-west-1?"),
        id="unknown placement",
    ),
    pytest.param(
        "us-east-us-west.ends.1",
        "aws/us-east-9",
        ("aws/us-east-9", "a placement, a recovery location or an exchange site", "did you mean aws/us-east-"),
        id="unknown location",
    ),
    pytest.param(
        "us-east-us-west.ends.1", E("us-east"), ("a list of 2", "two different ends", "name another end"), id="one end twice"
    ),
    pytest.param(
        "us-west-ca-east.ends",
        [E("us-west"), E("us-east")],
        ("a list of 2", "one route a pair of ends; us-east-us-west joins these", "remove one"),
        id="duplicate, the other way round",
    ),
    pytest.param(
        "us-east-us-west.paths",
        {"only": {"provider": "carrier A", "medium": "dedicated", "diversity": "none"}},
        ("a list of 1: only", "at least 2 diverse paths (NET-4)", "add a path"),
        id="one path",
    ),
    pytest.param(
        "us-east-ca-east.paths",
        {name: {"provider": "aws", "medium": "provider-backbone", "diversity": "the same"} for name in ("one", "two")},
        ('"the same"', "a path that differs from one in provider, medium or diversity", "do not share"),
        id="two paths alike",
    ),
    pytest.param(
        "us-east-us-west.id", "us-west-us-east", ("us-west-us-east", "its key: us-east-us-west", "the same"), id="id"
    ),
    pytest.param(
        "us-east-us-west.dedicated",
        False,
        ("false", "true where a path's medium is dedicated, and only there", "write true"),
        id="leased and not said",
    ),
    pytest.param(
        "us-east-ca-east.encryption",
        "macsec",
        ('"macsec"', "MACsec runs on dedicated ports only", "write ipsec"),
        id="MACsec",
    ),
    pytest.param(
        "us-east-us-west.encryption",
        "macsec",
        ('"internet"', "no path over the internet: macsec does not protect it there", "write both or ipsec"),
        id="internet without IPsec",
    ),
    pytest.param(
        "us-east-ca-east.sealed",
        True,
        ("true", "false: provider ends at every hop", "sealed: false"),
        id="sealed by the cloud",
    ),
    pytest.param(
        "us-east-us-west.kind",
        "global",
        ('"global"', "global between groups; both are americas", "write kind: backbone"),
        id="global in a group",
    ),
    pytest.param(
        "us-east-uk-south.kind",
        "backbone",
        ('"backbone"', "backbone inside one group; these are americas and emea", "write kind: global"),
        id="backbone between groups",
    ),
    pytest.param(
        "us-east-ca-east.kind",
        "recovery",
        ('"recovery"', "recovery inside one jurisdiction (NET-2); these are ca and us", "write kind: backbone or global"),
        id="recovery over a border",
    ),
    pytest.param(
        "us-east-us-west.kind",
        "edge",
        ('"edge"', "edge where one end is an edge cluster or an exchange", "write kind: backbone or global"),
        id="edge without an edge",
    ),
    pytest.param(
        "us-east-copies.kind",
        "backbone",
        ("a list of 2", "a recovery location on recovery routes only", "write kind: recovery"),
        id="copies over the backbone",
    ),
]


@pytest.mark.parametrize(("path", "new", "expected"), CASES)
def test_refuses(path: str, new: object, expected: tuple[str, str, str]) -> None:
    catalogue = values()
    put(catalogue[FILE], f"routes.{path}", new)
    value, allowed, fix = expected
    assert_refused(catalogue, FILE, f"routes.{path.split('.', maxsplit=1)[0]}.", value=value, allowed=allowed, fix=fix)


def test_singapore_to_mumbai_holds_75_ms() -> None:
    catalogue = values()
    put(catalogue[FILE], "routes.asia-se-asia-south.budget_ms", 75)
    assert from_values(catalogue, today=TODAY).backbone.routes["asia-se-asia-south"].budget_ms == 75


def test_copies_go_to_the_placements_own_recovery_location() -> None:
    catalogue = values()
    put(catalogue[FILE], "routes.us-east-copies.ends.1", "aws/us-west-2")
    allowed = f"aws/us-east-2, the recovery location of {E('us-east')}"
    assert_refused(
        catalogue,
        FILE,
        "routes.us-east-copies.ends",
        value="a list of 2",
        allowed=allowed,
        fix="write aws/us-east-2",
        count=2,
    )


def test_a_location_that_nobody_recovers_to_is_no_end() -> None:
    catalogue = values()
    put(catalogue[FILE], "routes.us-east-us-west.ends.1", "aws/eu-west-3")
    assert_refused(
        catalogue,
        FILE,
        "routes.us-east-us-west.ends[1]",
        value="aws/eu-west-3",
        allowed="a recovery location",
        fix="did you mean",
    )


def test_two_recovery_locations_are_no_route() -> None:
    catalogue = values()
    put(catalogue[FILE], "routes.us-east-us-central.ends", ["aws/us-east-2", "azure/eastus2"])
    assert_refused(
        catalogue,
        FILE,
        "routes.us-east-us-central.ends",
        value="a list of 2",
        allowed="at least one placement",
        fix="name the",
    )


def test_every_placement_has_a_route_for_its_copies() -> None:
    catalogue = values()
    drop(catalogue[FILE], "routes.asia-south-copies")
    assert_refused(
        catalogue,
        FILE,
        "routes",
        value=f"no route from {E('asia-south')} to gcp/asia-south2",
        allowed="a recovery route from every placement to its recovery location (NET-2)",
        fix=f"ends: [{E('asia-south')}, gcp/asia-south2]",
    )


def test_a_group_must_hold_together_without_leaving_it() -> None:
    catalogue = values()
    drop(catalogue[FILE], "routes.asia-se-asia-south")
    assert_refused(
        catalogue,
        FILE,
        "routes",
        value=f"no way from {E('asia-ne')} to {E('asia-south')}",
        allowed="routes that join every placement of apac without leaving it (NET-1)",
        fix=f"add a route with {E('asia-south')}",
        count=2,  # and its standby
    )


def test_a_group_that_only_another_group_joins_is_refused() -> None:
    catalogue = values()
    for name in ("eu-west-uk-south", "eu-west-eu-central", "eu-central-eu-north"):
        drop(catalogue[FILE], f"routes.{name}")
    # Belgium and Finland still reach London and Frankfurt, by way of Virginia.
    assert_refused(
        catalogue, FILE, "routes", value=f"to {E('eu-north')}", allowed="join every placement of emea", fix="", count=2
    )


def only(catalogue: dict[str, Any], jurisdiction: str, *classes: str) -> None:
    """Keep a jurisdiction's data at home, but for some classes."""
    rules = catalogue[f"jurisdictions/{jurisdiction}.yaml"]["data_classes"]
    for data, rule in rules.items():
        if data not in classes:
            rule["jurisdictions"] = [jurisdiction]


def test_a_route_that_nothing_may_lawfully_take_is_refused_with_the_clauses() -> None:
    catalogue = values()
    only(catalogue, "in")
    only(catalogue, "sg")
    assert_refused(
        catalogue,
        FILE,
        "routes.asia-se-asia-south.ends",
        value="a list of 2",
        allowed="a route that some data class may take; pii of sg under pii-home; financial of sg under pdpa-26; ",
        fix="remove the route, or declare a data class that may lawfully take it",
    )


def test_a_route_that_one_class_may_take_in_one_direction_is_lawful() -> None:
    catalogue = values()
    only(catalogue, "in")
    only(catalogue, "sg", "market")
    assert from_values(catalogue, today=TODAY).backbone.routes["asia-se-asia-south"]


def test_a_class_that_the_other_end_does_not_declare_makes_no_route_lawful() -> None:
    catalogue = values()
    unsite(catalogue)
    put(catalogue["clusters/nautilus-enterprise-asia-south-1.yaml"], "data_classes", ["pii", "financial"])
    only(catalogue, "sg", "market")
    assert_refused(catalogue, FILE, "routes.asia-se-asia-south.ends", value="", allowed="is not declared for market", fix="")


def exchange() -> dict[str, Any]:
    """Give the catalogue with an exchange site in New Jersey and a route from the eastern edge to it."""
    catalogue = values()
    source = {"document": "made up", "verified": False}
    catalogue[FILE]["sites"]["exchange-east"] = {
        "id": "exchange-east",
        "name": "An exchange",
        "place": "New Jersey",
        "country": "US",
        "jurisdiction": "us",
        "latitude": 40.58,
        "longitude": -74.23,
        "source": source,
    }
    route = {**catalogue[FILE]["routes"]["edge-east-gcp-us-east"], "id": "edge-east-exchange"}
    del route["inside"]
    route["ends"] = ["nautilus-edge-global-east-1-aws", "exchange-east"]
    catalogue[FILE]["routes"]["edge-east-exchange"] = route
    return catalogue


def test_an_exchange_is_an_end_of_edge_routes_only() -> None:
    catalogue = exchange()
    assert from_values(catalogue, today=TODAY).backbone.routes["edge-east-exchange"].budget_ms == 5
    put(catalogue[FILE], "routes.edge-east-exchange.kind", "recovery")
    assert_refused(
        catalogue,
        FILE,
        "routes.edge-east-exchange.ends",
        value="a list of 2",
        allowed="an exchange site on routes of kind edge only",
        fix="write kind: edge",
    )


def test_an_exchange_beyond_the_edges_budget_is_refused() -> None:
    catalogue = exchange()
    put(catalogue[FILE], "routes.edge-east-exchange.ends.0", "nautilus-edge-global-west-1-aws")
    assert_refused(
        catalogue, FILE, "routes.edge-east-exchange.budget_ms", value="5 ms", allowed="at least 38", fix="above the floor"
    )


@pytest.mark.parametrize(
    ("step", "new", "allowed"),
    [
        ("id", "exchange-west", "its key: exchange-east"),
        ("jurisdiction", None, "us, which covers US"),
        ("country", "HK", "null, which covers HK"),
    ],
)
def test_refuses_a_site(step: str, new: object, allowed: str) -> None:
    catalogue = exchange()
    put(catalogue[FILE], f"sites.exchange-east.{step}", new)
    with pytest.raises(CatalogueError, match=allowed):
        from_values(catalogue, today=TODAY)


def test_refuses_a_site_that_bears_a_clusters_name() -> None:
    catalogue = values()
    name = "nautilus-edge-global-east-1-lab"
    catalogue[FILE]["sites"][name] = {**exchange()[FILE]["sites"]["exchange-east"], "id": name}
    allowed = "a name that no cluster or placement bears"
    assert_refused(catalogue, FILE, f"sites.{name}.id", value=name, allowed=allowed, fix="correct it")


@pytest.mark.parametrize("step", ["placements.main.location", "placements.main.recovery", "jurisdiction"])
def test_a_slip_in_a_cluster_is_not_said_again_of_its_routes(step: str) -> None:
    catalogue = values()
    put(catalogue["clusters/nautilus-enterprise-asia-se-1.yaml"], step, "azure/japaneast" if "." in step else "jp")
    with pytest.raises(CatalogueError, match=r"nautilus-enterprise-asia-se-1\.yaml") as caught:
        from_values(catalogue, today=TODAY)
    assert "backbone.yaml" not in str(caught.value)


def test_a_cluster_that_is_gone_leaves_its_routes_without_an_end() -> None:
    catalogue = values()
    unsite(catalogue)
    ends = [end for route in catalogue[FILE]["routes"].values() for end in route["ends"]]
    # Its two placements, and the location to which only it recovered.
    gone = [end for end in ends if end in {E("ca-east"), f"{E('ca-east')}-standby", "aws/ca-west-1"}]
    del catalogue["clusters/nautilus-enterprise-ca-east-1.yaml"]
    for value in sorted(set(gone)):
        assert_refused(catalogue, FILE, "routes.", value=value, allowed="a placement", fix="did you mean", count=len(gone))
    unroute(catalogue, E("ca-east"))
    assert E("ca-east") not in from_values(catalogue, today=TODAY).clusters
