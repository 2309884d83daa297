"""Simulated failures never outlast the closed form, and the worst one takes exactly as long (FO-3)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautilus.federation.chain import Chain, Expiring, Phase, Probing, Sampling, Stage, Waiting, slowest
from nautilus.federation.course import play, spread

FIGURES = st.floats(min_value=0, max_value=120, allow_nan=False).map(lambda figure: round(figure, 3))
TOLERANCE = 1e-6


def probing(interval: float, threshold: int, timeout: float, checkers: int = 1, quorum: float = 1.0) -> Probing:
    return Probing(
        phase=Phase.DETECTION,
        subject="check",
        says="",
        mend="",
        interval_s=interval,
        threshold=threshold,
        timeout_s=timeout,
        checkers=checkers,
        quorum=quorum,
    )


def waiting(most: float, subject: str = "spread") -> Waiting:
    return Waiting(phase=Phase.CONVERGENCE, subject=subject, says="spreads", mend="", most_s=most)


def expiring(ttl: float) -> Expiring:
    return Expiring(phase=Phase.CONVERGENCE, subject="record", says=f"TTL {ttl:g} s", mend="", ttl_s=ttl)


def sampling(interval: float) -> Sampling:
    return Sampling(phase=Phase.DETECTION, subject="balancer", says="", mend="", interval_s=interval)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    probes = st.builds(
        probing,
        FIGURES,
        st.integers(1, 10),
        FIGURES,
        st.integers(1, 20),
        st.floats(min_value=0.05, max_value=1),
    )
    before: list[Stage] = draw(st.lists(st.one_of(probes, FIGURES.map(sampling), FIGURES.map(waiting)), max_size=3))
    after: list[Stage] = [expiring(draw(FIGURES)), waiting(draw(FIGURES), "clients")]
    return Chain(by="test", stages=(*before, *after))


@given(chains())
def test_the_worst_course_takes_the_closed_form(chain: Chain) -> None:
    assert play(chain).rto_s == pytest.approx(chain.worst_s, abs=TOLERANCE)


@given(chains(), st.integers(0, 10_000))
def test_no_course_leaves_the_closed_bounds(chain: Chain, seed: int) -> None:
    found = play(chain, seed=seed, clients=5)
    assert chain.best_s - TOLERANCE <= found.served[0] <= found.rto_s <= chain.worst_s + TOLERANCE


@given(chains(), st.integers(0, 10_000))
def test_the_same_seed_gives_the_same_course(chain: Chain, seed: int) -> None:
    assert play(chain, seed=seed, clients=3) == play(chain, seed=seed, clients=3)


def test_many_courses_come_within_a_tick_of_the_worst() -> None:
    chain = Chain(by="test", stages=(probing(1, 2, 1), waiting(1, "clients")))
    found = spread(chain, seed=7, runs=400)
    assert chain.worst_s - 1 <= found.most_s <= chain.worst_s
    assert found.least_s <= found.median_s <= found.p95_s <= found.most_s


def test_a_quorum_waits_for_enough_checkers_and_no_longer() -> None:
    few, many = probing(10, 1, 0, checkers=20, quorum=0.1), probing(10, 1, 0, checkers=20, quorum=1.0)
    early, late = (spread(Chain(by="test", stages=(one,)), seed=1, clients=1) for one in (few, many))
    assert early.median_s < 2
    assert late.median_s > 8


def test_eighteen_per_cent_of_fifteen_checkers_decide_at_the_thirteenth() -> None:
    found = play(Chain(by="test", stages=(probing(10, 1, 4, checkers=15, quorum=0.82),)))
    assert found.moments[1].says == "unhealthy: 13 of 15 checkers agree"


def test_the_time_line_is_in_order_and_ends_with_the_last_client() -> None:
    chain = Chain(by="test", stages=(probing(10, 2, 6), waiting(10), expiring(5), waiting(1, "clients")))
    found = play(chain, clients=10)
    assert [(moment.at_s, moment.phase, moment.says) for moment in found.moments] == [
        (10, Phase.DETECTION, "probe 1 of 2 goes out and fails"),
        (20, Phase.DETECTION, "probe 2 of 2 goes out and fails"),
        (26, Phase.DETECTION, "unhealthy"),
        (36, Phase.CONVERGENCE, "spreads"),
        (41, Phase.CONVERGENCE, "the copy of client 10 has run out: TTL 5 s"),
        (42, Phase.CONVERGENCE, "the last of 10 clients is served again"),
    ]
    assert found.served[0] == pytest.approx(37.5)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_absent_never_ends(place: int) -> None:
    stages: list[Stage] = [probing(1, 1, 1), expiring(5), waiting(1, "clients")]
    stages[place] = Stage(phase=Phase.DETECTION, subject="check", says="not planned", mend="plan it")
    chain = Chain(by="test", stages=tuple(stages))
    found = play(chain)
    assert not found.ended
    assert math.isinf(found.rto_s)
    assert found.moments[-1].says == "never: not planned"
    assert chain.dominant is stages[place]
    with pytest.raises(ValueError, match="the chain by test never ends: check not planned"):
        spread(chain, seed=1)


def test_a_chain_says_what_takes_most() -> None:
    chain = Chain(by="test", stages=(probing(10, 2, 6), sampling(5), expiring(60)))
    assert chain.dominant.subject == "record"
    assert chain.phase_s(Phase.DETECTION) == 31
    assert chain.phase_s(Phase.DECISION) == 0
    assert slowest([chain, Chain(by="other", stages=(sampling(100),))]).by == "other"
