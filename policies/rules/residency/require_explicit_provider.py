"""RES-001: every provider names its region and its one account, project or subscription; nothing uses a default one."""

from __future__ import annotations

from collections.abc import Iterator

from config.model import Cloud
from policies.kit.law import Law, account_of
from policies.kit.location import provider_region
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control

_NAMES = {
    Cloud.AWS: ("region", "allowedAccountIds with exactly one account"),
    Cloud.GCP: ("region", "project"),
    Cloud.AZURE: ("location", "subscriptionId"),
}


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    if not resource.is_provider:
        if resource.provider is None:
            yield Fault("no provider is named")
        elif resource.provider.implicit:
            yield Fault(
                f"the default provider {resource.provider.name}, whose region and account come from the surroundings"
            )
        return
    if resource.cloud is None:
        return
    region, account = _NAMES[resource.cloud]
    if resource.name == "default" or resource.name.startswith("default_"):
        yield Fault("a default provider, whose region and account come from the surroundings")
        return
    if provider_region(resource) is None:
        yield Fault(f"no {region}", allowed=f"{region}: one of {law.regions(resource.cloud, law.catalogue.jurisdictions)}")
    if account_of(resource) is None:
        yield Fault(f"no {account}")


RULE = Rule(
    id="RES-001",
    title="provider region, account, project or subscription explicit",
    clause=control("RES-001", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="an explicit provider pinned to one region and one account, project or subscription of the catalogue",
    fix="make the provider with components.provider and hand it to the resource's component",
    resource=_check,
    providers=True,
)
