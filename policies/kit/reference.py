"""What a reference to another resource tells of where that resource is: the one parser a cloud.

Guarantees that only what stands in the text is used: an Azure id names a subscription and no region, so it gives none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from config.model import Cloud

_GCP_PART: Final = re.compile(r"(?:^|/)(locations|regions|zones)/([a-z0-9-]+)(?:/|$)")
_GCP_PROJECT: Final = re.compile(r"(?:^|/)projects/([a-z0-9:.-]+)(?:/|$)")
_AZURE: Final = re.compile(r"^/subscriptions/([0-9a-f-]{36})(?:/|$)", re.IGNORECASE)
_ARN_PARTS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a reference says: the cloud, its region (None where it tells none) and its account (None likewise)."""

    cloud: Cloud
    region: str | None
    account: str | None


def read(text: str) -> Reference | None:
    """Read an AWS ARN, a GCP id, self-link or destination, or an Azure id; None for anything else."""
    if text.startswith("arn:"):
        parts = text.split(":", _ARN_PARTS - 1)
        if len(parts) < _ARN_PARTS:
            return None
        return Reference(cloud=Cloud.AWS, region=parts[3] or None, account=parts[4] or None)
    if (azure := _AZURE.match(text)) is not None:
        return Reference(cloud=Cloud.AZURE, region=None, account=azure.group(1).lower())
    project = _GCP_PROJECT.search(text)
    if project is None:
        return None
    part = _GCP_PART.search(text)
    region = None
    if part is not None:
        region = part.group(2).rsplit("-", 1)[0] if part.group(1) == "zones" else part.group(2)
    return Reference(cloud=Cloud.GCP, region=region, account=project.group(1))
