"""`nautilus drill`: recovery times of the seven scenarios from planned or deployed resources, against FO-3 and FO-4.

Guarantees that what is shown is what `nautilus.federation.recovery` works out of the resources, and exit code 1 where a
target is missed beyond what is accepted. A drill stops nothing and moves nobody: it reasons, and plays failures through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from nautilus.cli import drill_report
from nautilus.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from config.model.catalogue import Catalogue
    from config.model.environment import EnvironmentName
    from nautilus.federation.loss import Loss
    from nautilus.federation.planned import Planned


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line asked for: scenarios by name, losses as `kind=name`; all scenarios where both are empty."""

    scenarios: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    json: Path | None = None
    plot: Path | None = None

    @property
    def all(self) -> bool:
        """Whether everything was asked for, availability too."""
        return not self.scenarios and not self.losses


def checked(asked: Asked, catalogue: Catalogue) -> tuple[Loss, ...]:
    """Give the losses asked for. Raises CommandError (64) for scenarios, kinds, names or files that mean nothing."""
    from config.model.recovery import Scenario  # noqa: PLC0415 - a help page need not wait for the models
    from nautilus.federation.loss import Scope, lose  # noqa: PLC0415 - as above

    for name in asked.scenarios:
        if name not in set(Scenario):
            raise CommandError(f"no scenario {name!r}", f"one of: {', '.join(Scenario)}", ExitCode.USAGE)
    if asked.plot is not None and asked.plot.suffix not in drill_report.PLOTS:
        fix = f"end its name with {' or '.join(drill_report.PLOTS)}"
        raise CommandError(f"{asked.plot} is no kind of plot", fix, ExitCode.USAGE)
    found = []
    for text in asked.losses:
        kind, _, what = text.partition("=")
        if kind not in set(Scope) or not what:
            raise CommandError(f"--lose {text!r} says nothing", f"write {'|'.join(Scope)}=NAME", ExitCode.USAGE)
        try:
            found.append(lose(catalogue, Scope(kind), what))
        except LookupError as error:
            raise CommandError(str(error), "see docs/reference/clusters.md for every name", ExitCode.USAGE) from error
    return tuple(found)


def show(
    planned: Iterable[Planned], catalogue: Catalogue, environment: EnvironmentName, asked: Asked, console: Console
) -> ExitCode:
    """Print the drill, write its JSON and its plot where they are asked for, and give the exit code."""
    from config.model.recovery import Scenario  # noqa: PLC0415 - as in `checked`
    from nautilus.federation.availability import availabilities  # noqa: PLC0415 - as above
    from nautilus.federation.planned import Plan  # noqa: PLC0415 - as above
    from nautilus.federation.recovery import Recoveries  # noqa: PLC0415 - as above
    from nautilus.federation.traffic import Infeasible  # noqa: PLC0415 - as above

    lost = checked(asked, catalogue)
    plan = Plan(planned)
    try:
        recoveries = Recoveries(plan, catalogue, environment)
    except Infeasible as error:
        raise CommandError(f"nobody can be said to serve whom: {error}", "add capacity, or take a shift back") from error
    scenarios = [one for one in Scenario if asked.all or one in asked.scenarios]
    outcomes = [outcome for one in scenarios for outcome in recoveries.of(one)]
    outcomes += [outcome for loss in lost for outcome in recoveries.lose(loss)]
    served = availabilities(plan, catalogue, environment) if asked.all else ()
    drill = drill_report.Drill(
        environment=environment.value,
        resources=len(plan.resources),
        outcomes=tuple(outcomes),
        availabilities=served,
        timed=not asked.all,
    )
    drill_report.show(drill, console)
    if asked.json is not None:
        drill_report.write_json(drill, asked.json)
    if asked.plot is not None:
        drill_report.write_plot(drill, asked.plot)
    return ExitCode.FINE if drill.kept else ExitCode.FAILED
