from __future__ import annotations

import pytest

from policies.rules.keys.stores import STORES
from tests.policies.analyzer import UNKNOWN, Planned, analyze, analyze_stack, found, one, secret
from tests.policies.planned import (
    AKS,
    AWS,
    AWS_BUCKET,
    AZURE,
    BUCKET_KEY,
    EKS,
    GCP,
    GCP_BUCKET,
    GKE,
    KEY,
    LOG_GROUP,
    TEMPLATE,
)

RULE = "KEY-001"
PROVIDERS = {"aws": AWS, "gcp": GCP, "azure-native": AZURE}
INLINE = [kind for kind, stores in STORES.items() if stores[0].inline]


@pytest.mark.parametrize("kind", INLINE)
def test_every_store_without_a_key_fails(kind: str) -> None:
    assert found(analyze(Planned(type=kind, provider=PROVIDERS[kind.split(":", 1)[0]])), RULE)


@pytest.mark.parametrize("resource", [LOG_GROUP, EKS, TEMPLATE, GKE, GCP_BUCKET, AKS, BUCKET_KEY], ids=lambda r: r.name)
def test_a_key_that_is_not_known_yet_counts(resource: Planned) -> None:
    assert found(analyze(resource), RULE) == []


def test_an_empty_key_is_none() -> None:
    assert one(analyze(LOG_GROUP.but(kmsKeyId="")), RULE).found == "no kmsKeyId"


def test_a_disk_that_is_not_encrypted_fails() -> None:
    disks = [{"ebs": {"encrypted": "false", "kmsKeyId": UNKNOWN}}]
    assert one(analyze(TEMPLATE.but(blockDeviceMappings=disks)), RULE).found == "ebs.encrypted is not true"


def test_one_disk_without_a_key_among_others_fails() -> None:
    disks = [*TEMPLATE.props["blockDeviceMappings"], {"ebs": {"encrypted": "true"}}]
    assert one(analyze(TEMPLATE.but(blockDeviceMappings=disks)), RULE).found == "no ebs.kmsKeyId"


def test_disks_that_are_not_known_are_undecided_and_fail() -> None:
    assert one(analyze(TEMPLATE.but(blockDeviceMappings=[UNKNOWN])), RULE).verdict == "undecided"
    assert one(analyze(TEMPLATE.but(blockDeviceMappings=UNKNOWN)), RULE).verdict == "undecided"


def test_a_default_node_pool_that_stays_needs_its_own_key() -> None:
    assert one(analyze(GKE.but(removeDefaultNodePool=None)), RULE).found == "no nodeConfig.bootDiskKmsKey"


def test_node_pools_within_a_cluster_are_read_too() -> None:
    assert one(analyze(GKE.but(nodePools=[{"name": "p"}])), RULE).found == "no nodeConfig.bootDiskKmsKey"
    assert found(analyze(GKE.but(nodePools=[{"nodeConfig": {"bootDiskKmsKey": UNKNOWN}}])), RULE) == []


def test_a_node_group_without_a_launch_template_fails() -> None:
    group = Planned(type="aws:eks/nodeGroup:NodeGroup", provider=AWS)
    assert "no launchTemplate" in one(analyze(group), RULE).found
    assert found(analyze(group.but(launchTemplate={"id": UNKNOWN})), RULE) == []


def test_a_bucket_needs_its_encryption_beside_it() -> None:
    assert "no default encryption" in one(analyze_stack(AWS, KEY, AWS_BUCKET), RULE).found
    computed = AWS_BUCKET.but(serverSideEncryptionConfiguration=UNKNOWN)
    assert "no default encryption" in one(analyze_stack(AWS, KEY, computed), RULE).found
    assert found(analyze_stack(AWS, KEY, AWS_BUCKET, BUCKET_KEY), RULE) == []


def test_the_cloud_s_own_algorithm_fails() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": UNKNOWN, "sseAlgorithm": "AES256"}}]
    assert "'AES256'" in one(analyze(BUCKET_KEY.but(rules=rules)), RULE).found


def test_a_secret_setting_is_not_shown() -> None:
    hidden = GKE.but(databaseEncryption={"state": secret("CANARY"), "keyName": UNKNOWN})
    assert one(analyze(hidden), RULE).found == "(a secret value, not shown)"
