"""Two placements of the real catalogue: their hubs, the link between them, and tunnels to clouds that are only pretended."""

from __future__ import annotations

import os

import pulumi

from components.interconnect.args import EndArgs, GatewayArgs, NativeArgs, TunnelArgs
from components.interconnect.gcp import GcpGateway, GcpHub, GcpLink, GcpTunnels, HubArgs, SpokeArgs
from components.keys.args import KeysArgs, Purpose
from components.keys.gcp import GcpKeys
from components.network.args import NetworkArgs
from components.network.gcp import GcpNetwork
from components.provider.gcp import provider
from config import loader, root
from config.model import EnvironmentName, Group
from nautilus.federation.link import End, gateway, links
from nautilus.federation.plan import PlacementPlan, placements

PLACEMENTS = ("nautilus-enterprise-us-west-1", "nautilus-edge-global-west-1-gcp")
NATIVE, AWS, AZURE = "edge-west-gcp-us-west", "us-east-us-west", "edge-west-gcp-edge-west-azure"

catalogue = loader.load(root())
environment = EnvironmentName.PROD
plans = {plan.name: plan for group in Group for plan in placements(catalogue, environment, group) if plan.name in PLACEMENTS}
routes = {link.route.id: link for link in links(catalogue, environment)}
providers = {name: provider(f"{name}-provider", plan.location, plan.account, plan.labels) for name, plan in plans.items()}


def build(plan: PlacementPlan) -> GcpGateway:
    here = pulumi.ResourceOptions(provider=providers[plan.name])
    keys = GcpKeys(
        f"{plan.name}-keys",
        KeysArgs(
            location=plan.location,
            account=plan.account,
            rules=plan.jurisdiction.keys,
            purposes=(Purpose.LOGS,),
            labels=plan.labels,
            deletion_protection=False,
        ),
        here,
    )
    key = keys.keys[Purpose.LOGS]
    network = GcpNetwork(
        f"{plan.name}-network",
        NetworkArgs(
            location=plan.location,
            account=plan.account,
            zones=plan.placement.zones,
            nodes=plan.nodes,
            pods=plan.pods,
            services=plan.services,
            nat_per_zone=False,
            log_key=key,
            flow_log_retention_days=400,
            labels=plan.labels,
            deletion_protection=False,
        ),
        here,
    )
    wanted = gateway(catalogue, plan)
    return GcpGateway(
        f"{plan.name}-gateway",
        GatewayArgs(
            location=plan.location,
            account=plan.account,
            zones=plan.placement.zones,
            nodes=plan.nodes,
            hub=wanted.hub,
            block=plan.environment.node_block,
            reach=wanted.reach,
            asn=wanted.asn,
            ports=wanted.ports,
            log_key=key,
            log_retention_days=400,
            labels=plan.labels,
            deletion_protection=False,
        ),
        network,
        here,
    )


gateways = {name: build(plan) for name, plan in plans.items()}


def seen(end: End) -> EndArgs:
    return EndArgs(
        placement=end.plan.name,
        location=end.plan.location,
        account=end.plan.account,
        nodes=end.plan.nodes,
        asn=end.asn,
        advertises=end.advertises,
        learns=end.learns,
        facts=gateways[end.plan.name].facts,
        labels=end.plan.labels,
    )


LETTER = os.environ.get("ONE_KEY", "k")
secrets = tuple(pulumi.Output.secret(f"{LETTER}{place}" * 32) for place in range(4))
spokes = {
    name: SpokeArgs(
        network_id=made.facts.ids["network"],
        nodes=plans[name].nodes,
        location=plans[name].location,
        labels=plans[name].labels,
    )
    for name, made in gateways.items()
}
project = plans[PLACEMENTS[0]]
GcpHub(
    "us",
    HubArgs(account=project.account, spokes=spokes, labels=project.labels, deletion_protection=False),
    pulumi.ResourceOptions(provider=providers[PLACEMENTS[0]]),
)
native = routes[NATIVE]
ends = (seen(native.ends[0]), seen(native.ends[1]))
GcpLink(
    NATIVE,
    NativeArgs(
        ends=ends,
        providers=(providers[ends[0].placement], providers[ends[1].placement]),
        tunnels=native.tunnels,
        secrets=secrets,
        deletion_protection=False,
    ),
)
for route, addresses in ((AWS, 4), (AZURE, 2)):
    link = routes[route]
    far, near = link.ends
    made = GcpTunnels(
        f"{route}-{near.plan.name}",
        TunnelArgs(
            end=seen(near),
            peer=far.plan.name,
            peer_asn=far.asn,
            peer_addresses=tuple(f"203.0.113.{10 * addresses + place}" for place in range(addresses)),
            tunnels=link.tunnels,
            secrets=secrets,
            first=False,
            deletion_protection=False,
        ),
        pulumi.ResourceOptions(provider=providers[near.plan.name]),
    )
    pulumi.export(f"{route}-addresses", list(made.addresses))
