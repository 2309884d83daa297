"""Azure Resource Manager's ids, and how each type of the sandbox is addressed.

Guarantees ids that the cloud itself would give: `/subscriptions/…/resourceGroups/…/providers/…`, the same for the same
request. It checks nothing: the rules do.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nautilus.sandbox.handler import UNKNOWN, Request

_NAMESPACE: Final = uuid.UUID("0d8a2d2e-52c3-5a8e-8f0e-7a6b0f6d1c55")

_INPUT: Final = re.compile(r"\{(\w+)\}")

_SEGMENTS: Final = re.compile(
    r"(?i)^/subscriptions/(?P<subscription>[0-9a-f-]{36})"
    r"(/resourceGroups/(?P<group>[^/]+)(/providers/(?P<namespace>[A-Za-z.]+)/(?P<rest>[^/]+/[^/]+(/[^/]+/[^/]+)*))?)?$"
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """How a type is addressed.

    `type` is ARM's own type. `path` follows the resource group (or, for an extension resource, the id in the input
    `scope`), with inputs in braces, the resource's own name last.
    """

    type: str
    path: str
    scope: str | None = None

    @property
    def own_name(self) -> str:
        """The input that names the resource."""
        return str(_INPUT.findall(self.path)[-1])


def name(address: Address, request: Request) -> str:
    """Give the physical name: the one that was asked for, else the logical name and a digest, as azure-native does it."""
    asked = request.inputs.get(address.own_name)
    if isinstance(asked, str):
        return asked
    if address.type == "Microsoft.Authorization/roleAssignments":
        return guid(request.seed)
    return f"{request.name}{hashlib.sha256(request.seed.encode()).hexdigest()[:8]}"


def resource_id(address: Address, request: Request) -> str:
    """Give the id. An input that is not known yet stands as UNKNOWN in it."""
    values = {**request.inputs, address.own_name: name(address, request)}
    path = _INPUT.sub(lambda found: str(values.get(found.group(1), UNKNOWN)), address.path)
    if address.scope is not None:
        return f"{values.get(address.scope, UNKNOWN)}/providers/{path}"
    base = f"/subscriptions/{request.target.account}"
    if address.type == "Microsoft.Resources/resourceGroups":
        return f"{base}/resourceGroups/{path}"
    return f"{base}/resourceGroups/{values.get('resourceGroupName', UNKNOWN)}/providers/{path}"


def guid(seed: str) -> str:
    """Give a GUID that stands for what the cloud would draw at random."""
    return str(uuid.uuid5(_NAMESPACE, seed))


@dataclass(frozen=True, kw_only=True)
class Id:
    """A parsed id. `type` is ARM's, such as `Microsoft.Network/virtualNetworks/subnets`; empty for groups."""

    subscription: str
    group: str
    type: str
    name: str


def parse(value: str) -> Id | None:
    """Read an id; None where it is not one."""
    found = _SEGMENTS.match(value)
    if found is None:
        return None
    parts = (found["rest"] or "").split("/") if found["rest"] else []
    kind = "/".join([found["namespace"], *parts[::2]]) if parts else ""
    return Id(subscription=found["subscription"], group=found["group"] or "", type=kind, name=parts[-1] if parts else "")


def parent(value: str) -> str:
    """Give the id of what a child resource lies in: a subnet's network, a key's vault."""
    return value.rsplit("/", 2)[0]


def location(outputs: Mapping[str, Any]) -> str | None:
    """Give where a live resource lies, None where it says nothing."""
    found = outputs.get("location")
    return found if isinstance(found, str) else None
