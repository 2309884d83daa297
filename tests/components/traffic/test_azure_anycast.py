"""The global balancer: in a lawful home, over the regional ones, nobody served while the jurisdiction is halted."""

from __future__ import annotations

from typing import Any

import pytest

from components.traffic.args import Endpoint
from config.model import Probe
from tests.components.azure_placement import SUBSCRIPTION
from tests.components.traffic.azure_traffic import ANSWERS, anycast, backing, frontend, location

BASE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-us-anycast-azure/providers/Microsoft.Network/loadBalancers"
JAPAN = {"one": backing("one", location("japaneast", "jp", "JP"), 1.0)}


def made(record: Any, **changes: Any) -> Any:
    return record(lambda: anycast(**changes), ANSWERS)


def endpoint(record: Any, **changes: Any) -> tuple[Endpoint, list[str]]:
    """Give the endpoint and the address that it became."""
    kept: list[Any] = []

    def program() -> None:
        one = anycast(**changes).endpoint
        kept.append(one)
        one.address.apply(kept.append)

    record(program, ANSWERS)
    return kept[0], kept[1:]


def test_everything(record: Any, golden: Any) -> None:
    seen = made(record)
    golden("azure_anycast", seen.lines())
    assert seen.protected() == {"us-anycast-azure-group", "us-anycast-azure-address", "us-anycast-azure-balancer"}


def test_lies_in_the_first_home_region_of_its_backings(record: Any) -> None:
    seen = made(record)
    for child in ("group", "address", "balancer"):
        assert seen.one(f"us-anycast-azure-{child}").inputs["location"] == "eastus2"
    for child in ("address", "balancer"):
        assert seen.one(f"us-anycast-azure-{child}").inputs["sku"] == {"name": "Standard", "tier": "Global"}


def test_leads_to_the_entries_that_have_a_share(record: Any) -> None:
    (pool,) = made(record).one("us-anycast-azure-balancer").inputs["backendAddressPools"]
    assert [
        (one["name"], one["loadBalancerFrontendIPConfiguration"]["id"]) for one in pool["loadBalancerBackendAddresses"]
    ] == [("east", frontend("east")), ("central", frontend("central"))]


def test_leads_to_all_where_none_has_a_share(record: Any) -> None:
    backings = {
        key: backing(key, location(region, "us", "US"), 0.0) for key, region in (("a", "eastus2"), ("b", "centralus"))
    }
    (pool,) = made(record, backings=backings).one("us-anycast-azure-balancer").inputs["backendAddressPools"]
    assert [one["name"] for one in pool["loadBalancerBackendAddresses"]] == ["a", "b"]


def test_passes_each_class_to_the_entrys_own_port(record: Any) -> None:
    inputs = made(record, affinity=False).one("us-anycast-azure-balancer").inputs
    assert "probes" not in inputs
    rules = {one["name"]: one for one in inputs["loadBalancingRules"]}
    assert {key: (one["frontendPort"], one["backendPort"]) for key, one in rules.items()} == {
        "trading": (8443, 8443),
        "client": (443, 443),
    }
    assert rules["client"]["loadDistribution"] == "Default"
    assert rules["client"]["frontendIPConfiguration"] == {
        "id": f"{BASE}/lb-us-anycast-azure/frontendIPConfigurations/public"
    }
    kept = made(record, affinity=True).one("us-anycast-azure-balancer").inputs["loadBalancingRules"]
    assert {one["loadDistribution"] for one in kept} == {"SourceIP"}


def test_serves_nobody_while_halted(record: Any) -> None:
    seen = made(record, enabled=False)
    assert seen.one("us-anycast-azure-balancer").inputs["loadBalancingRules"] == []
    assert seen.lines() == made(record).lines()


def test_the_endpoint_is_where_most_is_served(record: Any) -> None:
    one, address = endpoint(record)
    assert (one.id, one.location.region, address) == ("us-azure", "centralus", ["203.0.113.9"])


def test_without_a_home_region_the_entry_is_the_endpoint(record: Any) -> None:
    seen = made(record, jurisdiction="jp", backings=JAPAN)
    assert seen.lines() == ["nautilus:traffic:AzureAnycast us-anycast-azure"]
    one, address = endpoint(record, jurisdiction="jp", backings=JAPAN)
    assert (one.id, one.location.region, address) == ("jp-azure", "japaneast", ["203.0.113.7"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"backings": {}}, "nothing is behind it"),
        ({"backings": JAPAN}, "one lies in jp, which clients of us reach by its own address only"),
        (
            {"backings": {"one": backing("one", location("westus3", "us", "US"), 1.0)}},
            "Azure does not announce global addresses in westus3",
        ),
        (
            {"jurisdiction": "jp", "backings": {**JAPAN, "two": backing("two", location("japaneast", "jp", "JP"), 0.0)}},
            "none of its regions can be the home of a global balancer",
        ),
        ({"probe": Probe(interval_s=10, threshold=1, timeout_s=5)}, "a probe every 10 s; Azure samples every 5 s, always"),
    ],
)
def test_refuses(record: Any, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        made(record, **changes)
