"""The command `nautilus`.

Exit codes: 0 fine, 1 failed, 2 bad catalogue, 3 a policy stopped it, 4 drift, 64 usage, 130 interrupted
(`nautilus.cli.exits`). Never ends in a traceback: what was not foreseen becomes one line and a file under `.nautilus/log`.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import Abort, TyperException

from config.model.environment import EnvironmentName
from nautilus.cli import catalogue, drill_plan, exits, operate, report, report_files, rules, sandbox
from nautilus.cli import drill as drills
from nautilus.cli import route as routes
from nautilus.cli.engine import Engine
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.halt import Cause
from nautilus.cli.place import Place, Real, Sandbox
from nautilus.cli.progress import Watch
from nautilus.cli.project import Project, locate
from nautilus.cli.run import Options, Run
from nautilus.cli.verdict import Verdict
from nautilus.federation.strategy import Strategy

Directory = Annotated[
    Path | None, typer.Option("--directory", "-C", help="The project's folder; else the current one, else the repository.")
]
Env = Annotated[EnvironmentName, typer.Option("--env", help="The environment.")]
Stacks = Annotated[
    list[str] | None, typer.Option("--stack", metavar="GROUP", help="A stack group; repeatable. All six without it.")
]
RealClouds = Annotated[bool, typer.Option("--real", help="Go to the real clouds instead of the sandbox.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Parallel = Annotated[int | None, typer.Option("--parallel", min=1, help="Stacks at once; as the machine allows without it.")]
NoChanges = Annotated[bool, typer.Option("--expect-no-changes", help="End with 4 when anything would change.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show diagnostics whole.")]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write all of it to FILE as JSON.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="DIR", help="Write verdict.md, .sarif, .junit.xml and .json into DIR.")
]
Refresh = Annotated[bool, typer.Option("--refresh", help="Look at what runs first, so that drift shows as changes.")]
Accept = Annotated[bool, typer.Option("--accept", help="Record what runs; the policies look at it afterwards.")]


app = typer.Typer(
    name="nautilus",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Fifteen regulated trading clusters on three clouds, with the law as the gate.",
    epilog="Exit codes:\n\n" + exits.table(),
)
app.add_typer(sandbox.app, name="sandbox")


@app.command()
def check(directory: Directory = None) -> None:
    """Check the catalogue and say what is in it: all mistakes at once, each with its file, what is allowed and the fix."""
    catalogue.show(catalogue.load(locate(directory)), report.console())


@app.command()
def preview(
    *,
    env: Env = EnvironmentName.PROD,
    stack: Stacks = None,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
    parallel: Parallel = None,
    refresh: Refresh = False,
    expect_no_changes: NoChanges = False,
    json: JsonFile = None,
    report_to: Report = None,
    debug: Debug = False,
) -> None:
    """Show what an update would do and what the policies say of it; changes nothing."""
    project = locate(directory)
    options = _options(project, env, stack, parallel, expect_no_changes=expect_no_changes, refresh=refresh)
    _prepare(report_to)
    run = _run(project, options, real=real, yes=yes, what="preview")
    with run.watch:
        verdict = run.preview()
    _end(verdict, json, report_to, debug=debug)


@app.command()
def up(
    *,
    env: Env = EnvironmentName.PROD,
    stack: Stacks = None,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
    parallel: Parallel = None,
    expect_no_changes: NoChanges = False,
    json: JsonFile = None,
    report_to: Report = None,
    debug: Debug = False,
) -> None:
    """Preview all stacks under the policies; when every one passes, apply exactly that."""
    project = locate(directory)
    options = _options(project, env, stack, parallel, expect_no_changes=expect_no_changes)
    _prepare(report_to)
    run = _run(project, options, real=real, yes=yes, what="up")
    with run.watch:
        verdict = run.up()
    _end(verdict, json, report_to, debug=debug)


@app.command()
def refresh(
    *,
    env: Env = EnvironmentName.PROD,
    stack: Stacks = None,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
    parallel: Parallel = None,
    accept: Accept = False,
    json: JsonFile = None,
    report_to: Report = None,
    debug: Debug = False,
) -> None:
    """Compare what runs with what is recorded; ends with 4 and the drifted properties when they differ."""
    project = locate(directory)
    options = _options(project, env, stack, parallel, accept=accept)
    _prepare(report_to)
    run = _run(project, options, real=real, yes=yes, what="refresh --accept" if accept else "refresh")
    with run.watch:
        verdict = run.refresh()
    _end(verdict, json, report_to, debug=debug)


@app.command()
def destroy(
    *,
    env: Env = EnvironmentName.PROD,
    stack: Stacks = None,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
    parallel: Parallel = None,
    json: JsonFile = None,
    debug: Debug = False,
) -> None:
    """Delete what is not protected, federation first; protected resources stay and are named."""
    project = locate(directory)
    options = _options(project, env, stack, parallel)
    run = _run(project, options, real=real, yes=yes, what="destroy")
    with run.watch:
        verdict = run.destroy()
    _end(verdict, json, None, debug=debug)


@app.command()
def route(
    here: Annotated[str, typer.Argument(metavar="A", help="A cluster, placement, recovery location or exchange.")],
    there: Annotated[str, typer.Argument(metavar="B", help="Another one; the end of a name is enough where it is unique.")],
    directory: Directory = None,
) -> None:
    """Show the way from A to B: floor, expected round trip, budget, and which data may lawfully take it."""
    raise typer.Exit(int(routes.show(catalogue.load(locate(directory)), here, there, report.console())))


@app.command()
def drill(
    *,
    everything: Annotated[bool, typer.Option("--all", help="All seven scenarios; so it is without another choice.")] = False,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="One scenario, with its time line; repeatable.")
    ] = None,
    lose: Annotated[
        list[str] | None,
        typer.Option("--lose", metavar="KIND=NAME", help="Lose a placement, cluster, location or cloud; repeatable."),
    ] = None,
    deployed: Annotated[bool, typer.Option("--deployed", help="Judge what is deployed instead of what is planned.")] = False,
    env: Env = EnvironmentName.PROD,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
    parallel: Parallel = None,
    json: JsonFile = None,
    plot: Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw it to FILE, .png or .svg.")] = None,
) -> None:
    """Work out recovery times from planned resources, against the seven scenarios' targets; ends with 1 on a miss."""
    project = locate(directory)
    loaded = catalogue.load(project)
    if everything and (scenario or lose):
        raise CommandError("--all and a choice", "leave out --all, or the choice", ExitCode.USAGE)
    asked = drills.Asked(scenarios=tuple(scenario or ()), losses=tuple(lose or ()), json=json, plot=plot)
    drills.checked(asked, loaded)
    run = _run(project, _options(project, env, None, parallel), real=real, yes=yes, what="drill")
    if deployed:
        resources = drill_plan.deployed(run.place, run.options.stacks)
    else:
        with run.watch:
            resources = drill_plan.preview(run)
    raise typer.Exit(int(drills.show(resources, loaded, env, asked, report.console())))


