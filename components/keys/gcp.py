"""Cloud KMS keys of one placement: regional, HSM-backed, rotated, usable by named service agents only (KEY-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_gcp as gcp

from components.keys.args import KeysArgs, Purpose
from components.labels import for_gcp
from components.provider import gcp_names
from components.provider.gcp_names import ServiceAgent
from config.model import KeyProtection

_DAY_S = 24 * 60 * 60

_PROTECTION = {KeyProtection.HSM: "HSM", KeyProtection.SOFTWARE: "SOFTWARE"}

_USERS: Mapping[Purpose, tuple[ServiceAgent, ...]] = {
    Purpose.CLUSTER: (ServiceAgent.CONTAINER,),
    Purpose.VOLUMES: (ServiceAgent.COMPUTE,),
    Purpose.LOGS: (ServiceAgent.LOGGING,),
    Purpose.DATA: (ServiceAgent.STORAGE,),
}
"""Who encrypts under a key: the service that holds the data, and no other."""


class GcpKeys(pulumi.ComponentResource):
    """A key ring in the location's own region and one key a purpose, each with its own grants (KEY-1).

    Guarantees that key material stays in one region (Cloud KMS confines it to the ring's location), that a key rotates
    within the jurisdiction's limit, and that each is usable by the service agents of its purpose and administered by
    another principal who cannot decrypt. `keys` gives a key only once its grants exist. A key ring can never be deleted
    from a project: destroying the stack destroys the key versions after the deletion window.
    It makes no signing keys, no external keys, and turns no data-access log on.
    """

    keys: Mapping[Purpose, pulumi.Output[str]]
    """Purpose to crypto key id (`projects/…/locations/…/keyRings/…/cryptoKeys/…`)."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the ring and the keys. Raises ValueError where the account has no project number."""
        super().__init__("nautilus:keys:GcpKeys", name, None, opts)
        self._args = args
        self._guard = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        self.ring = gcp.kms.KeyRing(
            f"{name}-ring",
            name=gcp_names.short(f"{name}-ring", 63),
            project=args.account.id,
            location=args.location.region,
            opts=self._guard,
        )
        self.keys = MappingProxyType({purpose: self._key(name, purpose) for purpose in args.purposes})
        self.register_outputs({"keys": {str(purpose): key for purpose, key in self.keys.items()}})

    def _key(self, name: str, purpose: Purpose) -> pulumi.Output[str]:
        rules = self._args.rules
        role = f"{name}-{purpose}"
        key = gcp.kms.CryptoKey(
            role,
            name=gcp_names.short(role, 63),
            key_ring=self.ring.id,
            purpose="ENCRYPT_DECRYPT",
            import_only=False,
            rotation_period=f"{rules.rotation_days * _DAY_S}s",
            destroy_scheduled_duration=f"{rules.deletion_window_days * _DAY_S}s",
            version_template={"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protection_level": _PROTECTION[rules.protection]},
            labels={**for_gcp(self._args.labels), "nautilus-purpose": str(purpose)},
            opts=self._guard,
        )
        grants = [
            self._grant(
                f"{role}-{service.name.lower()}",
                key,
                "roles/cloudkms.cryptoKeyEncrypterDecrypter",
                gcp_names.agent(self._args.account, service),
            )
            for service in _USERS[purpose]
        ]
        self._grant(
            f"{role}-administrators", key, "roles/cloudkms.admin", gcp_names.member(self._args.account.administrators)
        )
        return pulumi.Output.all(key.id, *[grant.id for grant in grants]).apply(lambda found: str(found[0]))

    def _grant(self, name: str, key: gcp.kms.CryptoKey, role: str, who: str) -> gcp.kms.CryptoKeyIAMMember:
        return gcp.kms.CryptoKeyIAMMember(
            name, crypto_key_id=key.id, role=role, member=who, opts=pulumi.ResourceOptions(parent=self)
        )
