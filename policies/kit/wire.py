"""Reading property values off the engine's wire without losing what is unknown and what is secret.

Guarantees that a value the engine marks as secret stays marked on its way to a rule, and that output values and resource
references are read instead of failing the deserialiser. `pulumi_policy` hands secrets over in plain text with the mark
gone, so `install` puts `deserialize` in its place; where that place is no longer there, `install` raises and the pack does
not start. Nothing here decides whether a secret is shown: `policies.kit.props` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi_policy.policy
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the engine's mark, not a secret
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_PLACE: Final = "deserialize_properties"

HIDDEN: Final = "(a secret value, not shown)"
"""What stands in a message instead of a secret."""


class Concealed(str):
    """A secret string: compares and parses as itself, prints as `HIDDEN`."""

    __slots__ = ()

    def __str__(self) -> str:
        return HIDDEN

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN


def reveal(text: str) -> str:
    """Give the text itself, a secret's too: to compare and look up, never to show."""
    return str.__str__(text)


class ConcealedNumber(float):
    """A secret number: computes as itself, prints as `HIDDEN`."""

    __slots__ = ()

    def __str__(self) -> str:
        return HIDDEN

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN


def deserialize(props: Mapping[str, Any], proxy_secrets: bool = False) -> dict[str, Any]:
    """Give the properties of one resource as plain values, secrets as `Concealed`, unknowns as the engine's own markers.

    `props` is the request's struct as a mapping. `proxy_secrets` is accepted because `pulumi_policy` passes it; marks are
    kept either way. Raises ValueError for a signature that the engine has no business sending.
    """
    del proxy_secrets
    return {key: _value(value, hidden=False) for key, value in props.items()}


def install() -> None:
    """Make `pulumi_policy` deserialise with `deserialize`. Raises RuntimeError where it has changed beyond recognition."""
    if not callable(getattr(pulumi_policy.policy, _PLACE, None)):
        raise RuntimeError(f"pulumi_policy has no {_PLACE}: secrets could not be told from other values")
    setattr(pulumi_policy.policy, _PLACE, deserialize)


def _value(value: Any, *, hidden: bool) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return _mapping(value, hidden=hidden)
    if isinstance(value, list):
        return [_value(item, hidden=hidden) for item in value]
    if not hidden or isinstance(value, bool) or value is None:
        return value
    return Concealed(value) if isinstance(value, str) else ConcealedNumber(value)


def _mapping(value: dict[str, Any], *, hidden: bool) -> Any:  # noqa: ANN401 - whatever JSON holds
    signature = value.get(_SIGNATURE)
    if signature is None:
        return {key: _value(item, hidden=hidden) for key, item in value.items()}
    if signature == _SECRET:
        return _value(value["value"], hidden=True)
    if signature == _OUTPUT:
        return _value(value.get("value", UNKNOWN_STRING_VALUE), hidden=hidden or bool(value.get("secret")))
    if signature == _REFERENCE:
        return _value(value.get("id") or UNKNOWN_STRING_VALUE, hidden=hidden)
    if "hash" in value or "text" in value or "path" in value or "uri" in value or "assets" in value:
        return {"asset": _value(str(value.get("path") or value.get("uri") or value.get("hash") or ""), hidden=hidden)}
    raise ValueError("a property value with a signature that is not known")
