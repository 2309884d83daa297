from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze, analyze_stack, found, one, secret, swapped
from tests.policies.planned import (
    AWS,
    AZURE_KEY,
    CRYPTO_KEY,
    EKS,
    GCP,
    GKE,
    GROUP,
    LAWFUL,
    RING,
    TAGS,
    UK_TAGS,
    US_AWS,
    VAULT,
    VPC,
)

RULE = "RES-002"


def test_a_resource_of_another_jurisdiction_s_region_fails_and_cites_the_law() -> None:
    finding = one(analyze(VPC.under(US_AWS)), RULE)
    assert "pii data of eu at 'us-east-1' (aws), in jurisdiction us" in finding.found
    assert finding.allowed.startswith("eu: ")
    assert "eu-central-1" in finding.allowed
    assert finding.clause


def test_a_region_that_the_catalogue_does_not_hold_fails() -> None:
    provider = Planned(type=AWS.type, name="oslo", props={**AWS.props, "region": "no-north-1"})
    assert "no jurisdiction of the catalogue" in one(analyze(VPC.under(provider)), RULE).found


@pytest.mark.parametrize(
    ("data", "stopped"), [("pii", True), ("regulatory", True), ("financial", False), ("market", False), (None, True)]
)
def test_the_data_class_decides_and_none_means_the_strictest(data: str | None, stopped: bool) -> None:
    tags = {key: value for key, value in {**TAGS, "nautilus:data-class": data}.items() if value is not None}
    london = Planned(type=AWS.type, name="london", props={**AWS.props, "region": "eu-west-2"})
    assert bool(found(analyze(VPC.under(london).but(tags=tags)), RULE)) is stopped


def test_without_labels_the_account_tells_the_home() -> None:
    assert found(analyze(VPC.but(tags=None)), RULE) == []
    virginia = Planned(type=AWS.type, name="virginia", props={**AWS.props, "region": "us-east-1"})
    assert "pii data of eu" in one(analyze(VPC.under(virginia).but(tags=None)), RULE).found


def test_the_provider_s_default_tags_count() -> None:
    tagged = Planned(type=AWS.type, name="t", props={**AWS.props, "defaultTags": '{"tags":{"nautilus:jurisdiction":"us"}}'})
    assert "pii data of us" in one(analyze(VPC.under(tagged).but(tags=None)), RULE).found


@pytest.mark.parametrize("tags", [{"nautilus:jurisdiction": "atlantis"}, {**TAGS, "nautilus:data-class": "gossip"}])
def test_a_label_that_the_catalogue_does_not_know_fails(tags: dict[str, str]) -> None:
    assert "is none of" in one(analyze(VPC.but(tags=tags)), RULE).found


@pytest.mark.parametrize("tags", [{**TAGS, "nautilus:jurisdiction": UNKNOWN}, UNKNOWN], ids=["entry", "map"])
def test_an_unknown_label_is_undecided_and_fails(tags: object) -> None:
    assert one(analyze(VPC.but(tags=tags)), RULE).verdict == "undecided"


def test_an_unknown_label_of_another_name_does_not_matter() -> None:
    assert found(analyze(VPC.but(tags={**TAGS, "note": UNKNOWN})), RULE) == []


@pytest.mark.parametrize(("resource", "prop"), [(RING, "location"), (GKE, "location"), (GROUP, "location")], ids=str)
def test_an_unknown_location_is_undecided_and_fails(resource: Planned, prop: str) -> None:
    finding = one(analyze(resource.but(**{prop: UNKNOWN})), RULE)
    assert finding.found == f"{prop} cannot be known at preview"
    assert finding.verdict == "undecided"


def test_a_type_that_must_say_where_and_does_not_fails() -> None:
    assert "is told neither" in one(analyze(RING.but(location=None)), RULE).found


def test_a_zone_counts_as_its_region() -> None:
    assert found(analyze(GKE.but(location="europe-west1-b")), RULE) == []
    assert "us-west2" in one(analyze(GKE.but(location="us-west2-a")), RULE).found


def test_azure_names_are_normalised() -> None:
    assert found(analyze(VAULT.but(location="UK South")), RULE) == []
    assert "ukwest" not in str(analyze(VAULT.but(location="UK West")))
    assert "'eastus2'" in one(analyze(VAULT.but(location="East US 2")), RULE).found


def test_the_lack_of_a_provider_region_is_said_once() -> None:
    nowhere = Planned(type=AWS.type, name="nowhere", props={"allowedAccountIds": AWS.props["allowedAccountIds"]})
    assert found(analyze(EKS.under(nowhere)), RULE) == []


def test_a_secret_location_is_judged_and_not_shown() -> None:
    assert found(analyze(GKE.but(location=secret("europe-west1"))), RULE) == []
    assert one(analyze(GKE.but(location=secret("us-west2"))), RULE).found == "(a secret value, not shown)"


def test_a_key_lies_where_its_ring_does() -> None:
    moved = swapped(LAWFUL, RING.but(location="us-west2"))
    hits = found(analyze_stack(*moved), RULE)
    assert {finding.resource for finding in hits} >= {CRYPTO_KEY.urn}
    assert all("us-west2" in finding.found for finding in hits)


def test_a_known_reference_tells_alone() -> None:
    written = CRYPTO_KEY.but(keyRing="projects/nautilus-prod-eu/locations/us-west2/keyRings/r")
    assert "us-west2" in one(analyze_stack(GCP, written), RULE).found


def test_a_reference_that_leads_nowhere_fails() -> None:
    assert "is told neither" in one(analyze_stack(GCP, CRYPTO_KEY), RULE).found


def test_a_child_lies_where_its_named_parent_does() -> None:
    vault = VAULT.but(name="kv-1", vaultName="kv-1")
    child = Planned(
        type=AZURE_KEY.type, name="child", provider=AZURE_KEY.provider, props={"vaultName": "kv-1", "tags": UK_TAGS}
    )
    assert found(analyze_stack(vault, child), RULE) == []


def test_one_cause_is_told_once() -> None:
    assert [finding.rule for finding in analyze(VPC.but(region=UNKNOWN))] == ["RES-003"]
    assert [finding.rule for finding in analyze(RING.but(location=UNKNOWN))] == ["RES-002"]
    hidden = swapped(LAWFUL, RING.but(location=UNKNOWN))
    assert {finding.rule for finding in analyze_stack(*hidden)} == {"KEY-002"}
