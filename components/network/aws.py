"""The VPC of one placement (CLU-6).

Guarantees three tiers over the zones with ranges from the plan, a way out through NAT for the private tier, none for
the data tier, no public address on launch anywhere, flow logs under the placement's key, private endpoints, and
nothing left in what AWS makes by default. It does not connect to other clusters, and makes no load balancer.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.network.args import NetworkArgs
from components.network.aws_edge import edge_subnets
from components.network.aws_endpoints import gateway_endpoints, interface_endpoints
from components.network.aws_flow_logs import flow_logs
from components.network.aws_gates import SecurityGroups, lock_defaults, network_acls, security_groups
from components.network.aws_site import Site
from components.network.subnets import Tier, ZoneRanges, carve

_ANYWHERE: Final = "0.0.0.0/0"


def zone_letter(zone: str) -> str:
    """Give what tells a zone from its neighbours, such as `a` of `us-east-1a`: logical names hold no region."""
    return zone[-1:]


class AwsNetwork(pulumi.ComponentResource):
    """The network, with its parts as typed attributes.

    `network_id` is the VPC's. Subnet and route table ids are keyed by zone name: `private_subnet_ids` hold nodes and
    load balancers, `pod_subnet_ids` the pods' addresses, those in zones outside the region too, where `edge_subnet_ids`
    hold the nodes, by site. With `nat_per_zone` off there is one NAT gateway, and interface endpoints have an address in its
    zone only: what a development environment can bear.
    """

    region: str
    network_id: pulumi.Output[str]
    public_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_subnet_ids: Mapping[str, pulumi.Output[str]]
    data_subnet_ids: Mapping[str, pulumi.Output[str]]
    pod_subnet_ids: Mapping[str, pulumi.Output[str]]
    edge_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_route_table_ids: Mapping[str, pulumi.Output[str]]
    data_route_table_ids: Mapping[str, pulumi.Output[str]]
    web_security_group_id: pulumi.Output[str]
    app_security_group_id: pulumi.Output[str]
    data_security_group_id: pulumi.Output[str]
    private_acl_id: pulumi.Output[str]
    endpoint_ids: Mapping[str, pulumi.Output[str]]
    flow_log_group_arn: pulumi.Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:network:AwsNetwork", name, None, opts)
        site = self._make_site(name, args)
        lock_defaults(site)
        subnets = _subnets(site)
        private, data = _routes(site, subnets)
        edge = edge_subnets(site, [subnets["pods"][args.zones[0]]], private[args.zones[0]])
        groups = security_groups(site)
        acls = network_acls(site, _by_tier(subnets, edge.all))
        gateways = gateway_endpoints(site, (*private.values(), *data.values()), groups.app)
        interfaces = interface_endpoints(site, [subnets["private"][zone] for zone in _nat_zones(args)], groups)
        group, log = flow_logs(site)

        # Whoever builds in this network waits until what happens in it is recorded.
        self.network_id = pulumi.Output.all(site.vpc.id, log.id).apply(lambda known: str(known[0]))
        self.region = args.location.region
        self.public_subnet_ids = _ids(subnets["public"])
        self.private_subnet_ids = _ids(subnets["private"])
        self.data_subnet_ids = _ids(subnets["data"])
        beyond = {args.edge[site_id].zone: subnet for site_id, subnet in edge.pods.items()}
        self.pod_subnet_ids = _ids({**subnets["pods"], **beyond})
        self.edge_subnet_ids = _ids(edge.nodes)
        self.private_route_table_ids = _ids(private)
        self.data_route_table_ids = _ids(data)
        self.private_acl_id = acls[Tier.PRIVATE].id
        self.endpoint_ids = _ids({**gateways, **interfaces})
        self.flow_log_group_arn = group.arn
        self._expose(groups)
        self.register_outputs({"network_id": self.network_id, "private_subnet_ids": dict(self.private_subnet_ids)})

    def _expose(self, groups: SecurityGroups) -> None:
        self.web_security_group_id = groups.web.id
        self.app_security_group_id = groups.app.id
        self.data_security_group_id = groups.data.id

    def _make_site(self, name: str, args: NetworkArgs) -> Site:
        tags = spelling.for_aws(args.labels)
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.nodes,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            enable_network_address_usage_metrics=True,
            instance_tenancy="default",
            tags={**tags, "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return Site(name=name, args=args, vpc=vpc, tags=tags, parent=self)


def _nat_zones(args: NetworkArgs) -> tuple[str, ...]:
    return args.zones if args.nat_per_zone else args.zones[:1]


def _subnets(site: Site) -> Mapping[str, Mapping[str, aws.ec2.Subnet]]:
    """Give subnets by role, then zone; the pods' come out of the VPC's second range."""
    args = site.args
    pods = aws.ec2.VpcIpv4CidrBlockAssociation(
        f"{site.name}-pods-range", vpc_id=site.vpc.id, cidr_block=args.pods, opts=site.here
    )
    # Internal load balancers go into the private tier; no tier is offered to public ones.
    extra = {"private": {"kubernetes.io/role/internal-elb": "1"}}

    def subnet(role: str, zone: str, ranges: ZoneRanges) -> aws.ec2.Subnet:
        suffix = f"{role}-{zone_letter(zone)}"
        return aws.ec2.Subnet(
            f"{site.name}-{suffix}",
            vpc_id=site.vpc.id,
            cidr_block=getattr(ranges, role),
            availability_zone=zone,
            map_public_ip_on_launch=False,
            assign_ipv6_address_on_creation=False,
            tags={**site.named(suffix), **extra.get(role, {})},
            opts=pulumi.ResourceOptions(parent=site.parent, depends_on=[pods] if role == "pods" else []),
        )

    carved = carve(args.nodes, args.pods, args.zones)
    return {
        role: {zone: subnet(role, zone, ranges) for zone, ranges in carved.items()}
        for role in ("public", "private", "data", "pods")
    }


def _routes(
    site: Site, subnets: Mapping[str, Mapping[str, aws.ec2.Subnet]]
) -> tuple[Mapping[str, aws.ec2.RouteTable], Mapping[str, aws.ec2.RouteTable]]:
    """Give the private and the data tier's route tables by zone; pods route as the nodes of their zone do."""
    internet = aws.ec2.InternetGateway(
        f"{site.name}-internet", vpc_id=site.vpc.id, tags=site.named("internet"), opts=site.here
    )
    for zone, subnet in subnets["public"].items():
        _default_route(site, f"public-{zone_letter(zone)}", _table(site, "public", zone, subnet), gateway_id=internet.id)
    nats = {zone: _nat(site, zone, subnets["public"][zone], internet) for zone in _nat_zones(site.args)}
    shared = nats[site.args.zones[0]]
    private: dict[str, aws.ec2.RouteTable] = {}
    for zone, subnet in subnets["private"].items():
        private[zone] = _table(site, "private", zone, subnet)
        nat = nats.get(zone, shared)
        _default_route(site, f"private-{zone_letter(zone)}", private[zone], nat_gateway_id=nat.id)
        _associate(site, f"pods-{zone_letter(zone)}", subnets["pods"][zone], private[zone])
    data = {zone: _table(site, "data", zone, subnet) for zone, subnet in subnets["data"].items()}
    return private, data


