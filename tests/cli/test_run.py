"""The plan of a run and its gate, on a place that records what is asked of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rich.console import Console

from nautilus.cli import lock, run
from nautilus.cli.engine import Ended, Engine, Job, Operation
from nautilus.cli.events import Diagnostic, Tally
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.findings import Finding
from nautilus.cli.place import Place
from nautilus.cli.progress import Watch
from nautilus.cli.project import Project
from nautilus.cli.run import Options, Run, stages, workers
from nautilus.cli.state import Snapshot
from tests.cli.conftest import Tiny

VIOLATION = Finding(rule="RES-002", resource="u", found="", allowed="", clause="", fix="", pack="p", mandatory=True)


class Script(Engine):
    """Answers jobs from a table of (stack, operation) and notes them."""

    def __init__(self, answers: Mapping[tuple[str, Operation], Ended]) -> None:
        super().__init__(Path("/pulumi"), Path("/"))
        self.answers = answers
        self.jobs: list[Job] = []

    def run(self, job: Job, on_events: Callable[[Tally], None]) -> Ended:
        """Give the answer, a success with one creation where there is none."""
        self.jobs.append(job)
        ended = self.answers.get((job.stack, job.operation)) or good()
        on_events(ended.tally)
        return ended

    def asked(self) -> list[tuple[str, str]]:
        """Return stack and operation of each job in order."""
        return [(job.stack, job.operation.value) for job in self.jobs]


class Paper(Place):
    """A place that exists on paper."""

    name = "sandbox"
    open_operations = 0
    held: tuple[str, ...] = ()

    def start(self) -> None:
        """Nothing to start."""

    def variables(self, stack: str) -> Mapping[str, str]:
        """Nothing."""
        return {"STACK": stack}

    def initialise(self, stack: str) -> None:
        """Nothing."""

    def snapshot(self, stack: str) -> Snapshot:
        """One protected resource, and open operations as set."""
        return Snapshot(resources=1, protected=(f"urn:{stack}",), pending=self.open_operations)

    def recover(self, stack: str) -> str:
        """Refuse the stacks that are held."""
        if stack in self.held:
            raise CommandError(f"{stack} is held by someone", "wait")
        return ""


def good() -> Ended:
    return Ended(code=0, seconds=0.1, tally=Tally(changes={"create": 1}, result="succeeded"))


def bad(*findings: Finding) -> Ended:
    return Ended(code=255, seconds=0.1, tally=Tally(changes={}, findings=list(findings), result="failed"))


def made(
    tiny: Tiny, answers: Mapping[tuple[str, Operation], Ended], groups: tuple[str, ...] = (), **options: bool
) -> tuple[Run, Script, Paper]:
    project = Project(root=tiny.root)
    script = Script(answers)
    place = Paper(project, script)
    stacks = project.stacks("prod", groups)
    wanted = Options(environment="prod", stacks=stacks, parallel=1, **options)
    return Run(place, wanted, Watch(Console(file=io.StringIO()))), script, place


@pytest.mark.parametrize(
    ("asked", "cpus", "free_mb", "expected"),
    [(None, 8, 100_000, 8), (None, 8, 1900, 2), (None, 2, 100, 1), (5, 1, 100, 5), (0, 4, 9000, 1)],
)
def test_workers_follow_processors_memory_and_wish(asked: int | None, cpus: int, free_mb: float, expected: int) -> None:
    assert workers(asked, cpus, free_mb) == expected


def test_federation_comes_last_and_goes_first() -> None:
    names = ["prod-federation", "prod-emea", "prod-apac"]
    assert stages(names) == [["prod-emea", "prod-apac"], ["prod-federation"]]
    assert stages(names, backwards=True) == [["prod-federation"], ["prod-emea", "prod-apac"]]
    assert stages(["prod-emea"]) == [["prod-emea"]]


def test_every_preview_passes_before_anything_is_applied(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {})
    assert work.up().exit_code is ExitCode.FINE
    regions = [f"prod-{group}" for group in ("americas", "emea", "apac", "edge", "analytics")]
    assert script.asked() == [
        *((stack, "preview") for stack in regions),
        *((stack, "up") for stack in regions),
        ("prod-federation", "preview"),
        ("prod-federation", "up"),
    ]
    for job in script.jobs:
        assert "--policy-pack" in job.arguments
        assert ("--save-plan" if job.operation is Operation.PREVIEW else "--plan") in job.arguments


def test_one_violation_keeps_everything_from_being_applied(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {("prod-apac", Operation.PREVIEW): bad(VIOLATION)})
    verdict = work.up()
    assert verdict.exit_code is ExitCode.POLICY_STOPPED
    assert {operation for _, operation in script.asked()} == {"preview"}
    results = {item.stack: item.result.value for item in verdict.stacks}
    assert results["prod-apac"] == "policy stop"
    assert results["prod-emea"] == "not applied"
    assert results["prod-federation"] == "not run"


def test_a_failed_update_lets_its_peers_go_on_and_stops_federation(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {("prod-americas", Operation.UP): bad()})
    verdict = work.up()
    assert verdict.exit_code is ExitCode.FAILED
    assert ("prod-analytics", "up") in script.asked()
    assert all(stack != "prod-federation" for stack, _ in script.asked())


def test_an_update_that_leaves_its_plan_is_explained(tiny: Tiny) -> None:
    error = Diagnostic(severity="error", urn="u", text="resource u violates plan: dependencies changed")
    left = Ended(code=255, seconds=0.1, tally=Tally(diagnostics=[error], result="failed"))
    work, _, _ = made(tiny, {("prod-emea", Operation.UP): left}, ("emea",))
    verdict = work.up()
    assert verdict.exit_code is ExitCode.FAILED
    assert "changed after the preview" in verdict.stacks[0].notes[0]


def test_a_preview_looks_at_every_stack_whatever_another_says(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {("prod-americas", Operation.PREVIEW): bad(VIOLATION)})
    assert work.preview().exit_code is ExitCode.POLICY_STOPPED
    assert len(script.jobs) == 6


def test_a_held_stack_keeps_the_others_from_being_applied(tiny: Tiny) -> None:
    work, script, place = made(tiny, {}, ("emea", "apac"))
    place.held = ("prod-apac",)
    verdict = work.up()
    assert verdict.exit_code is ExitCode.FAILED
    assert script.asked() == [("prod-emea", "preview")]
    assert verdict.stacks[1].errors[0].text == "prod-apac is held by someone\n  wait"


def test_open_operations_at_the_end_are_a_failure(tiny: Tiny) -> None:
    work, _, place = made(tiny, {}, ("emea",))
    place.open_operations = 2
    verdict = work.up()
    assert verdict.exit_code is ExitCode.FAILED
    assert "2 operation(s) were begun and never confirmed" in verdict.stacks[0].errors[0].text


def test_a_destroy_keeps_protected_resources_and_never_skips_its_preview(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {}, ("emea", "federation"))
    verdict = work.destroy()
    assert verdict.exit_code is ExitCode.FINE
    assert script.asked() == [("prod-federation", "destroy"), ("prod-emea", "destroy")]
    assert all("--exclude-protected" in job.arguments for job in script.jobs)
    assert all("--skip-preview" not in job.arguments for job in script.jobs)
    assert [item.protected for item in verdict.stacks] == [("urn:prod-emea",), ("urn:prod-federation",)]


def test_a_refresh_changes_nothing_unless_told_to(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {}, ("emea",))
    work.refresh()
    assert [job.arguments for job in script.jobs] == [("--preview-only",)]
    work, script, _ = made(tiny, {}, ("emea",), accept=True)
    work.refresh()
    assert script.asked() == [("prod-emea", "refresh"), ("prod-emea", "preview")]
    assert script.jobs[0].arguments == ("--yes", "--skip-preview")


def test_changes_where_none_are_expected_are_drift(tiny: Tiny) -> None:
    work, script, _ = made(tiny, {}, ("emea",), expect_no_changes=True)
    assert work.up().exit_code is ExitCode.DRIFT
    assert script.asked() == [("prod-emea", "preview")]


def test_no_plan_stays_behind(tiny: Tiny) -> None:
    work, _, _ = made(tiny, {}, ("emea",))
    (work.folder / "prod-emea.plan").write_text("{}")
    work.up()
    assert list(work.folder.glob("*.plan")) == []


def test_the_engine_is_told_the_root_and_gets_the_scratch_configuration(tiny: Tiny) -> None:
    work, script, place = made(tiny, {}, ("emea",))
    work.preview()
    (job,) = script.jobs
    assert job.environment["NAUTILUS_ROOT"] == str(tiny.root)
    assert job.config_file == place.folder / "stacks" / "Pulumi.prod-emea.yaml"
    assert job.config_file.read_text() == Project(root=tiny.root).stack_file("prod-emea").read_text()


def test_only_the_last_runs_logs_are_kept(tiny: Tiny) -> None:
    for _ in range(run.KEPT_RUNS + 3):
        work, _, place = made(tiny, {}, ("emea",))
    kept = sorted((place.folder / "runs").iterdir())
    assert len(kept) == run.KEPT_RUNS
    assert kept[-1] == work.folder
    assert work.folder.stat().st_mode & 0o077 == 0


def test_a_second_writer_learns_who_is_at_work(tmp_path: Path) -> None:
    path = tmp_path / "prod.lock"
    with (
        lock.hold(path, "nautilus up --env prod"),
        pytest.raises(CommandError, match=r"`nautilus up --env prod` \(process \d+ of .+ UTC\) is at work"),
        lock.hold(path, "nautilus destroy --env prod"),
    ):
        pass
    with lock.hold(path, "again"):
        assert "again" in path.read_text()
    assert path.read_text() == ""
