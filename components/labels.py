"""How Nautilus' labels are spelt on each cloud.

Guarantees that one map of labels becomes the tags or labels that the cloud takes, and that a value a cloud would
refuse or a policy could not compare is refused here. It does not decide which labels there are: the placement's
plan does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AWS_PREFIX: Final = "nautilus:"
"""What an AWS tag key starts with."""

PREFIX: Final = "nautilus-"
"""What a GCP label key and an Azure tag name start with; neither of them may hold a colon."""

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,53}")
"""Short enough to stay within GCP's 63 characters with the prefix."""

_VALUE: Final = re.compile(r"[a-z0-9-]{1,63}")
"""GCP's label rule, the narrowest of the three: lower-case letters, digits and hyphens, at most 63."""


def for_aws(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Give AWS tags: `nautilus:jurisdiction` and so on, in the order of the keys.

    Raises ValueError, naming key and value, for one that not every cloud takes.
    """
    return _spell(AWS_PREFIX, labels)


def for_gcp(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Give GCP labels: `nautilus-jurisdiction` and so on, in the order of the keys.

    Raises ValueError, naming key and value, for one that not every cloud takes.
    """
    return _spell(PREFIX, labels)


def for_azure(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Give Azure tags: `nautilus-jurisdiction` and so on, in the order of the keys.

    Raises ValueError, naming key and value, for one that not every cloud takes.
    """
    return _spell(PREFIX, labels)


def _spell(prefix: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    for key, value in labels.items():
        if not _KEY.fullmatch(key):
            raise ValueError(f"label key {key!r}: use lower-case letters, digits and hyphens, at most 54, a letter first")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"label {key} = {value!r}: use lower-case letters, digits and hyphens, 1 to 63 of them")
    return MappingProxyType({f"{prefix}{key}": labels[key] for key in sorted(labels)})
