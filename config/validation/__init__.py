"""The rules that hold between records of the catalogue.

Guarantees that what `check` lets pass is consistent: references resolve, places lie in their jurisdictions, address ranges
are disjoint, every placement has an account, machines, a supported version and the routes it needs. It does not judge a
deployment: policies do.
"""

from __future__ import annotations

from datetime import date

from config.validation import (
    addresses,
    clusters,
    edge,
    environments,
    jurisdictions,
    locations,
    node_pools,
    principals,
    recovery,
    routes,
    survival,
    traffic,
    versions,
)
from config.validation.view import Finding, View

__all__ = ["Finding", "View", "check"]


def check(view: View, today: date) -> list[Finding]:
    """Give what is wrong between the records that could be read; `today` decides on support of versions."""
    found = [
        *jurisdictions.check(view),
        *locations.check(view),
        *node_pools.check(view),
        *clusters.check(view),
        *versions.check(view, today),
        *addresses.check(view),
        *environments.check(view),
        *principals.check(view),
        *traffic.check(view),
        *recovery.check(view),
        *edge.check(view),
    ]
    # A route is judged only where its ends are sound, so that one slip in a cluster is said once.
    found += routes.check(view, {finding.file for finding in found})
    # Who survives a loss can only be said of records that are sound.
    return found or list(survival.check(view))
