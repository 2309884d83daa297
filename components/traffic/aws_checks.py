"""Route 53's health checks of the endpoints that names point to (DNS-1, FO-2).

Guarantees an HTTPS check of each endpoint that any front uses: one a tier-0 class, one for all other classes together. It
checks the public address of an anycast balancer, as clients do, and asks for an answer: a balancer that ends TCP by itself
would accept a bare connection with nothing behind it. How long one attempt may take is Route 53's own (4 s to connect, 2 s
to answer, Route 53 Developer Guide), so that the probe's timeout is not set here. It does not look at the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.traffic.args import NamesArgs
from nautilus.federation.front import Front

CHECKERS: Final[tuple[str, ...]] = ("ap-northeast-1", "eu-west-1", "us-east-1", "us-west-2")
"""Where the checks come from: at least three of Route 53's eight (UpdateHealthCheck API), one near each group of clusters.

They see an address, a port and whether its health path answers, nothing that a client sends.
"""

_CRITICAL_TIER: Final = 0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check to make: `role` is what its logical name has after the component's, `front` whose host it asks for."""

    role: str
    endpoint: str
    port: int
    front: str


class Checks:
    """The checks by endpoint and class."""

    def __init__(self, name: str, args: NamesArgs, tags: Mapping[str, str], parent: pulumi.Resource) -> None:
        self._made = {
            role: _make(f"{name}-{role}-health", check, args, tags, parent) for role, check in wanted(args.fronts).items()
        }

    def id(self, endpoint: str, front: Front) -> pulumi.Output[str]:
        """Give the id of the check that a front's record of an endpoint has."""
        return self._made[_role(endpoint, front)].id


def wanted(fronts: Mapping[str, Front]) -> Mapping[str, Check]:
    """Give the checks by role, sorted: `<endpoint>-<class>` for tier 0, else `<endpoint>` at its most important class."""
    found: dict[str, Check] = {}
    for front in sorted(fronts.values(), key=lambda one: (one.tier, one.service, one.id)):
        for backend in front.backends:
            role = _role(backend.endpoint, front)
            found.setdefault(role, Check(role=role, endpoint=backend.endpoint, port=front.port, front=front.id))
    return {role: found[role] for role in sorted(found)}


def _role(endpoint: str, front: Front) -> str:
    return f"{endpoint}-{front.service}" if front.tier == _CRITICAL_TIER else endpoint


def _make(
    logical: str, check: Check, args: NamesArgs, tags: Mapping[str, str], parent: pulumi.Resource
) -> aws.route53.HealthCheck:
    return aws.route53.HealthCheck(
        logical,
        type="HTTPS",
        ip_address=args.endpoints[check.endpoint].address,
        port=check.port,
        fqdn=f"{check.front}.{args.domain}",
        enable_sni=True,
        resource_path=args.health_path,
        request_interval=args.probe.interval_s,
        failure_threshold=args.probe.threshold,
        measure_latency=True,
        regions=list(CHECKERS),
        tags={**tags, "Name": logical},
        opts=pulumi.ResourceOptions(parent=parent),
    )
