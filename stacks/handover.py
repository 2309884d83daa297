"""How contracts pass from the region stacks to the federation: a file that `nautilus` writes and the program reads (OPS-1).

Guarantees that a stack's state need not lie in the reader's backend (each lies in its own jurisdiction), that nothing but
the contract is passed on, and that a secret in it is refused. It does not check a contract's shape: `stacks.contract` does.
Loads nothing heavy, since the command imports it too.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

NAMESPACE: Final = "nautilus"
SETTING: Final = "contracts"
"""`nautilus:contracts` in the federation's configuration names the file."""

VERSION_OUTPUT: Final = "contract"
PLACEMENTS_OUTPUT: Final = "placements"

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks a secret, an asset or a resource reference where the engine writes values (pulumi.runtime.rpc)."""

Contracts = Mapping[str, Mapping[str, Any] | None]
"""Contract outputs by stack; None for a stack that was not deployed yet."""


class HandoverError(Exception):
    """A contract cannot be handed over, or what was handed over cannot be read; the message names stack or file and fix."""


def pick(stack: str, outputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give the contract among a stack's recorded outputs, None where it has none yet.

    Raises HandoverError where a value of it is secret, or is nothing that plain JSON can say.
    """
    if PLACEMENTS_OUTPUT not in outputs:
        return None
    contract = {name: outputs.get(name) for name in (VERSION_OUTPUT, PLACEMENTS_OUTPUT)}
    marked = _marked(contract, ())
    if marked is not None:
        raise HandoverError(
            f"stack {stack!r} has a secret, or no plain value, in its contract at {'.'.join(marked)}: "
            "a contract crosses jurisdictions and holds no secrets; take it out of the outputs"
        )
    return contract


def write(path: Path, contracts: Contracts) -> None:
    """Write the contracts in one step, readable by the owner only, making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(contracts, stream, indent=1, sort_keys=True)
    Path(temporary).replace(path)


def load(path: Path) -> Contracts:
    """Give what was written. Raises HandoverError where the file is missing or is not a mapping of mappings."""
    fix = "run `nautilus`, which writes it, or take nautilus:contracts out of the stack's configuration"
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise HandoverError(f"the contracts in {path} cannot be read ({error}): {fix}") from None
    if not isinstance(found, dict) or not all(value is None or isinstance(value, dict) for value in found.values()):
        raise HandoverError(f"{path} does not hold contracts by stack: {fix}")
    return found


def _marked(value: object, path: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give the path of the first value that the engine marked, None where all are plain."""
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return path
        children = ((str(name), item) for name, item in value.items())
    elif isinstance(value, list):
        children = ((str(index), item) for index, item in enumerate(value))
    else:
        return None
    return next((found for name, item in children if (found := _marked(item, (*path, name))) is not None), None)
