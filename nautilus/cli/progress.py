"""What a person sees while it works: a bar for each stack on a terminal, a line for each step elsewhere.

Called from several threads. It shows counts, never values.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

HEARTBEAT_S = 10.0


class Watch:
    """Shows the steps of a run, as bars when `console` is a terminal and as plain lines when it is not."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._tasks: dict[str, TaskID] = {}
        self._bars: Progress | None = None
        if console.is_terminal:
            self._bars = Progress(
                TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
            )

    def __enter__(self) -> Self:
        """Begin to draw."""
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop drawing; what was shown stays."""
        if self._bars is not None:
            self._bars.stop()

    def say(self, text: str) -> None:
        """Print one line above the bars."""
        with self._lock:
            (self._bars.console if self._bars else self._console).print(text, highlight=False, markup=False)

    def begin(self, stack: str, phase: str, total: int) -> None:
        """Open a step; about `total` resources are expected, 0 when nobody knows."""
        with self._lock:
            self._last[stack] = time.monotonic()
            if self._bars is None:
                known = f", about {total} resources" if total > 1 else ""
                self._console.print(f"{stack}: {phase} started{known}", highlight=False, markup=False)
                return
            name = f"{stack} {phase}"
            if stack in self._tasks:
                self._bars.reset(self._tasks[stack], description=name, total=total or None)
            else:
                self._tasks[stack] = self._bars.add_task(name, total=total or None)

    def advance(self, stack: str, phase: str, done: int, total: int) -> None:
        """Show how far a step is; `total` grows with what turns up beyond it.

        The first resource is the stack itself: until a second one turns up the program is only loading.
        """
        with self._lock:
            if self._bars is not None:
                name = f"{stack} {phase}" if done > 1 else f"{stack} {phase}: loading"
                whole = max(total, done) if total else None
                self._bars.update(self._tasks[stack], description=name, completed=done, total=whole)
                return
            now = time.monotonic()
            if now - self._last.get(stack, now) >= HEARTBEAT_S:
                self._last[stack] = now
                of = f" of about {max(total, done)}" if total else ""
                far = f"{done}{of} resources so far" if done > 1 else "the program is loading"
                self._console.print(f"{stack}: {phase}, {far}", highlight=False, markup=False)

    def end(self, stack: str, phase: str, outcome: str, seconds: float) -> None:
        """Close a step and say how it ended."""
        with self._lock:
            if self._bars is not None:
                task = self._tasks[stack]
                done = self._bars.tasks[self._bars.task_ids.index(task)].completed
                self._bars.update(
                    task, description=f"{stack} {phase}: {outcome}", total=max(done, 1), completed=max(done, 1)
                )
                self._bars.stop_task(task)
                return
            self._console.print(f"{stack}: {phase} ended: {outcome}, {seconds:.1f} s", highlight=False, markup=False)
