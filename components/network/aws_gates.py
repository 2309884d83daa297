"""What may talk to what in a VPC: security groups per tier and network ACLs around them (CLU-6, SEC-1, NET-002).

Guarantees that the only ways in are web 80/443 from the network's own ranges, application 8000-8010 from web, and data
5432/6379 from application; that the data tier has no way out but its answers; and that the VPC's default group and ACL
let nothing pass. It opens nothing towards other clusters: the backbone's own component does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.network.args import NetworkArgs
from components.network.aws_site import Site
from components.network.subnets import Tier, regional

WEB_PORTS: Final = (80, 443)
APP_PORTS: Final = (8000, 8010)
"""First and last port of the application tier."""
DATA_PORTS: Final = (5432, 6379)
_HTTPS: Final = (443, 443)
_EPHEMERAL: Final = (1024, 65535)
_ANYWHERE: Final = "0.0.0.0/0"
_STEP: Final = 10
"""Between ACL rule numbers, so that a rule can be put in between."""


@dataclass(frozen=True, kw_only=True)
class SecurityGroups:
    """The tiers' groups; `endpoints` is worn by the interface endpoints."""

    web: aws.ec2.SecurityGroup
    app: aws.ec2.SecurityGroup
    data: aws.ec2.SecurityGroup
    endpoints: aws.ec2.SecurityGroup


@dataclass(frozen=True, kw_only=True)
class _Pass:
    """One ACL rule but for its number; ports None mean every protocol."""

    cidr: str
    ports: tuple[int, int] | None
    egress: bool


def lock_defaults(site: Site) -> None:
    """Adopt what AWS makes with a VPC and leave no rule and no route in it."""
    name, vpc, tags, opts = site.name, site.vpc, site.named("default-unused"), site.here
    aws.ec2.DefaultSecurityGroup(
        f"{name}-default-security-group", vpc_id=vpc.id, ingress=[], egress=[], tags=tags, opts=opts
    )
    aws.ec2.DefaultNetworkAcl(
        f"{name}-default-network-acl", default_network_acl_id=vpc.default_network_acl_id, tags=tags, opts=opts
    )
    aws.ec2.DefaultRouteTable(
        f"{name}-default-route-table", default_route_table_id=vpc.default_route_table_id, routes=[], tags=tags, opts=opts
    )


def security_groups(site: Site) -> SecurityGroups:
    """Give the groups with all their rules but those towards the gateway endpoints, which need their prefix lists."""

    def group(role: str, description: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{site.name}-{role}",
            name=f"{site.name}-{role}",
            description=description,
            vpc_id=site.vpc.id,
            tags=site.named(role),
            opts=site.here,
        )

    groups = SecurityGroups(
        web=group("web", "Internal load balancers: 80 and 443 from this network"),
        app=group("app", "Application: 8000-8010 from the web tier"),
        data=group("data", "Databases and caches: 5432 and 6379 from the application tier"),
        endpoints=group("endpoints", "Private endpoints of AWS services: 443 from this network"),
    )
    for source, cidr in {"nodes": site.args.nodes, "pods": site.args.pods}.items():
        for port in WEB_PORTS:
            ingress(site, f"web-in-{port}-{source}", groups.web, (port, port), cidr=cidr)
        ingress(site, f"endpoints-in-{source}", groups.endpoints, _HTTPS, cidr=cidr)
    ingress(site, "app-in-web", groups.app, APP_PORTS, peer=groups.web)
    egress(site, "web-out-app", groups.web, APP_PORTS, peer=groups.app)
    egress(site, "app-out-endpoints", groups.app, _HTTPS, peer=groups.endpoints)
    for port in DATA_PORTS:
        ingress(site, f"data-in-{port}", groups.data, (port, port), peer=groups.app)
        egress(site, f"app-out-data-{port}", groups.app, (port, port), peer=groups.data)
    return groups


