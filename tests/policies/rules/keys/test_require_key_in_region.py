from __future__ import annotations

import pytest

from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, one, swapped
from tests.policies.planned import (
    ACCOUNT,
    AKS,
    AWS,
    AWS_BUCKET,
    AZURE_KEY,
    CRYPTO_KEY,
    EKS,
    GKE,
    KEY,
    LAWFUL,
    LOG_GROUP,
    RING,
    TAGS,
    TEMPLATE,
    US_AWS,
    VAULT,
)

RULE = "KEY-002"


def test_an_unknown_reference_is_followed_to_a_key_in_another_region() -> None:
    ireland = Planned(type=AWS.type, name="ireland", props={**AWS.props, "region": "eu-west-1"})
    hits = found(analyze_stack(*swapped(LAWFUL, ireland, KEY.under(ireland))), RULE)
    assert {finding.resource for finding in hits} >= {EKS.urn, LOG_GROUP.urn, TEMPLATE.urn}
    assert all("data at 'eu-central-1' under a key at 'eu-west-1' (eu)" in finding.found for finding in hits)


def test_a_ring_that_moved_takes_its_keys_along() -> None:
    hits = found(analyze_stack(*swapped(LAWFUL, RING.but(location="europe-west4"))), RULE)
    assert GKE.urn in {finding.resource for finding in hits}


def test_a_vault_that_moved_takes_its_keys_along() -> None:
    hits = found(analyze_stack(*swapped(LAWFUL, VAULT.but(location="ukwest"))), RULE)
    assert AKS.urn in {finding.resource for finding in hits}


@pytest.mark.parametrize(("region", "stopped"), [("eu-central-1", False), ("us-east-1", True)])
def test_a_written_arn_tells_its_region(region: str, stopped: bool) -> None:
    arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/1"
    written = Planned(type=LOG_GROUP.type, name="w", provider=AWS, props={"kmsKeyId": arn, "tags": TAGS})
    assert bool(found(analyze_stack(AWS, written), RULE)) is stopped


def test_a_reference_to_a_key_the_stack_does_not_hold_is_undecided_and_fails() -> None:
    lost = Planned(type=LOG_GROUP.type, name="l", provider=AWS, props={"kmsKeyId": UNKNOWN, "tags": TAGS})
    assert one(analyze_stack(AWS, lost), RULE).found == "kmsKeyId cannot be known at preview"


def test_a_reference_that_tells_no_region_fails() -> None:
    bare = Planned(type=LOG_GROUP.type, name="b", provider=AWS, props={"kmsKeyId": "1234-abcd", "tags": TAGS})
    assert "whose region nothing tells" in one(analyze_stack(AWS, bare), RULE).found


def test_a_key_s_id_or_arn_is_found_in_the_stack_once_known() -> None:
    known = KEY.under(US_AWS).but(id="1234-abcd")
    bare = Planned(type=LOG_GROUP.type, name="b", provider=AWS, props={"kmsKeyId": "1234-abcd", "tags": TAGS})
    assert "'us-east-1' (us)" in one(analyze_stack(AWS, US_AWS, known, bare), RULE).found


def test_a_key_url_is_found_by_its_vault() -> None:
    known = VAULT.but(name="kv-1", location="ukwest")
    url = {"azureKeyVaultKms": {"enabled": True, "keyId": "https://kv-1.vault.azure.net/keys/k/v"}}
    aks = Planned(type=AKS.type, name="a", provider=AKS.provider, props={**AKS.props, "securityProfile": url})
    hits = found(analyze_stack(known, aks.but(diskEncryptionSetID=None)), RULE)
    assert ["'ukwest'" in finding.found for finding in hits] == [True]


def test_a_key_whose_own_place_is_unknown_fails_what_it_protects() -> None:
    hits = found(analyze_stack(*swapped(LAWFUL, RING.but(location=UNKNOWN))), RULE)
    assert GKE.urn in {finding.resource for finding in hits}
    assert {finding.verdict for finding in hits} == {"undecided"}


def test_what_the_cloud_computes_is_no_key_that_somebody_asked_for() -> None:
    computed = GKE.but(nodeConfig=UNKNOWN, nodePools=UNKNOWN, region=UNKNOWN)
    bucket = AWS_BUCKET.but(serverSideEncryptionConfiguration=UNKNOWN, region=UNKNOWN, tagsAll=UNKNOWN)
    assert found(analyze_stack(*swapped(LAWFUL, computed, bucket)), RULE) == []


def test_a_computed_region_does_not_hide_a_key_elsewhere() -> None:
    hits = found(analyze_stack(*swapped(LAWFUL, US_AWS, KEY.under(US_AWS).but(region=UNKNOWN))), RULE)
    assert {finding.resource for finding in hits} >= {EKS.urn, LOG_GROUP.urn}


def test_keys_themselves_are_no_stores() -> None:
    assert found(analyze_stack(CRYPTO_KEY, AZURE_KEY), RULE) == []
