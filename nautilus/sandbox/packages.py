"""Which packages a sandbox serves.

Guarantees that a package is found by its module and that a broken one stops the sandbox. Does not know any resource type.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Final

from nautilus.sandbox.handler import Package

CLOUDS: Final = (
    "nautilus.sandbox.aws:PACKAGE",
    "nautilus.sandbox.gcp:PACKAGE",
    "nautilus.sandbox.azure:PACKAGE",
    "nautilus.sandbox.random:PACKAGE",
)


class BadPackage(Exception):  # noqa: N818 - it is a refusal
    """A name does not lead to a package, or a package contradicts itself."""


def load(names: Iterable[str] = CLOUDS) -> tuple[Package, ...]:
    """The packages behind `module:attribute` names, in their order. Raises BadPackage, or what importing the module
    raises."""
    found = tuple(_load(name) for name in names)
    for package in found:
        types = [handler.type for handler in package.handlers] + [function.token for function in package.functions]
        twice = sorted({item for item in types if types.count(item) > 1})
        if twice:
            raise BadPackage(f"{package.name} has two rows for {', '.join(twice)}")
        foreign = [item for item in types if not item.startswith(f"{package.name}:")]
        if foreign:
            raise BadPackage(f"{package.name} has rows of another package: {', '.join(foreign)}")
    if len({package.name for package in found}) != len(found):
        raise BadPackage("two packages have the same name")
    return found


def _load(name: str) -> Package:
    module, _, attribute = name.partition(":")
    package = getattr(importlib.import_module(module), attribute, None)
    if not isinstance(package, Package):
        raise BadPackage(f"{name} is not a package of the sandbox: it takes module:ATTRIBUTE naming a handler.Package")
    return package
