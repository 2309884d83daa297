"""Who of a front's backends serves now and who stands behind them, for every provider of names alike (DNS-2, FO-1, JUR-2).

Guarantees that each lawful backend is in one of the two, that those behind keep the lawful order, and that a backend without
a share serves only where none has one. How a provider spreads clients over those that serve is its own matter, but where
`by_share` says so it is by their shares. It makes no resource.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.model import Algorithm
from nautilus.federation.front import Backend, Front

_BY_SHARE = (Algorithm.WEIGHTED, Algorithm.LOAD_BALANCED, Algorithm.OPTIMISED, Algorithm.COMPLIANCE)
"""Algorithms whose own rule is the shares; a compliance-aware front differs in whom it answers and with whom."""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """`active` serve; `behind` answer one after the other, in the lawful order, once all of these have failed.

    `by_share` says that shares decide among the active ones: by the algorithm, or because a shift is on its way.
    """

    active: tuple[Backend, ...]
    behind: tuple[Backend, ...]
    by_share: bool


def serving(front: Front) -> Serving:
    """Give who serves a front that is not halted; nobody where it has no lawful backend.

    A compliance-aware front has home backends only. Under health priority the one with the share serves alone, the first
    where none has any; while a shift spreads it over several, all of these do.
    """
    compliant = front.algorithm is Algorithm.COMPLIANCE
    lawful = tuple(one for one in front.backends if one.home or not compliant)
    able = tuple(one for one in lawful if not one.standby)
    sharing = tuple(one for one in able if one.share > 0)
    active = sharing or able or lawful[:1]
    if front.algorithm is Algorithm.HEALTH_PRIORITY and not sharing:
        active = active[:1]
    by_share = front.shifting or front.algorithm in _BY_SHARE or front.algorithm is Algorithm.HEALTH_PRIORITY
    return Serving(active=active, behind=tuple(one for one in lawful if one not in active), by_share=by_share)
