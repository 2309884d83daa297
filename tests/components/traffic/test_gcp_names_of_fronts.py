"""Names of fronts at Cloud DNS: a signed zone, checks that Cloud DNS takes, one lawful answer a front, and the halt."""

from __future__ import annotations

from typing import Any

import pytest

from components.traffic.gcp_names import SOURCE_REGIONS, GcpNames
from config.model import Algorithm
from tests.components.gcp_backbone import refused
from tests.components.gcp_front import HEALTH, KEY, OUTPUTS, RECORD, backend, front, names

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

GCP, AWS = backend("us-gcp", 0.75), backend("us-aws", 0.25)
FOREIGN = backend("ca-aws", 0, home=False, standby=True)
TRADING = front(Algorithm.HEALTH_PRIORITY, backend("us-gcp", 1.0), backend("us-aws", 0))
REPORTING = front(Algorithm.WEIGHTED, GCP, AWS, FOREIGN, name="reporting")


def build(record: Any, args: Any) -> Any:
    return record(lambda: GcpNames("names-gcp", args), OUTPUTS)


@pytest.fixture
def seen(record: Any, labels: Any) -> Any:
    return build(record, names(labels, TRADING, REPORTING))


def routing(seen: Any, name: str) -> Any:
    found = seen.of(RECORD)[name]
    assert "rrdatas" not in found
    return found["routingPolicy"]


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_names", seen.lines())


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_the_sandbox_would_take_all_of_it(record: Any, labels: Any, algorithm: Algorithm) -> None:
    assert refused(build(record, names(labels, front(algorithm, GCP, AWS, FOREIGN)))) == {}


def test_the_zone_is_signed_logged_and_protected(seen: Any) -> None:
    zone = seen.one("names-gcp-zone").inputs
    assert zone["dnsName"] == "prod.nautilus.example."
    assert zone["visibility"] == "public"
    assert zone["dnssecConfig"]["state"] == "on"
    assert zone["dnssecConfig"]["nonExistence"] == "nsec3"
    assert {one["algorithm"] for one in zone["dnssecConfig"]["defaultKeySpecs"]} == {"ecdsap256sha256"}
    assert zone["cloudLoggingConfig"] == {"enableLogging": True}
    assert seen.protected() == {"names-gcp-zone", "names-gcp-logs-bucket"}


def test_query_logs_rest_in_the_location_under_the_key(seen: Any) -> None:
    bucket = seen.one("names-gcp-logs-bucket").inputs
    assert bucket["location"] == "us-west2"
    assert bucket["cmekSettings"] == {"kmsKeyName": KEY}
    assert 'target_name="names-gcp-zone"' in seen.one("names-gcp-logs-sink").inputs["filter"]


def test_without_a_key_no_query_is_logged(record: Any, labels: Any) -> None:
    bare = build(record, names(labels, TRADING, key=None))
    assert bare.one("names-gcp-zone").inputs["cloudLoggingConfig"] == {"enableLogging": False}
    assert not [one.name for one in bare.registered if "logs" in one.name]


def test_checks_come_from_three_regions_and_name_the_port(seen: Any) -> None:
    checks = seen.of(HEALTH)
    assert {name: check["httpsHealthCheck"] for name, check in checks.items()} == {
        "names-gcp-trading-health": {"port": 8443, "requestPath": "/healthz"},
        "names-gcp-reporting-health": {"port": 8444, "requestPath": "/healthz"},
    }
    for name, check in checks.items():
        assert check["sourceRegions"] == list(SOURCE_REGIONS), name
        assert (check["checkIntervalSec"], check["unhealthyThreshold"]) == (30, 1), name


def test_no_such_name_is_forgotten_as_fast_as_an_answer(seen: Any) -> None:
    soa = seen.one("names-gcp-soa-record").inputs
    assert (soa["type"], soa["name"], soa["ttl"]) == ("SOA", "prod.nautilus.example.", 5)
    assert soa["rrdatas"] == ["a. cloud-dns-hostmaster.google.com. 1 21600 3600 259200 5"]


def test_faster_checks_than_cloud_dns_takes_are_refused_by_the_sandbox(record: Any, labels: Any) -> None:
    found = refused(build(record, names(labels, TRADING, interval_s=10)))
    assert [problem.reason for problem in found["names-gcp-trading-health"]] == ["10 s: from source regions at least 30 s"]


def test_every_policy_is_health_checked(seen: Any) -> None:
    for name in ("trading", "reporting"):
        check = routing(seen, f"names-gcp-{name}-us-record")["healthCheck"]
        assert check.endswith(f"/global/healthChecks/names-gcp-{name}-health")


def test_records_are_named_after_their_front_with_the_ttl(seen: Any) -> None:
    found = seen.of(RECORD)["names-gcp-trading-us-record"]
    assert found["name"] == "trading-us.prod.nautilus.example."
    assert (found["type"], found["ttl"]) == ("A", 5)


def test_failover(seen: Any) -> None:
    assert routing(seen, "names-gcp-trading-us-record")["primaryBackup"] == {
        "primary": {"externalEndpoints": ["192.0.2.10"]},
        "backupGeos": [{"location": "us-east4", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.11"]}}],
        "enableGeoFencingForBackups": False,
    }


def test_weights(seen: Any) -> None:
    assert routing(seen, "names-gcp-reporting-us-record")["wrrs"] == [
        {"weight": 750, "healthCheckedTargets": {"externalEndpoints": ["192.0.2.10"]}},
        {"weight": 250, "healthCheckedTargets": {"externalEndpoints": ["192.0.2.11"]}},
        {"weight": 0, "healthCheckedTargets": {"externalEndpoints": ["192.0.2.13"]}},
    ]


def test_nearness(record: Any, labels: Any) -> None:
    found = routing(build(record, names(labels, front(Algorithm.GEOLOCATION, GCP, AWS))), "names-gcp-trading-us-record")
    assert found["geos"] == [
        {"location": "us-west2", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.10"]}},
        {"location": "us-east4", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.11"]}},
    ]
    assert found["enableGeoFencing"] is False


def test_a_halted_front_has_one_text_and_no_address(record: Any, labels: Any) -> None:
    halted = build(record, names(labels, front(Algorithm.WEIGHTED, GCP, halted=True), REPORTING))
    found = halted.of(RECORD)["names-gcp-trading-us-record"]
    assert (found["type"], found["rrdatas"]) == ("TXT", ['"halted"'])
    assert "routingPolicy" not in found
    assert list(halted.of(HEALTH)) == ["names-gcp-reporting-health"]


def test_a_front_that_nobody_may_answer_is_refused(record: Any, labels: Any) -> None:
    with pytest.raises(ValueError, match="front trading-us: no backend may answer"):
        build(record, names(labels, front(Algorithm.COMPLIANCE, FOREIGN)))
