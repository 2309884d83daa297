"""The Azure provider and the names and ids of its resources."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.provider.azure import provider
from components.provider.azure_resource import Principal, Role, assign, global_name, physical
from tests.components.azure_placement import ACCOUNT, LABELS, LOCATION, SUBSCRIPTION


def test_pins_subscription_tenant_and_region(record: Any) -> None:
    made = record(lambda: provider("one", LOCATION, ACCOUNT, LABELS)).one("one").inputs
    assert made["subscriptionId"] == SUBSCRIPTION
    assert made["tenantId"] == ACCOUNT.tenant
    assert made["location"] == "uksouth"
    assert str(made["useOidc"]).lower() == "true"
    assert str(made["disablePulumiPartnerId"]).lower() == "true"
    assert not {"clientSecret", "clientCertificatePath", "oidcToken"} & set(made)


def test_acts_in_its_own_tenant_alone_unless_told(record: Any) -> None:
    assert "auxiliaryTenantIds" not in record(lambda: provider("one", LOCATION, ACCOUNT, LABELS)).one("one").inputs
    made = record(lambda: provider("one", LOCATION, ACCOUNT, LABELS, other_tenants=("theirs",))).one("one").inputs
    assert made["auxiliaryTenantIds"] in (["theirs"], '["theirs"]')


def test_refuses_an_account_without_a_tenant(record: Any) -> None:
    with pytest.raises(ValueError, match="needs its tenant"):
        record(lambda: provider("one", LOCATION, ACCOUNT.model_copy(update={"tenant": None}), LABELS))


def test_short_names_stay_and_long_ones_are_cut() -> None:
    assert physical("vnet-one", 64) == "vnet-one"
    cut = physical("x" * 100, 64)
    assert len(cut) == 64
    assert cut != physical("x" * 101, 64)


def test_refuses_a_limit_without_room() -> None:
    with pytest.raises(ValueError, match="no room"):
        physical("a-long-name", 9)


def test_global_names_depend_on_place_and_account() -> None:
    names = {
        global_name("kv", "one", LOCATION, ACCOUNT),
        global_name("kv", "two", LOCATION, ACCOUNT),
        global_name("kv", "one", LOCATION.model_copy(update={"region": "ukwest"}), ACCOUNT),
        global_name("kv", "one", LOCATION, ACCOUNT.model_copy(update={"id": "another"})),
    }
    assert len(names) == 4
    assert all(re.fullmatch(r"kv[0-9a-f]{22}", name) for name in names)


@pytest.mark.parametrize("kind", Principal)
def test_assignments_have_a_guid_and_a_role_of_the_subscription(record: Any, kind: Principal) -> None:
    def program() -> None:
        options = pulumi.ResourceOptions()
        assign("one", ACCOUNT, Role.READER, scope="/s", principal="p", opts=options, kind=kind)

    made = record(program).one("one").inputs
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["roleAssignmentName"])
    assert made["roleDefinitionId"].startswith(f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/")
    assert made["principalType"] == kind.value
