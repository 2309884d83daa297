"""The VPC of one placement on Google Cloud: three regional tiers, NAT, denial by default, private access, regional logs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.network.args import NetworkArgs
from components.network.gcp_logs import GcpLogHome, LogHomeArgs
from components.network.gcp_private import private_apis, private_services
from components.network.gcp_ranges import carve
from components.network.gcp_rules import Direction, Rule, rules
from components.provider import gcp_names
from components.provider.gcp_names import PRIVATE_API_RANGE

PODS_RANGE = "pods"
"""The name of the private tier's secondary range for pods."""

SERVICES_RANGE = "services"
"""The name of the private tier's secondary range for Kubernetes services."""

_DEFAULT_ROUTES = {"internet": "0.0.0.0/0", "google-apis": PRIVATE_API_RANGE}


class GcpNetwork(pulumi.ComponentResource):
    """A custom-mode VPC with public, private and data subnetworks in one region (CLU-6).

    Guarantees that every subnetwork has flow logs and private Google access, that no machine needs an external address
    (NAT has one reserved address a zone, or one in all), that firewalls deny what no tier rule allows, and that flow,
    firewall, NAT and DNS logs rest in the region under the placement's key. Subnetworks span the region's zones, as
    Google Cloud builds them: `subnetworks` is keyed by tier (`public`, `private`, `data`) and `proxies`. The default
    routes Google would make are not there; the two that are needed are declared. `network_id` waits for the logs. It
    makes no load balancer, interconnect or peering with other placements.
    """

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network. Raises ValueError where `args.nodes` is smaller than a /20."""
        super().__init__("nautilus:network:GcpNetwork", name, None, opts)
        self._args = args
        self._own = pulumi.ResourceOptions(parent=self)
        self.ranges = carve(args.nodes)
        self.vpc = gcp.compute.Network(
            f"{name}-vpc",
            name=gcp_names.short(f"{name}-vpc", 63),
            project=args.account.id,
            description=f"Nautilus {name}",
            auto_create_subnetworks=False,
            delete_default_routes_on_create=True,
            routing_mode="REGIONAL",
            mtu=1460,
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        self.subnetworks = self._subnetworks(name)
        for role, destination in _DEFAULT_ROUTES.items():
            self._route(f"{name}-{role}", destination)
        self.nat_addresses, self.nat = self._nat(name)
        for role, rule in rules(args.nodes, args.pods, args.services, self.ranges).items():
            self._firewall(f"{name}-{role}", rule)
        private_apis(name, args, self.vpc, self)
        self.services_peering = private_services(name, args, self.vpc, self.ranges.services, self)
        gcp.dns.Policy(
            f"{name}-dns",
            name=gcp_names.short(f"{name}-dns", 63),
            project=args.account.id,
            description="Query logs",
            enable_logging=True,
            enable_inbound_forwarding=False,
            networks=[{"network_url": self.vpc.id}],
            opts=self._own,
        )
        self.logs = self._logs(name)
        self.network_id = pulumi.Output.all(self.vpc.id, self.logs.sink.id).apply(lambda known: str(known[0]))
        self.register_outputs({"vpc": self.vpc.id, "private": self.subnetworks["private"].id})

    def _subnetworks(self, name: str) -> Mapping[str, gcp.compute.Subnetwork]:
        tiers = {"public": self.ranges.public, "private": self.ranges.private, "data": self.ranges.data}
        secondary = {
            "private": [
                gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=PODS_RANGE, ip_cidr_range=self._args.pods),
                gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=SERVICES_RANGE, ip_cidr_range=self._args.services),
            ]
        }
        made = {
            tier: gcp.compute.Subnetwork(
                f"{name}-{tier}",
                name=gcp_names.short(f"{name}-{tier}", 63),
                project=self._args.account.id,
                region=self._args.location.region,
                network=self.vpc.id,
                ip_cidr_range=cidr,
                purpose="PRIVATE",
                stack_type="IPV4_ONLY",
                private_ip_google_access=True,
                secondary_ip_ranges=secondary.get(tier),
                log_config=gcp.compute.SubnetworkLogConfigArgs(
                    aggregation_interval="INTERVAL_5_SEC", flow_sampling=1.0, metadata="INCLUDE_ALL_METADATA"
                ),
                opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection),
            )
            for tier, cidr in tiers.items()
        }
        # Google's proxies live here, not machines: it takes neither flow logs nor private access.
        made["proxies"] = gcp.compute.Subnetwork(
            f"{name}-proxies",
            name=gcp_names.short(f"{name}-proxies", 63),
            project=self._args.account.id,
            region=self._args.location.region,
            network=self.vpc.id,
            ip_cidr_range=self.ranges.proxies,
            purpose="REGIONAL_MANAGED_PROXY",
            role="ACTIVE",
            opts=self._own,
        )
        return MappingProxyType(made)

    def _route(self, name: str, destination: str) -> gcp.compute.Route:
        return gcp.compute.Route(
            name,
            name=gcp_names.short(name, 63),
            project=self._args.account.id,
            network=self.vpc.id,
            dest_range=destination,
            next_hop_gateway="default-internet-gateway",
            priority=1000,
            opts=self._own,
        )

    def _nat(self, name: str) -> tuple[Mapping[str, gcp.compute.Address], gcp.compute.RouterNat]:
        router = gcp.compute.Router(
            f"{name}-router",
            name=gcp_names.short(f"{name}-router", 63),
            project=self._args.account.id,
            region=self._args.location.region,
            network=self.vpc.id,
            opts=self._own,
        )
        zones = self._args.zones if self._args.nat_per_zone else self._args.zones[:1]
        addresses = {
            zone: gcp.compute.Address(
                f"{name}-nat-{zone}",
                name=gcp_names.short(f"{name}-nat-{zone}", 63),
                project=self._args.account.id,
                region=self._args.location.region,
                address_type="EXTERNAL",
                network_tier="PREMIUM",
                labels=dict(for_gcp(self._args.labels)),
                opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection),
            )
            for zone in zones
        }
        nat = gcp.compute.RouterNat(
            f"{name}-nat",
            name=gcp_names.short(f"{name}-nat", 63),
            project=self._args.account.id,
            region=self._args.location.region,
            router=router.name,
            nat_ip_allocate_option="MANUAL_ONLY",
            nat_ips=[address.self_link for address in addresses.values()],
            source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
            subnetworks=[
                {
                    "name": self.subnetworks["private"].id,
                    "source_ip_ranges_to_nats": ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"],
                    "secondary_ip_range_names": [PODS_RANGE],
                }
            ],
            # Ports are given out as machines need them, which Google allows only without endpoint-independent mapping.
            enable_dynamic_port_allocation=True,
            enable_endpoint_independent_mapping=False,
            min_ports_per_vm=64,
            max_ports_per_vm=4096,
            tcp_established_idle_timeout_sec=1200,
            log_config={"enable": True, "filter": "ALL"},
            opts=self._own,
        )
        return MappingProxyType(addresses), nat

    def _firewall(self, name: str, rule: Rule) -> gcp.compute.Firewall:
        protocol = "all" if rule.tcp is None else "tcp"
        ports = list(rule.tcp) if rule.tcp else None
        peers = list(rule.peers)
        return gcp.compute.Firewall(
            name,
            name=gcp_names.short(name, 63),
            project=self._args.account.id,
            network=self.vpc.id,
            description=rule.says,
            direction=str(rule.direction),
            priority=rule.priority,
            allows=[gcp.compute.FirewallAllowArgs(protocol=protocol, ports=ports)] if rule.allow else None,
            denies=None if rule.allow else [gcp.compute.FirewallDenyArgs(protocol=protocol, ports=ports)],
            source_ranges=peers if rule.direction is Direction.IN else None,
            destination_ranges=peers if rule.direction is Direction.OUT else None,
            target_tags=[str(tag) for tag in rule.targets] or None,
            log_config={"metadata": "INCLUDE_ALL_METADATA"},
            opts=self._own,
        )

    def _logs(self, name: str) -> GcpLogHome:
        region = self._args.location.region
        condition = (
            '((log_id("compute.googleapis.com/vpc_flows") OR log_id("compute.googleapis.com/firewall")) '
            f'AND resource.labels.subnetwork_name:"{name}") '
            f'OR (log_id("compute.googleapis.com/nat_flows") AND resource.labels.gateway_name:"{name}") '
            f'OR (log_id("dns.googleapis.com/dns_queries") AND resource.labels.location="{region}")'
        )
        return GcpLogHome(
            f"{name}-logs",
            LogHomeArgs(
                location=self._args.location,
                account=self._args.account,
                condition=condition,
                key=self._args.log_key,
                retention_days=self._args.flow_log_retention_days,
                deletion_protection=self._args.deletion_protection,
            ),
            self._own,
        )
