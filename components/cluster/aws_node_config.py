"""What a node is told when it starts: kubelet settings and kernel parameters, as AL2023 on EKS takes them (CLU-4, NET-3).

Guarantees the same text for the same tuning. Kernel parameters are in place before the kubelet starts, so that huge
pages are counted as node capacity: scripts run in cloud-init, and nodeadm joins the cluster after it. It does not
choose an image or a bootstrap command; EKS adds those of the cluster.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Final

from config.model import Tuning

MAX_PODS: Final = 110
"""Pods a node, what prefix delegation gives machines below 30 vCPUs (EKS User Guide, "Assign more IP addresses")."""

_BOUNDARY: Final = "==NAUTILUS=="
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+")
_VALUE: Final = re.compile(r"[0-9A-Za-z._-]+( [0-9A-Za-z._-]+)*")
"""What may stand in the parameters' file: nothing that a shell could take for more."""


def user_data(tuning: Tuning) -> str:
    """Give the launch template's user data, base64 of a MIME text.

    Raises ValueError for a kernel parameter that is no parameter's name or has an odd value.
    """
    parts = [_part("application/node.eks.aws", json.dumps(_node_config(tuning), indent=2, sort_keys=True))]
    parameters = kernel_parameters(tuning)
    if parameters:
        parts.append(_part('text/x-shellscript; charset="us-ascii"', _script(parameters)))
    head = f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{_BOUNDARY}"\n\n'
    text = head + "".join(f"--{_BOUNDARY}\n{part}\n" for part in parts) + f"--{_BOUNDARY}--\n"
    return base64.b64encode(text.encode()).decode()


def kernel_parameters(tuning: Tuning) -> dict[str, str]:
    """Give the kernel parameters in the order of their names, huge pages among them."""
    wanted = dict(tuning.sysctls)
    if tuning.huge_pages_2mi:
        wanted["vm.nr_hugepages"] = str(tuning.huge_pages_2mi)
    for key, value in wanted.items():
        if not _KEY.fullmatch(key):
            raise ValueError(f"sysctl {key!r}: not the name of a kernel parameter, such as net.core.somaxconn")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"sysctl {key} = {value!r}: use letters, digits, dots, hyphens and single blanks")
    return {key: wanted[key] for key in sorted(wanted)}


def _node_config(tuning: Tuning) -> dict[str, object]:
    kubelet: dict[str, object] = {"maxPods": MAX_PODS}
    if tuning.cpu_manager_static:
        # Whole cores, so that no other container's thread shares one with a pinned container.
        kubelet["cpuManagerPolicy"] = "static"
        kubelet["cpuManagerPolicyOptions"] = {"full-pcpus-only": "true"}
    if tuning.topology_single_numa:
        kubelet["topologyManagerPolicy"] = "single-numa-node"
        kubelet["topologyManagerScope"] = "pod"
    return {
        "apiVersion": "node.eks.aws/v1alpha1",
        "kind": "NodeConfig",
        "spec": {"kubelet": {"config": kubelet}},
    }


def _script(parameters: dict[str, str]) -> str:
    lines = [f"{key} = {value}" for key, value in parameters.items()]
    path = "/etc/sysctl.d/90-nautilus.conf"
    return "\n".join(["#!/bin/bash", "set -euo pipefail", f"cat > {path} <<'EOF'", *lines, "EOF", f"sysctl --load={path}"])


def _part(content_type: str, body: str) -> str:
    return f"Content-Type: {content_type}\n\n{body}\n"
