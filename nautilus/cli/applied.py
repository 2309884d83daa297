"""Whether a stack was last applied from exactly what is there now, so that an apply which changes nothing can be left out.

Guarantees that two runs have the same mark only where the program, the catalogue, the stack's configuration, what was handed
over to it, the SDKs and the recorded state are byte for byte the same. A preview without changes alone does not say so: what
a state keeps beside properties (protection, dependencies) is in no preview.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from nautilus.cli.project import REPOSITORY

PROGRAM: Final = ("config", "components", "stacks", "nautilus/federation")
"""What a stack's program is made of, below the repository; a project with a program of its own adds that."""

_SDKS: Final = ("pulumi", "pulumi-aws", "pulumi-azure-native", "pulumi-gcp", "pulumi-random")
_KINDS: Final = (".py", ".yaml")
_HIDDEN: Final = "."


def mark(root: Path, engine: Path, files: Iterable[Path]) -> str:
    """Give the SHA-256 in hexadecimal of everything that decides what an apply would do.

    `root` is the project's folder, `engine` the executable, `files` what belongs to the stack alone: its configuration, what
    was handed over and its state. A file that is missing counts as such.
    """
    seen = hashlib.sha256()
    for path in sorted({*_sources(root), *files}):
        content = path.read_bytes() if path.is_file() else b"missing"
        seen.update(f"{path}\0{len(content)}\0".encode())
        seen.update(content)
    stamp = engine.stat()
    seen.update(f"{stamp.st_size}\0{stamp.st_mtime_ns}\0".encode())
    seen.update("\0".join(f"{name} {_version(name)}" for name in _SDKS).encode())
    return seen.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    """Yield every file of the program and its catalogue; of the project's own folder all but what is hidden."""
    for folder in PROGRAM:
        yield from _below(REPOSITORY / folder)
    if root.resolve() != REPOSITORY:
        yield from _below(root)


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN) and name != "__pycache__"]
        yield from (Path(here) / name for name in names if name.endswith(_KINDS))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"
