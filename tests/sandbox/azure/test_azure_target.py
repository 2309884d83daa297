"""Where an Azure provider is pinned, and what it may not bring."""

from __future__ import annotations

from typing import Any

import pytest

from nautilus.sandbox.azure.provider import configure
from nautilus.sandbox.handler import Refused
from tests.sandbox.azure.world import SUBSCRIPTION, TENANT

OTHER = "00000000-0000-4000-8130-000000000077"
GOOD: dict[str, Any] = {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "location": "UK South", "useOidc": True}


def test_pins_what_is_named() -> None:
    target = configure(GOOD)
    assert (target.account, target.region, target.settings["tenant"]) == (SUBSCRIPTION, "uksouth", TENANT)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("subscriptionId", None, "subscriptionId: a provider must name it"),
        ("subscriptionId", "mine", "subscriptionId: 'mine' is not a GUID"),
        ("tenantId", None, "tenantId: a provider must name it"),
        ("location", None, "location: a provider must name its region"),
        ("location", "atlantis", "location: 'atlantis' is no region"),
        ("clientSecret", "x", "clientSecret: the sandbox takes no credentials"),
        ("clientCertificatePath", "x", "clientCertificatePath: the sandbox takes no credentials"),
        ("msiEndpoint", "http://x", "msiEndpoint: the sandbox has no such endpoint"),
        ("environment", "china", "environment: 'china'"),
    ],
)
def test_refuses(key: str, value: Any, says: str) -> None:
    with pytest.raises(Refused, match=says):
        configure({**GOOD, key: value})


@pytest.mark.parametrize("given", [[OTHER], f'["{OTHER}"]'])
def test_knows_where_else_a_provider_may_act(given: Any) -> None:
    assert configure({**GOOD, "auxiliaryTenantIds": given}).settings["auxiliaryTenants"] == (OTHER,)
    assert configure(GOOD).settings["auxiliaryTenants"] == ()


def test_refuses_another_tenant_that_is_none() -> None:
    with pytest.raises(Refused, match="auxiliaryTenantIds: 'theirs' is not a GUID"):
        configure({**GOOD, "auxiliaryTenantIds": ["theirs"]})
