"""What a resource type takes, as the SDK's own generated classes say it.

Guarantees a complete description of a type's inputs down to nested objects, enums and required ones, with the names
that go over the wire. Says nothing about what a cloud accepts beyond its types; `nautilus.sandbox.extract` reads it out
of the SDK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The closed set of shapes."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ANY = "any"
    ASSET = "asset"
    LIST = "list"
    MAP = "map"
    OBJECT = "object"
    ENUM = "enum"
    UNION = "union"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One value's shape. `of`: a list's or map's items; `ref`: an object's name; `values`: an enum's; `options`: a
    union's."""

    kind: Kind
    of: Shape | None = None
    ref: str = ""
    values: tuple[Any, ...] = ()
    options: tuple[Shape, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Property:
    """One input: its shape, and whether it must be given."""

    shape: Shape
    required: bool


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One resource type: inputs by wire name, names of what only the cloud gives, and the nested objects by their name."""

    token: str
    inputs: Mapping[str, Property]
    computed: tuple[str, ...]
    objects: Mapping[str, Mapping[str, Property]] = field(default_factory=dict)


def dump(resource: ResourceType) -> dict[str, Any]:
    """As JSON-like values, to be kept on disk."""
    return {
        "token": resource.token,
        "inputs": {name: _lean(item) for name, item in resource.inputs.items()},
        "computed": list(resource.computed),
        "objects": {ref: {name: _lean(item) for name, item in fields.items()} for ref, fields in resource.objects.items()},
    }


def parse(data: Mapping[str, Any]) -> ResourceType:
    """Back from `dump`. Raises KeyError or ValueError for something else."""
    return ResourceType(
        token=data["token"],
        inputs={name: _property(item) for name, item in data["inputs"].items()},
        computed=tuple(data["computed"]),
        objects={ref: {name: _property(item) for name, item in fields.items()} for ref, fields in data["objects"].items()},
    )


def _lean(item: Property) -> dict[str, Any]:
    return {"shape": _trim(asdict(item.shape)), "required": item.required}


def _trim(shape: dict[str, Any]) -> dict[str, Any]:
    out = {key: value for key, value in shape.items() if value}
    if "of" in out:
        out["of"] = _trim(out["of"])
    if "options" in out:
        out["options"] = [_trim(option) for option in out["options"]]
    return out


def _property(data: Mapping[str, Any]) -> Property:
    return Property(shape=_shape(data["shape"]), required=data["required"])


def _shape(data: Mapping[str, Any]) -> Shape:
    return Shape(
        kind=Kind(data["kind"]),
        of=_shape(data["of"]) if "of" in data else None,
        ref=data.get("ref", ""),
        values=tuple(data.get("values", ())),
        options=tuple(_shape(option) for option in data.get("options", ())),
    )
