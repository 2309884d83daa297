from __future__ import annotations

from tests.policies.analyzer import analyze_stack, found, one
from tests.policies.planned import AWS, KEY, LOG_GROUP, TAGS, US_AWS

RULE = "KEY-008"


def test_a_key_of_one_jurisdiction_s_stores_passes() -> None:
    assert found(analyze_stack(AWS, KEY, LOG_GROUP), RULE) == []


def test_a_store_in_another_jurisdiction_fails() -> None:
    finding = one(analyze_stack(AWS, US_AWS, KEY, LOG_GROUP.under(US_AWS)), RULE)
    assert finding.resource == KEY.urn
    assert "used by logs (kmsKeyId)" in finding.found
    assert "lies in us" in finding.found


def test_a_store_that_serves_another_jurisdiction_fails() -> None:
    japanese = LOG_GROUP.but(tags={**TAGS, "nautilus:jurisdiction": "jp"})
    assert "which serves jp" in one(analyze_stack(AWS, KEY, japanese), RULE).found
