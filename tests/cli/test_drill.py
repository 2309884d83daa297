"""`nautilus drill` shows recovery times of planned and deployed resources, and ends with 1 on a miss (FO-3, FO-4)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import config
from config.loader import load
from config.model import EnvironmentName
from nautilus.cli import drill, drill_plan
from nautilus.cli.drill import Asked
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.main import main
from nautilus.federation.planned import Planned
from tests.cli.conftest import Tiny
from tests.federation import plans

FIXTURES = Path(__file__).parent / "fixtures"
CATALOGUE = load(config.root())
WHOLE = plans.whole(CATALOGUE)
SLOW = plans.changed(WHOLE, "names-gcp-client-eu-record", ttl=300)


def shown(planned: tuple[Planned, ...], **asked: Any) -> tuple[ExitCode, str]:
    out = io.StringIO()
    code = drill.show(planned, CATALOGUE, EnvironmentName.PROD, Asked(**asked), Console(file=out, width=200))
    return code, out.getvalue()


def test_all_seven_scenarios_are_shown_and_kept() -> None:
    code, text = shown(WHOLE)
    assert code is ExitCode.FINE
    for scenario in ("region", "provider", "trading-system", "database", "partition", "breach-halt", "regulatory-halt"):
        assert scenario in text
    assert "RPO: no store planned, so no recovery point is met or missed" in text
    assert "every target is met or its miss accepted" in text
    assert "accepted cloud-dns-checks-every-30-s: 46 s of 60 s. Cloud DNS checks" in text


def test_a_miss_ends_with_1_and_says_what_dominates_and_what_would_mend_it() -> None:
    code, text = shown(SLOW)
    assert code is ExitCode.FAILED
    assert "missed provider cloud aws, front client-eu, gcp names" in text
    assert "341 s, of which 300 s by names-gcp-client-eu-record: TTL 300 s" in text
    assert "fix      lower the TTL" in text
    assert "2 recovery time(s) missed" in text


def test_one_scenario_has_a_time_line_in_order() -> None:
    code, text = shown(WHOLE, scenarios=("provider",))
    assert code is ExitCode.FINE
    line = text[text.index("time line: ") :]
    assert "30.0 s  detection    names-gcp-" in line
    assert "46.0 s  convergence  clients: the last of 50 clients is served again" in line
    assert "200 failures at other moments: " in line
    assert "availability" not in text


def test_a_loss_is_judged_and_names_who_takes_over() -> None:
    code, text = shown(WHOLE, losses=("location=asia-south1",))
    assert code is ExitCode.FINE
    assert "time line: location gcp/asia-south1, front trading-in, by gcp-names to in-aws" in text


def test_the_json_says_what_the_table_says(tmp_path: Path) -> None:
    file = tmp_path / "new" / "drill.json"
    shown(plans.without(WHOLE, "names-gcp-trading-us-record"), json=file)
    found = json.loads(file.read_text())
    assert found["kept"] is False
    assert found["resources"] == len(WHOLE) - 1
    assert {row["scenario"] for row in found["rows"]} == set(drill_scenarios())
    never = next(row for row in found["rows"] if row["verdict"] == "MISSED")
    assert (never["rto_s"], never["dominated_by"]) == (None, "names-gcp-trading-us-record")
    assert never["stages"][-1]["says"] == "reconnect within 1 s"
    assert len(found["availability"]) == 40


def drill_scenarios() -> tuple[str, ...]:
    return ("region", "provider", "trading-system", "database", "partition", "breach-halt", "regulatory-halt")


@pytest.mark.parametrize(("name", "head"), [("drill.png", b"\x89PNG"), ("drill.svg", b"<?xml")])
def test_the_plot_is_what_its_name_says(tmp_path: Path, name: str, head: bytes) -> None:
    file = tmp_path / "new" / name
    shown(plans.without(WHOLE, "names-gcp-trading-us-record"), plot=file)
    assert file.read_bytes().startswith(head)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(scenarios=("flood",)), "no scenario 'flood'"),
        (Asked(losses=("cloud",)), "--lose 'cloud' says nothing"),
        (Asked(losses=("planet=earth",)), "--lose 'planet=earth' says nothing"),
        (Asked(losses=("cloud=gpc",)), "no cloud 'gpc'; there are gcp"),
        (Asked(plot=Path("drill.pdf")), "drill.pdf is no kind of plot"),
    ],
)
def test_what_means_nothing_is_refused(asked: Asked, message: str) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        drill.checked(asked, CATALOGUE)
    assert caught.value.code is ExitCode.USAGE
    assert caught.value.fix


def test_an_event_log_gives_what_will_be_there() -> None:
    found = {item.name: item for item in drill_plan.from_events(FIXTURES / "preview_create.events")}
    assert found["emea-net"].type == "aws:ec2/vpc:Vpc"
    assert found["emea-net"].stack == "prod-emea"
    assert found["emea-net"].inputs["cidrBlock"] == "10.0.0.0/16"


@pytest.mark.parametrize("name", ["preview_same", "preview_update", "preview_protected"])
def test_what_stays_and_what_changes_is_there_once(name: str) -> None:
    found = drill_plan.from_events(FIXTURES / f"{name}.events")
    assert len(found) == len({item.urn for item in found})
    assert "emea-net" in {item.name for item in found}


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        (["delete"], []),
        (["same"], [5]),
        (["create-replacement", "replace", "delete-replaced"], [5]),
    ],
)
def test_what_will_be_deleted_is_not_there(steps: list[str], left: list[int], tmp_path: Path) -> None:
    urn = "urn:pulumi:prod-emea::nautilus::aws:ec2/vpc:Vpc::net"
    new = {"urn": urn, "inputs": {"x": 5}}
    events = [{"resourcePreEvent": {"metadata": {"op": step, "urn": urn, "new": new}}} for step in steps]
    log = tmp_path / "log.events"
    log.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    assert [item.inputs["x"] for item in drill_plan.from_events(log)] == left


def test_a_state_gives_what_is_there_without_what_waits_for_its_deletion() -> None:
    urn = "urn:pulumi:prod-emea::nautilus::aws:ec2/vpc:Vpc::"
    state = {"resources": [{"urn": f"{urn}a", "inputs": {"x": 1}}, {"urn": f"{urn}b", "delete": True}, {"urn": f"{urn}c"}]}
    assert [(item.name, item.inputs) for item in drill_plan.from_state(state)] == [("a", {"x": 1}), ("c", {})]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenario", "flood"], "error: no scenario 'flood'"),
        (["--all", "--lose", "cloud=aws"], "error: --all and a choice"),
    ],
)
def test_the_command_refuses_before_anything_is_started(
    words: list[str], message: str, tiny: Tiny, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drill", "-C", str(tiny.root), *words]) == ExitCode.USAGE
    assert message in capsys.readouterr().err
    assert not tiny.home.exists()


@pytest.mark.e2e
def test_a_project_without_traffic_recovers_from_nothing(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    file = served.root / "drill.json"
    assert served.nautilus("drill", "--deployed") == ExitCode.FAILED
    assert "prod-americas is not deployed" in capsys.readouterr().err
    assert served.nautilus("drill", "--json", str(file)) == ExitCode.FAILED
    planned = json.loads(file.read_text())
    assert planned["resources"] == 36
    assert {row["verdict"] for row in planned["rows"] if row["scenario"] == "region"} == {"MISSED"}
    assert served.nautilus("up") == ExitCode.FINE
    assert served.nautilus("drill", "--deployed", "--json", str(file)) == ExitCode.FAILED
    deployed = json.loads(file.read_text())
    assert (deployed["resources"], deployed["rows"]) == (planned["resources"], planned["rows"])


@pytest.mark.e2e
def test_a_stack_that_cannot_be_planned_is_named(served: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    served.set("apac", fail="a fault of the program")
    assert served.nautilus("drill") == ExitCode.FAILED
    told = capsys.readouterr().err
    assert "prod-apac cannot be planned: " in told
    assert "see `nautilus preview --env prod --stack apac`" in told
