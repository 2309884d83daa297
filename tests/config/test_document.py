from __future__ import annotations

from typing import Any

import pytest

from config.document import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("a: NO", {"a": "NO"}),
        ("a: on", {"a": "on"}),
        ("a: true", {"a": True}),
        ("a: 010", {"a": 10}),
        ("a: 0x10", {"a": "0x10"}),
        ("a: 1:30", {"a": "1:30"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: -1", {"a": -1}),
        ("a: 1.5", {"a": 1.5}),
        ("a: 1e3", {"a": 1000.0}),
        ("a: 1.", {"a": 1.0}),
        ("a: 2026-11-21", {"a": "2026-11-21"}),
        ("a: '1'", {"a": "1"}),
        ('a: "true"', {"a": "true"}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: [b, {c: 1}]", {"a": ["b", {"c": 1}]}),
        ("- a\n- [b]", ["a", ["b"]]),
        ("=: a", {"=": "a"}),
        ('"1": a', {"1": "a"}),
        ("", None),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: Any) -> None:
    document = parse("x.yaml", text.encode())
    assert document.problems == ()
    assert document.value == value


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, ("a, a second time", "each key once", "remove one of the two")),
        ("a: {b: 1, b: 2}", 1, 11, ("b, a second time", "each key once", "remove one of the two")),
        ("a: &x 1", 1, 4, ("&x", "no anchors", "remove the anchor")),
        ("a: *x", 1, 4, ("*x", "no aliases", "write the value out")),
        ("a: !!set {}", 1, 4, ("tag:yaml.org,2002:set", "no tags", "remove the tag")),
        ("a: 1\n---\nb: 2", 2, 1, ("a second document", "one document a file", "remove")),
        ("a: .inf", 1, 4, (".inf", "a finite number", "write a number")),
        ("a: .nan", 1, 4, (".nan", "a finite number", "write a number")),
        ("a: 1e999", 1, 4, ("1e999", "a finite number", "write a number")),
        ("a: 1234567890123456789", 1, 4, ("1234567890123456789", "at most 18 digits", "quote it if it is an id")),
        ("1.35: a", 1, 1, ("1.35", "keys that are text", 'quote it: "1.35"')),
        ("~: a", 1, 1, ("~", "keys that are text", 'quote it: "~"')),
        ("? [a]\n: b", 1, 3, ("a list or mapping as a key", "keys that are text", "write the key as text")),
        ("[" * 41, 1, 41, ("more than 40 levels", "at most 40 levels", "flatten the file")),
        ("a: [1", 2, 1, ("flow sequence", "well-formed YAML", "mend the YAML at that place")),
    ],
)
def test_refuses(text: str, line: int, column: int, expected: tuple[str, str, str]) -> None:
    found, allowed, fix = expected
    document = parse("x.yaml", text.encode())
    assert document.value is None
    (problem,) = document.problems
    assert (problem.file, problem.line, problem.column) == ("x.yaml", line, column)
    assert found in problem.value
    assert problem.allowed == allowed
    assert fix in problem.fix


def test_every_duplicate_of_a_file_is_said() -> None:
    document = parse("x.yaml", b"a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [problem.path for problem in document.problems] == ["a", "b.c"]


def test_bytes_that_are_no_text_are_said() -> None:
    (problem,) = parse("x.yaml", b"a: \xff").problems
    assert problem.value == "byte 0xff at offset 3"
    assert problem.allowed == "UTF-8 text"


def test_a_large_file_is_not_read() -> None:
    (problem,) = parse("x.yaml", b" " * (1024 * 1024 + 1)).problems
    assert problem.value == "1048577 bytes"
    assert problem.allowed == "at most 1024 KiB"


def test_positions_are_those_of_keys_and_items() -> None:
    document = parse("x.yaml", b"a:\n  b: 1\n  c:\n    - d\n", positions=True)
    assert document.positions == {(): (1, 1), ("a",): (1, 1), ("a", "b"): (2, 3), ("a", "c"): (3, 3), ("a", "c", 0): (4, 7)}
    assert parse("x.yaml", b"a: 1").positions == {}
