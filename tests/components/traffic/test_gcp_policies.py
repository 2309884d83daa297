"""How each algorithm becomes a policy of Cloud DNS, for one, several and standby backends."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.traffic.gcp_policies import WEIGHTS, Failover, Nearest, Weighted, policy, weights
from config.model import Algorithm
from tests.components.gcp_front import REGIONS, backend, front

GCP, AWS = backend("us-gcp", 0.75), backend("us-aws", 0.25)
HOME_STANDBY = backend("us-azure", 0, standby=True)
FOREIGN = backend("ca-aws", 0, home=False, standby=True)


@pytest.mark.parametrize("algorithm", [Algorithm.WEIGHTED, Algorithm.LOAD_BALANCED, Algorithm.OPTIMISED])
def test_weights_with_standby_backends_at_zero(algorithm: Algorithm) -> None:
    found = policy(front(algorithm, GCP, AWS, FOREIGN), REGIONS)
    assert found == Weighted(weights={"us-gcp": 750, "us-aws": 250, "ca-aws": 0})


def test_compliance_names_no_foreign_backend() -> None:
    found = policy(front(Algorithm.COMPLIANCE, GCP, AWS, HOME_STANDBY, FOREIGN), REGIONS)
    assert found == Weighted(weights={"us-gcp": 750, "us-aws": 250, "us-azure": 0})


def test_compliance_without_a_backend_at_home_is_refused() -> None:
    with pytest.raises(ValueError, match="front trading-us: no backend may answer"):
        policy(front(Algorithm.COMPLIANCE, FOREIGN), REGIONS)


def test_health_priority_is_the_one_with_the_share_then_the_lawful_second() -> None:
    whole = (backend("us-gcp", 1.0), backend("us-aws", 0), HOME_STANDBY, FOREIGN)
    found = policy(front(Algorithm.HEALTH_PRIORITY, *whole), REGIONS)
    assert found == Failover(primary="us-gcp", backups=Nearest(places={"us-east4": "us-aws"}))


def test_health_priority_begins_where_a_shift_has_taken_the_share() -> None:
    found = policy(front(Algorithm.HEALTH_PRIORITY, backend("us-gcp", 0), backend("us-aws", 1.0), FOREIGN), REGIONS)
    assert found == Failover(primary="us-aws", backups=Nearest(places={"us-west2": "us-gcp"}))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_shares_decide_while_a_shift_is_on_its_way(algorithm: Algorithm) -> None:
    found = policy(dataclasses.replace(front(algorithm, GCP, AWS, HOME_STANDBY, FOREIGN), shifting=True), REGIONS)
    assert found == Weighted(weights={"us-gcp": 750, "us-aws": 250, "us-azure": 0})


@pytest.mark.parametrize("algorithm", [Algorithm.LATENCY, Algorithm.GEOLOCATION])
def test_nearness_leaves_out_whom_a_shift_has_taken_everything_from(algorithm: Algorithm) -> None:
    backends = (backend("us-gcp", 0), backend("us-aws", 0.5), backend("us-azure", 0.5))
    assert policy(front(algorithm, *backends), REGIONS) == Nearest(places={"us-east4": "us-aws", "us-central1": "us-azure"})


def test_the_lawful_second_stands_alone_behind_several() -> None:
    found = policy(front(Algorithm.WEIGHTED, GCP, AWS, HOME_STANDBY, FOREIGN), REGIONS)
    assert found == Weighted(weights={"us-gcp": 750, "us-aws": 250, "us-azure": 0})


def test_health_priority_with_one_active_backend_falls_back_to_standby() -> None:
    found = policy(front(Algorithm.HEALTH_PRIORITY, GCP, FOREIGN), REGIONS)
    assert found == Failover(primary="us-gcp", backups=Nearest(places={"northamerica-northeast1": "ca-aws"}))


@pytest.mark.parametrize("algorithm", [Algorithm.LATENCY, Algorithm.GEOLOCATION])
def test_nearness_names_active_backends_only(algorithm: Algorithm) -> None:
    found = policy(front(algorithm, GCP, AWS, FOREIGN), REGIONS)
    assert found == Nearest(places={"us-west2": "us-gcp", "us-east4": "us-aws"})


@pytest.mark.parametrize("algorithm", [Algorithm.LATENCY, Algorithm.GEOLOCATION])
def test_nearness_with_one_active_backend_keeps_the_lawful_second_behind_it(algorithm: Algorithm) -> None:
    # The foreign one would be answered to clients near it while the home's own is healthy.
    found = policy(front(algorithm, GCP, HOME_STANDBY, FOREIGN), REGIONS)
    assert found == Failover(primary="us-gcp", backups=Nearest(places={"us-central1": "us-azure"}))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_single_backend_answers_alone(algorithm: Algorithm) -> None:
    assert policy(front(algorithm, GCP), REGIONS) == Weighted(weights={"us-gcp": WEIGHTS})


@pytest.mark.parametrize("algorithm", [Algorithm.HEALTH_PRIORITY, Algorithm.LATENCY])
def test_where_all_stand_by_the_first_is_the_active_one(algorithm: Algorithm) -> None:
    found = policy(front(algorithm, HOME_STANDBY, FOREIGN), REGIONS)
    assert found == Failover(primary="us-azure", backups=Nearest(places={"northamerica-northeast1": "ca-aws"}))


def test_one_region_stands_for_one_backend_the_first() -> None:
    found = policy(front(Algorithm.LATENCY, GCP, AWS), {**REGIONS, "us-aws": "us-west2"})
    assert found == Nearest(places={"us-west2": "us-gcp"})


def test_weights_go_to_the_largest_remainder_and_the_earlier_backend() -> None:
    thirds = [backend(name, 1 / 3) for name in ("us-gcp", "us-aws", "us-azure")]
    assert weights(thirds) == {"us-gcp": 334, "us-aws": 333, "us-azure": 333}


def test_without_a_share_all_are_alike() -> None:
    assert weights([backend("us-gcp", 0), backend("us-aws", 0)]) == {"us-gcp": 500, "us-aws": 500}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=8))
def test_weights_always_sum_and_are_within_one_of_the_share(shares: list[float]) -> None:
    found = weights(
        [dataclasses.replace(backend("us-gcp", share), endpoint=f"e{place}") for place, share in enumerate(shares)]
    )
    assert sum(found.values()) == WEIGHTS
    total = sum(shares)
    for place, share in enumerate(shares):
        exact = WEIGHTS * (share / total if total > 0 else 1 / len(shares))
        assert abs(found[f"e{place}"] - exact) <= 1
