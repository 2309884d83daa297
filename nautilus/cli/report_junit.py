"""The verdict as JUnit XML, for what shows tests.

Guarantees a suite for each stack, in it a case for each rule that found something and one more where the stack itself did
not end well; a clean stack is one case that passed. Advice does not fail a case. The form is the one that continuous
integration reads (`testsuites`, `testsuite`, `testcase`); it has no standard.
"""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from nautilus.cli.findings import Finding, ranked
from nautilus.cli.report_text import clean
from nautilus.cli.verdict import Result, StackVerdict, Verdict

_FORM = {
    Result.STOPPED: "failure",
    Result.DRIFTED: "failure",
    Result.FAILED: "error",
    Result.INTERRUPTED: "error",
    Result.HELD: "skipped",
    Result.SKIPPED: "skipped",
}


def render(verdict: Verdict) -> str:
    """Give the document as text in ASCII, other characters as references."""
    root = Xml.Element("testsuites", name=f"nautilus {verdict.command} {verdict.environment}")
    for item in verdict.stacks:
        root.append(_suite(item))
    _count(root)
    root.set("time", f"{verdict.seconds:.2f}")
    Xml.indent(root)
    text = Xml.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(item: StackVerdict) -> Xml.Element:
    suite = Xml.Element("testsuite", name=clean(item.stack))
    found: dict[str, list[Finding]] = {}
    for finding in ranked(item.findings):
        found.setdefault(finding.rule, []).append(finding)
    for rule in sorted(found):
        _rule(suite, item.stack, rule, found[rule])
    stopped_by_rules = item.result is Result.STOPPED and item.mandatory
    if item.result is not Result.FINE and not stopped_by_rules:
        _ended(suite, item)
    elif not found:
        Xml.SubElement(suite, "testcase", classname=clean(item.stack), name="clean")
    _count(suite)
    suite.set("time", f"{sum(item.seconds.values()):.2f}")
    return suite


def _rule(suite: Xml.Element, stack: str, rule: str, findings: list[Finding]) -> None:
    """Add the case of a rule: failed where a finding is mandatory, passed with the advice as its output elsewhere."""
    case = Xml.SubElement(suite, "testcase", classname=clean(stack), name=clean(rule))
    text = clean("\n\n".join(_says(finding) for finding in findings))
    mandatory = sum(finding.mandatory for finding in findings)
    if mandatory:
        Xml.SubElement(case, "failure", type="policy", message=f"{mandatory} violation(s)").text = text
    else:
        Xml.SubElement(case, "system-out").text = text


def _says(finding: Finding) -> str:
    names = ("found", "allowed", "clause", "fix")
    return "\n".join([finding.resource, *(f"{name}: {getattr(finding, name)}" for name in names if getattr(finding, name))])


def _ended(suite: Xml.Element, item: StackVerdict) -> None:
    """Add the case of a stack that did not end well by itself, with its errors, its drift and its notes."""
    case = Xml.SubElement(suite, "testcase", classname=clean(item.stack), name="stack")
    lines = [f"{error.urn} {error.short()}".strip() for error in item.errors]
    lines += [f"{one.urn}: {'no longer exists' if one.gone else ', '.join(one.properties)}" for one in item.drift]
    form = Xml.SubElement(case, _FORM[item.result], message=item.result.value)
    if form.tag != "skipped":
        form.set("type", item.result.name.lower())
    form.text = clean("\n".join([*lines, *item.notes]))


def _count(element: Xml.Element) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))
