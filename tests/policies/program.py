"""The real program's resources as the engine would plan them at a first preview, without an engine.

Guarantees the inputs, parents, providers and property dependencies that the SDK really sends; outputs are unknown, as before
anything exists. It checks nothing and merges no provider defaults: the sandbox does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
from google.protobuf import json_format
from pulumi.runtime import mocks

from tests.policies.analyzer import Planned


class Recorder(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        # Azure takes a list of identities and answers with a map, so that what goes in cannot come out.
        outputs = {name: value for name, value in args.inputs.items() if name != "identity"}
        return (f"{args.name}-id" if args.typ.startswith("pulumi:providers:") else "", outputs)

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise AssertionError(f"unexpected invoke of {args.token}")


class Monitor(mocks.MockMonitor):
    """Keeps every registration as it came over the wire."""

    def __init__(self) -> None:
        super().__init__(Recorder())
        self.requests: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's own name
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self.requests[response.urn] = request
        return response


def plan(program: Callable[[], object], stack: str) -> list[Planned]:
    """Run a program and give what it registered, in order, at a first preview of the stack."""
    monitor = Monitor()
    pulumi.runtime.set_mocks(monitor.mocks, project="nautilus", stack=stack, preview=True, monitor=monitor)
    mocks.test(lambda: (program(), None)[1])()
    planned: dict[str, Planned] = {}
    pending = dict(monitor.requests)
    while pending:
        ready = [urn for urn, request in pending.items() if not request.provider or _urn(request.provider) in planned]
        assert ready, sorted(pending)
        for urn in ready:
            request = pending.pop(urn)
            planned[urn] = Planned(
                type=request.type,
                name=request.name,
                props=json_format.MessageToDict(request.object),
                provider=planned[_urn(request.provider)] if request.provider else None,
                parent=request.parent,
                sources={name: tuple(found.urns) for name, found in request.propertyDependencies.items()},
                stack=stack,
                full_urn=urn,
            )
    return [planned[urn] for urn in monitor.requests]


def _urn(reference: str) -> str:
    return reference.rsplit("::", 1)[0]
