"""Planted violations, as data: what is changed in the real program, and the one rule that must stop it.

A plant names a resource of the real program by its type and logical name and says what to set on it, which pinned place to
move it to, or which resource to add beside it. Adding a plant is adding a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Marker(StrEnum):
    """Values that data cannot spell."""

    UNKNOWN = "<unknown until it is created>"
    ABSENT = "<absent>"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change among several that are planted at once: `set` on one resource, which its `rule` must stop by name."""

    rule: str
    type: str
    resource: str
    set: Mapping[str, Any]
    found: str


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One violation. `set` gives inputs by their Python names; `region` moves the resource to another AWS region.

    `rule` must stop it; `also` are the rules that the same change breaks besides, and no others may speak. `found` is a
    part of what the verdict must say that it found.
    """

    name: str
    group: str
    rule: str
    type: str
    resource: str
    set: Mapping[str, Any] = field(default_factory=dict)
    region: str | None = None
    add_dynamic: bool = False
    also: frozenset[str] = frozenset()
    found: str
    others: tuple[Change, ...] = ()
    """Further changes, each stopped by itself: they share one run, since the stack takes minutes to preview."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change of the plant, its own first."""
        own = Change(rule=self.rule, type=self.type, resource=self.resource, set=self.set, found=self.found)
        return (own, *self.others)


FRANKFURT = "nautilus-enterprise-eu-central-1"
DATA_KEY = {"type": "aws:kms/key:Key", "resource": f"{FRANKFURT}-keys-data"}

PLANTS = (
    Plant(
        name="key-in-another-jurisdiction",
        group="emea",
        rule="RES-002",
        **DATA_KEY,
        region="us-east-1",
        also=frozenset({"KEY-006"}),
        found="us-east-1",
    ),
    Plant(
        name="recovery-outside-the-jurisdiction",
        group="emea",
        rule="RES-008",
        type="pulumi:providers:aws",
        resource=f"{FRANKFURT}-recovery-provider",
        set={"region": "us-east-1"},
        also=frozenset({"RES-002"}),
        found="us-east-1",
    ),
    Plant(
        name="provider-without-a-region",
        group="emea",
        rule="RES-001",
        type="pulumi:providers:aws",
        resource=f"{FRANKFURT}-provider",
        set={"region": Marker.ABSENT},
        found="region",
    ),
    Plant(
        name="multi-region-key",
        group="emea",
        rule="KEY-003",
        **DATA_KEY,
        set={"multi_region": True},
        found="multiRegion",
    ),
    Plant(
        name="key-location-unknown-at-preview",
        group="emea",
        rule="RES-003",
        **DATA_KEY,
        set={"region": Marker.UNKNOWN},
        found="preview",
    ),
    Plant(
        name="type-without-a-location-entry",
        group="emea",
        rule="RES-007",
        type="pulumi:pulumi:Stack",
        resource="",
        add_dynamic=True,
        also=frozenset({"RES-001"}),
        found="pulumi-python:dynamic",
    ),
    Plant(
        name="federation-too-slow-and-outside-the-law",
        group="federation",
        rule="FLT-001",
        type="gcp:dns/recordSet:RecordSet",
        resource="names-gcp-trading-eu-record",
        set={"ttl": 300},
        found="names-gcp-trading-eu-record: TTL 300 s",
        others=(
            Change(
                rule="FLT-001",
                type="aws:route53/healthCheck:HealthCheck",
                resource="names-aws-in-gcp-trading-health",
                set={"request_interval": 30},
                found="names-aws-in-gcp-trading-health: every 30 s",
            ),
            Change(
                rule="REP-008",
                type="aws:route53/record:Record",
                resource="names-aws-trading-in-in-gcp-record",
                set={"records": ["203.0.113.66"]},
                found="203.0.113.66: no endpoint of the federation",
            ),
            Change(
                rule="REP-008",
                type="aws:globalaccelerator/endpointGroup:EndpointGroup",
                resource="in-anycast-aws-nautilus-enterprise-asia-south-1-standby-group",
                set={"endpoint_group_region": "us-east-1"},
                found="in-aws has region 'us-east-1' behind it, in us",
            ),
            Change(
                rule="REP-008",
                type="gcp:compute/backendService:BackendService",
                resource="in-anycast-gcp-trading-backend",
                set={
                    "backends": [
                        {
                            "group": "https://www.googleapis.com/compute/v1/projects/nautilus-prod-us/zones/us-west2-a/"
                            "networkEndpointGroups/elsewhere",
                            "balancing_mode": "CONNECTION",
                            "max_connections_per_endpoint": 100,
                        }
                    ]
                },
                found="in-gcp has backend",
            ),
            Change(
                rule="REP-007",
                type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
                resource="us-east-ca-east-native-data",
                set={"peer_region": "ap-south-1"},
                found="it leads to 'ap-south-1'",
            ),
        ),
    ),
)
