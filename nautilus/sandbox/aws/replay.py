"""Fills a fresh moto from the ledger and opens it to boto3 clients.

Guarantees that after a restart every resource of the ledger is there again with its old id, or that the start fails
and says which is not. What somebody else made in moto with a client of their own is not in the ledger and does not
come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.handler import Refused, Request, Row


def start(_home: Path, rows: Iterable[Row]) -> Mapping[str, str]:
    """Replay the rows in the order of their creation and give the endpoint: `{"moto": "http://127.0.0.1:PORT"}`.

    Raises Refused where a resource cannot be made again, or comes back with another id.
    """
    for row in rows:
        again(row)
    return {"moto": emulator.serve()}


def stop() -> None:
    """Close the endpoint; moto's state goes with the process."""
    emulator.close()


def again(row: Row) -> Mapping[str, Any]:
    """Make one resource of the ledger again and give its outputs; raises Refused as `start` does."""
    from nautilus.sandbox.aws import PACKAGE  # noqa: PLC0415 - the package is made of this module

    create = next((handler.create for handler in PACKAGE.handlers if handler.type == row.type), None)
    if create is None:
        raise Refused(f"{row.urn} is of the type {row.type}, which has no row any more", code="UnknownType")
    own = row.inputs.get("tags") or {}
    inherited = {name: value for name, value in (row.outputs.get("tagsAll") or {}).items() if name not in own}
    target = replace(row.target, settings={"defaultTags": inherited})
    result = create(
        Request(
            urn=row.urn,
            type=row.type,
            name=row.urn.rsplit("::", 1)[-1],
            inputs=row.inputs,
            target=target,
            preview=False,
            prior=row.outputs,
            seed=row.seed,
        )
    )
    if result.id != row.id:
        raise Refused(f"{row.urn} came back as {result.id}, not as {row.id}", code="ReplayDiverged")
    return result.outputs