def ingress(
    site: Site,
    role: str,
    group: aws.ec2.SecurityGroup,
    ports: tuple[int, int],
    *,
    cidr: str | None = None,
    peer: aws.ec2.SecurityGroup | None = None,
) -> aws.vpc.SecurityGroupIngressRule:
    """Let a range or another group into a group, over TCP; `ports` are the first and the last."""
    return aws.vpc.SecurityGroupIngressRule(
        f"{site.name}-{role}",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=ports[0],
        to_port=ports[1],
        cidr_ipv4=cidr,
        referenced_security_group_id=None if peer is None else peer.id,
        tags=site.named(role),
        opts=site.here,
    )


def egress(
    site: Site,
    role: str,
    group: aws.ec2.SecurityGroup,
    ports: tuple[int, int],
    *,
    peer: aws.ec2.SecurityGroup | None = None,
    prefix_list_id: pulumi.Input[str] | None = None,
) -> aws.vpc.SecurityGroupEgressRule:
    """Let a group out to another group or a prefix list, over TCP; `ports` are the first and the last."""
    return aws.vpc.SecurityGroupEgressRule(
        f"{site.name}-{role}",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=ports[0],
        to_port=ports[1],
        referenced_security_group_id=None if peer is None else peer.id,
        prefix_list_id=prefix_list_id,
        tags=site.named(role),
        opts=site.here,
    )


def network_acls(site: Site, subnets: Mapping[Tier, tuple[aws.ec2.Subnet, ...]]) -> Mapping[Tier, aws.ec2.NetworkAcl]:
    """Give one ACL a tier. ACLs keep no state, so that answers are let through by ephemeral port."""
    acls: dict[Tier, aws.ec2.NetworkAcl] = {}
    for tier, rules in _acl_rules(site.args).items():
        acls[tier] = aws.ec2.NetworkAcl(
            f"{site.name}-{tier}-acl",
            vpc_id=site.vpc.id,
            subnet_ids=[subnet.id for subnet in subnets[tier]],
            tags=site.named(tier),
            opts=site.here,
        )
        for outward in (False, True):
            for place, rule in enumerate(rule for rule in rules if rule.egress is outward):
                _acl_rule(site, tier, acls[tier], 100 + place * _STEP, rule)
    return acls


def _acl_rule(site: Site, tier: Tier, acl: aws.ec2.NetworkAcl, number: int, rule: _Pass) -> None:
    aws.ec2.NetworkAclRule(
        f"{site.name}-{tier}-acl-{'out' if rule.egress else 'in'}-{number}",
        network_acl_id=acl.id,
        egress=rule.egress,
        rule_number=number,
        protocol="-1" if rule.ports is None else "tcp",
        rule_action="allow",
        cidr_block=rule.cidr,
        from_port=0 if rule.ports is None else rule.ports[0],
        to_port=0 if rule.ports is None else rule.ports[1],
        opts=site.here,
    )


def _acl_rules(args: NetworkArgs) -> Mapping[Tier, tuple[_Pass, ...]]:
    inside = (args.nodes, args.pods)
    data = regional(args.nodes).data
    return {
        # NAT gateways: requests from inside, answers from outside.
        Tier.PUBLIC: (
            *(_Pass(cidr=cidr, ports=_HTTPS, egress=False) for cidr in inside),
            _Pass(cidr=_ANYWHERE, ports=_EPHEMERAL, egress=False),
            _Pass(cidr=_ANYWHERE, ports=_HTTPS, egress=True),
            *(_Pass(cidr=cidr, ports=_EPHEMERAL, egress=True) for cidr in inside),
        ),
        Tier.PRIVATE: (
            *(_Pass(cidr=cidr, ports=None, egress=False) for cidr in inside),
            _Pass(cidr=_ANYWHERE, ports=_EPHEMERAL, egress=False),
            *(_Pass(cidr=cidr, ports=None, egress=True) for cidr in inside),
            _Pass(cidr=_ANYWHERE, ports=_HTTPS, egress=True),
        ),
        # Databases and caches: asked from inside, replicating among themselves, never asking.
        Tier.DATA: (
            *(_Pass(cidr=cidr, ports=(port, port), egress=False) for port in DATA_PORTS for cidr in inside),
            _Pass(cidr=data, ports=_EPHEMERAL, egress=False),
            *(_Pass(cidr=cidr, ports=_EPHEMERAL, egress=True) for cidr in inside),
        ),
    }
