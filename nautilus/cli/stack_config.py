"""Scratch copies of the stacks' configuration, so that no run ever writes into `config/stacks`.

The engine writes its secrets manager's fields (`encryptionsalt`, `secretsprovider`, `encryptedkey`) into the file it gets.
The copy takes everything else fresh from the source before each run and keeps those fields across runs. It holds no
passphrase and no key.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nautilus.cli.exits import CommandError

_ENCRYPTION = re.compile(r"^(encryptionsalt|secretsprovider|encryptedkey):")


def merge(source: str, previous: str, *, keep_source_encryption: bool) -> str:
    """Return the text of the copy: `source` with the encryption fields that `previous` had.

    With `keep_source_encryption` (real clouds) the fields of the source win where it has any; without it (sandbox) they
    are dropped, since they belong to another backend.
    """
    body = [line for line in source.splitlines() if not _ENCRYPTION.match(line)]
    own = [line for line in source.splitlines() if _ENCRYPTION.match(line)]
    kept = [line for line in previous.splitlines() if _ENCRYPTION.match(line)]
    fields = own if keep_source_encryption and own else kept
    return "\n".join([*body, *fields]) + "\n"


def add(text: str, settings: Mapping[str, str]) -> str:
    """Return the text with settings of ours at the head of its `config:` block, quoted and indented as its first entry is.

    Raises CommandError where there is no such block, or where it already has one of the settings: they are ours to give.
    """
    block = re.search(r"^config:[ \t]*(?:#.*)?\n(?=([ \t]+)\S)", text, re.MULTILINE)
    if block is None:
        raise CommandError(
            "the stack's configuration has no `config:` block", "write it as config/stacks has it: one entry a line"
        )
    for name in settings:
        if re.search(rf"^\s+[\"']?{re.escape(name)}[\"']?\s*:", text, re.MULTILINE):
            raise CommandError(f"the stack's configuration sets {name}", "take it out: `nautilus` gives it")
    lines = "".join(f"{block.group(1)}{name}: {json.dumps(value)}\n" for name, value in settings.items())
    return text[: block.end()] + lines + text[block.end() :]


def refresh_copy(
    source: Path, copy: Path, *, keep_source_encryption: bool, settings: Mapping[str, str] | None = None
) -> Path:
    """Write the copy, with `settings` added, in a single step and return its path; the source is only read."""
    previous = copy.read_text() if copy.exists() else ""
    text = merge(source.read_text(), previous, keep_source_encryption=keep_source_encryption)
    text = add(text, settings) if settings else text
    if text == previous:
        return copy
    copy.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=copy.parent, prefix=f".{copy.name}.")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(temporary).replace(copy)
    return copy
