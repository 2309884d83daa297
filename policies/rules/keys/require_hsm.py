"""KEY-005: key material is held in the cloud's own HSMs where its jurisdiction's rules ask for it (KEY-1).

AWS KMS keeps every key that it generates in HSMs (FIPS 140-3 level 3, AWS KMS documentation), so what is refused there is
material from elsewhere: imported, in an external store, or in a custom store that this rule cannot see into. External
protection is refused on every cloud, whatever the jurisdiction asks: that material lies nobody knows where.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.model import KeyProtection
from policies.kit.law import Law
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, cite, control, show

_AWS = "aws:kms/key:Key"
_IMPORTED = frozenset({"aws:kms/externalKey:ExternalKey", "aws:kms/replicaExternalKey:ReplicaExternalKey"})
_GCP = "gcp:kms/cryptoKey:CryptoKey"
_KEY = "azure-native:keyvault:Key"
_VAULT = "azure-native:keyvault:Vault"
_LEVELS = {KeyProtection.HSM: ("HSM", "HSM_SINGLE_TENANT"), KeyProtection.SOFTWARE: ("HSM", "HSM_SINGLE_TENANT", "SOFTWARE")}


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    home = law.home(resource)
    for fault in _faults(resource, home.keys.protection):
        yield Fault(found=fault.found, allowed=fault.allowed, clause=cite(home.keys.clause))


def _faults(resource: Resource, wanted: KeyProtection) -> Iterator[Fault]:
    props = resource.props
    if resource.type in _IMPORTED:
        yield Fault("imported key material", allowed="a key that KMS generates in its own HSMs")
    elif resource.type == _AWS:
        for path in ("customKeyStoreId", "xksKeyId"):
            if props.present(path):
                yield Fault(f"{path} is set: the material is held outside KMS", allowed="no custom or external key store")
    elif resource.type == _GCP:
        level = props.text("versionTemplate.protectionLevel") or "SOFTWARE"  # Cloud KMS' own default
        if level not in _LEVELS[wanted]:
            yield Fault(f"protectionLevel is {show(level)}", allowed=f"protectionLevel: {' or '.join(_LEVELS[wanted])}")
        if props.flag("importOnly"):
            yield Fault("importOnly is true: imported key material", allowed="importOnly: false")
    elif wanted is KeyProtection.HSM and resource.type == _KEY:
        kind = props.text("properties.kty")
        if kind is None or not kind.lower().endswith("-hsm"):
            yield Fault(f"kty is {show(kind)}", allowed="kty: RSA-HSM or EC-HSM")
    elif wanted is KeyProtection.HSM:
        sku = props.text("properties.sku.name")
        if (sku or "").lower() != "premium":
            yield Fault(f"the vault's sku is {show(sku)}", allowed="properties.sku.name: premium")


RULE = Rule(
    id="KEY-005",
    title="HSM protection for restricted data",
    clause=control("KEY-005", "KEY-1"),
    severity=Severity.CRITICAL,
    allowed="key material generated and held in the cloud's HSMs",
    fix="set the protection from the jurisdiction's keys.protection",
    resource=_check,
    types=_IMPORTED | {_AWS, _GCP, _KEY, _VAULT},
)
