"""The sandbox's own command: `python -m nautilus.sandbox start|stop|status|env|serve|coverage`.

Guarantees one line and exit code 1 for a refusal. `nautilus sandbox` is the command for people; this one needs no other
package.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from nautilus.sandbox import control, coverage, guard, packages, process
from nautilus.sandbox.faults import BadFaults


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nautilus.sandbox", description="The offline clouds.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "status", "env", "serve"):
        command = commands.add_parser(name)
        command.add_argument("--home", type=Path, required=True)
        if name in {"start", "serve"}:
            command.add_argument(
                "--package", action="append", help="module:ATTRIBUTE of a package, by default the three clouds"
            )
    commands.add_parser("coverage").add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except (guard.NotOurs, control.ControlError, packages.BadPackage, BadFaults) as refusal:
        print(f"sandbox: {refusal}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "start":
            _show(control.start(options.home, options.package))
        case "stop":
            print("stopped" if control.stop(options.home) else "not running")
        case "status":
            running = control.status(options.home)
            if running is None:
                print("not running")
                return 1
            _show(running)
        case "env":
            for name, value in control.environment(options.home).items():
                print(f"export {name}={shlex.quote(value)}")
        case "serve":
            return process.serve(options.home.resolve(), options.package or packages.CLOUDS)
        case "coverage":
            return coverage.run(options.check)
    return 0


def _show(status: control.Status) -> None:
    ports = " ".join(f"{name}:{port}" for name, port in sorted(status.ports.items()))
    extra = " ".join(f"{name}={url}" for name, url in sorted(status.endpoints.items()))
    print(
        " ".join(
            part for part in (f"serving {ports}", extra, f"process {status.pid}", f"{status.resources} resources") if part
        )
    )


if __name__ == "__main__":
    sys.exit(main())
