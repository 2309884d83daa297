"""Rules on Kubernetes versions: each placement's cloud supports its cluster's version on the day (CLU-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from config.problem import one_of, shown
from config.validation.view import Finding, View

KIND: Final = "cluster"


def check(view: View, today: date) -> Iterator[Finding]:
    """Give the clusters whose version is unsupported; `today` is the day to judge by."""
    if view.kubernetes is None:
        return
    for cloud, listed in view.kubernetes.clouds.items():
        for version in listed:
            if not re.fullmatch(r"1\.[0-9]{2}", version):
                yield view.finding(
                    "kubernetes",
                    "kubernetes",
                    "clouds",
                    cloud.value,
                    version,
                    value=shown(version),
                    allowed="a minor version, such as 1.35",
                    fix="write major and minor only, quoted",
                )
    for cluster_id, cluster in sorted(view.clusters.items()):
        places = (view.locations.get(placement.location) for placement in cluster.placements.values())
        for cloud in sorted({place.cloud for place in places if place is not None}):
            releases = view.kubernetes.clouds.get(cloud, {})
            good = [version for version, release in releases.items() if release.standard_support_ends >= today]
            version = cluster.kubernetes_version
            if version in good:
                continue
            ended = releases[version].standard_support_ends if version in releases else None
            why = f"; support of {version} ended on {ended}" if ended else ""
            yield view.finding(
                KIND,
                cluster_id,
                "kubernetes_version",
                value=shown(version),
                allowed=one_of(good, f"a version in standard support on {cloud.value} on {today}") + why,
                fix=f"write {max(good, key=_minor)}"
                if good
                else f"add a supported version for {cloud.value} to kubernetes.yaml",
            )


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
