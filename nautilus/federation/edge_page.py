"""The page of docs/reference on the edge: every site, what its machines are tuned as, and who takes over (EDGE-1, NET-3).

Guarantees that figures and orders are what `edge.outposts` derives for production. It is no legal advice, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from config.model import BUDGETS_MS, Catalogue, Cloud, EdgeKind, EnvironmentName, NodePool
from config.reference import ADVICE, page, table
from nautilus.federation.edge import Outpost, outposts

_SHOWN: Final = 5
"""How many of an order are named; public data has an order of every placement."""

_KINDS: Final = (
    "A kind keeps to a tier of DNS-4: the round trip to the placement that a site extends stays below its budget. Its pool "
    "in `node_pools.yaml` says what its machines are tuned as. On AWS that is nodeadm's kubelet configuration and kernel "
    "parameters set before the kubelet starts; on GCP `kubeletConfig` and `linuxNodeConfig`; on Azure `kubeletConfig` and "
    "`linuxOSConfig`, which offers no static huge pages: a label tells the platform's agent their number. No cloud's node "
    "pools take `isolcpus`: the CPU manager keeps whole cores for one container each, and nothing else.\n"
)
_SITES: Final = (
    "The floor is a great circle to the parent at 200,000 km/s, in milliseconds; real ways are longer. A site holds the "
    "classes of data named and no others. Nodes of the parent's cluster stand in AWS Local Zones; Wavelength and Azure "
    "extended zones and halls are on record, and nothing is built in them. Halls are reached by the parent's leased ports.\n"
)
_ORDERS: Final = (
    "Derived, never typed in: first the parent, behind it the backends of the service class's front, or, for data that no "
    "class passes, the lawful targets of the parent. The strategy is the one of FO-1 by which clients are moved.\n"
)


def edge(catalogue: Catalogue, *, command: str) -> str:
    """Give the page; `command` is what makes it."""
    found = outposts(catalogue, EnvironmentName.PROD)
    counts = ", ".join(f"{sum(one.site.kind is kind for one in found)} {kind}" for kind in EdgeKind)
    return page(
        "Edge",
        ADVICE,
        f"{len(found)} sites: {counts}.\n",
        "## Kinds\n",
        _KINDS,
        table(
            ["kind", "budget (ms)", "pool", "machines", "pinned", "one NUMA node", "2 MiB pages", "kernel", "caching"],
            [_kind(catalogue, kind) for kind in EdgeKind],
        ),
        "## Sites\n",
        _SITES,
        table(
            [
                *("site", "kind", "where", "place", "jurisdiction", "parent", "floor", "budget"),
                *("data", "serves", "caching", "source"),
            ],
            [_site(one) for one in found],
        ),
        "## Who takes over\n",
        _ORDERS,
        table(
            ["site", "for", "strategy", "in this order"],
            [
                [one.site.id, key, one.strategy.value, _order(order)]
                for one in found
                for key, order in sorted(one.orders.items())
            ],
        ),
        command=command,
    )


def _kind(catalogue: Catalogue, kind: EdgeKind) -> list[str]:
    profile = catalogue.edge.kinds[kind]
    pool = catalogue.node_pools[profile.pool]
    return [
        kind.value,
        _budget(BUDGETS_MS.get(profile.performance)),
        pool.id,
        ", ".join(pool.machines[cloud] for cloud in Cloud if cloud in pool.machines),
        *_tuning(pool),
        ", ".join(profile.caching),
    ]


def _tuning(pool: NodePool) -> list[str]:
    tuning = pool.tuning
    kernel = ", ".join(f"{key} {value}" for key, value in sorted(tuning.sysctls.items()))
    return [
        "yes" if tuning.cpu_manager_static else "no",
        "yes" if tuning.topology_single_numa else "no",
        str(tuning.huge_pages_2mi or "none"),
        kernel or "as the image has it",
    ]


def _site(one: Outpost) -> list[str]:
    site = one.site
    ports = ", ".join(f"{port.id} ({port.carrier})" for port in one.ports)
    where = site.zone or f"hall, {ports or 'no port'}"
    document = site.source.document + ("" if site.source.verified else " (not verified)")
    return [
        site.id,
        site.kind.value,
        f"{site.facility}: {where}" if site.zone else where,
        site.place,
        site.jurisdiction,
        site.parent,
        f"{one.floor_ms:.2f}",
        _budget(one.budget_ms),
        ", ".join(site.data_classes),
        ", ".join(site.serves) or "none",
        site.caching.value,
        document,
    ]


def _budget(budget_ms: float | None) -> str:
    return "no bound" if budget_ms is None else f"{budget_ms:g}"


def _order(order: Sequence[str]) -> str:
    named = ", ".join(name.removeprefix("nautilus-").removeprefix("enterprise-") for name in order[:_SHOWN])
    more = f" and {len(order) - _SHOWN} more" if len(order) > _SHOWN else ""
    return f"{named}{more}" or "nobody: halted"
