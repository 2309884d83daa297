"""KEY-006: a key's policy or grant names exact principals of its own account, no wildcard and nobody foreign (KEY-1, SEC-1).

On Azure a key is reached by role assignments, and one at a wide scope reaches keys as well, so all of them are looked at, in
the stack: an identity's principal id is not known before it exists.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.location import provider_place
from policies.kit.props import UNKNOWN_AT_PREVIEW, Undecided
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show
from policies.rules.keys.principals import aws_reason, aws_reasons, gcp_reason

_POLICIES = frozenset(
    {
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/key:Key",
        "aws:kms/keyPolicy:KeyPolicy",
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
        "aws:kms/replicaKey:ReplicaKey",
    }
)
_GRANT = "aws:kms/grant:Grant"
_MEMBER = frozenset({"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "gcp:kms/keyRingIAMMember:KeyRingIAMMember"})
_BINDING = frozenset({"gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", "gcp:kms/keyRingIAMBinding:KeyRingIAMBinding"})
_GCP_POLICY = frozenset({"gcp:kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy", "gcp:kms/keyRingIAMPolicy:KeyRingIAMPolicy"})
_VAULT = "azure-native:keyvault:Vault"
_ASSIGNMENT = "azure-native:authorization:RoleAssignment"
_IDENTITIES = frozenset(
    {
        "azure-native:compute:DiskEncryptionSet",
        "azure-native:containerservice:ManagedCluster",
        "azure-native:managedidentity:UserAssignedIdentity",
        "azure-native:storage:StorageAccount",
    }
)


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    account, place, props = law.own_account(resource), provider_place(resource), resource.props
    where = law.jurisdiction_of(place.id) if place is not None else None
    if resource.type in _POLICIES:
        policy = props.decoded("policy")
        reasons = aws_reasons(policy, account, where, law) if policy is not None else iter(("no policy is written",))
    elif resource.type == _GRANT:
        names = [name for path in ("granteePrincipal", "retiringPrincipal") if (name := props.text(path)) is not None]
        found = (aws_reason("AWS", name, account, where, law) for name in names)
        reasons = (reason for reason in found if reason is not None)
    else:
        if resource.type in _MEMBER:
            members: tuple[str, ...] = (props.text("member") or "",)
        else:
            members = props.texts("members") if resource.type in _BINDING else _policy_members(resource)
        reasons = (reason for member in members if (reason := gcp_reason(member, account)) is not None)
    for reason in reasons:
        yield Fault(reason, allowed=f"principals of {account.id} and services of its jurisdiction")


def _policy_members(resource: Resource) -> tuple[str, ...]:
    data = resource.props.decoded("policyData")
    bindings = data.get("bindings", []) if isinstance(data, dict) else []
    return tuple(str(member) for binding in bindings for member in binding.get("members", []))


def _check_azure(resource: Resource, law: Law) -> Iterator[Fault]:
    account = law.own_account(resource)
    for props in (resource.props, *resource.props.each("properties.accessPolicies")):
        path = "properties.tenantId" if props is resource.props else "tenantId"
        if (tenant := props.text(path)) is None or tenant.lower() != (account.tenant or "").lower():
            yield Fault(f"{path} is {show(tenant)}", allowed=f"tenant {account.tenant!r}")


def _dispatch(resource: Resource, law: Law) -> Iterator[Fault]:
    if resource.type == _VAULT:
        yield from _check_azure(resource, law)
    elif resource.type != _ASSIGNMENT:
        yield from _check(resource, law)


def _check_stack(resource: Resource, stack: Stack, law: Law) -> Iterator[Fault]:
    if resource.type != _ASSIGNMENT:
        return
    account = law.own_account(resource)
    identities = [found for found in stack.sources(resource, "principalId") if found.type in _IDENTITIES]
    if identities:
        for found in identities:
            if law.own_account(found).id != account.id:
                yield Fault(f"{found.name} is of the foreign subscription {law.own_account(found).id}")
        return
    if not resource.props.known("principalId"):
        raise Undecided("principalId", UNKNOWN_AT_PREVIEW)
    principal = resource.props.text("principalId")
    if principal is None or principal.lower() not in (account.administrators.lower(), account.deployer.lower()):
        yield Fault(
            f"principalId is {show(principal)}", allowed=f"an identity of this stack, or the administrators of {account.id}"
        )


RULE = Rule(
    id="KEY-006",
    title="no wildcard or foreign principal in key policies",
    clause=control("KEY-006", "KEY-1, SEC-1"),
    severity=Severity.CRITICAL,
    allowed="exact principals of the key's own account",
    fix="name each principal in full, out of the account that the catalogue gives the jurisdiction",
    resource=_dispatch,
    stack=_check_stack,
    types=_POLICIES | _MEMBER | _BINDING | _GCP_POLICY | {_GRANT, _VAULT, _ASSIGNMENT},
)
