"""A sandbox of its own for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nautilus.sandbox import control, guard

ROOT = Path(__file__).resolve().parents[2]
TINY = ("tests.sandbox.tiny_cloud:AWS",)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a sandbox, in an environment that it accepts."""
    for name in (*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "home"


@pytest.fixture
def sandbox(home: Path) -> Iterator[control.Status]:
    """A sandbox that serves the tiny package."""
    yield control.start(home, TINY)
    control.stop(home)
