"""KEY-003: key material stays in one region: no multi-Region key, replica or key ring, no vault copied to a pair outside.

An Azure vault has no switch against the copy in its region's pair, so a vault in a region whose pair lies in another
jurisdiction is refused. This rule cannot be waived.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location import locate
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show

_MULTI = frozenset({"aws:kms/externalKey:ExternalKey", "aws:kms/key:Key"})
_REPLICA = frozenset({"aws:kms/replicaExternalKey:ReplicaExternalKey", "aws:kms/replicaKey:ReplicaKey"})
_RING = "gcp:kms/keyRing:KeyRing"
_VAULT = "azure-native:keyvault:Vault"
_POOL = "azure-native:keyvault:ManagedHsm"


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    if resource.type in _MULTI and resource.props.flag("multiRegion"):
        yield Fault("multiRegion is true: the key's material can be copied to any region", allowed="multiRegion: false")
    elif resource.type in _REPLICA:
        yield Fault("a replica of a multi-Region key", fix="make a key of its own in this region and encrypt again under it")
    elif resource.type in (_RING, _VAULT) and not resource.props.known("location"):
        return  # RES-002 says so
    elif resource.type == _RING:
        place = locate(resource)
        if place is not None and not place.single:
            yield Fault(f"a key ring at {show(place.name)}, which is no single region", allowed="a ring in one region")
    elif resource.type == _VAULT:
        yield from _pair(resource, law)
    elif resource.type == _POOL and any(True for _ in resource.props.each("properties.regions")):
        yield Fault("a Managed HSM extended to further regions", allowed="no properties.regions")


def _pair(resource: Resource, law: Law) -> Iterator[Fault]:
    place = locate(resource)
    found = law.catalogue.locations.get(place.id) if place is not None else None
    if found is None or found.pair is None:
        return  # RES-002 judges a place that the catalogue does not hold
    there = law.jurisdiction_of(found.pair)
    if there != found.jurisdiction:
        yield Fault(
            found=f"a vault at {found.region} is copied to its pair {found.pair} ({there or 'outside every jurisdiction'})",
            allowed="a region whose pair lies in the same jurisdiction, or none at all",
            fix="use a Managed HSM, or another cloud's keys, in this jurisdiction",
        )


RULE = Rule(
    id="KEY-003",
    title="no multi-Region keys, global key rings or replicas outside",
    clause=control("KEY-003", "KEY-1"),
    severity=Severity.CRITICAL,
    allowed="key material in one region",
    fix="make one key per region and wrap data keys under each",
    resource=_check,
    types=_MULTI | _REPLICA | {_RING, _VAULT, _POOL},
)
