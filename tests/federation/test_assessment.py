"""What is missed is told once for each thing to mend, from all stacks or from one alone (FLT-001…003)."""

from __future__ import annotations

import pytest

import config
from config.loader import load
from nautilus.federation.assessment import Concern, Finding, assess
from nautilus.federation.planned import UNKNOWN, Planned
from tests.federation import plans

CATALOGUE = load(config.root())
WHOLE = plans.whole(CATALOGUE)
US_EAST, JAPAN = "nautilus-enterprise-us-east-1", "nautilus-enterprise-asia-ne-1"


def of(planned: tuple[Planned, ...]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in assess(planned, CATALOGUE, plans.ENVIRONMENT)}


def test_the_declared_settings_miss_nothing() -> None:
    assert assess(WHOLE, CATALOGUE, plans.ENVIRONMENT) == ()


@pytest.mark.parametrize("group", ["americas", "emea", "apac", "edge", "analytics", "federation"])
def test_no_stack_alone_misses_anything(group: str) -> None:
    assert assess(plans.stack(WHOLE, group), CATALOGUE, plans.ENVIRONMENT) == ()


@pytest.mark.parametrize(
    ("group", "name", "inputs", "fix"),
    [
        ("federation", "names-gcp-client-eu-record", {"ttl": 300}, "lower the TTL"),
        ("federation", "names-aws-risk-us-us-gcp-record", {"ttl": 300}, "lower the TTL"),
        ("federation", "names-azure-portfolio-jp-profile", {"dnsConfig": {"ttl": 300}}, "lower the TTL"),
        (
            "federation",
            "names-aws-us-aws-health",
            {"requestInterval": 30},
            "shorten the health check's interval or threshold, or have it speak HTTPS",
        ),
        (
            "federation",
            "in-anycast-gcp-trading-health",
            {"checkIntervalSec": 30},
            "shorten the health check's interval or threshold",
        ),
        (
            "americas",
            f"{US_EAST}-entry-trading-targets",
            {"healthCheck": {"interval": 30, "unhealthyThreshold": 2, "timeout": 2}},
            "shorten the target group's interval or threshold",
        ),
        (
            "apac",
            f"{JAPAN}-entry-balancer",
            {"probes": [{"name": "trading", "intervalInSeconds": 30, "probeThreshold": 1}]},
            "shorten the probe's interval or threshold",
        ),
    ],
)
def test_a_ttl_of_300_or_an_interval_of_30_is_named_by_its_own_stack(
    group: str, name: str, inputs: dict[str, object], fix: str
) -> None:
    found = of(plans.stack(plans.changed(WHOLE, name, **inputs), group))
    assert list(found) == [name]
    assert found[name].concern is Concern.TIME
    assert found[name].urn.endswith(f"::{name}")
    assert found[name].fix == fix
    assert name in found[name].found


def test_an_unknown_setting_is_a_miss() -> None:
    found = of(plans.changed(WHOLE, "names-gcp-client-eu-record", ttl=UNKNOWN))
    assert "served again after never" in found["names-gcp-client-eu-record"].found
    assert "ttl is unknown or secret" in found["names-gcp-client-eu-record"].found


def test_a_missing_record_is_named_by_what_it_would_be_called() -> None:
    found = of(plans.without(WHOLE, "names-gcp-client-eu-record"))["names-gcp-client-eu-record"]
    assert (found.urn, found.fix) == ("", "plan it, with every setting written down")


def test_what_is_allowed_says_what_is_accepted_beyond_the_target() -> None:
    found = of(plans.changed(WHOLE, "names-gcp-client-eu-record", ttl=300))["names-gcp-client-eu-record"]
    assert found.allowed == "15 s, accepted up to 60 s (cloud-dns-checks-every-30-s)"


def test_a_store_whose_replication_is_not_read_is_a_recovery_point_missed() -> None:
    store = plans.resource("emea", "gcp:sql/databaseInstance:DatabaseInstance", "store")
    found = of((*WHOLE, store))
    assert found["store"].concern is Concern.POINT
    assert found["store"].allowed == "at most 5 s of data lost"
    assert len(found) == 1


def test_a_missing_cluster_is_an_availability_missed() -> None:
    found = assess(plans.without(WHOLE, f"{JAPAN}-cluster-control-plane"), CATALOGUE, plans.ENVIRONMENT)
    assert {finding.concern for finding in found} == {Concern.AVAILABILITY}
    assert all(JAPAN in finding.subject for finding in found)
