"""Resources as the engine plans or records them, and single settings read from their inputs.

Guarantees that a setting is one of three things and never a guess: a figure, absent, or undecided because it is unknown or
secret. A provider's default is not a setting: what is not written down counts as absent. It knows no cloud's resources;
`mechanism` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in a plan for a value that is known after an update only (pulumi.runtime.rpc.UNKNOWN)."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret where the engine writes values (pulumi.runtime.rpc)."""

_URN_PARTS: Final = 4
"""Stack, project, chain of types, name."""

_MASKED: Final = frozenset({UNKNOWN, "[secret]", "[unknown]"})


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One resource: `type` is Pulumi's token, `name` the logical name, `inputs` plain values as the wire spells them.

    A value that is not known stands as UNKNOWN; one that is secret as `[secret]` or under the engine's signature.
    """

    urn: str
    type: str
    name: str
    stack: str
    inputs: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """A setting that is there and cannot be read, with the place where it stands."""

    path: str


Setting = float | str | bool | Undecided | None


def planned(urn: str, inputs: Mapping[str, object]) -> Planned:
    """Give the resource of a URN. Raises ValueError for what is no URN."""
    parts = urn.split("::", _URN_PARTS - 1)
    if len(parts) != _URN_PARTS or not urn.startswith("urn:pulumi:"):
        raise ValueError(f"{urn!r} is no URN")
    return Planned(
        urn=urn, type=parts[2].rsplit("$", 1)[-1], name=parts[3], stack=parts[0].removeprefix("urn:pulumi:"), inputs=inputs
    )


def value(inputs: object, *path: str | int) -> object:
    """Give what stands at a path, None where nothing does, UNKNOWN where something on the way is not known or is secret."""
    for step in path:
        if _hidden(inputs):
            return UNKNOWN
        if isinstance(inputs, Mapping) and isinstance(step, str):
            inputs = inputs.get(step)
        elif isinstance(inputs, Sequence) and not isinstance(inputs, str) and isinstance(step, int) and step < len(inputs):
            inputs = inputs[step]
        else:
            return None
    return UNKNOWN if _hidden(inputs) else inputs


def setting(resource: Planned, *path: str | int) -> Setting:
    """Give the figure, word or switch at a path; numbers that are written as text are numbers."""
    found = value(resource.inputs, *path)
    where = ".".join(map(str, path))
    if found == UNKNOWN:
        return Undecided(path=where)
    if isinstance(found, bool) or found is None:
        return found
    if isinstance(found, int | float):
        return float(found)
    if isinstance(found, str):
        return _number(found)
    return None


def records(resource: Planned, *path: str | int) -> Iterator[Mapping[str, object]]:
    """Yield the mappings of a list at a path; none where the list is not there or not known."""
    found = value(resource.inputs, *path)
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from (item for item in found if isinstance(item, Mapping))


class Plan:
    """Resources by logical name; several may share one, of different types or stacks."""

    def __init__(self, resources: Iterable[Planned]) -> None:
        self.resources = tuple(resources)
        self.stacks = frozenset(resource.stack for resource in self.resources)
        self._by_name: dict[str, list[Planned]] = {}
        for resource in self.resources:
            self._by_name.setdefault(resource.name, []).append(resource)

    def one(self, name: str, *types: str) -> Planned | None:
        """Give the resource of that name and one of those types, None where there is none."""
        return next((item for item in self._by_name.get(name, ()) if plain(item.type) in types), None)

    def like(self, prefix: str, suffix: str, *types: str) -> tuple[Planned, ...]:
        """Give the resources of those types whose names begin and end so, sorted by name."""
        names = sorted(name for name in self._by_name if name.startswith(prefix) and name.endswith(suffix))
        return tuple(item for name in names for item in self._by_name[name] if plain(item.type) in types)

    def sees(self, stack: str) -> bool:
        """Give whether anything of a stack is here."""
        return stack in self.stacks


def plain(token: str) -> str:
    """Give an Azure token without its API version, any other as it is: `azure-native:network:LoadBalancer`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    return f"{package}:{module.split('/')[0]}:{name}" if package == "azure-native" else token


def _hidden(found: object) -> bool:
    return (isinstance(found, str) and found in _MASKED) or (isinstance(found, Mapping) and SIGNATURE in found)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
