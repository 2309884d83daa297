"""Rules on accounts: well formed, one jurisdiction and environment each, two principals, none missing (JUR-1, SEC-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from config.model import Account, Cloud, Environment
from config.problem import nearest, one_of, shown
from config.validation.view import Finding, View

KIND: Final = "environment"
_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_Owners = dict[tuple[Cloud, str], str]
_PROJECT: Final = r"[a-z][a-z0-9-]{4,28}[a-z0-9]"


@dataclass(frozen=True, kw_only=True)
class _Form:
    """How a cloud writes accounts and principals; `principal` holds the account's id as {id}."""

    account: str
    account_says: str
    principal: str
    principal_says: str
    tenant: bool
    number: bool


FORMS: Final = {
    Cloud.AWS: _Form(
        account=r"[0-9]{12}",
        account_says="an AWS account: 12 digits, quoted",
        principal=r"arn:aws(-[a-z-]+)?:iam::{id}:role/[\w+=,.@/-]+",
        principal_says="the ARN of a role of this account: arn:aws:iam::{id}:role/<name>",
        tenant=False,
        number=False,
    ),
    Cloud.GCP: _Form(
        account=_PROJECT,
        account_says="a project id: 6 to 30 lower-case letters, digits and hyphens",
        principal=r"[a-z][a-z0-9-]{4,28}[a-z0-9]@{id}\.iam\.gserviceaccount\.com",
        principal_says="a service account of this project: <name>@{id}.iam.gserviceaccount.com",
        tenant=False,
        number=True,
    ),
    Cloud.AZURE: _Form(
        account=_UUID,
        account_says="a subscription: a UUID in lower case",
        principal=_UUID,
        principal_says="an object id: a UUID in lower case",
        tenant=True,
        number=False,
    ),
}


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with accounts."""
    owners: _Owners = {}
    for name, environment in sorted(view.environments.items()):
        for jurisdiction, clouds in environment.accounts.items():
            if view.unknown("jurisdiction", jurisdiction):
                known = view.names("jurisdiction")
                yield view.finding(
                    KIND,
                    name,
                    "accounts",
                    jurisdiction,
                    value=shown(jurisdiction),
                    allowed=one_of(known, "a jurisdiction"),
                    fix=nearest(jurisdiction, known, "name a jurisdiction of jurisdictions/"),
                )
            for cloud, account in clouds.items():
                for step, value, allowed, fix in _faults(cloud, account):
                    steps = ("accounts", jurisdiction, cloud.value, step)
                    yield view.finding(KIND, name, *steps, value=value, allowed=allowed, fix=fix)
                yield from _owner(view, (name, jurisdiction, cloud), account, owners)
        yield from _missing(view, name, environment)


def _faults(cloud: Cloud, account: Account) -> Iterator[tuple[str, str, str, str]]:
    """Yield step, value, what is allowed and the fix for each ill-formed part of an account."""
    form = FORMS[cloud]
    if not re.fullmatch(form.account, account.id):
        yield "id", shown(account.id), form.account_says, "write the account's id as the cloud gives it"
        return
    pattern = form.principal.replace("{id}", re.escape(account.id))
    for step, principal in (("deployer", account.deployer), ("administrators", account.administrators)):
        if not re.fullmatch(pattern, principal):
            yield step, shown(principal), form.principal_says.replace("{id}", account.id), "name a principal of the account"
    if account.deployer == account.administrators:
        yield "administrators", shown(account.administrators), "another principal than the deployer", "separate the two"
    for step, part, wanted, shape, says in (
        ("tenant", account.tenant, form.tenant, _UUID, "the Azure tenant: a UUID in lower case"),
        ("number", account.number, form.number, r"[1-9][0-9]{5,18}", "the project's number: digits, quoted"),
    ):
        if wanted and (part is None or not re.fullmatch(shape, part)):
            yield step, shown(part), says, f"add the {step}" if part is None else f"correct the {step}"
        elif not wanted and part is not None:
            yield step, shown(part), f"no {step} on {cloud.value}", "remove it"


def _owner(view: View, at: tuple[str, str, Cloud], account: Account, owners: _Owners) -> Iterator[Finding]:
    """Yield what an account shares with another jurisdiction or environment; `at` is environment, jurisdiction, cloud."""
    name, jurisdiction, cloud = at
    here = f"{jurisdiction} in {name}"
    parts = [("id", account.id)] + ([("number", account.number)] if account.number else [])
    for step, part in parts:
        owner = owners.setdefault((cloud, f"{step} {part}"), here)
        if owner != here:
            yield view.finding(
                KIND,
                name,
                "accounts",
                jurisdiction,
                cloud.value,
                step,
                value=shown(part),
                allowed=f"an account of its own for each jurisdiction and environment; {owner} has this one",
                fix=f"name the account of {here}",
            )


def _missing(view: View, name: str, environment: Environment) -> Iterator[Finding]:
    """Yield each jurisdiction and cloud that a placement or its recovery needs and that has no account."""
    needed: dict[tuple[str, Cloud], str] = {}
    for cluster_id, cluster in sorted(view.clusters.items()):
        for placement in cluster.placements.values():
            for role, location_id in (("", placement.location), ("the recovery of ", placement.recovery)):
                location = view.locations.get(location_id)
                if location is not None and location.jurisdiction is not None:
                    needed.setdefault((location.jurisdiction, location.cloud), f"{role}{cluster_id}")
    for (jurisdiction, cloud), user in needed.items():
        if cloud not in environment.accounts.get(jurisdiction, {}):
            yield view.finding(
                KIND,
                name,
                "accounts",
                jurisdiction,
                cloud.value,
                value="nothing",
                allowed=f"an account of {jurisdiction} on {cloud.value}, which {user} needs",
                fix=f"add accounts.{jurisdiction}.{cloud.value} with id, deployer and administrators",
            )
