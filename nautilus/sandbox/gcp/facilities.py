"""Colocation facilities where Dedicated Interconnect can be ordered, as data.

Guarantees that what is listed exists; a facility that is not listed is refused, so a new one is a number here. A facility
`iad-zone1-1` is number 1 of Ashburn in edge availability domain 1. All listed take 10 and 100 Gbit/s with MACsec; 400 is
left out. Source: Cloud Interconnect documentation, "Choose a colocation facility", updated 2026-04-02; the metropolitan
areas near regions, of North America, EMEA, Asia, India, Oceania and South America.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_BOTH: Final[Mapping[str, Mapping[str, tuple[int, ...]]]] = {
    "north-america": {
        "atl": (3725, 3853, 940),
        "cbf": (575,),
        "cmh": (2377,),
        "den": (389,),
        "dfw": (4,),
        "iad": (1, 5467),
        "las": (770,),
        "lax": (19, 333, 403, 8),
        "lga": (1422, 16, 36, 9),
        "ord": (440, 7),
        "pdx": (1922,),
        "phx": (1488, 917),
        "qro": (1778,),
        "sea": (86,),
        "sfo": (1619,),
        "sjc": (6,),
        "slc": (10938, 99001),
        "yul": (1944, 99002),
        "yyz": (2206, 392),
    },
    "south-america": {"gru": (1057, 165, 7580), "scl": (1779, 7594, 99014)},
    "emea": {
        "ams": (1236, 1320),
        "arn": (156, 208),
        "ber": (331, 478),
        "bru": (68,),
        "cdg": (1536, 181, 3342, 53),
        "dia": (99011, 99036),
        "dmm": (99049, 99055),
        "dub": (4484,),
        "fra": (277, 58, 683),
        "hem": (7098, 8128),
        "mad": (127, 130, 99037, 99038),
        "mil": (1974, 99034),
        "tlv": (99030, 99047),
        "trn": (99032, 99033),
        "waw": (2570, 509),
        "zrh": (1086, 81),
    },
    "asia": {
        "cgk": (5865, 8168),
        "hkg": (1118,),
        "kix": (2072, 1791),
        "nrt": (1893, 452, 599, 738),
        "sin": (2260, 388),
        "tsa": (2886, 456, 99004),
    },
    "india": {"bom": (2310, 554), "del": (1622, 2411), "maa": (4701, 552)},
    "oceania": {"mel": (1988, 4843), "per": (5749,), "syd": (1605, 1660)},
}
"""By area and metropolitan area: facilities that are in both edge availability domains."""

_ONE: Final = {"lhr-zone1-2262": "emea", "lhr-zone2-832": "emea", "mil-zone2-99013": "emea"}
"""Facilities in one domain only, with their area."""

FACILITIES: Final = _ONE | {
    f"{metro}-zone{domain}-{number}": area
    for area, metros in _BOTH.items()
    for metro, numbers in metros.items()
    for number in numbers
    for domain in (1, 2)
}
"""The area of every facility, by its name."""

_AREAS: Final = {
    "india": r"asia-south\d+",
    "asia": r"asia-.*",
    "north-america": r"(us|northamerica)-.*",
    "south-america": r"southamerica-.*",
    "emea": r"(europe|me)-.*",
    "oceania": r"australia-.*",
}


def area(region: str) -> str | None:
    """Give the area whose facilities a region's attachments may use, None for a region of no area."""
    return next((name for name, pattern in _AREAS.items() if re.fullmatch(pattern, region)), None)
