"""The entry on Google Cloud: a group a class and zone, one rule in front, logs that stay, and the halt."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.network.gcp import GcpNetwork
from components.network.gcp_ranges import carve
from components.network.gcp_rules import PROXY_RANGES, rules
from components.provider.gcp_names import short
from components.traffic.gcp_entry import HALT_PRIORITY, GcpEntry, entry_ids, stem
from tests.components.gcp_backbone import network, refused
from tests.components.gcp_front import CLASSES, FIREWALL, GROUP, KEY, OUTPUTS, ZONES, entry

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""


def build(record: Any, labels: Any, **change: Any) -> Any:
    args = dataclasses.replace(entry(labels), **change)
    made: dict[str, Any] = {}

    def program() -> None:
        made["entry"] = GcpEntry("place-1-entry", args, GcpNetwork("place-1-network", network(labels)))

    seen = record(program, OUTPUTS)
    seen.registered = [one for one in seen.registered if one.name.startswith("place-1-entry")]
    seen.built = made["entry"]
    return seen


@pytest.fixture
def seen(record: Any, labels: Any) -> Any:
    return build(record, labels)


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_entry", seen.lines())


def test_the_sandbox_would_take_all_of_it(seen: Any) -> None:
    assert refused(seen) == {}


def test_a_group_a_class_and_zone_in_the_private_subnetwork(seen: Any) -> None:
    groups = seen.of(GROUP)
    assert {(one["zone"], one["defaultPort"]) for one in groups.values()} == {
        (zone, service.target_port) for zone in ZONES for service in CLASSES.values()
    }
    for name, group in groups.items():
        assert group["networkEndpointType"] == "GCE_VM_IP_PORT", name
        assert group["subnetwork"] == "place-1-network-private-id", name


def test_only_googles_balancers_reach_the_target_ports(seen: Any) -> None:
    (name, rule), *others = seen.of(FIREWALL).items()
    assert others == []
    assert name == "place-1-entry-admit"
    assert rule["sourceRanges"] == list(PROXY_RANGES)
    assert rule["allows"] == [{"protocol": "tcp", "ports": ["8001", "8002"]}]
    assert rule["targetTags"] == ["nautilus-app"]
    assert "logConfig" in rule


def test_a_halt_denies_before_every_rule_that_admits(record: Any, labels: Any) -> None:
    halted = build(record, labels, halted=True)
    (name, rule), *others = halted.of(FIREWALL).items()
    assert others == []
    assert name == "place-1-entry-halt"
    assert "allows" not in rule
    assert rule["denies"] == [{"protocol": "tcp", "ports": ["8001", "8002"]}]
    own = rules("10.1.0.0/16", "100.65.0.0/16", "172.16.16.0/20", carve("10.1.0.0/16")).values()
    assert rule["priority"] == HALT_PRIORITY < min(one.priority for one in own)


def test_access_logs_stay_in_the_region_under_the_key(seen: Any) -> None:
    bucket = seen.one("place-1-entry-logs-bucket").inputs
    assert bucket["location"] == "us-west2"
    assert bucket["cmekSettings"] == {"kmsKeyName": KEY}
    kept = seen.one("place-1-entry-logs-sink").inputs["filter"]
    assert 'resource.labels.backend_name:"place-1-entry"' in kept
    assert "compute.googleapis.com/healthchecks" in kept


def test_facts_are_keyed_as_the_catalogue_alone_tells(seen: Any) -> None:
    assert tuple(seen.built.facts) == entry_ids(CLASSES, ZONES)
    assert entry_ids(("trading",), ZONES) == ("trading-0", "trading-1")
    assert tuple(seen.built.metric_ids) == ("groups",)


def test_groups_are_protected(seen: Any) -> None:
    assert set(seen.of(GROUP)) <= seen.protected()


@pytest.mark.parametrize("change", [{"classes": {}}, {"zones": ()}])
def test_an_entry_to_nowhere_is_refused(record: Any, labels: Any, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least one service class and one zone"):
        build(record, labels, **change)


@pytest.mark.parametrize("length", [10, 56, 57, 80])
def test_what_names_begin_with_survives_shortening(length: int) -> None:
    name = "e" * length
    assert short(f"{name}-trading-group-0", 63).startswith(stem(name))
