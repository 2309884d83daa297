"""The real federation stack of production as the engine plans it at a first preview: no region stack is there yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import pytest

import config
from config.loader import load
from config.model import EnvironmentName, Group
from stacks import contract, federation
from stacks.identity import Stack
from tests.policies.analyzer import Planned
from tests.policies.program import plan

STACK: Final = "prod-federation"


@lru_cache(maxsize=1)
def planned() -> tuple[Planned, ...]:
    """Give every resource of the stack, planned once for all tests of a process."""
    catalogue = load(config.root())
    stack = Stack(name=STACK, environment=EnvironmentName.PROD, group=None, catalogue=catalogue)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contract, "handed_over", lambda: {f"prod-{group}": None for group in Group})
        return tuple(plan(lambda: federation.deploy(stack), STACK))


def changed(name: str, resources: Iterable[Planned] | None = None, **changes: Any) -> tuple[Planned, ...]:
    """Give the stack with properties of the one resource of a name changed; None takes one away."""
    every = tuple(planned() if resources is None else resources)
    assert [one.name for one in every].count(name) == 1, name
    return tuple(one.but(**changes) if one.name == name else one for one in every)


def without(*prefixes: str) -> tuple[Planned, ...]:
    """Give the stack without the resources whose names begin so."""
    return tuple(one for one in planned() if not one.name.startswith(prefixes))


def one_of(name: str) -> Planned:
    """Give the resource of a name."""
    return next(one for one in planned() if one.name == name)


def root(members: Mapping[str, Any]) -> Planned:
    """Give the stack itself, with what region stacks handed over by placement among its outputs."""
    return Planned(
        type="pulumi:pulumi:Stack",
        name=f"nautilus-{STACK}",
        props={"members": dict(members)},
        stack=STACK,
        full_urn=f"urn:pulumi:{STACK}::nautilus::pulumi:pulumi:Stack::nautilus-{STACK}",
    )
