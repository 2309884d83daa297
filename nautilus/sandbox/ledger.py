"""What this sandbox made, in one SQLite file.

Guarantees that a resource is in the ledger before the engine hears of it, that a secret value is never on disk in plain
text, that a reader in another process sees whole rows, and that what was deleted is still known as deleted. Does not
talk to an emulator: rows say what was declared and answered, and an emulator may know better.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet

from nautilus.sandbox import wire
from nautilus.sandbox.handler import Fidelity, Row, Target, Value

FILE: Final = "ledger.sqlite"
_KEY: Final = "ledger.key"
_SEALED: Final = "$sealed"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS resource (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  stack TEXT NOT NULL, urn TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, package TEXT NOT NULL,
  cloud TEXT NOT NULL, account TEXT, region TEXT, settings TEXT NOT NULL, fidelity TEXT NOT NULL, seed TEXT NOT NULL,
  inputs TEXT NOT NULL, outputs TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS resource_urn ON resource (urn, id);
CREATE INDEX IF NOT EXISTS resource_id ON resource (package, id);
CREATE INDEX IF NOT EXISTS resource_type ON resource (type, deleted);
CREATE TABLE IF NOT EXISTS sandbox (marker TEXT NOT NULL);
"""
_COLUMNS: Final = (
    "sequence, stack, urn, id, type, package, cloud, account, region, settings, fidelity, seed, inputs, outputs"
)
_PUT: Final = """
INSERT INTO resource (stack, urn, id, type, package, cloud, account, region, settings, fidelity, seed, inputs, outputs)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
ON CONFLICT (urn, id) DO UPDATE SET cloud=excluded.cloud, account=excluded.account, region=excluded.region,
  settings=excluded.settings, fidelity=excluded.fidelity, seed=excluded.seed,
  inputs=excluded.inputs, outputs=excluded.outputs, deleted=0
"""


