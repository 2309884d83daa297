"""A program of ours run against mocks, with its configuration given and what it exports kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from stacks.contract import VERSION

Outputs = Mapping[str, Mapping[str, Any]]


@dataclass
class Clouds(mocks.Mocks):
    """Answers stack references from `outputs`, by the name after the last slash, and notes them, and whatever else is made.

    `made` maps a resource's name to its type and inputs.
    """

    outputs: Outputs
    references: list[str] = field(default_factory=list)
    made: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ != "pulumi:pulumi:StackReference":
            self.made[args.name] = (args.typ, args.inputs)
            return f"{args.name}-id", dict(args.inputs)
        name = args.inputs["name"]
        self.references.append(name)
        return name, {"name": name, "outputs": dict(self.outputs.get(name.rpartition("/")[2], {}))}

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise AssertionError(f"unexpected invoke of {args.token}")


@dataclass
class Ran:
    """What a program exported, resolved, which stacks it referred to and what it made."""

    exports: dict[str, Any] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    made: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)


Program = Callable[..., Ran]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """Run a function as the program of a stack, with `settings` as its configuration and `outputs` of other stacks."""

    def run(
        body: Callable[[], Any],
        *,
        stack: str = "prod-federation",
        settings: Mapping[str, str] | None = None,
        outputs: Outputs | None = None,
        preview: bool = False,
    ) -> Ran:
        clouds, ran = Clouds(outputs or {}), Ran()
        pulumi.runtime.set_mocks(clouds, project="nautilus", stack=stack, preview=preview, organization="organization")
        pulumi.runtime.set_all_config({f"nautilus:{name}": value for name, value in (settings or {}).items()})

        def export(name: str, value: Any) -> None:
            pulumi.Output.from_input(value).apply(lambda known: ran.exports.update({name: known}))

        monkeypatch.setattr(pulumi, "export", export)
        mocks.test(lambda: (body(), None)[1])()
        ran.references, ran.made = clouds.references, clouds.made
        return ran

    yield run
    pulumi.runtime.set_all_config({})


def placement(**changes: Any) -> dict[str, Any]:
    """Give one placement in the contract's shape, with changes."""
    return {
        "cluster": "c",
        "cloud": "aws",
        "location": "aws/eu-central-1",
        "recovery": "aws/eu-west-1",
        "jurisdiction": "eu",
        "nodes": "10.0.0.0/16",
        "pods": "100.64.0.0/16",
        "network_id": "vpc-1",
        "cluster_id": "c-cluster",
        "endpoint": "https://c",
        "keys": {"data": "arn:data"},
        "recovery_key": "arn:recovery",
        "gateway": {"addresses": [], "ids": {"hub": "tgw-1"}},
        "entry": {},
        **changes,
    }


def contract(**placements: dict[str, Any]) -> dict[str, Any]:
    """Give a stack's contract outputs, with more outputs than the contract asks for left to the caller."""
    return {"contract": VERSION, "placements": placements}
