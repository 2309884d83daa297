"""The commands that change what is in force: `failover`, `halt` and `resume` (FO-1, HALT-1)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rich.console import Console

from nautilus.cli import catalogue, failover, halt
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.failover import Failover, Plan, Shares
from nautilus.cli.operation import Journal, checked_reason, now
from nautilus.cli.place import Place
from nautilus.cli.progress import Watch
from nautilus.cli.project import FEDERATION
from nautilus.cli.run import Options, Run
from nautilus.cli.verdict import Verdict

if TYPE_CHECKING:
    from config.model import EnvironmentName


class Operator:
    """One environment at one place, for commands that change what is in force and apply it."""

    def __init__(self, place: Place, environment: EnvironmentName, console: Console) -> None:
        self.place = place
        self.environment = environment
        self.console = console
        self.file = failover.operation_file(place.project.root, environment.value)
        self.journal = Journal(folder=place.folder, environment=environment.value)

    def plan(self, where: str, strategy: str, reason: str) -> Plan:
        """Work out a failover.

        Raises CommandError for names that mean nothing, where nobody else may answer, and where it would bring traffic back.
        """
        reason = checked_reason(reason)
        from nautilus.federation import strategy as strategies  # noqa: PLC0415 - a help page need not wait for it

        loaded = catalogue.load(self.place.project)
        try:
            names = strategies.sources(loaded, where)
        except KeyError as error:
            fix = "name a placement, a cluster, a location such as gcp/europe-west1, or a cloud"
            raise CommandError(f"{where!r} is nothing that traffic can be moved away from", fix, ExitCode.USAGE) from error
        chosen = strategies.Strategy(strategy)
        steps = strategies.steps(chosen, names)
        given_back = strategies.given_back(loaded.operations[self.environment], steps[0])
        if given_back:
            raise CommandError(
                f"{', '.join(given_back)} keeps less already than after the first step: traffic would come back to it",
                f"choose another strategy, or take its shift out of {self.file.path} and run `nautilus up`",
            )
        try:
            strategies.check(loaded, self.environment, names, steps)
        except strategies.Stranded as error:
            fix = "add lawful capacity to the catalogue, or move fewer placements at once"
            raise CommandError(f"{where}: {error}", fix) from error
        shares = strategies.shares(loaded, self.environment)
        if not any(set(found) & set(names) for found in shares.values()):
            raise CommandError(f"{', '.join(names)} answers for nobody now: there is nothing to move")
        return Plan(
            environment=self.environment,
            where=where,
            sources=names,
            strategy=chosen,
            reason=reason,
            steps=steps,
            before=self.file.read(),
            shares=shares,
        )

    def show(self, plan: Plan) -> None:
        """Print the steps of a plan."""
        failover.show(plan, catalogue.load(self.place.project), self.console)

    def failover(self, plan: Plan, gates: tuple[str, ...], settle_s: float, done: int = 0) -> Failover:
        """Give the failover, ready to run from its next step."""
        return Failover(
            plan=plan,
            file=self.file,
            journal=self.journal,
            console=self.console,
            apply=lambda: self.apply((FEDERATION,)),
            deployed=self.deployed,
            load=lambda: catalogue.load(self.place.project),
            gates=failover.checked_gates(gates),
            settle_s=settle_s,
            done=done,
        )

    def begun(self) -> tuple[Plan, int] | None:
        """Give the failover that was begun and has not ended, with how many steps were done, None where there is none.

        Raises CommandError where what it moves away from is in the catalogue no more.
        """
        note = self.journal.begun()
        if note is None:
            return None
        from nautilus.federation import strategy as strategies  # noqa: PLC0415 - as above

        try:
            names = strategies.sources(catalogue.load(self.place.project), note["from"])
        except KeyError as error:
            what = f"a failover from {note['from']} is under way, which is in the catalogue no more"
            raise CommandError(what, "put it back, then run the command again") from error
        chosen = strategies.Strategy(note["strategy"])
        plan = Plan(
            environment=self.environment,
            where=note["from"],
            sources=names,
            strategy=chosen,
            reason=note["reason"],
            steps=strategies.steps(chosen, names),
            before=note["before"],
            shares=note["shares"],
        )
        return plan, int(note["done"])

    def refuse_begun(self) -> None:
        """Raise CommandError where a failover is under way."""
        found = self.journal.begun()
        if found is not None:
            raise CommandError(
                f"a failover from {found['from']} is under way, {found['done']} step(s) done",
                "nautilus failover --resume, or nautilus failover --roll-back",
            )

    def apply(self, groups: tuple[str, ...]) -> Verdict:
        """Bring some stack groups up from what is declared now, and show what came of it where it did not end well."""
        from nautilus.cli import report  # noqa: PLC0415 - kept beside its only reader

        stacks = self.place.project.stacks(self.environment.value, groups)
        run = Run(self.place, Options(environment=self.environment.value, stacks=stacks), Watch(self.console))
        with run.watch:
            verdict = run.up()
        if verdict.exit_code is not ExitCode.FINE:
            report.show(verdict, self.console, debug=False)
        return verdict

    def deployed(self) -> Shares:
        """Give the shares that the deployed federation exports. Raises CommandError where it exports none."""
        outputs = self.place.snapshot(f"{self.environment}-{FEDERATION}").outputs
        found: Any = outputs.get(failover.SHARES)
        if not isinstance(found, dict):
            raise CommandError("the federation exports no shares", "run `nautilus up` first")
        return {front: dict(shares) for front, shares in found.items()}

    def halt(self, jurisdiction: str, cause: halt.Cause, reason: str, *, wait: bool) -> ExitCode:
        """Halt a jurisdiction: traffic off, then its entries closed; with `wait`, resume it when its time has come."""
        at = now()
        loaded = catalogue.load(self.place.project)
        switch = halt.Switch(environment=self.environment, file=self.file, journal=self.journal)
        changed = switch.halt(loaded, jurisdiction, cause, checked_reason(reason), at)
        code = self._applied(halt.groups(loaded, (jurisdiction,)), f"{jurisdiction} halted")
        halt.show_notices(loaded.jurisdictions[jurisdiction], at, self.console)
        for name, text in halt.summary(changed).items():
            self.console.print(f"{name}: {text}", highlight=False, markup=False)
        resumes = changed.halts[jurisdiction].resumes
        if code is ExitCode.FINE and wait and resumes is not None:
            left = loaded.jurisdictions[jurisdiction].halt.duration_s - (now() - at).total_seconds()
            time.sleep(max(0.0, left))
            return self.resume((jurisdiction,))
        return code

    def resume(self, names: tuple[str, ...]) -> ExitCode:
        """Resume halted jurisdictions: entries opened, then traffic on."""
        loaded = catalogue.load(self.place.project)
        switch = halt.Switch(environment=self.environment, file=self.file, journal=self.journal)
        switch.resume(loaded, names)
        return self._applied(halt.groups(loaded, names), f"{', '.join(names)} resumed", first=False)

    def resume_due(self) -> ExitCode:
        """Resume every halt that ends by itself and has reached its end."""
        names = halt.due(catalogue.load(self.place.project), self.environment, now())
        if not names:
            self.console.print("no halt has reached its end", highlight=False)
            return ExitCode.FINE
        return self.resume(names)

    def _applied(self, groups: tuple[str, ...], what: str, *, first: bool = True) -> ExitCode:
        """Apply to the federation and some groups, the federation first where traffic must go before entries close."""
        order = ((FEDERATION,), groups) if first else (groups, (FEDERATION,))
        for part in order:
            verdict = self.apply(part)
            if verdict.exit_code is not ExitCode.FINE:
                self.journal.record("not applied", change=what, exit_code=int(verdict.exit_code))
                self.console.print(f"{what} is declared but not applied: run `nautilus up`", highlight=False, markup=False)
                return verdict.exit_code
        self.journal.record("applied", change=what)
        return ExitCode.FINE


def settle_s(place: Place) -> float:
    """Give how long clients keep a name's answer, in seconds; 0 in the sandbox, which has no clients."""
    return 0.0 if place.name == "sandbox" else float(catalogue.load(place.project).traffic.ttl_s)
