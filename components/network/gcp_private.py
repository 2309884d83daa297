"""Private ways to Google: its APIs by the restricted addresses, its managed services by a peered range (CLU-6)."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.network.args import NetworkArgs
from components.provider import gcp_names

API_DOMAINS: Mapping[str, str] = {"apis": "googleapis.com.", "images": "pkg.dev.", "registry": "gcr.io."}
"""Domains that resolve to the restricted addresses inside the network, keyed by role."""

_TTL_S = 300


def private_apis(name: str, args: NetworkArgs, vpc: gcp.compute.Network, parent: pulumi.Resource) -> list[pulumi.Resource]:
    """Make private zones, so that Google's APIs are reached at the restricted addresses and nowhere else."""
    made: list[pulumi.Resource] = []
    for role, domain in API_DOMAINS.items():
        zone = gcp.dns.ManagedZone(
            f"{name}-{role}",
            name=gcp_names.short(f"{name}-{role}", 63),
            project=args.account.id,
            dns_name=domain,
            description=f"{domain} by private access",
            visibility="private",
            private_visibility_config={"networks": [{"network_url": vpc.id}]},
            labels=dict(for_gcp(args.labels)),
            force_destroy=False,
            opts=pulumi.ResourceOptions(parent=parent),
        )
        host = "restricted.googleapis.com." if role == "apis" else domain
        made += [
            zone,
            _record(f"{name}-{role}-a", zone, host, gcp_names.PRIVATE_API_ADDRESSES, parent),
            _record(f"{name}-{role}-cname", zone, f"*.{domain}", (host,), parent),
        ]
    return made


def private_services(
    name: str, args: NetworkArgs, vpc: gcp.compute.Network, services: str, parent: pulumi.Resource
) -> gcp.servicenetworking.Connection:
    """Reserve a range for Google's managed services and peer it, so that databases get private addresses only."""
    address, length = services.split("/")
    reserved = gcp.compute.GlobalAddress(
        f"{name}-services",
        name=gcp_names.short(f"{name}-services", 63),
        project=args.account.id,
        description="Private services access",
        purpose="VPC_PEERING",
        address_type="INTERNAL",
        ip_version="IPV4",
        address=address,
        prefix_length=int(length),
        network=vpc.id,
        labels=dict(for_gcp(args.labels)),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return gcp.servicenetworking.Connection(
        f"{name}-services-peering",
        network=vpc.id,
        service="servicenetworking.googleapis.com",
        reserved_peering_ranges=[reserved.name],
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _record(
    name: str, zone: gcp.dns.ManagedZone, host: str, answers: tuple[str, ...], parent: pulumi.Resource
) -> gcp.dns.RecordSet:
    """Make one record: addresses for a plain host, an alias for a wildcard."""
    return gcp.dns.RecordSet(
        name,
        project=zone.project,
        managed_zone=zone.name,
        name=host,
        type="CNAME" if host.startswith("*.") else "A",
        ttl=_TTL_S,
        rrdatas=list(answers),
        opts=pulumi.ResourceOptions(parent=parent),
    )
