"""The backbone on Google Cloud: a placement's hub, tunnels to another cloud, links inside it (NET-1, NET-2, NET-4)."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from components.interconnect.args import GatewayArgs, GatewayFacts, NativeArgs, TunnelArgs
from components.interconnect.gcp_flows import condition
from components.interconnect.gcp_hub import GcpHub, HubArgs, SpokeArgs
from components.interconnect.gcp_ports import dedicated
from components.interconnect.gcp_segment import segment
from components.interconnect.gcp_session import KEEPALIVE_S, RouterRef, accept
from components.interconnect.gcp_tunnel import LineArgs, join, line, native_joins, router_of
from components.labels import for_gcp
from components.network.gcp import GcpNetwork
from components.network.gcp_logs import GcpLogHome, LogHomeArgs
from components.network.gcp_rules import Direction, Rule
from components.provider import gcp_names

__all__ = ["IDS", "GcpGateway", "GcpHub", "GcpLink", "GcpTunnels", "HubArgs", "SpokeArgs"]

IDS = ("network", "router", "vpn_gateway")
"""What `GatewayFacts.ids` holds: the network's id, the router's name, and the VPN gateway's id."""

_REDUNDANCY = {2: "TWO_IPS_REDUNDANCY", 4: "FOUR_IPS_REDUNDANCY"}


