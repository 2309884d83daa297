"""The Azure end of four IPsec tunnels to another cloud, out of the hub's VPN gateway (NET-2, NET-4).

Decision: AES-256-GCM in both phases, ECP384 (group 20) for the key exchange and for perfect forward secrecy, SHA-384. Of the
groups that Virtual WAN offers (ECP384, ECP256, groups 24 and 14: Virtual WAN IPsec policies, Microsoft Learn) it is the
strongest, and AWS and Google Cloud offer it too. Azure's VPN gateway has no BFD: dead peer detection is what notices a loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import network

from components import labels
from components.interconnect.args import TunnelArgs
from components.interconnect.azure_routes import branch, route_maps
from components.provider.azure_resource import physical
from nautilus.federation.link import Tunnel

INSTANCES: Final = ("Instance0", "Instance1")
"""How a hub's VPN gateway calls its two instances, one public address each."""

_DEAD_PEER_S: Final = 10
"""Azure takes 9 to 3600 s (VPN connection, Azure Resource Manager); its BGP timers are 60 and 180 s and cannot be set."""

_SA_LIFETIME_S: Final = 3600
"""Phase 2, the most that AWS takes; Azure's phase 1 lives 28,800 s and cannot be set."""

_SA_SIZE_KIB: Final = 102_400_000

_LINK_SPEED_MBPS: Final = 1000
"""What one link is said to carry; Azure shares a gateway's units between links by it and limits nothing."""

