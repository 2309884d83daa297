"""What the core does with one resource: check, diff, create, read, update, delete.

Guarantees that a type without a row is an error, that a creation whose answer was lost is adopted and not made twice,
that a replacement under the same URN is a second resource, and that only what this ledger made is read, changed or
deleted. Does not know the wire format nor any type: `provider` and the handler table do.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from nautilus.sandbox import diff, wire
from nautilus.sandbox.check import check
from nautilus.sandbox.extract import SchemaError, Sdk
from nautilus.sandbox.faults import Injector
from nautilus.sandbox.handler import UNKNOWN, Handler, Package, Problem, Refused, Request, Result, Row, Target
from nautilus.sandbox.ledger import Ledger
from nautilus.sandbox.schema import ResourceType
from nautilus.sandbox.session import Session, Subject, free_seed

LOG: Final = logging.getLogger("nautilus.sandbox")
_TRIES: Final = 40
_FIRST_WAIT_S: Final = 0.01
_LONGEST_WAIT_S: Final = 0.2
_DEFAULTED: Final = frozenset({"tagsAll", "effectiveLabels"})
CRASHED: Final = 70
"""Exit code of a process that was told to crash."""
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A resource as the engine is to hear of it. `partial` says that it is there but not initialised."""

    id: str
    outputs: Mapping[str, Any]
    secrets: frozenset[wire.Path]
    partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What an update would do: changed properties, and which top-level ones replace the resource."""

    deltas: tuple[diff.Delta, ...]
    replaces: tuple[str, ...]
    delete_first: bool


class Operations:
    """All operations of one package on one ledger; safe to be used from many threads."""

    def __init__(self, package: Package, sdk: Sdk, ledger: Ledger, faults: Injector) -> None:
        self.package = package
        self.sdk = sdk
        self.ledger = ledger
        self.faults = faults
        self._handlers = {handler.type: handler for handler in package.handlers}
        self._functions = {function.token: function for function in package.functions}
        self._types: dict[str, ResourceType] = {}

    def type(self, token: str) -> ResourceType:
        """How the SDK types it. Raises Refused for what the SDK does not know."""
        if token not in self._types:
            try:
                self._types[token] = self.sdk.resource(token)
            except SchemaError as error:
                raise Refused(str(error)) from error
        return self._types[token]

    def warm(self) -> None:
        """Reads every row's type ahead of its first use; what the SDK does not know is refused when it is used."""
        for token in self._handlers:
            with contextlib.suppress(Refused):
                self.type(token)

    def handler(self, token: str) -> Handler:
        """The type's row. Raises Refused, with how to add one, where there is none."""
        if token not in self._handlers:
            raise Refused(
                f"the sandbox has no row for the type {token}, so it cannot say what the cloud would do: "
                f"add a Handler to the table of the package {self.package.name} under nautilus/sandbox/"
            )
        return self._handlers[token]

    def check(self, subject: Subject, inputs: Mapping[str, Any], secrets: frozenset[wire.Path]) -> list[Problem]:
        """What is wrong with the inputs: the SDK's types first, then what the cloud would refuse."""
        handler = self.handler(subject.token)
        found = check(self.type(subject.token), inputs, secrets)
        if not found and handler.refuse is not None:
            found = list(handler.refuse(self._request(subject, inputs, preview=True)))
        return found

    def diff(self, subject: Subject, resource_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
        """What changed between two sets of inputs, and between the places that they are for."""
        handler = self.handler(subject.token)
        row = self._row(subject, resource_id)
        subject.session.hold(subject.urn, resource_id)
        found = tuple(diff.deltas(old, new))
        changed = {str(delta.path[0]) for delta in found}
        replaces = sorted(changed & handler.replace_on)
        target = self.target(subject.session)
        if row is not None and row.target != target:
            replaces.append("provider")
        elif row is not None and row.target.settings != target.settings:
            # The provider's default tags or labels changed: what carries them is updated, as the real providers do.
            carried = _DEFAULTED & set(self.type(subject.token).computed)
            found += tuple(diff.Delta(path=(name,), change=diff.Change.UPDATE) for name in sorted(carried))
        first = bool(replaces) and self._same_name(subject, resource_id, old, new)
        return Difference(deltas=found, replaces=tuple(replaces), delete_first=first)

    def create(self, subject: Subject, inputs: Mapping[str, Any], secrets: frozenset[wire.Path]) -> Made:
        """Makes the resource, or adopts the one that was made for this URN before its answer was lost."""
        handler = self.handler(subject.token)
        token = subject.token
        rows = self.ledger.of_urn(subject.urn)
        lost = subject.session.lost(subject.urn, rows)
        known: dict[str, Any] = {"id": lost.id, "prior": lost.outputs, "seed": lost.seed} if lost else {}
        request = self._request(subject, inputs, **{"seed": free_seed(subject.urn, rows), **known})
        self._refuse(handler, request)
        result = self._patiently(token, lambda: self._make(handler, request), throttled=True)
        made = self._keep(handler, request, result, secrets)
        if lost is not None and lost.id != made.id:
            self.ledger.forget(subject.urn, lost.id)
        elif lost is not None:
            subject.session.adopted.add((subject.urn, made.id))
        if self.faults.crashes(token):
            LOG.warning("crashing after the creation of %s, as told", subject.urn)
            os._exit(CRASHED)
        if self.faults.leaves_partial(token):
            return Made(id=made.id, outputs=made.outputs, secrets=made.secrets, partial=True)
        return made

    def update(
        self,
        subject: Subject,
        resource_id: str,
        prior: Mapping[str, Any],
        inputs: Mapping[str, Any],
        secrets: frozenset[wire.Path],
    ) -> Made:
        """Changes the resource in its place. Raises Refused for one that is not there."""
        handler = self.handler(subject.token)
        row = self._row(subject, resource_id)
        if row is None:
            raise Refused(f"{resource_id} is gone: run a refresh", code="NotFound")
        if row.urn != subject.urn and not handler.shared:
            self.ledger.rename(row.urn, resource_id, subject.urn)
        request = self._request(subject, inputs, id=resource_id, prior={**row.outputs, **prior}, seed=row.seed)
        self._refuse(handler, request)
        if handler.update is not None:
            change = handler.update
            result = self._patiently(subject.token, lambda: change(request))
        else:
            self._wait(subject.token)
            result = Result(id=resource_id, outputs=_computed(handler, request, resource_id))
        return self._keep(handler, request, result, secrets)

    def read(self, subject: Subject, resource_id: str) -> tuple[Row, Mapping[str, Any]] | None:
        """The ledger's row and the outputs as they are now; None where the resource is gone."""
        handler = self.handler(subject.token)
        row = self._row(subject, resource_id)
        if row is None:
            return None
        subject.session.hold(subject.urn, resource_id)
        if handler.read is None:
            return row, row.outputs
        request = self._request(subject, row.inputs, id=resource_id, prior=row.outputs, seed=row.seed)
        look = handler.read
        found = self._patiently(subject.token, lambda: look(request))
        if found is None:
            self.ledger.forget(row.urn, resource_id)
            return None
        return row, found.outputs

    def delete(self, subject: Subject, resource_id: str) -> None:
        """Deletes the resource; without effect where it is gone already, or where its replacement adopted it."""
        handler = self.handler(subject.token)
        if (subject.urn, resource_id) in subject.session.adopted:
            subject.session.adopted.discard((subject.urn, resource_id))
            return
        row = self._row(subject, resource_id)
        if row is None:
            return
        if handler.delete is not None:
            request = self._request(subject, row.inputs, id=resource_id, prior=row.outputs, seed=row.seed)
            remove = handler.delete
            self._patiently(subject.token, lambda: remove(request))
        self.ledger.forget(row.urn, resource_id)

    def invoke(self, session: Session, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """A data source's answer. Raises Refused where there is no row for it."""
        function = self._functions.get(token)
        if function is None:
            raise Refused(
                f"the sandbox has no row for the function {token}: add a Function to the package {self.package.name} "
                "under nautilus/sandbox/, or give the value instead of looking it up"
            )
        return function.call(arguments, self.target(session))

    def target(self, session: Session) -> Target:
        """Where the session's provider is pinned. Raises Refused where it was never configured."""
        if session.target is None:
            raise Refused(f"a provider of {self.package.name} was used before it was configured: start the run again")
        return session.target

    def _request(self, subject: Subject, inputs: Mapping[str, Any], **more: Any) -> Request:  # noqa: ANN401
        def find(wanted: str) -> Mapping[str, Any] | None:
            rows = self.ledger.of_id(self.package.name, wanted)
            return {**rows[-1].outputs, "id": rows[-1].id} if rows else None

        def among(kind: str) -> Iterable[Mapping[str, Any]]:
            return [{**row.outputs, "id": row.id} for row in self.ledger.of_type(kind) if row.urn != subject.urn]

        values: dict[str, Any] = {"preview": False, "find": find, "among": among, **more}
        return Request(
            urn=subject.urn,
            type=subject.token,
            name=subject.urn.rsplit("::", 1)[-1],
            inputs=inputs,
            target=self.target(subject.session),
            **values,
        )

    def _row(self, subject: Subject, resource_id: str) -> Row | None:
        """The live row of an id, None where it was deleted. Raises Refused for an id that this sandbox never made."""
        rows = [row for row in self.ledger.of_id(self.package.name, resource_id) if row.type == subject.token]
        if not rows:
            if self.ledger.was(subject.token, resource_id):
                return None
            raise Refused(
                f"{resource_id} is not this sandbox's: its ledger never made it. State of a real cloud, or of another "
                "sandbox, is not touched",
                code="NotOurs",
            )
        return next((row for row in rows if row.urn == subject.urn), rows[-1])

    def _refuse(self, handler: Handler, request: Request) -> None:
        if handler.refuse is not None:
            found = list(handler.refuse(request))
            if found:
                raise Refused("; ".join(f"{problem.path}: {problem.reason}" for problem in found))

    def _make(self, handler: Handler, request: Request) -> Result:
        if handler.create is not None:
            return handler.create(request)
        made = handler.identify(request) if handler.identify else _default_id(request)
        if handler.identify is not None and not handler.shared:
            self._refuse_taken(request, made)
        return Result(id=made, outputs=_computed(handler, request, made))

    def _refuse_taken(self, request: Request, made: str) -> None:
        region = request.inputs.get("region") or request.target.region
        for row in self.ledger.of_id(self.package.name, made):
            elsewhere = request.target.cloud == "aws" and (row.inputs.get("region") or row.target.region) != region
            same = row.urn == request.urn and row.id == request.id
            if row.type == request.type and row.target.account == request.target.account and not same and not elsewhere:
                raise Refused(
                    f"{made} exists already (made by {row.urn}): choose another name, or let the old one be deleted first",
                    code="AlreadyExists",
                )

    def _keep(self, handler: Handler, request: Request, result: Result, secrets: frozenset[wire.Path]) -> Made:
        outputs = {name: value for name, value in {**request.inputs, **result.outputs}.items() if value is not None}
        marked = self.secret(handler, outputs, request.inputs, secrets)
        self.ledger.put(
            urn=request.urn,
            resource_id=result.id,
            token=request.type,
            package=self.package.name,
            target=request.target,
            fidelity=handler.fidelity,
            seed=request.seed,
            inputs=request.inputs,
            outputs=outputs,
            secret_inputs=secrets,
            secret_outputs=marked,
        )
        return Made(id=result.id, outputs=outputs, secrets=marked)

    def secret(
        self, handler: Handler, outputs: Mapping[str, Any], inputs: Mapping[str, Any], secrets: frozenset[wire.Path]
    ) -> frozenset[wire.Path]:
        """Which outputs are secret: those of the row, and what came in as a secret."""
        own: set[wire.Path] = {(name,) for name in handler.secret_outputs if name in outputs}
        return wire.secret_paths(outputs, inputs, secrets) | own

    def _same_name(self, subject: Subject, resource_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Whether the replacement would have the old one's name, so that the old one has to go first."""
        known = {name: old.get(name) if value is UNKNOWN else value for name, value in new.items()}
        handler = self.handler(subject.token)
        if handler.identify is None:
            return handler.create is not None and known.get("name") is not None and known["name"] == old.get("name")
        return handler.identify(self._request(subject, known, preview=True)) == resource_id

    def _patiently(self, token: str, act: Callable[[], _T], *, throttled: bool = False) -> _T:
        """Does it, again and again while the cloud says "later", as the real providers do."""
        pause = _FIRST_WAIT_S
        for left in range(_TRIES, 0, -1):
            self._wait(token)
            try:
                if throttled and self.faults.throttles(token):
                    raise Refused("rate exceeded, as told", code="Throttling", retryable=True)
                return act()
            except Refused as refusal:
                if not refusal.retryable or left == 1:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT_S)
        raise AssertionError("the last try either answers or raises")

    def _wait(self, token: str) -> None:
        held_up = self.faults.latency_s(token)
        if held_up:
            time.sleep(held_up)


def _computed(handler: Handler, request: Request, made: str) -> Mapping[str, Any]:
    return {**request.inputs, **(handler.compute(request, made) if handler.compute else {})}


def _default_id(request: Request) -> str:
    digest = hashlib.sha256(request.seed.encode()).hexdigest()
    return f"{request.type.rsplit(':', 1)[-1].lower()}-{digest[:17]}"
