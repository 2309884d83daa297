"""`nautilus failover`: moves traffic away from a place step by step, each through the engine and its gates (FO-1).

Guarantees that every step is applied under the policies, that a gate that fails after a step leads back to the exact file
and shares that were in force before, and that an interrupted failover can be taken up again or rolled back. What it moves is
names and balancers; sessions that are open move when their clients connect again.
"""

from __future__ import annotations

import json
import math
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.operation import Journal, OperationFile, now, stamp
from nautilus.cli.verdict import Verdict

if TYPE_CHECKING:
    from config.model import Catalogue, EnvironmentName, Operation
    from nautilus.federation.strategy import Step, Strategy

GATE_LIMIT_S = 300
"""How long one gate may take before it counts as failed."""

SHARES = "shares"
"""The federation's output that says each front's shares by placement."""

Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One failover: from where, how, and what was in force before it, byte for byte."""

    environment: EnvironmentName
    where: str
    sources: tuple[str, ...]
    strategy: Strategy
    reason: str
    steps: tuple[Step, ...]
    before: str
    shares: Shares


@dataclass(kw_only=True)
class Failover:
    """Runs a plan. `apply` brings the federation up and gives its verdict; `deployed` gives the shares it then exports."""

    plan: Plan
    file: OperationFile
    journal: Journal
    console: Console
    apply: Callable[[], Verdict]
    deployed: Callable[[], Shares]
    load: Callable[[], Catalogue]
    gates: Sequence[str] = ()
    settle_s: float = 0
    done: int = 0
    _before: Operation = field(init=False)

    def __post_init__(self) -> None:
        # From the plan's own copy: of an interrupted failover the file says what a step has made of it.
        self._before = _parsed(self.file.path.name, self.plan.before)

    def run(self) -> ExitCode:
        """Take the steps from where the plan is, each with its gates; roll back where one fails.

        Raises CommandError, with nothing changed, where it begins and what is deployed is not what is declared.
        """
        if self.journal.begun() is None:
            self._refuse_different()
        for number, step in list(enumerate(self.plan.steps, start=1))[self.done :]:
            self._note(number - 1)
            try:
                ended = self._step(number, step)
            except KeyboardInterrupt:
                # While clients are waited for or a gate runs; the engine's own interrupt is in the verdict.
                ended = self._stopped(number)
            if ended is not None:
                return ended
        self.journal.end()
        self._say(f"done: {len(self.plan.steps)} steps, every gate passed")
        return ExitCode.FINE

    def _refuse_different(self) -> None:
        different = different_shares(self.plan.shares, self.deployed())
        if different:
            what = f"what is deployed is not what is declared: {'; '.join(different)}"
            raise CommandError(what, "run `nautilus up` first: a roll-back leads to what is declared now")

    def _step(self, number: int, step: Step) -> ExitCode | None:
        """Take one step; None where its gates passed, else how the failover ended."""
        from nautilus.federation import strategy  # noqa: PLC0415 - a help page need not wait for it

        self._say(f"step {number} of {len(self.plan.steps)}: {step.title}")
        began = time.monotonic()
        self.file.write(strategy.operation(self._before, step, since=stamp(now()), reason=self.plan.reason))
        verdict = self.apply()
        if verdict.exit_code is ExitCode.INTERRUPTED:
            return self._stopped(number)
        failed = self._failed(verdict)
        seconds = time.monotonic() - began
        if failed is None:
            self._say(f"step {number} is in force after {seconds:.1f} s")
        if failed is None and step.settles and self.settle_s:
            self._say(f"waiting {self.settle_s:g} s for clients to follow")
            time.sleep(self.settle_s)
        failed = failed or self._gate(number, step)
        if failed is not None:
            return self._back(number, step, failed)
        told = {"step": number, "title": step.title, "seconds": round(seconds, 1), "shares": self._moved()}
        self.journal.record("failover step", **told, **self._about())
        self.done = number
        return None

    def roll_back(self, why: str) -> ExitCode:
        """Put back the file of before, apply it, and make sure that what is deployed is what was deployed."""
        self.file.put(self.plan.before)
        verdict = self.apply()
        if verdict.exit_code is not ExitCode.FINE:
            self.journal.record("failover roll-back failed", why=why, exit_code=int(verdict.exit_code), **self._about())
            raise CommandError(
                f"the roll-back itself ended with {int(verdict.exit_code)}", "mend that, then: nautilus failover --roll-back"
            )
        different = different_shares(self.plan.shares, self.deployed(), within=0)
        self.journal.record("failover rolled back", why=why, exact=not different, **self._about())
        self.journal.end()
        if different:
            raise CommandError(f"rolled back, but shares differ from before: {'; '.join(different)}", "run `nautilus up`")
        self._say(f"rolled back: {why}; {sum(map(len, self.plan.shares.values()))} shares are exactly as before")
        return ExitCode.FAILED

    def _back(self, number: int, step: Step, why: str) -> ExitCode:
        from nautilus.federation import strategy  # noqa: PLC0415 - as above

        self._say(f"step {number} failed its gate: {why}; going back to {step.failing}")
        if step.failing is strategy.Failing.BACK:
            return self.roll_back(f"step {number}, {step.title}: {why}")
        previous = self.plan.steps[number - 2]
        self.file.write(strategy.operation(self._before, previous, since=stamp(now()), reason=self.plan.reason))
        verdict = self.apply()
        self.journal.record("failover went a step back", why=why, step=number - 1, title=previous.title, **self._about())
        self.journal.end()
        if verdict.exit_code is not ExitCode.FINE:
            raise CommandError(f"going a step back ended with {int(verdict.exit_code)}", "run `nautilus up`")
        return ExitCode.FAILED

    def _stopped(self, number: int) -> ExitCode:
        self.journal.record("failover interrupted", step=number, **self._about())
        self._say("interrupted; take it up with `nautilus failover --resume`, or undo it with `--roll-back`")
        return ExitCode.INTERRUPTED

    @staticmethod
    def _failed(verdict: Verdict) -> str | None:
        return None if verdict.exit_code is ExitCode.FINE else f"the update ended with {int(verdict.exit_code)}"

    def _gate(self, number: int, step: Step) -> str | None:
        """Give why a gate fails, None where all pass: first that what is deployed is what was derived, then those given."""
        from nautilus.federation import strategy  # noqa: PLC0415 - as above

        derived = strategy.shares(self.load(), self.plan.environment)
        different = different_shares(derived, self.deployed())
        if different:
            return f"deployed shares are not the derived ones: {'; '.join(different)}"
        facts = {
            "NAUTILUS_STEP": str(number),
            "NAUTILUS_KEEPS": f"{step.keeps:g}",
            "NAUTILUS_SOURCES": " ".join(step.sources),
            "NAUTILUS_ENVIRONMENT": str(self.plan.environment),
        }
        for gate in self.gates:
            try:
                words = shlex.split(gate)
                code = subprocess.run(words, check=False, env={**os.environ, **facts}, timeout=GATE_LIMIT_S).returncode
            except (OSError, ValueError) as error:
                return f"the gate {gate!r} cannot be run: {error}"
            except subprocess.TimeoutExpired:
                return f"the gate {gate!r} took longer than {GATE_LIMIT_S} s"
            if code:
                return f"the gate {gate!r} ended with {code}"
        return None

    def _moved(self) -> dict[str, dict[str, float]]:
        """Give the deployed shares of the fronts that the plan touches, for the journal."""
        touched = {front for front, shares in self.plan.shares.items() if set(shares) & set(self.plan.sources)}
        return {front: dict(shares) for front, shares in self.deployed().items() if front in touched}

    def _note(self, done: int) -> None:
        self.journal.begin({"done": done, "before": self.plan.before, "shares": self.plan.shares, **self._about()})

    def _about(self) -> dict[str, Any]:
        return {"from": self.plan.where, "strategy": str(self.plan.strategy), "reason": self.plan.reason}

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False, markup=False)


def show(plan: Plan, catalogue: Catalogue, console: Console) -> None:
    """Print each step with what the sources keep and who takes over, for the fronts they serve."""
    from nautilus.federation import strategy  # noqa: PLC0415 - a help page need not wait for it

    table = Table(title=f"{plan.strategy} failover from {', '.join(plan.sources)}", title_justify="left")
    for name in ("step", "front", "keeps", "takes over", "a failed gate leads to"):
        table.add_column(name, overflow="fold")
    before = catalogue.operations[plan.environment]
    touched = [front for front, shares in sorted(plan.shares.items()) if set(shares) & set(plan.sources)]
    for number, step in enumerate(plan.steps, start=1):
        changed = strategy.operation(before, step, since=stamp(now()), reason=plan.reason)
        after = strategy.shares(strategy.under(catalogue, changed), plan.environment)
        for position, front in enumerate(touched):
            keeps = sum(share for name, share in after[front].items() if name in plan.sources)
            takes = ", ".join(
                f"{name} {share:.0%}"
                for name, share in sorted(after[front].items())
                if name not in plan.sources and share > plan.shares[front].get(name, 0)
            )
            first = (f"{number}. {step.title}", str(step.failing)) if not position else ("", "")
            table.add_row(first[0], front, f"{keeps:.0%}", takes or "nobody", first[1])
        table.add_section()
    console.print(table)


def different_shares(wanted: Shares, found: Shares, *, within: float = 1e-9) -> list[str]:
    """Give the fronts whose shares differ by more than `within`, one line each; a front of one side only differs."""
    lines = []
    for front in sorted({*wanted, *found}):
        one, other = wanted.get(front, {}), found.get(front, {})
        if set(one) != set(other) or any(
            not math.isclose(one[name], other[name], rel_tol=0, abs_tol=within) for name in one
        ):
            lines.append(f"{front} {dict(one)} and {dict(other)}")
    return lines


def operation_file(root: Path, environment: str) -> OperationFile:
    """Give the file of what is in force in an environment."""
    from nautilus.cli.operation import FOLDER  # noqa: PLC0415 - kept beside its only reader

    return OperationFile(path=root / FOLDER / f"{environment}.yaml")


def checked_gates(gates: Sequence[str]) -> tuple[str, ...]:
    """Give the gates as they are. Raises CommandError (64) for one that no shell could read, or whose command is not there.

    A command that is found now may still fail to run after a step; that fails its gate.
    """
    for gate in gates:
        try:
            words = shlex.split(gate)
        except ValueError as error:
            raise CommandError(f"the gate {gate!r} cannot be read: {error}", "mend its quotes", ExitCode.USAGE) from error
        if not words or shutil.which(words[0]) is None:
            raise CommandError(f"the gate {gate!r} names no command", "give a command that is on PATH", ExitCode.USAGE)
    return tuple(gates)


def _parsed(name: str, text: str) -> Operation:
    """Read what is in force from a file's text. Raises CommandError where it is broken."""
    from config import document  # noqa: PLC0415 - a help page need not wait for it
    from config.model import Operation  # noqa: PLC0415 - as above

    parsed = document.parse(name, text.encode())
    if parsed.problems:
        what = f"{name}, as it was before the failover, is broken: {parsed.problems[0]}"
        raise CommandError(what, "restore the file, then run `nautilus up`")
    return Operation.model_validate_json(json.dumps(parsed.value))
