"""Inputs against what the SDK's types say.

Guarantees that an unknown name, a missing required value, a wrong type or a wrong enum value is found at any depth,
with its path and what is allowed; what is not known yet passes. Values are never printed (one may be secret) but for
enum values. Does not know the cloud's own rules: a handler's `refuse` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from nautilus.sandbox.handler import UNKNOWN, Problem, Value
from nautilus.sandbox.schema import Kind, Property, ResourceType, Shape
from nautilus.sandbox.wire import Path, text

_LISTED: Final = 12
"""A longer list of allowed values is cut: the nearest ones say more."""
_PYTHON: Final[Mapping[Kind, tuple[type, ...]]] = {
    Kind.STRING: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.ASSET: (Mapping,),
}
_INTERNAL: Final = frozenset({"__defaults", "__internal"})


def check(resource: ResourceType, inputs: Mapping[str, Any], secrets: frozenset[Path] = frozenset()) -> list[Problem]:
    """Every problem of the inputs, in the order of their paths; an empty list is good. Values under `secrets` stay
    unprinted."""
    found = list(_fields(inputs, resource.inputs, (), _Context(resource.objects, secrets)))
    return sorted(found, key=lambda problem: problem.path)


class _Context:
    """What every step of one check needs."""

    def __init__(self, objects: Mapping[str, Mapping[str, Property]], secrets: frozenset[Path]) -> None:
        self.objects = objects
        self.secrets = secrets

    def hides(self, path: Path) -> bool:
        return any(path[: len(secret)] == secret for secret in self.secrets)


def _fields(values: Mapping[str, Any], fields: Mapping[str, Property], path: Path, context: _Context) -> Iterator[Problem]:
    for name, value in values.items():
        if name in fields:
            if value is not None:
                yield from _value(value, fields[name].shape, (*path, name), context)
        elif name not in _INTERNAL:
            near = get_close_matches(name, fields, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else f"it takes {_some(sorted(fields))}"
            yield Problem(path=text((*path, name)), reason=f"unknown property {name}: {hint}")
    for name, item in fields.items():
        if item.required and values.get(name) is None:
            yield Problem(path=text((*path, name)), reason=f"missing required property {name}")


def _value(value: Value, shape: Shape, path: Path, context: _Context) -> Iterator[Problem]:
    if value is UNKNOWN:
        return
    match shape.kind:
        case Kind.LIST if isinstance(value, (list, tuple)) and shape.of is not None:
            for index, item in enumerate(value):
                yield from _value(item, shape.of, (*path, index), context)
        case Kind.MAP if isinstance(value, Mapping) and shape.of is not None:
            for key, item in value.items():
                if item is not None:
                    yield from _value(item, shape.of, (*path, key), context)
        case Kind.OBJECT if isinstance(value, Mapping):
            yield from _fields(value, context.objects[shape.ref], path, context)
        case Kind.ENUM:
            if value not in shape.values:
                yield Problem(path=text(path), reason=_not_in(value, shape.values, context.hides(path)))
        case Kind.UNION:
            yield from _union(value, shape, path, context)
        case _:
            if not _fits(value, shape.kind):
                yield Problem(path=text(path), reason=f"expected {_article(shape.kind)}, found {_name(value)}")


def _union(value: Value, shape: Shape, path: Path, context: _Context) -> Iterator[Problem]:
    attempts = [list(_value(value, option, path, context)) for option in shape.options]
    if all(attempts):
        # The option that fails deepest is the one that was meant.
        yield from max(attempts, key=lambda problems: max(len(problem.path) for problem in problems))


def _fits(value: Value, kind: Kind) -> bool:
    if isinstance(value, bool):
        return kind in {Kind.BOOLEAN, Kind.ANY}
    return kind is Kind.ANY or isinstance(value, _PYTHON.get(kind, ()))


def _not_in(value: Value, allowed: tuple[Any, ...], hidden: bool) -> str:
    if hidden:
        return f"a secret value that is not allowed here: allowed are {_some(allowed)}"
    near = get_close_matches(str(value), [str(item) for item in allowed], n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{value!r} is not allowed: allowed are {_some(allowed)}{hint}"


def _some(items: tuple[Any, ...] | list[str]) -> str:
    shown = ", ".join(str(item) for item in items[:_LISTED])
    return f"{shown} and {len(items) - _LISTED} more" if len(items) > _LISTED else shown


def _article(kind: Kind) -> str:
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def _name(value: Value) -> str:
    match value:
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a number"
        case str():
            return "a string"
        case list() | tuple():
            return "a list"
    return "an object"
