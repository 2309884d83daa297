"""The shape of one row of Azure's table: how a type is addressed, what replaces it, what it points at, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nautilus.sandbox.azure import arm, outputs, refer, rules, storage
from nautilus.sandbox.azure.arm import Address
from nautilus.sandbox.azure.refer import Link
from nautilus.sandbox.handler import Fidelity, Handler, Problem, Request

Rule = Callable[[Request], Iterable[Problem]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One type. `pulumi` is its token without the package; `replace` names inputs that replace it, beside name and place.

    `gives` are outputs beside those that every type has. `secret` names outputs that the engine is to keep secret.
    """

    pulumi: str
    type: str
    path: str
    scope: str | None = None
    replace: str = ""
    links: tuple[Link, ...] = ()
    rule: Rule | None = None
    gives: Callable[[Request], Mapping[str, Any]] | None = None
    secret: str = ""

    def handler(self) -> Handler:
        """Give the core's row."""
        address = Address(type=self.type, path=self.path, scope=self.scope)

        def refuse(request: Request) -> Iterator[Problem]:
            yield from rules.common(request, address)
            yield from refer.check(request, self.links)
            if self.rule is not None:
                yield from self.rule(request)

        inputs = set(self.path.replace("}", "{").split("{")[1::2])
        fixed = {"resourceGroupName", "location"} if self.scope is None else {self.scope}
        return Handler(
            type=f"azure-native:{self.pulumi}",
            fidelity=Fidelity.TYPED,
            replace_on=frozenset(inputs | fixed | set(self.replace.split())),
            shown=outputs.shown,
            refuse=refuse,
            identify=lambda request: arm.resource_id(address, request),
            compute=lambda request, _id: {
                **outputs.compute(request, address),
                **(self.gives(request) if self.gives is not None else {}),
            },
            secret_outputs=frozenset(self.secret.split()),
            delete=storage.unlocked,
        )
