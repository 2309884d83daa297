"""What the catalogue says about places, accounts and data, as rules ask it.

Guarantees one load of the catalogue a process, and an answer only from it: a region, an account or a data class that it
does not hold has none. It gives no legal advice; it repeats what the catalogue's sources were taken to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Final

import config
from config import loader
from config.model import Account, Catalogue, Cloud, DataClass, EnvironmentName, Facility, Jurisdiction, Residency
from policies.kit.props import Undecided
from policies.kit.resource import Resource

_LABEL_MAPS: Final[Mapping[Cloud, tuple[str, ...]]] = {
    Cloud.AWS: ("tags", "tagsAll"),
    Cloud.GCP: ("labels", "resourceLabels", "userLabels", "effectiveLabels"),
    Cloud.AZURE: ("tags",),
}
_COMPUTED: Final = frozenset({"tagsAll", "effectiveLabels"})
"""Label maps that a cloud computes: unknown at a first preview, and then nothing to go by."""

_PROVIDER_LABEL_MAPS: Final[Mapping[Cloud, tuple[str, ...]]] = {
    Cloud.AWS: ("defaultTags",),
    Cloud.GCP: ("defaultLabels",),
    Cloud.AZURE: (),
}
_LABEL_PREFIX: Final[Mapping[Cloud, str]] = {Cloud.AWS: "nautilus:", Cloud.GCP: "nautilus-", Cloud.AZURE: "nautilus-"}


class Law:
    """The catalogue, asked the rules' questions."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def jurisdiction_of(self, location: str) -> str | None:
        """Give the jurisdiction of a location id such as `gcp/us-west2`, None where the catalogue serves it nowhere.

        A cloud's zone outside its region is one of the edge's sites, or nowhere: `aws/us-east-1-nyc-2a`.
        """
        found = self.catalogue.locations.get(location)
        return found.jurisdiction if found is not None else self._zones.get(location)

    def jurisdictions_of(self, countries: Iterable[str]) -> frozenset[str | None]:
        """Give the jurisdictions of countries (ISO 3166-1 alpha-2), None among them where one is served nowhere."""
        return frozenset(self._by_country.get(country) for country in countries)

    def jurisdiction(self, key: str) -> Jurisdiction:
        """Give a jurisdiction. Raises Undecided where the catalogue has none of that id."""
        found = self.catalogue.jurisdictions.get(key)
        if found is None:
            raise Undecided("jurisdiction", f"{key!r} is none of {self.names}")
        return found

    @cached_property
    def _zones(self) -> Mapping[str, str]:
        """The jurisdiction of each zone outside a region, by its id as a location's."""
        clouds = {Facility.LOCAL_ZONE: Cloud.AWS, Facility.WAVELENGTH: Cloud.AWS, Facility.EXTENDED_ZONE: Cloud.AZURE}
        return {
            f"{clouds[site.facility]}/{site.zone}": site.jurisdiction
            for site in self.catalogue.edge.sites.values()
            if site.facility in clouds
        }

    @cached_property
    def names(self) -> str:
        """The jurisdictions' ids, for messages."""
        return ", ".join(sorted(self.catalogue.jurisdictions))

    def regions(self, cloud: Cloud, jurisdictions: Iterable[str | None]) -> str:
        """Give a cloud's regions in some jurisdictions, for messages."""
        wanted = set(jurisdictions)
        found = sorted(
            place.region
            for place in self.catalogue.locations.values()
            if place.cloud is cloud and place.jurisdiction in wanted and place.jurisdiction is not None
        )
        return ", ".join(found) or "no region"

    def owner(self, cloud: Cloud, account: str) -> tuple[EnvironmentName, str, Account] | None:
        """Give the environment and jurisdiction that an account, project or subscription belongs to; None if to none."""
        return self._owners.get((cloud, account.lower()))

    def environment(self, stack: str) -> EnvironmentName:
        """Give the environment of a stack such as `prod-emea`. Raises Undecided for a name that tells none."""
        known = {str(name): name for name in self.catalogue.environments}
        found = known.get(stack.partition("-")[0])
        if found is None:
            raise Undecided("the stack's name", f"{stack!r} begins with none of {', '.join(sorted(known))}")
        return found

    def account(self, environment: str, jurisdiction: str, cloud: Cloud) -> Account | None:
        """Give the account of one environment, jurisdiction and cloud."""
        if environment not in {str(name) for name in self.catalogue.environments}:
            return None
        accounts = self.catalogue.environments[EnvironmentName(environment)].accounts
        return accounts.get(jurisdiction, {}).get(cloud)

    def own_account(self, resource: Resource) -> Account:
        """Give the account that a resource is made in. Raises Undecided where that is not told or not in the catalogue."""
        owned = self.owned(resource)
        if owned is None:
            raise Undecided("provider", "names no account of the catalogue")
        return owned[2]

    def owned(self, resource: Resource) -> tuple[EnvironmentName, str, Account] | None:
        """Give environment, jurisdiction and account of the resource's provider. Raises Undecided where it is unknown."""
        account = account_of(resource)
        return self.owner(resource.cloud, account) if account and resource.cloud else None

    def home(self, resource: Resource) -> Jurisdiction:
        """Give the jurisdiction whose law the resource lives under: its label's, else that of its account.

        Raises Undecided where neither tells.
        """
        labelled = label(resource, "jurisdiction")
        if labelled is not None:
            return self.jurisdiction(labelled)
        owned = self.owned(resource)
        if owned is None:
            raise Undecided("jurisdiction", "is told neither by a label nor by an account of the catalogue")
        return self.jurisdiction(owned[1])

    def residency(self, resource: Resource) -> tuple[Jurisdiction, DataClass, Residency]:
        """Give the home jurisdiction, the data class (the strictest where no label tells) and where that may rest.

        Raises Undecided where a label says what the catalogue does not know.
        """
        home = self.home(resource)
        text = label(resource, "data-class")
        known = {str(kind) for kind in DataClass}
        if text is not None and text not in known:
            raise Undecided("data-class", f"{text!r} is none of {', '.join(DataClass)}")
        data = DataClass(text) if text is not None else DataClass.PII
        rule = home.data_classes.get(data)
        if rule is None:
            raise Undecided("data-class", f"{data} has no residency rule in {home.id}")
        return home, data, rule

    @cached_property
    def _by_country(self) -> Mapping[str, str]:
        return {code: item.id for item in self.catalogue.jurisdictions.values() for code in item.countries}

    @cached_property
    def _owners(self) -> Mapping[tuple[Cloud, str], tuple[EnvironmentName, str, Account]]:
        return {
            (cloud, account.id.lower()): (name, jurisdiction, account)
            for name, environment in self.catalogue.environments.items()
            for jurisdiction, accounts in environment.accounts.items()
            for cloud, account in accounts.items()
        }


