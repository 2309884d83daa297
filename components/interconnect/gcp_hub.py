"""The first way between placements on Google Cloud: one Network Connectivity Center hub a project (NET-1, NET-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.provider import gcp_names
from config.model import Account, Location


@dataclass(frozen=True, kw_only=True)
class SpokeArgs:
    """One placement's network: its id, as its gateway hands it over under `network`, and the range it lets others know."""

    network_id: pulumi.Input[str]
    nodes: str
    location: Location
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class HubArgs:
    """One hub for all placements of a project that have a link among them, keyed by placement: a VPC has one hub only."""

    account: Account
    spokes: Mapping[str, SpokeArgs]
    labels: Mapping[str, str]
    deletion_protection: bool


class GcpHub(pulumi.ComponentResource):
    """A hub with one spoke a placement, each reaching every other over Google's own network.

    Guarantees that a spoke lets others know the subnetworks of its nodes range alone: neither pods nor services. Every
    spoke of a hub reaches every other (mesh): which may talk is for the gateways' firewalls, which name declared routes
    only. Google encrypts what it carries between its facilities; no key of ours is in it.
    """

    def __init__(self, name: str, args: HubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the hub. Raises ValueError for fewer than two spokes: a hub of one joins nothing."""
        super().__init__("nautilus:interconnect:GcpHub", name, None, opts)
        if len(args.spokes) < 2:  # noqa: PLR2004 - two is what a link joins
            raise ValueError(f"{name}: a hub joins at least two placements, found {len(args.spokes)}")
        self.hub = gcp.networkconnectivity.Hub(
            f"{name}-hub",
            name=gcp_names.short(f"{name}-hub", 63),
            project=args.account.id,
            description=f"Placements of {args.account.id} that reach each other",
            policy_mode="PRESET",
            preset_topology="MESH",
            export_psc=False,
            labels=dict(for_gcp(args.labels)),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        self.spokes = {
            placement: gcp.networkconnectivity.Spoke(
                f"{name}-{placement}",
                name=gcp_names.short(f"{name}-{placement}", 63),
                project=args.account.id,
                location="global",
                hub=self.hub.id,
                description=f"{placement} in {spoke.location.region}",
                linked_vpc_network=gcp.networkconnectivity.SpokeLinkedVpcNetworkArgs(
                    uri=spoke.network_id, include_export_ranges=[spoke.nodes]
                ),
                labels=dict(for_gcp(spoke.labels)),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for placement, spoke in sorted(args.spokes.items())
        }
        self.register_outputs({"hub": self.hub.id})
