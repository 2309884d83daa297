"""The anycast balancer on Google Cloud: what is registered, what passes, how much each placement takes, and the halt."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.traffic.gcp_anycast import GcpAnycast, scales
from tests.components.gcp_backbone import refused
from tests.components.gcp_front import HEALTH, OUTPUTS, PROXY, RULE, SERVICE, anycast, backing

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

BACKINGS = {"one": backing("one", 0.2), "two": backing("two", 0.6, "us-west1")}


def build(record: Any, args: Any) -> Any:
    made: dict[str, Any] = {}

    def program() -> None:
        made["anycast"] = GcpAnycast("us-anycast-gcp", args)

    seen = record(program, OUTPUTS)
    seen.built = made["anycast"]
    return seen


@pytest.fixture
def seen(record: Any, labels: Any) -> Any:
    return build(record, anycast(labels, BACKINGS))


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_anycast", seen.lines())


def test_the_sandbox_would_take_all_of_it(seen: Any) -> None:
    assert refused(seen) == {}


def test_tls_is_passed_through(seen: Any) -> None:
    assert all(one["protocol"] == "TCP" for one in seen.of(SERVICE).values())
    assert all(one["proxyHeader"] == "NONE" for one in seen.of(PROXY).values())
    assert not [one.type for one in seen.registered if "SSL" in one.type or "Certificate" in one.type]


def test_a_rule_a_class_at_the_one_address(seen: Any) -> None:
    found = seen.of(RULE)
    assert {one["portRange"] for one in found.values()} == {"8443", "8444"}
    assert {one["ipAddress"] for one in found.values()} == {"us-anycast-gcp-address-id"}
    assert {one["loadBalancingScheme"] for one in found.values()} == {"EXTERNAL_MANAGED"}


def test_checks_are_the_probe_and_take_the_serving_port(seen: Any) -> None:
    for name, check in seen.of(HEALTH).items():
        assert (check["checkIntervalSec"], check["timeoutSec"]) == (1, 1), name
        assert (check["healthyThreshold"], check["unhealthyThreshold"]) == (2, 2), name
        assert check["tcpHealthCheck"] == {"portSpecification": "USE_SERVING_PORT"}, name


def test_backends_are_the_groups_of_the_class_with_their_placements_part(seen: Any) -> None:
    backends = seen.of(SERVICE)["us-anycast-gcp-trading-backend"]["backends"]
    assert [one["group"].rpartition("/")[2] for one in backends] == [
        "one-entry-trading-group-0",
        "one-entry-trading-group-1",
        "two-entry-trading-group-0",
        "two-entry-trading-group-1",
    ]
    assert [one["capacityScaler"] for one in backends] == [0.3333, 0.3333, 1.0, 1.0]


def test_affinity_has_the_hash_that_it_needs(seen: Any) -> None:
    trading, reporting = (seen.of(SERVICE)[f"us-anycast-gcp-{name}-backend"] for name in ("trading", "reporting"))
    assert (trading["sessionAffinity"], trading["localityLbPolicy"]) == ("CLIENT_IP", "MAGLEV")
    assert (reporting["sessionAffinity"], reporting["localityLbPolicy"]) == ("NONE", "ROUND_ROBIN")


def test_a_halt_takes_the_rules_away_and_keeps_the_address(record: Any, labels: Any) -> None:
    halted = build(record, anycast(labels, BACKINGS, enabled=False))
    assert halted.of(RULE) == {}
    assert halted.protected() == {"us-anycast-gcp-address"}
    assert len(halted.of(SERVICE)) == 2


def test_the_endpoint_is_where_most_is_served(seen: Any) -> None:
    assert seen.built.endpoint.id == "us-gcp"
    assert seen.built.endpoint.location.region == "us-west1"


def test_what_nobody_took_is_not_kept_in_the_global_bucket(seen: Any) -> None:
    left_out = seen.one("us-anycast-gcp-unserved").inputs["filter"]
    assert 'resource.labels.backend_name=""' in left_out
    assert 'forwarding_rule_name:"us-anycast-gcp"' in left_out


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((1.0,), [1.0]),
        ((0.0,), [1.0]),
        ((0.0, 0.0), [1.0, 1.0]),
        ((0.5, 0.0), [1.0, 0.0]),
        ((0.99, 0.01), [1.0, 0.1]),
        ((0.25, 0.5), [0.5, 1.0]),
    ],
)
def test_scales(shares: tuple[float, ...], expected: list[float]) -> None:
    found = scales({str(place): backing(str(place), share) for place, share in enumerate(shares)})
    assert list(found.values()) == expected


def test_a_balancer_without_placements_is_refused(record: Any, labels: Any) -> None:
    with pytest.raises(ValueError, match="at least one placement"):
        build(record, anycast(labels, {}))


def test_a_placement_that_handed_over_too_little_is_refused(record: Any, labels: Any) -> None:
    poor = dataclasses.replace(BACKINGS["one"], entry={"trading-0": "link"})
    with pytest.raises(ValueError, match="one handed over no group of class reporting: its facts are trading-0"):
        build(record, anycast(labels, {"one": poor}))
