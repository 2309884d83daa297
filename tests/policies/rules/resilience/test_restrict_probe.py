from __future__ import annotations

from typing import Any

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies.analyzer import UNKNOWN, Planned, analyze, found, one, secret
from tests.policies.planned import AWS, AZURE, GCP

RULE = "FLT-008"

HEALTH_53 = Planned(
    type="aws:route53/healthCheck:HealthCheck",
    provider=AWS,
    props={
        "type": "HTTPS",
        "requestInterval": 10,
        "failureThreshold": 1,
        "regions": ["us-east-1", "eu-west-1", "us-west-2"],
    },
)
TARGETS = Planned(
    type="aws:lb/targetGroup:TargetGroup",
    provider=AWS,
    props={"healthCheck": {"interval": 5, "unhealthyThreshold": 2, "timeout": 2}},
)
GROUP = Planned(
    type="aws:globalaccelerator/endpointGroup:EndpointGroup",
    provider=AWS,
    props={"healthCheckIntervalSeconds": 10, "thresholdCount": 1},
)
GOOGLE = Planned(
    type="gcp:compute/healthCheck:HealthCheck",
    provider=GCP,
    props={"checkIntervalSec": 1, "timeoutSec": 1, "unhealthyThreshold": 2, "healthyThreshold": 2},
)
CLOUD_DNS = GOOGLE.but(checkIntervalSec=30, timeoutSec=5, sourceRegions=["us-east4", "europe-west1", "asia-southeast1"])
BALANCER = Planned(
    type="azure-native:network:LoadBalancer",
    provider=AZURE,
    props={"sku": {"tier": "Regional"}, "probes": [{"name": "risk", "intervalInSeconds": 5, "probeThreshold": 1}]},
)
ANYCAST = BALANCER.but(sku={"tier": "Global"}, probes=None)
PROFILE = Planned(
    type="azure-native:trafficmanager:Profile",
    provider=AZURE,
    props={
        "monitorConfig": {"intervalInSeconds": 10, "timeoutInSeconds": 5, "toleratedNumberOfFailures": 0},
        "dnsConfig": {"ttl": 5},
    },
)


def judged(resource: Planned) -> list[Finding]:
    return found(analyze(resource, Pack.RESILIENCE), RULE)


def monitor(**changes: Any) -> dict[str, Any]:
    return {"monitorConfig": {**PROFILE.props["monitorConfig"], **changes}}


def health(**changes: Any) -> dict[str, Any]:
    return {"healthCheck": {**TARGETS.props["healthCheck"], **changes}}


def probe(**changes: Any) -> dict[str, Any]:
    return {"probes": [{**BALANCER.props["probes"][0], **changes}]}


@pytest.mark.parametrize("resource", [HEALTH_53, TARGETS, GROUP, GOOGLE, CLOUD_DNS, BALANCER, ANYCAST, PROFILE])
def test_settings_that_a_mechanism_has_pass(resource: Planned) -> None:
    assert judged(resource) == []


@pytest.mark.parametrize(
    ("resource", "changes", "says"),
    [
        (HEALTH_53, {"requestInterval": 5}, "requestInterval is 5"),
        (HEALTH_53, {"failureThreshold": 11}, "failureThreshold is 11"),
        (HEALTH_53, {"regions": ["us-east-1", "eu-west-1"]}, "checked from 2 regions"),
        (HEALTH_53, {"type": "CLOUDWATCH_METRIC"}, "which probes nothing by itself"),
        (TARGETS, health(interval=4), "healthCheck.interval is 4"),
        (TARGETS, health(interval=301), "healthCheck.interval is 301"),
        (TARGETS, health(unhealthyThreshold=1), "healthCheck.unhealthyThreshold is 1"),
        (TARGETS, health(timeout=6), "longer than its interval"),
        (GROUP, {"healthCheckIntervalSeconds": 20}, "healthCheckIntervalSeconds is 20"),
        (GOOGLE, {"timeoutSec": 2}, "longer than its interval"),
        (GOOGLE, {"unhealthyThreshold": 0}, "unhealthyThreshold is 0"),
        (CLOUD_DNS, {"checkIntervalSec": 10}, "checkIntervalSec is 10 from source regions"),
        (CLOUD_DNS, {"sourceRegions": ["us-east4"]}, "checked from 1 source regions"),
        (BALANCER, probe(intervalInSeconds=4), "probe risk: intervalInSeconds is 4"),
        (BALANCER, {"sku": {"tier": "Global"}}, "which samples by itself"),
        (PROFILE, monitor(intervalInSeconds=20), "monitorConfig.intervalInSeconds is 20"),
        (PROFILE, monitor(timeoutInSeconds=10), "monitorConfig.timeoutInSeconds is 10 every 10 s"),
        (PROFILE, monitor(toleratedNumberOfFailures=10), "toleratedNumberOfFailures is 10"),
    ],
)
def test_settings_that_no_mechanism_has_fail(resource: Planned, changes: dict[str, Any], says: str) -> None:
    assert says in one(judged(resource.but(**changes)), RULE).found


@pytest.mark.parametrize(
    ("resource", "changes"),
    [
        (HEALTH_53, {"requestInterval": None}),
        (TARGETS, health(timeout=None)),
        (GROUP, {"thresholdCount": None}),
        (GOOGLE, {"checkIntervalSec": None}),
        (BALANCER, probe(probeThreshold=None)),
        (PROFILE, monitor(timeoutInSeconds=None)),
    ],
)
def test_a_setting_that_is_left_to_the_provider_fails(resource: Planned, changes: dict[str, Any]) -> None:
    assert "is not set, so the provider's default decides" in one(judged(resource.but(**changes)), RULE).found


@pytest.mark.parametrize(
    ("resource", "changes"),
    [(HEALTH_53, {"requestInterval": UNKNOWN}), (TARGETS, health(interval=UNKNOWN)), (PROFILE, {"monitorConfig": UNKNOWN})],
)
def test_an_unknown_setting_is_undecided_and_fails(resource: Planned, changes: dict[str, Any]) -> None:
    assert one(judged(resource.but(**changes)), RULE).verdict == "undecided"


def test_a_secret_setting_is_not_shown() -> None:
    assert one(judged(HEALTH_53.but(requestInterval=secret(7))), RULE).found == "(a secret value, not shown)"
