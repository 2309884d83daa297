"""JUnit: a case for each stack and rule, and nothing unwell that passes."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from nautilus.cli.report_junit import render
from nautilus.cli.verdict import Result, Verdict
from tests.cli.report_verdicts import HOSTILE, every_kind, finding, stack, whole


def cases(verdict: Verdict) -> dict[tuple[str, str], str]:
    """Give each case's stack and name with its form: passed, failure, error or skipped."""
    root = Xml.fromstring(render(verdict))
    found = {
        (case.get("classname", ""), case.get("name", "")): next(
            (part.tag for part in case if part.tag != "system-out"), "passed"
        )
        for case in root.iter("testcase")
    }
    for element in (root, *root.iter("testsuite")):
        assert int(element.get("tests", "")) == len(list(element.iter("testcase")))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(name, "")) == len(list(element.iter(tag)))
    assert len(found) == int(root.get("tests", ""))
    return found


def test_a_case_for_each_stack_and_rule_and_one_for_a_clean_stack() -> None:
    stopped = stack("prod-emea", Result.STOPPED, finding(), finding(resource="urn:y"), finding("KEY-001", mandatory=False))
    assert cases(whole(stopped, stack("prod-apac"))) == {
        ("prod-emea", "RES-002"): "failure",
        ("prod-emea", "KEY-001"): "passed",
        ("prod-apac", "clean"): "passed",
    }


@pytest.mark.parametrize(
    ("result", "form"),
    [
        (Result.STOPPED, "failure"),
        (Result.DRIFTED, "failure"),
        (Result.FAILED, "error"),
        (Result.INTERRUPTED, "error"),
        (Result.HELD, "skipped"),
        (Result.SKIPPED, "skipped"),
    ],
)
def test_a_stack_that_did_not_end_well_does_not_pass(result: Result, form: str) -> None:
    assert cases(whole(stack("prod-emea", result))) == {("prod-emea", "stack"): form}
    advised = stack("prod-emea", result, finding(mandatory=False))
    assert cases(whole(advised)) == {("prod-emea", "RES-002"): "passed", ("prod-emea", "stack"): form}


@pytest.mark.parametrize("text", ["said", HOSTILE, "]]>", ""])
def test_any_text_gives_a_document_that_parses(text: str) -> None:
    assert cases(every_kind(text))[("prod-emea", "their-rule")] == "failure"
    assert render(every_kind(text)).isascii()


def test_a_failure_says_resource_clause_and_fix_of_each_finding() -> None:
    root = Xml.fromstring(render(whole(stack("prod-emea", Result.STOPPED, finding(), finding(resource="urn:y")))))
    failure = next(root.iter("failure"))
    assert failure.get("message") == "2 violation(s)"
    one = "found: f\nallowed: a\nclause: c\nfix: x"
    assert failure.text == f"urn:x\n{one}\n\nurn:y\n{one}"
