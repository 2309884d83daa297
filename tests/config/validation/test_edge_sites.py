"""Edge sites stand where they lawfully may and promise no less than light takes; slips are told (EDGE-1, DNS-4, JUR-2)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import config
from config.loader import from_values, load
from config.model import BUDGETS_MS, Caching, DataClass, EdgeKind, Facility, Performance, Takeover
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, values

EDGE = "edge.yaml"
CATALOGUE = load(config.root(), today=TODAY)

CASES = [
    pytest.param(
        "sites.us-mahwah.kind",
        "ultra-edge",
        "sites.us-mahwah.kind",
        (
            '"ultra-edge"',
            "above the floor of 3.65 ms from nautilus-edge-global-east-1-aws; ultra-edge has 1 ms",
            "make it high-performance or standard or cache-only, or name a nearer placement",
        ),
        id="too far for its kind",
    ),
    pytest.param(
        "sites.us-phoenix.id",
        "us-tucson",
        "sites.us-phoenix.id",
        ('"us-tucson"', "its key: us-phoenix", "the same"),
        id="id",
    ),
    pytest.param(
        "sites.uk-slough.parent",
        "nautilus-enterprise-uk-south-2",
        "sites.uk-slough.parent",
        ('"nautilus-enterprise-uk-south-2"', "a placement", "did you mean nautilus-enterprise-uk-south-1?"),
        id="parent of nobody",
    ),
    pytest.param(
        "sites.uk-slough.parent",
        "nautilus-enterprise-uk-south-1-standby",
        "sites.uk-slough.parent",
        ('"nautilus-enterprise-uk-south-1-standby"', "a placement that serves: a standby is kept", "no standby"),
        id="parent that stands by",
    ),
    pytest.param(
        "sites.eu-bergamo.country",
        "CH",
        "sites.eu-bergamo.country",
        ('"CH"', "a country of eu", "correct the country, or the jurisdiction"),
        id="country of another jurisdiction",
    ),
    pytest.param(
        "sites.us-phoenix.jurisdiction",
        "usa",
        "sites.us-phoenix.jurisdiction",
        ('"usa"', "a jurisdiction: au, ca", "did you mean us?"),
        id="unknown jurisdiction",
    ),
    pytest.param(
        "sites.us-new-york.data_classes",
        ["pii", "financial", "market"],
        "sites.us-new-york.data_classes[0]",
        ('"pii"', "what nautilus-edge-global-east-1-aws holds: financial, market", "remove pii"),
        id="more than the parent holds",
    ),
    pytest.param(
        "sites.us-new-york.data_classes",
        ["financial", "market", "market"],
        "sites.us-new-york.data_classes[2]",
        ('"market"', "each data class once", "remove the second one"),
        id="class twice",
    ),
    pytest.param(
        "sites.au-perth.data_classes",
        ["derived"],
        "sites.au-perth.data_classes[0]",
        ('"derived"', "public data alone in a cache-only site", "remove derived, or make the site another kind"),
        id="what is not public in a cache",
    ),
    pytest.param(
        "sites.us-mahwah.caching",
        "write-behind",
        "sites.us-mahwah.caching",
        (
            '"write-behind"',
            "write-through for financial data: us has trade-and-order records kept for 6 years",
            "write write-through, or remove financial",
        ),
        id="records that wait at the site",
    ),
    pytest.param(
        "sites.au-perth.caching",
        "write-through",
        "sites.au-perth.caching",
        ('"write-through"', "how a cache-only site may cache: read-through", "choose one of these"),
        id="writes to a cache",
    ),
    pytest.param(
        "kinds.cache-only.caching",
        ["read-through", "write-through"],
        "kinds.cache-only.caching",
        ("a list of 2", "read-through alone: a cache takes no writes", "write [read-through]"),
        id="kind of cache that writes",
    ),
    pytest.param(
        "kinds.standard.pool",
        "trading",
        "kinds.standard.pool",
        ('"trading"', "a node pool of purpose edge: edge-cache, edge-high", "did you mean edge-trading?"),
        id="pool that is not for the edge",
    ),
    pytest.param(
        "sites.us-mahwah.serves",
        ["risk", "trading"],
        "sites.us-mahwah.serves[1]",
        ('"trading"', "a class that bears the 3.65 ms to nautilus-edge-global-east-1-aws", "remove trading"),
        id="class that cannot wait",
    ),
    pytest.param(
        "sites.uk-slough.serves",
        ["trading", "client"],
        "sites.uk-slough.serves[1]",
        ('"client"', "a class whose data may lie here (financial, market); client passes pii", "remove client"),
        id="class whose data may not lie there",
    ),
    pytest.param(
        "sites.uk-slough.serves",
        ["trading", "tradnig"],
        "sites.uk-slough.serves[1]",
        ('"tradnig"', "a service class of traffic.yaml", "did you mean trading?"),
        id="class of nobody",
    ),
    pytest.param(
        "sites.uk-slough.serves",
        ["trading", "trading"],
        "sites.uk-slough.serves[1]",
        ('"trading"', "each service class once", "remove the second one"),
        id="service class twice",
    ),
    pytest.param(
        "sites.au-perth.serves",
        ["client"],
        "sites.au-perth.serves[0]",
        ('"client"', "no service: a cache-only site only repeats what is public", "remove client"),
        id="cache that serves",
    ),
    pytest.param(
        "sites.uk-slough.takeover",
        "rolling",
        "sites.uk-slough.takeover",
        ('"rolling"', "immediate: trading is of tier 0", "write immediate"),
        id="trading that is moved by and by",
    ),
    pytest.param(
        "sites.us-chicago.zone",
        "us-west-2-lax-1b",
        "sites.us-chicago.zone",
        ('"us-west-2-lax-1b"', "a zone that extends us-east-1", "the cloud's own name of the zone"),
        id="zone of another region",
    ),
    pytest.param(
        "sites.au-perth.facility",
        "aws-wavelength-zone",
        "sites.au-perth.parent",
        ('"nautilus-enterprise-au-east-1"', "a placement on aws, whose zone the site is", "name a placement on aws"),
        id="zone of another cloud",
    ),
    pytest.param(
        "sites.uk-slough.zone",
        "eu-west-2-lon-1a",
        "sites.uk-slough.zone",
        ('"eu-west-2-lon-1a"', "no zone: a hall is no cloud's", "remove it, or correct the facility"),
        id="hall with a zone",
    ),
    pytest.param(
        "sites.uk-slough.slot",
        0,
        "sites.uk-slough.slot",
        ("0", "none: no node of ours stands there", "remove it"),
        id="slot",
    ),
    pytest.param(
        "sites.us-chicago.slot",
        0,
        "sites.us-new-york.slot",
        ("0", "a slot of its own; us-chicago has this one", "choose a free one"),
        id="slot twice",
    ),
    pytest.param(
        "sites.us-chicago.zone",
        "us-east-1-nyc-2a",
        "sites.us-new-york.zone",
        ('"us-east-1-nyc-2a"', "a zone of its own; us-chicago has this one", "name another zone"),
        id="zone twice",
    ),
    pytest.param("sites.us-chicago.slot", 8, "sites.us-chicago.slot", ("8", "less than or equal to 7", ""), id="ninth slot"),
]


@pytest.mark.parametrize(("path", "new", "at", "says"), CASES)
def test_a_slip_is_refused(path: str, new: Any, at: str, says: tuple[str, str, str]) -> None:
    catalogue = ordered(values())
    put(catalogue[EDGE], path, new)
    value, allowed, fix = says
    assert_refused(catalogue, EDGE, at, value=value, allowed=allowed, fix=fix)


def ordered(catalogue: dict[str, Any]) -> dict[str, Any]:
    """Give Chicago before New York, so that of two that claim the same the second one is named."""
    sites = catalogue[EDGE]["sites"]
    catalogue[EDGE]["sites"] = {"us-chicago": sites["us-chicago"], **sites}
    return catalogue


def test_a_zone_needs_its_name_and_a_slot() -> None:
    for field, allowed, fix in (
        ("zone", "the zone of the aws-local-zone", "add the zone by the cloud's own name"),
        ("slot", "0 to 7: nodes stand in the zone and need addresses", "add a slot"),
    ):
        catalogue = values()
        drop(catalogue[EDGE], f"sites.us-chicago.{field}")
        at = f"sites.us-chicago.{field}"
        assert_refused(catalogue, EDGE, at, value="nothing (null)", allowed=allowed, fix=fix)


def test_each_kind_is_described() -> None:
    catalogue = values()
    drop(catalogue[EDGE], "kinds.standard")
    assert_refused(catalogue, EDGE, "kinds", value="no standard", allowed="each kind: cache-only", fix="add standard")


def test_indian_money_may_not_lie_in_a_hall_abroad() -> None:
    catalogue = values()
    site = catalogue[EDGE]["sites"]["in-mumbai"]
    site |= {"country": "SG", "jurisdiction": "sg"}
    allowed = "financial of in in: in (rbi-2018)"
    at = "sites.in-mumbai.data_classes[0]"
    assert_refused(
        catalogue, EDGE, at, value='"financial"', allowed=allowed, fix="remove financial, or stand the site in one"
    )


def test_public_data_of_india_may_lie_in_a_hall_abroad() -> None:
    catalogue = values()
    site = catalogue[EDGE]["sites"]["in-mumbai"]
    site |= {"country": "SG", "jurisdiction": "sg", "data_classes": ["market"], "serves": []}
    assert from_values(catalogue, today=TODAY).edge.sites["in-mumbai"].jurisdiction == "sg"


def test_the_budgets_are_those_of_the_tiers() -> None:
    assert BUDGETS_MS == {Performance.ULTRA_LOW: 1, Performance.HIGH: 5, Performance.STANDARD: 15}


def test_the_shipped_edge_has_every_kind_mode_and_jurisdiction() -> None:
    sites = CATALOGUE.edge.sites.values()
    assert len(sites) >= 15
    assert Counter(site.kind for site in sites) == {
        EdgeKind.ULTRA: 8,
        EdgeKind.HIGH: 6,
        EdgeKind.STANDARD: 4,
        EdgeKind.CACHE: 3,
    }
    assert {site.caching for site in sites} == set(Caching)
    assert {site.takeover for site in sites} == set(Takeover)
    assert {site.facility for site in sites} == set(Facility)
    assert {site.jurisdiction for site in sites} == set(CATALOGUE.jurisdictions)


def test_a_cache_holds_public_data_alone() -> None:
    caches = [site for site in CATALOGUE.edge.sites.values() if site.kind is EdgeKind.CACHE]
    assert {data for site in caches for data in site.data_classes} == {DataClass.MARKET}
