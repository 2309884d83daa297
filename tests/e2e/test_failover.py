"""Failover, halt and drill on the whole federation through the real engine (FO-1, FO-3, HALT-1).

The tests share the federation of `test_federation` and leave it as they found it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nautilus.federation.planned import SIGNATURE
from tests.e2e.project import LIMIT_S, Project

pytestmark = pytest.mark.e2e

WEST = "nautilus-enterprise-eu-west-1"
FEDERATION = "prod-federation"
MEMBERS = {"trading": 1.0, "client": 0.5}
"""What eu-west-1 has of a front by priority and of one by place, before anything is moved."""

GATE = """import os, pathlib, shutil, sys, time
here, step = pathlib.Path(__file__).parent, os.environ["NAUTILUS_STEP"]
shutil.copy({state!r}, here / f"step-{{step}}.json")
if (here / "hang").exists():
    time.sleep(600)
sys.exit(7 if step == "2" else 0)
"""


def inputs(state: Path) -> dict[str, Any]:
    """Give what every resource of a state was asked to be, by URN; secrets masked: they are encrypted anew each time."""
    deployment = json.loads(state.read_text())["checkpoint"]["latest"]
    return {one["urn"]: masked(one.get("inputs")) for one in deployment["resources"]}


def masked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return "[secret]" if SIGNATURE in value else {key: masked(item) for key, item in value.items()}
    return [masked(item) for item in value] if isinstance(value, list) else value


def called(found: Mapping[str, Any], name: str) -> Any:
    """Give the inputs of the one resource of a logical name."""
    (one,) = [value for urn, value in found.items() if urn.endswith(f"::{name}")]
    return one


def weights(found: Mapping[str, Any], service: str) -> dict[str, dict[str, float]]:
    """Give the parts in which each provider's names answer a European front while it is shifted, by endpoint, 0…1."""
    front = f"{service}-eu"
    aws = {
        end: called(found, f"names-aws-{front}-weighted-{end}-record")["weightedRoutingPolicies"][0]["weight"]
        for end in ("eu-gcp", "eu-aws")
    }
    profiles = [value for urn, value in found.items() if f"::names-azure-{front}-" in urn and urn.endswith("-profile")]
    azure = {
        one["name"]: one["weight"] for profile in profiles for one in profile["endpoints"] if one.get("weight") is not None
    }
    answers = called(found, f"names-gcp-{front}-record")["routingPolicy"]["wrrs"]
    google = {str(place): one["weight"] for place, one in enumerate(answers) if one["weight"]}
    parts = {"aws": aws, "azure": azure, "gcp": google}
    return {cloud: {end: weight / sum(given.values()) for end, weight in given.items()} for cloud, given in parts.items()}


@pytest.fixture(scope="module")
def state(standing: Project) -> Path:
    return standing.home / "state" / ".pulumi" / "stacks" / "nautilus" / f"{FEDERATION}.json"


@pytest.fixture(scope="module")
def gate(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gate that keeps the state after each step and fails at the second; it hangs while a file `hang` is beside it."""
    script = tmp_path_factory.mktemp("gate") / "gate.py"
    script.write_text(GATE.format(state=str(state)))
    return script


def until(condition: Any) -> None:
    end = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < end, "the awaited state never came"
        time.sleep(0.2)


def test_a_gradual_failover_killed_at_75_and_stopped_at_50_rolls_back_to_the_exact_weights(
    standing: Project, state: Path, gate: Path
) -> None:
    file = standing.root / "config" / "catalogue" / "operations" / "prod.yaml"
    before, text = inputs(state), file.read_bytes()
    (gate.parent / "hang").touch()
    words = ("--from", "eu-west-1", "--strategy", "gradual", "--gate", f"{sys.executable} {gate}", "-C", str(standing.root))
    command = [str(Path(sys.executable).parent / "nautilus"), "failover", *words]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    until(lambda: (gate.parent / "step-1.json").exists() or first.poll() is not None)
    assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert first.stdout is not None
    first.stdout.close()
    (gate.parent / "hang").unlink()
    refused = standing.nautilus("halt", "--jurisdiction", "in", "--cause", "breach", "--reason", "a drill")
    assert refused.code == 1
    assert "a failover from eu-west-1 is under way, 0 step(s) done" in refused.output

    run = standing.nautilus("failover", "--resume", "--gate", f"{sys.executable} {gate}")

    assert run.code == 1, run.output
    for said in ("step 1 of 4: keep 75%", "step 2 of 4: keep 50%", "step 2 failed its gate", "shares are exactly as before"):
        assert said in " ".join(run.output.split())
    for step, keeps in ((1, 0.75), (2, 0.5)):
        after = inputs(gate.parent / f"step-{step}.json")
        for service, had in MEMBERS.items():
            found = weights(after, service)
            for cloud, parts in found.items():
                assert sorted(parts.values()) == pytest.approx(sorted((keeps * had, 1 - keeps * had)), abs=0.01), (
                    cloud,
                    service,
                )
    assert inputs(state) == before
    assert file.read_bytes() == text
    journal = standing.home / "operations" / "prod.jsonl"
    done = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["what"] for line in done] == ["failover step", "failover rolled back"]
    assert done[-1]["exact"] is True
    assert standing.nautilus("failover", "--roll-back").code == 64


def test_a_halt_takes_the_names_away_and_closes_the_entries_until_it_is_resumed(standing: Project, state: Path) -> None:
    entries = state.with_name("prod-apac.json")
    before, open_ = inputs(state), inputs(entries)

    halted = standing.nautilus("halt", "--jurisdiction", "in", "--cause", "regulatory", "--reason", "a drill")

    assert halted.code == 0, halted.output
    assert "whom to notify" in halted.output
    now = inputs(state)
    for service in ("client", "portfolio", "reporting", "risk", "trading"):
        front = f"{service}-in"
        assert called(now, f"names-aws-{front}-halted-record")["type"] == "TXT"
        assert called(now, f"names-gcp-{front}-record")["rrdatas"] == ['"halted"']
        assert called(now, f"names-azure-{front}-profile")["profileStatus"] == "Disabled"
        assert not [urn for urn in now if urn.endswith(f"::names-aws-{front}-host-record")]
    assert called(now, "in-anycast-aws-accelerator")["enabled"] is False
    elsewhere = {urn for urn in before if "-in-" not in urn and "::in-" not in urn}
    assert {urn for urn in elsewhere if now.get(urn) != before[urn]} <= {
        urn for urn in elsewhere if urn.endswith(FEDERATION)
    }
    closed = {urn for urn, value in inputs(entries).items() if open_.get(urn) != value}
    assert closed
    assert all("asia-south-1" in urn or urn.endswith("prod-apac") for urn in closed), closed

    resumed = standing.nautilus("resume", "--jurisdiction", "in")

    assert resumed.code == 0, resumed.output
    assert inputs(state) == before
    assert inputs(entries) == open_


def test_a_drill_reads_what_is_deployed_and_every_target_is_met_or_accepted(standing: Project) -> None:
    told, plot = standing.root / "drill.json", standing.root / "drill.png"
    run = standing.nautilus("drill", "--deployed", "--plot", str(plot), "--json", str(told))
    assert run.code == 0, run.output
    found = json.loads(told.read_text())
    assert {row["scenario"] for row in found["rows"]} == {
        *("region", "provider", "trading-system", "database", "partition", "breach-halt", "regulatory-halt")
    }
    assert {row["verdict"] for row in found["rows"]} <= {"met", "accepted deviation", "not planned"}
    assert plot.read_bytes().startswith(b"\x89PNG")
