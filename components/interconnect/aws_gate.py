"""What may pass between a placement on AWS and the others: the firewall between segments (NET-4, SEC-1).

Guarantees that from other placements only the declared ranges reach the nodes, on the mesh's ports over TCP; that the nodes
reach the same ports of the same ranges; and that the subnets' ACL lets those connections and their answers out. What is not
listed stays denied by the security groups and the ACL. The rules hang on the group that all nodes wear, and on the private
tier's ACL. Nothing is opened towards the data tier: whatever replicates does that for its own ports.
"""

from __future__ import annotations

import ipaddress
from typing import Final

import pulumi_aws as aws

from components.interconnect.args import BACKBONE_PORTS
from components.interconnect.aws_site import Hub

_UNPRIVILEGED: Final = (1024, 65535)
"""Holds the mesh's ports, and the ports from which its clients ask: ACLs keep no state, so answers need them too."""

_FIRST_RULE: Final = 1000
"""Of the backbone's ACL entries; the network's own stand below."""

_NUMBERED: Final = 16
"""Bits of a range that tell placements' /16 ranges apart: the second byte is the ACL entry's number."""


def admit(hub: Hub) -> None:
    """Let the declared placements in and out, and nothing else."""
    for peer, nodes in sorted(hub.args.reach.items()):
        for port in BACKBONE_PORTS:
            _rule(hub, f"in-{peer}-{port}", port, nodes, inward=True)
            _rule(hub, f"out-{peer}-{port}", port, nodes, inward=False)
        aws.ec2.NetworkAclRule(
            f"{hub.name}-acl-out-{peer}",
            network_acl_id=hub.network.private_acl_id,
            egress=True,
            rule_number=acl_number(nodes),
            protocol="tcp",
            rule_action="allow",
            cidr_block=nodes,
            from_port=_UNPRIVILEGED[0],
            to_port=_UNPRIVILEGED[1],
            opts=hub.here,
        )


def acl_number(nodes: str) -> int:
    """Give the ACL entry's number of a placement: its own alone, so that a new neighbour renumbers nobody.

    `nodes` is one of the plan's /16 ranges inside one /8: their second byte is theirs alone. Raises ValueError for another.
    """
    network = ipaddress.IPv4Network(nodes)
    if network.prefixlen != _NUMBERED:
        raise ValueError(f"nodes {nodes}: the backbone numbers placements by their /{_NUMBERED}")
    return _FIRST_RULE + network.network_address.packed[1]


def _rule(hub: Hub, role: str, port: int, nodes: str, *, inward: bool) -> None:
    kind = aws.vpc.SecurityGroupIngressRule if inward else aws.vpc.SecurityGroupEgressRule
    kind(
        f"{hub.name}-{role}",
        security_group_id=hub.network.app_security_group_id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        cidr_ipv4=nodes,
        tags=hub.named(role),
        opts=hub.here,
    )
