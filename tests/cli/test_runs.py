"""The command against the real engine on a small project: every exit code, the gate, recovery, drift, destroy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nautilus.cli.exits import ExitCode
from nautilus.cli.state import FileBackend
from nautilus.sandbox.ledger import Ledger
from tests.cli.conftest import Tiny

pytestmark = pytest.mark.e2e


def verdict(tiny: Tiny) -> dict[str, Any]:
    """Read the verdict that the last command wrote."""
    found: dict[str, Any] = json.loads((tiny.root / "verdict.json").read_text())
    return found


def run(tiny: Tiny, *words: str) -> int:
    return tiny.nautilus(*words, "--json", str(tiny.root / "verdict.json"))


def backend(tiny: Tiny) -> FileBackend:
    return FileBackend(tiny.home / "state", "nautilus")


def in_background(tiny: Tiny, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nautilus.cli.main", words[0], "--directory", str(tiny.root), *words[1:]]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def until(condition: Any, limit_s: float = 30.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "the awaited state never came"
        time.sleep(0.05)


def test_all_stacks_come_up_and_stay(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_text() for path in (served.root / "config" / "stacks").iterdir()}
    groups = ("americas", "emea", "federation")
    stacks = [word for group in groups for word in ("--stack", group)]
    assert run(served, "up", *stacks) == ExitCode.FINE
    first = verdict(served)
    assert [item["stack"] for item in first["stacks"]] == [f"prod-{group}" for group in groups]
    assert all(item["changes"] == {"create": 6} and item["fidelity"]["typed"] == 3 for item in first["stacks"])
    assert all(item["packs"] == ["gate"] for item in first["stacks"])
    assert run(served, "up", "--expect-no-changes", *stacks) == ExitCode.FINE
    assert verdict(served)["totals"] == {"same": 18}
    after = {path.name: path.read_text() for path in (served.root / "config" / "stacks").iterdir()}
    assert after == before
    printed = capsys.readouterr()
    assert "prod-federation" in printed.out
    kept = [path for path in served.home.rglob("*") if path.is_file() and b"canary-77" in path.read_bytes()]
    assert not kept
    assert "canary-77" not in printed.out + json.dumps(verdict(served))


def test_an_apply_is_left_out_only_where_all_is_as_it_was_last_applied(served: Tiny) -> None:
    def phases(*words: str) -> set[str]:
        assert run(served, "up", "--stack", "emea", *words) == ExitCode.FINE
        return set(verdict(served)["stacks"][0]["seconds"])

    assert phases() == {"preview", "up"}
    assert phases() == {"preview"}
    assert "nothing to apply" in verdict(served)["stacks"][0]["notes"][0]
    # What a state keeps beside properties is in no preview, so a program that changed is always applied.
    program = served.root / "stacks" / "__main__.py"
    program.write_text(program.read_text().replace("protect=True", "protect=False"))
    assert phases() == {"preview", "up"}
    assert backend(served).snapshot("prod-emea").protected == ()
    assert phases() == {"preview"}
    state = backend(served).file("prod-emea")
    state.write_text(state.read_text() + "\n")
    assert phases() == {"preview", "up"}
    served.set("emea", days=60)
    assert phases() == {"preview", "up"}
    assert verdict(served)["totals"]["update"] == 2


def test_the_gate_stops_every_stack_before_anything_is_applied(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    served.set("apac", place="abroad")
    assert run(served, "up", "--stack", "emea", "--stack", "apac") == ExitCode.POLICY_STOPPED
    emea, apac = verdict(served)["stacks"]
    assert (emea["result"], apac["result"]) == ("not applied", "policy stop")
    assert Ledger(served.home).count() == 0
    assert backend(served).snapshot("prod-emea").resources == 0
    printed = capsys.readouterr().out
    for text in (
        "RES-002",
        "nautilus:test:Thing::root",
        "found    abroad",
        "allowed  here",
        "clause   LAW-1",
        "fix      move it",
    ):
        assert text in printed


def test_a_finding_in_another_packs_words_stops_as_well(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    served.set("emea", place="odd")
    assert run(served, "preview", "--stack", "emea") == ExitCode.POLICY_STOPPED
    assert "an odd place" in capsys.readouterr().out


def test_a_failing_program_gives_its_error_without_a_traceback(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    served.set("emea", fail="boom")
    assert run(served, "preview", "--stack", "emea") == ExitCode.FAILED
    printed = capsys.readouterr().out
    assert "ValueError: boom" in printed
    assert "Traceback" not in printed
    assert run(served, "preview", "--stack", "emea", "--debug") == ExitCode.FAILED
    assert "Traceback" in capsys.readouterr().out


def test_expected_no_changes_ends_with_drift_and_applies_nothing(served: Tiny) -> None:
    assert run(served, "up", "--stack", "emea", "--expect-no-changes") == ExitCode.DRIFT
    assert backend(served).snapshot("prod-emea").resources == 0


def test_replacing_a_protected_resource_names_it(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(served, "up", "--stack", "emea") == ExitCode.FINE
    served.set("emea", cidr="10.9.0.0/16")
    assert run(served, "preview", "--stack", "emea") == ExitCode.FAILED
    assert "unable to replace resource" in capsys.readouterr().out
    assert list(verdict(served)["stacks"][0]["guarded"].values()) == ["replace"]


def test_drift_is_found_named_and_accepted(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(served, "up", "--stack", "emea") == ExitCode.FINE
    assert run(served, "refresh", "--stack", "emea") == ExitCode.FINE
    urn = next(urn for urn in urns(served) if urn.endswith("emea-log-0"))
    Ledger(served.home).tamper(urn, ("retentionInDays",), 7)
    capsys.readouterr()
    assert run(served, "refresh", "--stack", "emea") == ExitCode.DRIFT
    assert "retentionInDays" in capsys.readouterr().out
    assert verdict(served)["stacks"][0]["drift"][0]["urn"] == urn
    assert run(served, "preview", "--stack", "emea", "--expect-no-changes") == ExitCode.FINE
    assert run(served, "preview", "--stack", "emea", "--refresh", "--expect-no-changes") == ExitCode.DRIFT
    assert run(served, "refresh", "--stack", "emea", "--accept") == ExitCode.FINE
    assert run(served, "refresh", "--stack", "emea") == ExitCode.FINE


def urns(tiny: Tiny) -> list[str]:
    state = json.loads((tiny.home / "state/.pulumi/stacks/nautilus/prod-emea.json").read_text())
    return [item["urn"] for item in state["checkpoint"]["latest"]["resources"]]


def test_destroy_keeps_and_names_what_is_protected(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(served, "up", "--stack", "emea", "--stack", "federation") == ExitCode.FINE
    capsys.readouterr()
    assert run(served, "destroy", "--stack", "emea", "--stack", "federation") == ExitCode.FINE
    printed = capsys.readouterr().out
    assert "2 resources protected" in printed
    assert "::emea-net" in printed
    assert printed.index("prod-federation: destroy") < printed.index("prod-emea: destroy")
    assert Ledger(served.home).count() == 2
    assert run(served, "destroy", "--stack", "emea") == ExitCode.FINE


def test_destroy_of_nothing_is_fine(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(served, "destroy", "--stack", "emea") == ExitCode.FINE
    assert "prod-emea: holds nothing" in capsys.readouterr().out


def test_a_killed_run_is_taken_up_again(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    slow = {"latency_ms": 4000, "types": ["aws:cloudwatch/logGroup:LogGroup"]}
    environment = sandbox_environment(served)
    (served.home / "faults.json").write_text(json.dumps(slow))
    process = plain_up(served, environment)
    until(lambda: backend(served).snapshot("prod-emea").pending)
    process.kill()
    process.wait()
    (served.home / "faults.json").unlink()
    assert backend(served).holders("prod-emea")
    assert run(served, "up", "--stack", "emea") == ExitCode.FINE
    assert "took up an interrupted run: 1 dead lock(s) broken" in capsys.readouterr().out
    assert not backend(served).holders("prod-emea")
    assert backend(served).snapshot("prod-emea").pending == 0
    assert Ledger(served.home).count() == 3


def plain_up(tiny: Tiny, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start an update without the command."""
    return subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "-s", "prod-emea", "--non-interactive", "-C", str(tiny.root)],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def sandbox_environment(tiny: Tiny) -> dict[str, str]:
    """Take the environment as a shell does, from `sandbox env`."""
    printed = subprocess.run(
        [sys.executable, "-m", "nautilus.cli.main", "sandbox", "env", "--directory", str(tiny.root)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    shell = subprocess.run(["bash", "-c", f"{printed}\nenv -0"], check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in shell.split("\0") if line)


def test_plain_pulumi_gives_the_same_verdict_after_sandbox_env(served: Tiny) -> None:
    served.set("emea", place="abroad")
    done = subprocess.run(
        ["pulumi", "preview", "-s", "prod-emea", "--policy-pack", "policies/packs/gate", "--non-interactive"],
        cwd=served.root,
        env=sandbox_environment(served),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "RES-002" in done.stdout


def test_of_three_runs_at_once_one_wins_and_the_others_say_who(served: Tiny) -> None:
    served.set("emea", sleep=2)
    runs = [in_background(served, "up", "--stack", "emea") for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in runs]
    codes = sorted(process.returncode for process in runs)
    assert codes == [0, 1, 1], outputs
    assert sum("`nautilus up --env prod` (process" in text for text in outputs) == 2


def test_a_held_stack_is_named_with_its_holder(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    environment = sandbox_environment(served)
    served.set("emea", sleep=60)
    process = plain_up(served, environment)
    try:
        until(lambda: backend(served).holders("prod-emea"))
        assert run(served, "up", "--stack", "emea") == ExitCode.FAILED
        assert f"prod-emea is held by {os.environ.get('USER', 'root')}" in capsys.readouterr().out
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def test_an_interrupt_ends_in_order_and_says_how_to_go_on(served: Tiny) -> None:
    served.set("emea", sleep=60)
    process = in_background(served, "up", "--stack", "emea")
    until(lambda: list(served.home.glob("runs/*/prod-emea.preview.events")))
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, output
    assert "to go on: nautilus up --env prod" in output
    assert not backend(served).holders("prod-emea")


def test_killing_the_command_leaves_no_process_and_the_next_run_goes_on(served: Tiny) -> None:
    served.set("emea", sleep=60)
    process = in_background(served, "up", "--stack", "emea")
    until(lambda: list(served.home.glob("runs/*/prod-emea.preview.events")))
    until(lambda: engines(served))
    process.kill()
    process.communicate()
    until(lambda: not engines(served), limit_s=15)
    served.set("emea")
    assert run(served, "up", "--stack", "emea") == ExitCode.FINE


def engines(tiny: Tiny) -> list[str]:
    """List the engine's processes that work on the project."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if str(tiny.root) in words and words[0].endswith("pulumi"):
            found.append(" ".join(words))
    return found


def test_a_bad_catalogue_starts_nothing(tiny: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = next((tiny.root / "config" / "catalogue" / "clusters").glob("*.yaml"))
    cluster.write_text(cluster.read_text().replace("jurisdiction: ", "jurisdiction: x", 1))
    for command in ("check", "up", "preview", "refresh", "destroy"):
        assert tiny.nautilus(command) == ExitCode.BAD_CATALOGUE
        assert f"config/catalogue/clusters/{cluster.name}" in capsys.readouterr().err
    assert not tiny.home.exists()
