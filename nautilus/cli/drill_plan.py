"""Resources for a drill: as a preview of all stacks plans them, or as the stacks' states record them.

Guarantees that every stack of the environment is there or nothing is: a drill of half a federation would call what it does
not see absent. It reads inputs only; secrets stay masked or encrypted, and nothing is written but what a preview writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nautilus.cli.engine import Operation
from nautilus.cli.events import Tail
from nautilus.cli.exits import CommandError, ExitCode
from nautilus.cli.place import Place
from nautilus.cli.run import Run
from nautilus.cli.verdict import Result
from nautilus.federation.planned import Planned, planned

GONE = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"})
"""Steps after which a resource is there no more."""


def preview(run: Run) -> tuple[Planned, ...]:
    """Preview every stack of the run and give what would be there afterwards.

    A stack that a policy stops is read all the same: a drill shows what the policy found. Raises CommandError where a stack
    could not be previewed.
    """
    verdict = run.preview()
    for item in verdict.stacks:
        if item.result not in {Result.FINE, Result.STOPPED}:
            code = ExitCode.INTERRUPTED if item.result is Result.INTERRUPTED else ExitCode.FAILED
            why = item.errors[0].short() if item.errors else item.result.value
            fix = f"see `nautilus preview --env {run.options.environment} --stack {item.stack.partition('-')[2]}`"
            raise CommandError(f"{item.stack} cannot be planned: {why}", fix, code)
    return tuple(
        resource
        for stack in run.options.stacks
        for resource in from_events(run.folder / f"{stack}.{Operation.PREVIEW}.events")
    )


def deployed(place: Place, stacks: Iterable[str]) -> tuple[Planned, ...]:
    """Read every stack's state. Raises CommandError where one was never deployed or cannot be read."""
    found: list[Planned] = []
    for stack in stacks:
        if not place.snapshot(stack).resources:
            raise CommandError(f"{stack} is not deployed", "deploy it with `nautilus up`, or leave out --deployed")
        exported = json.loads(place.engine.ask(("stack", "export", "--stack", stack), place.environment(stack)))
        found += from_state(exported.get("deployment") or {})
    return tuple(found)


def from_events(log: Path) -> tuple[Planned, ...]:
    """Give the resources that an event log says will be there, by URN; the last step of each counts."""
    found: dict[str, Planned] = {}
    for event in Tail(log).read():
        metadata = (event.get("resourcePreEvent") or {}).get("metadata") or {}
        new = metadata.get("new") or {}
        urn = str(metadata.get("urn", ""))
        if not urn or not new or metadata.get("op") in GONE:
            continue
        found[urn] = planned(urn, _inputs(new))
    return tuple(found.values())


def from_state(deployment: Mapping[str, Any]) -> tuple[Planned, ...]:
    """Give the resources of a state, without those that wait for their deletion."""
    resources = deployment.get("resources") or []
    return tuple(planned(str(item["urn"]), _inputs(item)) for item in resources if not item.get("delete"))


def _inputs(state: Mapping[str, Any]) -> Mapping[str, object]:
    inputs = state.get("inputs")
    return inputs if isinstance(inputs, Mapping) else {}
