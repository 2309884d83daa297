"""Peak memory of a set of processes on Linux, sampled from /proc ten times a second."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
INTERVAL_S = 0.1


@contextmanager
def peak(roots: Callable[[], set[int]]) -> Iterator[Callable[[], float]]:
    """Sample the resident memory of processes and all their descendants while the block runs.

    `roots` gives the process ids to start from, asked anew at each sample. What is given gives the highest sum seen, in MiB;
    pages that processes share count once for each, so it is an upper bound.
    """
    seen = [0]
    stop = threading.Event()

    def watch() -> None:
        ended = False
        while not ended:
            ended = stop.wait(INTERVAL_S)
            seen[0] = max(seen[0], sum(map(_resident, _family(roots()))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: seen[0] / 2**20
    finally:
        stop.set()
        watcher.join()


def _family(roots: set[int]) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended between the listing and the look
    family = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
