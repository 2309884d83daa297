"""The few places where moto is mended so that it tells the truth or does not waste time.

Guarantees that a rotation period is kept and shown, that a symmetric key makes no RSA pair, and that AWS's own
managed policies are there. Everything else of moto
is used as it is; what it cannot do is a model-checked row.
"""

from __future__ import annotations

import functools
import json
from typing import Final, cast

from moto.core.config import default_user_config
from moto.eks import models as eks_models
from moto.kms import models as kms_models
from moto.kms.responses import KmsResponse

from nautilus.sandbox.handler import Value

_DEFAULT_ROTATION_DAYS: Final = 365
"""Source: KMS API reference, EnableKeyRotation, RotationPeriodInDays."""
_private_key = kms_models.generate_private_key
_enable = KmsResponse.enable_key_rotation


@functools.cache
def _unused_private_key() -> Value:
    return _private_key("SYMMETRIC_DEFAULT")


def _generate_private_key(key_spec: str) -> Value:
    """Spare symmetric keys the RSA pair that moto makes for them (28 to 90 ms) and never uses."""
    return _unused_private_key() if key_spec in {"SYMMETRIC_DEFAULT", ""} else _private_key(key_spec)


def _key(response: Value) -> Value:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]


def _enable_key_rotation(response: Value) -> str:
    """Keep the period that moto drops."""
    answer = cast("str", _enable(response))
    _key(response).rotation_period_days = response._get_param("RotationPeriodInDays") or _DEFAULT_ROTATION_DAYS
    return answer


def _get_key_rotation_status(response: Value) -> str:
    """Answer with the period while rotation is on, as KMS does."""
    response._validate_cmk_id(response._get_param("KeyId"))
    key = _key(response)
    status = {"KeyId": key.id, "KeyRotationEnabled": key.key_rotation_status}
    if key.key_rotation_status:
        status["RotationPeriodInDays"] = getattr(key, "rotation_period_days", _DEFAULT_ROTATION_DAYS)
    return json.dumps(status)


def apply() -> None:
    """Mend moto; doing it again changes nothing."""
    default_user_config["iam"]["load_aws_managed_policies"] = True
    if not hasattr(eks_models.validate_role_arn, "cache_info"):  # it builds a boto3 session each time: 0.3 s
        eks_models.validate_role_arn = functools.cache(eks_models.validate_role_arn)
    kms_models.generate_private_key = _generate_private_key
    KmsResponse.enable_key_rotation = _enable_key_rotation
    KmsResponse.get_key_rotation_status = _get_key_rotation_status
