"""Rules on node pools: names and machine types that the clouds take (CLU-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from config.model import Cloud
from config.problem import shown
from config.validation.view import Finding, View

KIND: Final = "node_pools"
MAX_NAME_LENGTH: Final = 12
"""AKS agent pools, Linux: up to 12 lower-case letters and digits (Microsoft.ContainerService/managedClusters/agentPools)."""
MACHINES: Final = {
    Cloud.AWS: (r"[a-z][a-z0-9-]*\.[a-z0-9-]+", "m6i.large"),
    Cloud.GCP: (r"[a-z][a-z0-9]*-[a-z]+-[0-9]+(-[a-z]+)?", "n2-standard-2"),
    Cloud.AZURE: (r"Standard_[A-Z][A-Za-z0-9_-]+", "Standard_D2s_v5"),
}
"""How each cloud writes a machine type, and an example."""


def check(view: View) -> Iterator[Finding]:
    """Give what is wrong with node pools."""
    yield from _names(view)
    for name, pool in sorted(view.node_pools.items()):
        for cloud, machine in sorted(pool.machines.items()):
            pattern, example = MACHINES[cloud]
            if not re.fullmatch(pattern, machine):
                yield view.finding(
                    KIND,
                    name,
                    "machines",
                    cloud.value,
                    value=shown(machine),
                    allowed=f"a machine type as {cloud.value} writes it, such as {example}",
                    fix="write the cloud's own name",
                )


def _names(view: View) -> Iterator[Finding]:
    plain: dict[str, str] = {}
    for name in sorted(view.node_pools):
        short = name.replace("-", "")
        if len(short) > MAX_NAME_LENGTH:
            allowed = f"at most {MAX_NAME_LENGTH} letters and digits (AKS' limit), here {len(short)}"
        elif short in plain:
            allowed = f"a name that differs from {plain[short]} in more than hyphens, which AKS does not take"
        else:
            plain[short] = name
            continue
        yield view.finding(KIND, name, value=shown(name), allowed=allowed, fix="choose another id")
