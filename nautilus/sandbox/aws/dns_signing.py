"""Key-signing keys and the signature of a zone (DNSSEC).

Guarantees that a key is one that Route 53 can sign with and may use, that a zone has two of them at most and is signed only
with an active one. moto has neither, so these are model-checked. Nothing is signed: key tag and digests depend on the key
alone and are no real ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, policy
from nautilus.sandbox.aws.call import Call, send
from nautilus.sandbox.aws.dns_zone import HOME, look_zone
from nautilus.sandbox.aws.row import Raw, Row, made, unless_gone
from nautilus.sandbox.handler import UNKNOWN, Fidelity, Problem, Refused

_SIGNER: Final = "aws:route53/keySigningKey:KeySigningKey"
_SIGNED: Final = "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"
_SPEC: Final = "ECC_NIST_P256"
_ACTIONS: Final = ("kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:CreateGrant")
_SERVICE: Final = "dnssec-route53.amazonaws.com"
"""Source: Route 53 developer guide, "Working with customer managed keys for DNSSEC"."""
_MOST: Final = 2
_STATES: Final = ("ACTIVE", "INACTIVE")
_SIGNINGS: Final = ("SIGNING", "NOT_SIGNING")


def _there(call: Call) -> Raw | None:
    zone = look_zone(call, str(call.get("hostedZoneId")))
    return {} if zone is not None and made(call, call.id) else None


def _signers(call: Call) -> list[Mapping[str, Any]]:
    return [one for one in call.request.among(_SIGNER) if one.get("hostedZoneId") == call.get("hostedZoneId")]


def _signer_params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    given = send("hostedZoneId keyManagementServiceArn name")(inputs)
    return {"CallerReference": "sandbox", "Status": inputs.get("status", "ACTIVE"), "Name": UNKNOWN, **given}


def _refuse_signer(call: Call) -> Iterator[Problem]:
    if "name" not in call.inputs:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    status = call.get("status", "ACTIVE")
    if status not in _STATES:
        yield Problem(path="status", reason=f"{status!r} is neither ACTIVE nor INACTIVE")
    arn = call.get("keyManagementServiceArn")
    if isinstance(arn, str) and arn.split(":")[3:4] != [HOME]:
        yield Problem(path="keyManagementServiceArn", reason=f"is not in {HOME}, the only region of signing keys")


def _guard_signer(call: Call) -> Iterator[Problem]:
    if look_zone(call, call.get("hostedZoneId")) is None:
        yield Problem(path="hostedZoneId", reason=f"zone {call.get('hostedZoneId')} does not exist (NoSuchHostedZone)")
    if len(_signers(call)) >= _MOST:
        yield Problem(path="hostedZoneId", reason=f"the zone has {_MOST} key-signing keys, as many as it may")
    if any(one.get("name") == call.get("name") for one in _signers(call)):
        yield Problem(path="name", reason=f"{call.get('name')} is another key's there (KeySigningKeyAlreadyExists)")
    for reason in _key_reasons(call, str(call.get("keyManagementServiceArn"))):
        yield Problem(path="keyManagementServiceArn", reason=reason)


def _key_reasons(call: Call, arn: str) -> Iterator[str]:
    def ask(operation: str, **params: Any) -> dict[str, Any] | None:  # noqa: ANN401 - boto3's own parameters
        return unless_gone(lambda: emulator.call("kms", operation, call.account, HOME, params), "NotFoundException")

    answer = ask("describe_key", KeyId=arn)
    if answer is None:
        yield f"{arn} does not exist (InvalidKMSArn)"
        return
    key = answer["KeyMetadata"]
    if key["KeySpec"] != _SPEC or key["KeyUsage"] != "SIGN_VERIFY":
        yield f"is {key['KeySpec']} for {key['KeyUsage']}, not {_SPEC} for SIGN_VERIFY (InvalidKMSArn)"
    if key.get("MultiRegion"):
        yield "is a multi-Region key, which Route 53 does not take"
    if key["KeyState"] != "Enabled":
        yield f"is {key['KeyState']}, not Enabled"
    text = (ask("get_key_policy", KeyId=arn, PolicyName="default") or {})["Policy"]
    probe = Call(request=call.request, service="kms")
    probe.inputs = {"policy": text}
    parsed = policy.document(probe, "policy")
    lacking = [action for action in _ACTIONS if not policy.allows_service(parsed, _SERVICE, action)]
    if lacking:
        yield f"its policy does not let {_SERVICE} do {', '.join(lacking)}"


def _show_signer(call: Call, _raw: Raw) -> dict[str, object]:
    digits = emulator.digest(str(call.get("keyManagementServiceArn")), str(call.get("name")))
    tag = int(digits[:4], 16)
    return {
        "algorithm": "ECDSAP256SHA256",
        "signingAlgorithmMnemonic": "ECDSAP256SHA256",
        "signingAlgorithmType": 13,
        "digestAlgorithmMnemonic": "SHA-256",
        "digestAlgorithmType": 2,
        "digestValue": digits.upper(),
        "dsRecord": f"{tag} 13 2 {digits.upper()}",
        "dnskeyRecord": f"257 3 13 {digits}",
        "publicKey": digits,
        "flag": 257,
        "keyTag": tag,
        "status": call.get("status", "ACTIVE"),
    }


def _guard_signed(call: Call) -> Iterator[Problem]:
    zone = call.get("hostedZoneId")
    if look_zone(call, zone) is None:
        yield Problem(path="hostedZoneId", reason=f"zone {zone} does not exist (NoSuchHostedZone)")
    active = any(one.get("status", "ACTIVE") == "ACTIVE" for one in _signers(call))
    if call.get("signingStatus", "SIGNING") == "SIGNING" and not active:
        yield Problem(path="hostedZoneId", reason="has no active key-signing key (KeySigningKeyWithActiveStatusNotFound)")


def _refuse_signed(call: Call) -> Iterator[Problem]:
    status = call.get("signingStatus", "SIGNING")
    if status not in _SIGNINGS:
        yield Problem(path="signingStatus", reason=f"{status!r} is neither SIGNING nor NOT_SIGNING")


def _drop_signer(call: Call) -> None:
    signed = [one for one in call.request.among(_SIGNED) if one.get("hostedZoneId") == call.get("hostedZoneId")]
    if signed and len(_signers(call)) == 0:
        raise Refused("the zone is signed with it: stop signing first", code="KeySigningKeyInUse")


ROWS: Final = (
    Row(
        type=_SIGNER,
        service="route53",
        operation="create_key_signing_key",
        params=_signer_params,
        make=lambda call: f"{call.get('hostedZoneId')},{call.get('name')}",
        look=_there,
        show=_show_signer,
        drop=_drop_signer,
        refuse=_refuse_signer,
        guard=_guard_signer,
        replace_on="hostedZoneId keyManagementServiceArn name",
        fidelity=Fidelity.MODEL_CHECKED,
        regional=False,
    ),
    Row(
        type=_SIGNED,
        service="route53",
        operation="enable_hosted_zone_dnssec",
        params=send("hostedZoneId"),
        make=lambda call: f"{call.get('hostedZoneId')},dnssec",
        look=_there,
        show=lambda call, _raw: {"signingStatus": call.get("signingStatus", "SIGNING")},
        drop=lambda _call: None,
        refuse=_refuse_signed,
        guard=_guard_signed,
        guard_updates=True,
        replace_on="hostedZoneId",
        fidelity=Fidelity.MODEL_CHECKED,
        regional=False,
    ),
)