class GcpGateway(pulumi.ComponentResource):
    """One placement's hub on Google Cloud: Cloud Router, HA VPN gateway, leased ports, firewall between segments.

    Guarantees that the router announces the placement's nodes and nothing else, that sessions over ports take no range
    that no declared route leads to, that the firewall lets only the mesh's ports pass from and to those ranges, and that
    what the hub carries is logged in the region under the placement's key. Routes come from the sessions: the router
    writes them into the network, in its own region. It sets no QoS: Google marks and queues nothing for tunnels.
    """

    def __init__(
        self, name: str, args: GatewayArgs, network: GcpNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the hub. Raises ValueError for ranges outside the block, and for a port that Google cannot give."""
        super().__init__("nautilus:interconnect:GcpGateway", name, None, opts)
        self._args, self._network = args, network
        self._own = pulumi.ResourceOptions(parent=self)
        region, project = args.location.region, args.account.id
        self.router = gcp.compute.Router(
            f"{name}-router",
            name=gcp_names.short(f"{name}-router", 63),
            project=project,
            region=region,
            network=network.network_id,
            bgp=gcp.compute.RouterBgpArgs(
                asn=args.asn,
                advertise_mode="CUSTOM",
                advertised_ip_ranges=[gcp.compute.RouterBgpAdvertisedIpRangeArgs(range=args.nodes)],
                keepalive_interval=KEEPALIVE_S,
            ),
            opts=self._own,
        )
        # The other clouds are told these addresses: a new gateway would have others.
        self.gateway = gcp.compute.HaVpnGateway(
            f"{name}-vpn",
            name=gcp_names.short(f"{name}-vpn", 63),
            project=project,
            region=region,
            network=network.network_id,
            gateway_ip_version="IPV4",
            stack_type="IPV4_ONLY",
            labels=dict(for_gcp(args.labels)),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        for role, rule in segment(args.nodes, args.block, args.reach.values()).items():
            self._firewall(f"{name}-{role}", rule)
        self.logs = GcpLogHome(
            f"{name}-logs",
            LogHomeArgs(
                location=args.location,
                account=args.account,
                condition=condition(args.nodes),
                key=args.log_key,
                retention_days=args.log_retention_days,
                deletion_protection=args.deletion_protection,
            ),
            self._own,
        )
        if args.ports:
            router = RouterRef(project=project, region=region, name=self.router.name)
            learns = accept(f"{name}-learns", router, args.reach.values(), self._own)
            dedicated(name, args, self.router, learns.name, self)
        # The gateway is handed over only once what it carries is logged in its region.
        vpn = pulumi.Output.all(self.gateway.id, self.logs.sink.id).apply(lambda known: str(known[0]))
        ids = {"network": network.network_id, "router": self.router.name, "vpn_gateway": vpn}
        self.facts = GatewayFacts(addresses=(self._address(0), self._address(1)), ids=ids)
        self.register_outputs({"router": self.router.id, "gateway": self.gateway.id})

    def _address(self, interface: int) -> pulumi.Output[str]:
        return self.gateway.vpn_interfaces.apply(lambda found: str(found[interface].ip_address))

    def _firewall(self, name: str, rule: Rule) -> gcp.compute.Firewall:
        """Make a rule that holds for every machine; what comes in is let in only to the nodes."""
        inward = rule.direction is Direction.IN
        ports = list(rule.tcp) if rule.tcp else None
        nodes, peers = [self._args.nodes], list(rule.peers)
        return gcp.compute.Firewall(
            name,
            name=gcp_names.short(name, 63),
            project=self._args.account.id,
            network=self._network.vpc.id,
            description=rule.says,
            direction=str(rule.direction),
            priority=rule.priority,
            allows=[gcp.compute.FirewallAllowArgs(protocol="tcp", ports=ports)] if rule.allow else None,
            denies=None if rule.allow else [gcp.compute.FirewallDenyArgs(protocol="all")],
            source_ranges=peers if inward else None,
            destination_ranges=(nodes if rule.allow else None) if inward else peers,
            log_config={"metadata": "INCLUDE_ALL_METADATA"},
            opts=self._own,
        )


class GcpTunnels(pulumi.ComponentResource):
    """This end of four tunnels to another cloud: IKEv2, AES-256-GCM, group 20 in both phases, one BGP session a tunnel.

    Guarantees that all four carry traffic at once (their routes have the same priority), that only `end.advertises` is
    announced and only `end.learns` is taken, and that each tunnel's flows are logged. `addresses` are the gateway's two.
    Lifetimes are Google's own and cannot be set: 36,000 s and 10,800 s (Cloud VPN documentation, "Supported IKE ciphers").
    HA VPN has no BFD. Nothing in it holds state, so nothing is protected.
    """

    def __init__(self, name: str, args: TunnelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the tunnels. Raises ValueError where tunnels, secrets and peer addresses do not fit each other."""
        super().__init__("nautilus:interconnect:GcpTunnels", name, None, opts)
        if len(args.tunnels) != len(args.secrets):
            raise ValueError(f"{name}: {len(args.tunnels)} tunnels with {len(args.secrets)} pre-shared keys")
        peers = len(args.peer_addresses)
        joins = [join(tunnel.index, first=args.first, peers=peers) for tunnel in args.tunnels]
        end, own = args.end, pulumi.ResourceOptions(parent=self)
        peer = gcp.compute.ExternalVpnGateway(
            f"{name}-peer",
            name=gcp_names.short(f"{name}-peer", 63),
            project=end.account.id,
            description=f"{args.peer}, as {end.placement} sees it",
            redundancy_type=_REDUNDANCY[peers],
            interfaces=[
                gcp.compute.ExternalVpnGatewayInterfaceArgs(id=place, ip_address=address)
                for place, address in enumerate(args.peer_addresses)
            ],
            labels=dict(for_gcp(end.labels)),
            opts=own,
        )
        learns = accept(f"{name}-learns", router_of(end), end.learns, own)
        for tunnel, secret, joined in zip(args.tunnels, args.secrets, joins, strict=True):
            line(
                f"{name}-{tunnel.index}",
                LineArgs(
                    end=end,
                    tunnel=tunnel,
                    secret=secret,
                    interface=joined.interface,
                    external=(peer.id, joined.peer),
                    first=args.first,
                    peer_asn=args.peer_asn,
                    learns=learns.name,
                ),
                own,
            )
        self.addresses = end.facts.addresses
        self.register_outputs({"peer": peer.id})


class GcpLink(pulumi.ComponentResource):
    """The second way between two placements on Google Cloud: two HA VPN tunnels from gateway to gateway, a session each.

    Guarantees that both ends are made from the same record, each through its own provider. The first way is the hub that
    both are spokes of (`GcpHub`): it gives the other side's subnetworks, which are narrower than what the sessions here
    announce, so that tunnels carry only what the hub no longer does. Two of the four tunnels are used: HA VPN joins
    interfaces of the same number only. Nothing in it holds state, so nothing is protected.
    """

    def __init__(self, name: str, args: NativeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both ends. Raises ValueError where a tunnel of the pair is missing or both ends have one AS number."""
        super().__init__("nautilus:interconnect:GcpLink", name, None, opts)
        if args.ends[0].asn == args.ends[1].asn:
            raise ValueError(f"{name}: both ends have AS number {args.ends[0].asn}; a session needs two")
        keys = dict(zip((tunnel.index for tunnel in args.tunnels), args.secrets, strict=True))
        tunnels = {tunnel.index: tunnel for tunnel in args.tunnels}
        missing = [index for _, index in native_joins() if index not in tunnels]
        if missing:
            raise ValueError(f"{name}: tunnel {missing[0]} is missing")
        for place, (end, provider) in enumerate(zip(args.ends, args.providers, strict=True)):
            here = pulumi.ResourceOptions(parent=self, provider=provider)
            other, role = args.ends[1 - place], f"{name}-{end.placement}"
            learns = accept(f"{role}-learns", router_of(end), end.learns, here)
            for interface, index in native_joins():
                line(
                    f"{role}-{index}",
                    LineArgs(
                        end=end,
                        tunnel=tunnels[index],
                        secret=keys[index],
                        interface=interface,
                        google=other.facts.ids["vpn_gateway"],
                        first=place == 0,
                        peer_asn=other.asn,
                        learns=learns.name,
                    ),
                    here,
                )
        self.register_outputs({})
