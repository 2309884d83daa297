"""Which stack the engine is running, checked against its configuration and the catalogue.

Guarantees that a program never runs for a stack whose name and configuration disagree, and that a bad catalogue is told as
its own message and never as a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import pulumi

import config
from config.loader import CatalogueError, load
from config.model import Catalogue, EnvironmentName, Group

FEDERATION = "federation"
"""The stack group that is not a group of clusters: it stands over all of them."""

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack: `group` is None for the federation stack."""

    name: str
    environment: EnvironmentName
    group: Group | None
    catalogue: Catalogue


def stack_name(environment: EnvironmentName, group: str) -> str:
    """Give the name of a group's stack, `<environment>-<group>`."""
    return f"{environment}-{group}"


def identify() -> Stack:
    """Give the running stack. Raises pulumi.RunError where configuration, name or catalogue do not hold together."""
    settings = pulumi.Config("nautilus")
    environment = _choose(settings, "environment", EnvironmentName)
    group_name = settings.get("group")
    group = None if group_name == FEDERATION else _choose(settings, "group", Group, FEDERATION)
    expected = stack_name(environment, group or FEDERATION)
    if pulumi.get_stack() != expected:
        raise pulumi.RunError(
            f"stack {pulumi.get_stack()!r} is configured as {expected!r} (nautilus:environment, nautilus:group): "
            f"rename the stack or mend config/stacks/Pulumi.{pulumi.get_stack()}.yaml"
        )
    try:
        catalogue = load(config.root())
    except CatalogueError as error:
        raise pulumi.RunError(f"the catalogue does not hold together, see `nautilus check`:\n{error}") from None
    return Stack(name=expected, environment=environment, group=group, catalogue=catalogue)


def _choose(settings: pulumi.Config, key: str, choices: type[Choice], *more: str) -> Choice:
    value = settings.get(key)
    allowed = [*choices, *more]
    if value is None or value not in set(choices):
        raise pulumi.RunError(
            f"config/stacks/Pulumi.{pulumi.get_stack()}.yaml: nautilus:{key} is {value!r}, allowed: {', '.join(allowed)}"
        )
    return choices(value)
