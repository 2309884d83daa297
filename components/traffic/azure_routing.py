"""How a front becomes Traffic Manager profiles: which routing method, which members, and what is nested in what (DNS-2).

Guarantees that standby endpoints stand behind all active ones, whatever the algorithm; that each target occurs
once in a profile; that weights are whole, add up to `TOTAL` and are the same for the same shares; and that only endpoints
of the front's own backends occur. It makes no resource.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from components.traffic.args import Endpoint
from components.traffic.serving import serving
from config.model import Algorithm
from nautilus.federation.front import Backend, Front

TOTAL: Final = 1000
"""What the weights of a front add up to, so that a weight is a thousandth; Traffic Manager takes 1 to 1000 each."""

_EVERYWHERE: Final = "WORLD"
"""Traffic Manager's code for what no other member covers (geographic routing method)."""


class Method(StrEnum):
    """Traffic Manager's routing methods that are used here."""

    PRIORITY = "Priority"
    PERFORMANCE = "Performance"
    WEIGHTED = "Weighted"
    GEOGRAPHIC = "Geographic"


@dataclass(frozen=True, kw_only=True)
class Member:
    """One endpoint of a profile: a federation endpoint by its id, or another profile.

    `weight` only under WEIGHTED, `region` (Azure's) only under PERFORMANCE, `countries` only under GEOGRAPHIC; under
    PRIORITY the order counts.
    """

    name: str
    endpoint: str | None = None
    profile: Profile | None = None
    weight: int | None = None
    region: str | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One profile; `role` tells those of a front apart and is empty for the outermost."""

    role: str
    method: Method
    members: tuple[Member, ...]

    def nested(self) -> tuple[Profile, ...]:
        """Give every profile inside, the innermost first."""
        inner = [member.profile for member in self.members if member.profile]
        return tuple(one for profile in inner for one in (*profile.nested(), profile))


def profile(front: Front, endpoints: Mapping[str, Endpoint], regions: Mapping[str, str]) -> Profile:
    """Give the outermost profile of a front.

    `endpoints` and `regions` are keyed by endpoint id, `regions` giving Azure's nearest region. Who serves and who stands
    behind is `serving`'s. While a shift is on its way shares decide under latency and geolocation too, wherever the client
    is. Raises KeyError for a backend without endpoint or region.
    """
    found = serving(front)
    active, rest = found.active, found.behind
    if front.algorithm is Algorithm.COMPLIANCE:
        return _geographic(_at_home(front, active, rest))
    if len(active) > 1 and found.by_share:
        return _behind(_weighted("active", active), rest)
    match front.algorithm:
        case Algorithm.GEOLOCATION if active:
            return _geographic(_areas(front, active, rest, endpoints, regions))
        case Algorithm.LATENCY if len(active) > 1:
            return _behind(_nearest("active", active, regions), rest)
        case _:
            # One active endpoint leaves nothing to choose, whatever the algorithm.
            return _chain("", (*active, *rest))


def weights(shares: Mapping[str, float]) -> Mapping[str, int]:
    """Give whole weights from 1 that add up to `TOTAL`, by largest remainder; equal ones where every share is 0.

    A tie goes to the first in order. Raises ValueError for a negative share and for more shares than `TOTAL`.
    """
    if len(shares) > TOTAL or any(share < 0 for share in shares.values()):
        raise ValueError(f"shares {dict(shares)}: each must be at least 0, and there may be {TOTAL} of them")
    total = sum(shares.values())
    exact = {key: TOTAL * (share / total if total else 1 / len(shares)) for key, share in shares.items()}
    given = {key: int(part) for key, part in exact.items()}
    owed = sorted(exact, key=lambda key: given[key] - exact[key])[: TOTAL - sum(given.values())]
    for key in owed:
        given[key] += 1
    for key in [key for key, weight in given.items() if weight == 0]:
        # Traffic Manager knows no weight of 0: the largest gives one away.
        given[max(given, key=lambda other: given[other])] -= 1
        given[key] = 1
    return given


def _leaf(backend: Backend, *, weight: int | None = None, region: str | None = None) -> Member:
    return Member(name=backend.endpoint, endpoint=backend.endpoint, weight=weight, region=region)


def _chain(role: str, backends: Sequence[Backend]) -> Profile:
    return Profile(role=role, method=Method.PRIORITY, members=tuple(_leaf(one) for one in backends))


def _nearest(role: str, backends: Sequence[Backend], regions: Mapping[str, str]) -> Profile:
    members = tuple(_leaf(one, region=regions[one.endpoint]) for one in backends)
    return Profile(role=role, method=Method.PERFORMANCE, members=members)


def _weighted(role: str, backends: Sequence[Backend]) -> Profile:
    given = weights({one.endpoint: one.share for one in backends})
    members = tuple(_leaf(one, weight=given[one.endpoint]) for one in backends)
    return Profile(role=role, method=Method.WEIGHTED, members=members)


def _at_home(front: Front, active: Sequence[Backend], rest: Sequence[Backend]) -> list[Member]:
    """Give the one member of a compliance-aware front, for clients of its own countries; none without backends."""
    if not front.backends:
        return []
    kept = _chain("home", (*active, *rest))
    if len(active) > 1:
        kept = _behind(_weighted("active", active), rest, "home")
    return [Member(name="home", profile=kept, countries=front.countries)]


def _behind(first: Profile, rest: Sequence[Backend], role: str = "") -> Profile:
    """Put the standby chain behind a policy, as the profile `role`; without one the policy is that profile itself."""
    if not rest:
        return Profile(role=role, method=first.method, members=first.members)
    return Profile(
        role=role,
        method=Method.PRIORITY,
        members=(Member(name=first.role, profile=first), *(_leaf(one) for one in rest)),
    )


def _geographic(members: Sequence[Member]) -> Profile:
    return Profile(role="", method=Method.GEOGRAPHIC, members=tuple(members))


def _areas(
    front: Front,
    active: Sequence[Backend],
    rest: Sequence[Backend],
    endpoints: Mapping[str, Endpoint],
    regions: Mapping[str, str],
) -> list[Member]:
    """Give each country its own active endpoints, the nearest of several; the first serves the rest of the world too.

    Behind them stand the other active endpoints, then the standby ones: geographic routing itself fails over to nobody.
    """
    by_country: dict[str, list[Backend]] = {}
    for one in active:
        by_country.setdefault(endpoints[one.endpoint].location.country, []).append(one)
    areas = []
    for place, (country, near) in enumerate(by_country.items()):
        code = country.lower()
        own = [_leaf(near[0])]
        if len(near) > 1:
            own = [Member(name=f"near-{code}", profile=_nearest(f"near-{code}", near, regions))]
        behind = [_leaf(one) for one in (*active, *rest) if one not in near]
        chain = Profile(role=f"area-{code}", method=Method.PRIORITY, members=(*own, *behind))
        others = tuple(one for one in front.countries if one not in by_country)
        covered = (country, *others, _EVERYWHERE) if place == 0 else (country,)
        areas.append(Member(name=f"area-{code}", profile=chain, countries=covered))
    return areas
