"""How a front's algorithm becomes a routing policy of Cloud DNS, as data (DNS-1, DNS-2, FO-1, JUR-2).

Guarantees that only the front's own lawful backends are answered, each in an item of its own (with DNSSEC an item takes one
health-checked address), that a backend behind others is the next in the lawful order, and that the same front always gives
the same policy. It makes no resource.

Cloud DNS knows three policies and nests one thing only: a set of addresses with a geographic backup. So:

* where shares decide (weighted, load-balanced, optimised and compliance-aware fronts, and any front while a shift is on its
  way) active backends are a weighted set, and the next behind them is in it with weight 0: answered when none that has
  a weight is healthy;
* one active backend, whatever the algorithm, is that backend with the next behind it as its backup;
* latency and geolocation with several active backends answer the nearest healthy one of them, nearness being to the Google
  region that stands for the backend: latency is not measured. Backends behind them are not named there: beside the
  others they would be answered to clients who are near them while nothing has failed.

Nobody stands third. A backup is one step, within which the nearest to the client is answered, and so are zero weights in
equal parts: a third backend there would be answered while the lawful second is healthy. Where the second has failed too,
Cloud DNS has no answer that leads on; the other two providers have the whole chain.

Two backends that the same Google region stands for cannot both be in a geographic policy: the first in order is. No policy
looks at a client's country, so a compliance-aware front leaves foreign backends out altogether.

Source: Cloud DNS documentation, "DNS routing policies and health checks", and the API's description (2026-11). That weight 0
stands by is general knowledge of that page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.traffic.serving import serving
from nautilus.federation.front import Backend, Front

WEIGHTS = 1000
"""What the weights of a front sum to: Cloud DNS takes 0 to 1000, so a share is kept to a thousandth."""


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """Endpoints by id, each with its weight; 0 stands by."""

    weights: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """Google region to the endpoint that it stands for."""

    places: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Failover:
    """One endpoint, and by region the one that answers when it fails."""

    primary: str
    backups: Nearest


Policy = Weighted | Nearest | Failover


def policy(front: Front, regions: Mapping[str, str]) -> Policy:
    """Give the policy of a front that is not halted. `regions` maps an endpoint's id to the Google region near it.

    Raises ValueError where nobody may answer, KeyError for an endpoint without a region where the policy needs one.
    """
    found = serving(front)
    following = found.behind[:1]
    if not found.active:
        raise ValueError(f"front {front.id}: no backend may answer, and it is not halted")
    if len(found.active) == 1 and following:
        return Failover(primary=found.active[0].endpoint, backups=_nearest(following, regions))
    if len(found.active) > 1 and not found.by_share:
        return _nearest(found.active, regions)
    return Weighted(weights={**weights(found.active), **{backend.endpoint: 0 for backend in following}})


def weights(backends: Sequence[Backend]) -> Mapping[str, int]:
    """Give each backend's share in thousandths, by the largest remainder, summing to WEIGHTS; equal where none has a share.

    What is left over by rounding down goes to the largest remainders, to the earlier backend where they are equal.
    """
    total = sum(backend.share for backend in backends)
    exact = [WEIGHTS * (backend.share / total if total > 0 else 1 / len(backends)) for backend in backends]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(backends)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: WEIGHTS - sum(whole)]:
        whole[place] += 1
    return {backend.endpoint: weight for backend, weight in zip(backends, whole, strict=True)}


def _nearest(backends: Sequence[Backend], regions: Mapping[str, str]) -> Nearest:
    places: dict[str, str] = {}
    for backend in backends:
        places.setdefault(regions[backend.endpoint], backend.endpoint)
    return Nearest(places=places)
