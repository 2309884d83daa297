"""Where a planned resource will really lie.

Guarantees one answer a resource: a place, "cannot be told yet, follow the references" (None), or `Undecided`. Names are
normalised as the clouds do ("West Europe" is `westeurope`, `EU` is a multi-region of Cloud Storage). It judges nothing:
rules do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from config.model import Cloud
from policies.kit import multi_regions, reference
from policies.kit.law import Law
from policies.kit.location_entries import COMPONENT_PREFIX, ENTRIES, EXEMPT, Entry, How
from policies.kit.props import Told, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.wire import Concealed, reveal

_DEEPEST: Final = 8
_REGIONS_OWN: Final = {"availabilityZone": r"[a-z]{2}(-[a-z]+)+-[0-9][a-z]", "availabilityZoneId": r"[a-z]+[0-9]-az[0-9]"}
"""How AWS names the zones of a region; Local and Wavelength Zones have longer names, and may lie in another country."""
_OF_TYPES: Final = {
    "vaultName": "azure-native:keyvault:Vault",
    "virtualNetworkName": "azure-native:network:VirtualNetwork",
    "networkSecurityGroupName": "azure-native:network:NetworkSecurityGroup",
    "routeTableName": "azure-native:network:RouteTable",
    "accountName": "azure-native:storage:StorageAccount",
    "workspaceName": "azure-native:operationalinsights:Workspace",
    "privateEndpointName": "azure-native:network:PrivateEndpoint",
    "resourceGroupName": "azure-native:resources:ResourceGroup",
    "keyRing": "gcp:kms/keyRing:KeyRing",
    "keyRingId": "gcp:kms/keyRing:KeyRing",
    "cryptoKeyId": "gcp:kms/cryptoKey:CryptoKey",
    "cryptoKey": "gcp:kms/cryptoKey:CryptoKey",
    "bucket": "gcp:storage/bucket:Bucket",
}
"""What type a reference of this name points at; other names take the first located resource they were computed from."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something lies: `name` as the cloud spells it; `countries` only for a multi-region; `nowhere` for none."""

    cloud: Cloud
    name: str
    countries: frozenset[str] | None = None
    nowhere: bool = False

    @property
    def id(self) -> str:
        """The catalogue's id of a single region."""
        return f"{self.cloud}/{reveal(self.name)}"

    @property
    def single(self) -> bool:
        """Whether it is one region."""
        return not self.nowhere and self.countries is None

    def jurisdictions(self, law: Law) -> frozenset[str | None]:
        """Give the jurisdictions it lies in; None among them for a place that none of ours covers."""
        if self.nowhere:
            return frozenset()
        if self.countries is not None:
            return law.jurisdictions_of(self.countries)
        return frozenset({law.jurisdiction_of(self.id)})


def exempt(resource: Resource) -> bool:
    """Give whether the resource is none that a cloud holds: the stack, a reference to one, or a component of ours."""
    if resource.type in EXEMPT and not resource.is_provider:
        return True
    return resource.type.startswith(COMPONENT_PREFIX) and resource.provider is None


def entry(resource: Resource) -> Entry | None:
    """Give the type's location entry, None where it has none."""
    return ENTRIES.get(resource.type)


def region(cloud: Cloud, text: str) -> str:
    """Give a region's name as the catalogue spells it; a secret stays one."""
    name = text.lower().replace(" ", "") if cloud is Cloud.AZURE else text.lower()
    return Concealed(name) if isinstance(text, Concealed) else name


def provider_region(resource: Resource) -> str | None:
    """Give the region that a resource's provider (or a provider itself) is pinned to, None where it names none.

    Raises Undecided where it is unknown.
    """
    if resource.cloud is None:
        return None
    text = resource.settings.text("location" if resource.cloud is Cloud.AZURE else "region")
    return region(resource.cloud, text) if text else None


def provider_place(resource: Resource) -> Place | None:
    """Give the place that a resource's provider is pinned to, None where it names none. Raises Undecided if unknown."""
    name = provider_region(resource)
    return Place(cloud=resource.cloud, name=name) if name and resource.cloud else None