class Ledger:
    """One open ledger; safe to be used from many threads."""

    def __init__(self, home: Path) -> None:
        self._lock = threading.RLock()
        self._fernet = Fernet(_key(home / _KEY))
        self._db = sqlite3.connect(home / FILE, check_same_thread=False, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Ends the use of the file; an operation under way is finished first."""
        with self._lock:
            self._db.close()

    def marker(self, marker: str) -> str:
        """The marker of the sandbox that the ledger belongs to; an empty ledger takes the one given."""
        with self._changing() as db:
            row = db.execute("SELECT marker FROM sandbox").fetchone()
            if row is None:
                db.execute("INSERT INTO sandbox VALUES (?)", (marker,))
                return marker
            return str(row[0])

    def put(
        self,
        *,
        urn: str,
        resource_id: str,
        token: str,
        package: str,
        target: Target,
        fidelity: Fidelity,
        seed: str,
        inputs: Mapping[str, Any],
        outputs: Mapping[str, Any],
        secret_inputs: Iterable[wire.Path] = (),
        secret_outputs: Iterable[wire.Path] = (),
    ) -> None:
        """Writes a resource, or overwrites the one with the same URN and id; its place in the order stays."""
        place = (target.cloud, target.account, target.region, json.dumps(target.settings))
        content = (self._dump(inputs, secret_inputs), self._dump(outputs, secret_outputs))
        values = (stack_of(urn), urn, resource_id, token, package, *place, str(fidelity), seed, *content)
        with self._changing() as db:
            db.execute(_PUT, values)

    def forget(self, urn: str, resource_id: str) -> None:
        """Marks a resource as deleted; without effect where there is none."""
        with self._changing() as db:
            db.execute("UPDATE resource SET deleted=1, inputs='{}', outputs='{}' WHERE urn=? AND id=?", (urn, resource_id))

    def rename(self, urn: str, resource_id: str, new_urn: str) -> None:
        """Puts a resource under another URN, as an alias in the program does."""
        with self._changing() as db:
            values = (new_urn, stack_of(new_urn), urn, resource_id)
            db.execute("UPDATE resource SET urn=?, stack=? WHERE urn=? AND id=?", values)

    def of_urn(self, urn: str) -> list[Row]:
        """The live resources of a URN, oldest first: more than one only in the middle of a replacement."""
        return self._rows("urn=? AND deleted=0", (urn,))

    def of_id(self, package: str, resource_id: str) -> list[Row]:
        """The live resources with an id, oldest first."""
        return self._rows("package=? AND id=? AND deleted=0", (package, resource_id))

    def of_type(self, token: str) -> list[Row]:
        """The live resources of a type over all stacks, oldest first."""
        return self._rows("type=? AND deleted=0", (token,))

    def of_package(self, package: str) -> list[Row]:
        """The live resources of a package, oldest first."""
        return self._rows("package=? AND deleted=0", (package,))

    def all(self, stack: str | None = None) -> list[Row]:
        """Every live resource, of one stack or of all, oldest first."""
        return self._rows("deleted=0", ()) if stack is None else self._rows("stack=? AND deleted=0", (stack,))

    def was(self, token: str, resource_id: str) -> bool:
        """Whether this sandbox ever made a resource of this type with this id."""
        with self._lock:
            query = "SELECT 1 FROM resource WHERE type=? AND id=?"
            return self._db.execute(query, (token, resource_id)).fetchone() is not None

    def count(self) -> int:
        """How many resources are live."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM resource WHERE deleted=0").fetchone()[0])

    def fidelity(self, stack: str | None = None) -> dict[Fidelity, int]:
        """How many live resources there are of each fidelity, of one stack or of all; every fidelity is a key."""
        where, values = ("", ()) if stack is None else ("AND stack=? ", (stack,))
        query = f"SELECT fidelity, count(*) FROM resource WHERE deleted=0 {where}GROUP BY fidelity"  # noqa: S608 - no outside text
        with self._lock:
            found = {Fidelity(name): int(number) for name, number in self._db.execute(query, values)}
        return {fidelity: found.get(fidelity, 0) for fidelity in Fidelity}

    def tamper(self, urn: str, path: wire.Path, value: Value) -> None:
        """Changes an output behind the engine's back, as someone at a console would. Raises KeyError where there is
        nothing."""
        rows = self.of_urn(urn)
        if not rows:
            raise KeyError(urn)
        row = rows[-1]
        outputs = json.loads(json.dumps(row.outputs))
        place: Any = wire.at(outputs, path[:-1])
        try:
            place[path[-1]] = value
        except (TypeError, IndexError) as error:
            raise KeyError(wire.text(path)) from error
        with self._changing() as db:
            db.execute("UPDATE resource SET outputs=? WHERE urn=? AND id=?", (self._dump(outputs, ()), urn, row.id))

    def lose(self, urn: str) -> None:
        """Deletes a URN's resources behind the engine's back."""
        for row in self.of_urn(urn):
            self.forget(urn, row.id)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, where: str, values: tuple[str, ...]) -> list[Row]:
        query = f"SELECT {_COLUMNS} FROM resource WHERE {where} ORDER BY sequence"  # noqa: S608 - no outside text
        with self._lock:
            found = self._db.execute(query, values).fetchall()
        return [
            Row(
                sequence=row[0],
                stack=row[1],
                urn=row[2],
                id=row[3],
                type=row[4],
                package=row[5],
                target=Target(cloud=row[6], account=row[7], region=row[8], settings=json.loads(row[9])),
                fidelity=Fidelity(row[10]),
                seed=row[11],
                inputs=self._load(row[12]),
                outputs=self._load(row[13]),
            )
            for row in found
        ]

    def _dump(self, value: Mapping[str, Any], secrets: Iterable[wire.Path]) -> str:
        sealed = frozenset(secrets)
        return json.dumps(self._seal(value, (), sealed) if sealed else value, separators=(",", ":"))

    def _seal(self, value: Value, path: wire.Path, secrets: frozenset[wire.Path]) -> Value:
        if path in secrets:
            return {_SEALED: self._fernet.encrypt(json.dumps(value).encode()).decode()}
        if isinstance(value, Mapping):
            return {key: self._seal(item, (*path, key), secrets) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._seal(item, (*path, index), secrets) for index, item in enumerate(value)]
        return value

    def _load(self, text: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(text, object_hook=self._open if _SEALED in text else None)
        return value

    def _open(self, value: dict[str, Any]) -> Value:
        return json.loads(self._fernet.decrypt(value[_SEALED].encode())) if value.keys() == {_SEALED} else value


def stack_of(urn: str) -> str:
    """The stack's name in a URN (`urn:pulumi:prod-emea::nautilus::type::name`). Raises ValueError for something else."""
    parts = urn.split("::", 1)[0].split(":")
    if len(parts) != len(("urn", "pulumi", "stack")) or parts[0] != "urn":
        raise ValueError(f"{urn!r} is not a URN")
    return parts[2]


def _key(file: Path) -> bytes:
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(Fernet.generate_key())
    return file.read_bytes()
