"""KEY-009: a cluster's secrets are envelope-encrypted under a key of ours before they reach its database (KEY-1)."""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show

_EKS = "aws:eks/cluster:Cluster"
_GKE = "gcp:container/cluster:Cluster"
_AKS = "azure-native:containerservice:ManagedCluster"


def _check(resource: Resource, _law: Law) -> Iterator[Fault]:
    props = resource.props
    if resource.type == _EKS:
        key = "encryptionConfig.provider.keyArn"
        if "secrets" not in props.texts("encryptionConfig.resources"):
            yield Fault("encryptionConfig.resources without secrets", allowed="encryptionConfig.resources: [secrets]")
    elif resource.type == _GKE:
        key = "databaseEncryption.keyName"
        if (state := props.text("databaseEncryption.state")) != "ENCRYPTED":
            yield Fault(f"databaseEncryption.state is {show(state)}", allowed="databaseEncryption.state: ENCRYPTED")
    else:
        key = "securityProfile.azureKeyVaultKms.keyId"
        if not props.flag("securityProfile.azureKeyVaultKms.enabled"):
            yield Fault("securityProfile.azureKeyVaultKms.enabled is not true", allowed="azureKeyVaultKms.enabled: true")
    if not props.present(key):
        yield Fault(f"no {key}", allowed=f"{key}: the placement's cluster key")


RULE = Rule(
    id="KEY-009",
    title="cluster secrets envelope-encrypted",
    clause=control("KEY-009", "KEY-1"),
    severity=Severity.CRITICAL,
    allowed="envelope encryption of secrets under the placement's cluster key",
    fix="hand keys[Purpose.CLUSTER] of the placement to the cluster component",
    resource=_check,
    types=frozenset({_EKS, _GKE, _AKS}),
)
