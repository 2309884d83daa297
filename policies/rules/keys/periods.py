"""Periods as the clouds write them, in days.

Guarantees the longest reading of a calendar period (a month is 31 days, a year 366), so that no limit is passed by luck.
"""

from __future__ import annotations

import re
from typing import Final

_SECONDS_A_DAY: Final = 86_400
_SECONDS: Final = re.compile(r"^(\d+(?:\.\d+)?)s$")
_ISO: Final = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$")
_DAYS: Final = (366, 31, 7, 1)


def google_days(text: str) -> float | None:
    """Give the days of a duration such as `7776000s`, None where it is none."""
    found = _SECONDS.match(text)
    return float(found.group(1)) / _SECONDS_A_DAY if found else None


def iso_days(text: str) -> float | None:
    """Give the days of an ISO 8601 period in whole days such as `P90D` or `P3M`, None where it is none."""
    found = _ISO.match(text)
    if found is None or text == "P":
        return None
    return float(sum(int(part) * days for part, days in zip(found.groups(), _DAYS, strict=True) if part))
