"""Global traffic: an anycast balancer for each jurisdiction and cloud, and names at three DNS providers (DNS-1…4).

Guarantees that who answers a name follows from the fronts alone, that every balancer lies in its jurisdiction's own account,
and that what a region stack has not handed over is unknown in a preview and an error in an update. It picks no target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pulumi

from components.keys.args import KeysArgs, Purpose
from components.placement import Keys
from components.placement import builders as placement_builders
from components.traffic.args import AnycastArgs, Backing, Endpoint, NamesArgs
from components.traffic.builders import builders
from config.model import Catalogue, Cloud, Location
from nautilus.federation.front import Front, endpoints, fronts
from nautilus.federation.latency import floor_ms
from nautilus.federation.plan import PlacementPlan
from stacks.contract import PlacementOutput
from stacks.identity import FEDERATION, Stack
from stacks.members import Members, value

Providers = Callable[[PlacementPlan], pulumi.ProviderResource]


def build(
    stack: Stack, plans: Mapping[str, PlacementPlan], members: pulumi.Output[Members], provider: Providers
) -> Mapping[str, Mapping[str, float]]:
    """Declare the balancers and names of the stack's environment; give each front's shares by placement, in 0…1.

    `plans` is keyed by placement; `provider` gives the one provider of a placement's location and account. Raises
    pulumi.RunError where capacity is short of what optimised weights need, or nothing can keep a provider's names.
    """
    found = {front.id: front for front in _fronts(stack)}
    behind = {name: tuple(plans[placement] for placement in names) for name, names in endpoints(stack.catalogue).items()}
    made = {
        name: _anycast(stack.catalogue, group, tuple(found.values()), members, provider) for name, group in behind.items()
    }
    for cloud in Cloud:
        home = _home(stack, cloud, behind)
        args = _names(stack.catalogue, cloud, home, found, made)
        options = pulumi.ResourceOptions(provider=provider(home))
        front = builders(cloud)
        if front.query_logs:
            args = replace(args, log_key=_log_key(f"names-{cloud}-keys", home, options))
        front.names(f"names-{cloud}", args, options)
    return {front.id: shares(front) for front in found.values()}


def shares(front: Front) -> dict[str, float]:
    """Give a front's shares by placement, those without any left out."""
    return {name: share for backend in front.backends for name, share in backend.shares.items() if share}


def _fronts(stack: Stack) -> tuple[Front, ...]:
    from nautilus.federation.traffic import Infeasible  # noqa: PLC0415 - its solver takes longer to load than all else here

    try:
        return fronts(stack.catalogue, stack.environment)
    except Infeasible as answer:
        raise pulumi.RunError(
            f"there are no lawful weights: {answer}; mend capacity or areas in config/catalogue/traffic.yaml"
        ) from None


def nearest(catalogue: Catalogue, cloud: Cloud, place: Location) -> str:
    """Give the region of a cloud that is nearest to a location by great circle; the first by id where two are."""
    regions = [location for location in catalogue.locations.values() if location.cloud is cloud]
    return min(regions, key=lambda location: (floor_ms(place, location), location.id)).region


def _anycast(
    catalogue: Catalogue,
    group: tuple[PlacementPlan, ...],
    found: tuple[Front, ...],
    members: pulumi.Output[Members],
    provider: Providers,
) -> Endpoint:
    """Declare the balancer in front of one jurisdiction's placements on one cloud; the first of them serves most."""
    first = group[0]
    classes = catalogue.traffic.classes
    load = {plan.name: sum(shares(front).get(plan.name, 0.0) for front in found) for plan in group}
    total = sum(load.values())
    args = AnycastArgs(
        jurisdiction=first.jurisdiction.id,
        account=first.account,
        classes=classes,
        backings={
            # Where nobody has a share the first stands ready: a standby's balancer has to answer when names turn to it.
            plan.name: Backing(
                placement=plan.name,
                location=plan.location,
                share=load[plan.name] / total if total else float(plan is first),
                entry=_entry(plan, classes, members),
            )
            for plan in group
        },
        probe=catalogue.traffic.anycast[first.cloud],
        affinity=any(service.affinity for service in classes.values()),
        enabled=first.jurisdiction.id not in catalogue.operations[first.environment.id].halts,
        labels=first.labels,
        deletion_protection=first.environment.deletion_protection,
    )
    options = pulumi.ResourceOptions(provider=provider(first))
    logical = f"{first.jurisdiction.id}-anycast-{first.cloud}"
    return builders(first.cloud).anycast(logical, args, options).endpoint


def _entry(plan: PlacementPlan, classes: Iterable[str], members: pulumi.Output[Members]) -> Mapping[str, pulumi.Input[str]]:
    ids = builders(plan.cloud).entry_ids(classes, plan.placement.zones)
    return {key: value(plan, members, f"entry {key}", _handed(key)) for key in ids}


def _handed(key: str) -> Callable[[PlacementOutput], str]:
    return lambda known: known.entry[key]


def _home(stack: Stack, cloud: Cloud, behind: Mapping[str, tuple[PlacementPlan, ...]]) -> PlacementPlan:
    """Give the placement in whose account and location a provider's names are kept: where the federation's own state is.

    Raises pulumi.RunError where the jurisdiction of that state has no placement on the cloud.
    """
    home = stack.catalogue.environments[stack.environment].state[FEDERATION].jurisdiction
    found = behind.get(f"{home}-{cloud}")
    if found is None:
        raise pulumi.RunError(
            f"names at {cloud} are kept in {home}, where the federation's state is, and no placement there is on {cloud}: "
            f"move state.federation of config/catalogue/environments/{stack.environment}.yaml, or add one"
        )
    return found[0]


def _log_key(name: str, home: PlacementPlan, options: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Make the key of a provider's query logs: the names' own, so that they need no stack's key to be planned (KEY-1)."""
    args = KeysArgs(
        location=home.location,
        account=home.account,
        rules=home.jurisdiction.keys,
        purposes=(Purpose.LOGS,),
        labels=home.labels,
        deletion_protection=home.environment.deletion_protection,
    )
    made: Keys = placement_builders(home.cloud).keys(name, args, options)
    return made.keys[Purpose.LOGS]


def _names(
    catalogue: Catalogue, cloud: Cloud, home: PlacementPlan, found: Mapping[str, Front], made: Mapping[str, Endpoint]
) -> NamesArgs:
    """Give what a provider's names are, but for the key of its logs."""
    return NamesArgs(
        domain=f"{home.environment.id}.{catalogue.traffic.domains[cloud]}",
        account=home.account,
        location=home.location,
        fronts=found,
        endpoints=made,
        regions={name: nearest(catalogue, cloud, endpoint.location) for name, endpoint in made.items()},
        probe=catalogue.traffic.names[cloud],
        health_path=catalogue.traffic.health_path,
        ttl_s=catalogue.traffic.ttl_s,
        labels=home.labels,
        deletion_protection=home.environment.deletion_protection,
        log_retention_days=home.log_retention_days,
    )
