"""RES-009: a resource and what it belongs to (parent, network, cluster, provider) are in one jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location import Place, provider_place, settled
from policies.kit.props import Told
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show

BELONGS = (
    "accountName",
    "bucket",
    "cluster",
    "clusterName",
    "cryptoKeyId",
    "keyRing",
    "launchTemplate",
    "networkAclId",
    "networkSecurityGroup",
    "networkSecurityGroupName",
    "privateEndpointName",
    "resourceName",
    "routeTableId",
    "routeTableName",
    "router",
    "securityGroupId",
    "subnet",
    "subnetId",
    "subnetIds",
    "subnetwork",
    "targetKeyId",
    "vaultName",
    "virtualNetworkName",
    "vnetSubnetID",
    "vpcConfig",
    "vpcId",
    "workspaceName",
)
"""Properties that say what a resource belongs to, on any of the three clouds."""


def _check(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    own = settled(resource, stack)
    if own.nowhere:
        return
    above = stack.owner(resource)
    if above is not None:
        yield from _compare(own, _place(above, stack), f"its parent {above.name}", law)
    yield from _compare(own, provider_place(resource), "its provider", law)
    for prop in BELONGS:
        for source in stack.sources(resource, prop):
            yield from _compare(own, _place(source, stack), f"{source.name} ({prop})", law)


def _compare(own: Place, other: Place | None, what: str, law: Law) -> Iterator[Fault]:
    if other is None or other.nowhere:
        return
    mine, theirs = own.jurisdictions(law), other.jurisdictions(law)
    if mine != theirs:
        yield Fault(
            found=f"at {show(own.name)} ({_names(mine)}) while {what} is at {show(other.name)} ({_names(theirs)})",
            allowed=f"the jurisdiction of {what}: {_names(theirs)}",
        )


def _place(resource: Resource, stack: Stack) -> Place | None:
    try:
        return settled(resource, stack)
    except Told:
        return None


def _names(found: frozenset[str | None]) -> str:
    return ", ".join(sorted(name or "outside" for name in found))


RULE = Rule(
    id="RES-009",
    title="parent and child agree",
    clause=control("RES-009", "JUR-2"),
    severity=Severity.CRITICAL,
    allowed="one jurisdiction for a resource and all that it belongs to",
    fix="make both with the same provider",
    stack=_check,
)
