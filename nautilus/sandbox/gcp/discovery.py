"""Google's own interface descriptions, as the discovery documents in google-api-python-client give them.

Guarantees that a value is held against the schema that the real API publishes: type, closed list of values, pattern, at any
depth. A document is read when a type of it is first checked, and only the schemas that type reaches are kept, without
their prose. It does not know required fields (the documents do not say) nor rules between fields: the tables do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Final

from nautilus.sandbox.gcp.names import RENAMED, UNSENT
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

Node = Mapping[str, Any]

_KEPT: Final = ("type", "format", "enum", "pattern", "$ref", "items", "properties", "additionalProperties")
_UNSPECIFIED: Final = ("UNSPECIFIED", "UNKNOWN")


@cache
def schemas(document: str, root: str) -> Mapping[str, Node]:
    """Give the schema `root` of a document such as `compute.v1`, with all it refers to. Raises KeyError for an unknown."""
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    found: Mapping[str, Node] = json.loads((folder / f"{document}.json").read_text(encoding="utf-8"))["schemas"]
    kept: dict[str, Node] = {}
    wanted = [root]
    while wanted:
        name = wanted.pop()
        if name not in kept:
            kept[name] = _lean(found[name])
            wanted += _references(kept[name])
    return kept


def check(schema: str, inputs: Mapping[str, Any]) -> Iterator[Problem]:
    """Give what the API's own description refuses of a resource's inputs. `schema` is `document:Name`; UNKNOWN passes.

    A property that the API takes elsewhere than in the body (project, location) or not at all is passed over: `names.UNSENT`
    lists those, and the SDK's types have been checked before.
    """
    document, _, root = schema.partition(":")
    yield from _object(inputs, root, schemas(document, root), "")


def unmatched(schema: str, inputs: Mapping[str, Any]) -> list[str]:
    """Give the paths of inputs that no property of the schema stands for and that `names.UNSENT` does not explain."""
    document, _, root = schema.partition(":")
    known = schemas(document, root)
    return list(_paths(inputs, root, known, ""))


def _lean(node: Value) -> Value:
    if not isinstance(node, Mapping):
        return node
    out: dict[str, Any] = {}
    for key in _KEPT:
        if key not in node:
            continue
        if key == "properties":
            out[key] = {name: _lean(value) for name, value in node[key].items()}
        else:
            out[key] = _lean(node[key])
    return out


def _references(node: Node) -> Iterator[str]:
    if "$ref" in node:
        yield node["$ref"]
    for key in ("items", "additionalProperties"):
        if key in node:
            yield from _references(node[key])
    for child in node.get("properties", {}).values():
        yield from _references(child)


def _step(name: str, context: str, known: Mapping[str, Node]) -> tuple[Node, str] | None:
    """Find the node and the context of a property, by its own name or the one that the API gives it."""
    node: Node = known[context] if context in known else _INLINE[context]
    here = context
    for part in RENAMED.get(context, {}).get(name, name).split("."):
        child = node.get("properties", {}).get(part)
        if child is None:
            return None
        node, here = _resolve(child, f"{here}.{part}", known)
    return node, here


_INLINE: dict[str, Node] = {}
"""Objects that the documents describe in place; their context is the path to them."""


def _resolve(node: Node, context: str, known: Mapping[str, Node]) -> tuple[Node, str]:
    if "$ref" in node:
        return known[node["$ref"]], node["$ref"]
    if "properties" in node:
        _INLINE[context] = node
    return node, context


def _object(values: Mapping[str, Any], context: str, known: Mapping[str, Node], path: str) -> Iterator[Problem]:
    for name, value in values.items():
        found = None if name.startswith("__") else _step(name, context, known)
        if found is not None and value is not None:
            yield from _value(value, *found, known, f"{path}.{name}" if path else name)


def _value(value: Value, node: Node, context: str, known: Mapping[str, Node], path: str) -> Iterator[Problem]:
    if value is UNKNOWN:
        return
    if "items" in node:
        if isinstance(value, (list, tuple)):
            item, here = _resolve(node["items"], context, known)
            for index, entry in enumerate(value):
                yield from _value(entry, item, here, known, f"{path}[{index}]")
        elif isinstance(value, Mapping):
            yield Problem(path=path, reason="expected a list, found an object")
    elif "properties" in node:
        if isinstance(value, Mapping):
            yield from _object(value, context, known, path)
    else:
        yield from _scalar(value, node, path)


def _scalar(value: Value, node: Node, path: str) -> Iterator[Problem]:
    kind = node.get("type")
    if kind == "boolean" and value not in {True, False, "TRUE", "FALSE", "true", "false"}:
        yield Problem(path=path, reason="the API expects a boolean")
    if kind in {"integer", "number"} and (isinstance(value, bool) or not isinstance(value, (int, float))):
        yield Problem(path=path, reason=f"the API expects a {kind}")
    if not isinstance(value, str):
        return
    allowed = [item for item in node.get("enum", ()) if not item.endswith(_UNSPECIFIED) or item in _UNSPECIFIED]
    if allowed and value not in allowed:
        near = get_close_matches(value, allowed, n=1, cutoff=0.6)
        hint = f"; did you mean {near[0]}?" if near else ""
        yield Problem(path=path, reason=f"{value!r} is not allowed: the API takes {', '.join(allowed)}{hint}")
    pattern = node.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield Problem(path=path, reason=f"{value!r} does not match {pattern}")


def _paths(values: Mapping[str, Any], context: str, known: Mapping[str, Node], path: str) -> Iterator[str]:
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        found = _step(name, context, known)
        if found is None:
            if name not in UNSENT.get(context, ()):
                yield here
            continue
        node, inner = found
        if "items" in node:
            node, inner = _resolve(node["items"], inner, known)
        for entry in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(entry, Mapping) and "properties" in node:
                yield from _paths(entry, inner, known, here)
