"""What changes between two sets of inputs, what it replaces, and what a preview may say about the outcome.

Guarantees that a change is named by its deepest path, that a value which is not known yet counts as changed, and that a
preview never invents an output: what the cloud computes is unknown on create, and on update wherever it may follow from
what changed. Does not look at outputs to find changes: a refresh brings those into the inputs first (`project`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from nautilus.sandbox.handler import UNKNOWN, Value
from nautilus.sandbox.schema import Kind, Property, ResourceType, Shape
from nautilus.sandbox.wire import Path

_VOLATILE: Final = frozenset(
    {"etag", "eTag", "fingerprint", "labelFingerprint", "provisioningState", "operation", "latestVersion"}
)
"""Outputs that an update of anything changes."""


class Change(StrEnum):
    """What happened to one property."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True)
class Delta:
    """One changed property."""

    path: Path
    change: Change


def deltas(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Delta]:
    """Every changed property at its deepest path, sorted by path; a None is the same as nothing."""
    return sorted(_walk(old, new, ()), key=lambda delta: tuple(str(step) for step in delta.path))


def preview_create(resource: ResourceType, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs, and UNKNOWN for all that only the cloud gives."""
    return dict.fromkeys(resource.computed, UNKNOWN) | dict(inputs)


def preview_update(
    resource: ResourceType, prior: Mapping[str, Any], inputs: Mapping[str, Any], changed: Iterable[str]
) -> dict[str, Any]:
    """The new inputs, the prior values of what cannot follow from the change, UNKNOWN for the rest.

    Names and ids stay known, or every update would look like a replacement of all that depends on it.
    """
    changed = frozenset(changed)
    kept = {
        name: prior[name]
        for name in resource.computed
        if name in prior and name not in _VOLATILE and not any(_follows(name, key) for key in changed)
    }
    return dict.fromkeys(resource.computed, UNKNOWN) | kept | dict(inputs)


def project(resource: ResourceType, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the outputs amount to now: the same names, at the depth that was given, with the values read back."""
    return _object(inputs, outputs, resource.inputs, resource.objects)


def _follows(output: str, key: str) -> bool:
    return output.startswith(key) or (output in {"effectiveLabels", "pulumiLabels", "tagsAll"} and key in {"labels", "tags"})


def _walk(old: Value, new: Value, path: Path) -> Iterator[Delta]:
    if old is None and new is None:
        return
    if old is None:
        yield Delta(path=path, change=Change.ADD)
    elif new is None:
        yield Delta(path=path, change=Change.DELETE)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _walk(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        for index in range(max(len(old), len(new))):
            yield from _walk(
                old[index] if index < len(old) else None, new[index] if index < len(new) else None, (*path, index)
            )
    elif new is UNKNOWN or old is UNKNOWN or old != new or isinstance(old, bool) != isinstance(new, bool):
        yield Delta(path=path, change=Change.UPDATE)


def _object(
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    fields: Mapping[str, Property],
    objects: Mapping[str, Mapping[str, Property]],
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, given in inputs.items():
        shape = fields[name].shape if name in fields else Shape(kind=Kind.ANY)
        now = outputs.get(name)
        if name not in outputs:
            out[name] = given
        elif now is not None:
            out[name] = _project(given, now, shape, objects)
    return out


def _project(given: Value, now: Value, shape: Shape, objects: Mapping[str, Mapping[str, Property]]) -> Value:
    if shape.kind is Kind.OBJECT and isinstance(given, Mapping) and isinstance(now, Mapping):
        return _object(given, now, objects[shape.ref], objects)
    if (
        shape.kind is Kind.LIST
        and shape.of is not None
        and isinstance(given, (list, tuple))
        and isinstance(now, (list, tuple))
        and len(given) == len(now)
    ):
        return [_project(a, b, shape.of, objects) for a, b in zip(given, now, strict=True)]
    if shape.kind is Kind.LIST and isinstance(given, (list, tuple)) and isinstance(now, Mapping):
        # A set of names that the cloud shows as a map of what it knows about each.
        return [item for item in given if item in now] + [item for item in now if item not in given]
    return now
