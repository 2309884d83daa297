"""A Google Cloud placement's leased ports: Dedicated Interconnect with MACsec, an attachment and a session each (NET-4)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.interconnect.args import GatewayArgs
from components.interconnect.gcp_facilities import facility
from components.interconnect.gcp_flows import Watched, flow_logs
from components.interconnect.gcp_session import PORT_PRIORITY, RouterRef, SessionArgs, session
from components.labels import for_gcp
from components.provider import gcp_names
from nautilus.federation.link import Port

_LINKS = {10: "LINK_TYPE_ETHERNET_10G_LR", 100: "LINK_TYPE_ETHERNET_100G_LR"}
_CUSTOMER = "Nautilus Federation"
_MTU_BYTES = "1460"
"""As the network's own; Google takes 1440, 1460, 1500 and 8896."""


def dedicated(
    name: str, args: GatewayArgs, router: gcp.compute.Router, learns: pulumi.Input[str], parent: pulumi.Resource
) -> None:
    """Order every port of `args.ports`, attach it to the router and open its session; `learns` is a route policy's name.

    Names start with `name` and the port's id. The attachment is not IPsec's (that is HA VPN over Cloud Interconnect, whose
    tunnels would end at the carrier): the link layer is encrypted where the port says so, and fails closed. Google makes
    the MACsec keys; the other side fetches them with `gcloud compute interconnects get-macsec-config`. Raises ValueError
    for a bandwidth that no link has, a region without a facility, or two addresses that are not of one range.
    """
    for place, port in enumerate(args.ports):
        _port(
            f"{name}-{port.id}",
            args,
            port,
            facility(args.location.region, place),
            _Hub(router=router, learns=learns, parent=parent),
        )


@dataclass(frozen=True, kw_only=True)
class _Hub:
    router: gcp.compute.Router
    learns: pulumi.Input[str]
    parent: pulumi.Resource


def _port(name: str, args: GatewayArgs, port: Port, place: str, hub: _Hub) -> None:
    project = args.account.id
    if port.bandwidth_gbps not in _LINKS:
        raise ValueError(f"port {port.id}: {port.bandwidth_gbps} Gbit/s is not a link that Google offers: 10 or 100")
    near, far = _addresses(port)
    labels = dict(for_gcp(args.labels))
    kept = pulumi.ResourceOptions(parent=hub.parent, protect=args.deletion_protection)
    keys = [gcp.compute.InterconnectMacsecPreSharedKeyArgs(name=f"{port.id}-1")]
    circuit = gcp.compute.Interconnect(
        name,
        name=gcp_names.short(name, 63),
        project=project,
        description=f"Port {port.id}, carried by {port.carrier}",
        customer_name=_CUSTOMER,
        interconnect_type="DEDICATED",
        link_type=_LINKS[port.bandwidth_gbps],
        requested_link_count=1,
        location=gcp_names.interconnect_location(project, place),
        admin_enabled=True,
        requested_features=["IF_MACSEC"] if port.macsec else None,
        macsec_enabled=port.macsec,
        macsec=gcp.compute.InterconnectMacsecArgs(fail_open=False, pre_shared_keys=keys) if port.macsec else None,
        labels=labels,
        opts=kept,
    )
    attachment = gcp.compute.InterconnectAttachment(
        f"{name}-vlan",
        name=gcp_names.short(f"{name}-vlan", 63),
        project=project,
        region=args.location.region,
        description=f"VLAN {port.vlan} of port {port.id}",
        type="DEDICATED",
        interconnect=circuit.id,
        router=hub.router.id,
        vlan_tag8021q=port.vlan,
        bandwidth=f"BPS_{port.bandwidth_gbps}G",
        candidate_cloud_router_ip_address=str(near),
        candidate_customer_router_ip_address=str(far),
        stack_type="IPV4_ONLY",
        mtu=_MTU_BYTES,
        encryption="NONE",
        admin_enabled=True,
        labels=labels,
        opts=kept,
    )
    here = pulumi.ResourceOptions(parent=hub.parent)
    session(
        name,
        SessionArgs(
            router=RouterRef(project=project, region=args.location.region, name=hub.router.name),
            near=str(near.ip),
            far=str(far.ip),
            length=near.network.prefixlen,
            far_asn=port.far_asn,
            advertises=(args.nodes,),
            priority=PORT_PRIORITY,
            learns=hub.learns,
            attachment=attachment.self_link,
        ),
        here,
    )
    flow_logs(f"{name}-flows", project, args.labels, Watched(attachment=attachment.id), here)


def _addresses(port: Port) -> tuple[ipaddress.IPv4Interface, ipaddress.IPv4Interface]:
    near, far = ipaddress.IPv4Interface(port.near), ipaddress.IPv4Interface(port.far)
    if near.network != far.network or near.ip == far.ip:
        raise ValueError(f"port {port.id}: {port.near} and {port.far} are not two addresses of one range")
    return near, far
