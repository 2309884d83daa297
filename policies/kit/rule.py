"""A rule: what it asks, who asks for it, and how it looks at a resource alone or within its stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Any, Final

from config.model import Clause as CatalogueClause
from policies.kit.law import Law
from policies.kit.resource import Resource, Stack

_LONGEST: Final = 200


class Scope(StrEnum):
    """What a rule has to see."""

    RESOURCE = "resource"
    STACK = "stack"
    BOTH = "resource and stack"


class Severity(StrEnum):
    """How bad it is not to meet the rule; every rule of these packs stops the deployment all the same."""

    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Where a rule comes from: a statute's clause out of the catalogue, or one of this platform's own controls."""

    id: str
    document: str
    section: str = ""

    def __str__(self) -> str:
        where = f"{self.document}, {self.section}" if self.section else self.document
        return f"{self.id} ({where})"


def control(rule: str, requirement: str) -> Clause:
    """Give the clause of this platform's own control behind a rule, `requirement` being the id of what it serves."""
    return Clause(id=f"NAUTILUS-{rule}", document="platform control", section=requirement)


def cite(clause: CatalogueClause) -> Clause:
    """Give a clause of the catalogue, marked where nobody has checked it against its source."""
    unchecked = "" if clause.source.verified else "not checked against the source"
    section = "; ".join(part for part in (clause.source.section, unchecked) if part)
    return Clause(id=clause.id, document=clause.source.document, section=section)


@dataclass(frozen=True)
class Fault:
    """What a check found; what it leaves out is the rule's own."""

    found: str
    _: KW_ONLY
    allowed: str | None = None
    fix: str | None = None
    clause: Clause | None = None
    at: str | None = None
    """The URN of the resource that is to be mended, where a rule over a whole stack knows one."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    `resource` sees one resource's inputs before anything is created; `stack` sees each resource with its stack around it
    and follows references that are not known yet; `whole` sees the stack once, for what is missed by all of it together.
    `types` limits the first two to those types; None is every resource that a cloud holds. `allowed` and `fix` speak where
    a check does not say more, or cannot decide.
    """

    id: str
    title: str
    clause: Clause
    severity: Severity
    allowed: str
    fix: str
    resource: Callable[[Resource, Law], Iterable[Fault]] | None = None
    stack: Callable[[Resource, Stack, Law], Iterable[Fault]] | None = None
    whole: Callable[[Stack, Law], Iterable[Fault]] | None = None
    types: frozenset[str] | None = None
    providers: bool = False
    """Whether a rule without `types` judges providers as well."""

    def __post_init__(self) -> None:
        if self.resource is None and not self.together:
            raise ValueError(f"{self.id} checks nothing")

    @property
    def scope(self) -> Scope:
        """What the rule has to see."""
        if self.resource is None:
            return Scope.STACK
        return Scope.BOTH if self.together else Scope.RESOURCE

    @property
    def together(self) -> bool:
        """Whether the rule has to see a stack."""
        return self.stack is not None or self.whole is not None

    def applies(self, resource: Resource) -> bool:
        """Give whether the rule has anything to say about resources of this type."""
        if self.types is None:
            return self.providers or not resource.is_provider
        return resource.type in self.types


def show(value: Any) -> str:  # noqa: ANN401 - whatever a property holds
    """Give a value as a message shows it: quoted, short, a secret not at all."""
    text = f"{value!r}" if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else f"{value}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
