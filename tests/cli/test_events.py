"""The event log: recorded logs of the real engine, cut and damaged ones, and what they add up to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautilus.cli.events import Diagnostic, Tail, Tally

FIXTURES = Path(__file__).parent / "fixtures"
NET = "urn:pulumi:prod-emea::nautilus::nautilus:test:Thing$aws:ec2/vpc:Vpc::emea-net"
LOG = "urn:pulumi:prod-emea::nautilus::nautilus:test:Thing$aws:cloudwatch/logGroup:LogGroup::emea-log-0"


def tally(name: str) -> Tally:
    """Add up a recorded log."""
    result = Tally()
    for event in Tail(FIXTURES / f"{name}.events").read():
        result.feed(event)
    return result


@pytest.mark.parametrize(
    ("name", "changes", "result"),
    [
        ("preview_create", {"create": 6}, "succeeded"),
        ("up_create", {"create": 6}, "succeeded"),
        ("preview_same", {"same": 6}, "succeeded"),
        ("preview_update", {"same": 4, "update": 2}, "succeeded"),
        ("preview_policy", {"same": 5, "update": 1}, "failed"),
        ("preview_protected", {"same": 5, "replace": 1}, "failed"),
        ("destroy_protected", {"same": 4, "delete": 2}, "succeeded"),
        ("refresh_drift", {"same": 5, "update": 1}, "succeeded"),
    ],
)
def test_a_recorded_run_adds_up(name: str, changes: dict[str, int], result: str) -> None:
    found = tally(name)
    assert found.counts() == changes
    assert found.result == result
    assert found.resources == 6


def test_without_the_summary_the_same_counts_come_from_the_steps() -> None:
    for name in ("preview_create", "preview_update", "preview_protected", "destroy_protected"):
        whole = tally(name)
        cut = Tally()
        for event in Tail(FIXTURES / f"{name}.events").read():
            if "summaryEvent" not in event:
                cut.feed(event)
        assert cut.result is None
        assert cut.counts() == whole.counts()


def test_a_violation_is_read_with_its_fields() -> None:
    (finding,) = tally("preview_policy").findings
    assert (finding.rule, finding.found, finding.allowed, finding.clause, finding.fix) == (
        "RES-002",
        "abroad",
        "here",
        "LAW-1",
        "move it",
    )
    assert finding.resource.endswith("::root")
    assert finding.pack == "gate"
    assert finding.mandatory
    assert tally("preview_create").packs == ("gate",)


def test_a_protected_resource_that_would_go_is_named() -> None:
    found = tally("preview_protected")
    assert found.guarded == {NET: "replace"}
    assert [item.urn for item in found.errors()] == [NET]
    assert tally("preview_same").guarded == {}


def test_drift_gives_the_resource_and_its_properties_without_values() -> None:
    (drift,) = tally("refresh_drift").drift
    assert drift.urn == LOG
    assert drift.properties == ("retentionInDays",)
    assert not drift.gone
    assert tally("preview_update").drift == []


def test_a_resource_that_is_gone_is_drift() -> None:
    found = Tally()
    found.feed({"resourcePreEvent": {"metadata": {"op": "refresh", "urn": LOG, "type": "aws:cloudwatch/logGroup:LogGroup"}}})
    found.feed({"resOutputsEvent": {"metadata": {"op": "delete", "urn": LOG, "type": "aws:cloudwatch/logGroup:LogGroup"}}})
    assert [(item.urn, item.gone) for item in found.drift] == [(LOG, True)]


def test_an_error_is_shortened_to_its_cause() -> None:
    (error,) = tally("preview_error").errors()
    assert "Traceback" in error.text
    assert error.short().splitlines()[0] == "ValueError: boom"
    assert 'File "/project/stacks/__main__.py"' in error.short()


def test_a_general_error_gives_way_to_a_telling_one_but_is_kept_when_alone() -> None:
    general = Diagnostic(severity="error", urn="", text="preview failed")
    telling = Diagnostic(severity="error", urn=NET, text="no such zone")
    after = Diagnostic(severity="error", urn=LOG, text="failed to run policy: context canceled")
    assert Tally(diagnostics=[general, telling, after]).errors() == [telling]
    assert Tally(diagnostics=[general]).errors() == [general]


def test_colour_marks_are_taken_out() -> None:
    found = Tally()
    found.feed({"diagnosticEvent": {"severity": "error", "message": "<{%fg 1%}>error: <{%reset%}>\x1b[31mno\x1b[0m\n"}})
    assert found.diagnostics[0].text == "error: no"


@given(st.lists(st.integers(min_value=1, max_value=4000), max_size=30))
def test_however_the_log_grows_each_event_comes_once(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    whole = (FIXTURES / "preview_policy.events").read_bytes()
    path = tmp_path_factory.mktemp("tail") / "log"
    tail, seen, place = Tail(path), [], 0
    for size in [*cuts, len(whole)]:
        with path.open("ab") as stream:
            stream.write(whole[place : place + size])
        place += size
        seen += [event["sequence"] for event in tail.read()]
    everything = [json.loads(line) for line in whole.splitlines()]
    assert seen == [event["sequence"] for event in everything if event.get("diagnosticEvent", {}).get("severity") != "debug"]


def test_a_log_that_is_written_anew_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "log"
    tail = Tail(path)
    path.write_bytes(b'{"sequence":0}\n{"sequence":1}\n{"sequ')
    assert [event["sequence"] for event in tail.read()] == [0, 1]
    assert not tail.restarted
    path.write_bytes(b'{"sequence":7}\n')
    assert [event["sequence"] for event in tail.read()] == [7]
    assert tail.restarted
    assert list(tail.read()) == []
    assert not tail.restarted


def test_a_failed_destroy_gives_the_clouds_own_reason() -> None:
    found = tally("destroy_refused")
    assert found.result == "failed"
    (error,) = found.errors()
    assert error.urn.endswith("::nautilus-edge-global-east-1-azure-cluster-edgetrading2")
    assert error.text.startswith("ScopeLocked: ")


def test_a_log_that_is_not_there_yet_or_cut_by_a_crash_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    tail = Tail(path)
    assert list(tail.read()) == []
    path.write_bytes(b'{"sequence":1}\nnot json\n[1]\n{"sequence":2}\n{"seq')
    assert [event["sequence"] for event in tail.read()] == [1, 2]
    assert list(tail.read()) == []
