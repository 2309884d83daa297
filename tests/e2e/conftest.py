"""One production federation for all tests that need it whole: brought up once, changed in turn, destroyed last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.project import Project, copy

LAST = "test_destroy_leaves_only_what_is_protected_and_names_it"
BEFORE_IT = ("test_links.py", "test_failover.py")


@pytest.fixture(scope="session")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project folder of its own with the real catalogue; nothing is deployed at first."""
    project = copy(tmp_path_factory.mktemp("federation"))
    yield project
    project.stop()


@pytest.fixture(scope="session")
def standing(federation: Project) -> Project:
    """The production federation as it is declared; brought up where no test did it before."""
    if not federation.rows():
        run = federation.nautilus("up", "--yes")
        assert run.code == 0, run.output
    return federation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what changes the standing federation between its rise and its fall."""
    moved = [item for name in BEFORE_IT for item in items if item.path.name == name]
    moved += [item for item in items if item.name == LAST]
    if moved:
        rest = [item for item in items if item not in moved]
        risen = [place for place, item in enumerate(rest, start=1) if item.path.name == "test_federation.py"]
        place = risen[-1] if risen else len(rest)
        items[:] = [*rest[:place], *moved, *rest[place:]]
