"""RES-003: a per-resource AWS `region` lies in the same jurisdiction as its provider's region."""

from __future__ import annotations

from collections.abc import Iterator

from config.model import Cloud
from policies.kit.law import Law
from policies.kit.location import Place, provider_place, region
from policies.kit.location_entries import ENTRIES, How
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    text = resource.props.text("region")
    if text is None:
        return
    pinned = provider_place(resource)
    if pinned is None:
        return  # RES-001 has said so
    own, wanted = (
        law.jurisdiction_of(Place(cloud=Cloud.AWS, name=region(Cloud.AWS, text)).id),
        law.jurisdiction_of(pinned.id),
    )
    if own is None or own != wanted:
        yield Fault(
            found=f"region {show(text)} ({own or 'outside'}) under a provider in {show(pinned.name)} ({wanted})",
            allowed=f"a region of {wanted}: {law.regions(Cloud.AWS, {wanted})}",
        )


RULE = Rule(
    id="RES-003",
    title="a per-resource region equals the provider's jurisdiction",
    clause=control("RES-003", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="no region of its own, or one in the provider's jurisdiction",
    fix="drop the resource's region and use a provider pinned to that region and its account",
    resource=_check,
    types=frozenset(token for token, found in ENTRIES.items() if token.startswith("aws:") and found.how is How.OWN),
)
