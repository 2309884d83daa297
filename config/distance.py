"""The least time light needs between two points on the Earth (CLU-3, NET-1).

Guarantees one figure for the floor, whether the catalogue is checked or reasoned over. Floors are great circles: real fibre
is longer, so a round trip above the floor may still be out of reach.
"""

from __future__ import annotations

import math
from typing import Final

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG), in kilometres."""

FIBRE_KM_PER_S: Final = 200_000.0
"""Speed of light in fibre, two thirds of that in a vacuum, in kilometres a second."""


def great_circle_km(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Give the shortest distance over the Earth's surface, in kilometres; coordinates in degrees."""
    phi_1, phi_2 = math.radians(latitude_1), math.radians(latitude_2)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = math.radians(longitude_2 - longitude_1) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def floor_ms(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Give the least round-trip time that physics allows between two points, in milliseconds; coordinates in degrees."""
    return 2 * great_circle_km(latitude_1, longitude_1, latitude_2, longitude_2) / FIBRE_KM_PER_S * 1000