@app.command()
def failover(
    *,
    where: Annotated[
        str | None, typer.Option("--from", metavar="NAME", help="A placement, cluster, location or cloud to move away from.")
    ] = None,
    strategy: Annotated[Strategy, typer.Option("--strategy", help="How to move.")] = Strategy.GRADUAL,
    reason: Annotated[str, typer.Option("--reason", help="Why; it goes into the catalogue and the journal.")] = "",
    gate: Annotated[
        list[str] | None, typer.Option("--gate", metavar="COMMAND", help="Run after each step; not 0 fails it. Repeatable.")
    ] = None,
    settle: Annotated[
        float | None, typer.Option("--settle", min=0, help="Seconds to wait for clients after a step.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only show the steps.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Take up the failover that was interrupted.")] = False,
    roll_back: Annotated[bool, typer.Option("--roll-back", help="Undo the failover that was interrupted.")] = False,
    env: Env = EnvironmentName.PROD,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
) -> None:
    """Move traffic away from a place, step by step with gates; a failed gate rolls back to what was in force before."""
    if resume and roll_back:
        raise CommandError("--resume and --roll-back say opposite things", "leave one of them out", ExitCode.USAGE)
    operator = _operator(locate(directory), env, real=real, yes=yes, what="failover")
    waits = operate.settle_s(operator.place) if settle is None else settle
    if resume or roll_back:
        found = operator.begun()
        if found is None:
            raise CommandError("no failover is under way", "start one with --from", ExitCode.USAGE)
        run = operator.failover(found[0], tuple(gate or ()), waits, found[1])
        raise typer.Exit(int(run.roll_back("asked for") if roll_back else run.run()))
    if where is None:
        raise CommandError("nothing to move away from", "add --from NAME", ExitCode.USAGE)
    operator.refuse_begun()
    steps = operator.plan(where, strategy.value, reason or f"failover from {where}")
    operator.show(steps)
    if plan:
        return
    raise typer.Exit(int(operator.failover(steps, tuple(gate or ()), waits).run()))


@app.command()
def halt(
    *,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", metavar="ID", help="Whose trading to halt.")],
    cause: Annotated[Cause, typer.Option("--cause", help="A regulatory halt ends by itself; a breach does not.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it goes into the catalogue and the journal.")],
    wait: Annotated[bool, typer.Option("--wait", help="Stay, and resume when the halt's time has come.")] = False,
    env: Env = EnvironmentName.PROD,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
) -> None:
    """Halt a jurisdiction's trading: its traffic off, its entries closed, and whom to notify until when."""
    operator = _operator(locate(directory), env, real=real, yes=yes, what="halt")
    operator.refuse_begun()
    raise typer.Exit(int(operator.halt(jurisdiction, cause, reason, wait=wait)))


