from __future__ import annotations

from tests.policies.analyzer import UNKNOWN, analyze, analyze_stack, found, one, swapped
from tests.policies.planned import AZURE, GROUP, IDENTITY, LAWFUL, VAULT

RULE = "RES-005"


def test_a_group_in_another_region_of_the_jurisdiction_passes() -> None:
    assert found(analyze_stack(*swapped(LAWFUL, GROUP.but(location="ukwest"))), RULE) == []


def test_a_group_in_another_jurisdiction_fails() -> None:
    hits = found(analyze_stack(AZURE, GROUP.but(location="eastus2"), IDENTITY), RULE)
    assert [finding.resource for finding in hits] == [IDENTITY.urn]
    assert "in a resource group at 'eastus2' (us)" in hits[0].found


def test_a_group_that_the_stack_does_not_hold_fails() -> None:
    assert "names no resource group" in one(analyze_stack(AZURE, IDENTITY), RULE).found


def test_an_unknown_group_is_followed() -> None:
    assert found(analyze_stack(AZURE, GROUP, VAULT.but(resourceGroupName=UNKNOWN)), RULE) == []


def test_an_unknown_group_location_is_stopped_before() -> None:
    assert one(analyze(GROUP.but(location=UNKNOWN)), "RES-002").verdict == "undecided"


def test_a_group_that_azure_makes_itself_passes() -> None:
    assert found(analyze_stack(AZURE, IDENTITY.but(resourceGroupName="NetworkWatcherRG")), RULE) == []
