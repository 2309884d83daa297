"""Pulumi's wire format to plain values and back, without losing an unknown or a secret.

Guarantees that what is unknown stays UNKNOWN, that what was marked secret is marked again on the way out, wherever the
same value turns up, and that whole numbers are ints. Does not read assets: they pass through as they came. Signatures
and sentinels: Pulumi SDK v3.250, sdk/go/common/resource/{sig,plugin/rpc.go}.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

from nautilus.sandbox.handler import UNKNOWN, Value

Path = tuple[str | int, ...]

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the public signature of a secret, not one
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS: Final = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SHORTEST_SECRET: Final = 4
"""Shorter strings ("no", "1") turn up by chance: they are marked at their own path only."""


def decode(struct: struct_pb2.Struct | None) -> tuple[dict[str, Any], frozenset[Path]]:
    """The plain properties, and the paths of those that are secret (outermost ones only). None gives an empty mapping."""
    secrets: set[Path] = set()
    plain = {} if struct is None else {k: _plain(v, (k,), secrets) for k, v in struct.fields.items()}
    return plain, frozenset(secrets)


def encode(properties: Mapping[str, Any], secrets: Iterable[Path] = ()) -> struct_pb2.Struct:
    """The properties as a Struct, None left out of objects, the values at `secrets` marked. Raises TypeError for other
    types."""
    marked = frozenset(secrets)
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        if value is not None:
            _fill(struct.fields[key], value, (key,), marked)
    return struct


def secret_paths(outputs: Mapping[str, Any], inputs: Mapping[str, Any], secrets: Iterable[Path]) -> frozenset[Path]:
    """Where `outputs` must be marked secret: at the same paths as `inputs`, and wherever a secret's text turns up again."""
    marked: set[Path] = set()
    texts: set[str] = set()
    for path in secrets:
        if at(outputs, path) is not None:
            marked.add(path)
        texts.update(
            text for _, text in leaves(at(inputs, path), path) if isinstance(text, str) and len(text) >= _SHORTEST_SECRET
        )
    if texts:
        marked.update(
            path for path, value in leaves(outputs, ()) if isinstance(value, str) and any(text in value for text in texts)
        )
    return frozenset(marked)


def at(value: Value, path: Path) -> Value:
    """What stands at a path, None where there is nothing."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, (list, tuple)) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def leaves(value: Value, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every scalar below a value with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def text(path: Path) -> str:
    """A path as people write it: `vpcConfig.subnetIds[0]`, and `tags["a.b"]` where a key is not a plain name."""
    out = ""
    for step in path:
        if isinstance(step, int):
            out += f"[{step}]"
        elif step.replace("_", "").isalnum():
            out += f".{step}" if out else step
        else:
            out += f'["{step}"]'
    return out


def _plain(value: struct_pb2.Value, path: Path, secrets: set[Path]) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in UNKNOWNS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_plain(item, (*path, index), secrets) for index, item in enumerate(value.list_value.values)]
        case "struct_value":
            return _object(value.struct_value, path, secrets)
    return None


def _object(struct: struct_pb2.Struct, path: Path, secrets: set[Path]) -> Value:
    fields = struct.fields
    match fields[SIGNATURE].string_value if SIGNATURE in fields else "":
        case "":
            return {key: _plain(item, (*path, key), secrets) for key, item in fields.items()}
        case s if s == SECRET:
            secrets.add(path)
            return _plain(fields["value"], path, set())
        case s if s == OUTPUT:
            if "secret" in fields and fields["secret"].bool_value:
                secrets.add(path)
            return _plain(fields["value"], path, secrets) if "value" in fields else UNKNOWN
        case s if s == RESOURCE:
            known = fields["id"].string_value if "id" in fields else ""
            return UNKNOWN if known in UNKNOWNS or not known else known
        case _:
            return {key: _plain(item, (*path, key), secrets) for key, item in fields.items()}


def _fill(target: struct_pb2.Value, value: Value, path: Path, secrets: frozenset[Path]) -> None:
    if path in secrets:
        fields = target.struct_value.fields
        fields[SIGNATURE].string_value = SECRET
        _fill(fields["value"], value, path, secrets - {path})
    elif value is UNKNOWN:
        target.string_value = UNKNOWN_STRING
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, item in value.items():
            if item is not None:
                _fill(target.struct_value.fields[key], item, (*path, key), secrets)
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for index, item in enumerate(value):
            _fill(target.list_value.values.add(), item, (*path, index), secrets)
    else:
        raise TypeError(f"{text(path)}: a {type(value).__name__} cannot go to the engine; give JSON-like values")
