"""How tests are shared out between workers: a file stays together, and what takes longest starts first."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

FEDERATION = frozenset(f"tests/e2e/{name}.py" for name in ("test_federation", "test_links", "test_failover"))
"""The files that share the one federation that stands."""

# A machine that runs the engine beside it may take its time over an example.
hypothesis.settings.register_profile("shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the federation's tests first, then what else runs the engine, then the rest, each in the order it had."""
    items.sort(key=_turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Files:
    """Give each worker a file at a time."""
    return Files(config, log)


class Files(LoadScopeScheduling):
    """Keeps a file's tests with one worker, and those of the federation's files as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "federation" if file in FEDERATION else file


def _turn(item: pytest.Item) -> int:
    if item.nodeid.split("::", 1)[0] in FEDERATION:
        return 0
    return 1 if item.get_closest_marker("e2e") is not None else 2