@app.command()
def resume(
    *,
    jurisdiction: Annotated[
        list[str] | None, typer.Option("--jurisdiction", metavar="ID", help="Whose trading to resume; repeatable.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Resume every halt whose time has come; for a timer.")] = False,
    env: Env = EnvironmentName.PROD,
    directory: Directory = None,
    real: RealClouds = False,
    yes: Yes = False,
) -> None:
    """Resume trading in halted jurisdictions: entries open, traffic on."""
    if bool(jurisdiction) == due:
        raise CommandError("nothing to resume", "give --jurisdiction ID, or --due", ExitCode.USAGE)
    operator = _operator(locate(directory), env, real=real, yes=yes, what="resume")
    operator.refuse_begun()
    raise typer.Exit(int(operator.resume_due() if due else operator.resume(tuple(jurisdiction or ()))))


@app.command()
def policies() -> None:
    """List the rules of every pack: scope, what it asks and the clause that asks for it."""
    rules.show(report.console())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (the process's own without `arguments`) and return the exit code; raises nothing."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    code = ExitCode.FINE
    try:
        result: Any = app(args=words or ["--help"], prog_name="nautilus", standalone_mode=False)
    except CommandError as error:
        code = error.code
        _complain(error.message, error.fix)
    except TyperException as error:
        code = ExitCode.USAGE
        _complain(error.format_message(), "see `nautilus --help`")
    except (Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
        _complain("stopped", "run the same command again to go on")
    except BrokenPipeError:
        # The reader of our output left; nothing more can be shown.
        code = ExitCode.FAILED
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the last resort: a person gets one line and the place of the rest
        code = ExitCode.FAILED
        _complain(f"unexpected: {type(error).__name__}: {next(iter(str(error).splitlines()), '')}", _log(error))
    else:
        return result if isinstance(result, int) else int(code)
    return int(code)


def _options(
    project: Project,
    env: EnvironmentName,
    groups: list[str] | None,
    parallel: int | None,
    *,
    expect_no_changes: bool = False,
    refresh: bool = False,
    accept: bool = False,
) -> Options:
    return Options(
        environment=env.value,
        stacks=project.stacks(env.value, tuple(groups or ())),
        parallel=parallel,
        expect_no_changes=expect_no_changes,
        refresh=refresh,
        accept=accept,
    )


def _operator(project: Project, env: EnvironmentName, *, real: bool, yes: bool, what: str) -> operate.Operator:
    """Give what changes what is in force in an environment, at a place that is ready."""
    run = _run(project, _options(project, env, None, None), real=real, yes=yes, what=what)
    return operate.Operator(run.place, env, report.console())


def _run(project: Project, options: Options, *, real: bool, yes: bool, what: str) -> Run:
    """Check the catalogue first, then make the place ready; asks before it goes to the real clouds."""
    loaded = catalogue.load(project)
    engine = Engine(project.engine(), project.root)
    place: Place = Sandbox(project, engine)
    if real:
        clouds = Real(project, engine, loaded.environments[EnvironmentName(options.environment)])
        _confirm(clouds, options, yes=yes, what=what)
        place = clouds
    place.start()
    return Run(place, options, Watch(report.console()))


def _confirm(clouds: Real, options: Options, *, yes: bool, what: str) -> None:
    """Say where a run goes and ask for consent. Raises CommandError without a terminal to ask on."""
    clouds.refuse_sandbox()
    console = report.console()
    console.print(f"{what} of {options.environment} goes to the real clouds:", highlight=False)
    for line in [*clouds.destinations(options.stacks), *clouds.accounts()]:
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError("there is no terminal to ask on", "add --yes once you are sure", ExitCode.USAGE)
    if not typer.confirm("Go on?", default=False):
        raise CommandError("nothing was done")


def _prepare(report_to: Path | None) -> None:
    """Refuse a report that could not be written before anything runs."""
    if report_to is not None:
        report_files.prepare(report_to)


def _end(verdict: Verdict, json: Path | None, report_to: Path | None, *, debug: bool) -> None:
    report.show(verdict, report.console(), debug=debug)
    if json is not None:
        report.write_json(verdict, json)
    if report_to is not None:
        report_files.write(verdict, report_to)
    raise typer.Exit(int(verdict.exit_code))


def _complain(message: str, fix: str) -> None:
    out = report.console(error=True)
    out.print(f"error: {message}", highlight=False, markup=False, soft_wrap=True)
    if fix:
        out.print(f"  fix: {fix}", highlight=False, markup=False, soft_wrap=True)


def _log(error: Exception) -> str:
    """Write the traceback to a file and say where; without a place to write to, say so."""
    folder = Path(os.environ.get("NAUTILUS_ROOT", ".")) / ".nautilus" / "log"
    file = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(traceback.format_exception(error)))
    except OSError as unwritable:
        return f"no log could be written: {unwritable}"
    return f"report it with {file}"


if __name__ == "__main__":
    sys.exit(main())
