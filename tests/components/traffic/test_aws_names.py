"""The zone at Route 53: signature, logs, checks, and the record trees of the algorithms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.traffic.aws_checks import CHECKERS, wanted
from components.traffic.aws_names import AwsNames
from config.model import Algorithm
from tests.components.traffic.aws_traffic import OUTPUTS, backend, front, names_args

RECORD = "aws:route53/record:Record"
HOST = "trading-us.prod.nautilus.example"
ACTIVE = (backend("us-aws", 0.5), backend("us-gcp", 0.3), backend("us-azure", 0.2))
STANDBY = (
    backend("ca-aws", 0.0, standby=True, home=False),
    backend("us-azure", 0.0, standby=True),
)


@pytest.fixture(scope="module")
def names(record: Any, aws_location: Any, aws_account: Any, labels: Any) -> Any:
    def run(*fronts: Any, region: str = "us-east-1", **more: Any) -> Any:
        location = aws_location.model_copy(update={"region": region})
        args = names_args(location, aws_account, labels, *fronts, **more)
        return record(lambda: AwsNames("names-aws", args), OUTPUTS)

    return run


def tree(recording: Any) -> dict[str, dict[str, Any]]:
    """The front's records by role."""
    prefix, suffix = "names-aws-trading-us-", "-record"
    records = recording.of(RECORD)
    return {name[len(prefix) : -len(suffix)]: one for name, one in records.items() if name.startswith(prefix)}


def leads(one: dict[str, Any]) -> str:
    """What a record leads to; a name of the front's own tree by its label."""
    found = str(one["aliases"][0]["name"] if "aliases" in one else one["records"][0])
    return found.removesuffix(f".{HOST}")


def at(records: dict[str, dict[str, Any]], label: str) -> dict[str, dict[str, Any]]:
    """The records of one name of the tree, by set identifier."""
    return {one["setIdentifier"]: one for one in records.values() if one["name"] == f"{label}.{HOST}"}


def weighed(records: dict[str, dict[str, Any]], label: str) -> dict[str, int]:
    """The weights at one name of the tree, by endpoint."""
    return {key: one["weightedRoutingPolicies"][0]["weight"] for key, one in at(records, label).items()}


