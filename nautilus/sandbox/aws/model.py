"""Checks the parameters of an AWS call against the service's own published model, enums and patterns included.

Guarantees that a member that does not exist, one that is missing, and a value of the wrong type, outside its enum, pattern,
length or range is found, with its path, before the call and in previews. It knows no rule that the model does not
state, and passes over UNKNOWN. Source: the service models that botocore ships (botocore/data).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from botocore import xform_name

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_SCALARS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "blob": (str, bytes),
    "timestamp": (str, int, float, datetime),
}
_CLASSES: Final = {r"\p{L}": "a-zA-Z\u00aa-\uffff", r"\p{Z}": r"\s", r"\p{N}": r"\d", r"\p{P}": r"!-/:-@\[-`{-~"}


def check(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[Problem]:
    """Give every disagreement of `params` with the input of an operation such as `create_vpc`.

    Raises KeyError where the service has no such operation, which is an error of a row.
    """
    shape = _operations(service)[operation].input_shape
    if shape is not None:
        yield from _visit(shape, params, "")


@functools.cache
def _operations(service: str) -> Mapping[str, Any]:
    model = emulator.session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


def _visit(shape: Value, value: Value, path: str) -> Iterator[Problem]:
    if value is UNKNOWN:
        return
    match shape.type_name:
        case "structure":
            yield from _structure(shape, value, path)
        case "list":
            yield from _list(shape, value, path)
        case "map":
            yield from _map(shape, value, path)
        case _:
            yield from _scalar(shape, value, path)


def _structure(shape: Value, value: Value, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path=path, reason=f"must be an object, not {value!r}")
        return
    for name in shape.required_members:
        if name not in value:
            yield Problem(path=_join(path, name), reason="is required")
    for name, member in value.items():
        if name not in shape.members:
            yield Problem(path=_join(path, name), reason=f"is not a member of {shape.name}")
        else:
            yield from _visit(shape.members[name], member, _join(path, name))


def _list(shape: Value, value: Value, path: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(path=path, reason=f"must be a list, not {value!r}")
        return
    yield from _bounds(shape, len(value), path, "items")
    for index, item in enumerate(value):
        yield from _visit(shape.member, item, f"{path}[{index}]")


def _map(shape: Value, value: Value, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path=path, reason=f"must be a mapping, not {value!r}")
        return
    yield from _bounds(shape, len(value), path, "entries")
    for key, item in value.items():
        yield from _visit(shape.key, key, f"{path}[{key!r}]")
        yield from _visit(shape.value, item, f"{path}[{key!r}]")


def _scalar(shape: Value, value: Value, path: str) -> Iterator[Problem]:
    kinds = _SCALARS[shape.type_name]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield Problem(path=path, reason=f"must be of type {shape.type_name}, not {value!r}")
        return
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        yield Problem(path=path, reason=f"{value!r} is not one of {', '.join(sorted(enum))}")
    pattern = shape.metadata.get("pattern")
    compiled = _pattern(pattern) if pattern else None
    if isinstance(value, str) and compiled is not None and not compiled.fullmatch(value):
        yield Problem(path=path, reason=f"{_short(value)} does not match {pattern}")
    if isinstance(value, str):
        yield from _bounds(shape, len(value), path, "characters")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _bounds(shape, value, path, "")


def _bounds(shape: Value, size: float, path: str, unit: str) -> Iterator[Problem]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and size < low) or (high is not None and size > high):
        limits = f"from {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
        yield Problem(path=path, reason=f"must be {limits} {unit}".rstrip() + f", not {size}")


@functools.cache
def _pattern(pattern: str) -> re.Pattern[str] | None:
    """Give the model's pattern, written for Java, in Python's terms; None where Python has no such terms."""
    for theirs, ours in _CLASSES.items():
        pattern = pattern.replace(theirs, ours)
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:57] + "...")  # noqa: PLR2004 - one line of a terminal


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
