from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, analyze_stack, found, one, secret
from tests.policies.planned import AKS, AWS, AZURE, FLOW_LOG, GCP, LOG_GROUP, PROJECT, SINK, UK_TAGS, US_ACCOUNT, US_AWS

RULE = "RES-010"
STORAGE = Planned(
    type="azure-native:storage:StorageAccount", name="store", provider=AZURE, props={"location": "uksouth", "tags": UK_TAGS}
)
SETTING = Planned(
    type="azure-native:monitor:DiagnosticSetting",
    name="setting",
    provider=AZURE,
    props={"resourceUri": UNKNOWN, "storageAccountId": UNKNOWN},
    sources={"resourceUri": (AKS.urn,), "storageAccountId": (STORAGE.urn,)},
)


def test_sinks_inside_pass() -> None:
    assert found(analyze(SINK), RULE) + found(analyze(FLOW_LOG), RULE) == []
    assert found(analyze_stack(AWS, LOG_GROUP, FLOW_LOG, GCP, SINK, AZURE, AKS, STORAGE, SETTING), RULE) == []


@pytest.mark.parametrize(
    "destination",
    [
        f"logging.googleapis.com/projects/{PROJECT}/locations/us-west2/buckets/logs",
        f"logging.googleapis.com/projects/{PROJECT}/locations/global/buckets/_Default",
        "logging.googleapis.com/projects/nautilus-prod-us/locations/europe-west1/buckets/logs",
        "logging.googleapis.com/projects/unheard-of/locations/europe-west1/buckets/logs",
    ],
)
def test_a_written_destination_outside_fails_before_it_is_created(destination: str) -> None:
    assert one(analyze(SINK.but(destination=destination)), RULE).found.startswith(
        "destination sends logs of pii data of eu to"
    )


def test_an_arn_of_another_region_or_account_fails() -> None:
    arn = f"arn:aws:logs:us-east-1:{US_ACCOUNT}:log-group:x"
    assert len(found(analyze(FLOW_LOG.but(logDestination=arn)), RULE)) == 2


def test_an_unknown_destination_is_followed() -> None:
    assert "us-east-1" in one(analyze_stack(AWS, US_AWS, LOG_GROUP.under(US_AWS), FLOW_LOG), RULE).found
    moved = STORAGE.but(location="eastus2")
    assert "eastus2" in one(analyze_stack(AZURE, AKS, moved, SETTING), RULE).found


def test_an_unknown_destination_that_leads_nowhere_fails() -> None:
    assert one(analyze_stack(AWS, FLOW_LOG), RULE).found == "logDestination cannot be known at preview"


def test_destinations_that_the_cloud_computes_are_none() -> None:
    computed = SETTING.but(workspaceId=UNKNOWN, eventHubAuthorizationRuleId=UNKNOWN)
    assert found(analyze_stack(AZURE, AKS.but(addonProfiles=UNKNOWN), STORAGE, computed), RULE) == []
    lost = Planned(type=SETTING.type, name="lost", provider=AZURE, props=SETTING.props)
    assert one(analyze_stack(AZURE, AKS, lost), RULE).verdict == "undecided"


def test_a_destination_that_the_stack_does_not_hold_fails() -> None:
    elsewhere = SINK.but(destination="storage.googleapis.com/somebody-s-bucket")
    assert "does not hold" in one(analyze_stack(GCP, elsewhere), RULE).found


@pytest.mark.parametrize("resource", [FLOW_LOG.but(logDestination=None), SINK.but(destination=None)], ids=["flow", "sink"])
def test_a_sender_without_a_destination_fails(resource: Planned) -> None:
    assert "no destination" in one(analyze(resource), RULE).found


def test_a_secret_destination_is_not_shown() -> None:
    hidden = SINK.but(destination=secret(f"logging.googleapis.com/projects/{PROJECT}/locations/us-west2/buckets/canary"))
    finding = one(analyze(hidden), RULE)
    assert finding.found == "(a secret value, not shown)"
