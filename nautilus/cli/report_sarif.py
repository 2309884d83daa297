"""The verdict as SARIF 2.1.0, for what collects findings.

Guarantees a rule for each id that found something, once, and for each finding a fingerprint that follows from rule, resource
and what was found alone: neither order nor counts nor positions move it. A result is where the resource is (its URN, a
logical location); no file or line is claimed, for a verdict knows none. GitHub code scanning refuses such a file: it asks
for a physical location in every result. Source: SARIF 2.1.0, OASIS standard, 2020-03-27, sections 3.13 to 3.49.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from nautilus.cli.exits import ExitCode
from nautilus.cli.findings import Finding, ranked
from nautilus.cli.report_text import clean
from nautilus.cli.verdict import StackVerdict, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "nautilusFinding/v1"
"""The fingerprint's name; its number goes up when what goes into it changes."""

_ENDED = {ExitCode.FINE, ExitCode.POLICY_STOPPED, ExitCode.DRIFT}
_POSITION = re.compile(r"(?<=\[)\d+(?=\])|(?<=\bline )\d+|(?<=\bcolumn )\d+|(?<=\.py)(?::\d+)+|(?<=\.yaml)(?::\d+)+")


def render(verdict: Verdict) -> str:
    """Give the document as text in ASCII."""
    return json.dumps(document(verdict), indent=2) + "\n"


def document(verdict: Verdict) -> dict[str, object]:
    """Give the document as plain values: one run, its rules sorted by id, its results in the order of `ranked`."""
    found = [(finding, item) for item in verdict.stacks for finding in ranked(item.findings)]
    known = rules(finding for finding, _ in found)
    places = {rule: place for place, rule in enumerate(known)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "nautilus", "version": _version(), "rules": list(known.values())}},
                "automationDetails": {"id": f"nautilus/{verdict.command}/{verdict.environment}/"},
                "invocations": [_invocation(verdict)],
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, item, places) for finding, item in found],
            }
        ],
    }


def fingerprint(finding: Finding, stack: str) -> str:
    """Give SHA-256, in hex, over rule, resource (the stack where a finding names none) and what was found."""
    parts = (finding.rule, finding.resource or stack, _POSITION.sub("", finding.found))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def rules(findings: Iterable[Finding]) -> dict[str, dict[str, object]]:
    """Give each rule that found something, by id: its title and the clauses that ask for it, the rule's own first."""
    clauses: dict[str, set[str]] = {}
    packs: dict[str, set[str]] = {}
    for finding in findings:
        clauses.setdefault(finding.rule, set()).update({finding.clause} - {""})
        packs.setdefault(finding.rule, set()).add(finding.pack)
    titles = _registered() if clauses else {}
    made: dict[str, dict[str, object]] = {}
    for rule in sorted(clauses):
        title, own = titles.get(rule, (rule, ""))
        help_text = "; ".join([*([own] if own else []), *sorted(clauses[rule] - {own})])
        made[rule] = {
            "id": rule,
            "shortDescription": {"text": clean(title)},
            "help": {"text": clean(help_text) or "the rule names no clause"},
            "properties": {"packs": sorted(packs[rule])},
        }
    return made


def _registered() -> Mapping[str, tuple[str, str]]:
    """Give title and clause of each rule of our own packs by id."""
    from policies.kit import registry  # noqa: PLC0415 - brings every rule with it

    return {rule.id: (rule.title, str(rule.clause)) for pack in registry.Pack for rule in registry.rules(pack)}


def _result(finding: Finding, item: StackVerdict, places: Mapping[str, int]) -> dict[str, object]:
    said = {"allowed": finding.allowed, "clause": finding.clause, "fix": finding.fix}
    text = "\n".join([finding.found or finding.rule, *(f"{name}: {value}" for name, value in said.items() if value)])
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": "error" if finding.mandatory else "warning",
        "message": {"text": clean(text)},
        "locations": [_place(finding.resource or item.stack)],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding, item.stack)},
        "properties": {"stack": item.stack, "pack": finding.pack},
    }


def _place(name: str) -> dict[str, object]:
    return {
        "logicalLocations": [
            {"name": clean(name.rpartition("::")[2] or name), "fullyQualifiedName": clean(name), "kind": "resource"}
        ]
    }


def _invocation(verdict: Verdict) -> dict[str, object]:
    """Say how the run ended, and with which errors: a stack that could not be looked at must not pass for a clean one."""
    notes = [
        {
            "level": "error",
            "message": {"text": clean(f"{item.stack}: {error.short()}")},
            "locations": [_place(error.urn or item.stack)],
        }
        for item in verdict.stacks
        for error in item.errors
    ]
    return {
        "executionSuccessful": verdict.exit_code in _ENDED,
        "exitCode": int(verdict.exit_code),
        "toolExecutionNotifications": notes,
    }


def _version() -> str:
    try:
        return version("nautilus-federation")
    except PackageNotFoundError:
        return "unknown"
