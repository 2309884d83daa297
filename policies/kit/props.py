"""A resource's properties as rules read them.

Guarantees that reading a value that cannot be known at preview raises `Undecided`, that an absent or null value reads as
None, and that every read of a secret is noted, so that no finding built on it shows it. It never writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy.proxy import (
    UNKNOWN_ARCHIVE_VALUE,
    UNKNOWN_ARRAY_VALUE,
    UNKNOWN_ASSET_VALUE,
    UNKNOWN_BOOLEAN_VALUE,
    UNKNOWN_NUMBER_VALUE,
    UNKNOWN_OBJECT_VALUE,
    UNKNOWN_STRING_VALUE,
)

from policies.kit.wire import Concealed, ConcealedNumber

UNKNOWN_AT_PREVIEW: Final = "cannot be known at preview"

_UNKNOWNS: Final = frozenset(
    {
        UNKNOWN_ARCHIVE_VALUE,
        UNKNOWN_ARRAY_VALUE,
        UNKNOWN_ASSET_VALUE,
        UNKNOWN_BOOLEAN_VALUE,
        UNKNOWN_NUMBER_VALUE,
        UNKNOWN_OBJECT_VALUE,
        UNKNOWN_STRING_VALUE,
    }
)


class Undecided(Exception):  # noqa: N818 - it is a verdict, not a fault of ours
    """The rule cannot tell; `path` is the property and `reason` why it does not tell."""

    def __init__(self, path: str, reason: str = UNKNOWN_AT_PREVIEW) -> None:
        super().__init__(f"{path} {reason}")
        self.path = path
        self.reason = reason


class Told(Exception):  # noqa: N818 - it is a verdict, not a fault of ours
    """Another rule, which the reason names, reports this very cause; saying it again would only bury it."""


class Watch:
    """Notes whether a secret was read since it was last cleared; shared by all properties of one resource."""

    __slots__ = ("secret",)

    def __init__(self) -> None:
        self.secret = False


class Props:
    """Properties by dotted path, such as `encryptionConfig.provider.keyArn` or `rules.0.prefix`."""

    __slots__ = ("_base", "_values", "watch")

    def __init__(self, values: Mapping[str, Any], watch: Watch | None = None, base: str = "") -> None:
        self._values = values
        self._base = base
        self.watch = watch or Watch()

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever the provider takes
        """Give the value at the path, None where it is absent or null.

        Raises Undecided where it, anything on the way to it, or anything inside it is unknown.
        """
        value = self._walk(path)
        self._check(value, path)
        return value

    def text(self, path: str) -> str | None:
        """Give a non-empty string, None where there is none. Raises Undecided for an unknown and for any other type."""
        value = self.get(path)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise Undecided(self._base + path, "is not a string")
        return value

    def number(self, path: str) -> float | None:
        """Give a number, None where there is none. Raises Undecided for an unknown and for any other type."""
        value = self.get(path)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Undecided(self._base + path, "is not a number")
        return float(value)

    def flag(self, path: str) -> bool:
        """Give whether the value is true; absent is false. Raises Undecided for an unknown; anything but true is false."""
        value = self.get(path)
        return value is True or (isinstance(value, str) and value == "true")

    def texts(self, path: str) -> tuple[str, ...]:
        """Give a list of strings, or JSON text of one (provider configuration travels so); empty where there is none."""
        value = self.decoded(path)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Undecided(self._base + path, "is not a list of strings")
        return tuple(value)

    def decoded(self, path: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
        """Give the value, parsed where it is JSON text. Raises Undecided where it is unknown or is not JSON."""
        value = self.get(path)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise Undecided(self._base + path, "is not JSON") from None

    def present(self, path: str) -> bool:
        """Give whether there is a value, even one that is not known yet; an empty string is none."""
        try:
            value = self._walk(path)
        except Undecided:
            return True
        return value is not None and value != ""

    def known(self, path: str) -> bool:
        """Give whether the value at the path, and all inside it, is known (absent counts as known)."""
        try:
            self._check(self._walk(path), path)
        except Undecided:
            return False
        return True

    def each(self, path: str) -> Iterator[Props]:
        """Give each element of a list of objects (or the one object) at the path as properties of its own."""
        value = self._walk(path)
        if value is None:
            return
        elements = value if isinstance(value, list) else [value]
        for index, element in enumerate(elements):
            base = f"{self._base}{path}[{index}]." if isinstance(value, list) else f"{self._base}{path}."
            if isinstance(element, str) and element in _UNKNOWNS:
                raise Undecided(base.rstrip("."))
            if not isinstance(element, Mapping):
                raise Undecided(base.rstrip("."), "is not an object")
            yield Props(element, self.watch, base)

    def elements(self, path: str) -> tuple[Any, ...]:
        """Give the elements of a list, each known or not; none where there is no list, one where it is no list.

        Raises Undecided where the list itself is unknown, so that nobody knows how many there are.
        """
        value = self._walk(path)
        if value is None:
            return ()
        return tuple(value) if isinstance(value, list) else (value,)

    def entry(self, path: str, key: str) -> str | None:
        """Give one entry of a map of strings, such as a label, whatever characters its key has; None where absent.

        Raises Undecided where that entry, or the whole map, is unknown; other entries may be.
        """
        value = self._walk(path)
        if isinstance(value, str) and not isinstance(value, Concealed):
            value = self.decoded(path)  # a provider's default tags travel as JSON text
        if not isinstance(value, Mapping) or value.get(key) is None:
            return None
        found = value[key]
        self._check(found, f"{path}[{key}]")
        return found if isinstance(found, str) else None

    def masked(self, unknown: str, secret: str) -> dict[str, Any]:
        """Give all values with every unknown and every secret replaced, for readers that know neither proxy nor mark."""
        return {key: _masked(value, unknown, secret) for key, value in self._values.items()}

    def _walk(self, path: str) -> Any:  # noqa: ANN401 - whatever the provider takes
        value: Any = self._values
        for step in path.split("."):
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit():
                value = value[int(step)] if int(step) < len(value) else None
            elif value is None:
                return None
            else:
                raise Undecided(self._base + path, "is not an object")
            if isinstance(value, str) and value in _UNKNOWNS:
                raise Undecided(self._base + path)
        return value

    def _check(self, value: Any, path: str) -> None:  # noqa: ANN401 - whatever the provider takes
        if isinstance(value, str):
            if value in _UNKNOWNS:
                raise Undecided(self._base + path)
            self.watch.secret |= isinstance(value, Concealed)
        elif isinstance(value, Mapping):
            for item in value.values():
                self._check(item, path)
        elif isinstance(value, list):
            for item in value:
                self._check(item, path)
        elif isinstance(value, ConcealedNumber):
            self.watch.secret = True


def _masked(value: Any, unknown: str, secret: str) -> Any:  # noqa: ANN401 - whatever the provider takes
    if isinstance(value, str):
        return secret if isinstance(value, Concealed) else unknown if value in _UNKNOWNS else value
    if isinstance(value, Mapping):
        return {key: _masked(item, unknown, secret) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, unknown, secret) for item in value]
    return secret if isinstance(value, ConcealedNumber) else value


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a proxy holds
    """Take `pulumi_policy`'s proxies off a value, unknown markers and secret marks left as they are."""
    # The proxies give up what they hold under this key; `pulumi_policy.deserialize` unwraps them the same way.
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping) or type(value).__name__ == "_ListProxy":
        return plain(value["__target"])
    return value
