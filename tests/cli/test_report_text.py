"""Text of others in reports."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautilus.cli.report_text import clean, clipped, code
from tests.cli.report_verdicts import HOSTILE


def test_control_characters_and_halves_of_pairs_are_replaced_and_line_ends_stay() -> None:
    assert clean("a\tb\r\nc\rd\x00\x1b[31m\u202e\ud800") == "a\tb\nc\nd\ufffd\ufffd[31m\ufffd\ufffd"


@pytest.mark.parametrize(("text", "shown"), [("abc", "abc"), ("abcdef", "abcd… (2 characters more)"), ("", "")])
def test_a_long_value_says_how_long_it_was(text: str, shown: str) -> None:
    assert clipped(text, 4) == shown


def test_nothing_is_no_empty_mark() -> None:
    assert code(" \n ", 10) == ""


@given(st.text(alphabet=st.characters(), min_size=1) | st.just(HOSTILE))
def test_a_value_is_one_line_without_any_mark_and_reads_as_what_it_was(text: str) -> None:
    shown = code(text, 10_000)
    inner = shown.removeprefix("<code>").removesuffix("</code>")
    assert not set(re.sub(r"&#?\w+;", "", inner)) & set("\\`*_[]|~#!$@{}<>&\n\r\x00\x1b")
    assert html.unescape(inner) == " ".join(clean(text).split())
    shown.encode()
