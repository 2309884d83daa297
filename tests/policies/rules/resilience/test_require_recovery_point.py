from __future__ import annotations

from policies.kit.registry import Pack
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found, one, secret
from tests.policies.planned import AWS, VPC

RULE = "FLT-002"
STORE = Planned(type="aws:rds/cluster:Cluster", name="orders", provider=AWS, props={"engine": "aurora-postgresql"})


def test_a_stack_without_stores_loses_nothing() -> None:
    assert found(analyze_stack(AWS, VPC, pack=Pack.RESILIENCE), RULE) == []


def test_a_store_whose_replication_nobody_reads_is_named() -> None:
    hit = one(analyze_stack(AWS, VPC, STORE, pack=Pack.RESILIENCE), RULE)
    assert hit.resource == STORE.urn
    assert "orders" in hit.found
    assert hit.allowed == "at most 5 s of data lost"


def test_unknown_and_secret_settings_of_a_store_decide_nothing_for_it() -> None:
    for value in (UNKNOWN, secret("aurora-postgresql")):
        hit = one(analyze_stack(AWS, STORE.but(engine=value), pack=Pack.RESILIENCE), RULE)
        assert "aurora" not in hit.found


def test_each_store_is_told() -> None:
    other = Planned(type="gcp:sql/databaseInstance:DatabaseInstance", name="limits")
    hits = found(analyze_stack(AWS, STORE, other, pack=Pack.RESILIENCE), RULE)
    assert [hit.resource for hit in hits] == [STORE.urn, other.urn]
