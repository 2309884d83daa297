"""Faults are read, counted and refused when they make no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from nautilus.sandbox import faults
from nautilus.sandbox.faults import BadFaults, Faults, Injector


def test_all_of_them() -> None:
    found = faults.parse('{"throttle": 3, "crash_after": 2, "partial": 1, "latency_ms": 20, "types": ["a:b:C"]}')
    assert found == Faults(throttle=3, crash_after=2, partial=1, latency_ms=20, types=("a:b:C",))
    assert found.applies("a:b:C")
    assert not found.applies("a:b:D")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "takes an object with crash_after, latency_ms, partial, throttle, types"),
        ('{"thrttle": 1}', "takes an object with"),
        ('{"throttle": -1}', "throttle in faults.json is a whole number"),
        ('{"partial": true}', "partial in faults.json is a whole number"),
        ('{"types": "a"}', "types in faults.json is a list"),
    ],
)
def test_nonsense_is_refused(content: str, reason: str) -> None:
    with pytest.raises(BadFaults, match=reason):
        faults.parse(content)


def test_they_count_by_type_and_follow_the_file(tmp_path: Path) -> None:
    injector = Injector(tmp_path)
    assert not injector.throttles("a")
    file = tmp_path / faults.FILE
    file.write_text('{"throttle": 2, "crash_after": 2, "latency_ms": 5}')
    assert [injector.throttles("a") for _ in range(3)] == [True, True, False]
    assert injector.throttles("b")
    assert [injector.crashes("a") for _ in range(3)] == [False, True, False]
    assert injector.latency_s("a") == 0.005
    file.unlink()
    assert injector.latency_s("a") == 0


def test_they_come_from_the_environment_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(faults.VARIABLE, '{"partial": 1}')
    injector = Injector(tmp_path)
    assert [injector.leaves_partial("a") for _ in range(2)] == [True, False]
