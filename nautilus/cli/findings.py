"""What policies said, as records: rule, resource, found, allowed, clause and fix.

Reads the messages of our own packs, and keeps those of any other pack whole. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

_DOMAINS = ("RES", "KEY", "REP")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One violation. `mandatory` stops the run; an advisory one does not. Texts are as the rule gave them."""

    rule: str
    resource: str
    found: str
    allowed: str
    clause: str
    fix: str
    pack: str
    mandatory: bool

    def as_dict(self) -> dict[str, object]:
        """Return the record as plain values for JSON."""
        return asdict(self)


def read(message: str, *, urn: str, policy: str, pack: str, mandatory: bool) -> tuple[Finding, ...]:
    """Return the findings in one policy message of our packs, or the message whole where another pack wrote it."""
    from policies.kit.message import parse  # noqa: PLC0415 - costs time; most runs find nothing

    found = tuple(
        Finding(
            rule=item.rule,
            resource=item.resource or urn,
            found=item.found,
            allowed=item.allowed,
            clause=item.clause,
            fix=item.fix,
            pack=pack,
            mandatory=mandatory,
        )
        for item in parse(message)
    )
    whole = Finding(
        rule=policy, resource=urn, found=message.strip(), allowed="", clause="", fix="", pack=pack, mandatory=mandatory
    )
    return found or (whole,)


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without repeats: residency (RES) first, then keys, replication and the rest, advice last."""

    def key(finding: Finding) -> tuple[bool, int, str, str]:
        domain = finding.rule.split("-")[0]
        order = _DOMAINS.index(domain) if domain in _DOMAINS else len(_DOMAINS)
        return (not finding.mandatory, order, finding.rule, finding.resource)

    return sorted(dict.fromkeys(findings), key=key)
