"""The AWS keys: what is registered, and who may do what with them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pulumi
import pytest

from components.keys.args import KeysArgs, Purpose
from components.keys.aws import AwsKeys
from components.keys.aws_policy import key_policy

KEY = "aws:kms/key:Key"


@pytest.fixture(scope="module")
def args(aws_location: Any, aws_account: Any, key_rules: Any, labels: Any) -> Any:
    return KeysArgs(
        location=aws_location,
        account=aws_account,
        rules=key_rules,
        purposes=tuple(Purpose),
        labels=labels,
        deletion_protection=True,
    )


def test_one_key_and_one_alias_a_purpose(record: Any, golden: Any, args: Any) -> None:
    golden("aws_all_purposes", record(lambda: AwsKeys("one", args)).lines())


def test_recovery_has_the_data_key_only(record: Any, args: Any) -> None:
    seen = record(lambda: AwsKeys("one-recovery", dataclasses.replace(args, purposes=(Purpose.DATA,))))
    assert list(seen.of(KEY)) == ["one-recovery-data"]


def test_keys_stay_in_their_region_and_rotate(record: Any, args: Any) -> None:
    seen = record(lambda: AwsKeys("one", args))
    for name, inputs in seen.of(KEY).items():
        assert inputs["multiRegion"] is False, name
        assert inputs["enableKeyRotation"] is True, name
        assert inputs["rotationPeriodInDays"] == 365, name
        assert inputs["bypassPolicyLockoutSafetyCheck"] is False, name
        assert inputs["tags"]["nautilus:jurisdiction"] == "us", name


def test_deletion_window_is_the_longest_of_aws_where_the_rules_ask_for_more(record: Any, args: Any) -> None:
    seen = record(lambda: AwsKeys("one", args))
    assert {inputs["deletionWindowInDays"] for inputs in seen.of(KEY).values()} == {30}


def test_deletion_window_is_the_rules_where_aws_allows_it(record: Any, args: Any) -> None:
    shorter = dataclasses.replace(args, rules=args.rules.model_copy(update={"deletion_window_days": 14}))
    seen = record(lambda: AwsKeys("one", shorter))
    assert {inputs["deletionWindowInDays"] for inputs in seen.of(KEY).values()} == {14}


@pytest.mark.parametrize("protected", [True, False])
def test_protection_follows_the_environment(record: Any, args: Any, protected: bool) -> None:
    seen = record(lambda: AwsKeys("one", dataclasses.replace(args, deletion_protection=protected)))
    assert seen.protected() == ({f"one-{purpose}" for purpose in Purpose} if protected else set())


def test_arns_by_purpose(record: Any, args: Any) -> None:
    arns = {}

    def program() -> None:
        keys = AwsKeys("one", args)
        assert list(keys.keys) == list(Purpose)
        pulumi.Output.all(**{str(purpose): arn for purpose, arn in keys.keys.items()}).apply(arns.update)

    record(program)
    assert arns == {str(purpose): f"arn:one-{purpose}" for purpose in Purpose}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("protected", [True, False])
def test_principals_are_exact_and_of_the_account(args: Any, purpose: Purpose, protected: bool) -> None:
    document = json.loads(key_policy(dataclasses.replace(args, deletion_protection=protected), purpose))
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        for principal in statement["Principal"].get("AWS", ()):
            assert principal.startswith("arn:aws:iam::100000000001:"), statement["Sid"]
            assert "*" not in principal
            if principal.endswith(":root"):
                assert statement["Condition"], f"{statement['Sid']}: the account as a whole, without a condition"
        for service in statement["Principal"].get("Service", ()):
            assert service in {"logs.us-east-1.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"}


def test_administrators_manage_and_cannot_use(args: Any, statements: Any) -> None:
    for purpose in Purpose:
        held = [
            action
            for statement in statements(key_policy(args, purpose)).values()
            if args.account.administrators in statement["Principal"].get("AWS", ())
            for action in statement["Action"]
        ]
        assert "kms:ScheduleKeyDeletion" in held
        assert not {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"} & set(held)


@pytest.mark.parametrize("protected", [True, False])
def test_deployer_destroys_only_what_is_not_protected(args: Any, statements: Any, protected: bool) -> None:
    policy = statements(key_policy(dataclasses.replace(args, deletion_protection=protected), Purpose.DATA))
    assert ("kms:ScheduleKeyDeletion" in policy["Deploy"]["Action"]) is not protected
    assert "kms:PutKeyPolicy" in policy["Deploy"]["Action"], "or KMS's lockout check refuses the key"


def test_no_action_is_a_wildcard(args: Any) -> None:
    for purpose in Purpose:
        for statement in json.loads(key_policy(args, purpose))["Statement"]:
            assert not [action for action in statement["Action"] if "*" in action]


def test_logs_use_the_key_for_this_accounts_log_groups(args: Any, statements: Any) -> None:
    policy = statements(key_policy(args, Purpose.LOGS))
    assert policy["UseByLogs"]["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:100000000001:log-group:*"}
    }


def test_volumes_are_for_auto_scaling_and_ec2(args: Any, statements: Any) -> None:
    policy = statements(key_policy(args, Purpose.VOLUMES))
    role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    assert policy["UseByAutoScaling"]["Principal"] == {"AWS": [f"arn:aws:iam::100000000001:{role}"]}
    assert policy["GrantByAutoScaling"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert policy["UseThroughServices"]["Condition"] == {"StringEquals": {"kms:ViaService": ["ec2.us-east-1.amazonaws.com"]}}


def test_cluster_key_is_granted_by_the_deployer_alone(args: Any, statements: Any) -> None:
    policy = statements(key_policy(args, Purpose.CLUSTER))
    assert policy["GrantToCluster"]["Principal"] == {"AWS": [args.account.deployer]}
    assert "Condition" not in policy["GrantToCluster"], "EKS does not support kms:GrantIsForAWSResource"


def test_a_label_no_cloud_takes_is_refused(record: Any, args: Any) -> None:
    bad = dataclasses.replace(args, labels={"owner": "Trading Desk"})
    with pytest.raises(ValueError, match="label owner = 'Trading Desk'"):
        record(lambda: AwsKeys("one", bad))
