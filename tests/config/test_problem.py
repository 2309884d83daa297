from __future__ import annotations

import pytest

from config.problem import CatalogueError, Problem, dotted, nearest, one_of, shown, shown_text


def problem(file: str = "a.yaml", line: int = 1) -> Problem:
    return Problem(file=file, line=line, column=2, path="b", value="c", allowed="d", fix="e")


def test_a_problem_is_one_block() -> None:
    assert str(problem()) == "a.yaml:1:2  b\n  found    c\n  allowed  d\n  fix      e"
    assert str(Problem(file="a.yaml", value="c", allowed="d", fix="e")).startswith("a.yaml\n")


def test_an_error_holds_each_problem_once_in_order() -> None:
    error = CatalogueError([problem(line=3), problem(line=1), problem(line=3)])
    assert [one.line for one in error.problems] == [1, 3]
    assert str(error).startswith("2 problems in the catalogue\na.yaml:1:2")
    assert str(CatalogueError([problem()])).startswith("1 problem in the catalogue\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing (null)"),
        (True, "true"),
        ("a", '"a"'),
        (1.5, "1.5"),
        ([], "an empty list"),
        (["a", "b"], "a list of 2: a, b"),
        ({}, "an empty mapping"),
        ({"a": 1}, "a mapping with the keys a"),
        ("a\nb", '"a�b"'),
        ("x" * 500, '"' + "x" * 118 + "…"),
    ],
)
def test_values_are_shown_on_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text


def test_text_is_cut_to_its_length() -> None:
    assert shown_text("abcdef", 6) == "abcdef"
    assert shown_text("abcdefg", 6) == "abcde…"


def test_paths_are_written_as_people_do() -> None:
    assert dotted(("a", 0, "b", 1)) == "a[0].b[1]"
    assert dotted(()) == ""


def test_few_choices_are_listed_and_many_counted() -> None:
    assert one_of(["b", "a"], "one") == "one: a, b"
    assert one_of([], "one") == "one: none is defined"
    assert one_of(map(str, range(13)), "one") == "one (13 of them)"


def test_the_nearest_name_is_suggested_only_where_it_is_near() -> None:
    assert nearest("tradnig", ["trading", "data"], "other") == "did you mean trading?"
    assert nearest("zones", ["owner", "tier"], "other") == "other"
