from __future__ import annotations

from typing import Any

import pytest
from pulumi_policy.proxy import unknown_checking_proxy

from policies.kit.props import Props, Undecided, plain
from policies.kit.wire import Concealed
from tests.policies.analyzer import UNKNOWN

PROPS = Props(
    {
        "name": "n",
        "empty": "",
        "nothing": None,
        "unknown": UNKNOWN,
        "nested": {"list": [{"a": 1.0}, {"a": UNKNOWN}], "json": '["x"]', "on": "true"},
        "tags": {"a:b": "c", "lost": UNKNOWN},
    }
)


def test_what_is_absent_reads_as_none() -> None:
    assert [PROPS.get(path) for path in ("gone", "gone.deeper", "nothing", "nothing.x", "nested.list.7.a")] == [None] * 5
    assert PROPS.text("empty") is None


@pytest.mark.parametrize("path", ["unknown", "unknown.deeper", "nested.list.1.a", "nested.list", "nested", "tags"])
def test_reading_what_is_unknown_or_holds_it_raises(path: str) -> None:
    with pytest.raises(Undecided, match=rf"^{path} cannot be known at preview$"):
        PROPS.get(path)


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda: PROPS.text("nested.on.deeper"), "nested.on.deeper is not an object"),
        (lambda: PROPS.number("name"), "name is not a number"),
        (lambda: Props({"x": True}).number("x"), "x is not a number"),
        (lambda: Props({"x": 1.0}).text("x"), "x is not a string"),
        (lambda: PROPS.texts("name"), "name is not JSON"),
        (lambda: Props({"x": [1.0]}).texts("x"), "x is not a list of strings"),
        (lambda: list(Props({"x": ["y"]}).each("x")), r"x\[0\] is not an object"),
        (lambda: list(Props({"x": [UNKNOWN]}).each("x")), r"x\[0\] cannot be known"),
    ],
)
def test_the_wrong_type_is_undecided(read: Any, says: str) -> None:
    with pytest.raises(Undecided, match=says):
        read()


def test_presence_does_not_need_the_value() -> None:
    assert [PROPS.present(path) for path in ("name", "unknown", "unknown.x", "empty", "nothing", "gone")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert [PROPS.known(path) for path in ("name", "gone", "unknown", "nested")] == [True, True, False, False]


def test_elements_know_their_path() -> None:
    first, second = PROPS.each("nested.list")
    assert first.number("a") == 1
    with pytest.raises(Undecided, match=r"nested.list\[1\].a cannot be known"):
        second.number("a")
    assert list(PROPS.each("gone")) == []


def test_one_label_is_read_without_the_others() -> None:
    assert PROPS.entry("tags", "a:b") == "c"
    assert PROPS.entry("tags", "none") is None
    with pytest.raises(Undecided, match="lost"):
        PROPS.entry("tags", "lost")


def test_strings_of_truth_count_as_flags() -> None:
    assert [Props({"x": value}).flag("x") for value in (True, "true", False, "false", "yes", 1.0, None)] == [True, True] + [
        False
    ] * 5


def test_reading_a_secret_is_noted_wherever_it_is() -> None:
    props = Props({"a": {"b": [Concealed("s")]}, "c": "d"})
    props.get("c")
    assert not props.watch.secret
    props.get("a")
    assert props.watch.secret


def test_proxies_come_off_and_marks_stay() -> None:
    bare = {"a": [{"b": UNKNOWN}], "c": Concealed("s")}
    found = plain(unknown_checking_proxy(bare))
    assert found == bare
    assert (type(found), type(found["a"]), type(found["a"][0]), type(found["c"])) == (dict, list, dict, Concealed)
