"""Rules on environments: all there, sizes, retention, and where state lives (CLU-5, JUR-1, AUD-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from config.model import Environment, EnvironmentName, Group, StateHome
from config.problem import nearest, one_of, shown
from config.validation.view import Finding, View

KIND: Final = "environment"
STACKS: Final = (*(group.value for group in Group), "federation")
"""The stacks of an environment: one a group, and the federation's own."""
RETENTION_DAYS: Final = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""What CloudWatch Logs accepts (CloudWatch Logs API, PutRetentionPolicy, retentionInDays)."""
BACKENDS: Final = ("s3", "gs", "azblob")
SECRETS_PROVIDERS: Final = ("awskms", "gcpkms", "azurekeyvault")


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with environments."""
    yield from _all_there(view)
    backends: dict[str, str] = {}
    for name, environment in sorted(view.environments.items()):
        yield from _sizes(view, name, environment)
        yield from _protection(view, name, environment)
        yield from _state(view, name, environment, backends)


def _all_there(view: View) -> Iterator[Finding]:
    names = [name.value for name in EnvironmentName]
    if KIND not in view.unreadable:
        for name in sorted(set(names) - view.names(KIND)):
            yield Finding(
                file=f"environments/{name}.yaml",
                path=(),
                value="nothing there",
                allowed=one_of(names, "every environment"),
                fix=f"add environments/{name}.yaml",
            )


def _sizes(view: View, name: str, environment: Environment) -> Iterator[Finding]:
    for sizing, size in environment.sizes.items():
        if not size.min <= size.desired <= size.max:
            yield view.finding(
                KIND,
                name,
                "sizes",
                sizing,
                value=f"min {size.min}, desired {size.desired}, max {size.max}",
                allowed="min <= desired <= max",
                fix="put desired between min and max",
            )
    for pool_id, pool in sorted(view.node_pools.items()):
        if pool.sizing not in environment.sizes:
            yield view.finding(
                KIND,
                name,
                "sizes",
                value=f"no size named {pool.sizing}, which the node pool {pool_id} asks for",
                allowed=one_of(
                    {each.sizing for each in view.node_pools.values()}, "a size for each sizing of node_pools.yaml"
                ),
                fix=f"add {pool.sizing}, or {nearest(pool.sizing, environment.sizes, 'change the pool')}",
            )


def _protection(view: View, name: str, environment: Environment) -> Iterator[Finding]:
    days = environment.log_retention_days
    if days not in RETENTION_DAYS:
        longer = next((each for each in RETENTION_DAYS if each > days), RETENTION_DAYS[-1])
        allowed = f"a retention that CloudWatch Logs accepts: {', '.join(map(str, RETENTION_DAYS))}"
        yield view.finding(KIND, name, "log_retention_days", value=shown(days), allowed=allowed, fix=f"write {longer}")
    if name != EnvironmentName.PROD:
        return
    served = {cluster.jurisdiction for cluster in view.clusters.values()} & set(view.jurisdictions)
    needed = max(((view.jurisdictions[home].log_retention_days, home) for home in served), default=(0, ""))
    if days < needed[0]:
        yield view.finding(
            KIND,
            name,
            "log_retention_days",
            value=shown(days),
            allowed=f"at least {needed[0]} days in production, as {needed[1]} asks",
            fix=f"write {needed[0]} or more",
        )
    if not environment.deletion_protection:
        yield view.finding(
            KIND,
            name,
            "deletion_protection",
            value="false",
            allowed="true in production (AUD-005)",
            fix="write true",
        )


def _state(view: View, name: str, environment: Environment, backends: dict[str, str]) -> Iterator[Finding]:
    for stack in STACKS:
        if stack not in environment.state:
            yield view.finding(
                KIND,
                name,
                "state",
                value=f"nothing for {stack}",
                allowed=one_of(STACKS, "a state home for every stack"),
                fix=f"add {stack}",
            )
    for stack, home in environment.state.items():
        if stack not in STACKS:
            yield view.finding(
                KIND,
                name,
                "state",
                stack,
                value=shown(stack),
                allowed=one_of(STACKS, "a stack"),
                fix=nearest(stack, STACKS, "remove it"),
            )
        yield from _home(view, name, stack, home)
        owner = backends.setdefault(home.backend, name)
        if owner != name:
            yield view.finding(
                KIND,
                name,
                "state",
                stack,
                "backend",
                value=shown(home.backend),
                allowed=f"a backend of its own; {owner} keeps state there",
                fix=f"name a backend of {name}",
            )


def _home(view: View, name: str, stack: str, home: StateHome) -> Iterator[Finding]:
    if view.unknown("jurisdiction", home.jurisdiction):
        known = view.names("jurisdiction")
        yield view.finding(
            KIND,
            name,
            "state",
            stack,
            "jurisdiction",
            value=shown(home.jurisdiction),
            allowed=one_of(known, "a jurisdiction"),
            fix=nearest(home.jurisdiction, known, "name a jurisdiction of jurisdictions/"),
        )
        return
    for step, url, schemes in (
        ("backend", home.backend, BACKENDS),
        ("secrets_provider", home.secrets_provider, SECRETS_PROVIDERS),
    ):
        reason = _unfit(view, home.jurisdiction, url, schemes)
        if reason:
            yield view.finding(
                KIND,
                name,
                "state",
                stack,
                step,
                value=shown(url),
                allowed=reason,
                fix=f"name a {step} that lies in {home.jurisdiction}",
            )


def _unfit(view: View, jurisdiction: str, url: str, schemes: tuple[str, ...]) -> str | None:
    """Say what a state URL must be, or None where it is that.

    A region in the URL must lie in the jurisdiction. Buckets of Google and containers of Azure name no region: there the
    name has to carry the jurisdiction's id, as everywhere.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        return f"a URL: {', '.join(f'{scheme}://' for scheme in schemes)}"
    if jurisdiction not in re.split(r"[^a-z0-9]+", f"{parts.netloc}{parts.path}"):
        return f"a name with the jurisdiction's id {jurisdiction} as one of its words"
    cloud, region = _region(parts)
    if cloud is None:
        return None
    place = view.locations.get(f"{cloud}/{region}")
    inside = [each.region for each in view.locations.values() if each.jurisdiction == jurisdiction and each.cloud == cloud]
    if region in inside or (place is None and not view.unknown("locations", f"{cloud}/{region}")):
        return None
    return one_of(inside, f"a URL that names a region of {jurisdiction}")


def _region(parts: SplitResult) -> tuple[str | None, str]:
    """Give cloud and region that a state URL names; no cloud where URLs of its kind name no region."""
    if parts.scheme in ("s3", "awskms"):
        return "aws", parse_qs(parts.query).get("region", [""])[0]
    if parts.scheme == "gcpkms":
        found = re.search(r"/locations/([^/]+)/", parts.path)
        return "gcp", found[1] if found else ""
    return None, ""
