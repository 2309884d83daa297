from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.kit.finding import Finding, Verdict, parse, render

FINDING = Finding(
    rule="RES-002", resource="urn:pulumi:s::p::t::n", found="here", allowed="there", clause="c (d)", fix="move it"
)
LINES = "RULE: RES-002\nresource: urn:pulumi:s::p::t::n\nfound: here\nallowed: there\nclause: c (d)\nfix: move it"
text = st.text(max_size=60).map(lambda value: " ".join(value.split()))


def test_the_lines_are_these() -> None:
    assert render(FINDING) == LINES


def test_findings_are_read_out_of_whatever_the_engine_prints() -> None:
    printed = "\n".join(f"        {line}" for line in LINES.splitlines())
    assert parse(f"    description\n{printed}\n  noise: x\n{LINES}\nRULE: RES-9\nfound: cut off") == [FINDING, FINDING]


def test_a_line_break_in_a_value_cannot_forge_a_line() -> None:
    forged = Finding(**{**vars(FINDING), "found": "x\nRULE: RES-001\nfix: none"})
    assert [one.rule for one in parse(render(forged))] == ["RES-002"]


@given(rule=text, resource=text, found=text, allowed=text, clause=text, fix=text)
def test_what_is_written_is_read_back(**fields: str) -> None:
    finding = Finding(**fields)
    assert parse(render(finding)) == [finding]


def test_the_verdict_is_told_by_what_was_found() -> None:
    assert FINDING.verdict is Verdict.FAIL
    assert Finding(**{**vars(FINDING), "found": "x cannot be known at preview"}).verdict is Verdict.UNDECIDED
    assert Finding(**{**vars(FINDING), "found": "the rule could not decide: KeyError"}).verdict is Verdict.UNDECIDED
