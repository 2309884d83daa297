"""`nautilus sandbox`: the offline clouds, started, stopped, described, and attached to a shell."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from config.model.environment import EnvironmentName
from nautilus.cli.engine import Engine
from nautilus.cli.exits import CommandError
from nautilus.cli.place import Sandbox
from nautilus.cli.project import locate
from nautilus.cli.report import console

Directory = Annotated[
    Path | None, typer.Option("--directory", "-C", help="The project's folder; else the current one, else the repository.")
]

Env = Annotated[EnvironmentName, typer.Option("--env", help="The environment whose stacks are made ready.")]

app = typer.Typer(help="The offline clouds: start, stop, status, env.")


def _sandbox(directory: Path | None) -> Sandbox:
    project = locate(directory)
    return Sandbox(project, Engine(project.engine(), project.root))


@app.command()
def start(directory: Directory = None) -> None:
    """Start the sandbox, or find it running."""
    _sandbox(directory).start()
    status(directory)


@app.command()
def stop(directory: Directory = None) -> None:
    """Stop the sandbox; what it holds stays for the next start."""
    from nautilus.sandbox import control  # noqa: PLC0415 - heavy

    try:
        stopped = control.stop(locate(directory).work / Sandbox.name)
    except control.ControlError as error:
        raise CommandError(str(error)) from error
    console().print("stopped" if stopped else "the sandbox was not running", highlight=False)


@app.command()
def status(directory: Directory = None) -> None:
    """Say whether it runs, where it listens, and what it holds by how truly it is emulated."""
    from nautilus.sandbox import control  # noqa: PLC0415 - heavy

    home = locate(directory).work / Sandbox.name
    out = console()
    running = control.status(home)
    if running is None:
        out.print("the sandbox is not running; `nautilus sandbox start` starts it", highlight=False)
        return
    out.print(f"the sandbox runs, process {running.pid}", highlight=False)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("serves")
    table.add_column("listens on", no_wrap=True)
    for name, port in sorted(running.ports.items()):
        table.add_row(name, f"127.0.0.1:{port}")
    for name, endpoint in sorted(running.endpoints.items()):
        table.add_row(name, endpoint)
    out.print(table)
    held = ", ".join(f"{count} {fidelity.value}" for fidelity, count in control.fidelity_counts(home).items())
    out.print(f"it holds {running.resources} resources" + (f": {held}" if running.resources else ""), highlight=False)


@app.command()
def env(
    environment: Env = EnvironmentName.PROD,
    directory: Directory = None,
) -> None:
    """Print what attaches a shell to the sandbox, for `eval "$(nautilus sandbox env)"`: plain `pulumi` then works."""
    sandbox = _sandbox(directory)
    sandbox.start()
    for stack in sandbox.project.stacks(environment.value, ()):
        sandbox.initialise(stack)
    variables = dict(sandbox.shell) | {
        "NAUTILUS_ROOT": str(sandbox.project.root),
        "PATH": f"{sandbox.engine.executable.parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    for name, value in sorted(variables.items()):
        # A variable that is empty here blanks out a real credential of the shell.
        typer.echo(f"export {name}={shlex.quote(value)}")