_DECLARED_PEERS: Final = (2, 4)


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One link of a site: `peer` and `secret` are positions in the arguments, `far` the BGP address there.

    `near` are the gateway's own BGP addresses, the first instance's first.
    """

    peer: int
    secret: int
    near: tuple[str, str]
    far: str


def secret_of(index: int) -> int:
    """Give which secret tunnel `index` (0 to 3) to a peer of two addresses uses; that peer must use the same.

    Azure keeps one pre-shared key a link, and a link is one address of the peer: both instances' tunnels share it. A peer
    with four addresses has a link a tunnel, and each tunnel its own secret. Raises ValueError for a tunnel there is not.
    """
    if index not in range(4):
        raise ValueError(f"tunnel {index}: there are four, 0 to 3")
    return index % 2


def legs(tunnels: Sequence[Tunnel], peers: int, *, first: bool) -> tuple[Leg, ...]:
    """Give a site's links, in the order of the peer's addresses.

    Four peer addresses (AWS): link i is tunnel i, from instance `i // 2`. The other instance tries it too and AWS refuses
    it, since it is not the customer gateway's address; Azure wants an address for it all the same and gets its own of
    tunnel i ± 2. Two peer addresses (Google Cloud): link j is the tunnels j and j + 2, one from each instance. A link has
    one BGP address of the peer, so that of the four tunnels 0 and 3 carry BGP, and between them both interfaces of both
    sides.
    Raises ValueError for another number of tunnels or of peer addresses.
    """
    if len(tunnels) != 2 * len(INSTANCES) or peers not in _DECLARED_PEERS:
        raise ValueError(
            f"{len(tunnels)} tunnels to {peers} addresses: Azure's end has four tunnels to two or four addresses"
        )
    own = [tunnel.first if first else tunnel.second for tunnel in tunnels]
    far = [tunnel.second if first else tunnel.first for tunnel in tunnels]
    if peers == len(INSTANCES):
        return tuple(
            Leg(peer=link, secret=secret_of(link), near=(own[link], own[link + 2]), far=far[3 * link]) for link in range(2)
        )
    return tuple(Leg(peer=i, secret=i, near=(own[i % 2], own[i % 2 + 2]), far=far[i]) for i in range(4))


def ipsec_policy() -> network.IpsecPolicyArgs:
    """Give the only policy of our tunnels; lifetimes in seconds and KiB."""
    return network.IpsecPolicyArgs(
        ike_encryption=network.IkeEncryption.GCMAES256,
        ike_integrity=network.IkeIntegrity.SHA384,
        dh_group=network.DhGroup.ECP384,
        ipsec_encryption=network.IpsecEncryption.GCMAES256,
        ipsec_integrity=network.IpsecIntegrity.GCMAES256,
        pfs_group=network.PfsGroup.ECP384,
        sa_life_time_seconds=_SA_LIFETIME_S,
        sa_data_size_kilobytes=_SA_SIZE_KIB,
    )


def site_link(name: str, address: pulumi.Input[str], bgp: network.VpnLinkBgpSettingsArgs | None) -> network.VpnSiteLinkArgs:
    """Give one link of a site: one public address of the other side."""
    return network.VpnSiteLinkArgs(
        name=name,
        ip_address=address,
        bgp_properties=bgp,
        link_properties=network.VpnLinkProviderPropertiesArgs(
            link_provider_name="internet", link_speed_in_mbps=_LINK_SPEED_MBPS
        ),
    )


def link_connection(
    name: str, site: network.VpnSite, secret: pulumi.Input[str], near: tuple[str, str] | None
) -> network.VpnSiteLinkConnectionArgs:
    """Give the connection over one link of a site; with `near`, BGP from these addresses of the two instances."""
    addresses = [
        network.GatewayCustomBgpIpAddressIpConfigurationArgs(ip_configuration_id=instance, custom_bgp_ip_address=address)
        for instance, address in zip(INSTANCES, near or (), strict=near is not None)
    ]
    return network.VpnSiteLinkConnectionArgs(
        name=name,
        vpn_site_link=network.SubResourceArgs(id=pulumi.Output.concat(site.id, "/vpnSiteLinks/", name)),
        vpn_connection_protocol_type=network.VirtualNetworkGatewayConnectionProtocol.IK_EV2,
        vpn_link_connection_mode=network.VpnLinkConnectionMode.DEFAULT,
        shared_key=pulumi.Output.secret(secret),
        ipsec_policies=[ipsec_policy()],
        enable_bgp=near is not None,
        vpn_gateway_custom_bgp_addresses=addresses or None,
        dpd_timeout_seconds=_DEAD_PEER_S,
        connection_bandwidth=_LINK_SPEED_MBPS,
        enable_rate_limiting=False,
        use_local_azure_ip_address=False,
        use_policy_based_traffic_selectors=False,
        routing_weight=0,
    )


class AzureTunnels(pulumi.ComponentResource):
    """One site of the hub that stands for the other cloud's gateway, and the connection to it (NET-2).

    Guarantees IKEv2 under one policy, BGP from the addresses that the plan gives, and route maps that take only what this
    end may learn and give only what it may advertise. The hub spreads traffic over sessions of equal paths. It cannot
    choose an instance for a link: both dial every link. BFD is not offered. Nothing of it is protected: it holds no state,
    and its addresses are the gateway's.
    """

    def __init__(self, name: str, args: TunnelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make site, route maps and connection. Raises ValueError as `legs` and `route_maps` do, and for another's range."""
        super().__init__("nautilus:interconnect:AzureTunnels", name, None, opts)
        found = legs(args.tunnels, len(args.peer_addresses), first=args.first)
        if foreign := sorted(set(args.end.advertises) - {args.end.nodes}):
            raise ValueError(
                f"{name}: advertises {', '.join(foreign)}; a hub gives its own {args.end.nodes} and passes nothing on"
            )
        ids, child = args.end.facts.ids, pulumi.ResourceOptions(parent=self)
        self.site = network.VpnSite(
            f"{name}-site",
            vpn_site_name=physical(f"site-{name}", 80),
            resource_group_name=ids["group"],
            location=args.end.location.region,
            virtual_wan=network.SubResourceArgs(id=ids["wan"]),
            vpn_site_links=[
                site_link(
                    f"peer-{leg.peer}",
                    args.peer_addresses[leg.peer],
                    network.VpnLinkBgpSettingsArgs(asn=args.peer_asn, bgp_peering_address=leg.far),
                )
                for leg in found
            ],
            tags=labels.for_azure(args.end.labels),
            opts=child,
        )
        maps = route_maps(
            name, group=ids["group"], hub=ids["hub"], learns=args.end.learns, advertises=args.end.advertises, opts=child
        )
        self.connection = network.VpnConnection(
            f"{name}-connection",
            connection_name=physical(f"conn-{name}", 80),
            gateway_name=ids["vpn-gateway"],
            resource_group_name=ids["group"],
            remote_vpn_site=network.SubResourceArgs(id=self.site.id),
            enable_internet_security=False,
            routing_configuration=branch(default=ids["default-routes"], nodes=ids["nodes-routes"], maps=maps),
            vpn_link_connections=[
                link_connection(f"peer-{leg.peer}", self.site, args.secrets[leg.secret], leg.near) for leg in found
            ],
            # Azure gives the keys back in the connection's links.
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["vpn_link_connections"]),
        )
        self.addresses = args.end.facts.addresses
        self.register_outputs({"connection": self.connection.id})