def chain(records: dict[str, dict[str, Any]]) -> list[str]:
    """What answers one after the other, by label, from the front's own name on."""
    found, label = [], leads(records["host"])
    while label.startswith("failover"):
        steps = at(records, label)
        assert steps["primary"]["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
        assert steps["secondary"]["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
        found.append(leads(steps["primary"]))
        label = leads(steps["secondary"])
    return [*found, label]


def test_a_zone_in_full(names: Any, golden: Any) -> None:
    client = front(Algorithm.WEIGHTED, *ACTIVE[:2], service="client", tier=3)
    golden("aws_names", names(front(Algorithm.LATENCY, *ACTIVE, STANDBY[0]), client).lines())


def test_the_zone_is_signed_with_a_key_that_only_route_53_signs_with(names: Any, statements: Any) -> None:
    seen = names(front(Algorithm.LATENCY, *ACTIVE))
    key = seen.one("names-aws-signing")
    assert key.protect
    assert (key.inputs["customerMasterKeySpec"], key.inputs["keyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert "enableKeyRotation" not in key.inputs
    policy = statements(key.inputs["policy"])
    assert policy["SignZones"]["Principal"] == {"Service": ["dnssec-route53.amazonaws.com"]}
    assert policy["SignZones"]["Condition"]["StringEquals"] == {"aws:SourceAccount": "100000000001"}
    assert "kms:ScheduleKeyDeletion" not in policy["Deploy"]["Action"]
    assert seen.one("names-aws-signature").inputs["signingStatus"] == "SIGNING"
    assert "names-aws-signer" in seen.one("names-aws-signature").waits_for


def test_queries_are_logged_under_the_key_once_route_53_may_write(names: Any) -> None:
    seen = names(front(Algorithm.LATENCY, *ACTIVE))
    assert seen.one("names-aws-queries").inputs["kmsKeyId"] == "arn:key"
    policy = json.loads(seen.one("names-aws-queries-policy").inputs["policyDocument"])["Statement"][0]
    assert policy["Principal"] == {"Service": ["route53.amazonaws.com"]}
    assert policy["Resource"] == ["arn:aws:logs:us-east-1:100000000001:log-group:/aws/route53/prod.nautilus.example:*"]
    assert "names-aws-queries-policy" in seen.one("names-aws-query-log").waits_for


def test_without_a_key_there_are_no_query_logs(names: Any) -> None:
    assert names(front(Algorithm.LATENCY, *ACTIVE), log_key=None).of("aws:route53/queryLog:QueryLog") == {}


def test_no_such_name_is_forgotten_as_fast_as_an_answer(names: Any) -> None:
    soa = names(front(Algorithm.LATENCY, *ACTIVE)).one("names-aws-soa-record").inputs
    assert soa["records"] == ["ns-1.test. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 10"]
    assert soa["ttl"] == 10


def test_checks_are_one_a_tier_0_class_and_one_for_the_rest(names: Any) -> None:
    trading = front(Algorithm.LATENCY, *ACTIVE[:2])
    client = front(Algorithm.WEIGHTED, ACTIVE[0], service="client", tier=3)
    assert {role: (one.endpoint, one.port) for role, one in wanted({"a": trading, "b": client}).items()} == {
        "us-aws": ("us-aws", 8443),
        "us-aws-trading": ("us-aws", 443),
        "us-gcp-trading": ("us-gcp", 443),
    }
    check = names(trading).one("names-aws-us-gcp-trading-health").inputs
    assert (check["type"], check["ipAddress"], check["port"]) == ("HTTPS", "34.1.2.2", 443)
    assert (check["fqdn"], check["enableSni"], check["resourcePath"]) == (HOST, True, "/healthz")
    assert (check["requestInterval"], check["failureThreshold"]) == (10, 1)
    assert tuple(check["regions"]) == CHECKERS


def test_every_address_record_of_a_front_has_a_check_and_the_ttl(names: Any) -> None:
    records = tree(names(front(Algorithm.OPTIMISED, *ACTIVE, STANDBY[0])))
    endpoints = [role for role in records if "healthCheckId" in records[role]]
    assert sorted(endpoints) == ["ca-aws", "us-aws", "us-azure", "us-gcp"]
    for role, one in records.items():
        if role in endpoints:
            assert one["healthCheckId"] == f"names-aws-{role}-trading-health-id"
            assert (one["name"], one["setIdentifier"]) == (f"{role}.{HOST}", role)
            assert ("aliases" in one, one["ttl"]) == (False, 10)
        else:
            assert one["aliases"][0]["evaluateTargetHealth"] is True


def test_every_name_of_a_front_follows_one_policy(names: Any) -> None:
    records = tree(names(front(Algorithm.LATENCY, *ACTIVE, STANDBY[0])))
    policies: dict[str, set[str]] = {}
    for one in records.values():
        policies.setdefault(one["name"], set()).update(key for key in one if "outingPolic" in key)
    assert policies.pop(HOST) == set()
    assert {len(found) for found in policies.values()} == {1}


@pytest.mark.parametrize("algorithm", [Algorithm.WEIGHTED, Algorithm.LOAD_BALANCED, Algorithm.OPTIMISED])
def test_weights_are_the_shares(names: Any, algorithm: Algorithm) -> None:
    records = tree(names(front(algorithm, *ACTIVE)))
    assert chain(records) == ["weighted"]
    assert weighed(records, "weighted") == {"us-aws": 50, "us-gcp": 30, "us-azure": 20}
    assert {key: leads(one) for key, one in at(records, "weighted").items()} == {
        "us-aws": "us-aws",
        "us-gcp": "us-gcp",
        "us-azure": "us-azure",
    }


def test_latency_takes_regions_and_shares_between_two_of_one(names: Any) -> None:
    records = tree(names(front(Algorithm.LATENCY, *ACTIVE)))
    assert chain(records) == ["latency"]
    found = at(records, "latency")
    assert {key: one["latencyRoutingPolicies"] for key, one in found.items()} == {
        "us-aws": [{"region": "us-east-1"}],
        "us-gcp": [{"region": "us-west-2"}],
    }
    assert {key: leads(one) for key, one in found.items()} == {"us-aws": "near-us-aws", "us-gcp": "us-gcp"}
    assert weighed(records, "near-us-aws") == {"us-aws": 71, "us-azure": 29}


def test_geolocation_takes_the_endpoints_coordinates(names: Any) -> None:
    records = tree(names(front(Algorithm.GEOLOCATION, *ACTIVE)))
    assert chain(records) == ["nearest"]
    assert at(records, "nearest")["us-gcp"]["geoproximityRoutingPolicy"] == {
        "coordinates": [{"latitude": "34.05", "longitude": "-118.24"}]
    }


def test_standby_endpoints_answer_only_behind_the_active_ones(names: Any) -> None:
    records = tree(names(front(Algorithm.WEIGHTED, ACTIVE[0], ACTIVE[1], *STANDBY)))
    assert chain(records) == ["weighted", "ca-aws", "us-azure"]
    assert set(weighed(records, "weighted")) == {"us-aws", "us-gcp"}
    assert [leads(records[role]) for role in ("ca-aws", "us-azure")] == ["34.1.2.4", "34.1.2.3"]
    assert records["ca-aws"]["records"] == ["34.1.2.4", "75.2.1.2"]
    assert records["us-azure"]["records"] == ["34.1.2.3"]


def test_aliases_wait_for_what_they_lead_to(names: Any) -> None:
    seen = names(front(Algorithm.WEIGHTED, ACTIVE[0], ACTIVE[1], *STANDBY))
    logical = "names-aws-trading-us-{}-record".format
    assert {logical("weighted-us-aws"), logical("weighted-us-gcp")} <= seen.one(logical("failover-primary")).waits_for
    assert {logical("failover-primary"), logical("failover-secondary")} <= seen.one(logical("host")).waits_for
    assert logical("us-gcp") in seen.one(logical("weighted-us-gcp")).waits_for


def test_health_priority_is_a_chain_that_begins_where_the_share_is(names: Any) -> None:
    whole = (backend("us-aws", 1.0), backend("us-gcp", 0.0), backend("us-azure", 0.0))
    assert chain(tree(names(front(Algorithm.HEALTH_PRIORITY, *whole)))) == ["us-aws", "us-gcp", "us-azure"]
    moved = (backend("us-aws", 0.0), backend("us-gcp", 1.0), backend("us-azure", 0.0))
    assert chain(tree(names(front(Algorithm.HEALTH_PRIORITY, *moved)))) == ["us-gcp", "us-aws", "us-azure"]


@pytest.mark.parametrize("algorithm", [one for one in Algorithm if one is not Algorithm.COMPLIANCE])
def test_shares_decide_while_a_shift_is_on_its_way(names: Any, algorithm: Algorithm) -> None:
    records = tree(names(front(algorithm, backend("us-aws", 0.75), backend("us-gcp", 0.25), STANDBY[0], shifting=True)))
    assert chain(records) == ["weighted", "ca-aws"]
    assert weighed(records, "weighted") == {"us-aws": 75, "us-gcp": 25}


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_shift_changes_records_where_they_stand_and_makes_policies_at_new_names(names: Any, algorithm: Algorithm) -> None:
    """Route 53 refuses a record of another policy, or a second one of a kind, beside those that are there."""
    steps = (
        (1.0, 0.0, False),
        (0.75, 0.25, True),
        (0.25, 0.75, True),
        (0.0, 1.0, False),
    )
    seen: dict[str, dict[str, Any]] = {}
    for first, second, shifting in steps:
        backends = (backend("us-aws", first), backend("us-gcp", second), backend("us-azure", 0.0, standby=True))
        records = tree(names(front(algorithm, *backends, shifting=shifting)))
        for role, one in records.items():
            before = seen.setdefault(role, one)
            kept = ("name", "setIdentifier", *(key for key in before if "outingPolic" in key and "weighted" not in key))
            assert {key: one.get(key) for key in kept} == {key: before.get(key) for key in kept}
    kinds: dict[str, set[str]] = {}
    for one in seen.values():
        kinds.setdefault(one["name"], set()).add(next((key for key in one if "outingPolic" in key), "simple"))
    assert {len(found) for found in kinds.values()} == {1}


def test_whom_a_shift_has_taken_everything_from_stands_behind(names: Any) -> None:
    drained = (backend("us-aws", 0.0), backend("us-gcp", 0.6), backend("us-azure", 0.4))
    records = tree(names(front(Algorithm.LATENCY, *drained, STANDBY[0])))
    assert chain(records) == ["latency", "us-aws", "ca-aws"]
    # The place that it shares with another keeps its name.
    assert {key: leads(one) for key, one in at(records, "latency").items()} == {"us-gcp": "us-gcp", "us-aws": "us-azure"}


def test_compliance_answers_home_countries_with_home_endpoints_alone(names: Any) -> None:
    records = tree(names(front(Algorithm.COMPLIANCE, *ACTIVE[:2], *STANDBY)))
    assert leads(records["host"]) == "countries"
    assert {key: one["geolocationRoutingPolicies"] for key, one in at(records, "countries").items()} == {
        "us": [{"country": "US"}],
        "pr": [{"country": "PR"}],
    }
    assert {leads(one) for one in at(records, "countries").values()} == {"failover"}
    assert {key: leads(one) for key, one in at(records, "failover").items()} == {
        "primary": "weighted",
        "secondary": "us-azure",
    }
    assert weighed(records, "weighted") == {"us-aws": 63, "us-gcp": 37}
    assert "ca-aws" not in {one.get("setIdentifier") for one in records.values()}


def test_compliance_without_a_home_endpoint_is_refused(names: Any) -> None:
    with pytest.raises(ValueError, match="home endpoints only and has none"):
        names(front(Algorithm.COMPLIANCE, STANDBY[0]))


def test_a_front_without_endpoints_is_refused(names: Any) -> None:
    with pytest.raises(ValueError, match="front trading-us has no lawful endpoint: halt it, or add one"):
        names(front(Algorithm.LATENCY))


def test_a_halted_front_says_so_and_has_no_address(names: Any) -> None:
    records = tree(names(front(Algorithm.LATENCY, halted=True)))
    assert list(records) == ["halted"]
    found = records["halted"]
    assert (found["name"], found["type"], found["ttl"], found["records"]) == (HOST, "TXT", 10, ["halted"])


def test_a_single_endpoint_is_a_record_with_a_check(names: Any) -> None:
    records = tree(names(front(Algorithm.WEIGHTED, backend("us-gcp", 0.0))))
    assert chain(records) == ["us-gcp"]
    assert records["us-gcp"]["weightedRoutingPolicies"] == [{"weight": 100}]
    assert records["us-gcp"]["healthCheckId"] == "names-aws-us-gcp-trading-health-id"


def test_names_of_another_region_are_refused(names: Any) -> None:
    with pytest.raises(ValueError, match="us-east-1 only, not in us-west-2"):
        names(front(Algorithm.LATENCY, *ACTIVE), region="us-west-2")
