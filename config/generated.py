"""Files that are made from the models and the catalogue, kept and checked in one way.

Guarantees that what is written is what `--check` compares with, byte for byte. It decides no content.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None, *, folder: Path, files: Mapping[str, str], command: str) -> int:
    """Write files into a folder, or with `--check` compare them with what is there.

    `files`: mapping of file name to text. Other files of the folder are left alone. Gives the exit code: 0 where all is
    well, 1 where `--check` found a stale file.
    """
    parser = argparse.ArgumentParser(prog=command)
    parser.add_argument("--check", action="store_true", help="fail where a file is stale instead of writing it")
    if not parser.parse_args(arguments).check:
        _write(folder, files)
        return 0
    stale = _stale(folder, files)
    for name in stale:
        sys.stderr.write(f"{name} is stale: run `{command}`\n")
    return 1 if stale else 0


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _stale(folder: Path, files: Mapping[str, str]) -> list[str]:
    def fresh(name: str, text: str) -> bool:
        path = folder / name
        return path.is_file() and path.read_text(encoding="utf-8") == text

    return [name for name, text in files.items() if not fresh(name, text)]
