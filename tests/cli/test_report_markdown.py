"""The comment for a pull request."""

from __future__ import annotations

import re

import pytest

from nautilus.cli import report, report_markdown
from nautilus.cli.events import Drift
from nautilus.cli.report_markdown import LIMIT, render
from nautilus.cli.verdict import Result, StackVerdict
from tests.cli.report_verdicts import HOSTILE, every_kind, finding, stack, urn, whole


def test_a_clean_verdict_is_its_line_and_its_counts() -> None:
    text = render(whole(stack("prod-emea"), stack("prod-apac")))
    assert text.startswith(
        "## ✅ nautilus preview · prod · sandbox\n\n**every policy passes; 0 change(s) would be made** (exit 0"
    )
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == ["Counts"]
    assert "| all | | 0 | 0 | 0 | 0 | 6 | 0 | 0 | 0 |" in text


def test_what_stops_it_comes_before_counts_and_detail() -> None:
    text = render(every_kind())
    marks = ["❌", "(exit 3", "Protected resources", "**replace**", "Policy findings: 2 that stop it, 1 advisory"]
    marks += ["RES-002", "- clause: ", "- fix: ", "their-rule", "KEY-001", "### Errors", "### Counts", "<details>"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_every_operation_is_counted_and_rows_have_the_columns_of_their_table() -> None:
    text = render(every_kind(HOSTILE))
    assert "| <code>prod-emea</code> | policy stop | 2 | 0 | 0 | 0 | 5 | 1 | 2 | 1 |" in text
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) == 2
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_values_of_others_are_shown_and_not_obeyed() -> None:
    text = render(every_kind(HOSTILE))
    own = r"</?(?:code|details|summary)>"
    assert "<" not in re.sub(own, "", text)
    assert text.count("<details>") == text.count("</details>") == len(re.findall(r"^</details>$", text, re.MULTILINE))
    assert "@" not in text
    assert "`" not in text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ud800]", text)
    assert len(re.findall(r"^#", text, re.MULTILINE)) == 5
    assert "onerror=alert(1)&gt;" in text


def test_a_secret_stays_a_mark() -> None:
    text = render(every_kind("password is [secret]"))
    assert "password is &#91;secret&#93;" in text


def test_findings_beyond_the_first_are_folded_and_all_are_there() -> None:
    many = [finding(resource=f"urn:{number:03}") for number in range(report.SHOWN + 5)]
    text = render(whole(stack("prod-emea", Result.STOPPED, *many)))
    assert "<summary>5 more findings</summary>" in text
    assert text.index("urn:024") < text.index("<details>") < text.index("urn:025")
    assert text.count("- found: ") == report.SHOWN + 5


def test_the_same_finding_of_two_stacks_is_told_for_both() -> None:
    same = finding(resource="")
    text = render(whole(stack("prod-emea", Result.STOPPED, same), stack("prod-apac", Result.STOPPED, same)))
    assert "Policy findings: 2 that stop it" in text
    assert text.count("- found: ") == 2


def test_a_change_of_three_clusters_fits_whole() -> None:
    """Three clusters of the federation are some 240 resources each; here every tenth of them breaks a rule."""
    stacks = [
        StackVerdict(
            stack=f"prod-{group}",
            result=Result.STOPPED,
            changes={"create": 240, "same": 500},
            resources=740,
            findings=[
                finding("KEY-001", urn(f"prod-{group}", f"{group}-cluster-node-group-{number}"), "no customer key " * 4)
                for number in range(24)
            ],
            guarded={urn(f"prod-{group}", f"kept-{number}"): "replace" for number in range(10)},
        )
        for group in ("americas", "emea", "apac")
    ]
    text = render(whole(*stacks))
    assert len(text) <= LIMIT
    assert "Cut to" not in text


@pytest.mark.parametrize("count", [300, 3_000])
def test_what_is_too_long_is_cut_at_a_line_with_a_note_and_closed_folds(count: int) -> None:
    drift = [Drift(urn=urn("prod-emea", f"thing-{number}"), properties=("a.b",) * 30) for number in range(count)]
    text = render(whole(StackVerdict(stack="prod-emea", result=Result.DRIFTED, drift=drift)))
    assert LIMIT - 1_000 < len(text) <= LIMIT
    assert text.count("<details>") == text.count("</details>") == 1
    noted = re.search(r"Cut to 65,536 characters: ([\d,]+) characters in ([\d,]+) lines left out", text)
    assert noted
    shown = len(re.findall(r"^- ", text, re.MULTILINE))
    # What is left out: the other resources, the end of their fold, and the fold behind it.
    assert int(noted[2].replace(",", "")) == count - shown + 2 + 9
    assert text.endswith("see verdict.json**\n")


@pytest.mark.parametrize("length", range(LIMIT - 300, LIMIT + 300, 7))
def test_no_length_gives_more_than_the_limit(length: int) -> None:
    lines = ["x" * 99] * (length // 100) + ["<details>", "y" * (length % 100)]
    assert len(report_markdown._cut(lines)) <= LIMIT
