"""Runs a command over its stacks: the groups in parallel, the gate before anything is applied, then `federation`.

Guarantees (OPS-1, OPS-3): nothing is applied unless every preview of its stage passed every policy; an update applies the
very plan that the packs saw; `federation` comes after the stacks whose outputs it reads, and first when they are destroyed;
no destroy skips its preview. One stack's failure does not stop its peers, but stops `federation`.
"""

from __future__ import annotations

import concurrent.futures
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from nautilus.cli import lock
from nautilus.cli.engine import Ended, Job, Operation
from nautilus.cli.events import Tally
from nautilus.cli.exits import CommandError
from nautilus.cli.place import Place
from nautilus.cli.progress import Watch
from nautilus.cli.project import FEDERATION, GROUPS
from nautilus.cli.verdict import Result, StackVerdict, Verdict

STACK_MEMORY_MB = 900
"""What one stack's program, its policy packs and the engine take together; bounds how many run at once."""

PLAN_VIOLATED = "violates plan"
"""What the engine says when an update would do something else than the preview that the policies saw."""

KEPT_RUNS = 5
"""How many runs' logs stay under `.nautilus/<place>/runs`."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asked for. `parallel` None means as the machine allows."""

    environment: str
    stacks: tuple[str, ...]
    parallel: int | None = None
    expect_no_changes: bool = False
    refresh: bool = False
    accept: bool = False


