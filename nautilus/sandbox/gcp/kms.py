"""Cloud KMS: key rings, keys and their grants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import address, bare, digest, known, part
from nautilus.sandbox.gcp.places import KMS_WIDE, REGIONS
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.gcp.rules import DAY_S
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,63}")
_SYMMETRIC: Final = "GOOGLE_SYMMETRIC_ENCRYPTION"
_ALGORITHMS: Final = {
    "ENCRYPT_DECRYPT": (_SYMMETRIC, "EXTERNAL_SYMMETRIC_ENCRYPTION"),
    "ASYMMETRIC_SIGN": ("RSA_SIGN_", "EC_SIGN_", "PQ_SIGN_"),
    "ASYMMETRIC_DECRYPT": ("RSA_DECRYPT_",),
    "MAC": ("HMAC_",),
    "RAW_ENCRYPT_DECRYPT": ("AES_",),
    "KEY_ENCAPSULATION": ("ML_KEM_", "KEM_"),
}
"""How the algorithms of a purpose begin (Cloud KMS documentation, "Key purposes and algorithms")."""


def _name(request: Request) -> Iterator[Problem]:
    name = known(request, "name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name} is not 1 to 63 letters, digits, _ and -")


def _location(request: Request) -> Iterator[Problem]:
    place = known(request, "location")
    if isinstance(place, str) and place not in REGIONS | KMS_WIDE:
        yield Problem(path="location", reason=f"Cloud KMS has no location {place}")


def _key(request: Request) -> Iterator[Problem]:
    ring = known(request, "keyRing")
    if isinstance(ring, str) and not re.fullmatch(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+", bare(ring)):
        yield Problem(path="keyRing", reason="not a key ring such as projects/p/locations/l/keyRings/r")
    yield from rules.exists(request, "keyRing", ring, "key ring")
    purpose = known(request, "purpose") or ("ENCRYPT_DECRYPT" if request.inputs.get("purpose") is not UNKNOWN else None)
    if known(request, "rotationPeriod") is not None and purpose not in {None, "ENCRYPT_DECRYPT"}:
        yield Problem(path="rotationPeriod", reason=f"a key for {purpose} is not rotated by itself")
    # The API's own bounds: a day and more, and 24 hours to 120 days.
    yield from rules.duration_s("rotationPeriod", known(request, "rotationPeriod"), DAY_S, 100 * 365 * DAY_S)
    yield from rules.duration_s("destroyScheduledDuration", known(request, "destroyScheduledDuration"), DAY_S, 120 * DAY_S)
    template = known(request, "versionTemplate")
    if isinstance(template, Mapping):
        algorithm = template.get("algorithm")
        if isinstance(algorithm, str) and purpose in _ALGORITHMS and not algorithm.startswith(_ALGORITHMS[purpose]):
            yield Problem(path="versionTemplate.algorithm", reason=f"{algorithm} is not an algorithm for {purpose}")
        external = str(template.get("protectionLevel")).startswith("EXTERNAL")
        if external and algorithm == _SYMMETRIC:
            yield Problem(path="versionTemplate.algorithm", reason="an external key has EXTERNAL_SYMMETRIC_ENCRYPTION")


def _granted(request: Request) -> Iterator[Problem]:
    yield from rules.exists(request, "cryptoKeyId", known(request, "cryptoKeyId"), "crypto key")


def _ring_id(request: Request) -> str:
    parts = address(request)
    return f"projects/{parts['project']}/locations/{parts['location']}/keyRings/{parts['name']}"


def _key_id(request: Request) -> str:
    return f"{bare(request.inputs['keyRing'])}/cryptoKeys/{address(request)['name']}"


def _key_outputs(request: Request, made: str) -> Mapping[str, Any]:
    return {
        "primaries": [{"name": f"{made}/cryptoKeyVersions/1", "state": "ENABLED"}],
        "location": part(request.inputs["keyRing"], "locations"),
    }


def _etag(request: Request, _made: str) -> Mapping[str, Any]:
    return {"etag": digest(request.seed, 12)}


ROWS: Final = (
    Row(
        type="gcp:kms/keyRing:KeyRing",
        schema="cloudkms.v1:KeyRing",
        id=_ring_id,
        replace_on="name project location",
        rules=(_name, _location),
    ),
    Row(
        type="gcp:kms/cryptoKey:CryptoKey",
        schema="cloudkms.v1:CryptoKey",
        id=_key_id,
        replace_on="name keyRing purpose importOnly destroyScheduledDuration cryptoKeyBackend skipInitialVersionCreation",
        rules=(_name, _key),
        outputs=_key_outputs,
        labels="labels",
        defaults="name",
    ),
    Row(
        type="gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        id="{cryptoKeyId}/{role}/{member}",
        replace_on="cryptoKeyId role member condition",
        rules=(rules.member, _granted),
        outputs=_etag,
        defaults="",
        shared=True,
    ),
)
