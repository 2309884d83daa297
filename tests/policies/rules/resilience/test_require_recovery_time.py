"""A TTL or a probe that is too slow stops the preview by name, through the real analyzer over the real federation."""

from __future__ import annotations

from typing import Any

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies import federation
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, secret

RULE = "FLT-001"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")


def judged(*planned: Planned) -> list[Finding]:
    return found(analyze_stack(*planned, pack=Pack.RESILIENCE), RULE)


def test_what_is_planned_recovers_in_time() -> None:
    assert judged(*federation.planned()) == []


MONITOR = {"protocol": "HTTPS", "port": 8443, "path": "/healthz", "timeoutInSeconds": 5, "toleratedNumberOfFailures": 0}


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("names-gcp-trading-eu-record", {"ttl": 300}, "TTL 300 s"),
        ("names-aws-eu-gcp-trading-health", {"requestInterval": 30}, "every 30 s"),
        ("eu-anycast-gcp-trading-health", {"checkIntervalSec": 30}, "every 30 s"),
        ("names-azure-trading-eu-profile", {"monitorConfig": {**MONITOR, "intervalInSeconds": 30}}, "every 30 s"),
        ("names-gcp-trading-eu-record", {"ttl": None}, "ttl is not set"),
        ("names-gcp-trading-eu-record", {"ttl": UNKNOWN}, "ttl is unknown or secret"),
        ("names-gcp-trading-eu-record", {"ttl": secret(300)}, "ttl is unknown or secret"),
    ],
    ids=["ttl", "route-53", "google", "traffic-manager", "missing", "unknown", "secret"],
)
def test_a_slow_setting_is_named(name: str, changes: dict[str, Any], says: str) -> None:
    hits = judged(*federation.changed(name, **changes))
    assert hits, name
    assert {finding.resource for finding in hits} == {federation.one_of(name).urn}
    assert all(says in finding.found and name in finding.found for finding in hits)
    assert all("300" not in finding.found for finding in hits) or "secret" not in says


def test_a_stack_of_no_environment_is_undecided() -> None:
    stray = Planned(type="aws:ec2/vpc:Vpc", name="vpc", stack="nowhere-emea")
    hits = judged(stray)
    assert [finding.verdict for finding in hits] == ["fail"]
    assert "begins with none of dev, prod, staging" in hits[0].found
