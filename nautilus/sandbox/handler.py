"""The shape in which a cloud module tells the sandbox what a resource type or a function does.

Guarantees that every type is one table row, not a class: what the real cloud would refuse, which changes replace it, and how
it is created, read, updated and deleted. A row that leaves a verb out gets the core's own: the checked inputs are kept
in the ledger and given back. Nothing here talks to the engine; `nautilus.sandbox.provider` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final


class Fidelity(StrEnum):
    """How near a type's stand-in comes to the real cloud; highest first."""

    EMULATED = "emulated"
    """Created in an emulator of the cloud and read back from it."""
    MODEL_CHECKED = "model-checked"
    """Its inputs are checked against the cloud's own published interface description, and the cloud's rules."""
    TYPED = "typed"
    """Its inputs are checked against the SDK's input types, nested fields, enums and required ones included."""


class _Unknown:
    """The one value that stands for "not known before it is created"."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()
"""Stands in inputs and outputs wherever a preview cannot know a value yet."""


Value = Any
"""A JSON-like value, or UNKNOWN."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a provider is pinned: `account` is the AWS account, GCP project or Azure subscription; `region` may be None.

    `settings` is what else of the provider's configuration a package's rows need, such as AWS's default tags; two targets
    that differ only there are the same place.
    """

    cloud: str
    account: str | None
    region: str | None
    settings: Mapping[str, Any] = field(default_factory=dict, compare=False)


def _nothing(_id: str) -> Mapping[str, Any] | None:
    return None


def _nobody(_type: str) -> Iterable[Mapping[str, Any]]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Request:
    """One operation on one resource.

    `inputs` are plain JSON-like values in the provider's own camelCase, secrets unwrapped, UNKNOWN where not known.
    `prior` holds the outputs of the last operation, None before the first. `id` is None before creation. `preview` is
    true where nothing may be changed, and while the engine only checks: what another resource must be there for may not be
    refused then. `seed` is what random-looking ids are made from: the URN, and for the second resource that a replacement
    makes under the same URN the URN with a number behind it. `find` gives the outputs of a live resource of the package by
    its id, None where there is none. `among` gives the outputs of every live resource of a type, this one left out; the
    outputs carry the id under the key "id".
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    target: Target
    preview: bool
    prior: Mapping[str, Any] | None = None
    id: str | None = None
    seed: str = ""
    find: Callable[[str], Mapping[str, Any] | None] = _nothing
    among: Callable[[str], Iterable[Mapping[str, Any]]] = _nobody

    def __post_init__(self) -> None:
        if not self.seed:
            object.__setattr__(self, "seed", self.urn)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an operation left behind: the cloud's id and the outputs, inputs included."""

    id: str
    outputs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason to refuse inputs. `path` is the property's path such as `vpcConfig.subnetIds[0]`."""

    path: str
    reason: str


class Refused(Exception):  # noqa: N818 - it is an answer of the cloud, not a fault of ours
    """The cloud would refuse this operation; `code` is the cloud's own error code where it is known."""

    def __init__(self, reason: str, *, code: str = "", retryable: bool = False) -> None:
        super().__init__(f"{code}: {reason}" if code else reason)
        self.code = code
        self.retryable = retryable


@dataclass(frozen=True, kw_only=True)
class Handler:
    """One resource type.

    `replace_on` names top-level inputs whose change replaces the resource. `refuse` sees checked inputs, in previews too,
    and must pass over UNKNOWN. `identify` gives the id that the cloud would give, the same for the same request.
    `compute` gives outputs that are not inputs, for types without an emulator. `shown` gives those outputs that repeat an
    input in another shape, from the inputs alone; previews ask it too. `create` must adopt what is there.
    `read` gives None where the resource is gone. `secret_outputs` are outputs to mark as secret. `shared` says that several
    resources may stand for the same thing in the cloud (a membership), so that an equal id is no conflict.
    """

    type: str
    fidelity: Fidelity
    replace_on: frozenset[str] = frozenset()
    secret_outputs: frozenset[str] = frozenset()
    shared: bool = False
    shown: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    refuse: Callable[[Request], Iterable[Problem]] | None = None
    identify: Callable[[Request], str] | None = None
    compute: Callable[[Request, str], Mapping[str, Any]] | None = None
    create: Callable[[Request], Result] | None = None
    read: Callable[[Request], Result | None] | None = None
    update: Callable[[Request], Result] | None = None
    delete: Callable[[Request], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Function:
    """One data source (invoke) by its token; `call` takes arguments and the target and gives the result."""

    token: str
    fidelity: Fidelity
    call: Callable[[Mapping[str, Any], Target], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One live resource as the ledger keeps it: what a restarted emulator is filled from; plain inputs and outputs."""

    sequence: int
    stack: str
    urn: str
    id: str
    type: str
    package: str
    target: Target
    fidelity: Fidelity
    seed: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Package:
    """One Pulumi package of the sandbox: its name, the SDK that types it, and its rows.

    `configure` turns the provider's configuration into a target and raises Refused for what a sandbox must refuse (real
    credentials, endpoints off the loopback) or what the real provider would. `start` is called once before serving, with
    the sandbox's home and the package's rows in the order of their creation; it fills its emulator and gives the endpoints
    it opened, such as {"moto": "http://127.0.0.1:4566"}. `stop` is called once at the end and must not take long.
    """

    name: str
    sdk: str
    configure: Callable[[Mapping[str, Any]], Target]
    handlers: tuple[Handler, ...]
    functions: tuple[Function, ...] = field(default=())
    start: Callable[[Path, Iterable[Row]], Mapping[str, str]] | None = None
    stop: Callable[[], None] | None = None
