"""SARIF: the essential rules of its schema, and fingerprints that stay."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from nautilus.cli.findings import Finding
from nautilus.cli.report_sarif import FINGERPRINT, fingerprint, render
from nautilus.cli.verdict import Result, Verdict
from tests.cli.report_verdicts import HOSTILE, every_kind, finding, stack, whole


def run_of(verdict: Verdict) -> dict[str, Any]:
    """Give the one run, after the document has passed what SARIF's schema asks of the parts in use."""
    document = json.loads(render(verdict))
    assert set(document) == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert set(run) == {"tool", "automationDetails", "invocations", "columnKind", "results"}
    driver = run["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert set(rule) <= {"id", "shortDescription", "help", "properties"}
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
    for result in run["results"]:
        assert set(result) <= {
            "ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties",
        }  # fmt: skip
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        assert set(result["locations"][0]["logicalLocations"][0]) == {"name", "fullyQualifiedName", "kind"}
    for invocation in run["invocations"]:
        assert isinstance(invocation["executionSuccessful"], bool)
        assert all(note["message"]["text"] for note in invocation["toolExecutionNotifications"])
    return dict(run)


def prints(verdict: Verdict) -> dict[tuple[str, str, str], str]:
    return {
        (result["ruleId"], result["properties"]["stack"], result["message"]["text"]): result["partialFingerprints"][
            FINGERPRINT
        ]
        for result in run_of(verdict)["results"]
    }


@pytest.mark.parametrize("verdict", [whole(), whole(stack()), every_kind(), every_kind(HOSTILE), every_kind("")])
def test_every_verdict_gives_a_sound_document(verdict: Verdict) -> None:
    assert len(run_of(verdict)["results"]) == sum(item.mandatory + item.advisory for item in verdict.stacks)


def test_a_result_says_rule_level_place_and_what_to_do() -> None:
    one, two = run_of(whole(stack("prod-emea", Result.STOPPED, finding(), finding("KEY-001", mandatory=False))))["results"]
    assert (one["ruleId"], one["level"], two["ruleId"], two["level"]) == ("RES-002", "error", "KEY-001", "warning")
    assert one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "urn:x"
    assert one["message"]["text"] == "f\nallowed: a\nclause: c\nfix: x"


def test_a_finding_without_a_resource_is_its_stacks() -> None:
    (one,) = run_of(whole(stack("prod-emea", Result.STOPPED, finding(resource=""))))["results"]
    assert one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "prod-emea"
    assert fingerprint(finding(resource=""), "prod-emea") != fingerprint(finding(resource=""), "prod-apac")


def test_a_rule_of_ours_brings_its_title_and_clause_and_a_rule_of_others_what_its_findings_say() -> None:
    theirs, ours = (
        next(rule for rule in run_of(every_kind())["tool"]["driver"]["rules"] if rule["id"] == name)
        for name in ("their-rule", "RES-002")
    )
    assert theirs["shortDescription"]["text"] == "their-rule"
    assert theirs["help"]["text"] == "said"
    assert ours["shortDescription"]["text"] != "RES-002"
    assert ours["help"]["text"].endswith("; said")


def test_a_stack_that_failed_does_not_pass_for_a_clean_one() -> None:
    (failed,) = run_of(whole(every_kind().stacks[1]))["invocations"]
    assert failed["executionSuccessful"] is False
    assert failed["toolExecutionNotifications"][0]["message"]["text"] == "prod-apac: said"
    (stopped,) = run_of(every_kind())["invocations"]
    assert (stopped["executionSuccessful"], stopped["exitCode"]) == (True, 3)


def test_order_and_counts_move_no_fingerprint() -> None:
    found = [finding(rule, f"urn:{number}", f"found {number}") for rule in ("RES-002", "KEY-001") for number in range(20)]
    before = prints(whole(stack("prod-emea", Result.STOPPED, *found), stack("prod-apac", Result.STOPPED, *found[:5])))
    random.Random(7).shuffle(found)
    more = [finding("RES-001", "urn:new", "new"), *found, finding("NET-008", "urn:new", "new")]
    item = replace(stack("prod-emea", Result.STOPPED, *more), changes={"create": 9}, resources=99)
    after = prints(whole(stack("prod-apac", Result.STOPPED, *found), item))
    assert before.items() <= after.items()
    assert len(set(after.values())) == 42


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rule[0].cidr is wide", "rule[3].cidr is wide"),
        ("stacks/a.py:12: bad", "stacks/a.py:40: bad"),
        ("clusters/x.yaml:3:7 bad", "clusters/x.yaml:4:1 bad"),
        ("bad in line 3, column 4", "bad in line 30, column 1"),
    ],
)
def test_a_position_moves_no_fingerprint(one: str, other: str) -> None:
    assert fingerprint(finding(found=one), "s") == fingerprint(finding(found=other), "s")


@pytest.mark.parametrize(
    "changed",
    [finding("RES-003"), finding(resource="urn:y"), finding(found="10.0.0.0/8"), finding(found="rotation is 90 days")],
)
def test_another_rule_resource_or_matter_has_another_fingerprint(changed: Finding) -> None:
    assert fingerprint(changed, "s") != fingerprint(finding(), "s")
    assert fingerprint(finding(found="10.0.0.0/8"), "s") != fingerprint(finding(found="10.0.0.0/16"), "s")


def test_a_fingerprint_is_a_known_value() -> None:
    """Kept results are matched by it: a change of it makes every old finding a new one."""
    assert fingerprint(finding(), "s") == "6cf3fe12646e584884917240e4951e36bfab4ccdc9325f00c6d6a218ec5456ff"
