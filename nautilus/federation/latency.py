"""The least time light needs between two places, and what that means for a budget (CLU-3, NET-1).

Guarantees that a figure below the physical floor is never called reachable. Floors are great circles; real fibre is longer,
so a budget above the floor may still be missed: measured round trips decide that where the catalogue has them.
"""

from __future__ import annotations

from config import distance
from config.model import Location


def great_circle_km(here: Location, there: Location) -> float:
    """Give the shortest distance over the Earth's surface, in kilometres."""
    return distance.great_circle_km(here.latitude, here.longitude, there.latitude, there.longitude)


def floor_ms(here: Location, there: Location) -> float:
    """Give the least round-trip time that physics allows between two locations, in milliseconds."""
    return great_circle_floor_ms(here.latitude, here.longitude, there.latitude, there.longitude)


def great_circle_floor_ms(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Give the least round-trip time between two points, in milliseconds; coordinates in degrees."""
    return distance.floor_ms(latitude_1, longitude_1, latitude_2, longitude_2)
