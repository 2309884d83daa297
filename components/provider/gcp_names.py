"""How Nautilus' names and principals are spelt on Google Cloud, in this one place.

Guarantees that names fit Google's rules and that the same input always gives the same name. It does not look
anything up: a service agent's address is made from the project number, as Google documents it.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from config.model import Account

PRIVATE_API_RANGE = "199.36.153.4/30"
"""The addresses of restricted.googleapis.com (Virtual Private Cloud documentation, Private Google Access, 2026-11)."""

PRIVATE_API_ADDRESSES = ("199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7")
"""The four addresses of PRIVATE_API_RANGE, as DNS answers them."""


class ServiceAgent(StrEnum):
    """Google's own service accounts that act in a project; `{number}` is the project's number.

    Source: IAM documentation, "Service agents"; Cloud Logging documentation, "Configure CMEK for log buckets" (2026-11).
    """

    CONTAINER = "service-{number}@container-engine-robot.iam.gserviceaccount.com"
    COMPUTE = "service-{number}@compute-system.iam.gserviceaccount.com"
    LOGGING = "cmek-p{number}@gcp-sa-logging.iam.gserviceaccount.com"
    STORAGE = "service-{number}@gs-project-accounts.iam.gserviceaccount.com"


def agent(account: Account, service: ServiceAgent) -> str:
    """Give the IAM member of a service agent of the account's project. Raises ValueError without a project number."""
    if account.number is None:
        raise ValueError(f"GCP project {account.id} has no number: give `number` in the environment's accounts")
    return f"serviceAccount:{service.value.format(number=account.number)}"


def member(principal: str) -> str:
    """Give the IAM member of a principal: one that names its kind as it is, a service account, else a group.

    `principal` is `group:…` or `serviceAccount:…`, or a bare address. Raises ValueError for principals that cover people
    or workloads no one named (`allUsers`, `domain:…`), and for single users (KEY-1, SEC-1).
    """
    kind, separator, _ = principal.partition(":")
    if separator and kind in {"group", "serviceAccount", "principal"}:
        return principal
    if separator or "@" not in principal:
        raise ValueError(
            f"{principal} is not a service account or a group: allUsers, domains and single users are not given access"
        )
    return f"serviceAccount:{principal}" if principal.endswith(".gserviceaccount.com") else f"group:{principal}"


def short(name: str, limit: int) -> str:
    """Give a name of at most `limit` characters: the name itself, or its start and a digest of the whole.

    `limit` is at least 16. The result starts with a letter where the name does and never ends with a hyphen.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: limit - 7].rstrip('-')}-{digest}"


def log_bucket(project: str, location: str, bucket: str) -> str:
    """Give a log bucket's address as a sink's destination."""
    return f"logging.googleapis.com/projects/{project}/locations/{location}/buckets/{bucket}"


def interconnect_location(project: str, facility: str) -> str:
    """Give the link of a colocation facility where leased ports meet Google's network, such as `iad-zone1-1`."""
    return f"https://www.googleapis.com/compute/v1/projects/{project}/global/interconnectLocations/{facility}"
