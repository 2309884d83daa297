"""Who may answer a front's name, as rules ask it: the fronts, endpoints and placements that follow from the catalogue.

Guarantees one derivation an environment and process, the very one that the stacks build from
(`nautilus.federation.front`), and that a DNS name or a placement's contract is read the same way by every rule. What a
region stack handed over is read from this stack's own output `members`: before that is there, nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from config.model import Algorithm, Cloud, EnvironmentName, Group
from nautilus.federation import front as derived
from nautilus.federation.front import Front
from nautilus.federation.plan import PlacementPlan, placements
from policies.kit.law import Law
from policies.kit.resource import Resource, Stack

MEMBERS: Final = "members"
"""The federation stack's output with what every region stack handed over, by placement."""

TRAFFIC_MANAGER: Final = ".trafficmanager.net"


@lru_cache(maxsize=8)
def fronts(law: Law, environment: EnvironmentName) -> Mapping[str, Front]:
    """Give every front of an environment by id."""
    return {front.id: front for front in derived.fronts(law.catalogue, environment)}


@lru_cache(maxsize=8)
def behind(law: Law, environment: EnvironmentName) -> Mapping[str, tuple[PlacementPlan, ...]]:
    """Give the placements behind each anycast endpoint, by `<jurisdiction>-<cloud>`."""
    plans = every(law, environment)
    return {name: tuple(plans[one] for one in found) for name, found in derived.endpoints(law.catalogue).items()}


@lru_cache(maxsize=8)
def every(law: Law, environment: EnvironmentName) -> Mapping[str, PlacementPlan]:
    """Give every placement of an environment by name."""
    return {plan.name: plan for group in Group for plan in placements(law.catalogue, environment, group)}


def lawful(front: Front) -> frozenset[str]:
    """Give the endpoints that may answer a front's name. Compliance-aware fronts answer with their home's alone."""
    home_only = front.algorithm is Algorithm.COMPLIANCE
    return frozenset(backend.endpoint for backend in front.backends if backend.home or not home_only)


def named(law: Law, environment: EnvironmentName, provider: Cloud, name: str) -> Front | None:
    """Give the front that a DNS name at a provider belongs to, its inner parts included; None for any other name.

    `name` is a whole name, or on Azure also a Traffic Manager profile's own.
    """
    known = fronts(law, environment)
    domain = f"{environment}.{law.catalogue.traffic.domains[provider]}"
    text = name.lower().rstrip(".")
    if provider is Cloud.AZURE:
        return _profile(known, domain, text.removesuffix(TRAFFIC_MANAGER))
    if not text.endswith(f".{domain}"):
        return None
    return known.get(text.removesuffix(f".{domain}").rpartition(".")[2])


def apex(law: Law, environment: EnvironmentName, provider: Cloud) -> str:
    """Give the name of an environment's own zone at a provider."""
    return f"{environment}.{law.catalogue.traffic.domains[provider]}"


def contracts(stack: Stack) -> Mapping[str, Mapping[str, Any]]:
    """Give what each placement's region stack handed over, by placement; empty where this stack does not tell."""
    if not stack.root.props.known(MEMBERS):
        return {}
    found = stack.root.props.get(MEMBERS)
    return found if isinstance(found, Mapping) else {}


def endpoint_of(resource: Resource, law: Law) -> str | None:
    """Give the endpoint that a balancer or address belongs to, by the account it is made in; None for none of ours."""
    owned = law.owned(resource)
    return f"{owned[1]}-{resource.cloud}" if owned is not None and resource.cloud is not None else None


def _profile(known: Mapping[str, Front], domain: str, text: str) -> Front | None:
    """Give the front of a profile's relative name: `<front>[-<role>]`, then the environment or the domain in dashes."""
    stem = domain.removesuffix(TRAFFIC_MANAGER)
    for suffix in (f".{stem}", f"-{stem.replace('.', '-')}", f".{domain}"):
        if text.endswith(suffix):
            role = text.removesuffix(suffix)
            return next((known[key] for key in sorted(known, key=len, reverse=True) if _begins(role, key)), None)
    return None


def _begins(role: str, front: str) -> bool:
    return role == front or role.startswith(f"{front}-")
