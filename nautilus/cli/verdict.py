"""What came of a run, stack by stack, and the one exit code that follows from it.

Plain records: `nautilus.cli.report` shows them to people and `as_dict` gives them to machines. Nothing here runs anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from nautilus.cli.engine import Ended
from nautilus.cli.events import Diagnostic, Drift
from nautilus.cli.exits import ExitCode
from nautilus.cli.findings import Finding, ranked


class Result(StrEnum):
    """How one stack ended."""

    FINE = "fine"
    STOPPED = "policy stop"
    FAILED = "failed"
    DRIFTED = "drifted"
    INTERRUPTED = "interrupted"
    HELD = "not applied"
    SKIPPED = "not run"


_ORDER = (
    (Result.STOPPED, ExitCode.POLICY_STOPPED),
    (Result.INTERRUPTED, ExitCode.INTERRUPTED),
    (Result.FAILED, ExitCode.FAILED),
    (Result.DRIFTED, ExitCode.DRIFT),
    (Result.HELD, ExitCode.FAILED),
    (Result.SKIPPED, ExitCode.FAILED),
)


@dataclass(kw_only=True)
class StackVerdict:
    """One stack's part of a run.

    `changes` maps operations to counts; `seconds` maps phases to wall time; `guarded` maps URNs of protected resources to
    what was about to happen to them; `protected` are those that a destroy kept.
    """

    stack: str
    result: Result = Result.FINE
    changes: dict[str, int] = field(default_factory=dict)
    resources: int = 0
    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    guarded: dict[str, str] = field(default_factory=dict)
    protected: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    fidelity: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def mandatory(self) -> int:
        """How many violations stop the run."""
        return sum(item.mandatory for item in ranked(self.findings))

    @property
    def advisory(self) -> int:
        """How many violations only advise."""
        return sum(not item.mandatory for item in ranked(self.findings))

    def take(self, phase: str, ended: Ended) -> None:
        """Add a run of the engine and set the result that it asks for; a later phase's counts replace an earlier one's."""
        tally = ended.tally
        self.seconds[phase] = round(self.seconds.get(phase, 0.0) + ended.seconds, 2)
        self.changes = tally.counts()
        self.resources = tally.resources
        self.findings = ranked([*self.findings, *tally.findings])
        self.guarded |= tally.guarded
        self.packs = tally.packs or self.packs
        self.drift = [*self.drift, *tally.drift]
        self.diagnostics = [*self.diagnostics, *(item for item in tally.diagnostics if item.severity == "warning")]
        if any(item.mandatory for item in tally.findings):
            self.result = Result.STOPPED
            self.diagnostics = [*self.diagnostics, *(item for item in tally.errors() if not item.text.endswith("failed"))]
        elif ended.interrupted and not ended.succeeded:
            self.result = Result.INTERRUPTED
        elif not ended.succeeded:
            self.result = Result.FAILED
            self.diagnostics = [*self.diagnostics, *tally.errors()]

    def fail(self, message: str) -> None:
        """Mark the stack as failed with one message of our own."""
        self.result = Result.FAILED
        self.diagnostics = [*self.diagnostics, Diagnostic(severity="error", urn="", text=message)]

    @property
    def errors(self) -> list[Diagnostic]:
        """The messages that explain a failure."""
        return [item for item in self.diagnostics if item.severity == "error"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The whole run. `seconds` is wall time; `place` is `sandbox` or `real`."""

    command: str
    environment: str
    place: str
    stacks: tuple[StackVerdict, ...]
    seconds: float

    @property
    def exit_code(self) -> ExitCode:
        """The exit code: a policy stop stands above all else, then interrupts, failures, drift."""
        return exit_code(item.result for item in self.stacks)

    @property
    def totals(self) -> Mapping[str, int]:
        """Changes over all stacks, operation to count of resources."""
        total: Counter[str] = Counter()
        for item in self.stacks:
            total.update(item.changes)
        return dict(total)

    def as_dict(self) -> dict[str, object]:
        """Return everything as plain values for JSON; property values of resources are not in it."""
        return {
            "command": self.command,
            "environment": self.environment,
            "place": self.place,
            "exit_code": int(self.exit_code),
            "seconds": round(self.seconds, 2),
            "totals": dict(self.totals),
            "stacks": [
                asdict(item)
                | {"result": item.result.value, "policies": {"mandatory": item.mandatory, "advisory": item.advisory}}
                for item in self.stacks
            ],
        }


def exit_code(results: Iterable[Result]) -> ExitCode:
    """Return the exit code of a run from its stacks' results; fine when there is none to complain of."""
    found = set(results)
    return next((code for result, code in _ORDER if result in found), ExitCode.FINE)
