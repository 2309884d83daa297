"""The few places where moto is mended so that it tells the truth or does not waste time.

Guarantees that a rotation period is kept and shown, that a symmetric key makes no RSA pair, that a
protected log group is kept, that AWS's own managed policies are there and read once for all accounts, and that a response
class is not searched anew at each call. Everything
else of moto is used as it is; what it cannot do is a model-checked row.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Final, cast

from moto.core import responses
from moto.core.config import default_user_config
from moto.core.exceptions import JsonRESTError
from moto.eks import models as eks_models
from moto.iam import models as iam_models
from moto.kms import models as kms_models
from moto.kms.responses import KmsResponse
from moto.logs import models as logs_models

from nautilus.sandbox.handler import Value

_DEFAULT_ROTATION_DAYS: Final = 365
"""Source: KMS API reference, EnableKeyRotation, RotationPeriodInDays."""
_private_key = kms_models.generate_private_key
_enable = KmsResponse.enable_key_rotation
_describe = logs_models.LogGroup.to_describe_dict
_delete = logs_models.LogsBackend.delete_log_group


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


@functools.cache
def _managed_policies() -> Mapping[str, Value]:
    return cast("Mapping[str, Value]", json.loads(iam_models.aws_managed_policies_data))


def _init_aws_policies(backend: Value) -> list[Value]:
    """Give an account AWS's own policies, whose text moto would parse again for each account."""
    make = iam_models.AWSManagedPolicy.from_data
    return [make(name, backend.account_id, backend.region_name, data) for name, data in _managed_policies().items()]


def _describe_log_group(group: Value) -> dict[str, Value]:
    """Say whether a log group is protected, which moto does not know."""
    return {**_describe(group), "deletionProtectionEnabled": getattr(group, "deletion_protection", False)}


def _delete_log_group(backend: Value, log_group_name: str) -> None:
    """Keep a protected log group, whoever asks. Source: CloudWatch Logs API reference, PutLogGroupDeletionProtection."""
    if getattr(backend.groups.get(log_group_name), "deletion_protection", False):
        raise JsonRESTError("ValidationException", f"{log_group_name} has deletion protection: disable it first")
    _delete(backend, log_group_name)


def apply() -> None:
    """Mend moto; doing it again changes nothing."""
    default_user_config["iam"]["load_aws_managed_policies"] = True
    if not hasattr(eks_models.validate_role_arn, "cache_info"):  # it builds a boto3 session each time: 0.3 s
        eks_models.validate_role_arn = functools.cache(eks_models.validate_role_arn)
    if not hasattr(responses.method_names_from_class, "cache_info"):  # 13 % of every call
        responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    iam_models.IAMBackend._init_aws_policies = _init_aws_policies
    logs_models.LogGroup.to_describe_dict = _describe_log_group
    logs_models.LogsBackend.delete_log_group = _delete_log_group
    kms_models.generate_private_key = _generate_private_key
    KmsResponse.enable_key_rotation = _enable_key_rotation
    KmsResponse.get_key_rotation_status = _get_key_rotation_status
