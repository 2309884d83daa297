"""A provider is pinned to one account and one region, and brings nothing real."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nautilus.sandbox.aws.account import configure
from nautilus.sandbox.handler import Refused

GOOD = {"region": "eu-central-1", "allowedAccountIds": ["111122223333"]}


def test_account_region_and_default_tags() -> None:
    tags = json.dumps({"tags": {"a": "b"}})
    target = configure({**GOOD, "allowedAccountIds": json.dumps(["111122223333"]), "defaultTags": tags})
    assert (target.account, target.region, target.settings) == ("111122223333", "eu-central-1", {"defaultTags": {"a": "b"}})


def test_the_last_assumed_role_gives_the_account() -> None:
    roles = [{"roleArn": "arn:aws:iam::444455556666:role/hub"}, {"roleArn": "arn:aws:iam::111122223333:role/deployer"}]
    assert configure({"region": "eu-central-1", "assumeRoles": roles}).account == "111122223333"


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"region": None}, "region: a provider needs an explicit region"),
    ({"region": "eu-central-9"}, "region: 'eu-central-9' is not a region"),
    ({"allowedAccountIds": None}, "exactly one account"),
    ({"allowedAccountIds": ["111122223333", "444455556666"]}, "exactly one account"),
    ({"allowedAccountIds": ["12"]}, "is not 12 digits"),
    ({"assumeRoles": [{"roleArn": "arn:aws:iam::444455556666:role/x"}]}, "account ID not allowed: 444455556666"),
    ({"assumeRoles": [{"roleArn": "deployer"}]}, "is not the ARN of an IAM role"),
    ({"forbiddenAccountIds": ["111122223333"]}, "account ID not allowed"),
    ({"accessKey": "AKIA" + "X" * 16}, "accessKey: a sandbox takes no real credentials"),
    ({"profile": "production"}, "profile: a sandbox takes no real credentials"),
    ({"endpoints": [{"s3": "https://s3.example.com"}]}, "is not on the loopback"),
)


@pytest.mark.parametrize(("change", "match"), REFUSED)
def test_refused_configurations(change: dict[str, Any], match: str) -> None:
    with pytest.raises(Refused, match=match):
        configure({**GOOD, **change})
