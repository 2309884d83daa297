"""RES-004: a GCP multi-region, dual-region, custom pair or list of regions lies wholly where the data class may rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config.model import Cloud
from policies.kit.law import Law
from policies.kit.location import Place, locate, region
from policies.kit.location_entries import ENTRIES, How
from policies.kit.multi_regions import WORLD
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, cite, control, show


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    if not all(resource.props.known(path) for path in ENTRIES[resource.type].properties):
        return  # RES-002 says so
    place = locate(resource)
    if place is not None and place.countries is not None:
        home, data, rule = law.residency(resource)
        outside = [
            code for code in sorted(place.countries) if not all(rule.permits(j) for j in law.jurisdictions_of({code}))
        ]
        if outside:
            anywhere = place.countries == WORLD
            yield Fault(
                found=f"{data} data of {home.id} at {show(place.name)}, "
                + ("which may be anywhere" if anywhere else f"which lies in {', '.join(outside)} as well"),
                allowed=f"one region: {law.regions(Cloud.GCP, rule.jurisdictions)}",
                clause=cite(rule.clause),
            )
    if resource.type in _LISTS:
        yield from _each(resource, law, _LISTS[resource.type])


_LISTS: Final = {
    "gcp:storage/bucket:Bucket": "customPlacementConfig.dataLocations",
    "gcp:pubsub/topic:Topic": "messageStoragePolicy.allowedPersistenceRegions",
}
"""Types that name several regions at once: whatever they hold may rest in any of them."""


def _each(resource: Resource, law: Law, path: str) -> Iterator[Fault]:
    for text in resource.props.texts(path):
        home, data, rule = law.residency(resource)
        if not rule.permits(law.jurisdiction_of(Place(cloud=Cloud.GCP, name=region(Cloud.GCP, text)).id)):
            yield Fault(
                found=f"{data} data of {home.id} may rest at {show(text)} by {path}",
                allowed=f"regions of {', '.join(rule.jurisdictions)}: {law.regions(Cloud.GCP, rule.jurisdictions)}",
                clause=cite(rule.clause),
            )


RULE = Rule(
    id="RES-004",
    title="GCP multi-regions and dual-regions wholly inside",
    clause=control("RES-004", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="one region of the home jurisdiction, or a multi-region whose every country is allowed",
    fix="name a single region; a multi-region never equals one",
    resource=_check,
    types=frozenset(
        token for token, found in ENTRIES.items() if token.startswith("gcp:") and found.how in (How.OWN, How.MUST)
    ),
)
