"""Where an Azure provider is pinned (RES-001).

Guarantees that a provider without subscription, tenant or region is refused, and so is one that brings credentials of its
own or points at another cloud than the public one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from nautilus.sandbox.azure.regions import REGIONS, normal
from nautilus.sandbox.handler import UNKNOWN, Refused, Target

_GUID: Final = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_CREDENTIALS: Final = (
    "clientSecret",
    "clientCertificatePath",
    "clientCertificatePassword",
    "oidcToken",
    "oidcRequestToken",
    "oidcTokenFilePath",
)
_ENDPOINTS: Final = ("metadataHost", "msiEndpoint", "oidcRequestUrl")


def configure(configuration: Mapping[str, Any]) -> Target:
    """Give the provider's target; its tenant and the other tenants that it may act in are in its settings.

    Raises Refused for a missing subscription, tenant or region, for ids that are no GUIDs, for a region that Azure does not
    have, for any credential, and for an endpoint or environment other than the public cloud's.
    """
    for key in _CREDENTIALS:
        if configuration.get(key):
            raise Refused(f"{key}: the sandbox takes no credentials: leave it out")
    for key in _ENDPOINTS:
        if configuration.get(key):
            raise Refused(f"{key}: the sandbox has no such endpoint: leave it out")
    environment = configuration.get("environment") or "public"
    if environment != "public":
        raise Refused(f"environment: {environment!r}; the sandbox stands for the public cloud")
    subscription, tenant = (_guid(configuration, key) for key in ("subscriptionId", "tenantId"))
    settings = {"tenant": tenant, "auxiliaryTenants": _auxiliary(configuration)}
    location = configuration.get("location")
    if location is UNKNOWN:
        return Target(cloud="azure", account=subscription, region=None, settings=settings)
    if not location:
        raise Refused("location: a provider must name its region; nothing is taken from the surroundings")
    if normal(str(location)) not in REGIONS:
        raise Refused(f"location: {location!r} is no region of Azure")
    return Target(cloud="azure", account=subscription, region=normal(str(location)), settings=settings)


def _auxiliary(configuration: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the tenants beside its own that a provider may act in; the engine hands a list over as JSON or as it is."""
    given = configuration.get("auxiliaryTenantIds") or ()
    if given is UNKNOWN:
        return ()
    found = tuple(json.loads(given)) if isinstance(given, str) else tuple(given)
    return tuple(one for value in found if (one := _guid({"auxiliaryTenantIds": value}, "auxiliaryTenantIds")))


def _guid(configuration: Mapping[str, Any], key: str) -> str | None:
    value = configuration.get(key)
    if value is UNKNOWN:
        return None
    if not value:
        raise Refused(f"{key}: a provider must name it; nothing is taken from the surroundings")
    if _GUID.fullmatch(str(value)) is None:
        raise Refused(f"{key}: {value!r} is not a GUID")
    return str(value)
