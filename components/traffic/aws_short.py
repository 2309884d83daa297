"""Physical names of load balancers and accelerators on AWS, within what these services allow.

Guarantees that the same name always gives the same result, and different names different ones as far as six digits of a
digest tell. It does not look whether a name is taken.
"""

from __future__ import annotations

import hashlib
from typing import Final

BALANCER_NAME: Final = 32
"""Longest name of a load balancer and of a target group, characters (ELB API, CreateLoadBalancer, CreateTargetGroup)."""

ACCELERATOR_NAME: Final = 64
"""Longest name of an accelerator, characters (Global Accelerator API, CreateAccelerator)."""

_DIGITS: Final = 6


def short(name: str, limit: int = BALANCER_NAME) -> str:
    """Give a name of at most `limit` characters: itself, or its end behind a digest of the whole.

    `name` holds letters, digits and single hyphens; `limit` is at least 16. A name's end tells most. The
    result starts with a letter.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
    return f"n{digest}-{name[-(limit - _DIGITS - 2) :].strip('-')}"
