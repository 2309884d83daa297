"""The regional front end of one placement on AWS: an internal Network Load Balancer (DNS-5, FO-2, HALT-1, SEC-1).

Guarantees a TCP listener and a health-checked target group for each service class, over a private subnet in every zone, with
no public address: only an accelerator's interfaces in the same subnets carry clients to it. TLS is passed on, not ended.

Global Accelerator reaches an internal balancer only with the client's address preserved (Global Accelerator Developer Guide,
"Preserve client IP addresses"), so the balancer's security group has to admit every address on the classes' ports, and the
subnets' ACL has to let answers out. Nodes see the balancer's address; who called is in the VPC's flow logs of the
balancer's interfaces, which stand in for access logs: a Network Load Balancer writes those for TLS listeners alone.

A halted entry has none of these rules. The ACL keeps no state, so that connections under way end at once as well. Kubernetes
registers the targets; this does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.network.aws import AwsNetwork
from components.network.aws_gates import APP_PORTS
from components.traffic.args import EntryArgs
from components.traffic.aws_short import short
from config.model import ServiceClass

ENTRY_IDS: Final[tuple[str, ...]] = ("balancer",)
"""Keys of `facts`: `balancer` is the load balancer's ARN."""

BALANCER_METRIC: Final = "balancer"
"""Key of `metric_ids`: the dimension LoadBalancer; beside it `targets-<class>` is the dimension TargetGroup."""

TARGETS_METRIC: Final = "targets-"

DRAIN_S: Final = 30
"""How long a connection may go on to a target that leaves: no longer than a failover may take (DNS-1)."""

_ANYWHERE: Final = "0.0.0.0/0"
_PRIVILEGED: Final = 1024
"""The private tier's ACL admits the ports from here on, as answers to what its nodes ask."""
_EPHEMERAL: Final = (1024, 65535)
_FIRST_RULE: Final = 500
"""Of the entry's ACL rules: behind the network's own, before the backbone's."""


class AwsEntry(pulumi.ComponentResource):
    """The balancer, its groups, listeners and gates; `facts` is for an accelerator, `metric_ids` for alarms."""

    facts: Mapping[str, pulumi.Output[str]]
    metric_ids: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: EntryArgs, network: AwsNetwork, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("nautilus:traffic:AwsEntry", name, None, opts)
        self._name, self._args, self._network = name, args, network
        self._tags = spelling.for_aws(args.labels)
        group = self._gate()
        balancer = self._balancer(group)
        targets = {key: self._targets(key, served) for key, served in sorted(args.classes.items())}
        listeners = [self._listener(key, served, balancer, targets[key]) for key, served in sorted(args.classes.items())]
        # An accelerator that has the balancer's ARN finds its listeners there.
        arn = pulumi.Output.all(balancer.arn, *[one.arn for one in listeners]).apply(lambda known: str(known[0]))
        self.facts = MappingProxyType({"balancer": arn})
        self.metric_ids = MappingProxyType(
            {
                BALANCER_METRIC: balancer.arn_suffix,
                **{f"{TARGETS_METRIC}{key}": one.arn_suffix for key, one in targets.items()},
            }
        )
        self.register_outputs({"facts": dict(self.facts), "metric_ids": dict(self.metric_ids)})

    def _here(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _named(self, role: str) -> Mapping[str, str]:
        return {**self._tags, "Name": f"{self._name}-{role}"}

    def _balancer(self, group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        args = self._args
        return aws.lb.LoadBalancer(
            f"{self._name}-balancer",
            name=short(f"{self._name}-balancer"),
            load_balancer_type="network",
            internal=True,
            ip_address_type="ipv4",
            subnets=[self._network.private_subnet_ids[zone] for zone in args.zones],
            security_groups=[group.id],
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=args.deletion_protection,
            enforce_security_group_inbound_rules_on_private_link_traffic="on",
            tags=self._named("balancer"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )

    def _targets(self, key: str, served: ServiceClass) -> aws.lb.TargetGroup:
        probe = self._args.probe
        return aws.lb.TargetGroup(
            f"{self._name}-{key}-targets",
            name=short(f"{self._name}-{key}"),
            vpc_id=self._network.network_id,
            target_type="ip",
            ip_address_type="ipv4",
            protocol="TCP",
            port=served.target_port,
            # With the balancer's own address, answers need no route but the VPC's, and each target takes 55,000
            # connections, which the load alarm compares with.
            preserve_client_ip="false",
            proxy_protocol_v2=False,
            connection_termination=True,
            deregistration_delay=DRAIN_S,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                enabled=True,
                protocol="TCP",
                port=str(served.target_port),
                interval=probe.interval_s,
                timeout=probe.timeout_s,
                healthy_threshold=probe.threshold,
                unhealthy_threshold=probe.threshold,
            ),
            stickiness=aws.lb.TargetGroupStickinessArgs(type="source_ip", enabled=served.affinity),
            tags=self._named(key),
            opts=self._here(),
        )

    def _listener(
        self, key: str, served: ServiceClass, balancer: aws.lb.LoadBalancer, targets: aws.lb.TargetGroup
    ) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._name}-{key}-listener",
            load_balancer_arn=balancer.arn,
            protocol="TCP",
            port=served.port,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)],
            tags=self._named(f"{key}-listener"),
            opts=self._here(),
        )

    def _gate(self) -> aws.ec2.SecurityGroup:
        """Give the balancer's group, with the ways to the nodes and, unless halted, in for clients."""
        name, network = self._name, self._network
        group = aws.ec2.SecurityGroup(
            f"{name}-gate",
            name=f"{name}-gate",
            description="Entry: ports of the service classes, on to the application tier",
            vpc_id=network.network_id,
            tags=self._named("gate"),
            opts=self._here(),
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-out-app",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=APP_PORTS[0],
            to_port=APP_PORTS[1],
            referenced_security_group_id=network.app_security_group_id,
            tags=self._named("out-app"),
            opts=self._here(),
        )
        for port in sorted({served.target_port for served in self._args.classes.values()}):
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-app-in-{port}",
                security_group_id=network.app_security_group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                referenced_security_group_id=group.id,
                tags=self._named(f"app-in-{port}"),
                opts=self._here(),
            )
        if not self._args.halted:
            self._admit(group)
        return group

    def _admit(self, group: aws.ec2.SecurityGroup) -> None:
        name = self._name
        for key, served in sorted(self._args.classes.items()):
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-in-{key}",
                security_group_id=group.id,
                ip_protocol="tcp",
                from_port=served.port,
                to_port=served.port,
                cidr_ipv4=_ANYWHERE,
                description="Clients, through the accelerator alone: the balancer has no public address",
                tags=self._named(f"in-{key}"),
                opts=self._here(),
            )
        ports = sorted({served.port for served in self._args.classes.values() if served.port < _PRIVILEGED})
        for place, port in enumerate(ports):
            self._acl_rule(f"acl-in-{port}", _FIRST_RULE + place, (port, port), egress=False)
        self._acl_rule("acl-out", _FIRST_RULE, _EPHEMERAL, egress=True)

    def _acl_rule(self, role: str, number: int, ports: tuple[int, int], *, egress: bool) -> None:
        aws.ec2.NetworkAclRule(
            f"{self._name}-{role}",
            network_acl_id=self._network.private_acl_id,
            egress=egress,
            rule_number=number,
            protocol="tcp",
            rule_action="allow",
            cidr_block=_ANYWHERE,
            from_port=ports[0],
            to_port=ports[1],
            opts=self._here(),
        )
