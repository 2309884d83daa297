"""Files that appear whole or not at all.

Guarantees that a reader sees the old content or the new, never a part, and that writers at the same time, threads or
processes, do not take each other's file away: the last one stands. Does not wait for the disk.
"""

from __future__ import annotations

import secrets
from pathlib import Path


def write(file: Path, text: str) -> None:
    """Replaces a file's content, or makes the file; its folder must be there."""
    partial = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        partial.write_text(text)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
