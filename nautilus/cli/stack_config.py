"""Scratch copies of the stacks' configuration, so that no run ever writes into `config/stacks`.

The engine writes its secrets manager's fields (`encryptionsalt`, `secretsprovider`, `encryptedkey`) into the file it gets.
The copy takes everything else fresh from the source before each run and keeps those fields across runs. It holds no
passphrase and no key.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

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


def refresh_copy(source: Path, copy: Path, *, keep_source_encryption: bool) -> Path:
    """Write the copy beside any earlier one in a single step and return its path; the source is only read."""
    previous = copy.read_text() if copy.exists() else ""
    text = merge(source.read_text(), previous, keep_source_encryption=keep_source_encryption)
    if text == previous:
        return copy
    copy.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=copy.parent, prefix=f".{copy.name}.")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(temporary).replace(copy)
    return copy