def _nat(site: Site, zone: str, subnet: aws.ec2.Subnet, internet: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
    suffix = f"nat-{zone_letter(zone)}"
    # Neither works before the VPC has its internet gateway (EC2 API, AllocateAddress and CreateNatGateway).
    behind = pulumi.ResourceOptions(parent=site.parent, depends_on=[internet])
    address = aws.ec2.Eip(f"{site.name}-{suffix}-address", domain="vpc", tags=site.named(suffix), opts=behind)
    return aws.ec2.NatGateway(
        f"{site.name}-{suffix}",
        allocation_id=address.id,
        subnet_id=subnet.id,
        connectivity_type="public",
        tags=site.named(suffix),
        opts=behind,
    )


def _table(site: Site, role: str, zone: str, subnet: aws.ec2.Subnet) -> aws.ec2.RouteTable:
    suffix = f"{role}-{zone_letter(zone)}"
    table = aws.ec2.RouteTable(f"{site.name}-{suffix}-routes", vpc_id=site.vpc.id, tags=site.named(suffix), opts=site.here)
    _associate(site, suffix, subnet, table)
    return table


def _associate(site: Site, suffix: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable) -> None:
    aws.ec2.RouteTableAssociation(
        f"{site.name}-{suffix}-association",
        route_table_id=table.id,
        subnet_id=subnet.id,
        opts=site.here,
    )


def _default_route(
    site: Site,
    suffix: str,
    table: aws.ec2.RouteTable,
    *,
    gateway_id: pulumi.Input[str] | None = None,
    nat_gateway_id: pulumi.Input[str] | None = None,
) -> None:
    aws.ec2.Route(
        f"{site.name}-{suffix}-default",
        route_table_id=table.id,
        destination_cidr_block=_ANYWHERE,
        gateway_id=gateway_id,
        nat_gateway_id=nat_gateway_id,
        opts=site.here,
    )


def _by_tier(
    subnets: Mapping[str, Mapping[str, aws.ec2.Subnet]], edge: tuple[aws.ec2.Subnet, ...]
) -> Mapping[Tier, tuple[aws.ec2.Subnet, ...]]:
    return {
        Tier.PUBLIC: tuple(subnets["public"].values()),
        # Pods are guarded as what they run on.
        Tier.PRIVATE: (*subnets["private"].values(), *subnets["pods"].values(), *edge),
        Tier.DATA: tuple(subnets["data"].values()),
    }


def _ids(resources: Mapping[str, pulumi.CustomResource]) -> Mapping[str, pulumi.Output[str]]:
    return MappingProxyType({key: resource.id for key, resource in resources.items()})
