from __future__ import annotations

import pytest

from policies.kit.location_entries import ENTRIES, How
from tests.policies.analyzer import Planned, analyze, found, one
from tests.policies.planned import AWS, GCP

RULE = "RES-006"


@pytest.mark.parametrize("kind", ["aws:iam/role:Role", "aws:iam/policy:Policy"])
def test_a_listed_global_type_passes(kind: str) -> None:
    assert found(analyze(Planned(type=kind, provider=AWS)), RULE) == []


@pytest.mark.parametrize(
    ("kind", "provider"),
    [("aws:dynamodb/globalTable:GlobalTable", AWS), ("gcp:kms/autokeyConfig:AutokeyConfig", GCP)],
    ids=["table", "autokey"],
)
def test_a_type_that_spreads_data_fails(kind: str, provider: Planned) -> None:
    assert kind in one(analyze(Planned(type=kind, provider=provider)), RULE).found


def test_every_type_without_a_place_has_a_reason() -> None:
    assert [kind for kind, entry in ENTRIES.items() if entry.how in (How.NOWHERE, How.REFUSED) and not entry.reason] == []
