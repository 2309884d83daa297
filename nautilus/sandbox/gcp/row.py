"""The one shape in which a Google Cloud type is described.

Guarantees that every type has the id, the link and the labels that Google Cloud would give it, that its inputs were held
against Google's own discovery document where the row names a schema, and that the fidelity label says so. There is no
emulator behind it: what was checked is kept in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nautilus.sandbox.gcp import discovery, rules
from nautilus.sandbox.gcp.links import address
from nautilus.sandbox.handler import Fidelity, Handler, Problem, Refused, Request

CREATED: Final = "2026-01-01T00:00:00.000-00:00"
"""The creation time of everything here, so that two runs agree."""


def _nothing(_request: Request, _id: str) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One type.

    `schema` is `document:Name` of Google's description; without it the type is `typed`. `id` is a template over `address`.
    `link` is what stands before the id in its self link. `replace_on` is a list of inputs in one string. `rules` are what
    the cloud refuses beyond the schema. `outputs` are those that are not inputs. `labels` names the labels' input.
    `holds` gives reasons for which the cloud would not delete it. `defaults` are inputs that the provider fills in: any of
    project, region, location and name. `shared` as in `Handler`.
    """

    type: str
    schema: str = ""
    id: str | Callable[[Request], str]
    link: str = ""
    replace_on: str = ""
    rules: tuple[Callable[[Request], Iterable[Problem]], ...] = ()
    outputs: Callable[[Request, str], Mapping[str, Any]] = _nothing
    labels: str = ""
    holds: Callable[[Request], Iterable[str]] = lambda _request: ()
    defaults: str = "project name"
    shared: bool = False

    def handler(self) -> Handler:
        """Give the core's row."""
        return Handler(
            type=self.type,
            fidelity=Fidelity.MODEL_CHECKED if self.schema else Fidelity.TYPED,
            replace_on=frozenset(self.replace_on.split()),
            shared=self.shared,
            refuse=self._refuse,
            identify=self._identify,
            compute=self._compute,
            delete=self._delete,
        )

    def _refuse(self, request: Request) -> Iterator[Problem]:
        if self.schema:
            yield from discovery.check(self.schema, request.inputs)
        if self.labels:
            yield from rules.labels(request, self.labels)
        for rule in self.rules:
            yield from rule(request)

    def _delete(self, request: Request) -> None:
        for reason in self.holds(request):
            raise Refused(reason, code="failedPrecondition")

    def _identify(self, request: Request) -> str:
        return self.id.format_map({**address(request), **request.inputs}) if isinstance(self.id, str) else self.id(request)

    def _compute(self, request: Request, made: str) -> Mapping[str, Any]:
        parts = address(request)
        out: dict[str, Any] = {name: parts[name] for name in self.defaults.split() if not request.inputs.get(name)}
        if self.link:
            out["selfLink"] = self.link + made
        if self.labels:
            given = request.inputs.get(self.labels) or {}
            out["pulumiLabels"] = {**request.target.settings.get("defaultLabels", {}), **given}
            out["effectiveLabels"] = out["pulumiLabels"]
        return {**out, **self.outputs(request, made)}
