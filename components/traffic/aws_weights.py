"""Whole weights from shares, for records that take no fractions (DNS-3).

Guarantees the same weights for the same shares, and that they sum to WHOLE. It does not decide the shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

WHOLE: Final = 100
"""What weights sum to, so that they read as percent; Route 53 takes 0 to 255 a record."""


def weights(shares: Mapping[str, float]) -> Mapping[str, int]:
    """Give the weights by key, by largest remainder; of equal remainders the first key goes first.

    `shares` are 0 or more, of any sum. Raises ValueError where none is above 0: Route 53 would then serve all of them alike,
    whatever was meant.
    """
    exact = {key: Fraction(share).limit_denominator(10**9) for key, share in shares.items()}
    if any(share < 0 for share in exact.values()):
        raise ValueError(f"shares {dict(shares)}: a share is not below 0")
    total = sum(exact.values())
    if not total:
        raise ValueError(f"shares {dict(shares)}: none is above 0, which records would read as all alike")
    quotas = {key: share * WHOLE / total for key, share in exact.items()}
    whole = {key: int(quota) for key, quota in quotas.items()}
    rest = WHOLE - sum(whole.values())
    for key in sorted(quotas, key=lambda one: (whole[one] - quotas[one], one))[:rest]:
        whole[key] += 1
    return {key: whole[key] for key in shares}
