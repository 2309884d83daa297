"""What Azure refuses of action groups and alerts, and what it takes; each case changes one thing of what is fine."""

from __future__ import annotations

import re

import pytest

from nautilus.sandbox.handler import UNKNOWN
from tests.sandbox.azure.front_end import GOOD, INSIGHTS, OWN, REGIONAL, changed, front_end, problems

REFUSED: tuple[tuple[str, str, object, str], ...] = (
    ("topic", "location", "uksouth", "it takes germanywestcentral, global"),
    ("topic", "groupShortName", "x" * 13, "it takes 1 to 12 characters"),
    ("topic", "armRoleReceivers.0.roleId", "Contributor", "is not the GUID of a role"),
    (
        "topic",
        "emailReceivers",
        [{"name": "monitoring", "emailAddress": "a@b.example"}],
        "two receivers are named monitoring",
    ),
    ("alert", "location", "uksouth", "it takes global"),
    ("alert", "severity", 5, "it takes 0 to 4"),
    ("alert", "evaluationFrequency", "PT2M", "it takes PT1M"),
    ("alert", "windowSize", "PT2M", "it takes PT1M"),
    ("alert", "evaluationFrequency", "PT5M", "PT1M is shorter than the frequency, PT5M"),
    ("alert", "scopes", [REGIONAL, OWN], "these criteria take exactly one resource"),
    ("alert", "scopes", [OWN], "ResourceNotFound"),
    ("alert", "scopes", ["balancer"], "is no id in this subscription"),
    ("alert", "criteria.allOf", [], "an alert needs a criterion"),
    ("alert", "criteria.allOf.0.operator", "Below", "it takes Equals"),
    ("alert", "criteria.allOf.0.metricName", "Latency", "MetricNotFound: Microsoft.Network/loadBalancers has no Latency"),
    ("alert", "criteria.allOf.0.dimensions.0.name", "Node", "DimensionNotFound: Node"),
    ("alert", "actions.0.actionGroupId", f"{INSIGHTS}/actionGroups/none", "ResourceNotFound"),
    ("maintenance", "location", "uksouth", "it takes global, northeurope, westeurope"),
    ("maintenance", "condition.allOf.0.equals", "Health", "category 'Health'"),
    ("maintenance", "condition.allOf.1.equals", "Repair", "incident type 'Repair'"),
    ("maintenance", "condition.allOf.0.field", "kind", "'kind' is no field of the activity log"),
    ("maintenance", "condition.allOf.0.equals", None, "a field has one value or several"),
    ("maintenance", "condition.allOf.0.field", None, "a condition has a field or alternatives"),
)


@pytest.mark.parametrize(("name", "path", "value", "says"), REFUSED)
def test_refuses(name: str, path: str, value: object, says: str) -> None:
    assert re.search(says, problems(name, path, value))


@pytest.mark.parametrize("name", sorted(GOOD))
def test_takes_what_is_fine(name: str) -> None:
    kind, inputs = GOOD[name]
    assert front_end().problems(kind, inputs) == []
    assert front_end().problems(kind, inputs, preview=True) == []


def test_passes_over_what_is_not_known() -> None:
    for name, path in (
        ("regional", "frontendIPConfigurations.0.publicIPAddress.id"),
        ("global", "backendAddressPools.0.loadBalancerBackendAddresses.0.loadBalancerFrontendIPConfiguration.id"),
        ("profile", "endpoints.0.target"),
        ("profile", "endpoints.1.targetResourceId"),
        ("alert", "scopes.0"),
    ):
        kind, inputs = GOOD[name]
        assert front_end().problems(kind, changed(inputs, path, UNKNOWN), preview=True) == []
