"""References between Azure resources: of the right type, there when they must be, and in the right place.

Guarantees that an id which cannot be one, or is of another type, is refused at once, and that what it points at is asked
for only when the operation is real: in a preview it may be about to be made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nautilus.sandbox.azure import arm
from nautilus.sandbox.azure.regions import normal
from nautilus.sandbox.handler import UNKNOWN, Problem, Request


@dataclass(frozen=True, kw_only=True)
class Link:
    """An input that holds the id of another resource.

    `path` is a dotted path with `[]` for lists and `{}` for the keys or items of a set. `type` is the ARM type it must
    have. `near` says that both have to lie in the same region.
    """

    path: str
    type: str
    near: bool = False


def at(values: object, path: str) -> Iterator[tuple[str, Any]]:
    """Give each value at a path with its own path; nothing where it is not set."""
    yield from _walk(values, path.split("."), "")


def _walk(value: object, steps: Sequence[str], so_far: str) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if not steps or value is UNKNOWN:
        yield so_far, value
        return
    step, rest = steps[0], steps[1:]
    name, many = (step[:-2], True) if step.endswith("[]") else (step, False)
    inner = value.get(name) if isinstance(value, Mapping) else None
    path = f"{so_far}.{name}" if so_far else name
    if not many or inner is UNKNOWN:
        yield from _walk(inner, rest, path)
    elif isinstance(inner, Mapping):
        for key in inner:
            yield f"{path}.{key}", key
    elif isinstance(inner, (list, tuple)):
        for index, item in enumerate(inner):
            yield from _walk(item, rest, f"{path}[{index}]")


def first(values: object, path: str) -> Any:  # noqa: ANN401 - a value of any kind
    """Give the first value at a path, None where there is none or it is not known."""
    for _, value in at(values, path):
        return None if value is UNKNOWN else value
    return None


def known(values: object, path: str) -> bool:
    """Say whether all there is to know at a path is known; what is not set counts as known."""
    return all(value is not UNKNOWN for _, value in at(values, path))


def isnt(values: object, path: str, wanted: object) -> bool:
    """Say whether a value is known to be other than the wanted one, absence included."""
    return known(values, path) and first(values, path) != wanted


def place(request: Request) -> str | None:
    """Give the region a resource is asked to lie in: its own, else the provider's."""
    asked = request.inputs.get("location")
    if asked is UNKNOWN:
        return None
    return normal(str(asked or request.target.region or "")) or None


def check(request: Request, links: Sequence[Link]) -> Iterator[Problem]:
    """Give what is wrong with the references."""
    for link in links:
        for path, value in at(request.inputs, link.path):
            if value is not UNKNOWN:
                yield from _check(request, link, path, str(value))


def _check(request: Request, link: Link, path: str, value: str) -> Iterator[Problem]:
    found = arm.parse(value)
    if found is None or found.type.lower() != link.type.lower():
        yield Problem(path=path, reason=f"{value!r} is not the id of a {link.type}")
        return
    other = request.find(value)
    if other is None:
        if not request.preview:
            yield Problem(path=path, reason=f"ResourceNotFound: {value} does not exist")
        return
    here, there = place(request), _where(request, value, other)
    if link.near and here and there and here != there:
        yield Problem(path=path, reason=f"lies in {there}, but this resource lies in {here}: both must be in one region")


def _where(request: Request, value: str, other: Mapping[str, Any]) -> str | None:
    """Give the region of a live resource, a child's being its parent's."""
    found = arm.location(other)
    if found is None:
        above = request.find(arm.parent(value))
        found = arm.location(above) if above else None
    return normal(found) if found else None
