"""Fills a fresh moto from the ledger and opens it to boto3 clients.

Guarantees that after a restart every resource of the ledger is there again with its old id, or that the start fails
and says which is not. What somebody else made in moto with a client of their own is not in the ledger and does not
come back.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.aws.row import Row as Table
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


def again(row: Row) -> None:
    """Make one resource of the ledger again; raises Refused as `start` does."""
    table = _tables().get(row.type)
    if table is None:
        raise Refused(f"{row.urn} is of the type {row.type}, which has no row any more", code="UnknownType")
    own = row.inputs.get("tags") or {}
    inherited = {name: value for name, value in (row.outputs.get("tagsAll") or {}).items() if name not in own}
    made = table.restore(
        Request(
            urn=row.urn,
            type=row.type,
            name=row.urn.rsplit("::", 1)[-1],
            inputs=row.inputs,
            target=replace(row.target, settings={"defaultTags": inherited}),
            preview=False,
            prior=row.outputs,
            seed=row.seed,
        )
    )
    if made != row.id:
        raise Refused(f"{row.urn} came back as {made}, not as {row.id}", code="ReplayDiverged")


@functools.cache
def _tables() -> Mapping[str, Table]:
    from nautilus.sandbox.aws import ROWS  # noqa: PLC0415 - the package is made of this module

    return {table.type: table for table in ROWS}
