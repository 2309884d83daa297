"""RES-008: the account, project or subscription belongs to the stack's environment and the region's jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator

from config.model import Account, Cloud, EnvironmentName
from policies.kit import reference
from policies.kit.law import Law, account_of
from policies.kit.location import provider_place
from policies.kit.props import Undecided
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    if resource.is_provider:
        yield from _provider(resource, law)
    elif resource.cloud is Cloud.GCP and (project := resource.props.text("project")) is not None:
        pinned = account_of(resource)
        if pinned is not None and project != pinned and not _sister(law, project, pinned):
            yield Fault(f"project {show(project)} under a provider of {show(pinned)}", allowed=f"project {pinned!r}")


def _provider(resource: Resource, law: Law) -> Iterator[Fault]:
    account, place, cloud = account_of(resource), provider_place(resource), resource.cloud
    if account is None or place is None or cloud is None:
        return  # RES-001 has said so
    jurisdiction = law.jurisdiction_of(place.id)
    environment = resource.stack.split("-", 1)[0]
    if environment not in set(EnvironmentName):
        raise Undecided("the stack's name", f"{resource.stack!r} starts with none of {', '.join(EnvironmentName)}")
    wanted = law.account(environment, jurisdiction, cloud) if jurisdiction else None
    if wanted is None or wanted.id.lower() != account.lower():
        owner = law.owner(cloud, account)
        whose = f"of {owner[1]}, {owner[0]}" if owner else "of nobody in the catalogue"
        yield Fault(
            found=f"{show(account)}, {whose}, for {show(place.name)} ({jurisdiction or 'no jurisdiction of the catalogue'})",
            allowed=f"{wanted.id!r} ({jurisdiction}, {environment})"
            if wanted
            else f"no account in {environment} for that region",
        )
    else:
        yield from _identity(resource, wanted)


def _identity(resource: Resource, wanted: Account) -> Iterator[Fault]:
    """The identity that deploys must be the account's own too, or another account's role would act in its name."""
    tenant = resource.props.text("tenantId") if resource.cloud is Cloud.AZURE else None
    if tenant is not None and tenant != wanted.tenant:
        yield Fault(f"tenant {show(tenant)}", allowed=f"tenant {wanted.tenant!r}")
    deployer = resource.props.text("impersonateServiceAccount") if resource.cloud is Cloud.GCP else None
    if deployer is not None and not deployer.endswith(f"@{wanted.id}.iam.gserviceaccount.com"):
        yield Fault(f"impersonates {show(deployer)}", allowed=f"a service account of project {wanted.id!r}")
    roles = resource.props.decoded("assumeRoles") if resource.cloud is Cloud.AWS else None
    for role in roles if isinstance(roles, list) else ():
        text = role.get("roleArn") if isinstance(role, dict) else None
        named = reference.read(text) if isinstance(text, str) else None
        if named is None or named.account != wanted.id:
            yield Fault(f"assumes {show(text)}", allowed=f"a role of account {wanted.id!r}")


def _sister(law: Law, project: str, pinned: str) -> bool:
    one, other = law.owner(Cloud.GCP, project), law.owner(Cloud.GCP, pinned)
    return one is not None and other is not None and one[:2] == other[:2]


RULE = Rule(
    id="RES-008",
    title="account, project or subscription belongs to the jurisdiction",
    clause=control("RES-008", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="the account that the catalogue names for the environment and the region's jurisdiction",
    fix="pin the provider to the account in config/catalogue/environments of that jurisdiction",
    resource=_check,
    providers=True,
)