def locate(resource: Resource, stack: Stack | None = None, depth: int = 0) -> Place | None:
    """Give where a resource will lie.

    None where the type has no entry, nothing names a place, or (without a stack) only a reference would tell. Raises
    Undecided where what names it is unknown.
    """
    found, cloud = entry(resource), resource.cloud
    if found is None or cloud is None or found.how is How.REFUSED:
        return None
    match found.how:
        case How.NOWHERE:
            return Place(cloud=cloud, name="global", nowhere=True)
        case How.OF:
            return _referred(resource, found, stack, depth)
        case _:
            return _named(resource, cloud, found, stack)


def follow(resource: Resource, stack: Stack, prop: str, depth: int = 0) -> Place | None:
    """Give the place of what a top-level property refers to, as far as the stack or the reference's text tells."""
    wanted = _OF_TYPES.get(prop)
    for source in stack.sources(resource, prop):
        if (wanted is None or source.type == wanted) and depth < _DEEPEST:
            place = locate(source, stack, depth + 1)
            if place is not None and not place.nowhere:
                return place
    if not resource.props.known(prop):
        return None
    text = resource.props.get(prop)
    if not isinstance(text, str):
        return None
    if wanted is not None and (named := stack.ids.get((wanted, text.lower()))) is not None and depth < _DEEPEST:
        return locate(named, stack, depth + 1)
    return place_of(text, resource.type)


def place_of(text: str, resource_type: str = "") -> Place | None:
    """Give the place that a reference's own text names, None where it names none."""
    read = reference.read(text)
    if read is None or read.region is None:
        return None
    name = Concealed(read.region) if isinstance(text, Concealed) else read.region
    countries = multi_regions.countries(resource_type, name) if read.cloud is Cloud.GCP else None
    return Place(cloud=read.cloud, name=name, countries=countries)


def _named(resource: Resource, cloud: Cloud, found: Entry, stack: Stack | None) -> Place | None:
    for path in found.properties:
        if stack is not None and found.how is How.OWN and not resource.props.known(path):
            # Outputs: what was left out of the inputs is computed, and unknown at a first preview. Had it been an unknown
            # input, RES-002 would have stopped the resource before.
            continue
        text = resource.props.text(path)
        if text is None:
            continue
        name = region(cloud, text)
        if path in _REGIONS_OWN and re.fullmatch(_REGIONS_OWN[path], name):
            continue  # a zone of the region itself; one that lies outside it is a place of its own
        if path == "zone" or (cloud is Cloud.GCP and name.count("-") > 1):
            name = name.rsplit("-", 1)[0]  # a zone, such as us-west2-a
        countries = multi_regions.countries(resource.type, name) if cloud is Cloud.GCP else None
        return Place(cloud=cloud, name=name, countries=countries)
    return None if found.how is How.MUST else provider_place(resource)


def _referred(resource: Resource, found: Entry, stack: Stack | None, depth: int) -> Place | None:
    for path in found.properties:
        if stack is not None:
            if (place := follow(resource, stack, path, depth)) is not None:
                return place
        elif resource.props.known(path) and (text := resource.props.text(path)) is not None:
            place = place_of(text, resource.type)
            if place is not None:
                return place
    return None


def must(place: Place | None, resource: Resource) -> Place:
    """Give the place. Raises Undecided where there is none, Told where that is only because the provider names none."""
    if place is not None:
        return place
    found = entry(resource)
    if found is not None and found.how is How.OWN and resource.provider is not None and provider_region(resource) is None:
        raise Told("RES-001: the provider names no region")
    raise Undecided(
        f"the place of {resource.name}", "is told neither by its properties, what it refers to, nor its provider"
    )


def settled(resource: Resource, stack: Stack) -> Place:
    """Give the place, for a rule that compares it with another. Raises Told where another rule reports its lack."""
    try:
        place = locate(resource, stack)
    except Undecided:
        raise Told("RES-002: the place cannot be known") from None
    if place is None:
        raise Told("RES-002 or RES-007: there is no place")
    return place
