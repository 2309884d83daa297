"""An emulator as in a new process, for each module or test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.aws import world


@pytest.fixture
def empty() -> Iterator[world.World]:
    """A world in which nothing is made yet."""
    world.fresh()
    yield world.World()
    world.fresh()


@pytest.fixture(scope="module")
def full() -> Iterator[world.World]:
    """A world in which everything of the table is made."""
    world.fresh()
    made = world.World()
    for example in world.EXAMPLES:
        made.create(example.name)
    yield made
    world.fresh()