def label(resource: Resource, key: str) -> str | None:
    """Give a Nautilus label of a resource, its provider's default labels included; None where there is none.

    Raises Undecided where it is there and unknown.
    """
    cloud = resource.cloud
    if cloud is None:
        return None
    name = f"{_LABEL_PREFIX[cloud]}{key}"
    for path in _LABEL_MAPS[cloud]:
        if path in _COMPUTED and not resource.props.known(path):
            continue
        if (found := resource.props.entry(path, name)) is not None:
            return found
    for path in _PROVIDER_LABEL_MAPS[cloud]:
        decoded = resource.settings.decoded(path)
        tags = decoded.get("tags", decoded) if isinstance(decoded, dict) else {}
        if isinstance(tags, dict) and isinstance(found := tags.get(name), str):
            return found
    return None


def account_of(resource: Resource) -> str | None:
    """Give the account, project or subscription that a resource's provider (or a provider itself) is pinned to.

    None where it names none, or an AWS provider allows several. Raises Undecided where it is unknown.
    """
    settings = resource.settings
    match resource.cloud:
        case Cloud.AWS:
            allowed = settings.texts("allowedAccountIds")
            return allowed[0] if len(allowed) == 1 else None
        case Cloud.GCP:
            return settings.text("project")
        case Cloud.AZURE:
            return settings.text("subscriptionId")
        case _:
            return None


@lru_cache(maxsize=1)
def law() -> Law:
    """Give the law of the catalogue at the project's root, loaded once. Raises CatalogueError where it is not sound."""
    return Law(loader.load(config.root()))