def workers(asked: int | None, cpus: int, free_mb: float) -> int:
    """Return how many stacks run at once: what was asked for, else one for each processor as memory allows, at least one."""
    if asked is not None:
        return max(1, asked)
    return max(1, min(cpus, int(free_mb // STACK_MEMORY_MB)))


def stages(stacks: Iterable[str], *, backwards: bool = False) -> list[list[str]]:
    """Return the stacks in stages that follow one another: the groups, then `federation`; backwards for a destroy."""
    names = list(stacks)
    last = [name for name in names if name.endswith(f"-{FEDERATION}")]
    order = [[name for name in names if name not in last], last]
    return [stage for stage in (reversed(order) if backwards else order) if stage]


class Run:
    """One command on one place, which has been started. Use it once."""

    def __init__(self, place: Place, options: Options, watch: Watch) -> None:
        self.place = place
        self.options = options
        self.watch = watch
        self.verdicts = {stack: StackVerdict(stack=stack) for stack in options.stacks}
        self.workers = workers(options.parallel, os.cpu_count() or 1, _free_mb())
        self.folder = _folder(place.folder / "runs")
        self._started = time.monotonic()

    def preview(self) -> Verdict:
        """Show what an update would do and what the policies say of it; changes nothing (OPS-2)."""
        with self._signals():
            for stage in self._stages():
                self._each(stage, self._preview)
        return self._verdict("preview")

    def up(self) -> Verdict:
        """Preview every group under the policies; when all pass, apply the plans; then the same for `federation`."""
        with self._signals(), self._alone("up"):
            for stage in self._stages(recover=True):
                self._each(stage, self._preview_to_apply)
                if self._open(stage):
                    self._each([item for item in stage if not self._nothing_to_apply(item)], self._apply)
        return self._verdict("up")

    def refresh(self) -> Verdict:
        """Compare what is recorded with what runs; with `accept`, record what runs and let the policies look at it."""
        if not self.options.accept:
            with self._signals():
                for stage in self._stages():
                    self._each(stage, self._find_drift)
            return self._verdict("refresh")
        with self._signals(), self._alone("refresh --accept"):
            for stage in self._stages(recover=True):
                self._each(stage, self._accept_drift)
        return self._verdict("refresh")

    def destroy(self) -> Verdict:
        """Delete what is not protected, `federation` first; protected resources stay and are named."""
        with self._signals(), self._alone("destroy"):
            for stage in self._stages(recover=True, backwards=True):
                self._each(stage, self._destroy)
        return self._verdict("destroy")

    def _preview(self, verdict: StackVerdict, *, keep_plan: bool = False) -> None:
        arguments = [*self._packs()]
        if self.options.refresh:
            arguments.append("--refresh")
        if keep_plan:
            arguments += ["--save-plan", str(self._plan(verdict.stack))]
        ended = self._engine(verdict, Operation.PREVIEW, "preview", arguments)
        if verdict.result is Result.FINE and self.options.expect_no_changes and ended.tally.changed:
            verdict.result = Result.DRIFTED
            verdict.notes.append(f"{ended.tally.changed} change(s) where none were expected")

    def _preview_to_apply(self, verdict: StackVerdict) -> None:
        self._preview(verdict, keep_plan=True)

    def _nothing_to_apply(self, verdict: StackVerdict) -> bool:
        """Tell whether the preview shows no change, and all that no preview shows is as it was last applied, too."""
        changed = set(verdict.changes) - {"same", "read"}
        if changed or self.options.refresh or not self.place.as_applied(verdict.stack):
            return False
        self._plan(verdict.stack).unlink(missing_ok=True)
        verdict.notes.append("nothing to apply: its preview shows no change, and it is as it was last applied")
        return True

    def _apply(self, verdict: StackVerdict) -> None:
        plan = self._plan(verdict.stack)
        arguments = [*self._packs(), "--yes", "--skip-preview", "--plan", str(plan)]
        if self.options.refresh:
            arguments.append("--refresh")
        try:
            self._engine(verdict, Operation.UP, "up", arguments)
        finally:
            plan.unlink(missing_ok=True)
        if any(PLAN_VIOLATED in error.text for error in verdict.errors):
            verdict.notes.append(
                "the program or its configuration changed after the preview; run it again to see what changed"
            )
        self._settled(verdict)
        if verdict.result is Result.FINE:
            self.place.note_applied(verdict.stack)

    def _find_drift(self, verdict: StackVerdict) -> None:
        self._engine(verdict, Operation.REFRESH, "refresh", ["--preview-only"])
        if verdict.drift and verdict.result is Result.FINE:
            verdict.result = Result.DRIFTED

    def _accept_drift(self, verdict: StackVerdict) -> None:
        self._engine(verdict, Operation.REFRESH, "refresh", ["--yes", "--skip-preview"])
        if verdict.result is Result.FINE:
            self._settled(verdict)
        if verdict.result is Result.FINE:
            self._preview(verdict)

    def _destroy(self, verdict: StackVerdict) -> None:
        if not self.place.snapshot(verdict.stack).resources:
            verdict.notes.append("holds nothing")
            return
        self._engine(verdict, Operation.DESTROY, "destroy", ["--yes", "--exclude-protected"])
        self._settled(verdict)
        left = self.place.snapshot(verdict.stack)
        verdict.protected = left.protected
        if verdict.result is Result.FINE and left.resources and not left.protected:
            verdict.fail(f"{left.resources} resource(s) are left although none is protected")

    def _engine(self, verdict: StackVerdict, operation: Operation, phase: str, arguments: Iterable[str]) -> Ended:
        """Run the engine once for a stack, show how far it is, and take what came of it into the verdict."""
        stack = verdict.stack
        # What this run's preview looked at is the better guess; before one there is only what is recorded.
        total = verdict.resources or self.place.snapshot(stack).resources
        self.watch.begin(stack, phase, total)

        def advanced(tally: Tally) -> None:
            self.watch.advance(stack, phase, len(tally.seen), total)

        job = Job(
            stack=stack,
            operation=operation,
            config_file=self.place.config_file(stack),
            folder=self.folder,
            arguments=tuple(arguments),
            environment=self.place.environment(stack),
        )
        ended = self.place.engine.run(job, advanced)
        verdict.take(phase, ended)
        self.watch.end(stack, phase, verdict.result.value, ended.seconds)
        return ended

    def _settled(self, verdict: StackVerdict) -> None:
        """Make sure that a run left no operation open: the next one must not have to guess."""
        pending = self.place.snapshot(verdict.stack).pending
        if pending and verdict.result is Result.FINE:
            verdict.fail(f"{pending} operation(s) were begun and never confirmed")
        elif pending:
            verdict.notes.append(f"{pending} operation(s) are open; the next run settles them")

    def _stages(self, *, recover: bool = False, backwards: bool = False) -> Iterator[list[StackVerdict]]:
        """Make all stacks ready, then give the stages one by one; `recover` is for runs that change something."""
        # All stacks first: a reference to one that was never initialised fails a preview, one to an empty stack does not.
        self._each(list(self.verdicts.values()), self._make_ready if recover else self._initialise)
        for position, names in enumerate(stages(self.verdicts, backwards=backwards)):
            stage = [self.verdicts[name] for name in names]
            # What changes nothing looks at every stack; what changes something does not build on a stack that is not well.
            if position and recover and self._unwell():
                self._skip(stage)
            else:
                if not backwards:
                    self._each([item for item in stage if item.stack == self._federation], self._hand_over)
                yield [item for item in stage if item.result is Result.FINE]

    @property
    def _federation(self) -> str:
        return f"{self.options.environment}-{FEDERATION}"

    def _hand_over(self, verdict: StackVerdict) -> None:
        """Give the federation the contracts of all region stacks, also of those that this run was not asked for."""
        sources = [f"{self.options.environment}-{group}" for group in GROUPS if group != FEDERATION]
        unknown = self.place.hand_over(verdict.stack, sources)
        if unknown:
            verdict.notes.append(f"not deployed yet, so not known: {', '.join(unknown)}")

    def _initialise(self, verdict: StackVerdict) -> None:
        self.place.initialise(verdict.stack)

    def _make_ready(self, verdict: StackVerdict) -> None:
        self._initialise(verdict)
        done = self.place.recover(verdict.stack)
        if done:
            verdict.notes.append(done)
            self.watch.say(f"{verdict.stack}: {done}")

    def _unwell(self) -> bool:
        return any(item.result is not Result.FINE and item.result is not Result.DRIFTED for item in self.verdicts.values())

    def _skip(self, stage: Iterable[StackVerdict]) -> None:
        for item in stage:
            if item.result is Result.FINE:
                item.result = Result.INTERRUPTED if self.place.engine.interrupted else Result.SKIPPED
                item.notes.append("not run, since a stack before it did not end well")

    def _open(self, stage: Iterable[StackVerdict]) -> bool:
        """Tell whether every stack of the stage previewed well; when not, mark those that did as not applied."""
        passed = [item for item in stage if item.result is Result.FINE]
        if len(passed) == len(list(stage)) and not self._unwell():
            return True
        for item in passed:
            item.result = Result.HELD
            item.notes.append("its preview passed; not applied, since another stack's did not")
        return False

    def _each(self, stage: Iterable[StackVerdict], work: Callable[[StackVerdict], None]) -> None:
        """Do the work for each stack in parallel; a CommandError fails its stack alone, anything else ends the run."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=self.workers) as pool:
            futures = {pool.submit(work, item): item for item in stage}
            waiting = set(futures)
            while waiting:
                # A bounded wait: signal handlers of this process run between two of them.
                done, waiting = concurrent.futures.wait(waiting, timeout=0.2)
                for future in done:
                    try:
                        future.result()
                    except CommandError as error:
                        futures[future].fail(f"{error.message}\n  {error.fix}" if error.fix else error.message)

    @contextmanager
    def _alone(self, command: str) -> Iterator[None]:
        what = f"nautilus {command} --env {self.options.environment}"
        with lock.hold(self.place.folder / f"{self.options.environment}.lock", what):
            yield

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Pass Ctrl-C and SIGTERM on to the engine, once each time, and wait for it to end in order."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: FrameType | None) -> None:
            del number, frame
            again = self.place.engine.interrupted
            count = self.place.engine.interrupt()
            more = "at once" if again else "after the operations in progress; again to end at once"
            self.watch.say(f"stopping {count} stack(s) {more}")

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _packs(self) -> list[str]:
        return [word for pack in self.place.project.packs for word in ("--policy-pack", str(pack))]

    def _plan(self, stack: str) -> Path:
        return self.folder / f"{stack}.plan"

    def _verdict(self, command: str) -> Verdict:
        for item in self.verdicts.values():
            if item.result in {Result.FINE, Result.DRIFTED}:
                item.fidelity = dict(self.place.fidelity(item.stack))
        return Verdict(
            command=command,
            environment=self.options.environment,
            place=self.place.name,
            stacks=tuple(self.verdicts.values()),
            seconds=time.monotonic() - self._started,
        )


def _folder(runs: Path) -> Path:
    """Make a folder for one run's logs, readable by its owner only, and drop all but the last few."""
    folder = runs / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}"
    folder.mkdir(parents=True, mode=0o700)
    for old in sorted(path for path in runs.iterdir() if path.is_dir())[: -KEPT_RUNS or None]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _free_mb() -> float:
    """Return the memory that is free for new processes in MB; plenty where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return 1e6
