"""Google Cloud in the sandbox: its types, and what a provider must be pinned to.

Guarantees that a provider has a project and a region, that no real credential is taken and that nothing leaves the loopback.
There is no emulator: inputs are held against Google's own interface descriptions and the rules beside them.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from nautilus.sandbox.gcp import (
    balancing,
    compute,
    connectivity,
    container,
    dns,
    iam,
    interconnect,
    kms,
    monitoring,
    pubsub,
    router,
    session,
    storage,
    vpn,
)
from nautilus.sandbox.gcp.places import REGIONS
from nautilus.sandbox.handler import UNKNOWN, Package, Refused, Target, Value

_CREDENTIALS: Final = ("credentials", "accessToken", "externalCredentials")


def configure(config: Mapping[str, Any]) -> Target:
    """Give the project and region that a provider is pinned to.

    `config` is the provider's configuration in camelCase; default labels may be JSON text, as the engine sends them. Raises
    Refused without a known project and region, for a region that does not exist, for credentials, which a sandbox never
    needs, and for endpoints off the loopback.
    """
    for name in _CREDENTIALS:
        if config.get(name):
            raise Refused(f"{name} is set: the sandbox takes no credentials", code="unauthenticated")
    for name, value in config.items():
        if name.endswith("CustomEndpoint") and value and not _on_loopback(str(value)):
            raise Refused(f"{name} leaves this machine", code="permissionDenied")
    project, region = config.get("project"), config.get("region")
    if not isinstance(project, str) or not project:
        raise Refused("project: the provider must name its project", code="invalid")
    if not isinstance(region, str) or not region:
        raise Refused("region: the provider must name its region", code="invalid")
    if region not in REGIONS:
        raise Refused(f"region: {region} does not exist", code="invalid")
    return Target(
        cloud="gcp", account=project, region=region, settings={"defaultLabels": _labels(config.get("defaultLabels"))}
    )


def _labels(found: Value) -> Mapping[str, Any]:
    if isinstance(found, str) and found:
        found = json.loads(found)
    return dict(found) if isinstance(found, Mapping) and found is not UNKNOWN else {}


def _on_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_ROWS: Final = (
    *compute.ROWS,
    *router.ROWS,
    *session.ROWS,
    *vpn.ROWS,
    *interconnect.ROWS,
    *connectivity.ROWS,
    *kms.ROWS,
    *iam.ROWS,
    *dns.ROWS,
    *storage.ROWS,
    *container.ROWS,
    *balancing.ROWS,
    *pubsub.ROWS,
    *monitoring.ROWS,
)

PACKAGE: Final = Package(
    name="gcp",
    sdk="pulumi_gcp",
    configure=configure,
    handlers=tuple(row.handler() for row in _ROWS),
)
