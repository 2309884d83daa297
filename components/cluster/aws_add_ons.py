"""The EKS add-ons of a cluster (CLU-4, SEC-1).

Guarantees that pods take addresses from the pods' range and never from the nodes', that network policies are enforced,
and that add-ons get their AWS rights through pod identity. Versions are pinned where the caller pins them; elsewhere EKS
takes its default for the cluster's Kubernetes version, and nothing is looked up while a plan is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi
import pulumi_aws as aws

from components.cluster.aws_roles import GuardedRole
from components.network.aws import AwsNetwork

COREDNS_MIN: Final = 2


class AddOn(StrEnum):
    """The add-ons, by EKS's own names."""

    VPC_CNI = "vpc-cni"
    KUBE_PROXY = "kube-proxy"
    POD_IDENTITY = "eks-pod-identity-agent"
    NODE_MONITORING = "eks-node-monitoring-agent"
    COREDNS = "coredns"
    EBS_CSI = "aws-ebs-csi-driver"


@dataclass(frozen=True, kw_only=True)
class AddOns:
    """Makes the add-ons of one cluster; `name` and `parent` are the component's."""

    name: str
    cluster: aws.eks.Cluster
    versions: Mapping[AddOn, str]
    tags: Mapping[str, str]
    parent: pulumi.Resource

    def before_nodes(
        self, network: AwsNetwork, role: GuardedRole, security_groups: Sequence[pulumi.Input[str]]
    ) -> list[aws.eks.Addon]:
        """Give what a node needs from its first second: they run on every node, and are ready with none."""
        identity = self._make(AddOn.POD_IDENTITY)
        cni = self._make(
            AddOn.VPC_CNI,
            configuration=_network_configuration(network, security_groups),
            identity=(role, "aws-node"),
            depends_on=[identity],
        )
        return [identity, cni, self._make(AddOn.KUBE_PROXY), self._make(AddOn.NODE_MONITORING)]

    def after_nodes(self, role: GuardedRole, nodes: Sequence[pulumi.Resource]) -> list[aws.eks.Addon]:
        """Give what has to be scheduled somewhere before it is ready."""
        scaled = {"autoScaling": {"enabled": True, "minReplicas": COREDNS_MIN, "maxReplicas": 10}}
        return [
            self._make(AddOn.COREDNS, configuration=json.dumps(scaled, sort_keys=True), depends_on=nodes),
            self._make(AddOn.EBS_CSI, identity=(role, "ebs-csi-controller-sa"), depends_on=nodes),
        ]

    def _make(
        self,
        add_on: AddOn,
        *,
        configuration: pulumi.Input[str] | None = None,
        identity: tuple[GuardedRole, str] | None = None,
        depends_on: Sequence[pulumi.Resource] = (),
    ) -> aws.eks.Addon:
        associations = None
        guards: tuple[pulumi.Resource, ...] = ()
        if identity is not None:
            role, service_account = identity
            guards = role.guards
            associations = [aws.eks.AddonPodIdentityAssociationArgs(role_arn=role.role.arn, service_account=service_account)]
        return aws.eks.Addon(
            f"{self.name}-{add_on}",
            cluster_name=self.cluster.name,
            addon_name=str(add_on),
            addon_version=self.versions.get(add_on),
            configuration_values=configuration,
            pod_identity_associations=associations,
            # The program is the owner: what somebody changed by hand inside an add-on is put right.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            preserve=False,
            tags={**self.tags, "Name": f"{self.name}-{add_on}"},
            opts=pulumi.ResourceOptions(parent=self.parent, depends_on=[*guards, *depends_on]),
        )


def _network_configuration(network: AwsNetwork, security_groups: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    """Give the VPC CNI's settings: one ENIConfig a zone, named as the zone, which nodes pick by their zone label."""
    subnets = {
        zone: {"id": subnet_id, "securityGroups": list(security_groups)}
        for zone, subnet_id in sorted(network.pod_subnet_ids.items())
    }
    return pulumi.Output.json_dumps(
        {
            "enableNetworkPolicy": "true",
            "env": {
                "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
                # Source addresses stay the pods' own inside the VPC; NAT gateways translate on the way out.
                "AWS_VPC_K8S_CNI_EXTERNALSNAT": "true",
                "ENABLE_PREFIX_DELEGATION": "true",
                "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
                "WARM_PREFIX_TARGET": "1",
            },
            "eniConfig": {"create": True, "region": network.region, "subnets": subnets},
        },
        sort_keys=True,
    )
