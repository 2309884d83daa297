"""A small Azure in memory: the table's rows, and what is there, so that rules can be asked without an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nautilus.sandbox.azure import PACKAGE
from nautilus.sandbox.handler import Handler, Request, Target

SUBSCRIPTION = "00000000-0000-4000-8131-000000000013"
TENANT = "00000000-0000-4000-8130-000000000013"
TARGET = Target(cloud="azure", account=SUBSCRIPTION, region="uksouth", settings={"tenant": TENANT})
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
ROWS: Mapping[str, Handler] = {row.type.removeprefix("azure-native:"): row for row in PACKAGE.handlers}


@dataclass
class World:
    """What is there: type to the outputs of each live resource."""

    live: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def request(self, kind: str, inputs: Mapping[str, Any], *, preview: bool = False, **more: Any) -> Request:
        """Give a request that sees this world."""
        return Request(
            urn=f"urn:pulumi:test::nautilus::azure-native:{kind}::one",
            type=f"azure-native:{kind}",
            name="one",
            inputs=inputs,
            target=TARGET,
            preview=preview,
            find=self.find,
            among=self.among,
            **more,
        )

    def find(self, wanted: str) -> Mapping[str, Any] | None:
        return next((one for rows in self.live.values() for one in rows if one["id"] == wanted), None)

    def among(self, kind: str) -> Iterable[Mapping[str, Any]]:
        return tuple(self.live.get(kind, ()))

    def problems(self, kind: str, inputs: Mapping[str, Any], **more: Any) -> list[str]:
        """Give what is refused, as `path: reason`."""
        row = ROWS[kind]
        assert row.refuse is not None
        return [f"{one.path}: {one.reason}" for one in row.refuse(self.request(kind, inputs, **more))]

    def make(self, kind: str, **inputs: Any) -> str:
        """Make a resource whatever the rules say, and give its id."""
        row, request = ROWS[kind], self.request(kind, inputs)
        assert row.identify is not None
        assert row.compute is not None
        made = row.identify(request)
        self.live.setdefault(f"azure-native:{kind}", []).append({**inputs, **row.compute(request, made), "id": made})
        return made


def furnished() -> World:
    """Give a world with a group, a vault, a network, a subnet with a NAT gateway and an identity."""
    world = World()
    world.make("resources:ResourceGroup", resourceGroupName="rg", location="uksouth")
    world.make(
        "keyvault:Vault",
        resourceGroupName="rg",
        vaultName="vault",
        location="uksouth",
        properties={"tenantId": TENANT, "sku": {"family": "A", "name": "premium"}, "enablePurgeProtection": True},
    )
    world.make(
        "network:VirtualNetwork",
        resourceGroupName="rg",
        virtualNetworkName="vnet",
        location="uksouth",
        addressSpace={"addressPrefixes": ["10.9.0.0/16"]},
    )
    world.make(
        "network:Subnet",
        resourceGroupName="rg",
        virtualNetworkName="vnet",
        subnetName="private-1",
        addressPrefix="10.9.0.0/19",
    )
    world.make("managedidentity:UserAssignedIdentity", resourceGroupName="rg", resourceName="identity", location="uksouth")
    return world
