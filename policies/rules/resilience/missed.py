"""What a stack misses of the recovery targets, worked out once for the three rules that stand on it (FO-3, FO-4).

Guarantees the very chains that `nautilus drill` adds up, over the resources of this stack alone: what belongs to another
stack is not held against it. A secret or unknown setting counts as one that nobody can read.
"""

from __future__ import annotations

from collections.abc import Iterator

from nautilus.federation.assessment import Concern, Finding, assess
from nautilus.federation.planned import UNKNOWN, Planned, planned
from policies.kit.law import Law
from policies.kit.resource import PROVIDER_PREFIX, STACK_TYPE, Stack
from policies.kit.rule import Fault

_SECRET = "[secret]"  # noqa: S105 - what stands in the place of one
_COMPONENTS = "nautilus:"


def faults(stack: Stack, law: Law, concern: Concern) -> Iterator[Fault]:
    """Yield one fault for each thing to mend that a concern is about. Raises Undecided for a stack of no environment."""
    for one in stack.once("missed", lambda: _assess(stack, law)):
        if one.concern is concern:
            yield Fault(one.found, allowed=one.allowed, fix=one.fix, at=one.urn or None)


def resources(stack: Stack) -> tuple[Planned, ...]:
    """Give a stack's resources as `nautilus.federation` reads them, components and providers left out."""
    return stack.once("planned", lambda: tuple(_resources(stack)))


def _assess(stack: Stack, law: Law) -> tuple[Finding, ...]:
    return assess(resources(stack), law.catalogue, law.environment(stack.name))


def _resources(stack: Stack) -> Iterator[Planned]:
    for resource in stack:
        if resource.type != STACK_TYPE and not resource.type.startswith((PROVIDER_PREFIX, _COMPONENTS)):
            yield planned(resource.urn, resource.props.masked(UNKNOWN, _SECRET))
