"""`nautilus halt` and `nautilus resume`: a jurisdiction's trading off, and on again (HALT-1).

Guarantees that a halt takes the traffic away before it closes the entries, that whom to notify and until when is said from
the jurisdiction's own rules, and that both are in the journal. It notifies nobody by itself: people do, through the topics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.operation import Journal, OperationFile, stamp

if TYPE_CHECKING:
    from config.model import Catalogue, EnvironmentName, Jurisdiction, Operation


class Cause(StrEnum):
    """Why trading is halted: a regulator asks for it, or security was breached."""

    REGULATORY = "regulatory"
    BREACH = "breach"


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One environment's halts: the file that holds them and the journal that keeps what was done."""

    environment: EnvironmentName
    file: OperationFile
    journal: Journal

    def halt(self, catalogue: Catalogue, jurisdiction: str, cause: Cause, reason: str, at: datetime) -> Operation:
        """Write the halt. Raises CommandError for an unknown jurisdiction, or one that is halted already.

        A regulatory halt ends by itself after the jurisdiction's own period; after a breach only a person resumes.
        """
        from config.model import Halt  # noqa: PLC0415 - a help page need not wait for the models

        law = known(catalogue, jurisdiction)
        operation = catalogue.operations[self.environment]
        if jurisdiction in operation.halts:
            since = operation.halts[jurisdiction].since
            raise CommandError(
                f"{law.name} is halted already, since {since}", f"nautilus resume --jurisdiction {jurisdiction}"
            )
        ends = stamp(at + timedelta(seconds=law.halt.duration_s)) if cause is Cause.REGULATORY else None
        halt = Halt(since=stamp(at), resumes=ends, reason=f"{cause}: {reason}")
        changed = operation.model_copy(update={"halts": {**operation.halts, jurisdiction: halt}})
        self.file.write(changed)
        self.journal.record("halt", jurisdiction=jurisdiction, cause=cause.value, reason=reason, resumes=ends)
        return changed

    def resume(self, catalogue: Catalogue, names: tuple[str, ...]) -> Operation:
        """Take halts out. Raises CommandError for a jurisdiction that is not halted."""
        operation = catalogue.operations[self.environment]
        for name in names:
            law = known(catalogue, name)
            if name not in operation.halts:
                halted = ", ".join(operation.halts) or "no jurisdiction"
                raise CommandError(f"{law.name} is not halted; halted is {halted}", "", ExitCode.USAGE)
        changed = operation.model_copy(update={"halts": {k: v for k, v in operation.halts.items() if k not in names}})
        self.file.write(changed)
        for name in names:
            self.journal.record("resume", jurisdiction=name, since=operation.halts[name].since)
        return changed


def due(catalogue: Catalogue, environment: EnvironmentName, at: datetime) -> tuple[str, ...]:
    """Give the halted jurisdictions whose halt ends by itself and has reached its end, sorted."""
    halts = catalogue.operations[environment].halts
    return tuple(sorted(name for name, halt in halts.items() if halt.resumes is not None and halt.resumes <= stamp(at)))


def groups(catalogue: Catalogue, jurisdictions: tuple[str, ...]) -> tuple[str, ...]:
    """Give the stack groups that hold clusters of some jurisdictions, sorted."""
    return tuple(sorted({c.group.value for c in catalogue.clusters.values() if c.jurisdiction in jurisdictions}))


def known(catalogue: Catalogue, name: str) -> Jurisdiction:
    """Give a jurisdiction. Raises CommandError (64) for one that the catalogue does not hold."""
    found = catalogue.jurisdictions.get(name)
    if found is None:
        allowed = ", ".join(sorted(catalogue.jurisdictions))
        raise CommandError(f"{name!r} is no jurisdiction of the catalogue", f"name one of {allowed}", ExitCode.USAGE)
    return found


def show_notices(law: Jurisdiction, at: datetime, console: Console) -> None:
    """Print whom the jurisdiction wants told of an incident, and until when, soonest first."""
    table = Table(title=f"{law.name}: whom to notify, from {stamp(at)}", title_justify="left")
    for name in ("whom", "of what", "until", "source"):
        table.add_column(name, overflow="fold")
    for rule in sorted(law.notices, key=lambda rule: (rule.within_hours, rule.to)):
        until = "at once" if not rule.within_hours else stamp(at + timedelta(hours=rule.within_hours))
        checked = "" if rule.source.verified else " (not checked against the source)"
        table.add_row(rule.to, rule.event, until, f"{rule.source.document}{checked}")
    console.print(table)
    console.print(f"{law.regulator}: {law.halt.control}", highlight=False, markup=False)


def summary(operation: Operation) -> Mapping[str, str]:
    """Give each halted jurisdiction with since when and until when it is halted."""
    return {
        name: f"halted since {halt.since}, " + (f"until {halt.resumes}" if halt.resumes else "until a person resumes it")
        for name, halt in sorted(operation.halts.items())
    }
