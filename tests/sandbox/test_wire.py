"""Round trips of the wire format."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime import rpc

from nautilus.sandbox import wire
from nautilus.sandbox.handler import UNKNOWN

KEYS = st.text(min_size=1, max_size=8).filter(lambda key: key != wire.SIGNATURE)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.text(max_size=20).filter(lambda text: text not in wire.UNKNOWNS),
    st.just(UNKNOWN),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)), max_leaves=12
)
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PROPERTIES)
def test_values_survive(properties: dict[str, Any]) -> None:
    assert wire.decode(wire.encode(properties)) == (properties, frozenset())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PROPERTIES, st.data())
def test_secrets_survive(properties: dict[str, Any], data: st.DataObject) -> None:
    paths = {path for path, _ in wire.leaves(properties, ())} | {(key,) for key in properties}
    chosen = data.draw(st.sets(st.sampled_from(sorted(paths, key=str)))) if paths else set()
    outermost = frozenset(p for p in chosen if not any(p[:n] in chosen for n in range(1, len(p))))
    assert wire.decode(wire.encode(properties, outermost)) == (properties, outermost)


def test_sentinels_are_the_sdks() -> None:
    assert wire.UNKNOWN_STRING == rpc.UNKNOWN
    assert rpc._special_sig_key == wire.SIGNATURE
    assert rpc._special_secret_sig == wire.SECRET
    assert rpc._special_resource_sig == wire.RESOURCE
    assert rpc._special_output_value_sig == wire.OUTPUT


@pytest.mark.parametrize("sentinel", sorted(wire.UNKNOWNS))
def test_every_unknown_is_unknown(sentinel: str) -> None:
    struct = struct_pb2.Struct()
    struct["a"] = {"b": [sentinel]}
    assert wire.decode(struct) == ({"a": {"b": [UNKNOWN]}}, frozenset())


def test_output_values_and_references() -> None:
    struct = struct_pb2.Struct()
    struct["hidden"] = {wire.SIGNATURE: wire.OUTPUT, "value": "x", "secret": True, "dependencies": []}
    struct["later"] = {wire.SIGNATURE: wire.OUTPUT}
    struct["other"] = {wire.SIGNATURE: wire.RESOURCE, "urn": "u", "id": "vpc-1"}
    struct["unborn"] = {wire.SIGNATURE: wire.RESOURCE, "urn": "u", "id": wire.UNKNOWN_STRING}
    plain, secrets = wire.decode(struct)
    assert plain == {"hidden": "x", "later": UNKNOWN, "other": "vpc-1", "unborn": UNKNOWN}
    assert secrets == {("hidden",)}


def test_a_secret_is_marked_wherever_it_turns_up() -> None:
    inputs = {"password": "hunter22", "short": "no"}
    outputs = {
        "password": "hunter22",
        "url": "db://admin:hunter22@host",
        "list": [{"a": "hunter22"}],
        "other": "no",
        "short": "no",
    }
    found = wire.secret_paths(outputs, inputs, {("password",), ("short",)})
    assert found == {("password",), ("url",), ("list", 0, "a"), ("short",)}


def test_a_strange_value_is_refused() -> None:
    with pytest.raises(TypeError, match=r"a\.b: a set cannot go to the engine"):
        wire.encode({"a": {"b": {1}}})


def test_paths_read_well() -> None:
    assert wire.text(("vpcConfig", "subnetIds", 0)) == "vpcConfig.subnetIds[0]"
    assert wire.text(("tags", "nautilus:owner")) == 'tags["nautilus:owner"]'
